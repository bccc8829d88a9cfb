/* The words of promise_words are marked once; then each amount is judged by the marks near it. Every look is of bounded length. */
#include "integrity/text/promise.h"

#include "integrity/text/promise_words.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BEFORE_MAX 6 /* lexemes between a word and its amount */
#define AFTER_MAX 3
#define CLAUSE_MAX 14 /* how far a word of paying first may stand */
#define BRING_MIN 2   /* "bring a friend" is how people speak */
#define PRICE_MIN 2   /* a bare number of one thing is no price */
#define BARE_MIN 50   /* a bare number that may be earnings: from here */
#define BARE_MAX 1e6  /* to here; beyond it one calls it */

struct mark {
	const struct promise_word *word;
	uint8_t lexemes;
};

struct judging {
	const struct lexemes *l;
	struct mark *marks;
	uint32_t groups; /* bits of the groups in the whole text */
	const struct contact *contacts;
	size_t n_contacts;
	struct promise *out;
	size_t n;
};

#define BIT(group) (UINT32_C(1) << (group))
#define FEES (BIT(PROMISE_FEE) | BIT(PROMISE_FEE_WEAK))
#define EARNS (BIT(PROMISE_EARN) | BIT(PROMISE_WAGE))
#define TIERS (BIT(PROMISE_TIER) | BIT(PROMISE_TIER_WEAK))
#define ASKS (BIT(PROMISE_COLLECT) | BIT(PROMISE_SPREAD) | BIT(PROMISE_BRING))

static bool is_of(const struct mark *m, uint32_t groups)
{
	return m->word && BIT(m->word->group) & groups;
}

static bool ends_clause(const struct judging *j, size_t i)
{
	return i >= j->l->n || lexemes_at(j->l, i)->class == CLASS_STOP;
}

/* The nearest mark of the groups that ends at most `reach` lexemes before `i`, in the same clause; or SIZE_MAX. */
static size_t before(const struct judging *j, size_t i, uint32_t groups, size_t reach)
{
	for (size_t back = 1; back <= i && back <= reach + 6; back++) {
		const struct mark *m = &j->marks[i - back];
		if (is_of(m, groups) && m->lexemes <= back && back - m->lexemes <= reach)
			return i - back;
		if (ends_clause(j, i - back) || lexemes_at(j->l, i - back + 1)->line)
			break;
	}
	return SIZE_MAX;
}

static bool is_comma(const struct judging *j, size_t i)
{
	uint32_t cp = lexemes_at(j->l, i)->cp;
	return cp == ',' || cp == 0xFF0C || cp == 0x3001;
}

/* The nearest that begins at most `reach` lexemes from `i` on; close by, a comma parts too. */
static size_t after(const struct judging *j, size_t i, uint32_t groups, size_t reach)
{
	for (size_t k = i; k <= i + reach && k < j->l->n; k++) {
		if (is_of(&j->marks[k], groups))
			return k;
		if (ends_clause(j, k) || (k > i && lexemes_at(j->l, k)->line) ||
		    (reach <= AFTER_MAX && is_comma(j, k)))
			break;
	}
	return SIZE_MAX;
}

static bool han_between(const struct judging *j, size_t from, size_t to, const char32_t *set)
{
	for (size_t i = from; i < to; i++) {
		if (lexeme_is_of(lexemes_at(j->l, i), set))
			return true;
	}
	return false;
}

static void keep(struct judging *j, enum promise_kind kind, size_t from, size_t to, int64_t cents,
                 unsigned count)
{
	to = to < j->l->n ? to : j->l->n;
	if (j->n < PROMISES_MAX)
		j->out[j->n++] = (struct promise){ kind, j->l->list[from].g0, j->l->list[to - 1].g1,
			                           cents, count };
}

static size_t end_of(const struct judging *j, size_t mark) { return mark + j->marks[mark].lexemes; }

/* Around the word at `mark` and the amount: from the first of them to the last. */
static void keep_with(struct judging *j, enum promise_kind kind, size_t mark,
                      const struct amount *a, int64_t cents)
{
	size_t from = mark < a->from ? mark : a->from;
	size_t to = end_of(j, mark) > a->to ? end_of(j, mark) : a->to;
	keep(j, kind, from, to, cents, 0);
}

/* ---- fees ---- */

static bool is_waived(const struct judging *j, size_t mark)
{
	return before(j, mark, BIT(PROMISE_NOT_FEE), 1) != SIZE_MAX ||
	       after(j, end_of(j, mark), BIT(PROMISE_NOT_FEE), 1) != SIZE_MAX;
}

