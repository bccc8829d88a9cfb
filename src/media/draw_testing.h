/* draw_testing.h - pictures for the tests, drawn when they run: in every format, with everything people leave in them. */
#ifndef KITH_MEDIA_DRAW_TESTING_H
#define KITH_MEDIA_DRAW_TESTING_H

#include "media/claim.h"

/* In every slot of metadata; what the darkroom writes must not hold it. */
#define CANARY "KITHCANARY"

enum paint { PAINT_COLOUR, PAINT_GREY, PAINT_DEEP /* 16 bits */, PAINT_CMYK };

struct drawing {
	enum claim_format format;
	int width, height;
	enum paint paint;
	bool glass;      /* transparent in its left half */
	int orientation; /* 1..8: EXIF says so; 0: no EXIF */
	bool canaries;   /* EXIF, XMP, ICC, comments or text chunks, and bytes after the end */
	bool layered;    /* progressive JPEG, interlaced PNG */
};

/* Stored so: red, green above; blue, white below; wavy all over. `mem` owns the bytes. */
str draw(struct drawing drawing, struct arena *mem);
/* Rows of '#' and ' ' as a PNG with squares of `px` pixels, `quiet` of them white all round. */
str draw_code(const char *const *rows, int n, int px, int quiet, struct arena *mem);
/* A chunk of PNG between its header and its pixels. */
str draw_insert_chunk(str png, const char *type, str body, struct arena *mem);

/* A memfd that holds the bytes; the caller's to close. */
int draw_fd(str bytes);

#endif
