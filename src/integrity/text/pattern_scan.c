#include "integrity/text/pattern_scan.h"

#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <hs/hs.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Room to work in is taken by exchange and put back the same way; more threads than slots make their own. */
#define SLOTS 32

struct pattern_scan {
	hs_database_t *database;
	hs_scratch_t *first; /* the others are made after it */
	_Atomic(hs_scratch_t *) slots[SLOTS];
};

static _Thread_local char why_text[256];

static err compile(const struct pattern_list *list, struct pattern_scan *s)
{
	unsigned *flags = calloc(list->n, sizeof *flags), *ids = calloc(list->n, sizeof *ids);
	hs_compile_error_t *error = NULL;
	hs_error_t result = HS_NOMEM;
	for (size_t i = 0; flags && ids && i < list->n; i++) {
		flags[i] = list->lengths ? 0 : HS_FLAG_UTF8 | HS_FLAG_DOTALL;
		ids[i] = (unsigned)i;
	}
	if (flags && ids && list->lengths)
		result = hs_compile_lit_multi(list->texts, flags, ids, list->lengths,
		                              (unsigned)list->n, HS_MODE_BLOCK, NULL, &s->database,
		                              &error);
	else if (flags && ids)
		result = hs_compile_multi(list->texts, flags, ids, (unsigned)list->n, HS_MODE_BLOCK,
		                          NULL, &s->database, &error);
	free(flags);
	free(ids);
	if (result == HS_SUCCESS)
		return OK;
	snprintf(why_text, sizeof why_text, "pattern %d: %.200s", error ? error->expression : -1,
	         error ? error->message : "no memory");
	hs_free_compile_error(error);
	return err_input("policy", why_text);
}

/* Folder/kind-name-hash.hs: the hash is of the patterns and of Hyperscan's version, the database itself knows its processor. */
static void cache_path(const struct pattern_list *list, const char *cache, char *path, size_t size)
{
	XXH64_hash_t h = XXH3_64bits(hs_version(), strlen(hs_version()));
	for (size_t i = 0; i < list->n; i++)
		h = XXH3_64bits_withSeed(list->texts[i],
		                         list->lengths ? list->lengths[i] : strlen(list->texts[i]),
		                         h);
	snprintf(path, size, "%s/%s-%.*s-%016llx.hs", cache, list->kind, STR_ARG(list->name),
	         (unsigned long long)h);
}

#define SEALED_BYTES 8 /* of the hash before the database: a torn file is no database */

static bool load(const char *path, struct pattern_scan *s)
{
	str map;
	uint64_t sealed;
	if (failed(file_map(path, &map)))
		return false;
	bool good = map.n > SEALED_BYTES;
	if (good) {
		memcpy(&sealed, map.p, SEALED_BYTES);
		good = sealed == XXH3_64bits(map.p + SEALED_BYTES, map.n - SEALED_BYTES) &&
		       hs_deserialize_database(map.p + SEALED_BYTES, map.n - SEALED_BYTES,
		                               &s->database) == HS_SUCCESS;
	}
	file_unmap(&map);
	return good;
}

/* Each version of a policy leaves a database behind: of one kind the CACHE_MAX made last stay. */
#define CACHE_MAX 8
static void prune(const char *cache, const char *kind)
{
	struct dirent *entry;
	for (;;) {
		char oldest[512] = "";
		time_t at = 0;
		size_t n = 0;
		DIR *folder = opendir(cache);
		while (folder && (entry = readdir(folder))) {
			struct stat s;
			size_t length = strlen(kind);
			if (strncmp(entry->d_name, kind, length) != 0 ||
			    entry->d_name[length] != '-' ||
			    fstatat(dirfd(folder), entry->d_name, &s, 0) != 0)
				continue;
			if (n++ == 0 || s.st_mtime < at) {
				at = s.st_mtime;
				snprintf(oldest, sizeof oldest, "%s", entry->d_name);
			}
		}
		bool gone = folder && n > CACHE_MAX && unlinkat(dirfd(folder), oldest, 0) == 0;
		if (folder)
			closedir(folder);
		if (!gone)
			return;
	}
}

