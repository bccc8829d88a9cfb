/* replay_main.c - runs a fuzz target over every file of the folders given, as one TAP test a file.
 *
 * The twin of libFuzzer's own main: a crash found once stays in tests/corpus/<thing>/ and is tried for good. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t n = 0, cap = 0;
	while (f && !feof(f) && !ferror(f)) {
		if (n == cap) {
			cap = cap ? cap * 2 : 65536;
			bytes = realloc(bytes, cap);
			if (!bytes)
				abort();
		}
		n += fread(bytes + n, 1, cap - n, f);
	}
	if (!f || ferror(f)) {
		perror(path);
		exit(1);
	}
	fclose(f);
	/* An exact copy, so that one byte read too far is seen by the sanitizer. */
	uint8_t *exact = malloc(n ? n : 1);
	if (!exact)
		abort();
	if (n)
		memcpy(exact, bytes, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	free(bytes);
}

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

int main(int argc, char **argv)
{
	int done = 0;
	for (int i = 1; i < argc; i++) {
		struct dirent **list = NULL;
		int count = scandir(argv[i], &list, visible, alphasort);
		if (count < 0) {
			perror(argv[i]);
			return 1;
		}
		for (int k = 0; k < count; k++) {
			char path[4096];
			snprintf(path, sizeof path, "%s/%s", argv[i], list[k]->d_name);
			replay_file(path);
			/* printed after the run: if it crashes, TAP misses this line and its plan */
			printf("ok %d - %s\n", ++done, list[k]->d_name);
			fflush(stdout);
			free(list[k]);
		}
		free(list);
	}
	printf("1..%d\n", done);
	return done ? 0 : 1;
}
