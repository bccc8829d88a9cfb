// case.tsx - one case on one screen: what it is about, the evidence, who reported, copies, the person's past, what was decided.

import { useApp, useDoing, useNow } from "../../app";
import type { Measure, MeasureKind } from "../../api";
import * as order from "../../api/order";
import { Draw } from "../../parts/appeal";
import { ClockLine } from "../../parts/clock";
import { FormErr } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { PersonLadder } from "../../parts/ladder";
import { StateTag, is_over } from "../../parts/measure";
import { Called, Face, Name, name_of } from "../../parts/person";
import { useLang } from "../../parts/words";
import { useConsole, useOrder } from "../../parts/worded";
import { left, when } from "../../pure/time";
import type { Draft } from "./drafts";
import { Evidence, Piece } from "./evidence";
import { Line, useTitle } from "./queue";

interface Drafting {
	draft: Draft;
	set: (change: (draft: Draft) => Draft) => void;
}

const HOUR_MS = 3_600_000;
const case_address = (id: string) => `/review?case=${id}`;

function useWhen(): (at: string) => string {
	const { t } = useApp();
	return (at) => when(new Date(at), t.time.locale);
}

function Said({ text }: { text: string }) {
	const { attr } = useLang(text);
	return <p class="said" lang={attr}>{text}</p>;
}

function Head({ it, claim }: { it: order.Case; claim: () => void }) {
	const c = useConsole();
	const now = useNow();
	const at = useWhen();
	const title = useTitle();
	const held = it.claimed && Date.parse(it.claimed.until) > now.getTime() ? it.claimed : null;
	return (
		<header class="panel pad stack">
			<p class="line">
				<span class={it.harm === "a" ? "tag bad" : "tag soft"}>{c.harms[it.harm]}</span>
				{it.state !== "open" && <span class="tag good">{c.states[it.state]}</span>}
				<span class="soft end num">{c.opened(at(it.opened_at))}</span>
			</p>
			<h1>{c.case_no(it.number)}</h1>
			<p class="b">{title(it)}</p>
			{it.subject && (
				<div class="line">
					<Face who={it.subject} size="s" />
					<p><Name who={it.subject} /> <span class="soft">@{it.subject.username}</span></p>
				</div>
			)}
			{it.state === "open" && (
				<div class="line">
					{held && <p class={held.mine ? "line good" : "line wait"} role="status">
						<Icon name="clock" />{held.mine ? c.claimed_mine(at(held.until)) : c.claimed_other(at(held.until))}</p>}
					{(!held || held.mine) && <button type="button" class="btn" onClick={claim}
						aria-describedby="claim-hint">{held ? c.unclaim : c.claim}</button>}
					<span class="hint" id="claim-hint">{c.claim_hint}</span>
				</div>
			)}
			<p class="small soft">{c.looked}</p>
		</header>
	);
}

/** Beside each that waits: whether it was made in bad faith. */
function Reports({ it: { state, reports: all }, draft, set }: { it: order.Case } & Drafting) {
	const c = useConsole();
	const o = useOrder();
	const at = useWhen();
	return (
		<section class="panel" aria-labelledby="reports">
			<h2 id="reports">{c.reports} <span class="soft">{all.length}</span></h2>
			<div class="pad">
				<ul class="stack">
					{all.map((it) => (
						<li key={it.id}>
							<p class="line"><b>{o.report.categories[it.category]}</b>
								<span class="tag soft num">{c.group(it.group)}</span>
								<span class="soft small num">{c.report_weight(it.weight.toFixed(2))} · {at(it.at)} · {c.report_states[it.state]}</span></p>
							{it.text && <Said text={it.text} />}
							{state === "open" && it.state === "open" && (
								<label class="opt">
									<input type="checkbox" checked={draft.bad[it.id] === true} onChange={(e) => {
										const on = e.currentTarget.checked;
										set((d) => ({ ...d, bad: { ...d.bad, [it.id]: on } }));
									}} />
									<span>{c.bad_faith}<small>{c.bad_faith_hint}</small></span>
								</label>
							)}
						</li>
					))}
				</ul>
				<p class="small soft">{c.reports_note}</p>
			</div>
		</section>
	);
}

