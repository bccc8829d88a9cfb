-- Pictures, groups, changed posts, and what a reader has switched off. New columns stand at their "none" for older rows.

-- avatar_id and cover_id: media of the person's own, 0 none. A friend's question and its folded answer: circle/befriend.h.
ALTER TABLE people ADD COLUMN avatar_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN cover_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN question TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN answer TEXT NOT NULL DEFAULT '';

-- 0: nothing was asked, 1: answered rightly, 2: unanswered.
ALTER TABLE requests ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;

-- group_id: of a post for one group, else 0. The text is the version that shows; edited_at_ms 0: never changed.
ALTER TABLE posts ADD COLUMN group_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN edited_at_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN n_media INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN card_url TEXT NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN card_title TEXT NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN card_about TEXT NOT NULL DEFAULT '';
ALTER TABLE comments ADD COLUMN edited_at_ms BIGINT NOT NULL DEFAULT 0;

-- What a changed piece said. Written at the first change, the first words included (version_id = the piece's id).
-- state 0: was or is shown, 1: waits (a measure holds it, the version before goes on showing), 2: was never shown and will not be.
CREATE TABLE versions (
	post_author_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	comment_id BIGINT NOT NULL,
	version_id BIGINT NOT NULL,
	state INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	language TEXT NOT NULL,
	text TEXT NOT NULL,
	place TEXT NOT NULL,
	card_url TEXT NOT NULL,
	card_title TEXT NOT NULL,
	card_about TEXT NOT NULL,
	PRIMARY KEY (post_author_id, post_id, comment_id, version_id)
);
-- Of a measure on a change that waits; 0: on the piece itself.
ALTER TABLE measures ADD COLUMN version_id BIGINT NOT NULL DEFAULT 0;

-- used_for 0: nothing yet (it expires), 1: a post, 2: the owner's picture, 3: the owner's cover.
-- content: BLAKE2b-256 of what was uploaded, names the files in media/. width, height: after orientation. pdq: 32 bytes as in
-- integrity/image/pdq.h. qr: payloads, one a line. about: the text for those who do not see it.
CREATE TABLE media (
	owner_id BIGINT NOT NULL,
	media_id BIGINT NOT NULL,
	used_for INTEGER NOT NULL,
	post_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	content BLOB NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	blurhash TEXT NOT NULL,
	about TEXT NOT NULL,
	pdq BLOB NOT NULL,
	pdq_quality INTEGER NOT NULL,
	qr TEXT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	PRIMARY KEY (owner_id, media_id)
);
CREATE INDEX media_of_post ON media (owner_id, post_id, position) WHERE post_id <> 0;
CREATE INDEX media_by_content ON media (content);
CREATE INDEX media_unused ON media (created_at_ms) WHERE used_for = 0;

CREATE TABLE media_refs (
	media_id BIGINT NOT NULL,
	owner_id BIGINT NOT NULL,
	PRIMARY KEY (media_id)
);

-- Pictures of a judged piece, as it was judged: integrity/image. The words of the piece stay out as before.
ALTER TABLE screenings ADD COLUMN pictures BLOB NOT NULL DEFAULT x'';

CREATE TABLE groups (
	group_id BIGINT NOT NULL,
	owner_id BIGINT NOT NULL,
	title TEXT NOT NULL,
	about TEXT NOT NULL,
	created_at_ms BIGINT NOT NULL,
	deleted_at_ms BIGINT NOT NULL,
	PRIMARY KEY (group_id)
);

-- state 1: invited, 2: member. Who left, declined or was removed has no row.
CREATE TABLE group_members (
	group_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	state INTEGER NOT NULL,
	invited_by_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (group_id, person_id)
);
CREATE INDEX group_members_by_person ON group_members (person_id, group_id);

CREATE TABLE group_posts (
	group_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	author_id BIGINT NOT NULL,
	PRIMARY KEY (group_id, post_id)
);

-- Of an invitation to a group; else 0.
ALTER TABLE notices ADD COLUMN group_id BIGINT NOT NULL DEFAULT 0;

-- Posts whose later comments a reader does not want to hear of.
CREATE TABLE hushes (
	reader_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	post_author_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (reader_id, post_id)
);
