// order.ts - what the house did and what can be done about it: measures, appeals, juries, reports, cases, policies.
//
// Not gathered in api.ts: the circle opens without it, and the views that need it bring it along.

import { call, get, page, post, q } from "./send";
import type { Account, Appeal, Both, Measure, MeasureKind, Page, Reason, Status } from "./types";

const ROOT = "/api/kith/v1";
const put = <T>(path: string, body: Record<string, unknown>) => call<T>("PUT", path, { body });

// Measures and appeals

export interface Votes {
	keep: number;
	overturn: number;
	milder: number;
}

/** Notices come first and a seal last; the program itself goes no further than the first. */
export type PersonStep = "notice" | "fewer" | "no_friends" | "freeze" | "seal";

export interface Standing {
	points: number;
	offences: number;
	last_at: string | null;
	/** What a steward would be shown as the next step. */
	step: PersonStep | null;
	ladder: PersonStep[];
	/** When the points are next halved. */
	decays_at: string | null;
}

export interface Receipt {
	seq: number;
	record: string;
	salt: string;
	leaf: string;
	day: string;
	size: number;
	path: string[];
	root: string;
	signature: string;
}

export interface Draw {
	number: string;
	appeal: string;
	root_day: string;
	root: string;
	list_hash: string;
	list: string[];
	step: string;
	seats: number;
	walk: { number: string; state: "seated" | "replaced" | "passed_over" }[];
}

export const measure = (id: string) => get<Measure>(`${ROOT}/measures/${id}`);
export const measures = (max_id?: string | null) => page<Measure>(`${ROOT}/measures?limit=40`, max_id);
/** A day on which somebody looked at what the order had taken up of mine, and for which measure; null: a case about me that is over. */
export interface Access {
	day: string;
	role: "steward" | "juror" | "expert";
	measure: string | null;
}

export const accesses = () => get<Access[]>(`${ROOT}/accesses`);
export const standing = () => get<Standing>(`${ROOT}/standing`);
export const receipts = (id: string) => get<Receipt[]>(`${ROOT}/measures/${id}/receipts`);
export const receipts_path = (id: string) => `${ROOT}/measures/${id}/receipts`;
export const appeal = (measure_id: string) => post<unknown>(`${ROOT}/measures/${measure_id}/appeal`);
/** Once more, on new facts. */
export const appeal_again = (measure_id: string, facts: string) =>
	post<unknown>(`${ROOT}/measures/${measure_id}/appeal`, { facts });
export const appeal_words = (id: string, words: string) => put<unknown>(`${ROOT}/appeals/${id}`, { words });
export const draw = (id: string) => get<Draw>(`${ROOT}/draws/${id}`);
export const draw_path = (id: string) => `${ROOT}/draws/${id}`;

// Juries

export interface Juror {
	willing: boolean;
	since: string | null;
	number: string | null;
	/** Counts as of a week ago. */
	asked: number;
	right: number;
	skipped: number;
	may: boolean;
	/** Why not, where I may not. */
	why: Both | null;
}

export type Vote = "keep" | "overturn" | "milder";

export interface Jury {
	id: string;
	/** For me to call it by; not the appeal's own. */
	number: string;
	state: "asked" | "voted" | "skipped" | "closed";
	due_at: string;
	seats: number;
	/** Per cent of the votes that decide. */
	needed: number;
	/** Empty once it waits for me no more. */
	case: {
		text: string;
		pictures: { url: string }[];
		reasons: Reason[];
		rule: { id: string; clause: string; text: Both; policy: string };
		words: string;
		/** Of the steward, where the measure is on a person. */
		statement: string | null;
		/** Whether there is anything milder. */
		milder: boolean;
		kind: MeasureKind;
	};
	vote: Vote | null;
	note: string | null;
	changes_until: string | null;
	/** Only when my own vote can be changed no more. */
	others: Votes | null;
}

export const juror = () => get<Juror>(`${ROOT}/juror`);
export const be_juror = (willing: boolean) => put<Juror>(`${ROOT}/juror`, { willing });
export const juries = () => get<Jury[]>(`${ROOT}/juries`);
export const jury = (id: string) => get<Jury>(`${ROOT}/juries/${id}`);
export const vote = (id: string, it: Vote, note: string) => post<Jury>(`${ROOT}/juries/${id}/vote`, { vote: it, note });
export const skip_jury = (id: string) => post<unknown>(`${ROOT}/juries/${id}/skip`);

// Reports

export const CATEGORIES = ["counterfeit", "ladder", "fraud", "advertising", "harassment", "other"] as const;
export type Category = (typeof CATEGORIES)[number];
export type ReportOutcome = "right" | "not_confirmed" | "bad_faith";

