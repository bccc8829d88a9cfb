// decision.tsx - deciding a case: what is to be done about each thing that waits, on the person, and why.

import { useEffect, useState } from "preact/hooks";

import { ApiError } from "../../api";
import { useApp, useDoing } from "../../app";
import type { Doing } from "../../app";
import * as order from "../../api/order";
import { ClockLine } from "../../parts/clock";
import { Err, Field, Form, FormErr } from "../../parts/form";
import { useBoth } from "../../parts/measure";
import { text_of } from "../../parts/words";
import { useConsole, useOrder } from "../../parts/worded";
import { when } from "../../pure/time";
import { FRESH, days_fit, decides, decision_of, reports_of, type Draft } from "./drafts";

const STEPS: order.PersonStep[] = ["notice", "fewer", "no_friends", "freeze", "seal"];
const OUTCOMES = ["right", "not_confirmed"] as const;
const MOST_REASON = 500;
const MOST_ANSWER = 2000;

interface PartProps {
	it: order.Case;
	draft: Draft;
	set: (change: (draft: Draft) => Draft) => void;
}

interface Choice<T> {
	value: T;
	label: string;
	hint?: string | undefined;
}

function Choose<T extends string>({ legend, name, choices, value, set }: {
	legend: string; name: string; choices: Choice<T | "">[]; value: T | ""; set: (value: T | "") => void;
}) {
	return (
		<fieldset class="opts">
			<legend class="lab">{legend}</legend>
			{choices.map((choice) => (
				<label class="opt" key={choice.value}>
					<input type="radio" name={name} value={choice.value} checked={value === choice.value}
						onChange={() => set(choice.value)} />
					<span>{choice.label}{choice.hint && <small>{choice.hint}</small>}</span>
				</label>
			))}
		</fieldset>
	);
}

function OnMeasures({ it, draft, set }: PartProps) {
	const c = useConsole();
	const o = useOrder();
	const many = it.measures.length + it.pieces.length + it.appeals.length > 1;
	return (
		<>
			{it.measures.map(({ measure: m }, i) => {
				if (m.state !== "active")
					return null;
				const dos = m.kind === "hold" ? (["release", "keep", "label"] as const) : (["release", "keep"] as const);
				return (
					<Choose key={m.id} name={`m${m.id}`} legend={c.on_measure(many ? i + 1 : 0, o.tags[m.kind])} value={draft.measures[m.id] ?? ""}
						choices={[...dos.map((value) => ({ value, label: c.dos[value], hint: c.do_hints[value] })),
							{ value: "" as const, label: c.dos.none, hint: c.do_hints.none }]}
						set={(value) => set((d) => ({ ...d, measures: { ...d.measures, [m.id]: value || undefined } }))} />
				);
			})}
		</>
	);
}

/** The sentences of the rules in the reader's language, those of the circle's own last. */
function RuleChoice({ it, id, value, empty, set, may_annoy }: {
	it: order.Case; id: string; value: string; empty?: string; set: (rule: string) => void; may_annoy: boolean;
}) {
	const c = useConsole();
	const both = useBoth();
	return (
		<div class="field">
			<label for={id}>{c.by_rule}</label>
			<select class="in" id={id} value={value} onChange={(e) => set(e.currentTarget.value)}>
				{empty && <option value="">{empty}</option>}
				{it.rules.filter((rule) => may_annoy || rule.harm !== "c").map((rule) => (
					<option key={rule.id} value={rule.id}>{rule.clause} · {both(rule.text)}</option>
				))}
			</select>
		</div>
	);
}

