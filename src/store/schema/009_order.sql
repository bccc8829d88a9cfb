-- The order: what waits for stewards, who reported what, appeals and juries, policies before they bind, and the log of it all.

-- decider 0: the policy, 1: a steward, 2: a jury, 3: the keeper's shell. harm 0: forbidden goods, fraud, fakes, 1: malicious marketing, 2: annoyance.
-- family: of copies, the number of the first one's screening; 0: none.
-- follows_id: the measure in whose place a jury gave this milder one, or the kept hold that this notice tells of; 0: none.
-- due_at_ms: what the clock does next to it, which is to begin it, to end it, or to drop a seal that no second steward confirmed; 0: nothing.
ALTER TABLE measures ADD COLUMN decider INTEGER NOT NULL DEFAULT 0;
ALTER TABLE measures ADD COLUMN harm INTEGER NOT NULL DEFAULT 1;
ALTER TABLE measures ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE measures ADD COLUMN case_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE measures ADD COLUMN family BIGINT NOT NULL DEFAULT 0;
ALTER TABLE measures ADD COLUMN due_at_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE measures ADD COLUMN follows_id BIGINT NOT NULL DEFAULT 0;
-- Seals had no end, and were the shell's (kind 2). Each has one now: a year.
UPDATE measures SET decider = 3 WHERE kind = 2;
UPDATE measures SET ends_at_ms = starts_at_ms + 31536000000 WHERE kind = 2 AND state = 0;
UPDATE measures SET due_at_ms = ends_at_ms WHERE state = 0 AND ends_at_ms < 9223372036854775807;
CREATE INDEX measures_due ON measures (due_at_ms, measure_id) WHERE due_at_ms <> 0;
-- Of a piece, for its "why" line and its fold.
CREATE INDEX measures_by_piece ON measures (post_author_id, post_id, comment_id);
CREATE INDEX measures_by_rule ON measures (rule, measure_id);
-- Those that somebody decided, with what is asked of them: a rule's record is counted after each decision. As in measures.c, word by word.
CREATE INDEX measures_decided_by_rule ON measures (rule, measure_id, starts_at_ms, state) WHERE NOT (kind = 4 AND decider = 0)
	AND (state = 2 OR state = 4 OR (state = 1 AND decided_by_id <> 0));
CREATE INDEX measures_by_family ON measures (family, measure_id) WHERE family <> 0;
CREATE INDEX measures_kept_by_policy ON measures (policy, measure_id) WHERE state = 2;
CREATE INDEX measures_proposed_by_policy ON measures (policy, measure_id) WHERE state = 5;
-- On a person, and no notice of a piece.
CREATE INDEX measures_of_persons ON measures (subject_id, ends_at_ms) WHERE post_id = 0;
-- How many comments somebody wrote lately.
CREATE INDEX comments_by_author ON comments (author_id, comment_id);

-- role 0: a steward, 1: a juror, 2: an expert behind a link (reviewer 0). measure_id: the measure or the case that let them look.
ALTER TABLE accesses ADD COLUMN role INTEGER NOT NULL DEFAULT 0;

-- state 0: open, 1: decided, 2: lapsed, 3: merged into another. subject 0: nobody here (a complaint from outside). version counts changes.
-- number: what stewards call it. origin 0: something of the house waits in it, 1: complaints from outside alone, 2: and it is about nobody
-- here. origin, harm, due_at_ms and priority: of its items that are not done, so that the queue needs no join.
CREATE TABLE cases (
	case_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	subject_id BIGINT NOT NULL,
	state INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	harm INTEGER NOT NULL,
	opened_at_ms BIGINT NOT NULL,
	due_at_ms BIGINT NOT NULL,
	priority BIGINT NOT NULL,
	version INTEGER NOT NULL,
	claimed_by_id BIGINT NOT NULL,
	claimed_until_ms BIGINT NOT NULL,
	decided_by_id BIGINT NOT NULL,
	decided_at_ms BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (case_id)
);
-- The queue, as in cases.c, word by word. 86,400,000 ms are a day: within one the priority counts.
CREATE INDEX cases_open ON cases (origin, (CASE WHEN origin = 0 THEN harm ELSE 0 END), (due_at_ms / 86400000), (-priority), due_at_ms, case_id)
	WHERE state = 0;
