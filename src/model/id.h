/* id.h - ids are types, so the compiler refuses to mix them. 0 means none.
 *
 * All are 63-bit snowflakes from one generator (base/snowflake.h): unique across kinds and sorted by time. */
#ifndef KITH_MODEL_ID_H
#define KITH_MODEL_ID_H

#include <stdint.h>

typedef struct {
	int64_t v;
} person_id;
typedef struct {
	int64_t v;
} post_id;
typedef struct {
	int64_t v;
} comment_id;
typedef struct {
	int64_t v;
} list_id;
typedef struct {
	int64_t v;
} measure_id;
typedef struct {
	int64_t v;
} session_id;
typedef struct {
	int64_t v;
} notice_id;
typedef struct {
	int64_t v;
} invite_id;
typedef struct {
	int64_t v;
} app_id;
typedef struct {
	int64_t v;
} media_id;
typedef struct {
	int64_t v;
} group_id;
typedef struct {
	int64_t v;
} version_id;
typedef struct {
	int64_t v;
} filter_id;
typedef struct {
	int64_t v;
} passkey_id;
typedef struct {
	int64_t v;
} case_id;
typedef struct {
	int64_t v;
} report_id;
typedef struct {
	int64_t v;
} complaint_id;
typedef struct {
	int64_t v;
} appeal_id;

#endif
