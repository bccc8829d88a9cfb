/* audit_record_fuzz.c - what is read as a record is that record and no other: put together again, it is the same bytes. */
#include <assert.h>

#include "base/buf.h"
#include "circle/audit_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	str record = { (const char *)bytes, n };
	struct audit_salt salt = { .person = { 7 }, .concerned = n % 2 == 0 };
	struct audit_parts parts;
	struct arena *mem;
	struct buf b;
	if (!audit_record_read(record, &parts))
		return 0;
	mem = arena_new(4096);
	buf_init(&b, mem, 2 * n + 64);
	buf_add(&b, parts.kind);
	buf_char(&b, '\n');
	for (size_t i = 0; i < parts.n; i++) {
		buf_add(&b, parts.lines[i].name);
		buf_char(&b, '=');
		buf_add(&b, parts.lines[i].value);
		buf_char(&b, '\n');
	}
	assert(str_eq(buf_str(&b), record));
	(void)audit_record_names(&parts, &salt);
	arena_free(mem);
	return 0;
}