export interface Report {
	id: string;
	category: Category;
	/** null: nobody I may see any more. */
	target_account: Account | null;
	status_id: string | null;
	comment: string;
	at: string;
	outcome: ReportOutcome | null;
}

export const reports = (max_id?: string | null) => page<Report>(`${ROOT}/reports?limit=20`, max_id);
export const report = (account_id: string, status_id: string | null, kith_category: Category, comment: string) =>
	post<unknown>("/api/v1/reports", {
		account_id, comment, kith_category, ...(status_id && { status_ids: [status_id] }),
	});

// Cases

export interface Claim {
	mine: boolean;
	until: string;
}

export type Harm = "a" | "b" | "c";

export interface CaseLine {
	id: string;
	number: string;
	state: "open" | "decided" | "lapsed" | "merged";
	/** Nothing but complaints from outside waits in it. */
	outside: boolean;
	harm: Harm;
	opened_at: string;
	/** null: it has no clock. */
	due_at: string | null;
	decided_at: string | null;
	version: number;
	claimed: Claim | null;
	/** null: nobody here: a complaint from outside, or somebody who has left. */
	subject: Account | null;
	items: { measures: number; reports: number; complaints: number; appeals: number; answers: number };
	/** The sentence of the gravest rule, or of what was reported; nothing anybody wrote. */
	title: Both | null;
}

/** Which lines of which rules were true, and what they read. */
export interface Trace {
	policy: string;
	action: string;
	malice: number;
	rules: {
		rule: string;
		state: "fired" | "unknown";
		weight: number;
		evidence: { weight: number; counts: boolean; when: string; values: Record<string, number | boolean | string | null> }[];
	}[];
}

export interface CaseMeasure {
	measure: Measure;
	status: Status | null;
	account: Account | null; // null of who has left
	trace: Trace | { error: string } | null;
}

/** A piece that was reported or complained of, and waits without a measure; with the rule that fits. */
export interface CasePiece extends Pick<CaseMeasure, "status" | "account"> {
	rule: string;
}

/** By which a steward may act; of harm c no further than a label. */
export interface CaseRule {
	id: string;
	clause: string;
	policy: string;
	harm: Harm;
	text: Both;
}

export interface CaseReport {
	id: string;
	category: Category;
	/** null: the person. */
	status_id: string | null;
	weight: number;
	/** Linked reporters count as one group. */
	group: number;
	text: string;
	at: string;
	state: "open" | ReportOutcome;
}

export interface CaseComplaint {
	id: string;
	category: "plagiarism" | "counterfeit" | "personal-data";
	about: string;
	evidence: string;
	at: string;
	due_at: string | null;
	answer: string | null;
}

/** With what it is about, and whether I may decide it. Of one that no steward decides there are no words. */
export interface CaseAppeal extends CaseMeasure {
	appeal: Pick<Appeal, "id" | "measure_id" | "number" | "nth" | "state" | "words" | "filed_at" | "due_at" | "way">;
	may: boolean;
}

/** What a decision did to one thing; those of one decision carry the same `decision`. */
export interface Deed {
	id: string;
	decision: string;
	kind: "released" | "kept" | "labelled" | "step" | "confirmed" | "appeal_kept" | "appeal_overturned" | "report" | "complaint"
		| "read" | "bad_faith" | "held";
	at: string;
	by_role: string;
	note: string;
	undone: boolean;
	/** Only to who decided it, and while it can be undone. */
	undo_until: string | null;
}

export interface Copy {
	account: Account | null;
	at: string;
	similarity: number;
	/** Copies above it. */
	depth: number;
	/** The piece of this case's own subject. */
	mine: boolean;
}

export interface Case extends CaseLine {
	measures: CaseMeasure[];
	pieces: CasePiece[];
	reports: CaseReport[];
	complaints: CaseComplaint[];
	appeals: CaseAppeal[];
	answers: { whom: string; answer: "so" | "not" | "unsure"; words: string; at: string }[];
	history: Measure[];
	standing: Standing | null;
	in_force: Measure[];
	copies: Copy[];
	linked: { id: string; number: string }[];
	deeds: Deed[];
	similar: CaseLine[];
	/** None once it is over. */
	rules: CaseRule[];
}

export interface Decision {
	version: number;
	note: string;
	measures: { id: string; do: "release" | "keep" | "label" }[];
	pieces: { id: string; do: "label" | "hold"; rule: string }[];
	person: { kind: PersonStep; days: number; rule?: string } | null;
	appeals: { id: string; do: "keep" | "overturn" }[];
	/** Of all open ones that were not made in bad faith, nor are on a piece that is acted upon: those were right. */
	reports: Exclude<ReportOutcome, "bad_faith"> | null;
	/** Those that were, and why: for who made them alone. */
	bad_faith: { reports: string[]; note: string } | null;
	complaints: { id: string; answer: string }[];
	confirm: string[];
}

