-- Words of posts, case and width folded, for search; rowid is the post's id. SQLite's own (FTS5, trigrams: any three characters in a row,
-- in any script); an engine without it keeps the same words in a plain table with an index of its kind. Detailed, because a search is
-- for a phrase; deleted rows are merged away by the sweep, since until then their trigrams lie in old segments.
CREATE VIRTUAL TABLE post_words USING fts5(words, tokenize = 'trigram case_sensitive 1');
INSERT INTO post_words (rowid, words) SELECT post_id, lower(text) FROM posts WHERE deleted_at_ms = 0 AND text <> '';

-- What a reader wants to be kept out of sight or behind a warning. contexts: bits of home 1, notifications 2, public 4, thread 8,
-- account 16. action 0: warn, 1: hide. expires_at_ms 0: never.
CREATE TABLE filters (
	reader_id BIGINT NOT NULL,
	filter_id BIGINT NOT NULL,
	title TEXT NOT NULL,
	contexts INTEGER NOT NULL,
	action INTEGER NOT NULL,
	expires_at_ms BIGINT NOT NULL,
	PRIMARY KEY (reader_id, filter_id)
);

CREATE TABLE filter_words (
	reader_id BIGINT NOT NULL,
	filter_id BIGINT NOT NULL,
	word_id BIGINT NOT NULL,
	word TEXT NOT NULL,
	whole_word INTEGER NOT NULL,
	PRIMARY KEY (reader_id, filter_id, word_id)
);
