// measure.tsx - what the order did, said to whom it was done in the order README 1.3 of the look asks for: what, how
// long, own words with marks, why, rule and version, what would pass, appeal, place on the ladder.

import { useId } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useMe } from "../app";
import * as order from "../api/order";
import { fresh_key, keep_draft } from "../keep";
import { pieces, type Span } from "../pure/spans";
import { when } from "../pure/time";
import { go } from "../route";
import type { Order } from "../text/apart";
import { AppealPart } from "./appeal";
import { ClockLine } from "./clock";
import { Ask, FormErr } from "./form";
import { Icon, Rings } from "./icon";
import { Ladders } from "./ladder";
import { useLang } from "./words";
import { useOrder } from "./worded";

const DAY_MS = 86_400_000;

export function useBoth(): (both: api.Both) => string {
	const { t } = useApp();
	return (both) => (t.lang === "en" ? both.en : both.zh);
}

/** A seal by the only steward begins a day after it was decided. */
const is_ahead = (m: api.Measure) => m.state === "active" && !m.in_force;
export const is_over = (m: api.Measure) => !m.in_force && m.state !== "proposed" && !is_ahead(m);
/** A hold that somebody confirmed: it has no end of its own any more. */
const is_kept_hold = (m: api.Measure) => m.kind === "hold" && m.state === "kept";

/** Nobody had confirmed it before: then an appeal that is lost costs no points. */
const is_kept_by_appeal = (m: api.Measure) =>
	m.kind !== "notice" && m.state === "kept" && m.appeal?.state === "kept" && m.appeal.decided_at === m.decided_at;

/** Reasons that mark words, numbered as in the text, then those that do not. */
function ordered(reasons: readonly api.Reason[]): { marks: api.Reason[]; rest: api.Reason[] } {
	return {
		marks: reasons.filter((r) => r.spans.length > 0),
		rest: reasons.filter((r) => r.spans.length === 0),
	};
}

/** Somebody's words with marks; each mark carries the number of its group. */
export function MarkedText({ text, groups }: { text: string; groups: readonly (readonly Span[])[] }) {
	const { attr } = useLang(text);
	return (
		<blockquote class="quote said" lang={attr}>
			{pieces(text, groups).map((piece) =>
				piece.marks.length === 0
					? piece.text
					: <mark>{piece.text}{piece.ends.length > 0 && <sup>{piece.ends.join(" ")}</sup>}</mark>)}
		</blockquote>
	);
}

/** The piece with its marked words. */
export function Marked({ text, reasons }: { text: string; reasons: readonly api.Reason[] }) {
	return <MarkedText text={text} groups={ordered(reasons).marks.map((r) => r.spans)} />;
}

export function Reasons({ reasons, text }: { reasons: readonly api.Reason[]; text: string }) {
	const o = useOrder();
	const both = useBoth();
	const { marks, rest } = ordered(reasons);
	return (
		<ol class="stack">
			{marks.map((r, i) => <li><b>{o.mark(i + 1)}</b> {both(r.text)}</li>)}
			{rest.map((r) => <li>{text && <><b>{o.outside}</b> </>}{both(r.text)}</li>)}
		</ol>
	);
}

/** Until when it lasts. Of a hold this is a clock on us, of everything else on the measure. */
function Clock({ measure: m }: { measure: api.Measure }) {
	const { t } = useApp();
	const o = useOrder();
	if (is_over(m) || m.kind === "notice" || m.state === "proposed")
		return null;
	if (is_ahead(m))
		return <p>{o.begins(when(new Date(m.starts_at), t.time.locale))}</p>;
	if (!m.ends_at)
		return is_kept_hold(m) ? null : <p class="soft">{o.no_end}</p>;
	// Only a hold that waits is a clock on us; a penalty's own end is told without alarm.
	return (
		<ClockLine from={m.starts_at} until={m.ends_at} urgent_ms={m.kind === "hold" ? DAY_MS : 0}>
			{(span, at) => <><strong>{o.left(span)}</strong>{" "}
				<span class="soft">{m.kind === "hold" ? o.clock_hold(at) : o.clock_other(at)}</span></>}
		</ClockLine>
	);
}