static bool is_paid_first(const struct judging *j, size_t mark, const struct amount *a)
{
	return before(j, mark, BIT(PROMISE_PAY), CLAUSE_MAX / 2) != SIZE_MAX ||
	       after(j, a->to, BIT(PROMISE_PAY), CLAUSE_MAX) != SIZE_MAX;
}

static bool judge_fee(struct judging *j, const struct amount *a)
{
	size_t fee = before(j, a->from, FEES, BEFORE_MAX / 2);
	if (fee != SIZE_MAX && after(j, end_of(j, fee), EARNS, a->from - end_of(j, fee)) < a->from)
		fee = SIZE_MAX; /* the starter kit, and earn 500 */
	else if (fee == SIZE_MAX)
		fee = after(j, a->to, FEES, 2);
	bool amount = (a->money || a->number >= 10) && a->number > 0;
	if (fee != SIZE_MAX && amount && !is_waived(j, fee) &&
	    (j->marks[fee].word->group == PROMISE_FEE || is_paid_first(j, fee, a))) {
		keep_with(j, PROMISED_FEE, fee, a, a->cents);
		return true;
	}
	size_t join = after(j, a->to, BIT(PROMISE_JOIN), AFTER_MAX);
	bool rank = lexeme_is_of(lexemes_at(j->l, a->to), U"级人个年月号岁折");
	bool earns = before(j, a->from, EARNS, BEFORE_MAX) != SIZE_MAX;
	if (join == SIZE_MAX || !amount || earns || rank ||
	    han_between(j, a->to, join, U"了，。让请欢") ||
	    (!a->money && !han_between(j, a->to, end_of(j, join), U"即就可能")))
		return false;
	keep_with(j, PROMISED_FEE, join, a, a->cents);
	return true;
}

/* ---- earnings ---- */

static int64_t a_month(int64_t cents, uint8_t period)
{
	static const int times[PERIODS] = {
		[PERIOD_NONE] = 1, [PERIOD_HOUR] = 176, [PERIOD_DAY] = 30,
		[PERIOD_WEEK] = 4, [PERIOD_MONTH] = 1,  [PERIOD_ORDER] = 300
	};
	return period == PERIOD_YEAR ? cents / 12 : cents * times[period];
}

/* 五位数, 6位数, six figures: the least of them. */
static int64_t figures(const struct judging *j, const struct amount *a)
{
	const struct lexeme *x = lexemes_at(j->l, a->to);
	bool is = (lexeme_is_of(x, U"位") && lexeme_is_of(lexemes_at(j->l, a->to + 1), U"数"));
	if (!is || a->number < 3 || a->number > 9)
		return 0;
	int64_t cents = 100;
	for (int i = 1; i < (int)a->number; i++)
		cents *= 10;
	return cents;
}

/* The period beside the amount: after it, with a slash or not, or before it. */
static uint8_t period_of(const struct judging *j, const struct amount *a, size_t *to)
{
	bool slash = lexemes_at(j->l, a->to)->cp == '/';
	size_t at = a->to + (slash ? 1 : 0);
	uint32_t groups = BIT(PROMISE_AFTER) | (slash ? BIT(PROMISE_SLASH) : 0);
	if (at < j->l->n && is_of(&j->marks[at], groups)) {
		*to = end_of(j, at);
		return j->marks[at].word->period;
	}
	size_t back = before(j, a->from, BIT(PROMISE_AFTER) | BIT(PROMISE_WAGE), 2);
	return back != SIZE_MAX ? j->marks[back].word->period : PERIOD_NONE;
}

static bool is_story(const struct judging *j, size_t earn, const struct amount *a)
{
	bool this_year = earn > 0 && lexemes_at(j->l, earn)->cp == U'年' &&
	                 lexeme_is_of(lexemes_at(j->l, earn - 1), U"今去前后明");
	return this_year || before(j, earn, BIT(PROMISE_PERSON), 3) != SIZE_MAX ||
	       han_between(j, end_of(j, earn), a->from, U"了过才") ||
	       han_between(j, a->to, a->to + 1, U"了");
}

