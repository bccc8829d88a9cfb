/* policy_tell.c - one table of sentences by item and field; what they are about is put into their braces. */
#include "integrity/policy/policy_tell.h"

#include "base/buf.h"

#include <string.h>

#define TOLD_MAX_BYTES ((size_t)64 * 1024)
#define PHRASES_NAMED 5

enum tongue { EN, ZH, TONGUES };

/* {was} and {is}: the values; {of}: the field behind its beginning. NULL: nothing is said. */
struct sentence {
	const char *what, *field;
	const char *changed[TONGUES], *added[TONGUES], *removed[TONGUES];
};

/* One row a line. */
/* clang-format off */
static const struct sentence sentences[] = {
	{ "rule", "status", { "It is {is} now; it was {was}.", "状态从{was}变为{is}。" }, { 0 }, { 0 } },
	{ "rule", "weight when ", { "It weighs {is} instead of {was} when {of}.", "当 {of} 时，分量从 {was} 变为 {is}。" },
	  { "It weighs {is} when {of}; that is new.", "新增：当 {of} 时，分量为 {is}。" },
	  { "It no longer weighs {was} when {of}.", "不再有：当 {of} 时，分量为 {was}。" } },
	{ "rule", "harm", { "It is held against {is} now; that was {was}.", "类别从{was}变为{is}。" }, { 0 }, { 0 } },
	{ "rule", "asks", { "It asks for a {is} at least; it asked for a {was}.", "至少要求从{was}变为{is}。" },
	  { "It asks for a {is} at least.", "至少要求{is}。" }, { "It no longer asks for a {was}.", "不再要求{was}。" } },
	{ "rule", "group", { "Its weight is capped with {is} instead of {was}.", "与它一同封顶的组从 {was} 变为 {is}。" },
	  { "Its weight is capped with {is}.", "与 {is} 组一同封顶。" }, { "Its weight is no longer capped with {was}.", "不再与 {was} 组一同封顶。" } },
	{ "rule", "unknown", { "What is not known now counts as {is}.", "不知道的情况现在算作{is}。" },
	  { "What is not known now counts as {is}.", "不知道的情况现在算作{is}。" }, { "It asks for nothing that can be unknown.", "不再涉及不知道的情况。" } },
	{ "rule", "clause", { "It is clause {is} now; it was {was}.", "条款从 {was} 变为 {is}。" }, { 0 }, { 0 } },
	{ "rule", "en", { "It now says: “{is}”", NULL }, { 0 }, { 0 } },
	{ "rule", "zh", { NULL, "现在的说法：“{is}”" }, { 0 }, { 0 } },
	{ "rule", "pass en", { "What would pass: “{is}”", NULL }, { 0 }, { 0 } },
	{ "rule", "pass zh", { NULL, "怎样可以通过：“{is}”" }, { 0 }, { 0 } },
	{ "list", "conduct", { "Whether its words name conduct: {is}.", "这些词是否指行为：{is}。" }, { 0 }, { 0 } },
	{ "pattern", "regex", { "It finds {is} instead of {was}.", "匹配从 {was} 变为 {is}。" }, { 0 }, { 0 } },
	{ "condition", "means", { "It means {is} instead of {was}.", "含义从 {was} 变为 {is}。" }, { 0 }, { 0 } },
	{ "group", "cap", { "Its rules together weigh {is} at most instead of {was}.", "其中的规则合计最多 {is}，原为 {was}。" }, { 0 }, { 0 } },
	{ "damp", "factor", { "What weighs there is multiplied by {is} instead of {was}.", "此时分量乘以 {is}，原为 {was}。" }, { 0 }, { 0 } },
	{ "ladder", "", { "A {of} from a malice of {is} on instead of {was}.", "{of}：恶意值从 {is} 起，原为 {was}。" },
	  { "A {of} from a malice of {is} on; that is new.", "新增{of}：恶意值从 {is} 起。" }, { "No {of} any more.", "不再有{of}。" } },
};

/* Words of the language, as a value stands in a sentence. */
static const struct {
	const char *word, *en, *zh;
} words[] = {
	{ "live", "live", "生效" },
	{ "shadow", "tried in shadow", "试运行" },
	{ "draft", "a draft", "草稿" },
	{ "retired", "retired", "停用" },
	{ "fraud", "fraud and forbidden goods", "欺诈与违禁" },
	{ "marketing", "malicious marketing", "恶意营销" },
	{ "annoyance", "annoyance alone", "单纯打扰" },
	{ "label", "label", "标注" },
	{ "fold", "fold", "折叠" },
	{ "hold", "hold", "待审" },
	{ "silent", "nothing", "没有" },
	{ "fires", "there", "有" },
	{ "yes", "yes", "是" },
	{ "no", "no", "否" },
};

