#include "circle/picture_files.h"

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FILE_BYTES 1000

static const person_id me = { 7 };

struct shelf {
	char folder[64];
	struct picture_files *files;
	unsigned char named[8][MEDIA_CONTENT_BYTES]; /* by the rows that there would be */
	size_t n_named;
};

static int set_up(void **state)
{
	struct shelf *shelf = calloc(1, sizeof *shelf);
	snprintf(shelf->folder, sizeof shelf->folder, "/tmp/kith-shelf-XXXXXX");
	assert_non_null(mkdtemp(shelf->folder));
	assert_false(failed(picture_files_open(shelf->folder, 0, &shelf->files)));
	*state = shelf;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct shelf *shelf = *state;
	picture_files_close(&shelf->files);
	assert_int_equal(nftw(shelf->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	free(shelf);
	return 0;
}

static const unsigned char *content_of(int i)
{
	static unsigned char contents[8][MEDIA_CONTENT_BYTES];
	memset(contents[i], 16 * i + 1, sizeof contents[i]);
	contents[i][5] = 0xab;
	return contents[i];
}

static bool named(void *ctx, const unsigned char content[MEDIA_CONTENT_BYTES])
{
	const struct shelf *shelf = ctx;
	for (size_t i = 0; i < shelf->n_named; i++)
		if (memcmp(shelf->named[i], content, MEDIA_CONTENT_BYTES) == 0)
			return true;
	return false;
}

static void name(struct shelf *shelf, const unsigned char *content)
{
	memcpy(shelf->named[shelf->n_named++], content, MEDIA_CONTENT_BYTES);
}

/* Six files, each of its own byte. */
static struct print print_of(char first)
{
	struct print print = { .fd = memfd_create("print", MFD_CLOEXEC) };
	size_t at = 0;
	for (int i = 0; i < MEDIA_SIZES * MEDIA_FORMATS; i++) {
		char bytes[FILE_BYTES];
		memset(bytes, first + i, sizeof bytes);
		assert_int_equal(write(print.fd, bytes, sizeof bytes), sizeof bytes);
		print.files[i / MEDIA_FORMATS][i % MEDIA_FORMATS] =
			(struct print_file){ .from = at, .bytes = sizeof bytes };
		at += sizeof bytes;
	}
	return print;
}

static err keep(struct shelf *shelf, int i, int64_t unique)
{
	struct print print = print_of('a');
	err e = picture_files_keep(shelf->files, content_of(i), &print, unique);
	close(print.fd);
	return e;
}

static int n_found;

static int count_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)path, (void)st, (void)at;
	n_found += type == FTW_F;
	return 0;
}

static int count_files(const struct shelf *shelf)
{
	n_found = 0;
	assert_int_equal(nftw(shelf->folder, count_one, 16, FTW_PHYS), 0);
	return n_found;
}

static bool is_there(struct shelf *shelf, int i)
{
	size_t bytes;
	int fd;
	err e = picture_files_read(shelf->files, content_of(i), MEDIA_SMALL, MEDIA_WEBP, &fd,
	                           &bytes);
	if (!failed(e))
		close(fd);
	return !failed(e);
}

static void what_is_kept_comes_back_in_each_size_and_format(void **state)
{
	struct shelf *shelf = *state;
	assert_false(failed(keep(shelf, 1, 77)));
	for (int i = 0; i < MEDIA_SIZES * MEDIA_FORMATS; i++) {
		char byte = 0;
		size_t bytes;
		int fd;
		assert_false(failed(picture_files_read(
			shelf->files, content_of(1), (enum media_size)(i / MEDIA_FORMATS),
			(enum media_format)(i % MEDIA_FORMATS), &fd, &bytes)));
		assert_int_equal(bytes, FILE_BYTES);
		assert_int_equal(pread(fd, &byte, 1, FILE_BYTES - 1), 1);
		assert_int_equal(byte, 'a' + i);
		close(fd);
	}
	assert_int_equal(count_files(shelf), 6); /* nothing stays beside */
	assert_false(is_there(shelf, 2));
}

