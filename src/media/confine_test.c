/* Each wall of the darkroom, tried from inside: a row is a process that confines itself, tries one thing, and must not get it. */
#include "media/confine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What a row may find open. */
static struct {
	char path[64];     /* a file that can be read and written by everybody */
	char new_path[64]; /* none yet */
	int file, folder;  /* descriptors of the file and of its folder */
	int wire[2];       /* a pair of sockets */
	pid_t parent;
} scene;

/* ---- what is tried: true when it was had ---- */

static bool opens_a_file(void) { return open(scene.path, O_RDONLY) >= 0; }
static bool opens_the_old_way(void) { return syscall(SYS_open, scene.path, O_RDONLY) >= 0; }
static bool opens_beside_a_folder(void) { return openat(scene.folder, "file", O_RDONLY) >= 0; }
static bool makes_a_file(void) { return open(scene.new_path, O_CREAT | O_WRONLY, 0600) >= 0; }
static bool opens_itself(void) { return open("/proc/self/mem", O_RDWR) >= 0; }
static bool looks_at_a_file(void)
{
	struct stat st;
	return stat(scene.path, &st) == 0;
}
static bool removes_a_file(void) { return unlink(scene.path) == 0; }
static bool renames_a_file(void) { return rename(scene.path, scene.new_path) == 0; }
static bool makes_a_folder(void) { return mkdir(scene.new_path, 0700) == 0; }
static bool makes_a_link(void) { return symlink("/etc", scene.new_path) == 0; }
static bool changes_a_mode(void) { return fchmod(scene.file, 0777) == 0; }
static bool truncates_by_name(void) { return truncate(scene.path, 0) == 0; }
static bool writes_past_its_limit(void) { return pwrite(scene.file, "x", 1, 1 << 20) == 1; }

static bool connects_by_ip(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		                  .sin_port = htons(80),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return fd >= 0 &&
	       (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == ECONNREFUSED);
}
static bool makes_a_socket(void) { return socket(AF_INET, SOCK_DGRAM, 0) >= 0; }
static bool makes_a_unix_socket(void) { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }
static bool makes_a_netlink_socket(void) { return socket(AF_NETLINK, SOCK_RAW, 0) >= 0; }
static bool makes_a_socket_pair(void)
{
	int ends[2];
	return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
}
static bool sends_a_descriptor(void)
{
	struct iovec part = { "x", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	return sendmsg(scene.wire[0], &message, 0) == 1;
}
static bool receives_a_descriptor(void)
{
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	return recvmsg(scene.wire[0], &message, MSG_DONTWAIT) >= 0 || errno == EAGAIN;
}

/* A child that was had must not run the tests on. */
static bool is_child_or_parent(long pid)
{
	if (pid == 0)
		_exit(0);
	return pid > 0;
}
static bool forks(void) { return is_child_or_parent(fork()); }
static bool forks_the_old_way(void) { return is_child_or_parent(syscall(SYS_fork)); }
static bool clones_a_process(void)
{
	return is_child_or_parent(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}
static bool runs_a_program(void)
{
	char *argv[] = { "true", NULL };
	execv("/bin/true", argv); /* had, it exits 0, as a row does that got what it tried */
	return false;
}
static bool runs_a_descriptor(void)
{
	char *argv[] = { "true", NULL };
	syscall(SYS_execveat, scene.file, "", argv, NULL, AT_EMPTY_PATH);
	return false;
}

static bool traces_its_parent(void) { return ptrace(PTRACE_ATTACH, scene.parent, NULL, NULL) == 0; }
static bool asks_to_be_traced(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0; }
static bool reads_its_parent(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &scene, 1 };
	return syscall(SYS_process_vm_readv, scene.parent, &here, 1, &there, 1, 0) == 1;
}
static bool signals_its_parent(void) { return kill(scene.parent, 0) == 0; }
static bool aims_a_signal_at_a_thread(void)
{
	return syscall(SYS_tgkill, scene.parent, scene.parent, 0) == 0;
}

static bool maps_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	       MAP_FAILED;
}
static bool maps_a_file_as_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, scene.file, 0) != MAP_FAILED;
}
static bool turns_data_into_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}
static bool makes_a_memory_file(void) { return memfd_create("x", 0) >= 0; }
static bool copies_a_descriptor(void) { return dup(0) >= 0; }
#ifndef __SANITIZE_ADDRESS__ /* its shadow is more than any limit */
static bool takes_more_memory_than_it_may(void)
{
	return mmap(NULL, (size_t)2 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	            0) != MAP_FAILED;
}
#endif

