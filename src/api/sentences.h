/* sentences.h - what an answer says is wrong, in Chinese: the rooms below say it in English (base/err.h).
 *
 * A new sentence gets its row here with it; what a policy says comes in both languages, the English line first. */
#ifndef KITH_API_SENTENCES_H
#define KITH_API_SENTENCES_H

/* The same in Chinese; NULL where there is none, as of a fault in a policy, which names the policy's own words. */
const char *sentences_chinese(const char *said);

#endif
