/* policy_testing.c - a grammar run backwards: bytes choose, and whatever they choose compiles. */
#include "integrity/policy/policy_testing.h"

#include "base/buf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX_BYTES 200000

struct writer {
	struct chance *chance;
	struct buf *b;
	unsigned lets;
	bool let_is_bool[8];
	bool in_where, may_others;
};

static void put_bool(struct writer *w, unsigned depth);

unsigned chance_below(struct chance *chance, unsigned n)
{
	return chance->at < chance->n ? chance->bytes[chance->at++] % n : 0;
}

static void put_signal(struct writer *w, enum signal_type type)
{
	unsigned n = 0, pick;
	for (int i = 0; i < SIGNALS; i++)
		n += signal_rows[i].type == type ? 1 : 0;
	pick = chance_below(w->chance, n);
	for (int i = 0; i < SIGNALS; i++) {
		if (signal_rows[i].type == type && pick-- == 0)
			buf_add(w->b, str_of(signal_rows[i].name));
	}
}

static void put_literal(struct writer *w, enum signal_type type)
{
	static const char *const literals[][4] = {
		[SIGNAL_BOOL] = { "true", "false", "true", "false" },
		[SIGNAL_COUNT] = { "0", "1", "2", "0.5" },
		[SIGNAL_SHARE] = { "0%", "25%", "50%", "100%" },
		[SIGNAL_DURATION] = { "0s", "1ms", "14d", "2.5h" },
		[SIGNAL_MONEY] = { "0yuan", "1yuan", "298yuan", "20usd" },
	};
	buf_add(w->b, str_of(literals[type][chance_below(w->chance, 4)]));
}

static void put_window(struct writer *w, bool last)
{
	static const char *const starts[] = { "count(by author", "distinct(author by similar",
		                              "rate(by handle", "distinct(handle by author" };
	static const char *const reaches[] = { " within 24h", " within 30min", " within 7d" };
	struct writer inside = *w;
	inside.in_where = true;
	inside.may_others = false;
	buf_add(w->b, last ? S("last(by similar") : str_of(starts[chance_below(w->chance, 4)]));
	buf_add(w->b, str_of(reaches[chance_below(w->chance, 3)]));
	if (chance_below(w->chance, 2)) {
		buf_lit(w->b, " where ");
		put_bool(&inside, 1);
	}
	buf_char(w->b, ')');
}

static void put_words(struct writer *w)
{
	unsigned first = chance_below(w->chance, TESTED_LISTS);
	unsigned n = 1 + chance_below(w->chance, 3);
	buf_lit(w->b, "words(");
	for (unsigned i = 0; i < n; i++)
		buf_format(w->b, "%sl%u", i ? ", " : "", (first + i) % TESTED_LISTS);
	buf_char(w->b, ')');
}

static void put_leaf(struct writer *w, enum signal_type type)
{
	unsigned pick = chance_below(w->chance, 8);
	if (type == SIGNAL_COUNT && pick <= 2)
		put_words(w);
	else if (type == SIGNAL_COUNT && pick == 3)
		buf_format(w->b, "pattern(p%u)", chance_below(w->chance, TESTED_PATTERNS));
	else if (type == SIGNAL_COUNT && pick == 4 && !w->in_where)
		put_window(w, false);
	else if (type == SIGNAL_DURATION && pick <= 2 && !w->in_where)
		put_window(w, true);
	else if (type == SIGNAL_SHARE && pick <= 3 && w->may_others)
		buf_lit(w->b, "others");
	else if (pick == 7)
		put_literal(w, type);
	else
		put_signal(w, type);
}

static void put_number(struct writer *w, enum signal_type type, unsigned depth)
{
	unsigned pick = depth ? chance_below(w->chance, 8) : 7;
	if (pick > 4) {
		put_leaf(w, type);
		return;
	}
	buf_char(w->b, '(');
	put_number(w, type, depth - 1);
	if (pick <= 1) {
		buf_add(w->b, pick ? S(" + ") : S(" - "));
		put_number(w, type, depth - 1);
	} else if (pick <= 3) {
		buf_add(w->b, pick == 2 ? S(" * ") : S(" / "));
		put_number(w, SIGNAL_COUNT, depth - 1);
	} else {
		buf_lit(w->b, " else ");
		put_number(w, type, depth - 1);
	}
	buf_char(w->b, ')');
}