/* Failing to keep it costs time at the next start and nothing else. */
static void keep(const char *path, const struct pattern_scan *s)
{
	char *bytes = NULL, beside[4096];
	size_t n = 0;
	if (hs_serialize_database(s->database, &bytes, &n) != HS_SUCCESS)
		return;
	uint64_t sealed = XXH3_64bits(bytes, n);
	int length = snprintf(beside, sizeof beside, "%s.%d", path, (int)getpid());
	FILE *f = length > 0 && (size_t)length < sizeof beside ? fopen(beside, "wxe") : NULL;
	if (f) {
		bool whole = fwrite(&sealed, SEALED_BYTES, 1, f) == 1 &&
		             fwrite(bytes, n, 1, f) == 1;
		whole = fclose(f) == 0 && whole;
		if (!whole || rename(beside, path) != 0)
			unlink(beside);
	}
	free(bytes);
}

err pattern_scan_new(const struct pattern_list *list, const char *cache, struct pattern_scan **out)
{
	struct pattern_scan *s = calloc(1, sizeof *s);
	char path[4000] = "";
	err e = OK;
	if (!s)
		return err_system("no memory for patterns");
	if (cache)
		cache_path(list, cache, path, sizeof path);
	if (!cache || !load(path, s)) {
		TRY(compile(list, s));
		if (cache) {
			keep(path, s);
			prune(cache, list->kind);
		}
	}
	if (hs_alloc_scratch(s->database, &s->first) != HS_SUCCESS)
		TRY(err_system("no memory to look for patterns"));
	*out = s;
	s = NULL;
out:
	pattern_scan_free(s);
	return e;
}

void pattern_scan_free(struct pattern_scan *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		hs_free_scratch(atomic_load(&s->slots[i]));
	hs_free_scratch(s->first);
	hs_free_database(s->database);
	free(s);
}

static hs_scratch_t *take(const struct pattern_scan *scan)
{
	/* Only the slots change, and they are atomic: for its users a scan is immutable. */
	struct pattern_scan *s = (struct pattern_scan *)(uintptr_t)scan;
	hs_scratch_t *scratch = NULL;
	for (size_t i = 0; i < SLOTS; i++) {
		if (atomic_load_explicit(&s->slots[i], memory_order_relaxed) &&
		    (scratch = atomic_exchange(&s->slots[i], NULL)))
			return scratch;
	}
	if (hs_clone_scratch(s->first, &scratch) != HS_SUCCESS)
		abort(); /* as every allocation while a request runs */
	return scratch;
}

static void put_back(const struct pattern_scan *scan, hs_scratch_t *scratch)
{
	struct pattern_scan *s = (struct pattern_scan *)(uintptr_t)scan;
	for (size_t i = 0; i < SLOTS; i++) {
		hs_scratch_t *none = NULL;
		if (!atomic_load_explicit(&s->slots[i], memory_order_relaxed) &&
		    atomic_compare_exchange_strong(&s->slots[i], &none, scratch))
			return;
	}
	hs_free_scratch(scratch);
}

struct listener {
	void (*found)(void *ctx, unsigned pattern, uint32_t end);
	void *ctx;
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *ctx)
{
	const struct listener *l = ctx;
	(void)from, (void)flags;
	l->found(l->ctx, id, (uint32_t)to);
	return 0;
}

void pattern_scan_run(const struct pattern_scan *scan, str bytes,
                      void (*found)(void *ctx, unsigned pattern, uint32_t end), void *ctx)
{
	struct listener l = { found, ctx };
	hs_scratch_t *scratch = take(scan);
	if (hs_scan(scan->database, bytes.p, (unsigned)bytes.n, 0, scratch, on_match, &l) !=
	    HS_SUCCESS)
		abort(); /* a valid database and scratch of its own: only a fault of ours ends here */
	put_back(scan, scratch);
}

size_t pattern_scan_bytes(const struct pattern_scan *scan)
{
	size_t database = 0, scratch = 0;
	hs_database_size(scan->database, &database);
	hs_scratch_size(scan->first, &scratch);
	return database + 2 * scratch;
}
