-- What the engine made of each accepted piece and from what: enough to judge it again and to remember it.
-- Under the post's author as the piece itself; a profile or a request lies under who wrote it, with post_id the
-- id of the occasion. It holds no text: erasing the piece leaves the row. scores, copies and readings are
-- doubles, least byte first; signature as in store/screenings.c. as_of_seq -1: the past was not known.
CREATE TABLE screenings (
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	revision INTEGER NOT NULL,
	author_id BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	as_of_seq BIGINT NOT NULL,
	kind INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	author_since_ms BIGINT NOT NULL,
	author_friends BIGINT NOT NULL,
	policy TEXT NOT NULL,
	model TEXT NOT NULL,
	action INTEGER NOT NULL,
	scores BLOB NOT NULL,
	copies BLOB NOT NULL,
	readings BLOB NOT NULL,
	handle BIGINT NOT NULL,
	filters BIGINT NOT NULL,
	signature BLOB NOT NULL,
	PRIMARY KEY (post_author_id, post_id, comment_id, revision)
);
CREATE INDEX screenings_by_seq ON screenings (seq);
-- Where a stretch of event time begins, without reading a row.
CREATE INDEX screenings_by_time ON screenings (at_ms, seq);
