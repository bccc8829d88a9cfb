/* contact_name.h - the name of a service, in whatever form, at one place of a text. Whether it is a contact, what stands around it
 * decides (contact.c). */
#ifndef KITH_INTEGRITY_TEXT_CONTACT_NAME_H
#define KITH_INTEGRITY_TEXT_CONTACT_NAME_H

#include "integrity/text/lexemes.h"

struct contact_name {
	size_t lexemes; /* 0: none */
	enum contact_service service;
	enum contact_kind kind;
	enum word_role role;
	bool letter;  /* one letter or character, which may be part of a name or a thing */
	bool literal; /* 微信 as it is */
};

struct contact_name contact_name_at(const struct lexemes *l, size_t i);
/* The name that a row of contact_words is, of so many lexemes. */
struct contact_name contact_name_of(const struct contact_word *word, size_t lexemes);

#endif