static bool makes_a_namespace(void) { return unshare(CLONE_NEWUSER) == 0; }
static bool lifts_its_limits(void)
{
	return prlimit(0, RLIMIT_NOFILE, &(struct rlimit){ 64, 64 }, NULL) == 0;
}
static bool gets_dumpable_again(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }
static bool becomes_somebody(void) { return setuid(0) == 0; }
static bool asks_a_device(void)
{
	return syscall(SYS_ioctl, scene.file, 0x5413, &scene) == 0 || errno == ENOTTY;
}
static bool starts_a_ring(void)
{
	char parameters[256] = { 0 };
	return syscall(SYS_io_uring_setup, 4, parameters) >= 0;
}
static bool loads_a_program_into_the_kernel(void)
{
	char attributes[128] = { 0 };
	return syscall(SYS_bpf, 0, attributes, sizeof attributes) >= 0 || errno == EINVAL;
}
static bool uses_a_call_of_32_bits(void)
{
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory"); /* getpid */
	return result > 0;
}
static bool reckons_without_end(void)
{
	for (volatile unsigned long i = 1; i > 0; i++)
		;
	return false;
}

static const struct wall {
	const char *name;
	bool (*had)(void);
	bool free; /* had by everybody who is not confined: the row would notice a missing wall */
} walls[] = {
	{ "open a file", opens_a_file, true },
	{ "open a file by open(2)", opens_the_old_way, true },
	{ "open a file beside an open folder", opens_beside_a_folder, true },
	{ "make a file", makes_a_file, true },
	{ "open its own memory", opens_itself, false },
	{ "look at a file", looks_at_a_file, true },
	{ "remove a file", removes_a_file, true },
	{ "rename a file", renames_a_file, true },
	{ "make a folder", makes_a_folder, true },
	{ "make a link", makes_a_link, true },
	{ "change the mode of an open file", changes_a_mode, true },
	{ "truncate a file by its name", truncates_by_name, true },
	{ "write past its limit", writes_past_its_limit, false },
	{ "connect by TCP", connects_by_ip, true },
	{ "make a socket", makes_a_socket, true },
	{ "make a unix socket", makes_a_unix_socket, true },
	{ "make a netlink socket", makes_a_netlink_socket, false },
	{ "make a pair of sockets", makes_a_socket_pair, true },
	{ "send through an open socket", sends_a_descriptor, true },
	{ "receive a descriptor", receives_a_descriptor, true },
	{ "fork", forks, true },
	{ "fork by fork(2)", forks_the_old_way, true },
	{ "clone a process", clones_a_process, true },
	{ "run a program", runs_a_program, true },
	{ "run an open file", runs_a_descriptor, false },
	{ "trace its parent", traces_its_parent, false },
	{ "ask to be traced", asks_to_be_traced, false },
	{ "read its parent's memory", reads_its_parent, false },
	{ "signal its parent", signals_its_parent, true },
	{ "signal a thread of its parent", aims_a_signal_at_a_thread, false },
	{ "map code", maps_code, true },
	{ "map a file as code", maps_a_file_as_code, true },
	{ "turn data into code", turns_data_into_code, true },
	{ "make a memory file", makes_a_memory_file, true },
	{ "copy a descriptor", copies_a_descriptor, true },
#ifndef __SANITIZE_ADDRESS__
	{ "take more memory than it may", takes_more_memory_than_it_may, false },
#endif
	{ "make a namespace", makes_a_namespace, false },
	{ "lift its limits", lifts_its_limits, false },
	{ "be dumpable again", gets_dumpable_again, true },
	{ "become root", becomes_somebody, false },
	{ "ask a device", asks_a_device, true },
	{ "start an io_uring", starts_a_ring, false },
	{ "load a BPF program", loads_a_program_into_the_kernel, false },
	{ "use a call of 32 bits", uses_a_call_of_32_bits, false },
	{ "reckon without end", reckons_without_end, false },
};

/* ---- a row is run ---- */

#define HAD 0
#define REFUSED 42
#define NOT_CONFINED 43

enum how { FREE, FILES_ALONE, CONFINED };

static void try_in_child(const struct wall *wall, enum how how)
{
	static const struct confine_limits limits = { .cpu_s = 1,
		                                      .file_bytes = 4096,
		                                      .data_bytes = (size_t)1 << 30 };
	(void)signal(SIGSEGV, SIG_DFL); /* else the test's own handler speaks for the child */
	if (how == CONFINED && confine(&limits) != STEP_NONE)
		_exit(NOT_CONFINED);
	if (how == FILES_ALONE && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !confine_files()))
		_exit(NOT_CONFINED);
	_exit(wall->had() ? HAD : REFUSED);
}

static int status_of(const struct wall *wall, enum how how)
{
	int status = 0;
	scene.parent = getpid();
	pid_t child = fork();
	if (child == 0)
		try_in_child(wall, how);
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static bool is_refused(int status)
{
	static const int ends[] = { SIGSYS, SIGXCPU, SIGXFSZ,
		                    SIGSEGV /* a call of 32 bits where the kernel has none */ };
	for (size_t i = 0; WIFSIGNALED(status) && i < sizeof ends / sizeof ends[0]; i++)
		if (WTERMSIG(status) == ends[i])
			return true;
	return WIFEXITED(status) && WEXITSTATUS(status) == REFUSED;
}

static void it_is_refused(void **state)
{
	int status = status_of(*state, CONFINED);
	if (!is_refused(status))
		print_error("status %x\n", (unsigned)status);
	assert_true(is_refused(status));
}

static void it_is_had_without_walls(void **state)
{
	int status = status_of(*state, FREE);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == HAD);
}