function Complaints({ all }: { all: order.CaseComplaint[] }) {
	const c = useConsole();
	const at = useWhen();
	return (
		<section class="panel" aria-labelledby="complaints">
			<h2 id="complaints">{c.complaints}</h2>
			<div class="pad">
				{all.map((it) => (
					<div class="stack" key={it.id}>
						<p class="line"><b>{c.complaint_kinds[it.category]}</b>
							<span class="soft small num">{at(it.at)}{it.due_at && !it.answer && <> · {c.answer_due(at(it.due_at))}</>}</span></p>
						<dl class="law">
							<dt>{c.complaint_about}</dt><dd><Said text={it.about} /></dd>
							<dt>{c.complaint_evidence}</dt><dd><Said text={it.evidence} /></dd>
						</dl>
						{it.answer && <p class="quote said">{it.answer}</p>}
					</div>
				))}
			</div>
		</section>
	);
}

function Appeals({ all }: { all: order.CaseAppeal[] }) {
	const c = useConsole();
	const o = useOrder();
	return (
		<section class="panel" aria-labelledby="appeals">
			<h2 id="appeals">{c.appeals}</h2>
			<div class="pad">
				{all.map(({ appeal, measure }) => (
					<div class="stack" key={appeal.id}>
						<p class="line"><b>{c.appeal_no(appeal.number)}</b><span class="tag soft">{o.tags[measure.kind]}</span></p>
						{appeal.words ? <div class="quote"><Said text={appeal.words} /></div>
							: appeal.way === "steward" && <p class="soft">{c.appeal_silent}</p>}
						{appeal.state !== "open" ? <p>{o.results[appeal.state]}</p> : (
							<>
								<p>{c.appeal_ways[appeal.way]}</p>
								<ClockLine from={appeal.filed_at} until={appeal.due_at}>
									{(span, at) => <><strong>{o.left(span)}</strong> <span class="soft">{o.appeal_clock(at)}</span></>}
								</ClockLine>
							</>
						)}
						{appeal.way === "jury" && <Draw id={appeal.id} />}
					</div>
				))}
			</div>
		</section>
	);
}

function Answers({ all }: { all: order.Case["answers"] }) {
	const c = useConsole();
	const at = useWhen();
	return (
		<section class="panel" aria-labelledby="answers">
			<h2 id="answers">{c.answers}</h2>
			<div class="pad">
				{all.map((it) => (
					<div class="stack">
						<p><b>{it.whom}</b>: {c.answer_says[it.answer]} <span class="soft small num">{at(it.at)}</span></p>
						{it.words && <Said text={it.words} />}
					</div>
				))}
			</div>
		</section>
	);
}

function CopyLine({ it, first }: { it: order.Copy; first: boolean }) {
	const c = useConsole();
	const at = useWhen();
	const who = it.account ? <Called name={name_of(it.account)} /> : <span class="soft">{c.someone}</span>;
	return (
		<>
			{it.mine ? <mark>{who}</mark> : first ? <b>{who}</b> : who}{" "}
			<span class="soft num">{at(it.at)} · {first ? c.first : c.alike(Math.round(it.similarity * 100))}
				{it.mine && <> · {c.this_case}</>}</span>
		</>
	);
}

/** Those that are `depth` copies down or more, in their order: each step down is a list in the list. */
function CopyLevel({ all, depth }: { all: order.Copy[]; depth: number }) {
	const here = all.filter((it) => it.depth === depth);
	const deeper = all.filter((it) => it.depth > depth);
	return (
		<ul>
			{here.map((it, i) => (
				<li>
					<CopyLine it={it} first={false} />
					{i === here.length - 1 && deeper.length > 0 && <CopyLevel all={deeper} depth={depth + 1} />}
				</li>
			))}
			{here.length === 0 && deeper.length > 0 && <li><CopyLevel all={deeper} depth={depth + 1} /></li>}
		</ul>
	);
}