static bool judge_income(struct judging *j, const struct amount *a)
{
	size_t to = a->to;
	size_t earn = before(j, a->from, EARNS, BEFORE_MAX - 1);
	uint8_t period = period_of(j, a, &to);
	int64_t cents = figures(j, a);
	bool offered = j->groups & (BIT(PROMISE_INVITE) | BIT(PROMISE_RECRUIT)) ||
	               j->n_contacts > 0;
	bool work = j->groups & BIT(PROMISE_RECRUIT);
	bool over = han_between(j, earn == SIZE_MAX ? a->from : end_of(j, earn), a->from,
	                        U"过上破");
	if (lexeme_is_of(lexemes_at(j->l, earn == SIZE_MAX ? j->l->n : end_of(j, earn)),
	                 U"账帐")) /* 入账: a bank tells */
		return false;
	bool order = period == PERIOD_ORDER && work;
	if (!a->money && !a->scaled && !cents && !over &&
	    (a->number < BARE_MIN ? !order : a->number > BARE_MAX))
		return false;
	if (lexemes_at(j->l, a->to)->cp == '%' ||
	    lexeme_is_of(lexemes_at(j->l, a->to), U"年月日号人个折岁分"))
		return false;
	to = cents ? a->to + 2 : to;
	cents = cents ? cents : a->cents;
	if (earn == SIZE_MAX) {
		bool rate = to > a->to && period != PERIOD_NONE;
		bool talk = work || (offered && j->groups & EARNS);
		if (!rate || !talk || !a->money)
			return false;
		keep(j, PROMISED_INCOME, a->from, to, a_month(cents, period), 0);
		return true;
	}
	const struct promise_word *word = j->marks[earn].word;
	bool wage = word->group == PROMISE_WAGE;
	if (period == PERIOD_NONE)
		period = word->period;
	bool story = is_story(j, earn, a) && !over;
	if (wage ? !work && !(offered && period == PERIOD_ORDER)
	         : !offered && (story || period == PERIOD_NONE))
		return false;
	if (story && wage)
		return false;
	keep(j, PROMISED_INCOME, earn < a->from ? earn : a->from, to, a_month(cents, period), 0);
	return true;
}

/* ---- levels, likes, prices ---- */

static void judge_tier(struct judging *j, const struct amount *a)
{
	bool agents = j->groups & (BIT(PROMISE_AGENT) | BIT(PROMISE_TIER));
	size_t tier = before(j, a->from, agents ? TIERS : BIT(PROMISE_TIER), BEFORE_MAX - 1);
	const struct lexeme *x = lexemes_at(j->l, a->to);
	bool discount = lexeme_is_of(x, U"折") || x->cp == '%';
	if (tier == SIZE_MAX || (!a->money && !discount && a->number < 10) ||
	    lexeme_is_of(x, U"人个名年月日级"))
		return;
	keep(j, PROMISED_TIER, tier, a->to + (discount ? 1 : 0), discount ? 0 : a->cents, 0);
}

static bool is_like(const struct judging *j, size_t i)
{
	return lexeme_is_of(lexemes_at(j->l, i), U"赞") || lexemes_spell(j->l, i, "likes") ||
	       lexemes_spell(j->l, i, "like");
}

/* Lexemes of the word at `i` for people, or for groups of them; 0: none. */
static size_t people_at(const struct judging *j, size_t i)
{
	static const char *const words[] = { "好友",   "朋友",     "新人",   "人",    "friends",
		                             "people", "contacts", "person", "friend" };
	size_t n = 0;
	for (size_t k = 0; !n && k < COUNT(words); k++)
		n = lexemes_match(j->l, i, words[k]);
	return n;
}

static size_t groups_at(const struct judging *j, size_t i)
{
	bool is = lexeme_is_of(lexemes_at(j->l, i), U"群") || lexemes_spell(j->l, i, "groups") ||
	          lexemes_spell(j->l, i, "group");
	return is ? 1 : 0;
}

/* Something is given for it, later in the sentence. */
static bool is_rewarded(const struct judging *j, size_t i)
{
	for (size_t k = i; k < i + CLAUSE_MAX && k < j->l->n; k++) {
		if (lexeme_is_of(lexemes_at(j->l, k), U"送领免奖减返得拿进") ||
		    lexemes_spell(j->l, k, "free") || lexemes_spell(j->l, k, "win") ||
		    lexemes_spell(j->l, k, "get") || lexemes_spell(j->l, k, "unlock") ||
		    lexemes_spell(j->l, k, "receive"))
			return true;
	}
	return false;
}

