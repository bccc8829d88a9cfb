-- What was taken back, until it stands in tombstones.log beside this file. seq goes up by one; the row with the highest stays, so that a
-- database says how far it has come, and row 0 names the log that belongs to it. record: a word and numbers.
CREATE TABLE tombstones (
	seq BIGINT NOT NULL,
	record TEXT NOT NULL,
	PRIMARY KEY (seq)
);