const ICONS = {
	hold: "clock", label: "tag", fold: "copies", notice: "bell", fewer: "pen", no_friends: "friends", freeze: "lock",
	seal: "lock",
} as const;

export function StateTag({ measure: m }: { measure: api.Measure }) {
	const o = useOrder();
	if (m.state === "proposed")
		return <span class="tag wait"><Icon name="clock" />{o.tag_proposed}</span>;
	if (is_ahead(m))
		return <span class="tag wait"><Icon name="clock" />{o.tag_ahead}</span>;
	if (is_over(m))
		return <span class="tag good"><Icon name="check" />{o.over[m.state]}</span>;
	const shade = m.kind === "seal" ? "bad" : m.kind === "label" || m.kind === "fold" || m.kind === "notice"
		|| is_kept_hold(m) ? "soft" : "wait";
	return (
		<span class={`tag ${shade}`}>
			<Icon name={is_kept_hold(m) ? "lock" : ICONS[m.kind]} />{is_kept_hold(m) ? o.tag_kept_hold : o.tags[m.kind]}
		</span>
	);
}

/** What was done, as a heading. */
export function headline(o: Order, m: api.Measure): string {
	if (is_over(m))
		return o.heads.over[m.object.type];
	if (m.state === "proposed")
		return o.heads.proposed;
	if (is_ahead(m))
		return o.heads.ahead;
	const head = is_kept_hold(m) ? o.heads.kept : o.heads[m.kind];
	return typeof head === "string" ? head : head[m.object.type === "comment" ? "comment" : "post"];
}

function Outcome({ measure: m }: { measure: api.Measure }) {
	const { t } = useApp();
	const o = useOrder();
	const lang = useLang(m.note ?? "").attr;
	const at = (time: string | null) => (time ? when(new Date(time), t.time.locale) : "");
	const says = () => {
		if (m.state === "proposed")
			return o.says.proposed;
		if (is_ahead(m))
			return o.says.ahead;
		if (!is_over(m))
			return is_kept_hold(m) ? o.says.kept : o.says[m.kind];
		if (m.state === "released" || m.state === "overturned" || m.state === "withdrawn" || m.state === "unanswered" || m.state === "milder")
			return o.ended[m.state](at(m.decided_at));
		return m.kind === "hold" && m.state === "lapsed" ? o.ended.lapsed(at(m.ends_at ?? m.decided_at))
			: o.ended.ran_out(at(m.ends_at ?? m.decided_at));
	};
	return (
		<>
			<p>{says()}{m.state === "kept" && m.decided_at && <> {o.kept_by(at(m.decided_at), m.decided_by_role === "jury")}</>}</p>
			{m.note && <div class="quote"><p class="hint">{o.note}</p><p lang={lang}>{m.note}</p></div>}
		</>
	);
}

export function Law({ measure: m, receipt }: { measure: api.Measure; receipt?: boolean }) {
	const o = useOrder();
	const both = useBoth();
	const said = m.reasons.map((r) => both(r.text));
	const id = useId();
	return (
		<dl class="law">
			<dt>{o.rule}</dt>
			<dd>
				{m.clause && <>{m.clause} </>}<span class="mono">{m.rule.id}</span>
				{/* Often the sentence that stands above as a reason. */}
				{both(m.rule.text) && !said.includes(both(m.rule.text)) && <>{" · "}{both(m.rule.text)}</>}
			</dd>
			{m.rule.policy && <><dt>{o.version}</dt>
				<dd>{receipt ? <a class="mono" href={`/rules?version=${m.rule.policy}`}>{m.rule.policy.slice(0, 8)}</a>
					: <span class="mono">{m.rule.policy.slice(0, 8)}</span>}</dd></>}
			<dt>{o.by}</dt>
			<dd>{o.deciders[m.decider]}</dd>
			<dt>{o.points}</dt>
			<dd>{o.points_n(is_over(m) || is_kept_by_appeal(m) ? 0 : m.points, m.decider !== "policy" || m.state === "kept")}</dd>
			{receipt && <><dt>{o.receipt}</dt>
				<dd><span class="mono">m-{m.id}</span>{" "}
					<a href={order.receipts_path(m.id)} download={`kith-receipt-m-${m.id}.json`} aria-describedby={id}>
						{o.receipt_get}</a>
					<span class="hint block" id={id}>{o.receipt_hint}</span></dd></>}
		</dl>
	);
}

