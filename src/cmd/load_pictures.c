#include "cmd/load_pictures.h"

#include "base/file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The server has the caller's open file and not its name, so it asks the kernel for it. */
static err open_folder(int load_fd, int *out)
{
	char link[64], path[PATH_MAX];
	snprintf(link, sizeof link, "/proc/self/fd/%d", load_fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(path, '/');
	if (path[0] != '/' || slash == NULL)
		return err_input("pictures",
		                 "lie beside the load file: it must be a file, not a pipe");
	*slash = '\0';
	*out = open(path[0] ? path : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *out < 0 ? err_input("pictures", "lie in a folder that cannot be opened") : OK;
}

static err open_one(int folder, const json_t *entry, struct bulk_picture *out)
{
	const json_t *file = json_is_object(entry) ? json_object_get(entry, "file") : entry;
	const json_t *about = json_is_object(entry) ? json_object_get(entry, "description") : NULL;
	if (!json_is_string(file) || (about && !json_is_string(about)))
		return err_input(
			"pictures",
			"must hold names of files, or objects with a file and a description");
	int fd = file_open_beneath(folder, json_string_value(file), O_RDONLY | O_NONBLOCK, 0);
	if (fd < 0)
		return err_input("pictures",
		                 "names a file that does not lie beside the load file or below it");
	err e = file_map_fd(fd, &out->bytes);
	close(fd);
	if (about)
		out->about = (str){ json_string_value(about), json_string_length(about) };
	return failed(e) ? err_input("pictures", "names something that is no file") : OK;
}

err load_pictures_open(const json_t *names, int load_fd, struct load_pictures *out)
{
	int folder = -1;
	err e;
	out->n = 0;
	if (!names || json_is_null(names))
		return OK;
	if (!json_is_array(names) || json_array_size(names) > MEDIA_MAX)
		return err_input("pictures", "must be a list of at most 9");
	TRY(open_folder(load_fd, &folder));
	for (size_t i = 0; i < json_array_size(names); i++) {
		out->list[i] = (struct bulk_picture){ 0 };
		TRY(open_one(folder, json_array_get(names, i), &out->list[i]));
		out->n++;
	}
out:
	if (folder >= 0)
		close(folder);
	return e;
}

void load_pictures_close(struct load_pictures *pictures)
{
	for (size_t i = 0; i < pictures->n; i++)
		file_unmap(&pictures->list[i].bytes);
	pictures->n = 0;
}
