/* What is attached to a version: as JSON, as it was when it was published. */
#include "circle/enact_private.h"
#include "circle/foresee.h"

#include "base/buf.h"

#include <jansson.h>

#include <string.h>

#define PAPERS_MAX_BYTES ((size_t)2 << 20)

static const char *const kinds[] = {
	[CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_CHANGED] = "changed"
};

str enact_differences(const struct policy *before, const struct policy *after, struct arena *mem)
{
	struct buf b;
	size_t n;
	const struct policy_told *told = policy_tell(before, after, mem, &n);
	buf_init(&b, mem, PAPERS_MAX_BYTES);
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++) {
		size_t at = b.n;
		buf_format(&b, "%s{\"kind\":\"%s\",\"what\":", i ? "," : "", kinds[told[i].kind]);
		buf_json(&b, told[i].what);
		buf_lit(&b, ",\"en\":");
		buf_json(&b, told[i].en);
		buf_lit(&b, ",\"zh\":");
		buf_json(&b, told[i].zh);
		buf_char(&b, '}');
		if (b.n + 2 > PAPERS_MAX_BYTES || b.full) {
			b.n = at; /* a whole record of fewer */
			b.full = false;
			break;
		}
	}
	buf_char(&b, ']');
	return buf_str(&b);
}

static void add_actions(struct buf *b, const size_t *counts)
{
	for (int a = ACTION_ALLOW; a <= ACTION_HOLD; a++)
		buf_format(b, "%s\"%s\":%zu", a ? "," : "", action_name((enum action)a), counts[a]);
}

str enact_rehearsal(const struct rehearsal *r, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, PAPERS_MAX_BYTES);
	buf_format(&b, "{\"days\":%d,\"pieces\":%zu,\"changed\":%zu,\"cohorts\":[", FORESEE_DAYS,
	           r->pieces - r->no_text, r->changed_all);
	for (size_t i = 0; i < COHORTS; i++) {
		const struct cohort_row *row = &r->cohorts[i];
		buf_format(&b, "%s{\"name\":\"%s\",\"pieces\":%zu,\"hit_people\":%zu,\"was\":{",
		           i ? "," : "", cohort_word((enum cohort)i), row->pieces, row->hit_people);
		add_actions(&b, row->was);
		buf_lit(&b, "},\"is\":{");
		add_actions(&b, row->is);
		buf_lit(&b, "}}");
	}
	buf_lit(&b, "]}");
	return buf_str(&b);
}

static size_t count_of(const json_t *object, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(object, name));
	return n > 0 ? (size_t)n : 0;
}

static void read_actions(const json_t *object, size_t *counts)
{
	for (int a = ACTION_ALLOW; a <= ACTION_HOLD; a++)
		counts[a] = count_of(object, action_name((enum action)a));
}

bool enact_rehearsed(str stored, struct rehearsal *out)
{
	json_t *all = json_loadb(stored.p ? stored.p : "", stored.n, 0, NULL);
	const json_t *cohorts = json_object_get(all, "cohorts");
	bool there = json_array_size(cohorts) == COHORTS;
	memset(out, 0, sizeof *out);
	out->pieces = count_of(all, "pieces");
	out->changed_all = count_of(all, "changed");
	for (size_t i = 0; there && i < COHORTS; i++) {
		const json_t *row = json_array_get(cohorts, i);
		out->cohorts[i].pieces = count_of(row, "pieces");
		out->cohorts[i].hit_people = count_of(row, "hit_people");
		read_actions(json_object_get(row, "was"), out->cohorts[i].was);
		read_actions(json_object_get(row, "is"), out->cohorts[i].is);
	}
	json_decref(all);
	return there;
}

static str text_of(const json_t *object, const char *name, struct arena *mem)
{
	const json_t *value = json_object_get(object, name);
	if (!json_is_string(value))
		return STR_NONE;
	return str_dup(mem, (str){ json_string_value(value), json_string_length(value) });
}

void enact_told(str stored, struct arena *mem, const struct policy_told **out, size_t *n)
{
	json_t *all = json_loadb(stored.p ? stored.p : "", stored.n, 0, NULL);
	struct policy_told *told = ARENA_ARRAY(mem, json_array_size(all), struct policy_told);
	*n = json_array_size(all);
	*out = told;
	for (size_t i = 0; i < *n; i++) {
		const json_t *one = json_array_get(all, i);
		str kind = text_of(one, "kind", mem);
		for (int k = CHANGE_ADDED; k <= CHANGE_CHANGED; k++)
			if (str_eq(kind, str_of(kinds[k])))
				told[i].kind = (enum policy_change_kind)k;
		told[i].what = text_of(one, "what", mem);
		told[i].en = text_of(one, "en", mem);
		told[i].zh = text_of(one, "zh", mem);
	}
	json_decref(all);
}
