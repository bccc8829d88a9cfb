#include "circle/audit_record.h"

#include "base/buf.h"
#include "base/encode.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#define CHAIN 0x02
#define BLIND_BYTES 16

/* ---- hashes ---- */

struct merkle_hash audit_record_chain(const struct merkle_hash *before, str record)
{
	static const unsigned char prefix = CHAIN;
	struct merkle_hash out;
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, MERKLE_BYTES);
	crypto_generichash_update(&state, &prefix, 1);
	crypto_generichash_update(&state, before->b, MERKLE_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)record.p, record.n);
	crypto_generichash_final(&state, out.b, MERKLE_BYTES);
	return out;
}

static void hide(const unsigned char *key, size_t key_bytes, str name, str value,
                 char out[AUDIT_HIDDEN_BYTES])
{
	unsigned char hash[MERKLE_BYTES];
	char hex[2 * MERKLE_BYTES + 1];
	crypto_generichash_state state;
	crypto_generichash_init(&state, key, key_bytes, sizeof hash);
	crypto_generichash_update(&state, (const unsigned char *)name.p, name.n);
	crypto_generichash_update(&state, (const unsigned char *)"=", 1);
	crypto_generichash_update(&state, (const unsigned char *)value.p, value.n);
	crypto_generichash_final(&state, hash, sizeof hash);
	sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
	out[0] = '~';
	memcpy(out + 1, hex, sizeof hex - 1);
}

void audit_record_hide(const unsigned char salt[AUDIT_SALT_BYTES], str name, str value,
                       char out[AUDIT_HIDDEN_BYTES])
{
	hide(salt, AUDIT_SALT_BYTES, name, value, out);
}

void audit_record_seal(const unsigned char salt[AUDIT_SALT_BYTES],
                       const unsigned char house[AUDIT_SALT_BYTES], str name, str value,
                       char out[AUDIT_HIDDEN_BYTES])
{
	unsigned char key[MERKLE_BYTES];
	crypto_generichash(key, sizeof key, house, AUDIT_SALT_BYTES, salt, AUDIT_SALT_BYTES);
	hide(key, sizeof key, name, value, out);
}

static str decimal(int64_t v, char out[24])
{
	int n = snprintf(out, 24, "%" PRId64, v);
	return (str){ out, (size_t)n };
}

/* ---- writing ---- */

static const person_id nobody = { 0 };

struct writing {
	const struct audit_entry *entry;
	int64_t seq;
	struct chance chance;
	struct audit_draft *out;
	struct buf b;
};

/* One salt a person; the one of who is concerned is made first. */
static const struct audit_salt *salt_of(struct writing *w, person_id person)
{
	for (size_t i = 0; i < w->out->n_salts; i++)
		if (w->out->salts[i].person.v == person.v)
			return &w->out->salts[i];
	struct audit_salt *salt = &w->out->salts[w->out->n_salts++];
	*salt = (struct audit_salt){ .person = person,
		                     .seq = w->seq,
		                     .concerned = person.v == w->entry->concerned.v };
	chance_fill(w->chance, salt->salt, sizeof salt->salt);
	return salt;
}

static void add_word(struct buf *b, str word)
{
	for (size_t i = 0; i < word.n; i++) {
		unsigned char c = (unsigned char)word.p[i];
		if (c < ' ' || c > '~' - 1 || c == '%')
			buf_format(b, "%%%02X", c);
		else
			buf_char(b, (char)c);
	}
}

static void add_hidden(struct writing *w, person_id whose, const char *name, str value)
{
	char hidden[AUDIT_HIDDEN_BYTES];
	audit_record_hide(salt_of(w, whose)->salt, str_of(name), value, hidden);
	buf_format(&w->b, "%s=%.*s\n", name, (int)sizeof hidden, hidden);
}

static void add_sealed(struct writing *w, const char *name, str value)
{
	const struct audit_salt *salt = salt_of(w, w->entry->concerned);
	char hidden[AUDIT_HIDDEN_BYTES];
	audit_record_seal(salt->salt, salt_of(w, nobody)->salt, str_of(name), value, hidden);
	buf_format(&w->b, "%s=%.*s\n", name, (int)sizeof hidden, hidden);
}

