/* What is attached to a version: as JSON, as it was when it was published. */
#include "circle/enact_private.h"
#include "circle/foresee.h"
#include "integrity/policy/policy_tell.h"

#include "base/buf.h"

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
