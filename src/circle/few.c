#include "circle/few.h"

void few_json(struct buf *b, int64_t n)
{
	if (few_hides(n))
		buf_lit(b, "\"<5\"");
	else
		buf_i64(b, n);
}

void few_json_about(struct buf *b, int64_t n) { few_json(b, few_hides(n) ? n : n / FEW * FEW); }

void few_add(struct few_total *total, int64_t n)
{
	total->from += few_hides(n) ? 1 : n;
	total->to += few_hides(n) ? FEW - 1 : n;
}

void few_json_total(struct buf *b, const struct few_total *total)
{
	if (total->from == total->to)
		few_json(b, total->from);
	else if (total->to < FEW)
		few_json(b, total->to);
	else
		buf_format(b, "{\"from\":%lld,\"to\":%lld}", (long long)total->from,
		           (long long)total->to);
}
