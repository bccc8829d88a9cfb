/* head_fuzz.c - "METHOD TARGET", then "Name:value" lines, as the library below hands them over; the
 * first byte says whether the proxy is trusted. A head that is not refused must keep the promises
 * of message.h and head.h. */
#include <assert.h>
#include <string.h>

#include "http/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const struct http_request *request, const struct head_framing *framing)
{
	assert(request->path.n > 0 && request->path.p[0] == '/' && utf8_valid(request->path));
	for (size_t i = 0; i < request->path.n; i++)
		assert((unsigned char)request->path.p[i] >= 0x20 && request->path.p[i] != 0x7F &&
		       request->path.p[i] != '\\');
	assert(http_header(request, "host").n > 0);
	assert(!(framing->chunked && framing->bytes > 0));
	assert(!(http_header(request, "content-length").p && framing->chunked));
	(void)http_cookie(request, "kith_session");
	(void)http_query(request, "a");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(4096);
	struct http_field fields[HEAD_FIELDS_MAX + 1];
	struct http_request request;
	struct head_framing framing;
	str rest = { (const char *)bytes + (n > 0), n - (n > 0) };
	str target = str_cut(&rest, '\n');
	struct head head = { .fields = fields,
		             .version = S("HTTP/1.1"),
		             .proxy = n > 0 && (bytes[0] & 1) };
	head.method = str_cut(&target, ' ');
	head.target = target;
	while (rest.n > 0 && head.fields_n <= HEAD_FIELDS_MAX) {
		str value = str_cut(&rest, '\n');
		str name = str_cut(&value, ':');
		fields[head.fields_n++] = (struct http_field){ name, value };
	}
	struct head_fault fault = head_read(&head, mem, &request, &framing);
	assert(request.query);
	if (fault.status == 0)
		check(&request, &framing);
	else
		assert(fault.status >= 400 && fault.status < 600 && fault.sentence);
	arena_free(mem);
	return 0;
}
