// measure.tsx - what the order did to a piece, said to its author in the order README 1.3 of the
// look asks for: what, how long, own words with marks, why, rule and version, what would pass.

import { useId } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useMe, useNow } from "../app";
import { fresh_key, keep_draft } from "../keep";
import { pieces } from "../pure/spans";
import { left, left_share, when } from "../pure/time";
import { go } from "../route";
import { Ask, FormErr } from "./form";
import { Icon, Ring, Rings } from "./icon";
import { useLang } from "./words";

const HOUR = 3_600_000;

export function useBoth(): (both: api.Both) => string {
	const { t } = useApp();
	return (both) => (t.lang === "en" ? both.en : both.zh);
}

/** Reasons that mark words, numbered as in the text, then those that do not. */
function ordered(reasons: readonly api.Reason[]): { marks: api.Reason[]; rest: api.Reason[] } {
	return {
		marks: reasons.filter((r) => r.spans.length > 0),
		rest: reasons.filter((r) => r.spans.length === 0),
	};
}

/** The piece with its marked words; each mark carries the number of its reason. */
export function Marked({ measure }: { measure: api.Measure }) {
	const { text } = measure.object;
	const { attr } = useLang(text);
	const { marks } = ordered(measure.reasons);
	return (
		<blockquote class="quote said" lang={attr}>
			{pieces(text, marks.map((r) => r.spans)).map((piece) =>
				piece.marks.length === 0
					? piece.text
					: <mark>{piece.text}{piece.ends.length > 0 && <sup>{piece.ends.join(" ")}</sup>}</mark>)}
		</blockquote>
	);
}

export function Reasons({ measure }: { measure: api.Measure }) {
	const { t } = useApp();
	const both = useBoth();
	const { marks, rest } = ordered(measure.reasons);
	return (
		<ol class="stack">
			{marks.map((r, i) => <li><b>{t.held.mark(i + 1)}</b> {both(r.text)}</li>)}
			{rest.map((r) => (
				<li>{measure.object.text && <><b>{t.held.outside}</b> </>}{both(r.text)}</li>
			))}
		</ol>
	);
}

/** The clock on us. Nothing for measures without an end or already decided. */
export function Clock({ measure, steward }: { measure: api.Measure; steward?: boolean }) {
	const { t } = useApp();
	const now = useNow();
	if (!measure.ends_at || measure.state !== "active")
		return null;
	const start = new Date(measure.starts_at);
	const end = new Date(measure.ends_at);
	const urgent = end.getTime() - now.getTime() < 24 * HOUR;
	const span = left(end, now, t.time);
	return (
		<div class={urgent ? "line bad" : "line wait"}>
			<Ring share={left_share(start, end, now)} />
			{steward
				? <p><b>{t.review.left(span)}</b><br /><span class="soft small">{t.review.clock}</span></p>
				: <p><strong>{t.held.left(span)}</strong>{" "}
					<span class="soft">{t.held.clock(when(end, t.time.locale))}</span></p>}
		</div>
	);
}

export function StateTag({ measure }: { measure: api.Measure }) {
	const { t } = useApp();
	const { state, kind } = measure;
	if (state !== "active") {
		const kept = state === "kept";
		const word = kept ? t.held.tag_kept : state === "released" ? t.held.tag_released
			: t.held.tag_lapsed;
		return (
			<span class={kept ? "tag soft" : "tag good"}>
				<Icon name={kept ? "lock" : "check"} />{word}
			</span>
		);
	}
	if (kind === "seal")
		return <span class="tag bad"><Icon name="lock" />{t.held.head_seal}</span>;
	return kind === "hold"
		? <span class="tag wait"><Icon name="clock" />{t.held.tag}</span>
		: <span class="tag soft"><Icon name="tag" />{t.held.tag_label}</span>;
}

export function headline(t: ReturnType<typeof useApp>["t"], m: api.Measure): string {
	const post = m.object.type === "post";
	if (m.kind === "seal")
		return t.held.head_seal;
	if (m.kind === "label")
		return post ? t.held.head_label_post : t.held.head_label_comment;
	return post ? t.held.head_post : t.held.head_comment;
}

function Outcome({ measure: m }: { measure: api.Measure }) {
	const { t } = useApp();
	const lang = useLang(m.note ?? "").attr;
	if (m.state === "active")
		return <p>{m.kind === "seal" ? t.held.sealed_since
			: m.kind === "hold" ? t.held.only_you : t.held.labelled}</p>;
	const end = m.decided_at ?? m.ends_at;
	const at = end ? when(new Date(end), t.time.locale) : "";
	return (
		<>
			<p>{m.state === "released" ? t.held.released(at)
				: m.state === "kept" ? t.held.kept(at) : t.held.lapsed(at)}</p>
			{m.note && <div class="quote"><p class="hint">{t.held.note}</p><p lang={lang}>{m.note}</p></div>}
		</>
	);
}