/* The walls stand one behind the other: Landlock holds where a hole in the filter would let a call pass. */
static void files_are_shut_without_the_filter(void **state)
{
	static const char *const names[] = { "open a file",   "make a file",
		                             "remove a file", "make a folder",
		                             "make a link",   "open a file beside an open folder" };
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (size_t w = 0; w < sizeof walls / sizeof walls[0]; w++)
			if (strcmp(walls[w].name, names[i]) == 0) {
				int status = status_of(&walls[w], FILES_ALONE);
				assert_true(WIFEXITED(status) && WEXITSTATUS(status) == REFUSED);
			}
}

/* ---- what a decoder needs is left ---- */

static void *add_one(void *number)
{
	++*(int *)number;
	return NULL;
}

static bool works(void)
{
	char bytes[4];
	int number = 1;
	pthread_t thread;
	void *large = malloc((size_t)64 << 20);
	if (!large || pthread_create(&thread, NULL, add_one, &number) != 0)
		return false;
	memset(large, 1, (size_t)64 << 20);
	pthread_join(thread, NULL);
	free(large);
	return number == 2 && pread(scene.file, bytes, sizeof bytes, 0) == sizeof bytes &&
	       write(scene.file, "more", 4) == 4;
}

static void a_decoder_can_work(void **state)
{
	(void)state;
	int status = status_of(&(struct wall){ "work", works, true }, CONFINED);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == HAD);
}

/* How a trial ends, and whether it bore witness. */
static int try_trial(bool confined, bool *witness)
{
	static const struct confine_limits limits = { .cpu_s = 1,
		                                      .file_bytes = 4096,
		                                      .data_bytes = (size_t)1 << 30 };
	int ends[2], status = 0;
	char byte;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		if (confined && confine(&limits) != STEP_NONE)
			_exit(NOT_CONFINED);
		confine_try(ends[1]);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	*witness = read(ends[0], &byte, 1) == 1;
	close(ends[0]);
	return status;
}

static void a_trial_bears_witness_and_dies_of_the_walls(void **state)
{
	bool witness;
	(void)state;
	int status = try_trial(true, &witness);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	assert_true(witness);
}

static void a_trial_without_walls_says_so(void **state)
{
	bool witness;
	(void)state;
	int status = try_trial(false, &witness);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == STEP_PROOF);
	assert_false(witness);
}

static void set_scene(const char *folder)
{
	snprintf(scene.path, sizeof scene.path, "%s/file", folder);
	snprintf(scene.new_path, sizeof scene.new_path, "%s/new", folder);
	scene.file = open(scene.path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	scene.folder = open(folder, O_RDONLY | O_DIRECTORY);
	if (scene.file < 0 || scene.folder < 0 || write(scene.file, "some", 4) != 4 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, scene.wire) != 0)
		abort();
}

/* A row that was had has used up what it tried. */
static int reset_scene(void **state)
{
	(void)state;
	unlink(scene.new_path);
	rmdir(scene.new_path);
	close(scene.file);
	scene.file = open(scene.path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	return scene.file >= 0 && write(scene.file, "some", 4) == 4 ? 0 : -1;
}

#define WALLS (sizeof walls / sizeof walls[0])

int main(void)
{
	char folder[] = "/tmp/kith-walls-XXXXXX";
	static struct CMUnitTest tests[2 * WALLS + 8];
	static char names[2 * WALLS][80];
	size_t n = 0;
	if (!mkdtemp(folder))
		return 1;
	set_scene(folder);
	for (size_t i = 0; i < WALLS; i++) {
		snprintf(names[n], sizeof names[n], "one cannot %s", walls[i].name);
		tests[n] = (struct CMUnitTest){ names[n], it_is_refused, reset_scene, NULL,
			                        (void *)(uintptr_t)&walls[i] };
		n++;
		if (!walls[i].free)
			continue;
		snprintf(names[n], sizeof names[n], "without walls one can %s", walls[i].name);
		tests[n] = (struct CMUnitTest){ names[n], it_is_had_without_walls, reset_scene,
			                        NULL, (void *)(uintptr_t)&walls[i] };
		n++;
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
		files_are_shut_without_the_filter, reset_scene, NULL);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(a_decoder_can_work,
	                                                                reset_scene, NULL);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(
		a_trial_bears_witness_and_dies_of_the_walls);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_trial_without_walls_says_so);
	/* Not the macro: the length of the array is not the number of tests. */
	int failures = _cmocka_run_group_tests("confine", tests, n, NULL, NULL);
	unlink(scene.path);
	unlink(scene.new_path);
	rmdir(scene.new_path);
	rmdir(folder);
	return failures;
}
