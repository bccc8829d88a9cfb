/* page.h - the web page and its files, as they were when the program was built.
 *
 * Every file has its own validator (a hash of its bytes) and, where that is smaller, a gzip variant made at build time.
 * Names never change, so browsers ask each time and mostly hear "304". */
#ifndef KITH_API_PAGE_H
#define KITH_API_PAGE_H

#include "base/arena.h"
#include "base/err.h"

struct page_files;

/* The files by name, hashed. Without an embedded page there are only the pictures every account has. */
MUST_CHECK err page_files_new(struct arena *mem, struct page_files **out);

/* For a page of the house: nothing from elsewhere, no script in the text, in nobody's frame. */
#define PAGE_CSP                                                                                   \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "    \
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "           \
	"frame-ancestors 'none'"

#endif