export function Law({ measure }: { measure: api.Measure }) {
	const { t } = useApp();
	const both = useBoth();
	const said = measure.reasons.map((r) => both(r.text));
	return (
		<dl class="law">
			<dt>{t.held.rule}</dt>
			<dd>
				<span class="mono">{measure.rule.id}</span>
				{/* Often the sentence that stands above as a reason. */}
				{!said.includes(both(measure.rule.text)) && <>{t.comma}{both(measure.rule.text)}</>}
			</dd>
			{measure.rule.policy && <><dt>{t.held.version}</dt>
				<dd><span class="mono">{measure.rule.policy}</span></dd></>}
			<dt>{t.held.by}</dt>
			<dd>{measure.kind === "seal" ? t.held.by_person : t.held.by_program}</dd>
			<dt>{t.held.receipt}</dt><dd><span class="mono">m-{measure.id}</span></dd>
		</dl>
	);
}

function Acts({ measure, gone }: { measure: api.Measure; gone: () => void }) {
	const { t, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const { object } = measure;
	const edit = () => {
		keep_draft(me.id, { text: object.text, key: fresh_key(), saved_at: Date.now() });
		go("/?write");
	};
	return (
		<div class="acts stack">
			<div class="line">
				{object.type === "post" && (
					<button type="button" class="btn go" onClick={edit}><Icon name="pen" />{t.held.edit}</button>
				)}
				<Ask label={t.held.withdraw} question={t.held.withdraw_ask} yes={t.held.withdraw}
					busy={doing.busy} act={() => doing.run(async () => {
						await api.delete_status(object.id);
						say({ text: t.held.withdrawn });
						gone();
					})} />
			</div>
			<FormErr error={doing.error} />
			{object.type === "post" && <p class="hint">{t.held.edit_hint}</p>}
		</div>
	);
}

function Ladder({ measure }: { measure: api.Measure }) {
	const { t } = useApp();
	const here = measure.kind === "label" ? 0 : 2;
	return (
		<>
			<ol class="ladder">
				{t.held.steps.map((step, i) => (
					<li aria-current={i === here ? "step" : undefined}>{step}</li>
				))}
			</ol>
			<p class="hint">{t.held.steps_hint}</p>
		</>
	);
}

interface StatementProps {
	measure: api.Measure;
	/** The page's own heading, or one of several. */
	main: boolean;
	/** After the piece was withdrawn. */
	gone: () => void;
}

/** The statement of reasons, whole. */
export function Statement({ measure: m, main, gone }: StatementProps) {
	const { t } = useApp();
	const me = useMe();
	const both = useBoth();
	const id = useId();
	const active = m.state === "active";
	return (
		<div class="sheet pad stack wide">
			<header class="stack">
				<p class="line">
					<StateTag measure={m} />
					<span class="soft">{when(new Date(m.starts_at), t.time.locale)}</span>
				</p>
				{active && (main ? <h1>{headline(t, m)}</h1> : <h2 class="title">{headline(t, m)}</h2>)}
				<Outcome measure={m} />
				<Clock measure={m} />
			</header>
			{m.object.text && (
				<section class="stack" aria-labelledby={`${id}w`}>
					<h2 id={`${id}w`}>{t.held.wrote}</h2>
					<Marked measure={m} />
				</section>
			)}
			<section class="slip w stack" aria-labelledby={`${id}r`}>
				<p class="who"><Rings /> {t.house}</p>
				<h2 id={`${id}r`}>{m.kind === "label" ? t.held.why_label
					: m.kind === "seal" ? t.held.why_seal : t.held.why}</h2>
				<Reasons measure={m} />
				<Law measure={m} />
			</section>
			{m.would_pass && active && (
				<section class="stack" aria-labelledby={`${id}p`}>
					<h2 id={`${id}p`}>{t.held.passes}</h2>
					<p>{both(m.would_pass)}</p>
				</section>
			)}
			{active && m.kind === "hold" && !me.kith_sealed && <Acts measure={m} gone={gone} />}
			{active && m.kind !== "seal" && (
				<section class="stack" aria-labelledby={`${id}l`}>
					<h2 id={`${id}l`}>{t.held.stands}</h2>
					<Ladder measure={m} />
				</section>
			)}
		</div>
	);
}