/* Of an item that came or went as a whole. {is}: its sentence, for a rule. */
static const struct sentence wholes[] = {
	{ "rule", "", { "", "" }, { "New: “{is}”", "新规则：“{is}”" }, { "Gone: “{is}”", "取消：“{is}”" } },
	{ "list", "", { "", "" }, { "A new list of words.", "新词表。" }, { "The list of words is gone.", "词表取消。" } },
	{ "pattern", "", { "", "" }, { "A new pattern.", "新模式。" }, { "The pattern is gone.", "模式取消。" } },
	{ "condition", "", { "", "" }, { "A new condition with a name.", "新的具名条件。" }, { "The named condition is gone.", "具名条件取消。" } },
	{ "group", "", { "", "" }, { "A new group of rules that share a cap.", "新的规则组，合计封顶。" }, { "The group is gone.", "规则组取消。" } },
	{ "damp", "", { "", "" }, { "Everything weighs less when {is}.", "当 {is} 时，所有分量减轻。" }, { "Nothing weighs less any more when {is}.", "当 {is} 时，分量不再减轻。" } },
};
/* clang-format on */

static str translated(str word, enum tongue tongue, bool is_word)
{
	for (size_t i = 0; is_word && i < sizeof words / sizeof words[0]; i++)
		if (str_eq(word, str_of(words[i].word)))
			return str_of(tongue == EN ? words[i].en : words[i].zh);
	return word;
}

struct filling {
	str was, is, of;
};

static void add_filled(struct buf *b, const char *sentence, const struct filling *f)
{
	static const char *const names[] = { "{was}", "{is}", "{of}" };
	const str values[] = { f->was, f->is, f->of };
	for (const char *p = sentence; *p;) {
		size_t i = 0;
		while (i < 3 && strncmp(p, names[i], strlen(names[i])) != 0)
			i++;
		if (i == 3) {
			buf_char(b, *p++);
			continue;
		}
		buf_add(b, values[i]);
		p += strlen(names[i]);
	}
}

static void next_sentence(struct buf *b, enum tongue tongue)
{
	if (b->n > 0 && tongue == EN)
		buf_char(b, ' ');
}

static const struct sentence *sentence_of(str what, str field)
{
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
		const struct sentence *s = &sentences[i];
		size_t n = strlen(s->field);
		bool begins = n == 0 || s->field[n - 1] == ' ';
		if (str_eq(what, str_of(s->what)) && (begins ? str_starts(field, str_of(s->field))
		                                             : str_eq(field, str_of(s->field))))
			return s;
	}
	return NULL;
}

static void add_detail(struct buf *b, str what, const struct policy_detail *d, enum tongue tongue)
{
	const struct sentence *s = sentence_of(what, d->field);
	if (!s)
		return;
	const char *const *said = d->before.n == 0  ? s->added
	                          : d->after.n == 0 ? s->removed
	                                            : s->changed;
	if (!said[tongue])
		return;
	bool word = str_eq(what, S("rule")) || str_eq(what, S("list")) || str_eq(what, S("ladder"));
	str of = str_slice(d->field, strlen(s->field), d->field.n);
	struct filling f = { translated(d->before, tongue, word),
		             translated(d->after, tongue, word),
		             translated(of, tongue, str_eq(what, S("ladder"))) };
	next_sentence(b, tongue);
	add_filled(b, said[tongue], &f);
}

/* Phrases of a list that came or went: how many, and the first of them. */
static void add_phrases(struct buf *b, const struct policy_change *c, bool came, enum tongue tongue)
{
	size_t n = 0, named = 0;
	for (size_t i = 0; i < c->n; i++)
		n += str_eq(c->details[i].field, S("phrase")) &&
		     (c->details[i].after.n > 0) == came;
	if (n == 0)
		return;
	next_sentence(b, tongue);
	if (tongue == EN)
		buf_format(b, "%zu word%s %s: ", n, n == 1 ? "" : "s", came ? "more" : "less");
	else
		buf_format(b, "%s %zu 个词：", came ? "新增" : "去掉", n);
	for (size_t i = 0; i < c->n && named < PHRASES_NAMED; i++) {
		const struct policy_detail *d = &c->details[i];
		if (!str_eq(d->field, S("phrase")) || (d->after.n > 0) != came)
			continue;
		buf_add(b, named++ == 0 ? S("“") : tongue == EN ? S(", “") : S("、“"));
		buf_add(b, came ? d->after : d->before);
		buf_lit(b, "”");
	}
	buf_add(b, n > named      ? tongue == EN ? S(" and more.") : S("等。")
	                : tongue == EN ? S(".")
	                          : S("。"));
}

