#include "integrity/text/pattern_regex.h"

#include "integrity/text/pattern_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Backtracking steps of one expression at one text: far above what a linear-time form takes in a text a door lets in. Over it
 * the place is where Hyperscan saw the end. */
#define STEPS_MAX 200000

struct pattern_regex {
	size_t n;
	pcre2_code **codes;
	pcre2_match_context *limits;
	struct pattern_scan *scan;
};

static err compile_one(const struct policy_pattern *pattern, struct arena *mem, pcre2_code **out)
{
	int code;
	PCRE2_SIZE at;
	PCRE2_UCHAR message[128];
	*out = pcre2_compile((PCRE2_SPTR)pattern->regex.p, pattern->regex.n,
	                     PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
	if (*out) {
		pcre2_jit_compile(*out, PCRE2_JIT_COMPLETE); /* without it the same, slower */
		return OK;
	}
	pcre2_get_error_message(code, message, sizeof message);
	return err_input("policy", str_to_c(mem, str_format(mem, "pattern %.*s, character %zu: %s",
	                                                    STR_ARG(pattern->name), at + 1,
	                                                    (const char *)message)));
}

err pattern_regex_new(const struct policy_pattern *patterns, size_t n, const char *cache, str name,
                      struct arena *mem, struct pattern_regex **out)
{
	struct pattern_regex *r = calloc(1, sizeof *r);
	const char **texts = ARENA_ARRAY(mem, n, const char *);
	struct pattern_list list;
	err e = OK;
	if (!r || !(r->codes = calloc(n, sizeof(pcre2_code *))) ||
	    !(r->limits = pcre2_match_context_create(NULL)))
		TRY(err_system("no memory for the patterns of the policy"));
	pcre2_set_match_limit(r->limits, STEPS_MAX);
	for (; r->n < n; r->n++) {
		TRY(compile_one(&patterns[r->n], mem, &r->codes[r->n]));
		texts[r->n] = str_to_c(mem, patterns[r->n].regex);
	}
	list = (struct pattern_list){ .texts = texts, .n = n, .kind = "patterns", .name = name };
	TRY(pattern_scan_new(&list, cache, &r->scan));
	*out = r;
	r = NULL;
out:
	pattern_regex_free(r);
	return e;
}

void pattern_regex_free(struct pattern_regex *r)
{
	if (!r)
		return;
	for (size_t i = 0; r->codes && i < r->n; i++)
		pcre2_code_free(r->codes[i]);
	free(r->codes);
	pcre2_match_context_free(r->limits);
	pattern_scan_free(r->scan);
	free(r);
}

/* The folded text as UTF-8, and which glyph each byte belongs to. */
struct folded_text {
	str text;
	uint32_t *glyph_at;
	const struct view *view;
};

static struct folded_text write_folded(const struct view *v, struct arena *mem)
{
	char *p = arena_alloc(mem, v->n * 4 + 1);
	struct folded_text f = { { p, 0 }, ARENA_ARRAY(mem, v->n * 4 + 1, uint32_t), v };
	for (size_t i = 0; i < v->n; i++) {
		size_t n = utf8_put(p + f.text.n, v->glyphs[i].cp);
		for (size_t k = 0; k < n; k++)
			f.glyph_at[f.text.n + k] = (uint32_t)i;
		f.text.n += n;
	}
	return f;
}

static struct pattern_hit hit_of(const struct folded_text *f, size_t pattern, size_t from,
                                 size_t to)
{
	struct pattern_hit hit = { .list = (uint16_t)pattern,
		                   .is_pattern = true,
		                   .from = f->view->glyphs[f->glyph_at[from]].from,
		                   .to = f->view->glyphs[f->glyph_at[to - 1]].to };
	for (size_t i = f->glyph_at[from]; i <= f->glyph_at[to - 1]; i++)
		hit.disguised |= f->view->glyphs[i].styled || f->view->glyphs[i].lookalike;
	return hit;
}

struct ends {
	uint32_t *last; /* one a pattern: the last end that Hyperscan saw, 0: none */
};

static void note_end(void *ctx, unsigned pattern, uint32_t end)
{
	((struct ends *)ctx)->last[pattern] = end;
}

static size_t places(const struct pattern_regex *r, size_t pattern, const struct folded_text *f,
                     uint32_t seen_end, struct pattern_hit *hits, size_t max)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	size_t n = 0, at = 0;
	int found = 0;
	if (!data)
		abort();
	while (n < max && at <= f->text.n) {
		found = pcre2_match(r->codes[pattern], (PCRE2_SPTR)f->text.p, f->text.n, at,
		                    PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, data, r->limits);
		if (found < 0)
			break;
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
		hits[n++] = hit_of(f, pattern, ends[0], ends[1]);
		at = ends[1];
	}
	if (n == 0 && found != PCRE2_ERROR_NOMATCH && seen_end > 0)
		hits[n++] = hit_of(f, pattern, seen_end - 1, seen_end);
	pcre2_match_data_free(data);
	return n;
}

size_t pattern_regex_find(const struct pattern_regex *r, const struct view *folded,
                          struct arena *mem, struct pattern_hit *hits, size_t max)
{
	struct folded_text f = write_folded(folded, mem);
	struct ends ends = { ARENA_ARRAY(mem, r->n, uint32_t) };
	size_t n = 0;
	pattern_scan_run(r->scan, f.text, note_end, &ends);
	for (size_t i = 0; i < r->n && n < max; i++) {
		if (ends.last[i] > 0)
			n += places(r, i, &f, ends.last[i], hits + n, max - n);
	}
	return n;
}

size_t pattern_regex_find_slowly(const struct pattern_regex *r, const struct view *folded,
                                 struct arena *mem, struct pattern_hit *hits, size_t max)
{
	struct folded_text f = write_folded(folded, mem);
	size_t n = 0;
	for (size_t i = 0; i < r->n && n < max; i++)
		n += places(r, i, &f, 0, hits + n, max - n);
	return n;
}

size_t pattern_regex_bytes(const struct pattern_regex *r) { return pattern_scan_bytes(r->scan); }