/** The first ones, each with what followed it. */
function families(all: order.Copy[]): order.Copy[][] {
	const made: order.Copy[][] = [];
	for (const it of all)
		if (it.depth === 0 || made.length === 0)
			made.push([it]);
		else
			made[made.length - 1]!.push(it);
	return made;
}

/** Who wrote it first, and who after. */
function Copies({ all }: { all: order.Copy[] }) {
	const c = useConsole();
	const times = all.map((it) => Date.parse(it.at));
	const hours = Math.round((Math.max(...times) - Math.min(...times)) / HOUR_MS);
	const people = new Set(all.map((it, i) => it.account?.id ?? `hidden ${i}`)).size;
	return (
		<section class="panel" aria-labelledby="copies">
			<h2 id="copies">{c.copies(all.length)}</h2>
			<div class="pad tree small">
				<p>{c.copies_sentence(all.length, people, c.hours(hours))}</p>
				{families(all).map(([first, ...rest]) => (
					<ul>
						<li>
							<CopyLine it={first!} first />
							{rest.length > 0 && <CopyLevel all={rest} depth={1} />}
						</li>
					</ul>
				))}
			</div>
		</section>
	);
}

function MeasureLine({ it }: { it: Measure }) {
	const o = useOrder();
	const at = useWhen();
	const { attr } = useLang(it.object.text);
	return (
		<>
			{is_over(it) && <b>{o.tags[it.kind]} </b>}<StateTag measure={it} />{" "}
			<span class="soft num">{at(it.starts_at)} · <span class="mono">{it.rule.id}</span> · m-{it.id}</span>
			{it.object.text && <span class="cut soft" lang={attr}>{it.object.text}</span>}
			{it.note && <span class="block">{it.note}</span>}
		</>
	);
}

function History({ it }: { it: order.Case }) {
	const c = useConsole();
	const o = useOrder();
	const { standing } = it;
	const on_person: MeasureKind[] = it.in_force.map((m) => m.kind);
	const past = it.history.filter((m) => !it.in_force.some((one) => one.id === m.id));
	return (
		<section class="panel" aria-labelledby="history">
			<h2 id="history">{c.history}</h2>
			<div class="pad">
				{standing && <p>{c.standing_of(standing.points, standing.offences)}
					{standing.step && <> {c.next_step(o.person_steps[standing.step])}</>}</p>}
				<PersonLadder current={on_person} />
				<h3>{c.in_force}</h3>
				{it.in_force.length === 0 && <p class="soft">{c.in_force_none}</p>}
				{it.in_force.length > 0 && <ul class="stack">{it.in_force.map((m) => <li key={m.id}><MeasureLine it={m} /></li>)}</ul>}
				<h3>{c.before}</h3>
				{past.length === 0 && <p class="soft">{c.history_none}</p>}
				<ol class="hist">{past.map((m) => <li key={m.id}><MeasureLine it={m} /></li>)}</ol>
			</div>
		</section>
	);
}

/** What was done, each kind once, with how often. */
function done_of(deeds: readonly order.Deed[], words: Record<order.Deed["kind"], string>, comma: string): string {
	return [...new Set(deeds.map((deed) => deed.kind))].map((kind) => {
		const n = deeds.filter((deed) => deed.kind === kind).length;
		return n > 1 ? `${words[kind]} × ${n}` : words[kind];
	}).join(comma);
}

