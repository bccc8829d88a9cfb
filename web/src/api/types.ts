// types.ts - what the server sends, as docs/api.md has it.

import type { Span } from "../pure/spans";

export type Range = "3d" | "month" | "half-year" | "all";
export type Kind = "friends" | "only" | "except" | "self" | "group";

/** One size of a picture, in two formats. */
export interface Source {
	webp: string;
	jpeg: string;
	width: number;
	height: number;
}

export interface Picture {
	id: string;
	/** The large size, for who knows one size only. */
	url: string;
	preview_url: string;
	description: string | null;
	blurhash: string | null;
	meta: { original?: { width: number; height: number } } | null;
	kith_sources?: { small: Source; middle: Source; large: Source };
}

export interface Account {
	id: string;
	username: string;
	acct: string;
	display_name: string;
	note: string;
	avatar: string;
	header: string;
	kith_avatar?: { webp: string; jpeg: string } | null;
	kith_cover?: { webp: string; jpeg: string } | null;
	/** What one is asked when asking to be their friend; null where nothing is. */
	kith_question?: string | null;
	/** On a friend request: the word they sent with it. */
	kith_word?: string | null;
	/** On a friend request: whether my question was answered rightly; null where none was asked. */
	kith_answered?: boolean | null;
	/** On a friend request: who invited them here. */
	kith_invited_by?: Account | null;
}

export interface Me extends Account {
	source?: { note?: string };
	kith_role: "member" | "steward" | "keeper";
	kith_range: Range;
	kith_sealed: boolean;
	/** Of keeper and steward: whether a second factor is set, or due from a time on. */
	kith_second_factor?: "none" | "set" | "due";
	kith_second_factor_from?: string | null;
	kith_demo?: boolean;
}

export interface Audience {
	kind: Kind;
	lists: string[];
	people: string[];
	group?: string;
}

export interface GroupName {
	id: string;
	title: string;
}

/** A link card, made from what the author pasted. */
export interface Card {
	url: string;
	title: string;
	description: string;
}

/** A change of a piece that waits, told to its author alone. */
export interface Pending {
	text: string;
	kith_state: "held" | "hidden";
	measure_id: string;
}

/** What is in force on a piece, as its reader is told: with an id to its author alone. */
export interface Said {
	kind: "hold" | "label" | "fold";
	id?: string;
	rule: { id: string; clause: string; text: Both; policy: string };
}

/** The earliest copy I may see, under which a piece is folded. */
export interface Fold {
	first: string;
	account: Account;
}

export interface Status {
	id: string;
	created_at: string;
	in_reply_to_id: string | null;
	in_reply_to_account_id: string | null;
	content: string;
	/** The words as they were written; `content` is the same as HTML. */
	kith_text?: string | null;
	account: Account;
	favourited?: boolean | null;
	replies_count: number;
	favourites_count: number;
	mentions: { id: string; username: string; acct: string }[];
	kith_audience: Audience | null;
	kith_state: "published" | "held" | "hidden" | null;
	kith_post_id: string | null;
	media_attachments?: Picture[];
	edited_at?: string | null;
	card?: Card | null;
	tags?: { name: string }[];
	/** Notices of this post are switched off by me. */
	muted?: boolean | null;
	kith_place?: string | null;
	kith_group?: GroupName | null;
	kith_pending?: Pending | null;
	kith_measures?: Said[];
	kith_fold?: Fold | null;
	filtered?: { filter: Filter }[] | null;
}

/** One version of a piece that was changed. */
export interface Version {
	created_at: string;
	content: string;
	kith_text?: string | null;
	media_attachments?: Picture[];
	kith_place?: string | null;
	card?: Card | null;
}

export interface Moment {
	status: Status;
	likers: Account[];
	comments: Status[];
}

export interface Relationship {
	id: string;
	following: boolean;
	followed_by: boolean;
	requested: boolean;
	requested_by?: boolean;
	blocking: boolean;
	muting: boolean;
	kith_hide_mine?: boolean;
}

export interface List {
	id: string;
	title: string;
}

