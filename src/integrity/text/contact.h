/* contact.h - ways to reach somebody, named plainly or so that a filter misses them.
 *
 * An honest person writes the name of a service; whoever writes 薇❤, 扣扣 or t3legr4m has met a filter before. Found by sound,
 * shape and place: a word that sounds like the service, beside "add" or beside something that looks like an id. A word that merely
 * names a service ("the photos are on Instagram") is no contact; a name that was hidden is one even alone. */
#ifndef KITH_INTEGRITY_TEXT_CONTACT_H
#define KITH_INTEGRITY_TEXT_CONTACT_H

#include "integrity/text/views.h"

enum contact_kind {
	CONTACT_PLAIN, /* 微信 lin88, WhatsApp +61 ...: honest by itself */
	CONTACT_SLANG, /* vx, V信, 加微: what many people write out of habit */
	CONTACT_DISGUISED /* a homophone, a look-alike, noise or leet inside, a number in other signs */
};

enum contact_service {
	CONTACT_WECHAT,
	CONTACT_QQ,
	CONTACT_PHONE,
	CONTACT_TELEGRAM,
	CONTACT_WHATSAPP,
	CONTACT_LINE,
	CONTACT_SIGNAL,
	CONTACT_INSTAGRAM,
	CONTACT_FACEBOOK,
	CONTACT_SNAPCHAT,
	CONTACT_OTHER, /* another platform, named beside an id */
	CONTACT_MAIL,
	CONTACT_LINK,    /* a web address; its handle is the whole of it */
	CONTACT_MESSAGE, /* "write to me here": has no handle */
	CONTACT_SERVICES
};

struct contact {
	enum contact_kind kind;
	enum contact_service service;
	bool link;         /* a web address, also where it leads to a service: t.me/... */
	uint32_t from, to; /* the word and the handle: bytes of the original */
	uint32_t handle_from, handle_to; /* equal when there is none */
};

#define CONTACTS_MAX 16 /* one text says enough with these */
/* In order of place, not overlapping; returns how many. Of more than there is room for a disguised one replaces the last.
 * Time is linear in the text; what holds no sign of a contact costs one look at each symbol. */
size_t contact_find(const struct views *views, struct arena *mem, struct contact out[CONTACTS_MAX]);
/* The same for who looks for more in the text: its lexemes stay in `mem` and in `*lexemes`, which begins zeroed and stays so when
 * there was no need to read them. */
struct lexemes;
size_t contact_find_in(const struct views *views, struct lexemes *lexemes, struct arena *mem,
                       struct contact out[CONTACTS_MAX]);
/* Disguise effort of all of them, on the scale of views_effort. */
double contact_effort(const struct contact *contacts, size_t n);
/* "wechat", "phone", ...: as in JSON. */
const char *contact_service_name(enum contact_service service);

#endif
