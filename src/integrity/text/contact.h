/* contact.h - ways to reach somebody, named plainly or so that a filter misses them.
 *
 * An honest person writes the name of a service; whoever writes 薇❤, V信, 扣扣 or t3legr4m has met a filter before. Found by
 * sound, shape and place: a word that sounds like the service, beside "add" or beside something that looks like an id. */
#ifndef KITH_INTEGRITY_TEXT_CONTACT_H
#define KITH_INTEGRITY_TEXT_CONTACT_H

#include "integrity/text/views.h"

enum contact_kind {
	CONTACT_PLAIN, /* 微信 lin88, WhatsApp +61 ...: honest by itself */
	CONTACT_SLANG, /* vx, wx, 加微: what many people write out of habit */
	CONTACT_DISGUISED /* a homophone, a look-alike, noise or leet inside, a number in other signs */
};

struct contact {
	enum contact_kind kind;
	uint32_t from, to;               /* the word and the handle: bytes of the original */
	uint32_t handle_from, handle_to; /* equal when there is none */
};

#define CONTACTS_MAX 16 /* one text says enough with these */
/* In order of place within each way of looking; returns how many. */
size_t contact_find(const struct views *views, struct arena *mem, struct contact out[CONTACTS_MAX]);
/* Disguise effort of all of them, on the scale of views_effort. */
double contact_effort(const struct contact *contacts, size_t n);

#endif
