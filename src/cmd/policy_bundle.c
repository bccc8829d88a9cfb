/* See policy_bundle.h. */
#include "cmd/policy_bundle.h"

#include "circle/enact.h"
#include "integrity/policy/policy_read.h"

#include <sys/mman.h>
#include <unistd.h>

static bool write_bundle(const struct policy_source *files, size_t n, int fd)
{
	bool good = true;
	for (size_t i = 0; good && i < n; i++) {
		good = dprintf(fd, "%zu %.*s\n", files[i].text.n, STR_ARG(files[i].file)) > 0;
		for (size_t at = 0; good && at < files[i].text.n;) {
			ssize_t wrote = write(fd, files[i].text.p + at, files[i].text.n - at);
			good = wrote > 0;
			at += good ? (size_t)wrote : 0;
		}
	}
	return good;
}

int policy_bundle_make(const char *path, struct arena *mem)
{
	const struct policy_source *files = NULL;
	struct policy_fault fault = { .line = 0 };
	size_t n = 0;
	err e = policy_read(path, mem, &files, &n, &fault);
	if (failed(e) && fault.rendered.n)
		fprintf(stderr, "%.*s", STR_ARG(fault.rendered));
	else if (failed(e))
		fprintf(stderr, "kith: %s: %s\n", path, e.why);
	if (failed(e))
		return -1;
	int fd = memfd_create("policy", MFD_CLOEXEC);
	if (fd >= 0 && write_bundle(files, n, fd))
		return fd;
	fprintf(stderr, "kith: no memory for the policy\n");
	if (fd >= 0)
		close(fd);
	return -1;
}

err policy_bundle_read(struct shell *sh, str *out)
{
	char *bytes = arena_alloc(sh->mem, ENACT_SOURCE_MAX_BYTES + 1);
	size_t n = 0;
	for (ssize_t got = 1; got > 0 && n <= ENACT_SOURCE_MAX_BYTES;
	     n += got > 0 ? (size_t)got : 0)
		got = read(sh->in, bytes + n, ENACT_SOURCE_MAX_BYTES + 1 - n);
	*out = (str){ bytes, n };
	return n > ENACT_SOURCE_MAX_BYTES ? err_limit("policy", "the policy is over 4 MiB") : OK;
}