CREATE UNIQUE INDEX cases_by_number ON cases (number);
CREATE INDEX cases_by_subject ON cases (subject_id, case_id);
CREATE UNIQUE INDEX cases_open_of ON cases (subject_id) WHERE state = 0 AND subject_id <> 0;
CREATE INDEX cases_by_opening ON cases (opened_at_ms);

-- kind 0: measure, 1: report, 2: complaint, 3: appeal, 4: an answer of an expert. owner: under whom the item's own row lies. done: decided with an earlier decision.
CREATE TABLE case_items (
	case_id BIGINT NOT NULL,
	kind INTEGER NOT NULL,
	item_id BIGINT NOT NULL,
	owner_id BIGINT NOT NULL,
	family BIGINT NOT NULL,
	harm INTEGER NOT NULL,
	due_at_ms BIGINT NOT NULL,
	priority BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	done INTEGER NOT NULL,
	PRIMARY KEY (case_id, kind, item_id)
);
CREATE INDEX case_items_by_item ON case_items (kind, item_id);
CREATE INDEX case_items_waiting ON case_items (kind, item_id) WHERE done = 0;
CREATE INDEX case_items_by_family ON case_items (family) WHERE family <> 0;

-- What decisions did, so that they can be undone: what the item's own row was before; of a measure also who had decided
-- it, when and why, and its clocks (past_*). decision_id: the first deed of the same one.
CREATE TABLE case_deeds (
	case_id BIGINT NOT NULL,
	deed_id BIGINT NOT NULL,
	decision_id BIGINT NOT NULL,
	by_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	kind INTEGER NOT NULL,
	item_kind INTEGER NOT NULL,
	item_id BIGINT NOT NULL,
	owner_id BIGINT NOT NULL,
	state_before INTEGER NOT NULL,
	past_by_id BIGINT NOT NULL,
	past_at_ms BIGINT NOT NULL,
	past_starts_at_ms BIGINT NOT NULL,
	past_ends_at_ms BIGINT NOT NULL,
	past_due_at_ms BIGINT NOT NULL,
	past_note TEXT NOT NULL,
	undone INTEGER NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (case_id, deed_id)
);
CREATE INDEX case_deeds_by ON case_deeds (by_id, deed_id);

-- In which case one waits, case_items says. state 0: open, 1: right, 2: not confirmed, 3: in bad faith. category as in model/lead.h. reporter 0: gone. seen_by: how many could see
-- what was reported.
CREATE TABLE reports (
	target_id BIGINT NOT NULL,
	report_id BIGINT NOT NULL,
	reporter_id BIGINT NOT NULL,
	category INTEGER NOT NULL,
	state INTEGER NOT NULL,
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	text TEXT NOT NULL,
	seen_by INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	decided_at_ms BIGINT NOT NULL,
	PRIMARY KEY (target_id, report_id)
);
CREATE INDEX reports_by_reporter ON reports (reporter_id, report_id);
CREATE INDEX reports_pace ON reports (reporter_id, at_ms);
-- The open ones: each reporter's once a piece.
CREATE UNIQUE INDEX reports_once ON reports (reporter_id, target_id, post_id, comment_id) WHERE state = 0 AND reporter_id <> 0;
CREATE INDEX reports_open ON reports (target_id, report_id) WHERE state = 0;
CREATE INDEX reports_by_id ON reports (report_id);
-- Of a notice that tells a reporter what became of it; 0: another notice.
ALTER TABLE notices ADD COLUMN report_id BIGINT NOT NULL DEFAULT 0;

-- How good a reporter's last reports were; halved together when they come to a hundred.
CREATE TABLE reporters (
	person_id BIGINT NOT NULL,
	n_right INTEGER NOT NULL,
	n_wrong INTEGER NOT NULL,
	n_bad INTEGER NOT NULL,
	PRIMARY KEY (person_id)
);