/** On what was reported or complained of, where the program did nothing. */
function OnPieces({ it, draft, set }: PartProps) {
	const c = useConsole();
	const before = it.measures.length + it.appeals.filter((a) => !it.measures.some((m) => m.measure.id === a.measure.id)).length;
	const many = before + it.pieces.length > 1;
	return (
		<>
			{it.pieces.map(({ status, rule }, i) => status && (
				<div class="stack" key={status.id}>
					<Choose name={`p${status.id}`} legend={c.on_piece(many ? before + i + 1 : 0)} value={draft.pieces[status.id] ?? ""}
						choices={[...(["label", "hold"] as const).map((value) =>
							({ value, label: c.piece_dos[value], hint: c.piece_hints[value] })),
							{ value: "" as const, label: c.piece_dos.none }]}
						set={(value) => set((d) => ({ ...d, pieces: { ...d.pieces, [status.id]: value || undefined } }))} />
					{draft.pieces[status.id] && (
						<RuleChoice it={it} id={`rule-${status.id}`} value={draft.piece_rules[status.id] || rule}
							may_annoy={draft.pieces[status.id] === "label"}
							set={(one) => set((d) => ({ ...d, piece_rules: { ...d.piece_rules, [status.id]: one } }))} />
					)}
				</div>
			))}
		</>
	);
}

function OnSeals({ it, draft, set }: PartProps) {
	const { t } = useApp();
	const c = useConsole();
	const proposed = it.measures.map((m) => m.measure).filter((m) => m.state === "proposed");
	return (
		<>
			{proposed.map((m) => (
				<label class="opt" key={m.id}>
					<input type="checkbox" checked={draft.confirm[m.id] === true} onChange={(e) => {
						const on = e.currentTarget.checked;
						set((d) => ({ ...d, confirm: { ...d.confirm, [m.id]: on } }));
					}} />
					<span>{c.confirm(when(new Date(m.starts_at), t.time.locale))}<small>{c.confirm_hint}</small></span>
				</label>
			))}
		</>
	);
}

function OnAppeals({ it, draft, set }: PartProps) {
	const c = useConsole();
	const open = it.appeals.filter(({ appeal, may }) => appeal.state === "open" && may);
	return (
		<>
			{open.map(({ appeal }) => (
				<Choose key={appeal.id} name={`a${appeal.id}`} legend={c.on_appeal(appeal.number)}
					value={draft.appeals[appeal.id] ?? ""}
					choices={[...(["keep", "overturn"] as const).map((value) =>
						({ value, label: c.appeal_dos[value], hint: c.appeal_hints[value] })),
						{ value: "" as const, label: c.appeal_dos.none }]}
					set={(value) => set((d) => ({ ...d, appeals: { ...d.appeals, [appeal.id]: value || undefined } }))} />
			))}
		</>
	);
}

/** Above what the points propose. What is decided here may count itself: that one offence more is foreseen, its points are not. */
function needs_second_look(it: order.Case, draft: Draft, step: order.PersonStep): boolean {
	const proposed = it.standing?.step ? STEPS.indexOf(it.standing.step) : 0;
	const counts = Object.values(draft.measures).includes("keep") || Object.values(draft.pieces).includes("hold");
	return step === "seal" || STEPS.indexOf(step) > proposed + (counts && it.standing?.step ? 1 : 0);
}

function OnPerson({ it, draft, set, wrong }: PartProps & { wrong: boolean }) {
	const c = useConsole();
	const o = useOrder();
	if (!it.subject)
		return null;
	return (
		<>
			<Choose<order.PersonStep> name="person" legend={c.person} value={draft.person ?? ""}
				choices={[{ value: "" as const, label: c.person_none }, ...STEPS.map((value) => ({
					value, label: o.person_steps[value],
					hint: needs_second_look(it, draft, value) ? c.second_look : it.standing?.step === value ? c.suggested : undefined,
				}))]}
				set={(value) => set((d) => ({ ...d, person: value || null }))} />
			{draft.person && (
				<RuleChoice it={it} id="person-rule" value={draft.person_rule} empty={c.by_rule_fits} may_annoy={false}
					set={(person_rule) => set((d) => ({ ...d, person_rule }))} />
			)}
			{draft.person && draft.person !== "notice" && (
				<Field label={c.days} name="days" value={draft.days} hint={c.days_hint} wrong={wrong ? c.days_hint : null}
					set={(days) => set((d) => ({ ...d, days }))} />
			)}
		</>
	);
}