export interface Notice {
	id: string;
	type: string;
	kith_kind: "like" | "comment" | "reply" | "also" | "mention" | "request" | "accepted" | "held"
		| "decided" | "invited" | "reported" | "rule_down" | "measure" | "measure_over"
		| "jury";
	created_at: string;
	/** Who did it; the reader where it was the house. */
	account: Account;
	status?: Status | null;
	kith_group?: GroupName | null;
	/** What I am asked to judge. */
	kith_seat?: string | null;
	kith_measure_id?: string | null;
	/** What became of something I reported. */
	kith_report?: { id: string; category: string; outcome: "right" | "not_confirmed" | "bad_faith" } | null;
}

export interface Group {
	id: string;
	title: string;
	about: string;
	owner: Account;
	role: "owner" | "member" | "invited";
	members_count: number;
	created_at: string;
	invited_by: Account | null;
}

export interface Member {
	account: Account;
	role: "owner" | "member" | "invited";
	joined_at: string;
}

export interface Found {
	accounts: Account[];
	statuses: Status[];
	hashtags: { name: string }[];
}

export interface Filter {
	id: string;
	title: string;
	context: string[];
	expires_at: string | null;
	filter_action: "warn" | "hide";
	keywords: { id: string; keyword: string; whole_word: boolean }[];
}

export interface Passkey {
	id: string;
	name: string;
	created_at: string;
	last_used_at: string | null;
}

export interface Factors {
	totp: boolean;
	passkeys: Passkey[];
	recovery_left: number;
	required: boolean;
	required_from: string | null;
}

/** Asked for after a right password, where a second factor is set. */
export interface Second {
	ticket: string;
	methods: ("totp" | "passkey" | "recovery")[];
	passkey: Record<string, unknown> | null;
}

export interface Archive {
	state: "none" | "making" | "ready" | "failed";
	made_at?: string;
	bytes?: number;
	expires_at?: string;
}

export interface ViewAs {
	account: Account;
	statuses: Status[];
}

export interface Both {
	en: string;
	zh: string;
}

export interface Reason {
	rule: string;
	text: Both;
	spans: Span[];
}

/** On a piece: label, fold, hold; on a person: notice, fewer, no_friends, freeze, seal. */
export type MeasureKind = "hold" | "label" | "fold" | "seal" | "notice" | "fewer" | "no_friends" | "freeze";

export interface Appeal {
	id: string;
	measure_id: string;
	number: string;
	nth: number;
	/** withdrawn: with what it was about, so that nobody decided; milder: a milder measure stands in its place. */
	state: "open" | "kept" | "overturned" | "lapsed" | "withdrawn" | "milder" | "over";
	words: string;
	filed_at: string;
	due_at: string;
	way: "steward" | "jury" | "nobody";
	/** How far the draw was relaxed for a small circle. */
	step: "seven" | "one_hop" | "five" | "three" | "steward" | "nobody";
	seats: number;
	voted: number;
	decided_at: string | null;
	note: string | null;
	/** After the end. */
	votes: { keep: number; overturn: number; milder: number } | null;
	/** After the end, unsigned. */
	juror_notes: string[];
	draw: string;
}

export interface Measure {
	id: string;
	kind: MeasureKind;
	state: "active" | "released" | "kept" | "lapsed" | "overturned" | "proposed" | "withdrawn" | "unanswered" | "milder";
	object: { type: "post" | "comment" | "account"; id: string; text: string };
	rule: { id: string; text: Both; policy: string };
	reasons: Reason[];
	would_pass: Both | null;
	score: number;
	malice: number;
	starts_at: string;
	ends_at: string | null;
	decided_at: string | null;
	decided_by_role: string | null;
	note: string | null;
	decider: "policy" | "steward" | "jury" | "keeper";
	harm: "a" | "b" | "c";
	points: number;
	clause: string;
	in_force: boolean;
	appeal: Appeal | null;
	may_appeal: boolean;
	appeal_until: string | null;
}

export interface Session {
	id: string;
	kind: "browser" | "app" | "shell";
	app: string | null;
	user_agent: string | null;
	created_at: string;
	last_used_at: string | null;
	current: boolean;
}

export interface Invite {
	id: string;
	url?: string;
	uses_left: number;
	expires_at: string;
}

export interface SentRequest {
	account: Account;
	word: string | null;
	created_at: string;
}

export interface Page<T> {
	items: T[];
	/** `max_id` of the next page; null at the end. */
	next: string | null;
}

