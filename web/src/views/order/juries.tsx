// juries.tsx - a seat on a jury: the case blinded, my vote with its reason, and others' votes after mine.

import { useState } from "preact/hooks";

import { useApp, useDoing, useLoad, useNow } from "../../app";
import * as order from "../../api/order";
import { Ask, Empty, Err, Failed, Field, Form, FormErr, Loading } from "../../parts/form";
import { Icon, Rings } from "../../parts/icon";
import { Marked, Reasons, useBoth } from "../../parts/measure";
import { useLang } from "../../parts/words";
import { useOrder } from "../../parts/worded";
import { left, when } from "../../pure/time";
import { useTold } from "../../pulse";
import { go } from "../../route";
import { JurorChoice } from "./juror";

const MOST_WORDS = 500;
const VOTES = ["keep", "overturn", "milder"] as const;

function Pictures({ all }: { all: { url: string }[] }) {
	const o = useOrder();
	return (
		<div class="line">
			{all.map((it, i) => <img class="seen" src={it.url} alt={o.jury.picture(i + 1)} loading="lazy" />)}
		</div>
	);
}

/** The evidence, blinded: words with marks, why, what the other side says, the rule. */
function Evidence({ jury }: { jury: order.Jury }) {
	const o = useOrder();
	const j = o.jury;
	const both = useBoth();
	const it = jury.case;
	const words = useLang(it.words).attr;
	const statement = useLang(it.statement ?? "").attr;
	return (
		<>
			<section class="stack" aria-labelledby="wrote">
				<h2 id="wrote">{it.text || it.pictures.length > 0 ? j.wrote : j.conduct}</h2>
				{it.text && <Marked text={it.text} reasons={it.reasons} />}
				{it.pictures.length > 0 && <Pictures all={it.pictures} />}
				{!it.text && it.pictures.length === 0 && <p>{j.kinds[it.kind]}</p>}
			</section>
			<div class="stack">
				<section class="slip w stack" aria-labelledby="why">
					<p class="who"><Rings /> {j.kinds[it.kind]}</p>
					<h2 id="why">{j.reasons}</h2>
					<Reasons reasons={it.reasons} text={it.text} />
					{it.statement && <p class="said" lang={statement}>{it.statement}</p>}
				</section>
				<section class="quote stack" aria-labelledby="words">
					<h2 id="words" class="hint">{j.words}</h2>
					{it.words ? <p class="said" lang={words}>{it.words}</p> : <p class="soft">{j.no_words}</p>}
				</section>
			</div>
			<section class="stack" aria-labelledby="law">
				<h2 id="law">{j.law}</h2>
				<p class="said">{it.rule.clause && <><b>{it.rule.clause}</b> </>}{both(it.rule.text)}</p>
				<p class="soft small"><span class="mono">{it.rule.id}</span> · {o.version}{" "}
					<a class="mono" href={`/rules?version=${it.rule.policy}`}>{it.rule.policy.slice(0, 8)}</a></p>
			</section>
		</>
	);
}

function Ballot({ jury, set }: { jury: order.Jury; set: (jury: order.Jury) => void }) {
	const { say } = useApp();
	const o = useOrder();
	const j = o.jury;
	const doing = useDoing();
	const [vote, set_vote] = useState<order.Vote | null>(jury.vote);
	const [note, set_note] = useState(jury.note ?? "");
	const [wrong, set_wrong] = useState({ vote: false, note: false });
	const send = () => {
		set_wrong({ vote: !vote, note: !note.trim() });
		if (vote && note.trim())
			doing.run(async () => {
				set(await order.vote(jury.id, vote, note.trim()));
				say({ text: j.voted });
			});
	};
	const skip = () => doing.run(async () => {
		await order.skip_jury(jury.id);
		say({ text: j.skipped });
		go("/juries", true);
	});
	return (
		<Form class="stack" send={send}>
			<fieldset class="opts" aria-describedby={wrong.vote ? "no-vote" : undefined}>
				<legend class="lab">{j.legend}</legend>
				{VOTES.filter((it) => it !== "milder" || jury.case.milder).map((it) => (
					<label class="opt" key={it}>
						<input type="radio" name="vote" value={it} checked={vote === it} onChange={() => set_vote(it)} />
						<span>{j.votes[it]}{j.vote_hints[it] && <small>{j.vote_hints[it]}</small>}</span>
					</label>
				))}
				{wrong.vote && <Err id="no-vote" text={j.choose} />}
			</fieldset>
			<Field label={j.why} name="note" value={note} set={set_note} rows={3} max={MOST_WORDS} hint={j.why_hint}
				wrong={wrong.note && !note.trim() ? j.why_empty : null} error={doing.error} />
			<FormErr error={doing.error} fields={["note"]} />
			<div class="line">
				<button class="btn go" disabled={doing.busy}>{jury.vote ? j.change : j.vote}</button>
				{!jury.vote && <Ask class="btn" label={j.skip} question={j.skip_ask} yes={j.skip_yes} act={skip} busy={doing.busy} />}
			</div>
			<p class="hint">{j.skip_hint}</p>
		</Form>
	);
}