/** Those that are ticked among the evidence have a reason of their own; the others have one outcome. */
function OnReports({ it, draft, set, wrong, error }: PartProps & { wrong: boolean; error: ApiError | null }) {
	const c = useConsole();
	const { bad, others } = reports_of(it, draft);
	const open = it.reports.filter((r) => r.state === "open");
	return (
		<>
			{others.length > 0 && (
				<Choose<(typeof OUTCOMES)[number]> name="reports" legend={others.length < open.length ? c.on_other_reports : c.on_reports}
					value={draft.reports ?? ""}
					choices={[{ value: "" as const, label: c.reports_none }, ...OUTCOMES.map((value) =>
						({ value, label: c.report_states[value], hint: c.report_hints[value] }))]}
					set={(value) => set((d) => ({ ...d, reports: value || null }))} />
			)}
			{bad.length > 0 && (
				<Field label={c.bad_faith_reason(bad.length)} name="bad_faith" value={draft.bad_note} rows={3} max={MOST_REASON}
					hint={c.bad_faith_reason_hint} wrong={wrong ? c.reason_empty : null} error={error}
					set={(bad_note) => set((d) => ({ ...d, bad_note }))} />
			)}
		</>
	);
}

function OnComplaints({ it, draft, set, error }: PartProps & { error: ApiError | null }) {
	const c = useConsole();
	return (
		<>
			{it.complaints.filter((one) => !one.answer).map((one) => (
				<Field key={one.id} label={c.on_complaint} name={`complaint-${one.id}`} rows={4} max={MOST_ANSWER}
					hint={c.complaint_hint} value={draft.complaints[one.id] ?? ""} error={error}
					set={(words) => set((d) => ({ ...d, complaints: { ...d.complaints, [one.id]: words } }))} />
			))}
		</>
	);
}

/** A link for who can tell whether goods are genuine: shown once. */
function Expert({ it }: { it: order.Case }) {
	const { t, say } = useApp();
	const c = useConsole();
	const doing = useDoing();
	const pieces = [
		...it.measures.filter((m) => m.measure.object.type !== "account")
			.map((m) => ({ text: m.measure.object.text, name: { measure_id: m.measure.id } })),
		...it.pieces.flatMap(({ status }) => (status ? [{ text: text_of(status), name: { status_id: status.id } }] : [])),
	];
	const [whom, set_whom] = useState("");
	const [which, set_which] = useState(0);
	const [made, set_made] = useState<{ url: string; expires_at: string } | null>(null);
	if (pieces.length === 0)
		return null;
	const make = () => {
		const piece = pieces[which];
		if (whom.trim() && piece)
			doing.run(async () => set_made(await order.expert_link(it.id, whom.trim(), piece.name)));
	};
	return (
		<details class="panel">
			<summary class="line pad b">{c.expert}</summary>
			<Form class="pad stack" send={make}>
				<p>{c.expert_about}</p>
				<Field label={c.expert_whom} name="whom" value={whom} set={set_whom} max={200} hint={c.expert_whom_hint}
					error={doing.error} />
				{pieces.length > 1 && (
					<div class="field">
						<label for="which">{c.expert_which}</label>
						<select class="in" id="which" value={which} onChange={(e) => set_which(Number(e.currentTarget.value))}>
							{pieces.map((one, i) => <option value={i}>{i + 1}. {one.text.slice(0, 60)}</option>)}
						</select>
					</div>
				)}
				<FormErr error={doing.error} fields={["whom"]} />
				<button class="btn" disabled={doing.busy || !whom.trim()}>{c.expert_make}</button>
				{made && (
					<div class="stack" role="status">
						<Field label={c.expert_link} name="link" value={made.url} set={() => {}} read_only mono
							hint={c.expert_once(when(new Date(made.expires_at), t.time.locale))} />
						<button type="button" class="btn" onClick={() => {
							navigator.clipboard.writeText(made.url).then(() => say({ text: t.copied }), () => {});
						}}>{t.copy}</button>
					</div>
				)}
			</Form>
		</details>
	);
}