static void put_comparison(struct writer *w, unsigned depth)
{
	static const char *const signs[] = { " = ", " != ", " < ", " <= ", " > ", " >= " };
	enum signal_type type = (enum signal_type)(SIGNAL_COUNT + chance_below(w->chance, 4));
	bool turned = chance_below(w->chance, 4) == 0;
	unsigned sign = chance_below(w->chance, 6);
	if (turned)
		put_literal(w, type);
	else
		put_number(w, type, depth);
	buf_add(w->b, str_of(signs[sign]));
	if (turned || chance_below(w->chance, 3) == 0)
		put_number(w, type, depth);
	else
		put_literal(w, type);
}

static void put_in(struct writer *w, unsigned depth)
{
	enum signal_type type = (enum signal_type)chance_below(w->chance, 5);
	unsigned n = 1 + chance_below(w->chance, 3);
	buf_lit(w->b, "in(");
	if (type == SIGNAL_BOOL)
		put_bool(w, depth);
	else
		put_number(w, type, depth);
	for (unsigned i = 0; i < n; i++) {
		buf_lit(w->b, ", ");
		put_literal(w, type);
	}
	buf_char(w->b, ')');
}

static void put_logic(struct writer *w, unsigned depth)
{
	str word = chance_below(w->chance, 2) ? S(" and ") : S(" or ");
	unsigned n = 2 + chance_below(w->chance, 3);
	buf_char(w->b, '(');
	for (unsigned i = 0; i < n; i++) {
		buf_add(w->b, i ? word : STR_NONE);
		put_bool(w, depth);
	}
	buf_char(w->b, ')');
}

static void put_let(struct writer *w)
{
	unsigned let = chance_below(w->chance, w->lets);
	buf_format(w->b, w->let_is_bool[let] ? "c%u" : "c%u >= 1", let);
}

static void put_bool(struct writer *w, unsigned depth)
{
	unsigned pick = depth ? chance_below(w->chance, 16) : 15;
	if (pick <= 4) {
		put_logic(w, depth - 1);
	} else if (pick <= 6) {
		buf_lit(w->b, "not (");
		put_bool(w, depth - 1);
		buf_char(w->b, ')');
	} else if (pick == 7) {
		buf_lit(w->b, "known(");
		put_number(w, (enum signal_type)(SIGNAL_COUNT + chance_below(w->chance, 4)),
		           depth - 1);
		buf_char(w->b, ')');
	} else if (pick == 8) {
		put_in(w, depth - 1);
	} else if (pick == 9) {
		buf_lit(w->b, "((");
		put_bool(w, depth - 1);
		buf_lit(w->b, ") else ");
		put_literal(w, SIGNAL_BOOL);
		buf_char(w->b, ')');
	} else if (pick == 10 && w->lets && !w->in_where) {
		put_let(w);
	} else if (pick == 11) {
		put_signal(w, SIGNAL_BOOL);
	} else {
		put_comparison(w, depth ? depth - 1 : 0);
	}
}

/* ---- statements ---- */

static void put_names(struct writer *w)
{
	for (unsigned i = 0; i < TESTED_LISTS; i++)
		buf_format(w->b, "words l%u%s \"phrase\" matches \"m\" passes \"p\" end\n", i,
		           i ? "" : " conduct");
	for (unsigned i = 0; i < TESTED_PATTERNS; i++)
		buf_format(w->b, "pattern p%u regex \"a\" matches \"a\" passes \"b\" end\n", i);
	buf_lit(w->b, "group g0 cap 0.7 group g1 cap 0.95\n");
	unsigned n = chance_below(w->chance, 4);
	for (unsigned i = 0; i < n; i++) {
		w->let_is_bool[i] = chance_below(w->chance, 3) != 0;
		buf_format(w->b, "let c%u = ", i);
		if (w->let_is_bool[i])
			put_bool(w, 2);
		else
			put_number(w, SIGNAL_COUNT, 2);
		buf_char(w->b, '\n');
		w->lets = i + 1;
	}
	n = chance_below(w->chance, 3);
	for (unsigned i = 0; i < n; i++) {
		buf_format(w->b, "damp 0.%u when ", chance_below(w->chance, 10));
		put_bool(w, 2);
		buf_char(w->b, '\n');
	}
}