static bool judge_likes(struct judging *j, const struct amount *a)
{
	size_t ask = before(j, a->from, ASKS, AFTER_MAX), object = a->to;
	if (ask == SIZE_MAX || a->money || a->number < 1 || a->number > 1e6 ||
	    han_between(j, end_of(j, ask), a->from, U"了过的第") ||
	    (ask > 0 && lexeme_is_of(lexemes_at(j->l, ask - 1), U"收第全剧募征密聚没才有")))
		return false;
	while (object < a->to + 4 &&
	       (lexeme_is_of(lexemes_at(j->l, object), U"个位名条以上微信") ||
	        lexemes_spell(j->l, object, "of") || lexemes_spell(j->l, object, "your") ||
	        lexemes_spell(j->l, object, "more")))
		object++;
	uint8_t group = j->marks[ask].word->group;
	bool told = before(j, ask, BIT(PROMISE_PERSON), 1) != SIZE_MAX;
	size_t people = people_at(j, object), groups = groups_at(j, object);
	bool like = is_like(j, object), rewarded = is_rewarded(j, object);
	bool is = group == PROMISE_COLLECT  ? like && !told
	          : group == PROMISE_SPREAD ? (groups || people || like) && (!told || rewarded)
	                                    : people && a->number >= BRING_MIN &&
	                                              (lexemes_spell(j->l, ask, "tag") || rewarded);
	if (!is)
		return false;
	size_t to = object + (people ? people : 1);
	keep(j, PROMISED_LIKES, ask, to, 0, (unsigned)a->number);
	return true;
}

static void judge_price(struct judging *j, const struct amount *a)
{
	const struct lexeme *last = lexemes_at(j->l, a->from > 0 ? a->from - 1 : j->l->n);
	size_t word = a->from > 1 && last->class == CLASS_COLON ? a->from - 2 : a->from - 1;
	bool named = a->from > 0 && lexeme_is_of(lexemes_at(j->l, word), U"价卖售仅");
	named |= a->from > 1 && (lexemes_match(j->l, a->from - 2, "只要") ||
	                         lexemes_match(j->l, a->from - 2, "到手"));
	bool counted = lexeme_is_of(lexemes_at(j->l, a->to),
	                            U"年月日天人个岁号点分折多次级名家度") ||
	               lexemes_at(j->l, a->to)->cp == '%';
	bool digits = lexemes_at(j->l, a->from)->type == LEXEME_RUN;
	bool bare = a->number >= PRICE_MIN && digits && !counted &&
	            lexemes_at(j->l, a->to)->class != CLASS_DOT;
	if (a->money ? a->number > 0 : bare && (named || money_is_per_thing(j->l, a->to)))
		keep(j, PROMISED_PRICE, a->from, a->to, a->cents, 0);
}

static bool is_in_contact(const struct judging *j, const struct amount *a)
{
	const struct glyph *g = j->l->view->glyphs;
	uint32_t from = g[lexemes_at(j->l, a->from)->g0].from;
	for (size_t i = 0; i < j->n_contacts; i++) {
		if (from >= j->contacts[i].from && from < j->contacts[i].to)
			return true;
	}
	return false;
}

static void judge(struct judging *j, const struct amount *a)
{
	if (is_in_contact(j, a) || judge_likes(j, a))
		return;
	judge_tier(j, a);
	if (!judge_fee(j, a) && !judge_income(j, a))
		judge_price(j, a);
}

size_t promise_find(const struct lexemes *l, const struct contact *contacts, size_t n_contacts,
                    struct arena *mem, struct promise out[PROMISES_MAX])
{
	struct judging j = { .l = l,
		             .marks = ARENA_ARRAY(mem, l->n + 1, struct mark),
		             .contacts = contacts,
		             .n_contacts = n_contacts,
		             .out = out };
	for (size_t i = 0; i < l->n;) {
		size_t n = 0;
		const struct promise_word *word = promise_word_at(l, i, &n);
		if (word) {
			j.marks[i] = (struct mark){ word, (uint8_t)n };
			j.groups |= BIT(word->group);
		}
		i += word ? n : 1;
	}
	for (size_t i = 0; i < l->n && j.n < PROMISES_MAX;) {
		struct amount a = j.marks[i].word ? (struct amount){ .from = i, .to = i }
		                                  : money_at(l, i);
		if (a.to > i)
			judge(&j, &a);
		i = a.to > i ? a.to : i + (j.marks[i].word ? j.marks[i].lexemes : 1);
	}
	return j.n;
}
