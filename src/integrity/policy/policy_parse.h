/* policy_parse.h - the parser's state and its small words, shared by the files it is cut into. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_PARSE_H
#define KITH_INTEGRITY_POLICY_POLICY_PARSE_H

#include "integrity/policy/policy_ast.h"
#include "integrity/policy/policy_lex.h"

#include "base/buf.h"

struct parser {
	struct policy *policy;
	struct faults *faults;
	struct buf *canon; /* the tokens read, for the hash */
	struct lexer lex;
	struct token tok;  /* the one to look at */
	uint32_t last_end; /* where the one before ended */
	unsigned depth;
	bool in_include; /* a file's name is not part of what a policy says */
};

void parser_advance(struct parser *p);
/* The word or sign stands here; `takes` goes past it; `wants` makes its absence a fault. */
bool parser_sees(const struct parser *p, const char *word);
bool parser_takes(struct parser *p, const char *word);
bool parser_wants(struct parser *p, const char *word);
void parser_unexpected(struct parser *p, const char *wanted);
str parser_string(struct parser *p, const char *what);
void parser_strings(struct parser *p, const char *what, const str **list, size_t *n);
struct name_ref parser_name(struct parser *p, const char *what);
/* A number without unit, or a share. `what` is the sentence when it is out of range. */
double parser_number(struct parser *p, const char *what, double min, double max);

/* Gives the node, 0 after a fault. */
uint32_t parse_expression(struct parser *p);
void parse_rule(struct parser *p);

#endif