-- From outside, without an account. Found by the secret that the complainant got. state 0: open, 1: answered. late_at_ms: when its clock
-- was found to have run out; 0: not so far. named: the post or comment whose address it holds, 0: none; it may not be here.
CREATE TABLE complaints (
	complaint_id BIGINT NOT NULL,
	secret_hash BLOB NOT NULL,
	category INTEGER NOT NULL,
	state INTEGER NOT NULL,
	contact TEXT NOT NULL,
	about TEXT NOT NULL,
	evidence TEXT NOT NULL,
	named_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	due_at_ms BIGINT NOT NULL,
	late_at_ms BIGINT NOT NULL,
	answer TEXT NOT NULL,
	answered_at_ms BIGINT NOT NULL,
	PRIMARY KEY (complaint_id)
);
CREATE UNIQUE INDEX complaints_by_secret ON complaints (secret_hash);
CREATE INDEX complaints_pace ON complaints (at_ms);
CREATE INDEX complaints_named ON complaints (named_id) WHERE state = 0 AND named_id <> 0;
CREATE INDEX complaints_open ON complaints (due_at_ms) WHERE state = 0;
-- Whose contact is still here after the answer.
CREATE INDEX complaints_contact ON complaints (answered_at_ms) WHERE state = 1 AND contact <> '';

-- A link for a rights holder or a named expert: the evidence alone, one answer. measure_id 0: a piece that was reported.
-- answer 0: none yet, 1: it is so, 2: it is not, 3: cannot say.
CREATE TABLE case_links (
	secret_hash BLOB NOT NULL,
	link_id BIGINT NOT NULL,
	case_id BIGINT NOT NULL,
	subject_id BIGINT NOT NULL,
	measure_id BIGINT NOT NULL,
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	whom TEXT NOT NULL,
	made_by_id BIGINT NOT NULL,
	made_at_ms BIGINT NOT NULL,
	expires_at_ms BIGINT NOT NULL,
	answer INTEGER NOT NULL,
	words TEXT NOT NULL,
	answered_at_ms BIGINT NOT NULL,
	PRIMARY KEY (secret_hash)
);
CREATE INDEX case_links_by_case ON case_links (case_id, link_id);

-- number: what it is called, and what the draw is seeded with. nth 1: the appeal, 2: one more on new facts. way 0: a steward, 1: a jury, 2: nobody left, so that it lapses. step: which relaxation of the
-- draw applied. Who made the measure never decides its appeal.
CREATE TABLE appeals (
	subject_id BIGINT NOT NULL,
	appeal_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	measure_id BIGINT NOT NULL,
	nth INTEGER NOT NULL,
	state INTEGER NOT NULL,
	words TEXT NOT NULL,
	filed_at_ms BIGINT NOT NULL,
	due_at_ms BIGINT NOT NULL,
	way INTEGER NOT NULL,
	step INTEGER NOT NULL,
	seats INTEGER NOT NULL,
	root_day INTEGER NOT NULL,
	root BLOB NOT NULL,
	list_hash BLOB NOT NULL,
	measure_by_id BIGINT NOT NULL,
	decided_by_id BIGINT NOT NULL,
	decided_at_ms BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (subject_id, appeal_id),
	CHECK (decided_by_id = 0 OR decided_by_id <> measure_by_id)
);
CREATE UNIQUE INDEX appeals_once ON appeals (measure_id, nth);
CREATE UNIQUE INDEX appeals_by_number ON appeals (number);
CREATE INDEX appeals_open ON appeals (due_at_ms, appeal_id) WHERE state = 0;
CREATE TABLE appeal_refs (
	appeal_id BIGINT NOT NULL,
	subject_id BIGINT NOT NULL,
	PRIMARY KEY (appeal_id)
);

