// appeal.tsx - having a measure looked at once more: one tap, words afterwards, the clock on us, what came of it.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad } from "../app";
import * as order from "../api/order";
import { day, when } from "../pure/time";
import { ClockLine } from "./clock";
import { Failed, Field, Form, FormErr, Loading } from "./form";
import { Icon, Rings } from "./icon";
import { useLang } from "./words";
import { useOrder } from "./worded";

const MOST_WORDS = 2000;

/** How full a jury is: dots for the eye, and the words beside them. */
export function Pips({ n, of, children }: { n: number; of: number; children: ComponentChildren }) {
	return (
		<div class="line">
			<span class="pips" aria-hidden="true">
				{Array.from({ length: of }, (_, i) => <i class={i < n ? "on" : undefined} />)}
			</span>
			<p>{children}</p>
		</div>
	);
}

function Walk({ id }: { id: string }) {
	const o = useOrder();
	const { data, error, reload } = useLoad(`draw ${id}`, () => order.draw(id));
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	return (
		<div class="stack">
			<p>{o.draw_seed(data.root_day)}</p>
			<dl class="law">
				<dt>{o.draw_root}</dt><dd class="mono breaks">{data.root}</dd>
				<dt>{o.draw_list}</dt><dd>{o.draw_list_n(data.list.length)} · <span class="mono">{data.list_hash}</span></dd>
			</dl>
			<p class="b">{o.draw_walk}</p>
			<ol class="small num">
				{data.walk.map((it) => (
					<li class={it.state === "seated" ? undefined : "soft"}>
						<span class="mono">{it.number}</span> · {o.draw_states[it.state]}</li>
				))}
			</ol>
			<p class="hint">{o.draw_why} <a href={order.draw_path(id)}>{o.draw_raw}</a></p>
		</div>
	);
}

/** How a jury was drawn; asked for when it is opened. */
export function Draw({ id }: { id: string }) {
	const o = useOrder();
	const [open, set_open] = useState(false);
	return (
		<details class="quote" open={open} onToggle={(e) => set_open(e.currentTarget.open)}>
			<summary class="line b">{o.draw}</summary>
			{open && <Walk id={id} />}
		</details>
	);
}

function Said({ text }: { text: string }) {
	const { attr } = useLang(text);
	return <p class="said" lang={attr}>{text}</p>;
}

/** What was said so far, and a field for more: nothing that was sent is taken back. */
function Words({ appeal, changed }: { appeal: api.Appeal; changed: () => void }) {
	const { say } = useApp();
	const o = useOrder();
	const doing = useDoing();
	const [words, set_words] = useState("");
	const send = () => words.trim() && doing.run(async () => {
		await order.appeal_words(appeal.id, words.trim());
		set_words("");
		say({ text: o.words_saved });
		changed();
	});
	return (
		<>
			{appeal.words && <div class="quote"><p class="hint">{o.words}</p><Said text={appeal.words} /></div>}
			<Form class="stack" send={send}>
				<Field label={appeal.words ? o.words_more : o.words_add} name="words" value={words} set={set_words} rows={3}
					max={MOST_WORDS} hint={o.words_hint} error={doing.error} />
				<FormErr error={doing.error} fields={["words"]} />
				<button class="btn" disabled={doing.busy || !words.trim()}>{o.words_save}</button>
			</Form>
		</>
	);
}

function Open({ appeal, changed }: { appeal: api.Appeal; changed: () => void }) {
	const o = useOrder();
	const jury = appeal.way === "jury";
	return (
		<>
			<ClockLine from={appeal.filed_at} until={appeal.due_at}>
				{(span, at) => <><strong>{o.left(span)}</strong> <span class="soft">{o.appeal_clock(at)}</span></>}
			</ClockLine>
			<p>{appeal.way === "jury" ? o.ways.jury(appeal.seats) : o.ways[appeal.way]}
				{o.steps[appeal.step] && appeal.way !== "nobody" && <> <span class="soft">{o.steps[appeal.step]}</span></>}</p>
			{jury && <Pips n={appeal.voted} of={appeal.seats}>{o.voted(appeal.voted, appeal.seats)}</Pips>}
			<Words key={appeal.id} appeal={appeal} changed={changed} />
		</>
	);
}