static const struct policy_rule *rule_named(const struct policy *policy, str id)
{
	size_t n;
	const struct policy_rule *rules = policy_rules(policy, &n);
	for (size_t i = 0; i < n; i++)
		if (str_eq(rules[i].id, id))
			return &rules[i];
	return NULL;
}

/* A rule that came says all it weighs. */
static void add_lines(struct buf *b, const struct policy *policy, const struct policy_rule *rule,
                      enum tongue tongue)
{
	size_t n;
	const struct policy_evidence *lines = policy_evidence(policy, &n);
	if (rule->status != RULE_LIVE)
		buf_add(b, tongue == EN ? S(" Nobody is judged by it yet.") : S("目前不作数。"));
	for (size_t i = 0; i < rule->n_evidence; i++) {
		const struct policy_evidence *line = &lines[rule->first_evidence + i];
		if (tongue == EN)
			buf_format(b, " It weighs %.10g when %.*s.", line->weight,
			           STR_ARG(line->when));
		else
			buf_format(b, "当 %.*s 时，分量为 %.10g。", STR_ARG(line->when),
			           line->weight);
	}
}

static void add_whole(struct buf *b, const struct policy *of, const struct policy_change *c,
                      enum tongue tongue)
{
	const struct policy_rule *rule = str_eq(c->what, S("rule")) ? rule_named(of, c->name)
	                                                            : NULL;
	struct filling f = { .is = c->name };
	if (rule)
		f.is = tongue == EN ? rule->en : rule->zh;
	for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
		if (str_eq(c->what, str_of(wholes[i].what)))
			add_filled(b,
			           (c->kind == CHANGE_ADDED ? wholes[i].added
			                                    : wholes[i].removed)[tongue],
			           &f);
	}
	if (rule && c->kind == CHANGE_ADDED)
		add_lines(b, of, rule, tongue);
}

static void add_changed(struct buf *b, const struct policy_change *c, enum tongue tongue)
{
	add_phrases(b, c, true, tongue);
	add_phrases(b, c, false, tongue);
	for (size_t i = 0; i < c->n; i++)
		add_detail(b, c->what, &c->details[i], tongue);
	if (b->n == 0)
		buf_add(b,
		        tongue == EN
		                ? S("Its notes and examples changed; nobody is judged otherwise.")
		                : S("只改了说明和例子，判断不变。"));
}

static str told_in(const struct policy *before, const struct policy *after,
                   const struct policy_change *c, enum tongue tongue, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, TOLD_MAX_BYTES);
	if (c->kind == CHANGE_CHANGED)
		add_changed(&b, c, tongue);
	else
		add_whole(&b, c->kind == CHANGE_ADDED ? after : before, c, tongue);
	return buf_str(&b);
}

static str shown_name(const struct policy_change *c, struct arena *mem)
{
	if (str_eq(c->what, S("rule")) || str_eq(c->what, S("ladder")))
		return c->name;
	if (str_eq(c->what, S("damp")))
		return c->what;
	return str_format(mem, "%s %.*s",
	                  str_eq(c->what, S("list")) ? "words" : str_to_c(mem, c->what),
	                  STR_ARG(c->name));
}

const struct policy_told *policy_tell(const struct policy *before, const struct policy *after,
                                      struct arena *mem, size_t *n)
{
	size_t changes_n;
	const struct policy_change *changes = policy_diff(before, after, mem, &changes_n);
	struct policy_told *told = ARENA_ARRAY(mem, changes_n, struct policy_told);
	*n = 0;
	for (size_t i = 0; i < changes_n; i++) {
		const struct policy_change *c = &changes[i];
		if (str_eq(c->what, S("policy")))
			continue;
		told[(*n)++] = (struct policy_told){ c->kind, shown_name(c, mem),
			                             told_in(before, after, c, EN, mem),
			                             told_in(before, after, c, ZH, mem) };
	}
	return told;
}
