/* law_testing.h - policies of one rule, and the acts on them, on the stage of the tests of the verbs. */
#ifndef KITH_CIRCLE_LAW_TESTING_H
#define KITH_CIRCLE_LAW_TESTING_H

#include "circle/stage_testing.h"

#include "circle/enact.h"
#include "model/measure.h"

#define LAW_TEXT "自家院子里的柿子熟了，一斤八元，要的邻居留言，明天傍晚在楼下等大家"
/* A rule that names a fruit: it labels from 0.2 on, and holds from 0.6. */
#define LAW_WEIGHS(name, weight)                                                                   \
	"policy \"" name "\" version 1\n"                                                          \
	"ladder label from 0.2 hold from 0.6 end\n" LAW_RULE("fruit", "柿子熟了",                  \
	                                                     "院子里的柿子熟了", weight)
#define LAW_RULE(id, word, with, weight)                                                                 \
	"words " id " \"" word "\" matches \"" with "\" passes \"今天吃饺子\" end\n"                \
	"rule " id " clause \"b.1\" owner \"stewards\" status live harm marketing "                      \
	"dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT\n"                                                \
	"  evidence " weight " when words(" id ") >= 1\n"                                                \
	"  en \"It names a thing.\" zh \"它提到了东西。\" pass en \"Without.\" zh \"不提。\" " \
	"false_positives \"many\"\n"                                                                     \
	"  fires \"" with "\" silent \"今天吃饺子\" end\n"

/* As it is sent. */
str law_bundle(struct stage *s, str text);
/* One after the other weighs more: it labels; it holds; it holds as well. */
str law_mild(struct stage *s);
str law_strict(struct stage *s);
str law_stricter(struct stage *s);

/* By the keeper. */
err law_publish(struct stage *s, str source, struct enacted *out);
err law_publish_as(struct stage *s, str source, bool urgent, struct enacted *out);
/* The clock goes on, and what is due is done. */
void law_pass(struct stage *s, int64_t ms);
/* Announced, and a week later in force; its hash. */
str law_bind(struct stage *s, str source);

bool law_in_force(struct stage *s, str hash);
enum policy_state law_state(struct stage *s, str hash);
/* On a piece; MEASURE_KINDS when there is none. */
struct measure law_measure(struct stage *s, struct status_ref ref);
/* The kinds of records about policies since the circle's first, which is that the program's own bound; without "policy.". */
str law_records(struct stage *s);

#endif
