/* limits.h - every size a person can reach, in one place. Code points unless said otherwise. */
#ifndef KITH_MODEL_LIMITS_H
#define KITH_MODEL_LIMITS_H

#define POST_TEXT_MAX 2000
#define COMMENT_TEXT_MAX 2000
#define HANDLE_MIN 2
#define HANDLE_MAX 30
#define DISPLAY_NAME_MAX 60
#define NOTE_MAX 500
#define WORD_MAX 200 /* a friend request's word */
#define LIST_TITLE_MAX 60
#define LISTS_MAX 100 /* tags a person may keep */
#define AUDIENCE_LISTS_MAX 50
#define AUDIENCE_PEOPLE_MAX 500
#define AUDIENCE_CLAUSES_MAX 8 /* earlier audiences a narrowed post still has to heed */
#define MENTIONS_MAX 10
#define PLACE_MAX 60
#define CARD_TITLE_MAX 120
#define CARD_ABOUT_MAX 300
#define CARD_URL_MAX_BYTES 2048
#define VERSIONS_MAX 50 /* changes of one piece */
#define QUESTION_MAX 120
#define ANSWER_MAX 60
#define MEDIA_MAX 9 /* pictures of one post */
#define MEDIA_MAX_BYTES ((size_t)20 << 20)
#define MEDIA_MAX_PIXELS (INT64_C(50) * 1000 * 1000)
#define MEDIA_UNUSED_MAX                                                                           \
	500 /* pictures one person may have lying about, for a day: an album is brought at once */
#define MEDIA_UNUSED_MS (INT64_C(24) * 3600 * 1000)
#define ALT_TEXT_MAX 1500
#define FILTERS_MAX 100
#define FILTER_WORDS_MAX 50
#define FILTER_TITLE_MAX 100
#define FILTER_WORD_MAX 100
#define GROUP_TITLE_MAX 60
#define GROUP_ABOUT_MAX 500
#define GROUP_MEMBERS_MAX 500 /* invited ones count */
#define GROUPS_MAX 200        /* one person may be in */
#define FRIENDS_MAX_DEFAULT 5000
#define REQUESTS_OPEN_MAX 500 /* requests one person may have open */
#define PASSWORD_MIN 8
#define PASSWORD_MAX_BYTES 1024
#define PASSKEYS_MAX 20                   /* one person may have */
#define PASSKEY_CREDENTIAL_MAX_BYTES 1023 /* WebAuthn level 2, section 7.1 */
#define PASSKEY_NAME_MAX 60
#define RECOVERY_CODES 10
#define DEVICES_MAX 20 /* browsers a person is known by */
#define HOLD_MS                                                                                    \
	(INT64_C(2) * 24 * 3600 *                                                                  \
	 1000) /* without a decision the piece appears: the clock is on us */
#define HOLD_FORBIDDEN_WORKING_DAYS                                                                \
	5 /* the same for forbidden goods, fraud and fakes, which somebody should really look at */

#endif
