/* contact_handle.h - what somebody is reached by: an id, or a number written in any way.
 *
 * A number may come in pieces, in Han numerals (一三八, 壹叁捌, 幺), circled, boxed, in words (one 3 eight), with letters for digits
 * (138o0l38) or with signs between. Counting, dates, amounts and numbers of orders are none. */
#ifndef KITH_INTEGRITY_TEXT_CONTACT_HANDLE_H
#define KITH_INTEGRITY_TEXT_CONTACT_HANDLE_H

#include "integrity/text/lexemes.h"

#define HANDLE_DIGITS_MAX 24

struct handle {
	uint32_t g0, g1;  /* glyphs; equal when there is none */
	size_t end;       /* the lexeme after it */
	unsigned symbols; /* digits of a number, symbols of an id */
	bool number;
	bool odd;    /* written as no honest person writes it */
	bool strong; /* not letters alone, which may be a word */
	bool marked; /* a colon, an @ or "id" stands before it */
};

/* The handle that lexeme `i` begins, or that follows it after a few signs and words such as 号, 是, id. */
struct handle handle_at(const struct lexemes *l, size_t i);
struct handle handle_after(const struct lexemes *l, size_t i);
/* A number at lexeme `i` that needs no service beside it: a telephone number by its shape, or any long one that is hidden. */
struct handle handle_number_at(const struct lexemes *l, size_t i);

/* The handle in bytes [from, to) of the text as it would be typed: lower case, digits in any form as digits, signs between
 * digits dropped, +86 dropped. Written to `out`; returns its length. Two disguises of one id give equal letters. */
size_t handle_normal(const struct views *views, uint32_t from, uint32_t to, char *out, size_t max);

#endif