function Decided({ appeal }: { appeal: api.Appeal }) {
	const { t } = useApp();
	const o = useOrder();
	const lang = useLang(appeal.note ?? "").attr;
	const good = appeal.state !== "kept";
	const { votes } = appeal;
	return (
		<>
			<div class={good ? "slip g stack" : "slip stack"}>
				<p class="who"><Rings /> {t.house}{appeal.decided_at && <> · {when(new Date(appeal.decided_at), t.time.locale)}</>}</p>
				<p class="b">{appeal.state === "open" ? "" : o.results[appeal.state]}</p>
				{votes && <p>{o.votes(votes.keep, votes.overturn, votes.milder)}</p>}
			</div>
			{appeal.words && <div class="quote"><p class="hint">{o.words}</p><Said text={appeal.words} /></div>}
			{appeal.note && <div class="quote"><p class="hint">{o.note}</p><p lang={lang}>{appeal.note}</p></div>}
			{appeal.juror_notes.length > 0 && (
				<div class="quote stack">
					<p class="hint">{o.juror_notes}</p>
					{appeal.juror_notes.map((note) => <Said text={note} />)}
				</div>
			)}
		</>
	);
}

function Again({ measure, changed }: { measure: api.Measure; changed: () => void }) {
	const { say } = useApp();
	const o = useOrder();
	const doing = useDoing();
	const [facts, set_facts] = useState("");
	const [empty, set_empty] = useState(false);
	const send = () => {
		set_empty(!facts.trim());
		if (facts.trim())
			doing.run(async () => {
				await order.appeal_again(measure.id, facts.trim());
				say({ text: o.filed });
				changed();
			});
	};
	return (
		<details class="quote">
			<summary class="line b">{o.again}</summary>
			<Form class="stack" send={send}>
				<p>{o.again_about}</p>
				<Field label={o.again_label} name="facts" value={facts} set={set_facts} rows={4} max={MOST_WORDS}
					wrong={empty ? o.again_empty : null} error={doing.error} />
				<FormErr error={doing.error} fields={["facts"]} />
				<button class="btn" disabled={doing.busy}>{o.again_send}</button>
			</Form>
		</details>
	);
}

/** The way out of a measure. `children`: what else its subject can do, beside the appeal while there is none. */
export function AppealPart(
	{ measure, changed, children }: { measure: api.Measure; changed: () => void; children?: ComponentChildren },
) {
	const { t, say } = useApp();
	const o = useOrder();
	const id = useId();
	const doing = useDoing();
	const { appeal } = measure;
	const file = () => doing.run(async () => {
		await order.appeal(measure.id);
		say({ text: o.filed });
		changed();
	});
	if (!appeal && !measure.may_appeal)
		return children ? <div class="acts line">{children}</div> : null;
	if (!appeal) {
		const until = measure.appeal_until && day(new Date(measure.appeal_until), new Date(), t.time.locale);
		return (
			<div class="stack">
				<p class="hint" id={id}>{o.appeal_hint(until)}</p>
				<div class="acts line">
					<button type="button" class="btn go" disabled={doing.busy} onClick={file} aria-describedby={id}>
						<Icon name="scales" />{o.appeal}</button>
					{children}
				</div>
				<FormErr error={doing.error} />
			</div>
		);
	}
	// What followed a measure is appealed with it, and shown there.
	if (appeal.measure_id !== measure.id)
		return <p class="hint">{o.appeal_beside(appeal.number)}</p>;
	return (
		<section class="stack" aria-labelledby={id}>
			<h2 id={id}>{appeal.nth > 1 ? o.appeal_again_no(appeal.number) : o.appeal_no(appeal.number)}</h2>
			{appeal.state === "open" ? <Open appeal={appeal} changed={changed} /> : <Decided appeal={appeal} />}
			{appeal.way === "jury" && <Draw id={appeal.id} />}
			{appeal.state !== "open" && measure.may_appeal && <Again measure={measure} changed={changed} />}
			{children && <div class="line">{children}</div>}
		</section>
	);
}
