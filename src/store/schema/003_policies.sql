-- Published policies. Found by their hash, which names their content; they belong to no person, and are few. state 0: in force
-- (one at most), 1: replaced by a later one, 2: withdrawn. source: all files, each as a line "BYTES NAME" and its bytes.
CREATE TABLE policies (
	hash TEXT NOT NULL,
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	state INTEGER NOT NULL,
	published_at_ms BIGINT NOT NULL,
	source BLOB NOT NULL,
	PRIMARY KEY (hash)
);
CREATE INDEX policies_by_state ON policies (state, published_at_ms);
-- What a policy did and is still in force, for the day it is withdrawn.
CREATE INDEX measures_by_policy ON measures (policy, measure_id) WHERE state = 0;