static void folders_and_files_are_the_servers_alone(void **state)
{
	struct shelf *shelf = *state;
	char path[256];
	struct stat st;
	size_t bytes;
	int fd;
	mode_t old = umask(0);
	assert_false(failed(keep(shelf, 1, 77)));
	umask(old);
	snprintf(path, sizeof path, "%s/media", shelf->folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	snprintf(path, sizeof path, "%s/media/11", shelf->folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_false(failed(picture_files_read(shelf->files, content_of(1), MEDIA_LARGE, MEDIA_JPEG,
	                                       &fd, &bytes)));
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	close(fd);
}

static void a_link_in_the_folder_leads_nowhere(void **state)
{
	struct shelf *shelf = *state;
	char path[256], elsewhere[256];
	snprintf(path, sizeof path, "%s/media/11", shelf->folder);
	snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", shelf->folder);
	assert_int_equal(mkdir(elsewhere, 0700), 0);
	assert_int_equal(symlink(elsewhere, path), 0);
	assert_true(failed(keep(shelf, 1, 77)));
	assert_false(is_there(shelf, 1));
	assert_int_equal(count_files(shelf), 0);
}

static void what_nobody_names_goes_and_what_is_named_or_held_stays(void **state)
{
	static const struct {
		const char *name;
		bool named, held, stays;
	} rows[] = {
		{ "nobody names it", false, false, false },
		{ "a row names it", true, false, true },
		{ "somebody is bringing it", false, true, true },
		{ "both", true, true, true },
	};
	struct shelf *shelf = *state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(failed(keep(shelf, (int)i, 77)));
		if (rows[i].named)
			name(shelf, content_of((int)i));
		if (rows[i].held)
			assert_false(
				failed(picture_files_hold(shelf->files, me, content_of((int)i))));
	}
	for (size_t i = 0; i < COUNT(rows); i++) {
		picture_files_erase(shelf->files, content_of((int)i), named, shelf);
		if (is_there(shelf, (int)i) != rows[i].stays)
			fail_msg("%s", rows[i].name);
	}
	picture_files_release(shelf->files, me, content_of(2));
	picture_files_erase(shelf->files, content_of(2), named, shelf);
	assert_false(is_there(shelf, 2));
	assert_int_equal(count_files(shelf), 12);
}

static void two_who_bring_the_same_hold_it_twice(void **state)
{
	struct shelf *shelf = *state;
	assert_false(failed(picture_files_hold(shelf->files, me, content_of(1))));
	assert_false(failed(picture_files_hold(shelf->files, me, content_of(1))));
	assert_false(failed(keep(shelf, 1, 77)));
	assert_false(failed(keep(shelf, 1, 78)));
	picture_files_release(shelf->files, me, content_of(1));
	picture_files_erase(shelf->files, content_of(1), named, shelf);
	assert_true(is_there(shelf, 1));
	picture_files_release(shelf->files, me, content_of(1));
	picture_files_erase(shelf->files, content_of(1), named, shelf);
	assert_false(is_there(shelf, 1));
}

static void no_more_are_under_way_than_leave_others_room(void **state)
{
	struct shelf *shelf = *state;
	for (int i = 0; i < PICTURES_UNDER_WAY; i++)
		assert_false(failed(picture_files_hold(
			shelf->files, (person_id){ i / PICTURES_OF_ONE }, content_of(i % 3))));
	err e = picture_files_hold(shelf->files, me, content_of(4));
	assert_int_equal(e.code, ERR_BUSY);
	assert_non_null(e.say);
	picture_files_release(shelf->files, (person_id){ 0 }, content_of(0));
	assert_false(failed(picture_files_hold(shelf->files, me, content_of(4))));
}

static void one_person_does_not_take_all_the_room(void **state)
{
	struct shelf *shelf = *state;
	for (int i = 0; i < PICTURES_OF_ONE; i++)
		assert_false(failed(picture_files_hold(shelf->files, me, content_of(i % 3))));
	assert_int_equal(picture_files_hold(shelf->files, me, content_of(4)).code, ERR_BUSY);
	assert_false(failed(picture_files_hold(shelf->files, (person_id){ 8 }, content_of(4))));
}

static void a_disk_that_is_nearly_full_keeps_its_reserve(void **state)
{
	struct shelf *shelf = *state;
	int fd;
	picture_files_close(&shelf->files);
	assert_false(failed(picture_files_open(shelf->folder, INT64_MAX / 2, &shelf->files)));
	err e = keep(shelf, 1, 77);
	assert_int_equal(e.code, ERR_BUSY);
	assert_non_null(e.say);
	assert_int_equal(picture_files_scratch(shelf->files, S("x"), &fd).code, ERR_BUSY);
	assert_int_equal(fd, -1);
	assert_int_equal(count_files(shelf), 0);
}

static void touch(const struct shelf *shelf, const char *within)
{
	char path[512];
	snprintf(path, sizeof path, "%s/media/%s", shelf->folder, within);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static void the_sweep_takes_what_a_crash_left_and_nothing_else(void **state)
{
	struct shelf *shelf = *state;
	char beside[256];
	int gone;
	assert_false(failed(keep(shelf, 1, 77)));
	assert_false(failed(keep(shelf, 2, 78)));
	assert_false(failed(keep(shelf, 3, 79)));
	name(shelf, content_of(1));
	assert_false(failed(picture_files_hold(shelf->files, me, content_of(3))));
	snprintf(beside, sizeof beside, "11/11111111ab%052d.small.webp.4d",
	         0); /* of a picture that was on its way */
	for (char *c = beside + 13; *c == '0'; c++)
		*c = '1';
	touch(shelf, beside);
	touch(shelf, "11/notes.txt");
	touch(shelf, "readme");
	assert_false(failed(picture_files_sweep(shelf->files, named, shelf, &gone)));
	assert_int_equal(gone, 7); /* the second's six, and what stood beside the first's */
	assert_true(is_there(shelf, 1) && !is_there(shelf, 2) && is_there(shelf, 3));
	assert_int_equal(count_files(shelf), 6 + 6 + 2);
	assert_false(failed(picture_files_sweep(shelf->files, named, shelf, &gone)));
	assert_int_equal(gone, 0);
}

/* A file that may not grow is how a full disk looks to whoever writes. */
static void a_full_disk_leaves_nothing_half(void **state)
{
	struct shelf *shelf = *state;
	struct rlimit was, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = (struct rlimit){ .rlim_cur = FILE_BYTES / 2, .rlim_max = was.rlim_max };
	struct print print = print_of('a');
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	err e = picture_files_keep(shelf->files, content_of(1), &print, 77);
	int fd;
	err scratch = picture_files_scratch(shelf->files, S("0123456789"), &fd);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	signal(SIGXFSZ, handler);
	close(print.fd);
	assert_int_equal(e.code, ERR_BUSY);
	assert_non_null(e.say);
	assert_int_equal(count_files(shelf), 0);
	assert_false(failed(scratch)); /* ten bytes have room */
	close(fd);
	assert_int_equal(count_files(shelf), 0);
}

#define SHELF_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHELF_TEST(what_is_kept_comes_back_in_each_size_and_format),
		SHELF_TEST(folders_and_files_are_the_servers_alone),
		SHELF_TEST(a_link_in_the_folder_leads_nowhere),
		SHELF_TEST(what_nobody_names_goes_and_what_is_named_or_held_stays),
		SHELF_TEST(two_who_bring_the_same_hold_it_twice),
		SHELF_TEST(no_more_are_under_way_than_leave_others_room),
		SHELF_TEST(the_sweep_takes_what_a_crash_left_and_nothing_else),
		SHELF_TEST(a_full_disk_leaves_nothing_half),
		SHELF_TEST(one_person_does_not_take_all_the_room),
		SHELF_TEST(a_disk_that_is_nearly_full_keeps_its_reserve),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