/** What I said, until when it can be said otherwise, and what the others said. */
function Given({ jury, set }: { jury: order.Jury; set: (jury: order.Jury) => void }) {
	const { t } = useApp();
	const o = useOrder();
	const j = o.jury;
	const now = useNow();
	const lang = useLang(jury.note ?? "").attr;
	const open = jury.changes_until !== null && Date.parse(jury.changes_until) > now.getTime();
	return (
		<section class="stack" aria-labelledby="given">
			<h2 id="given">{j.legend}</h2>
			<div class="slip g stack">
				<p class="who"><Rings /> {t.house}</p>
				{jury.vote && <p class="b">{j.mine(j.votes_short[jury.vote])}</p>}
				{jury.others && <p>{j.others(jury.others.keep, jury.others.overturn, jury.others.milder)}</p>}
				{jury.state === "closed" && <p>{j.closed}</p>}
			</div>
			{jury.note && <p class="quote said" lang={lang}>{jury.note}</p>}
			{open && jury.changes_until && <>
				<p class="soft">{j.changes(when(new Date(jury.changes_until), t.time.locale))}</p>
				<details class="quote"><summary class="line b">{j.change}</summary><Ballot jury={jury} set={set} /></details>
			</>}
		</section>
	);
}

function Seat({ id }: { id: string }) {
	const { t } = useApp();
	const o = useOrder();
	const j = o.jury;
	const now = useNow();
	const { data, error, set, reload } = useLoad(`jury ${id}`, () => order.jury(id));
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const waits = data.state === "asked" || data.changes_until !== null;
	return (
		<div class="sheet pad stack wide">
			<header class="stack">
				<h1>{j.one(data.number)}</h1>
				{data.state === "asked" && <p class="line"><span class="tag wait"><Icon name="clock" />
					{j.due(left(new Date(data.due_at), now, t.time))}</span></p>}
				<p>{j.blind}</p>
				<p>{j.seats(data.seats, data.needed)} <span class="soft">{j.after}</span></p>
			</header>
			{waits && <Evidence jury={data} />}
			{data.state === "asked" && !data.vote && <Ballot jury={data} set={(it) => set(() => it)} />}
			{data.vote && <Given jury={data} set={(it) => set(() => it)} />}
			{data.state === "skipped" && <p>{j.skipped}</p>}
			{data.state === "closed" && !data.vote && <p>{j.closed}</p>}
		</div>
	);
}

function Line({ it }: { it: order.Jury }) {
	const { t } = useApp();
	const o = useOrder();
	const j = o.jury;
	const now = useNow();
	return (
		<li>
			<a class="row" href={`/juries?id=${it.id}`}>
				<Icon name="scales" />
				<div>
					<p class="b">{j.one(it.number)}</p>
					<p class={it.state === "asked" ? "small wait b" : "small soft"}>
						{it.state === "asked" ? j.due(left(new Date(it.due_at), now, t.time)) : j.states[it.state]}</p>
				</div>
			</a>
		</li>
	);
}

function All() {
	const o = useOrder();
	const j = o.jury;
	const { data, error, reload } = useLoad("juries", order.juries);
	useTold(reload);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const waiting = data.filter((it) => it.state === "asked");
	const past = data.filter((it) => it.state !== "asked");
	return (
		<>
			<h1 class="sr">{j.title}</h1>
			{waiting.length === 0 && <Empty title={j.none} text={j.none_more} />}
			{waiting.length > 0 && (
				<section class="sheet" aria-labelledby="waiting">
					<div class="head"><h2 id="waiting">{j.waiting}</h2></div>
					<ul class="rows">{waiting.map((it) => <Line key={it.id} it={it} />)}</ul>
				</section>
			)}
			{past.length > 0 && (
				<section class="sheet" aria-labelledby="past">
					<div class="head"><h2 id="past">{j.past}</h2></div>
					<ul class="rows">{past.map((it) => <Line key={it.id} it={it} />)}</ul>
				</section>
			)}
			<JurorChoice />
		</>
	);
}

export function Juries({ query }: { query: URLSearchParams }) {
	const id = query.get("id");
	return id && /^\d+$/.test(id) ? <Seat key={id} id={id} /> : <All />;
}
