#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct place {
	char folder[64], path[128];
	struct arena *mem;
};

static int set_up(void **state)
{
	static struct place place;
	snprintf(place.folder, sizeof place.folder, "/tmp/kith-file-XXXXXX");
	assert_non_null(mkdtemp(place.folder));
	snprintf(place.path, sizeof place.path, "%s/f", place.folder);
	place.mem = arena_new(1024);
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char path[512];
	DIR *dir = opendir(place->folder);
	for (struct dirent *d; (d = readdir(dir));) {
		snprintf(path, sizeof path, "%s/%s", place->folder, d->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(place->folder);
	arena_free(place->mem);
	return 0;
}

static size_t count_entries(const char *folder)
{
	size_t n = 0;
	DIR *dir = opendir(folder);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void what_is_written_is_read(void **state)
{
	struct place *place = *state;
	str bytes;
	assert_false(failed(file_write(place->path, S("first"), 0600)));
	assert_false(failed(file_write(place->path, S("second\0half"), 0640)));
	assert_false(failed(file_read(place->path, 11, place->mem, &bytes)));
	assert_true(str_eq(bytes, S("second\0half")));
	struct stat st;
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(count_entries(place->folder), 1); /* nothing left beside it */
}

static void reading_refuses_too_much_and_names_the_absent(void **state)
{
	struct place *place = *state;
	str bytes;
	assert_int_equal(file_read(place->path, 10, place->mem, &bytes).code, ERR_MISSING);
	assert_false(file_exists(place->path));
	assert_false(failed(file_write(place->path, S("12345678901"), 0600)));
	assert_true(file_exists(place->path));
	assert_int_equal(file_read(place->path, 10, place->mem, &bytes).code, ERR_LIMIT);
	assert_null(bytes.p);
	assert_int_equal(file_read(place->folder, 10, place->mem, &bytes).code, ERR_SYSTEM);
	/* /proc gives no size, so the bound must hold while reading */
	assert_false(failed(file_read("/proc/self/status", 1 << 20, place->mem, &bytes)));
	assert_true(bytes.n > 100);
	assert_int_equal(file_read("/proc/self/status", 10, place->mem, &bytes).code, ERR_LIMIT);
}

static void a_failed_write_leaves_the_old_content(void **state)
{
	struct place *place = *state;
	char below[256];
	assert_false(failed(file_write(place->path, S("old"), 0600)));
	snprintf(below, sizeof below, "%s/x", place->path);
	assert_true(failed(file_write(below, S("new"), 0600)));
	assert_true(failed(file_write(place->folder, S("new"), 0600)));
	str bytes;
	assert_false(failed(file_read(place->path, 10, place->mem, &bytes)));
	assert_true(str_eq(bytes, S("old")));
	assert_int_equal(count_entries(place->folder), 1);
}

static void folders_are_made_with_their_parents(void **state)
{
	struct place *place = *state;
	char deep[256];
	snprintf(deep, sizeof deep, "%s/a//b/c", place->folder);
	assert_false(failed(file_make_folder(deep, 0700)));
	assert_false(failed(file_make_folder(deep, 0700)));
	assert_true(file_exists(deep));
	assert_false(failed(file_write(place->path, S("x"), 0600)));
	assert_true(failed(file_make_folder(place->path, 0700)));
	for (int cut = 0; cut < 3; cut++) {
		rmdir(deep);
		*strrchr(deep, '/') = '\0';
	}
	rmdir(deep);
}

static void beneath_a_folder_nothing_leads_out_of_it(void **state)
{
	struct place *place = *state;
	char path[256];
	int folder = open(place->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	str map;
	assert_true(folder >= 0);
	assert_false(failed(file_write(place->path, S("here"), 0600)));
	snprintf(path, sizeof path, "%s/link", place->folder);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	const char *name = strrchr(place->path, '/') + 1;
	int fd = file_open_beneath(folder, name, O_RDONLY, 0);
	assert_true(fd >= 0);
	assert_false(failed(file_map_fd(fd, &map)));
	assert_true(str_eq(map, S("here")));
	file_unmap(&map);
	close(fd);
	static const char *const out[] = {
		"..", "../x", "/etc/hostname", "link", "./../x", "absent"
	};
	for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
		if (file_open_beneath(folder, out[i], O_RDONLY, 0) >= 0)
			fail_msg("%s", out[i]);
	assert_true(failed(file_map_fd(folder, &map)));
	close(folder);
	unlink(path);
}

static void maps_show_the_file(void **state)
{
	struct place *place = *state;
	str map;
	assert_int_equal(file_map(place->path, &map).code, ERR_MISSING);
	assert_false(failed(file_write(place->path, S(""), 0600)));
	assert_false(failed(file_map(place->path, &map)));
	assert_null(map.p);
	file_unmap(&map);
	assert_false(failed(file_write(place->path, S("mapped"), 0600)));
	assert_false(failed(file_map(place->path, &map)));
	assert_true(str_eq(map, S("mapped")));
	file_unmap(&map);
	assert_null(map.p);
	assert_true(failed(file_map(place->folder, &map)));
}

static void put_gzip(const char *path, const char *mode, str bytes)
{
	gzFile f = gzopen(path, mode);
	assert_non_null(f);
	if (bytes.n)
		assert_int_equal(gzwrite(f, bytes.p, (unsigned)bytes.n), bytes.n);
	assert_int_equal(gzclose(f), Z_OK);
}

/* All lines joined by '|', a cut one followed by '~'. */
static str read_lines(struct place *place, size_t line_max, err *closed)
{
	struct line_reader *r;
	str line, all = S("");
	bool cut;
	assert_false(failed(lines_open(place->path, line_max, &r)));
	while (lines_next(r, &line, &cut))
		all = str_format(place->mem, "%.*s%.*s%s|", STR_ARG(all), STR_ARG(line),
		                 cut ? "~" : "");
	*closed = lines_close(&r);
	assert_null(r);
	return all;
}

static void lines_come_one_by_one_plain_or_gzipped(void **state)
{
	struct place *place = *state;
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "nothing", "", "" },
		{ "one line", "abc\n", "abc|" },
		{ "no newline at the end", "a\nb", "a|b|" },
		{ "empty lines", "\n\na\n\n", "||a||" },
		{ "exactly the maximum", "12345678\nx\n", "12345678|x|" },
		{ "one over is cut", "123456789\nx\n", "12345678~|x|" },
		{ "much over is cut once", "1234567890123456789012345\nx", "12345678~|x|" },
		{ "a long last line", "x\n12345678901234567890", "x|12345678~|" },
		{ "the first byte of gzip alone", "\x1f", "\x1f|" },
		{ "nearly gzip", "\x1f\x8c\n", "\x1f\x8c|" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (int gzip = 0; gzip < 2; gzip++) {
			err e;
			if (gzip)
				put_gzip(place->path, "wb", str_of(rows[i].text));
			else
				assert_false(failed(
					file_write(place->path, str_of(rows[i].text), 0600)));
			str got = read_lines(place, 8, &e);
			if (failed(e) || !str_eq(got, str_of(rows[i].want)))
				fail_msg("%s: %.*s", rows[i].name, STR_ARG(got));
		}
	}
}

static void many_lines_of_all_lengths_arrive_whole(void **state)
{
	struct place *place = *state;
	enum { LINES = 3000 };
	char *text = arena_alloc(place->mem, (size_t)LINES * (LINES + 1)), *p = text;
	for (size_t i = 0; i < LINES; i++) {
		memset(p, (int)('a' + i % 26), i);
		p += i;
		*p++ = '\n';
	}
	str all = { text, (size_t)(p - text) };
	for (int gzip = 0; gzip < 2; gzip++) {
		if (gzip) { /* as two joined members */
			put_gzip(place->path, "wb", str_slice(all, 0, all.n / 2));
			put_gzip(place->path, "ab", str_slice(all, all.n / 2, all.n));
		} else {
			assert_false(failed(file_write(place->path, all, 0600)));
		}
		struct line_reader *r;
		str line;
		bool cut;
		size_t n = 0;
		assert_false(failed(lines_open(place->path, LINES, &r)));
		while (lines_next(r, &line, &cut)) {
			assert_false(cut);
			assert_int_equal(line.n, n);
			assert_true(n == 0 || line.p[n - 1] == (char)('a' + n % 26));
			n++;
		}
		assert_false(failed(lines_close(&r)));
		assert_int_equal(n, LINES);
	}
}

static void a_broken_gzip_is_told_at_the_end(void **state)
{
	struct place *place = *state;
	str packed;
	put_gzip(place->path, "wb", S("one\ntwo\nthree\n"));
	assert_false(failed(file_read(place->path, 1000, place->mem, &packed)));
	err e;
	assert_false(failed(file_write(place->path, str_slice(packed, 0, packed.n - 9), 0600)));
	read_lines(place, 100, &e);
	assert_int_equal(e.code, ERR_INPUT);
	char *bent = arena_copy(place->mem, packed.p, packed.n);
	bent[packed.n - 6] ^= 1; /* the checksum */
	assert_false(failed(file_write(place->path, (str){ bent, packed.n }, 0600)));
	assert_true(str_eq(read_lines(place, 100, &e), S("one|two|three|")));
	assert_int_equal(e.code, ERR_INPUT);
}

static void a_line_on_a_pipe_is_not_held_back(void **state)
{
	(void)state;
	int ends[2], saved = dup(STDIN_FILENO);
	assert_int_equal(pipe2(ends, 0), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	struct line_reader *r;
	str line;
	bool cut;
	assert_false(failed(lines_open("-", 100, &r)));
	for (int i = 0; i < 3; i++) { /* would hang here if a full buffer were awaited */
		assert_int_equal(write(ends[1], "\n", 1), 1);
		assert_true(lines_next(r, &line, &cut));
		assert_int_equal(line.n, 0);
	}
	close(ends[1]);
	assert_false(lines_next(r, &line, &cut));
	assert_false(failed(lines_close(&r)));
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
}

static void opening_the_absent_is_missing(void **state)
{
	struct place *place = *state;
	struct line_reader *r;
	assert_int_equal(lines_open(place->path, 10, &r).code, ERR_MISSING);
	assert_false(failed(lines_close(&r)));
	assert_false(failed(lines_open(place->folder, 10, &r)));
	str line;
	bool cut;
	assert_false(lines_next(r, &line, &cut));
	assert_int_equal(lines_close(&r).code, ERR_SYSTEM);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(what_is_written_is_read),
		HERE(reading_refuses_too_much_and_names_the_absent),
		HERE(a_failed_write_leaves_the_old_content),
		HERE(folders_are_made_with_their_parents),
		HERE(beneath_a_folder_nothing_leads_out_of_it),
		HERE(maps_show_the_file),
		HERE(lines_come_one_by_one_plain_or_gzipped),
		HERE(many_lines_of_all_lengths_arrive_whole),
		HERE(a_broken_gzip_is_told_at_the_end),
		HERE(a_line_on_a_pipe_is_not_held_back),
		HERE(opening_the_absent_is_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
