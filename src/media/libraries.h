/* libraries.h - libvips and zbar, loaded in the darkroom alone.
 *
 * They bring a hundred shared libraries with them: linked into the program they would cost every command 60 ms and 17 MB, and put
 * decoders into the server, where nothing may decode. So the program knows their functions by type and looks them up when a child is
 * about to be a darkroom. */
#ifndef KITH_MEDIA_LIBRARIES_H
#define KITH_MEDIA_LIBRARIES_H

#include <vips/vips.h>
#include <zbar.h>

#include <stdbool.h>

#define VIPS_FUNCTIONS(_)                                                                          \
	_(vips_init)                                                                               \
	_(vips_cache_set_max)                                                                      \
	_(vips_concurrency_set)                                                                    \
	_(vips_operation_block_set)                                                                \
	_(vips_jpegload_buffer)                                                                    \
	_(vips_pngload_buffer)                                                                     \
	_(vips_webpload_buffer)                                                                    \
	_(vips_thumbnail_buffer)                                                                   \
	_(vips_thumbnail_image)                                                                    \
	_(vips_colourspace)                                                                        \
	_(vips_flatten)                                                                            \
	_(vips_cast)                                                                               \
	_(vips_array_double_newv)                                                                  \
	_(vips_embed)                                                                              \
	_(vips_resize)                                                                             \
	_(vips_image_new_from_memory)                                                              \
	_(vips_image_hasalpha)                                                                     \
	_(vips_image_write_to_memory)                                                              \
	_(vips_region_new)                                                                         \
	_(vips_region_prepare)                                                                     \
	_(vips_jpegsave_buffer)                                                                    \
	_(vips_webpsave_buffer)                                                                    \
	_(g_object_unref)                                                                          \
	_(g_log_set_writer_func)                                                                   \
	_(g_free)

#define ZBAR_FUNCTIONS(_)                                                                          \
	_(zbar_image_scanner_create)                                                               \
	_(zbar_image_scanner_set_config)                                                           \
	_(zbar_scan_image)                                                                         \
	_(zbar_image_create)                                                                       \
	_(zbar_image_set_format)                                                                   \
	_(zbar_image_set_size)                                                                     \
	_(zbar_image_set_data)                                                                     \
	_(zbar_image_first_symbol)                                                                 \
	_(zbar_symbol_next)                                                                        \
	_(zbar_symbol_get_type)                                                                    \
	_(zbar_symbol_get_data)                                                                    \
	_(zbar_symbol_get_data_length)

/* Each under its own name: `lib->vips_init`. */
struct libraries {
#define FIELD(name) __typeof__(&(name)) name;
	VIPS_FUNCTIONS(FIELD)
	ZBAR_FUNCTIONS(FIELD)
#undef FIELD
};

/* Loads and readies both; what they would open later, on a picture's account, is open then. Never unloaded. */
bool libraries_open_vips(struct libraries *lib);
bool libraries_open_zbar(struct libraries *lib);

#endif
