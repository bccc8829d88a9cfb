/* See listen.h. */
#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static err open_socket(int family, int *fd)
{
	*fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return *fd < 0 ? err_system("no socket could be made") : OK;
}

static err bind_failed(void)
{
	if (errno == EADDRINUSE)
		return err_conflict("listen", "the address is taken");
	if (errno == EADDRNOTAVAIL)
		return err_input("listen", "this machine has no such address");
	return err_system("the address could not be bound");
}

/* A socket file that answers belongs to a running server; one that does not was left by a crash. */
static bool is_abandoned(const struct sockaddr_un *at)
{
	struct stat st;
	if (lstat(at->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool refused = fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof(*at)) != 0 &&
	               errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return refused;
}

static err check_path(const char *path)
{
	if (strlen(path) == 0 || strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return err_input("listen", "the socket's path is empty or too long");
	return OK;
}

static err open_unix(const char *path, unsigned mode, struct listener *out)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	err e;
	TRY(check_path(path));
	strcpy(at.sun_path, path);
	if (is_abandoned(&at))
		(void)unlink(path); /* if that fails, bind says so */
	TRY(open_socket(AF_UNIX, &out->fd));
	/* Before bind too, so that there is no moment with a wider mode; after it, to undo the
	 * umask. */
	(void)fchmod(out->fd, mode);
	if (bind(out->fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		TRY(bind_failed());
	if (chmod(path, mode) != 0)
		TRY(err_system("the socket's mode could not be set"));
	snprintf(out->address, sizeof(out->address), "unix:%s", path);
	out->is_unix = true;
out:
	return e;
}

static err parse_address(const char *where, struct sockaddr_storage *at, socklen_t *n)
{
	char host[INET6_ADDRSTRLEN];
	int64_t port;
	const char *colon = strrchr(where, ':');
	size_t host_n = colon ? (size_t)(colon - where) : 0;
	bool six = host_n > 2 && where[0] == '[' && where[host_n - 1] == ']';
	if (!colon || host_n == 0 || host_n >= sizeof(host) ||
	    !str_to_i64(str_of(colon + 1), &port) || port < 0 || port > 65535)
		return err_input("listen",
		                 "the address must be ADDR:PORT, [ADDR]:PORT or unix:PATH");
	memcpy(host, where + six, host_n - 2 * six);
	host[host_n - 2 * six] = 0;

	struct sockaddr_in *v4 = (struct sockaddr_in *)at;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)at;
	memset(at, 0, sizeof(*at));
	at->ss_family = six ? AF_INET6 : AF_INET;
	if (six)
		v6->sin6_port = htons((uint16_t)port);
	else
		v4->sin_port = htons((uint16_t)port);
	*n = six ? sizeof(*v6) : sizeof(*v4);
	if (inet_pton(at->ss_family, host, six ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr) !=
	    1)
		return err_input("listen", "the address must be numeric");
	return OK;
}

static void print_address(int fd, struct listener *out)
{
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);
	char host[INET6_ADDRSTRLEN] = "";
	if (getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		return;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&at;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&at;
	bool six = at.ss_family == AF_INET6;
	inet_ntop(at.ss_family, six ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr,
	          host, sizeof(host));
	snprintf(out->address, sizeof(out->address), six ? "[%s]:%u" : "%s:%u", host,
	         ntohs(six ? v6->sin6_port : v4->sin_port));
}

static err open_inet(const char *where, struct listener *out)
{
	struct sockaddr_storage at;
	socklen_t n;
	int on = 1;
	err e;
	TRY(parse_address(where, &at, &n));
	TRY(open_socket(at.ss_family, &out->fd));
	/* A restart must not wait for the last run's connections to time out. */
	(void)setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(out->fd, (struct sockaddr *)&at, n) != 0)
		TRY(bind_failed());
	print_address(out->fd, out);
out:
	return e;
}

err listen_open(const char *where, unsigned unix_mode, struct listener *out)
{
	err e;
	*out = (struct listener){ .fd = -1 };
	if (strncmp(where, "unix:", 5) == 0)
		TRY(open_unix(where + 5, unix_mode, out));
	else
		TRY(open_inet(where, out));
	if (listen(out->fd, SOMAXCONN) != 0)
		TRY(bind_failed());
out:
	if (failed(e) && out->fd >= 0) {
		close(out->fd);
		listen_forget(out);
	}
	return e;
}

err listen_check(const char *where)
{
	struct sockaddr_storage at;
	socklen_t n;
	return strncmp(where, "unix:", 5) == 0 ? check_path(where + 5)
	                                       : parse_address(where, &at, &n);
}

void listen_forget(const struct listener *listener)
{
	if (listener->is_unix)
		(void)unlink(listener->address + strlen("unix:"));
}