/** Each decision with what it did, and for a quarter of an hour the way to take it back. */
function Deeds({ it, set }: { it: order.Case; set: (it: order.Case) => void }) {
	const { t, say } = useApp();
	const c = useConsole();
	const now = useNow();
	const at = useWhen();
	const doing = useDoing();
	const undo = (deed: string) => doing.run(async () => {
		set(await order.undo_deed(it.id, deed));
		say({ text: c.undone });
	});
	const decisions = [...new Set(it.deeds.map((deed) => deed.decision))]
		.map((id) => it.deeds.filter((deed) => deed.decision === id));
	return (
		<section class="panel" aria-labelledby="deeds">
			<h2 id="deeds" tabIndex={-1}>{c.deeds}</h2>
			<div class="pad">
				<ol class="hist">
					{decisions.map((deeds) => {
						const [first] = deeds;
						const until = first?.undo_until && Date.parse(first.undo_until) > now.getTime() ? first.undo_until : null;
						return first && (
							<li key={first.decision}>
								<b>{done_of(deeds, c.deed_kinds, t.comma)}</b>{" "}
								{first.undone && <span class="tag soft">{c.undone_tag}</span>}{" "}
								<span class="soft num">{at(first.at)} · {c.by[first.by_role] ?? first.by_role}</span>
								{first.note && <Said text={first.note} />}
								{until && (
									<p class="line"><button type="button" class="btn" disabled={doing.busy}
										onClick={() => undo(first.decision)}>{c.undo}</button>
										<span class="hint">{c.undo_until(left(new Date(until), now, t.time))}</span></p>
								)}
							</li>
						);
					})}
				</ol>
				<FormErr error={doing.error} />
			</div>
		</section>
	);
}

function Others({ title, id, all }: { title: string; id: string; all: order.CaseLine[] }) {
	return (
		<section class="panel" aria-labelledby={id}>
			<h2 id={id}>{title}</h2>
			<div class="queue"><ul class="rows">
				{all.map((it) => <Line key={it.id} it={it} href={case_address(it.id)} current={false} />)}
			</ul></div>
		</section>
	);
}

export function CaseSheet({ it, drafting, claim, set }: {
	it: order.Case; drafting: Drafting; claim: () => void; set: (it: order.Case) => void;
}) {
	const c = useConsole();
	// What an appeal is about stands among the evidence, once.
	const shown = [...it.measures, ...it.appeals.filter((a) => !it.measures.some((m) => m.measure.id === a.measure.id))];
	const many = shown.length + it.pieces.length > 1;
	return (
		<div class="stack">
			<Head it={it} claim={claim} />
			{it.deeds.length > 0 && <Deeds it={it} set={set} />}
			{shown.map((m, i) => <Evidence key={m.measure.id} it={m} first={i === 0} n={many ? i + 1 : 0} />)}
			{it.pieces.map((piece, i) => <Piece key={piece.status?.id} it={piece} 
				first={shown.length === 0 && i === 0} n={many ? shown.length + i + 1 : 0} />)}
			{shown.length + it.pieces.length === 0 && (
				<section class="panel" aria-labelledby="evidence">
					<h2 id="evidence" tabIndex={-1}>{c.evidence_n(0)}</h2><div class="pad"><p class="soft">{c.no_evidence}</p></div>
				</section>
			)}
			{it.reports.length > 0 && <Reports it={it} {...drafting} />}
			{it.complaints.length > 0 && <Complaints all={it.complaints} />}
			{it.appeals.length > 0 && <Appeals all={it.appeals} />}
			{it.answers.length > 0 && <Answers all={it.answers} />}
			{it.copies.length > 0 && <Copies all={it.copies} />}
			{it.subject && <History it={it} />}
			{it.linked.length > 0 && (
				<section class="panel" aria-labelledby="linked">
					<h2 id="linked">{c.linked}</h2>
					<p class="pad line">{it.linked.map((one) => <a key={one.id} class="chip" href={case_address(one.id)}>{c.case_no(one.number)}</a>)}</p>
				</section>
			)}
			{it.similar.length > 0 && <Others title={c.similar} id="similar" all={it.similar} />}
		</div>
	);
}
