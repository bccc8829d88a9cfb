-- The portable subset: every primary key begins with the shard key, ids and times come from the program,
-- no foreign keys, no triggers. Tables that lead from a unique thing to its place end in _refs, or are the
-- handles and tokens. BLOB is BYTEA on PostgreSQL.

CREATE TABLE people (
	person_id BIGINT NOT NULL,
	handle TEXT NOT NULL,
	handle_key TEXT NOT NULL,
	display_name TEXT NOT NULL,
	note TEXT NOT NULL,
	role INTEGER NOT NULL,
	status INTEGER NOT NULL,
	look_back INTEGER NOT NULL,
	created_at_ms BIGINT NOT NULL,
	invited_by_id BIGINT NOT NULL,
	PRIMARY KEY (person_id)
);

CREATE TABLE handles (
	handle_key TEXT NOT NULL,
	person_id BIGINT NOT NULL,
	PRIMARY KEY (handle_key)
);

CREATE TABLE passwords (
	person_id BIGINT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (person_id)
);

-- person_id counts friend_id as a friend: two rows a friendship.
CREATE TABLE ties (
	person_id BIGINT NOT NULL,
	friend_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, friend_id)
);

CREATE TABLE requests (
	person_id BIGINT NOT NULL,
	asker_id BIGINT NOT NULL,
	word TEXT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, asker_id)
);
CREATE INDEX requests_by_asker ON requests (asker_id, created_at_ms);

CREATE TABLE blocks (
	person_id BIGINT NOT NULL,
	blocked_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, blocked_id)
);

CREATE TABLE hides (
	person_id BIGINT NOT NULL,
	other_id BIGINT NOT NULL,
	kind INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, other_id, kind)
);

CREATE TABLE lists (
	person_id BIGINT NOT NULL,
	list_id BIGINT NOT NULL,
	title TEXT NOT NULL,
	deleted INTEGER NOT NULL,
	PRIMARY KEY (person_id, list_id)
);
CREATE INDEX lists_by_id ON lists (list_id);

CREATE TABLE list_members (
	person_id BIGINT NOT NULL,
	list_id BIGINT NOT NULL,
	member_id BIGINT NOT NULL,
	PRIMARY KEY (person_id, list_id, member_id)
);

-- deleted_at_ms 0: living. n_mentions says whether there is anything to look for in post_mentions.
CREATE TABLE posts (
	author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	deleted_at_ms BIGINT NOT NULL,
	audience INTEGER NOT NULL,
	n_mentions INTEGER NOT NULL,
	language TEXT NOT NULL,
	app TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (author_id, post_id)
);
-- Newest first over all authors, for readers with many friends. Holds all the scan looks at, so that it reads no post.
CREATE INDEX posts_by_id ON posts (post_id, deleted_at_ms);

CREATE TABLE post_lists (
	author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	list_id BIGINT NOT NULL,
	PRIMARY KEY (author_id, post_id, list_id)
);

CREATE TABLE post_people (
	author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	PRIMARY KEY (author_id, post_id, person_id)
);

CREATE TABLE post_mentions (
	author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	PRIMARY KEY (author_id, post_id, person_id)
);

CREATE TABLE comments (
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	author_id BIGINT NOT NULL,
	reply_to_id BIGINT NOT NULL,
	reply_to_author_id BIGINT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	deleted_at_ms BIGINT NOT NULL,
	n_mentions INTEGER NOT NULL,
	language TEXT NOT NULL,
	app TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (post_author_id, post_id, comment_id)
);

CREATE TABLE comment_mentions (
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	PRIMARY KEY (post_author_id, post_id, comment_id, person_id)
);

CREATE TABLE likes (
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	liker_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (post_author_id, post_id, liker_id)
);
CREATE INDEX likes_by_liker ON likes (liker_id, at_ms);

-- A status id once given leads here for good, so that it is never given again.
CREATE TABLE status_refs (
	status_id BIGINT NOT NULL,
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	PRIMARY KEY (status_id)
);

CREATE TABLE retries (
	person_id BIGINT NOT NULL,
	retry_key TEXT NOT NULL,
	status_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, retry_key)
);
CREATE INDEX retries_by_time ON retries (person_id, at_ms);

