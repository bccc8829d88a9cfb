-- What a person signs in with beside a password. New columns stand at their "none" for older rows.

-- second_factor: whether one is set (a confirmed code app or a passkey). second_factor_from_ms: from when keeper and
-- steward need one, 0 until they first signed in. demo: an account for showing the circle, which needs none.
ALTER TABLE people ADD COLUMN second_factor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN second_factor_from_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN demo INTEGER NOT NULL DEFAULT 0;
-- By what the session was let in beside the password: enum session_factor.
ALTER TABLE sessions ADD COLUMN factor INTEGER NOT NULL DEFAULT 0;

-- A code app (RFC 6238). The secret has to be in clear, since every code is reckoned from it. last_step: the time step
-- of the last code that was used, so that none works twice. confirmed 0: shown, but no code of it was ever seen.
CREATE TABLE totps (
	person_id BIGINT NOT NULL,
	secret BLOB NOT NULL,
	last_step BIGINT NOT NULL,
	confirmed INTEGER NOT NULL,
	PRIMARY KEY (person_id)
);

-- algorithm: COSE (-7 ES256, -8 EdDSA, -257 RS256); public_key as libfido2 has it; transports: words with spaces between.
CREATE TABLE passkeys (
	person_id BIGINT NOT NULL,
	passkey_id BIGINT NOT NULL,
	credential_hash BLOB NOT NULL,
	credential BLOB NOT NULL,
	algorithm INTEGER NOT NULL,
	public_key BLOB NOT NULL,
	sign_count BIGINT NOT NULL,
	name TEXT NOT NULL,
	transports TEXT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	last_used_at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, passkey_id)
);
CREATE INDEX passkeys_by_id ON passkeys (passkey_id);
CREATE TABLE passkey_refs (
	credential_hash BLOB NOT NULL,
	person_id BIGINT NOT NULL,
	passkey_id BIGINT NOT NULL,
	PRIMARY KEY (credential_hash)
);

-- Unused ones alone: a code that was used is gone.
CREATE TABLE recovery_codes (
	person_id BIGINT NOT NULL,
	code_hash BLOB NOT NULL,
	PRIMARY KEY (person_id, code_hash)
);

-- Browsers in which somebody signed in once: their guesses are counted apart (circle/throttle.h). One browser may be
-- known for several people.
CREATE TABLE devices (
	device_hash BLOB NOT NULL,
	person_id BIGINT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	PRIMARY KEY (device_hash, person_id)
);
CREATE INDEX devices_by_person ON devices (person_id, created_at_ms, device_hash);