export const cases_over = (max_id?: string | null) => page<CaseLine>(`${ROOT}/cases?limit=80&state=decided`, max_id);
export type Side = "inside" | "outside";
/** The first pages of what waits, of one side: what comes from outside has a list of its own, so that neither hides the other. */
export async function cases_open(from: Side, pages: number): Promise<Page<CaseLine>> {
	const made: Page<CaseLine> = { items: [], next: null };
	for (let i = 0; i < pages && (i === 0 || made.next); i++) {
		const part = await page<CaseLine>(`${ROOT}/cases?limit=80&from=${from}`, made.next);
		// What moved in between comes once.
		made.items.push(...part.items.filter((it) => !made.items.some((one) => one.id === it.id)));
		made.next = part.next;
	}
	return made;
}
export const case_of = (id: string) => get<Case>(`${ROOT}/cases/${id}`);
export const claim = (id: string, on: boolean) => call<CaseLine>(on ? "POST" : "DELETE", `${ROOT}/cases/${id}/claim`, { body: {} });
export const decide_case = (id: string, it: Decision) => post<Case>(`${ROOT}/cases/${id}/decide`, { ...it });
export const undo_deed = (id: string, deed: string) => post<Case>(`${ROOT}/cases/${id}/undo`, { deed });
/** About a measure's piece, or one that was reported without one. */
export const expert_link = (id: string, whom: string, piece: { measure_id: string } | { status_id: string }) =>
	post<{ url: string; expires_at: string }>(`${ROOT}/cases/${id}/links`, { whom, ...piece });

/** Open appeals that no steward decides: their clock is the house's own. */
export interface WaitingAppeal {
	kind: Measure["kind"];
	way: "jury" | "nobody";
	seats: number;
	filed_at: string;
	due_at: string;
}
export const waiting_appeals = () => get<WaitingAppeal[]>(`${ROOT}/order/appeals`);

export interface RuleFigures {
	rule: string;
	caught: number;
	appealed: number;
	overturned: number;
	/** By juries; not among the decided ones. */
	milder: number;
	decided: number;
	rate: number;
	down: boolean;
}

export interface Figures {
	days: string[];
	inflow: number[];
	/** Hours that open cases have waited. */
	age: { p50: number; p90: number };
	rules: RuleFigures[];
}

export interface OrderSettings {
	holidays: string[];
	/** Per cent. */
	overturn_limit: number;
	juror_days: number;
	/** Of what was looked at: another one is refused. */
	version: number;
	/** Where the server's clock is not believed: which time deadlines go by, and what it says. */
	clock: { order: string; wall: string } | null;
}

export const figures = (days: number) => get<Figures>(`${ROOT}/order/figures?days=${days}`);
export const order_settings = () => get<OrderSettings>(`${ROOT}/order/settings`);
export const set_order = (it: Omit<OrderSettings, "clock">) => put<OrderSettings>(`${ROOT}/order/settings`, { ...it });

// Policies

export interface PolicyLine {
	hash: string;
	name: string;
	version: string;
	state: "in_force" | "announced" | "replaced" | "withdrawn";
	/** Both null: the rules that come with the program. */
	published_at: string | null;
	binds_at: string | null;
	urgent: boolean;
	urgent_until: string | null;
	/** Rules that turned themselves down to a label. */
	down: string[];
}

export type Count = number | string;
export interface Rehearsal {
	days: number;
	pieces: Count;
	changed: Count;
	/** By name of the kind of members. */
	[cohort: string]: Count | Record<string, Count>;
}

export interface Policy extends PolicyLine {
	source: string;
	/** The version it is told apart from. */
	differs_from: string | null;
	diff: { kind: "added" | "removed" | "changed"; what: string; en: string; zh: string }[];
	/** Told to members alone. Counts are rounded: "<5" where it is one to four. */
	rehearsal: Rehearsal | null;
}

export interface ForMe {
	days: number;
	pieces: number;
	changed: { status_id: string; text: string; was: string; will: string; rule: string; text_reason: Both }[];
}

export const policies = () => get<PolicyLine[]>(`${ROOT}/policies`);
export const policy = (hash: string) => get<Policy>(`${ROOT}/policies/${q(hash)}`);
export const policy_for_me = (hash: string) => get<ForMe>(`${ROOT}/policies/${q(hash)}/me`);