CREATE TABLE measures (
	subject_id BIGINT NOT NULL,
	measure_id BIGINT NOT NULL,
	kind INTEGER NOT NULL,
	state INTEGER NOT NULL,
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	rule TEXT NOT NULL,
	policy TEXT NOT NULL,
	evidence TEXT NOT NULL,
	starts_at_ms BIGINT NOT NULL,
	ends_at_ms BIGINT NOT NULL,
	by_id BIGINT NOT NULL,
	decided_by_id BIGINT NOT NULL,
	decided_at_ms BIGINT NOT NULL,
	decision_note TEXT NOT NULL,
	PRIMARY KEY (subject_id, measure_id)
);
-- state 0: active. Few are at any time.
CREATE INDEX measures_open ON measures (kind, ends_at_ms, measure_id) WHERE state = 0;

CREATE TABLE measure_refs (
	measure_id BIGINT NOT NULL,
	subject_id BIGINT NOT NULL,
	PRIMARY KEY (measure_id)
);

-- What measures say of a piece, beside the piece: until when its latest hold keeps it back. An index, not a source.
CREATE TABLE holds (
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	measure_id BIGINT NOT NULL,
	held_until_ms BIGINT NOT NULL,
	PRIMARY KEY (post_author_id, post_id, comment_id)
);

CREATE TABLE accesses (
	reviewer_id BIGINT NOT NULL,
	measure_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (reviewer_id, measure_id, at_ms)
);
CREATE INDEX accesses_by_measure ON accesses (measure_id);

CREATE TABLE notices (
	reader_id BIGINT NOT NULL,
	notice_id BIGINT NOT NULL,
	kind INTEGER NOT NULL,
	actor_id BIGINT NOT NULL,
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	measure_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (reader_id, notice_id)
);
CREATE INDEX notices_by_id ON notices (notice_id);

CREATE TABLE markers (
	reader_id BIGINT NOT NULL,
	timeline TEXT NOT NULL,
	last_read_id BIGINT NOT NULL,
	version INTEGER NOT NULL,
	updated_at_ms BIGINT NOT NULL,
	PRIMARY KEY (reader_id, timeline)
);

CREATE TABLE sessions (
	person_id BIGINT NOT NULL,
	session_id BIGINT NOT NULL,
	token_hash BLOB NOT NULL,
	app_id BIGINT NOT NULL,
	kind INTEGER NOT NULL,
	scopes INTEGER NOT NULL,
	scope_words TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	last_used_at_ms BIGINT NOT NULL,
	expires_at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, session_id)
);
CREATE INDEX sessions_by_id ON sessions (session_id);

CREATE TABLE tokens (
	token_hash BLOB NOT NULL,
	person_id BIGINT NOT NULL,
	session_id BIGINT NOT NULL,
	PRIMARY KEY (token_hash)
);

CREATE TABLE resets (
	person_id BIGINT NOT NULL,
	secret_hash BLOB NOT NULL,
	expires_at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id)
);

CREATE TABLE reset_refs (
	secret_hash BLOB NOT NULL,
	person_id BIGINT NOT NULL,
	PRIMARY KEY (secret_hash)
);

CREATE TABLE invites (
	person_id BIGINT NOT NULL,
	invite_id BIGINT NOT NULL,
	uses_max INTEGER NOT NULL,
	uses_left INTEGER NOT NULL,
	created_at_ms BIGINT NOT NULL,
	expires_at_ms BIGINT NOT NULL,
	revoked INTEGER NOT NULL,
	PRIMARY KEY (person_id, invite_id)
);
CREATE INDEX invites_by_id ON invites (invite_id);

CREATE TABLE invite_refs (
	code_hash BLOB NOT NULL,
	person_id BIGINT NOT NULL,
	invite_id BIGINT NOT NULL,
	PRIMARY KEY (code_hash)
);

CREATE TABLE apps (
	app_id BIGINT NOT NULL,
	client_id TEXT NOT NULL,
	client_secret BLOB NOT NULL,
	name TEXT NOT NULL,
	website TEXT NOT NULL,
	redirect_uris TEXT NOT NULL,
	scope_words TEXT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	PRIMARY KEY (app_id)
);

CREATE TABLE app_refs (
	client_id TEXT NOT NULL,
	app_id BIGINT NOT NULL,
	PRIMARY KEY (client_id)
);

CREATE TABLE codes (
	person_id BIGINT NOT NULL,
	secret_hash BLOB NOT NULL,
	app_id BIGINT NOT NULL,
	redirect_uri TEXT NOT NULL,
	scope_words TEXT NOT NULL,
	challenge TEXT NOT NULL,
	expires_at_ms BIGINT NOT NULL,
	PRIMARY KEY (person_id, secret_hash)
);

CREATE TABLE code_refs (
	secret_hash BLOB NOT NULL,
	person_id BIGINT NOT NULL,
	PRIMARY KEY (secret_hash)
);
