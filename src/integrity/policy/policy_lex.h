/* policy_lex.h - a policy's text as words, numbers, strings and signs, one at a time. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_LEX_H
#define KITH_INTEGRITY_POLICY_POLICY_LEX_H

#include "integrity/policy/policy_fault.h"
#include "integrity/signals.h"

#define NAME_MAX_BYTES 64
#define STRING_MAX_BYTES 2000

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,     /* author.age: small letters, digits, _ and dots */
	TOKEN_CAPITALS, /* SCAMS_AND_FRAUD */
	TOKEN_STRING,
	TOKEN_NUMBER,
	TOKEN_SIGN
};

struct token {
	enum token_kind kind;
	uint32_t at, end; /* places: policy_fault.h */
	str text;         /* the name or sign, what the string says, the number as written */
	double number;    /* in milliseconds, hundredths of a yuan, or as it is */
	enum signal_type type;
	bool bare; /* a number without a unit */
};

struct lexer {
	struct faults *faults;
	struct arena *mem; /* strings with escapes are made here; others borrow the source */
	size_t file, at;
	uint32_t base; /* place of the file's first byte */
};

/* Gives TOKEN_END after the last file, and for ever after a fault. */
struct token lexer_next(struct lexer *lex);

#endif
