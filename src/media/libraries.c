#include "media/libraries.h"

#include <dlfcn.h>
#include <iconv.h>
#include <string.h>

struct function {
	const char *name;
	size_t at; /* in struct libraries */
};

#define ROW(name) { #name, offsetof(struct libraries, name) },
static const struct function vips_functions[] = { VIPS_FUNCTIONS(ROW) };
static const struct function zbar_functions[] = { ZBAR_FUNCTIONS(ROW) };
#undef ROW

static bool look_up(struct libraries *lib, const char *file, const struct function *functions,
                    size_t n)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; library && i < n; i++) {
		void *found = dlsym(library, functions[i].name);
		if (!found)
			return false;
		memcpy((char *)lib + functions[i].at, &found, sizeof found);
	}
	return library != NULL;
}

/* A warning about a stranger's picture is nobody's news, and writing it would look at descriptors. */
static GLogWriterOutput say_nothing(GLogLevelFlags level, const GLogField *fields, gsize n,
                                    gpointer ctx)
{
	(void)level, (void)fields, (void)n, (void)ctx;
	return G_LOG_WRITER_HANDLED;
}

bool libraries_open_vips(struct libraries *lib)
{
	if (!look_up(lib, "libvips.so.42", vips_functions,
	             sizeof vips_functions / sizeof vips_functions[0]) ||
	    lib->vips_init("kith") != 0)
		return false;
	lib->g_log_set_writer_func(say_nothing, NULL, NULL);
	lib->vips_cache_set_max(0);
	lib->vips_concurrency_set(1);
	/* Everything that loads, then what a photograph comes in. */
	lib->vips_operation_block_set("VipsForeignLoad", TRUE);
	lib->vips_operation_block_set("VipsForeignLoadJpeg", FALSE);
	lib->vips_operation_block_set("VipsForeignLoadPng", FALSE);
	lib->vips_operation_block_set("VipsForeignLoadWebp", FALSE);
	return true;
}

bool libraries_open_zbar(struct libraries *lib)
{
	/* zbar asks iconv for these when it reads a payload, and iconv opens files; kept open, they are found in memory. */
	static const char *const codes[] = { "ISO8859-1", "SJIS", "BIG-5", "CP437" };
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		(void)iconv_open("UTF-8", codes[i]);
	return look_up(lib, "libzbar.so.0", zbar_functions,
	               sizeof zbar_functions / sizeof zbar_functions[0]);
}
