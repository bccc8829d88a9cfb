/* kith hash: what the engine knows of a picture: PDQ, its quality, what QR codes say. */
#include "cmd/commands.h"
#include "cmd/options.h"
#include "media/darkroom.h"

#include "base/buf.h"
#include "base/encode.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
	"usage: kith hash [--json] IMAGE...\n"
	"One line a picture: file, PDQ hash (256 bits, hex), quality (0 to 100; under 50 a hash says nothing), and what its QR codes say,\n"
	"with tabs between. Pictures are JPEG, PNG or WebP, opened in a confined process. A picture that cannot be read is told on standard\n"
	"error; the others go on, and the exit code is 1. The hash is of the reduced-512 family, of the pixels as they are stored.\n"
	"example: kith hash --json holiday.jpg poster.png\n";

/* One field of a line: no tabs, no line ends. */
static void write_field(struct buf *b, str text)
{
	for (size_t i = 0; i < text.n; i++)
		buf_char(b, (unsigned char)text.p[i] < ' ' || text.p[i] == 0x7F ? ' ' : text.p[i]);
}

static void write_line(struct buf *b, const char *file, const struct print *print, str pdq)
{
	write_field(b, str_of(file));
	buf_format(b, "\t%.*s\t%d", STR_ARG(pdq), print->pdq_quality);
	for (str rest = print->qr; rest.n > 0;) {
		buf_char(b, '\t');
		write_field(b, str_cut(&rest, '\n'));
	}
	buf_char(b, '\n');
}

static void write_json(struct buf *b, const char *file, const struct print *print, str pdq)
{
	const char *between = "";
	buf_lit(b, "{\"file\":");
	buf_json(b, str_of(file));
	buf_format(b, ",\"pdq\":\"%.*s\",\"quality\":%d,\"qr\":[", STR_ARG(pdq),
	           print->pdq_quality);
	for (str rest = print->qr; rest.n > 0; between = ",") {
		buf_add(b, str_of(between));
		buf_json(b, str_cut(&rest, '\n'));
	}
	buf_lit(b, "]}\n");
}

static err develop_file(struct darkroom *room, const char *path, struct arena *mem,
                        struct print *print)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC |
	                            O_NONBLOCK); /* a pipe without a writer is no reason to wait */
	err e = OK;
	if (fd < 0)
		e = err_system(strerror(errno));
	else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		e = err_system("this is no file");
	else
		e = darkroom_develop(room, fd, (size_t)st.st_size, false, mem, print);
	if (fd >= 0)
		close(fd);
	return e;
}

static int hash_all(struct darkroom *room, char **files, int n, bool json)
{
	struct arena *mem = arena_new((size_t)64 * 1024);
	int code = 0;
	for (int i = 0; i < n; i++) {
		struct print print;
		struct buf line;
		err e = develop_file(room, files[i], mem, &print);
		buf_init(&line, mem, (size_t)1 << 20);
		if (failed(e)) {
			fprintf(stderr, "kith: %s: %s\n", files[i], e.say ? e.say : e.why);
			code = 1;
		} else {
			(json ? write_json : write_line)(&line, files[i], &print,
			                                 hex_of(mem, print.pdq, PDQ_BYTES));
			fwrite(line.p, 1, line.n, stdout);
			fflush(stdout); /* a picture takes a while: nobody waits for the next to see this one */
		}
		arena_reset(mem);
	}
	arena_free(mem);
	return code;
}

int cmd_hash(int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json } };
	const struct options options = { usage, rows, 1, 1, INT_MAX };
	struct darkroom *room;
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	err e = darkroom_open(NULL, &room);
	if (failed(e)) {
		fprintf(stderr, "kith: %s\n", e.say ? e.say : e.why);
		return 1;
	}
	int code = hash_all(room, argv, n, json);
	darkroom_close(&room);
	return code;
}
