#include "circle/few.h"

void few_json_about(struct buf *b, int64_t n)
{
	if (few_hides(n))
		buf_lit(b, "\"<5\"");
	else
		buf_i64(b, few_sure(n));
}

void few_json_sure(struct buf *b, int64_t n) { few_json_about(b, n < FEW ? 1 : n); }

void few_add(struct few_total *total, int64_t n)
{
	total->from += few_sure(n);
	total->to += few_sure(n) + FEW - 1;
}

void few_json_total(struct buf *b, const struct few_total *total)
{
	if (total->to < FEW)
		few_json_about(b, total->to);
	else
		buf_format(b, "{\"from\":%lld,\"to\":%lld}", (long long)total->from,
		           (long long)total->to);
}