-- number: random, public, tells nothing, and stays who comes back. until_ms 0: still willing. n_asked counts known cases too; of those
-- n_checked were answered, n_right of them rightly.
CREATE TABLE jurors (
	person_id BIGINT NOT NULL,
	number TEXT NOT NULL,
	since_ms BIGINT NOT NULL,
	until_ms BIGINT NOT NULL,
	n_asked INTEGER NOT NULL,
	n_checked INTEGER NOT NULL,
	n_right INTEGER NOT NULL,
	n_skipped INTEGER NOT NULL,
	PRIMARY KEY (person_id)
);
CREATE UNIQUE INDEX jurors_by_number ON jurors (number);
CREATE INDEX jurors_willing ON jurors (number) WHERE until_ms = 0;

-- The public list as it was at some draw: numbers, ascending, each followed by a line feed; the hash is BLAKE2b-256 of that.
CREATE TABLE juror_lists (
	list_hash BLOB NOT NULL,
	numbers TEXT NOT NULL,
	PRIMARY KEY (list_hash)
);

-- The walk of a draw, in its order. seat_id: as its juror knows it, 0 where passed over. state 0: asked, 1: voted, 2: skipped, 3: passed over,
-- 4: no longer needed, 5: left, without having skipped. vote 1: keep, 2: overturn, 3: milder.
CREATE TABLE seats (
	appeal_id BIGINT NOT NULL,
	place INTEGER NOT NULL,
	seat_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	number TEXT NOT NULL,
	state INTEGER NOT NULL,
	vote INTEGER NOT NULL,
	asked_at_ms BIGINT NOT NULL,
	due_at_ms BIGINT NOT NULL,
	voted_at_ms BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (appeal_id, place)
);
CREATE INDEX seats_by_person ON seats (person_id, seat_id) WHERE seat_id <> 0;
CREATE INDEX seats_by_id ON seats (seat_id) WHERE seat_id <> 0;
CREATE INDEX seats_open ON seats (due_at_ms) WHERE state = 0;

-- Of a notice that asks a juror: a seat, or a known case; 0: another notice.
ALTER TABLE notices ADD COLUMN seat_id BIGINT NOT NULL DEFAULT 0;

-- Known cases, asked of jurors beside the real ones: examples of the policy's own rules, whose answer is known. state and vote as of seats.
-- evidence: JSON, as that of a measure. appeal_id: of the seat it was asked beside, so that both end at once; 0: when they became jurors. salt: what the others
-- seem to vote hangs on, and nobody is told.
CREATE TABLE juror_checks (
	person_id BIGINT NOT NULL,
	check_id BIGINT NOT NULL,
	rule TEXT NOT NULL,
	policy TEXT NOT NULL,
	text TEXT NOT NULL,
	evidence TEXT NOT NULL,
	fires INTEGER NOT NULL,
	appeal_id BIGINT NOT NULL,
	seats INTEGER NOT NULL,
	state INTEGER NOT NULL,
	vote INTEGER NOT NULL,
	asked_at_ms BIGINT NOT NULL,
	due_at_ms BIGINT NOT NULL,
	voted_at_ms BIGINT NOT NULL,
	note TEXT NOT NULL,
	salt BLOB NOT NULL,
	PRIMARY KEY (person_id, check_id)
);
CREATE INDEX juror_checks_open ON juror_checks (due_at_ms) WHERE state = 0;
CREATE INDEX juror_checks_by_id ON juror_checks (check_id);
CREATE INDEX juror_checks_beside ON juror_checks (appeal_id) WHERE state = 0;

