// drafts.ts - what a steward has put together for a case and not sent yet: kept by case, so that no other's decision loses it.

import type { Case, Decision, PersonStep } from "../../api/order";

export type MeasureDo = "release" | "keep" | "label";
export type PieceDo = "label" | "hold";
export type AppealDo = "keep" | "overturn";

export interface Draft {
	note: string;
	measures: Record<string, MeasureDo | undefined>;
	pieces: Record<string, PieceDo | undefined>;
	/** By which rule, where it is not the one that fits. */
	piece_rules: Record<string, string | undefined>;
	appeals: Record<string, AppealDo | undefined>;
	confirm: Record<string, boolean | undefined>;
	complaints: Record<string, string | undefined>;
	person: PersonStep | null;
	days: string;
	/** Empty: what the program proposes. */
	person_rule: string;
	reports: Decision["reports"];
	/** Reports ticked as made in bad faith, and why. */
	bad: Record<string, boolean | undefined>;
	bad_note: string;
}

export const FRESH: Draft = {
	note: "", measures: {}, pieces: {}, piece_rules: {}, appeals: {}, confirm: {}, complaints: {}, person: null, days: "",
	person_rule: "", reports: null,
	bad: {}, bad_note: "",
};

/** Open reports: those that are ticked as made in bad faith, and the others that no act on their piece answers. */
export function reports_of(it: Case, draft: Draft): { bad: string[]; others: string[] } {
	const open = it.reports.filter((r) => r.state === "open");
	return {
		bad: open.filter((r) => draft.bad[r.id]).map((r) => r.id),
		others: open.filter((r) => !draft.bad[r.id] && !(r.status_id && draft.pieces[r.status_id])).map((r) => r.id),
	};
}

/** What of the draft applies to the case as it is now: things that were settled meanwhile fall out. */
export function decision_of(it: Case, draft: Draft): Decision {
	const open = it.measures.map((m) => m.measure).filter((m) => m.state === "active");
	const reports = reports_of(it, draft);
	return {
		version: it.version,
		note: draft.note.trim(),
		measures: open.flatMap((m) => (draft.measures[m.id] ? { id: m.id, do: draft.measures[m.id]! } : [])),
		pieces: it.pieces.flatMap(({ status, rule }) => {
			const what = status && draft.pieces[status.id];
			return what ? [{ id: status.id, do: what, rule: draft.piece_rules[status.id] || rule }] : [];
		}),
		appeals: it.appeals.flatMap(({ appeal, may }) =>
			(draft.appeals[appeal.id] && may && appeal.state === "open" ? { id: appeal.id, do: draft.appeals[appeal.id]! } : [])),
		confirm: it.measures.map((m) => m.measure).filter((m) => m.state === "proposed" && draft.confirm[m.id])
			.map((m) => m.id),
		complaints: it.complaints.flatMap((c) =>
			(!c.answer && draft.complaints[c.id]?.trim() ? { id: c.id, answer: draft.complaints[c.id]!.trim() } : [])),
		person: draft.person && it.subject ? { kind: draft.person, days: Number(draft.days), ...(draft.person_rule && { rule: draft.person_rule }) } : null,
		reports: reports.others.length > 0 ? draft.reports : null,
		bad_faith: reports.bad.length > 0 ? { reports: reports.bad, note: draft.bad_note.trim() } : null,
	};
}

/** Whether anything at all would be decided. */
export const decides = (d: Decision) => d.measures.length + d.pieces.length + d.appeals.length + d.confirm.length + d.complaints.length > 0
	|| d.person !== null || d.reports !== null || d.bad_faith !== null;

/** Left empty: as long as the step lasts by itself. */
export const days_fit = (days: string) => /^\d{0,3}$/.test(days) && (days === "" || (Number(days) >= 1 && Number(days) <= 365));