static void put_rule(struct writer *w, unsigned number)
{
	static const char *const statuses[] = { "live", "live", "shadow", "draft", "retired" };
	static const char *const harms[] = { "fraud", "marketing", "annoyance" };
	static const char *const groups[] = { "", " group g0", " group g1" };
	unsigned harm = chance_below(w->chance, 3), asks = chance_below(w->chance, 4);
	unsigned lines = 1 + chance_below(w->chance, 4);
	buf_format(w->b, "rule r%u clause \"c\" owner \"o\" status %s harm %s%s dsa VIOLENCE",
	           number, statuses[chance_below(w->chance, 5)], harms[harm],
	           groups[chance_below(w->chance, 3)]);
	if (asks == 1 || asks == 2)
		buf_add(w->b, asks == 2 && harm != 2 ? S(" asks fold") : S(" asks label"));
	buf_format(w->b, " unknown %s\n", chance_below(w->chance, 2) ? "fires" : "silent");
	for (unsigned i = 0; i < lines; i++) {
		buf_format(w->b, "  evidence 0.%u when ", 1 + chance_below(w->chance, 99));
		put_bool(w, 3);
		buf_char(w->b, '\n');
	}
	buf_lit(w->b,
	        "  en \"e\" zh \"z\" pass en \"e\" zh \"z\" false_positives \"f\" fires \"f\" silent \"s\" end\n");
}

str policy_from_chance(struct chance *chance, struct arena *mem)
{
	struct buf b;
	struct writer w = { .chance = chance, .b = &b };
	buf_init(&b, mem, TEXT_MAX_BYTES);
	buf_lit(&b,
	        "policy \"made\" version 1\nladder label from 0.2 fold from 0.44 hold from 0.6 end\n");
	put_names(&w);
	w.may_others = true;
	unsigned n = 1 + chance_below(chance, 6);
	for (unsigned i = 0; i < n; i++)
		put_rule(&w, i);
	return buf_str(&b);
}

void input_from_chance(struct chance *chance, struct tested_input *input)
{
	static const double values[] = { 0,  1,   2, 0.5,       NAN,   INFINITY, -INFINITY, 1e308,
		                         -1, -0., 3, 86400000., 29800, 5e-324,   0,         NAN };
	static const uint16_t counts[] = { 0, 0, 0, 1, 2, 3, 65535, 0 };
	for (size_t i = 0; i < SIGNALS; i++)
		input->signals[i] = values[chance_below(chance, 16)];
	for (size_t i = 0; i < TESTED_LISTS; i++)
		input->words[i] = counts[chance_below(chance, 8)];
	for (size_t i = 0; i < TESTED_PATTERNS; i++)
		input->patterns[i] = counts[chance_below(chance, 8)];
	for (size_t i = 0; i < WINDOWS_MAX; i++)
		input->readings[i] = values[chance_below(chance, 16)];
	input->in = (struct policy_input){ .signals = input->signals,
		                           .words = input->words,
		                           .patterns = input->patterns,
		                           .readings = chance_below(chance, 4) ? input->readings
		                                                               : NULL };
}

struct policy *policy_of_text(const char *text, struct arena *mem)
{
	struct policy_source file = { S("t.policy"), str_of(text) };
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	if (failed(policy_compile(&file, 1, mem, &policy, &fault))) {
		fprintf(stderr, "%.*s\n", STR_ARG(fault.rendered));
		abort();
	}
	return policy;
}
