/* session.h - ways in: sessions, tokens, invitations, reset links, apps. Only hashes of secrets are ever stored. */
#ifndef KITH_MODEL_SESSION_H
#define KITH_MODEL_SESSION_H

#include "base/str.h"
#include "model/id.h"

#define SECRET_HASH_BYTES 32 /* BLAKE2b-256 of the secret */

typedef struct {
	unsigned char b[SECRET_HASH_BYTES];
} secret_hash;

enum session_kind { SESSION_BROWSER, SESSION_APP, SESSION_SHELL };
/* What let it in beside the password. A passkey alone stands for both. */
enum session_factor {
	FACTOR_NONE,
	FACTOR_TOTP,
	FACTOR_RECOVERY,
	FACTOR_PASSKEY,
	FACTOR_PASSKEY_ALONE
};

enum scope {
	SCOPE_READ = 1,
	SCOPE_WRITE = 2,
	SCOPE_FOLLOW = 4,
	SCOPE_PUSH = 8,
	SCOPE_PROFILE = 16,
	SCOPE_SCREEN = 32,
	SCOPE_ALL = SCOPE_READ | SCOPE_WRITE | SCOPE_FOLLOW | SCOPE_PUSH | SCOPE_PROFILE
};

struct session {
	session_id id;
	person_id person;
	app_id app; /* 0 for browser and shell */
	enum session_kind kind;
	unsigned scopes; /* enum scope bits */
	str scope_words; /* as granted, for the app: "read write follow" */
	str user_agent;
	enum session_factor factor;
	int64_t created_at_ms, last_used_at_ms, expires_at_ms; /* expires 0: until revoked */
};

struct app {
	app_id id;
	str client_id;
	str name, website;
	str redirect_uris; /* newline-separated */
	str scope_words;
	int64_t created_at_ms;
};

struct oauth_code {
	app_id app;
	person_id person;
	str redirect_uri;
	str scope_words;
	str challenge; /* S256 of PKCE, or empty */
	int64_t expires_at_ms;
};

struct invite {
	invite_id id;
	person_id by;
	int uses_max, uses_left;
	int64_t created_at_ms, expires_at_ms;
	bool revoked;
};

#endif
