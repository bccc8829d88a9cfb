#include "media/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- Landlock, in words of our own: the headers know fewer versions than the kernel ---- */

struct landlock_handled {
	uint64_t fs;     /* version 1 */
	uint64_t net;    /* 4 */
	uint64_t scoped; /* 6 */
};
#define LANDLOCK_VERSION_FLAG 1U
#define LANDLOCK_FS_1 ((UINT64_C(1) << 13) - 1)  /* execute .. make symlink */
#define LANDLOCK_FS_REFER (UINT64_C(1) << 13)    /* 2 */
#define LANDLOCK_FS_TRUNCATE (UINT64_C(1) << 14) /* 3 */
#define LANDLOCK_FS_IOCTL (UINT64_C(1) << 15)    /* 5 */
#define LANDLOCK_NET_TCP UINT64_C(3)             /* 4: bind, connect */
#define LANDLOCK_SCOPED UINT64_C(3)              /* 6: abstract sockets, signals */

/* Everything the kernel's version can forbid, and no rule that allows any of it. */
bool confine_files(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION_FLAG);
	struct landlock_handled all = { LANDLOCK_FS_1, 0, 0 };
	size_t size = sizeof all.fs;
	if (version < 1)
		return false;
	all.fs |= version >= 2 ? LANDLOCK_FS_REFER : 0;
	all.fs |= version >= 3 ? LANDLOCK_FS_TRUNCATE : 0;
	all.fs |= version >= 5 ? LANDLOCK_FS_IOCTL : 0;
	if (version >= 4) {
		all.net = LANDLOCK_NET_TCP;
		size = offsetof(struct landlock_handled, scoped);
	}
	if (version >= 6) {
		all.scoped = LANDLOCK_SCOPED;
		size = sizeof all;
	}
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
	bool done = rules >= 0 && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	if (rules >= 0)
		close(rules);
	return done;
}

/* ---- privileges and limits ---- */

static bool has_capabilities(const struct __user_cap_data_struct caps[2])
{
	bool has = false;
	for (int i = 0; i < 2; i++)
		has = has || caps[i].effective || caps[i].permitted || caps[i].inheritable;
	return has;
}

/* A service that has none to give up may not be let ask for it either: etc/systemd/kith.service. */
static bool drop_capabilities(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct held[2], none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	return syscall(SYS_capget, &head, held) == 0 &&
	       (!has_capabilities(held) || syscall(SYS_capset, &head, none) == 0);
}

static bool drop_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && drop_capabilities();
}

static bool limit(__rlimit_resource_t what, size_t most)
{
	struct rlimit both = { most, most };
	return setrlimit(what, &both) == 0;
}

/* Not RLIMIT_AS, under which libvips aborts, and not RLIMIT_NPROC, which counts threads and other processes of this person: seccomp
 * lets no process be made. */
static bool set_limits(const struct confine_limits *limits)
{
	struct rlimit cpu = {
		limits->cpu_s, limits->cpu_s + 1
	}; /* SIGXCPU, so that the keeper can tell; then SIGKILL */
	bool done = setrlimit(RLIMIT_CPU, &cpu) == 0 && limit(RLIMIT_FSIZE, limits->file_bytes) &&
	            limit(RLIMIT_CORE, 0) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_NOFILE, 0);
#ifndef __SANITIZE_ADDRESS__ /* its shadow is counted as data */
	done = done && limit(RLIMIT_DATA, limits->data_bytes);
#endif
	return done;
}

/* ---- seccomp ---- */

#define CALL(name) SCMP_SYS(name)

static const int allowed[] = {
	/* descriptors it holds */
	CALL(read),
	CALL(write),
	CALL(pread64),
	CALL(pwrite64),
	CALL(lseek),
	CALL(close),
	/* memory: mmap and mprotect are below */
	CALL(munmap),
	CALL(mremap),
	CALL(madvise),
	CALL(brk),
	/* threads: clone is below */
	CALL(futex),
	CALL(set_robust_list),
	CALL(rseq),
	CALL(gettid),
	CALL(sched_yield),
	CALL(sched_getaffinity),
	CALL(membarrier),
	/* signals of its own */
	CALL(rt_sigprocmask),
	CALL(rt_sigaction),
	CALL(rt_sigreturn),
	CALL(sigaltstack),
	CALL(getpid),
	CALL(getppid),
	/* time and chance */
	CALL(clock_gettime),
	CALL(gettimeofday),
	CALL(clock_nanosleep),
	CALL(nanosleep),
	CALL(getrandom),
	/* the end */
	CALL(exit),
	CALL(exit_group),
	CALL(restart_syscall),
};

/* Tried in good faith by libc, glib and libvips; without them they go on. */
static const int refused[] = {
	CALL(open),           CALL(openat),
	CALL(access),         CALL(faccessat),
	CALL(faccessat2),     CALL(stat),
	CALL(lstat),          CALL(newfstatat),
	CALL(statx),          CALL(fstat),
	CALL(readlink),       CALL(readlinkat),
	CALL(getcwd),         CALL(fcntl),
	CALL(ioctl),          CALL(prlimit64),
	CALL(getrlimit),      CALL(sysinfo),
	CALL(uname),          CALL(sched_getattr),
	CALL(sched_setattr),  CALL(sched_getscheduler),
	CALL(sched_getparam), CALL(sched_setscheduler),
	CALL(get_mempolicy),  CALL(prctl),
	CALL(socket),         CALL(eventfd2),
	CALL(memfd_create),
};

static bool allow(scmp_filter_ctx filter)
{
	bool done = true;
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
		done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		done = done && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0) == 0;
	return done;
}

#define ONLY_WITHOUT(argument, bits) SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, bits, 0)
#define ONLY_WITH(argument, bits) SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, bits, bits)

static bool allow_some(scmp_filter_ctx filter)
{
	/* What clone3 is asked lies in memory, where no filter sees it: libc takes clone when there is no clone3. */
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(clone), 1,
	                        ONLY_WITH(0, CLONE_THREAD)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mmap), 1,
	                        ONLY_WITHOUT(2, PROT_EXEC)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mprotect), 1,
	                        ONLY_WITHOUT(2, PROT_EXEC)) == 0 &&
	       /* abort() and pthread_kill, to itself */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(tgkill), 1,
	                        SCMP_CMP(0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0;
}

static bool filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool done = filter && allow(filter) && allow_some(filter) &&
	            seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
	            seccomp_load(filter) == 0;
	seccomp_release(filter);
	return done;
}

enum step confine(const struct confine_limits *limits)
{
	if (!drop_privileges())
		return STEP_PRIVILEGES;
	if (!confine_files()) /* before the limits: it needs a descriptor */
		return STEP_LANDLOCK;
	if (!set_limits(limits))
		return STEP_LIMITS;
	return filter_calls() ? STEP_NONE : STEP_SECCOMP;
}

_Noreturn void confine_try(int witness)
{
	bool open_works = open("/", O_RDONLY | O_DIRECTORY) >= 0;
	bool socket_works = socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
	if (!open_works && !socket_works && write(witness, "", 1) == 1) /* the next one kills */
		(void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	_exit(STEP_PROOF);
}
