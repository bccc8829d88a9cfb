-- How a piece changed: what waits, and the audiences a post had before.

-- The change of a piece that waits, or that was not let through: for its author. 0: none.
ALTER TABLE posts ADD COLUMN pending_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN pending_id BIGINT NOT NULL DEFAULT 0;
-- What held this version back, once; 0: nothing did.
ALTER TABLE versions ADD COLUMN measure_id BIGINT NOT NULL DEFAULT 0;

-- A narrowed post keeps the audiences it had, newest first, that the present one does not contain: all of them must admit.
ALTER TABLE posts ADD COLUMN n_clauses INTEGER NOT NULL DEFAULT 0;
CREATE TABLE post_clauses (
	author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	clause INTEGER NOT NULL,
	audience INTEGER NOT NULL,
	PRIMARY KEY (author_id, post_id, clause)
);
-- kind 1: a tag, 2: a person.
CREATE TABLE post_clause_names (
	author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	clause INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	named_id BIGINT NOT NULL,
	PRIMARY KEY (author_id, post_id, clause, kind, named_id)
);
