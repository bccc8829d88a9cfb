/* Two walks over the zip: the JSON, which says which pictures are wanted, then those. */
#include "circle/import_private.h"

#include "circle/unpack.h"

#include "model/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JSON_MAX_BYTES ((size_t)64 << 20)
/* Commas and brackets of all its JSON: the largest outbox has some three million. "{}," over and over takes eighty times in memory what
 * it takes in the file; so many take half a gigabyte. */
#define VALUES_MAX ((size_t)4 << 20)
#define SAY_NO_KITH "This is not an archive of kith."
#define SAY_MUCH "There is more in this archive than can be taken in at once."

str import_text(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_string(value) ? (str){ json_string_value(value), json_string_length(value) }
	                             : STR_NONE;
}

const json_t *import_note(const json_t *create)
{
	const json_t *object = json_object_get(create, "object");
	return str_eq(import_text(object, "type"), S("Note")) ? object : NULL;
}

/* ---- JSON ---- */

static json_t **place_of(struct import_archive *a, const char *name)
{
	return strcmp(name, "outbox.json") == 0    ? &a->outbox
	       : strcmp(name, "actor.json") == 0   ? &a->actor
	       : strcmp(name, "friends.json") == 0 ? &a->friends
	       : strcmp(name, "tags.json") == 0    ? &a->tags
	       : strcmp(name, "hidden.json") == 0  ? &a->hidden
	                                           : NULL;
}

static size_t wants_json(void *ctx, const char *name)
{
	json_t **place = place_of(ctx, name);
	return place && !*place ? JSON_MAX_BYTES : 0;
}

/* At least as many as are in it: each stands after a comma or a bracket, or is one. */
static size_t count_values(str json)
{
	bool in_string = false;
	size_t n = 0;
	for (size_t i = 0; i < json.n; i++) {
		char c = json.p[i];
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string)
			n += c == '{' || c == '[' || c == ',';
	}
	return n;
}

static err take_json(void *ctx, const char *name, str bytes)
{
	struct import_archive *a = ctx;
	json_t **place = place_of(a, name);
	a->n_values += count_values(bytes);
	if (a->n_values > VALUES_MAX)
		return err_limit("file", SAY_MUCH);
	*place = json_loadb(bytes.p, bytes.n, 0, NULL);
	return json_is_object(*place) ? OK : err_input("file", SAY_NO_KITH);
}

/* ---- pictures ---- */

static int by_name(const void *a, const void *b)
{
	const struct import_picture *one = a, *two = b;
	return str_cmp(one->name, two->name);
}

static struct import_picture *find(const struct import_archive *a, str name)
{
	struct import_picture key = { .name = name };
	return a->n_pictures == 0 ? NULL
	                          : bsearch(&key, a->pictures, a->n_pictures, sizeof key, by_name);
}

static void want(struct import_archive *a, str name)
{
	if (name.n == 0 || a->n_pictures == UNPACK_ENTRIES_MAX)
		return;
	if (a->n_pictures == a->cap) {
		size_t cap = a->cap ? 2 * a->cap : 64;
		a->pictures = arena_grow(a->mem, a->pictures, a->cap * sizeof *a->pictures,
		                         cap * sizeof *a->pictures);
		a->cap = cap;
	}
	a->pictures[a->n_pictures++] = (struct import_picture){ .name = name };
}

static void want_all(struct import_archive *a)
{
	const json_t *create, *picture;
	size_t i, k;
	want(a, import_text(a->actor, "kith:picture"));
	want(a, import_text(a->actor, "kith:cover"));
	json_array_foreach(json_object_get(a->outbox, "orderedItems"), i, create)
		json_array_foreach(json_object_get(import_note(create), "attachment"), k, picture)
			want(a, import_text(picture, "url"));
	if (a->n_pictures > 0)
		qsort(a->pictures, a->n_pictures, sizeof *a->pictures, by_name);
}

static size_t wants_picture(void *ctx, const char *name)
{
	const struct import_picture *picture = find(ctx, str_of(name));
	return picture && picture->bytes == 0 ? MEDIA_MAX_BYTES : 0;
}

static err take_picture(void *ctx, const char *name, str bytes)
{
	struct import_archive *a = ctx;
	struct import_picture *picture = find(a, str_of(name));
	picture->from = a->scratch_bytes;
	picture->bytes = bytes.n;
	while (bytes.n > 0) {
		ssize_t done = pwrite(a->scratch, bytes.p, bytes.n, a->scratch_bytes);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_busy("no room for the pictures of an archive");
		a->scratch_bytes += done;
		bytes = str_slice(bytes, (size_t)done, bytes.n);
	}
	return OK;
}

err import_open(str zip, const char *folder, struct import_archive *out)
{
	const int64_t most = 8 * IMPORT_BYTES_MAX;
	err e;
	*out = (struct import_archive){ .scratch = -1, .mem = arena_new(64 * 1024) };
	if ((int64_t)zip.n > IMPORT_BYTES_MAX)
		return err_limit("file", "An archive has at most 512 MB.");
	TRY(unpack_each(zip, &(struct unpack){ wants_json, take_json, out, most }));
	if (!out->outbox || !json_is_array(json_object_get(out->outbox, "orderedItems")))
		TRY(err_input("file", SAY_NO_KITH));
	if (json_array_size(json_object_get(out->outbox, "orderedItems")) > IMPORT_POSTS_MAX)
		TRY(err_limit("file", "There are too many posts in this archive."));
	want_all(out);
	out->scratch = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (out->scratch < 0)
		TRY(err_busy("no file for the pictures of an archive"));
	TRY(unpack_each(zip, &(struct unpack){ wants_picture, take_picture, out, most }));
out:
	return e;
}

void import_close(struct import_archive *a)
{
	json_decref(a->outbox);
	json_decref(a->actor);
	json_decref(a->friends);
	json_decref(a->tags);
	json_decref(a->hidden);
	if (a->scratch >= 0)
		close(a->scratch);
	arena_free(a->mem);
}

err import_picture(const struct import_archive *a, const char *name, struct arena *mem, str *bytes)
{
	const struct import_picture *picture = find(a, str_of(name));
	if (!picture || picture->bytes == 0)
		return err_missing("not in the archive");
	char *to = arena_alloc(mem, picture->bytes);
	if (pread(a->scratch, to, picture->bytes, picture->from) != (ssize_t)picture->bytes)
		return err_system("a picture of an archive cannot be read");
	*bytes = (str){ to, picture->bytes };
	return OK;
}
