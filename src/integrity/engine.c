/* Opening an engine: the weights, the policy and its words, each from a file or from what the program carries. */
#include "integrity/integrity_private.h"

#include "default_policy_embed.h"
#include "kinds_embed.h"
#include "model_embed.h"

#include "base/embed.h"
#include "base/encode.h"
#include "base/file.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define DEFAULT_FILES_MAX 16
#define BANK_MAX 1000000
#define BANK_LINE_MAX_BYTES ((size_t)1000)

static void put_hex(char out[17], uint64_t h)
{
	static const char digits[] = "0123456789abcdef";
	for (int i = 15; i >= 0; i--, h >>= 4)
		out[i] = digits[h & 15];
	out[16] = '\0';
}

/* The lists of words come before the rules that use them. */
size_t engine_default_policy(struct policy_source *files, size_t max)
{
	size_t n = 0;
	for (int rules = 0; rules < 2; rules++) {
		for (size_t i = 0; i < default_policy_count && n < max; i++) {
			str name = str_of(default_policy[i].name);
			if (str_starts(name, S("words_")) == (rules == 0))
				files[n++] = (struct policy_source){
					name,
					{ (const char *)default_policy[i].bytes,
					  default_policy[i].n }
				};
		}
	}
	return n;
}

static err open_model(const char *path, struct engine *e)
{
	str bytes = { (const char *)text_model, text_model_bytes };
	if (path) {
		err failure = file_map(path, &e->mapped);
		if (failed(failure))
			return failure;
		bytes = e->mapped;
	}
	const str kinds = { (const char *)kinds_model, kinds_model_bytes };
	put_hex(e->model_hash,
	        XXH3_64bits_withSeed(kinds.p, kinds.n, XXH3_64bits(bytes.p, bytes.n)));
	err failure = kinds_of(kinds, &e->kinds);
	return failed(failure) ? failure : model_of(bytes, &e->model);
}

/* A line of it: a hash, then anything; empty lines and `#` are passed over. */
static err add_banked(str line, struct engine *e)
{
	unsigned char pdq[PDQ_BYTES];
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return OK;
	if (!hex_to(str_slice(line, 0, (size_t)2 * PDQ_BYTES), pdq, PDQ_BYTES))
		return err_input("bank",
		                 "a line of the bank of pictures begins with 64 hex digits");
	if (pdq_index_count(e->bank) == BANK_MAX)
		return err_limit("bank", "the bank of pictures holds at most a million");
	pdq_index_add(e->bank, pdq, 0);
	return OK;
}

static err open_bank(const char *path, struct engine *e)
{
	struct line_reader *lines = NULL;
	str line;
	bool cut;
	err failure = OK;
	if (path == NULL || !file_exists(path))
		return OK;
	e->bank = pdq_index_new(BANK_MAX);
	failure = lines_open(path, BANK_LINE_MAX_BYTES, &lines);
	while (!failed(failure) && lines_next(lines, &line, &cut))
		failure = add_banked(line, e);
	err closed = lines_close(&lines);
	return failed(failure) ? failure : closed;
}

err engine_open(const struct engine_options *options, struct arena *mem, struct engine **out,
                struct policy_fault *fault)
{
	struct policy_source files[DEFAULT_FILES_MAX];
	struct policy_fault unread;
	struct engine *engine = calloc(1, sizeof *engine);
	err e = OK;
	if (!engine)
		return err_system("no memory for the engine");
	TRY(open_model(options->model_path, engine));
	TRY(open_bank(options->bank, engine));
	if (options->policy)
		TRY(policy_compile(options->policy, options->policy_files, mem, &engine->policy,
		                   fault ? fault : &unread));
	else
		TRY(policy_compile(files, engine_default_policy(files, DEFAULT_FILES_MAX), mem,
		                   &engine->policy, fault ? fault : &unread));
	TRY(patterns_new(engine->policy, options->cache, mem, &engine->patterns));
	*out = engine;
	engine = NULL;
out:
	engine_close(engine);
	return e;
}

err engine_open_default(struct engine **out)
{
	const struct engine_options options = { 0 };
	struct arena *mem = arena_new((size_t)1 << 20);
	err e = engine_open(&options, mem, out, NULL);
	if (failed(e))
		e = err_system("the default policy does not open"); /* `why` lived in the arena */
	arena_free(mem);
	return e;
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	patterns_free(engine->patterns);
	policy_free(engine->policy);
	pdq_index_free(engine->bank);
	if (engine->mapped.p)
		file_unmap(&engine->mapped);
	free(engine);
}

const struct policy *engine_policy(const struct engine *engine) { return engine->policy; }

str engine_model_hash(const struct engine *engine) { return str_of(engine->model_hash); }

struct past *engine_past(const struct engine *engine, struct past_limits limits)
{
	size_t n;
	const struct window_spec *windows = policy_windows(engine->policy, &n);
	return past_new(windows, n, limits);
}
