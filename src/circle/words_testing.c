#include "circle/words_testing.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_BYTES 1024

static bool is_words(const char *name)
{
	size_t n = strlen(name);
	return strncmp(name, "words-", 6) == 0 && n > 9 && strcmp(name + n - 3, ".hs") == 0;
}

static void each_words(const char *folder,
                       void (*each)(const char *from, const char *folder, const char *name),
                       const char *to)
{
	DIR *dir = opendir(folder);
	for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
		if (is_words(entry->d_name))
			each(folder, to, entry->d_name);
	if (dir != NULL)
		closedir(dir);
}

static void link_to(const char *from, const char *folder, const char *name)
{
	char kept[PATH_MAX_BYTES], here[PATH_MAX_BYTES];
	snprintf(kept, sizeof kept, "%s/%s", from, name);
	snprintf(here, sizeof here, "%s/%s", folder, name);
	(void)!symlink(kept, here);
}

static bool copy(FILE *from, FILE *to)
{
	char bytes[65536];
	size_t n;
	while ((n = fread(bytes, 1, sizeof bytes, from)) > 0)
		if (fwrite(bytes, 1, n, to) != n)
			return false;
	return !ferror(from);
}

/* Under a name of its own first: others read at the same time. */
static void keep_one(const char *from, const char *folder, const char *name)
{
	char here[PATH_MAX_BYTES], kept[PATH_MAX_BYTES], beside[PATH_MAX_BYTES + 16];
	struct stat st;
	snprintf(here, sizeof here, "%s/%s", from, name);
	snprintf(kept, sizeof kept, "%s/%s", folder, name);
	snprintf(beside, sizeof beside, "%s.%d", kept, (int)getpid());
	if (lstat(here, &st) != 0 || !S_ISREG(st.st_mode) || access(kept, F_OK) == 0)
		return;
	FILE *in = fopen(here, "re"), *out = fopen(beside, "wxe");
	bool whole = in != NULL && out != NULL && copy(in, out);
	if (in != NULL)
		fclose(in);
	if (out != NULL)
		whole = fclose(out) == 0 && whole;
	if (!whole || rename(beside, kept) != 0)
		unlink(beside);
}

static const char *kept_in(void)
{
	const char *kept = getenv("KITH_TEST_WORDS");
	return kept != NULL && *kept != 0 ? kept : NULL;
}

void words_bring(const char *folder)
{
	const char *kept = kept_in();
	if (kept != NULL)
		each_words(kept, link_to, folder);
}

void words_keep(const char *folder)
{
	const char *kept = kept_in();
	if (kept == NULL)
		return;
	(void)mkdir(kept, 0700);
	each_words(folder, keep_one, kept);
}