/** After another steward was quicker: said at the form, with the words that were typed. */
function Conflict({ draft, set, open }: { draft: Draft; set: PartProps["set"]; open: boolean }) {
	const c = useConsole();
	return (
		<div class="slip w stack" role="alert">
			<p>{c.conflict}</p>
			{!open && draft.note && (
				<>
					<Field label={c.kept_reason} name="kept" value={draft.note} set={() => {}} rows={3} read_only />
					<button type="button" class="btn" onClick={() => set((d) => ({ ...d, note: "" }))}>{c.drop_reason}</button>
				</>
			)}
		</div>
	);
}

export function Decision({ it, draft, set, conflict, send, doing }: PartProps & {
	conflict: boolean; send: (it: order.Decision) => void; doing: Doing;
}) {
	const c = useConsole();
	const [asked, set_asked] = useState(false);
	// What was asked for is answered when the draft is sent.
	useEffect(() => set_asked(false), [draft === FRESH]);
	const open = it.state === "open";
	const decision = decision_of(it, draft);
	const wrong = {
		note: !decision.note,
		bad_faith: decision.bad_faith !== null && !decision.bad_faith.note,
		// To have read what an expert says is a decision too.
		nothing: !decides(decision) && it.answers.length === 0,
		days: decision.person !== null && decision.person.kind !== "notice" && !days_fit(draft.days),
	};
	const go = () => {
		set_asked(true);
		if (!wrong.note && !wrong.bad_faith && !wrong.nothing && !wrong.days)
			send(decision);
	};
	if (!open)
		return conflict ? <div class="stick stack"><Conflict draft={draft} set={set} open={false} /></div> : null;
	return (
		<div class="stick stack">
			<Form class="panel" send={go} aria-labelledby="decision">
				<h2 id="decision">{c.decision}</h2>
				<div class="pad">
					{it.due_at && (
						<ClockLine from={it.opened_at} until={it.due_at}>
							{(span, at) => <><b>{Date.parse(it.due_at!) > Date.now() ? c.left(span) : c.over}</b><br />
								<span class="soft small">{c.clock} · {at}</span></>}
						</ClockLine>
					)}
					{conflict && <Conflict draft={draft} set={set} open />}
					<OnMeasures it={it} draft={draft} set={set} />
					<OnPieces it={it} draft={draft} set={set} />
					<OnSeals it={it} draft={draft} set={set} />
					<OnAppeals it={it} draft={draft} set={set} />
					<OnPerson it={it} draft={draft} set={set} wrong={asked && wrong.days} />
					<OnReports it={it} draft={draft} set={set} wrong={asked && wrong.bad_faith} error={doing.error} />
					<OnComplaints it={it} draft={draft} set={set} error={doing.error} />
					<Reason draft={draft} set={set} wrong={asked && wrong.note ? c.reason_empty : null} error={doing.error} />
					{asked && wrong.nothing && <Err text={c.nothing_chosen} />}
					<FormErr error={doing.error} fields={["note", "bad_faith"]} />
					<button class="btn go full" disabled={doing.busy}>{c.decide}</button>
				</div>
			</Form>
			<Expert key={it.id} it={it} />
		</div>
	);
}

function Reason({ draft, set, wrong, error }: {
	draft: Draft; set: PartProps["set"]; wrong: string | null; error: ApiError | null;
}) {
	const c = useConsole();
	return (
		<div id="reason" tabIndex={-1}>
			<Field label={c.reason} name="note" value={draft.note} rows={5} max={MOST_REASON} hint={c.reason_hint}
				wrong={draft.note.trim() ? null : wrong} error={error} set={(note) => set((d) => ({ ...d, note }))} />
		</div>
	);
}