static void add_person(struct writing *w, const char *name, person_id person)
{
	char text[24];
	add_hidden(w, person, name, decimal(person.v, text));
}

static bool is_name(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name) &&
	       strcmp(name, "seq") != 0 && strcmp(name, "at") != 0 && strcmp(name, "blind") != 0 &&
	       strcmp(name, "for") != 0 && strcmp(name, "house") != 0;
}

static void add_field(struct writing *w, const struct audit_field *field)
{
	assert(is_name(field->name));
	switch (field->kind) {
	case AUDIT_NUMBER:
		buf_format(&w->b, "%s=%" PRId64 "\n", field->name, field->number);
		break;
	case AUDIT_WORD:
		buf_format(&w->b, "%s=", field->name);
		add_word(&w->b, field->text);
		buf_char(&w->b, '\n');
		break;
	case AUDIT_PERSON:
		if (field->number == 0)
			buf_format(&w->b, "%s=0\n", field->name);
		else
			add_person(w, field->name, (person_id){ field->number });
		break;
	case AUDIT_TEXT:
		add_hidden(w, w->entry->concerned, field->name, field->text);
		break;
	case AUDIT_SEALED:
		add_sealed(w, field->name, field->text);
		break;
	}
}

static bool has(const struct audit_entry *entry, enum audit_field_kind kind)
{
	for (size_t i = 0; i < entry->n; i++)
		if (entry->fields[i].kind == kind)
			return true;
	return false;
}

err audit_record_write(const struct audit_entry *entry, int64_t seq, int64_t now_ms,
                       struct chance chance, struct arena *mem, struct audit_draft *out)
{
	struct writing w = { .entry = entry, .seq = seq, .chance = chance, .out = out };
	unsigned char blind[BLIND_BYTES];
	str hex;
	assert(entry->n <= AUDIT_FIELDS_MAX);
	*out = (struct audit_draft){ 0 };
	chance_fill(chance, blind, sizeof blind);
	hex = hex_of(mem, blind, sizeof blind);
	buf_init(&w.b, mem, AUDIT_RECORD_MAX_BYTES);
	buf_format(&w.b, "%s\nseq=%" PRId64 "\nat=%" PRId64 "\nblind=%.*s\n", entry->kind, seq,
	           now_ms, STR_ARG(hex));
	if (entry->concerned.v != 0 || has(entry, AUDIT_TEXT) || has(entry, AUDIT_SEALED))
		add_person(&w, "for", entry->concerned);
	if (entry->concerned.v != 0 && has(entry, AUDIT_SEALED))
		add_person(&w, "house", nobody);
	for (size_t i = 0; i < entry->n; i++)
		add_field(&w, &entry->fields[i]);
	out->record = buf_str(&w.b);
	return w.b.full ? err_system("a record of the log is too long") : OK;
}

/* ---- reading ---- */

/* A line as it was written: "name=value" with nothing in the value that would have been escaped. */
static bool read_line(str line, struct audit_line *out)
{
	size_t at = 0;
	while (at < line.n && ((line.p[at] >= 'a' && line.p[at] <= 'z') || line.p[at] == '-'))
		at++;
	if (at == 0 || at == line.n || line.p[at] != '=')
		return false;
	out->name = str_slice(line, 0, at);
	out->value = str_slice(line, at + 1, line.n);
	for (size_t i = 0; i < out->value.n; i++)
		if (out->value.p[i] < ' ' || out->value.p[i] > '~')
			return false;
	return true;
}

static bool read_number(const struct audit_line *line, str name, int64_t *out)
{
	char text[24];
	return str_eq(line->name, name) && str_to_i64(line->value, out) &&
	       str_eq(decimal(*out, text), line->value);
}

static bool is_kind_letter(char c) { return (c >= 'a' && c <= 'z') || c == '.' || c == '-'; }