/** Writing it anew, or taking it back. */
function OwnWay({ measure, gone }: { measure: api.Measure; gone: () => void }) {
	const { say } = useApp();
	const o = useOrder();
	const me = useMe();
	const doing = useDoing();
	const { object } = measure;
	const edit = () => {
		keep_draft(me.id, { text: object.text, key: fresh_key(), saved_at: Date.now() });
		go("/?write");
	};
	return (
		<>
			{object.type === "post" && (
				<button type="button" class="btn" onClick={edit}><Icon name="pen" />{o.edit}</button>
			)}
			<Ask label={o.withdraw} question={o.withdraw_ask} yes={o.withdraw}
				busy={doing.busy} act={() => doing.run(async () => {
					await api.delete_status(object.id);
					say({ text: o.withdrawn });
					gone();
				})} />
			<FormErr error={doing.error} />
		</>
	);
}

interface StatementProps {
	measure: api.Measure;
	/** The page's own heading, or one of several. */
	main: boolean;
	/** After the piece was withdrawn. */
	gone: () => void;
	/** After an appeal or its words were sent. */
	changed: () => void;
}

/** The statement of reasons, whole. */
export function Statement({ measure: m, main, gone, changed }: StatementProps) {
	const { t } = useApp();
	const o = useOrder();
	const me = useMe();
	const both = useBoth();
	const id = useId();
	const over = is_over(m);
	const held = m.kind === "hold" && !over && !me.kith_sealed;
	// Of several statements on a page the parts would be landmarks of the same name.
	const by = (part: string) => (main ? id + part : undefined);
	return (
		<div class="sheet pad stack wide">
			<header class="stack">
				<p class="line">
					<StateTag measure={m} />
					<span class="soft">{when(new Date(m.starts_at), t.time.locale)}</span>
				</p>
				{main ? <h1>{headline(o, m)}</h1> : <h2 class="title">{headline(o, m)}</h2>}
				<Outcome measure={m} />
				<Clock measure={m} />
			</header>
			{m.object.text && (
				<section class="stack" aria-labelledby={by("w")}>
					<h2 id={`${id}w`}>{o.wrote}</h2>
					<Marked text={m.object.text} reasons={m.reasons} />
				</section>
			)}
			<section class={over ? "slip stack" : "slip w stack"} aria-labelledby={by("r")}>
				<p class="who"><Rings /> {t.house}</p>
				<h2 id={`${id}r`}>{o.why[m.kind]}</h2>
				<Reasons reasons={m.reasons} text={m.object.text} />
				<Law measure={m} receipt />
			</section>
			{m.would_pass && !over && (
				<section class="stack" aria-labelledby={by("p")}>
					<h2 id={`${id}p`}>{o.passes}</h2>
					<p>{both(m.would_pass)}</p>
				</section>
			)}
			<AppealPart measure={m} changed={changed}>
				{held && <OwnWay measure={m} gone={gone} />}
			</AppealPart>
			{held && m.object.type === "post" && <p class="hint">{o.edit_hint}</p>}
			{!over && (m.kind === "hold" || m.kind === "label" || m.kind === "fold") && (
				<section class="stack" aria-labelledby={by("l")}>
					<h2 id={`${id}l`}>{o.stands}</h2>
					<Ladders piece={m.kind} />
				</section>
			)}
		</div>
	);
}