-- Policies before they bind: state 3 of `policies`. binds_at_ms: from when on it is to bind, or since when it does; of an urgent one, which
-- binds at once until urgent_until_ms, later than published_at_ms when it was published with notice meanwhile. differs_from: the version it
-- was compared with, which an urgent one gives way to; empty: none. of_program: it came with the program. differences and rehearsal: JSON, as they were published.
ALTER TABLE policies ADD COLUMN binds_at_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE policies ADD COLUMN urgent_until_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE policies ADD COLUMN published_by_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE policies ADD COLUMN differs_from TEXT NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN of_program INTEGER NOT NULL DEFAULT 0;
ALTER TABLE policies ADD COLUMN differences TEXT NOT NULL DEFAULT '[]';
ALTER TABLE policies ADD COLUMN rehearsal TEXT NOT NULL DEFAULT '{}';
-- What it did is still to be released: 1: all of it, 2: what the one in force now would not have done. Done by the sweep where a server ended
-- in between.
ALTER TABLE policies ADD COLUMN lifts INTEGER NOT NULL DEFAULT 0;
CREATE INDEX policies_to_lift ON policies (lifts) WHERE lifts <> 0;
UPDATE policies SET binds_at_ms = published_at_ms;
CREATE INDEX policies_by_time ON policies (published_at_ms);
-- From when on what a rule did counts for its record: since it was changed, or raised by the keeper. Absent: since ever.
CREATE TABLE rule_records (
	rule TEXT NOT NULL,
	since_ms BIGINT NOT NULL,
	PRIMARY KEY (rule)
);
-- Rules that turned themselves down to a label, and when; up_at_ms 0: still down.
CREATE TABLE rules_down (
	rule TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	n_decided INTEGER NOT NULL,
	n_overturned INTEGER NOT NULL,
	up_at_ms BIGINT NOT NULL,
	PRIMARY KEY (at_ms, rule)
);
CREATE INDEX rules_down_now ON rules_down (rule) WHERE up_at_ms = 0;

-- The report of a month as it was published: figures alone, as JSON. It never changes.
CREATE TABLE order_months (
	month TEXT NOT NULL,
	made_at_ms BIGINT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (month)
);
CREATE INDEX reports_by_decision ON reports (decided_at_ms) WHERE decided_at_ms <> 0;

-- By which invitation they came: of whom one invitation brought not too many judge one another. 0: by none, or before it was written down.
-- A hash of what was sent under the key, so that other words under it are told and not lost; empty: not known, or the piece is deleted.
ALTER TABLE retries ADD COLUMN sent BLOB NOT NULL DEFAULT x'';
ALTER TABLE people ADD COLUMN invite_id BIGINT NOT NULL DEFAULT 0;
-- Stewards and keepers, to be told.
CREATE INDEX people_of_role ON people (role, person_id) WHERE role <> 0;

-- What the keeper has set: "holidays", "overturn_limit", "jury"; and "clock", the last time it was for sure; "appeals", the highest number one was given; "bank", what its pictures were at the last start. Few.
CREATE TABLE order_settings (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);

-- Pictures of the keeper's bank, since when each is in it (0: from the beginning). here: while it is read anew.
CREATE TABLE banked (
	pdq BLOB NOT NULL,
	since_ms BIGINT NOT NULL,
	urgent INTEGER NOT NULL,
	here INTEGER NOT NULL,
	PRIMARY KEY (pdq)
);

-- The log. record: canonical, without words and names. hash: of the one before and the record. nodes: the hashes of the subtrees that this
-- record makes whole, of level 1, 2, ... (RFC 6962, section 2.1): each node of the tree lies with the last record under it.
CREATE TABLE audit (
	seq BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	hash BLOB NOT NULL,
	nodes BLOB NOT NULL,
	PRIMARY KEY (seq)
);
CREATE INDEX audit_keys ON audit (seq) WHERE kind = 'log.key';
-- Whom a record names, each with a salt of their own for what is hashed of them: gone when the person is erased. concerned 1: who gets its
-- receipt, and with whose salt its words are hashed; person 0: nobody here.
CREATE TABLE audit_salts (
	person_id BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	concerned INTEGER NOT NULL,
	salt BLOB NOT NULL,
	PRIMARY KEY (person_id, seq)
);
CREATE INDEX audit_salts_by_record ON audit_salts (seq, person_id);
-- day: days since 1970, UTC. size: records under the root. head: hash of the last of them.
CREATE TABLE audit_roots (
	day INTEGER NOT NULL,
	size BIGINT NOT NULL,
	root BLOB NOT NULL,
	head BLOB NOT NULL,
	signature BLOB NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (day)
);
CREATE UNIQUE INDEX audit_roots_by_size ON audit_roots (size);