bool audit_record_read(str record, struct audit_parts *out)
{
	str rest = record;
	*out = (struct audit_parts){ 0 };
	if (record.n == 0 || record.p[record.n - 1] != '\n')
		return false;
	out->kind = str_cut(&rest, '\n');
	for (size_t i = 0; i < out->kind.n; i++)
		if (!is_kind_letter(out->kind.p[i]))
			return false;
	while (rest.n > 0) {
		if (out->n == AUDIT_LINES_MAX ||
		    !read_line(str_cut(&rest, '\n'), &out->lines[out->n++]))
			return false;
	}
	return out->kind.n > 0 && out->n >= 3 && read_number(&out->lines[0], S("seq"), &out->seq) &&
	       read_number(&out->lines[1], S("at"), &out->at_ms) &&
	       str_eq(out->lines[2].name, S("blind")) &&
	       out->lines[2].value.n == (size_t)2 * BLIND_BYTES;
}

str audit_record_value(const struct audit_parts *parts, str name)
{
	for (size_t i = 0; i < parts->n; i++)
		if (str_eq(parts->lines[i].name, name))
			return parts->lines[i].value;
	return STR_NONE;
}

bool audit_record_names(const struct audit_parts *parts, const struct audit_salt *salt)
{
	char text[24], hidden[AUDIT_HIDDEN_BYTES];
	str id = decimal(salt->person.v, text);
	for (size_t i = 0; i < parts->n; i++) {
		const struct audit_line *line = &parts->lines[i];
		if (line->value.n != sizeof hidden || line->value.p[0] != '~' ||
		    str_eq(line->name, S("for")) != salt->concerned)
			continue;
		audit_record_hide(salt->salt, line->name, id, hidden);
		if (memcmp(hidden, line->value.p, sizeof hidden) == 0)
			return true;
	}
	return false;
}

/* ---- asking ---- */

static const struct audit_salt *find_salt(const struct audit_salt *salts, size_t n, person_id whose)
{
	for (size_t i = 0; i < n; i++)
		if (salts[i].person.v == whose.v)
			return &salts[i];
	return NULL;
}

static const struct audit_salt *concerned(const struct audit_salt *salts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (salts[i].concerned)
			return &salts[i];
	return NULL;
}

/* As a word is written, without writing it. */
static bool is_word(str value, str word)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t at = 0;
	for (size_t i = 0; i < word.n; i++) {
		unsigned char c = (unsigned char)word.p[i];
		bool plain = c >= ' ' && c < '~' && c != '%';
		if (at + (plain ? 1 : 3) > value.n)
			return false;
		if (plain ? value.p[at] != (char)c
		          : value.p[at] != '%' || value.p[at + 1] != digits[c >> 4] ||
		                    value.p[at + 2] != digits[c & 15])
			return false;
		at += plain ? 1 : 3;
	}
	return at == value.n;
}

/* Of those whose salts are here it is none but them, or nobody. */
static bool is_person(const struct audit_salt *salts, size_t n, str name, str value, int64_t id)
{
	char number[24], hidden[AUDIT_HIDDEN_BYTES];
	if (id == 0 || str_eq(value, S("0")))
		return id == 0 && str_eq(value, S("0"));
	for (size_t i = 0; i < n; i++) {
		audit_record_hide(salts[i].salt, name, decimal(salts[i].person.v, number), hidden);
		if (str_eq(value, (str){ hidden, sizeof hidden }))
			return salts[i].person.v == id;
	}
	return true;
}

bool audit_record_says(const struct audit_parts *parts, const struct audit_salt *salts, size_t n,
                       const struct audit_field *field)
{
	const struct audit_salt *salt, *house = find_salt(salts, n, nobody);
	str value = audit_record_value(parts, str_of(field->name)), name = str_of(field->name);
	char number[24], hidden[AUDIT_HIDDEN_BYTES];
	str text = decimal(field->number, number);
	switch (field->kind) {
	case AUDIT_NUMBER:
		return str_eq(value, text);
	case AUDIT_WORD:
		return is_word(value, field->text);
	case AUDIT_PERSON:
		return is_person(salts, n, name, value, field->number);
	case AUDIT_TEXT:
		salt = concerned(salts, n);
		if (salt == NULL)
			return true;
		audit_record_hide(salt->salt, name, field->text, hidden);
		break;
	default: /* sealed */
		salt = concerned(salts, n);
		if (salt == NULL || house == NULL)
			return true;
		audit_record_seal(salt->salt, house->salt, name, field->text, hidden);
		break;
	}
	return str_eq(value, (str){ hidden, sizeof hidden });
}
