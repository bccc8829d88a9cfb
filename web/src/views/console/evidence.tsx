// evidence.tsx - the piece with its marks, the reasons that were given, and what the rules read.

import { useId } from "preact/hooks";

import { useApp } from "../../app";
import type { CaseMeasure, CasePiece, Trace } from "../../api/order";
import { Law, Marked, MarkedText, Reasons, StateTag, is_over } from "../../parts/measure";
import { Pictures } from "../../parts/pictures";
import { text_of } from "../../parts/words";
import { useConsole, useOrder } from "../../parts/worded";
import { when } from "../../pure/time";

function shown(value: number | boolean | string | null, unknown: string): string {
	if (value === null)
		return unknown;
	return typeof value === "number" && !Number.isInteger(value) ? value.toFixed(2) : String(value);
}

function TraceTable({ trace }: { trace: Trace }) {
	const c = useConsole();
	const id = useId();
	return (
		<div class="scroll" role="group" aria-labelledby={id} tabIndex={0}>
			<table>
				<caption class="sr" id={id}>{c.trace_caption}</caption>
				<thead><tr><th scope="col">{c.condition}</th><th scope="col">{c.value}</th>
					<th scope="col">{c.held}</th><th scope="col" class="n">{c.weight}</th></tr></thead>
				{trace.rules.map((rule) => (
					<tbody key={rule.rule}>
						<tr><th scope="rowgroup" colSpan={3} class="mono">{rule.rule}</th><td class="n b">{rule.weight.toFixed(2)}</td></tr>
						{rule.evidence.map((line) => (
							<tr>
								<th scope="row" class="mono soft">{line.when}</th>
								<td class="num">{Object.entries(line.values).map(([name, value]) => (
									<span class="block"><span class="soft">{name}</span> {shown(value, c.unknown)}</span>
								))}</td>
								<td class={line.counts ? "good b" : "wait b"}>{line.counts ? c.yes : c.unknown}</td>
								<td class="n">{line.weight.toFixed(2)}</td>
							</tr>
						))}
					</tbody>
				))}
			</table>
		</div>
	);
}

/** `n`: its number among those of the case; 0 where there is one alone. */
export function Evidence({ it, first, n }: { it: CaseMeasure; first: boolean; n: number }) {
	const { t } = useApp();
	const c = useConsole();
	const o = useOrder();
	const { measure: m, status, trace } = it;
	const id = useId();
	return (
		<section class="panel" aria-labelledby={first ? "evidence" : id}>
			<h2 id={first ? "evidence" : id} tabIndex={first ? -1 : undefined} class="line">
				{c.evidence_n(n)} <span class="soft">{c.pieces[m.object.type]}</span></h2>
			<div class="pad">
				<p class="line"><StateTag measure={m} />{is_over(m) && <b>{o.tags[m.kind]}</b>}
					<span class="soft end num">{when(new Date(m.starts_at), t.time.locale)}</span></p>
				{m.object.text && <Marked text={m.object.text} reasons={m.reasons} />}
				{(status?.media_attachments?.length ?? 0) > 0 && <Pictures pictures={status!.media_attachments!} lazy />}
				{m.reasons.length > 0 && <><h3>{c.why}</h3><Reasons reasons={m.reasons} text={m.object.text} /></>}
				<Law measure={m} />
				{m.note && <p class="quote">{m.note}</p>}
				<details>
					<summary class="line b">{c.trace}</summary>
					{trace && "rules" in trace ? <TraceTable trace={trace} /> : <p class="soft">{c.trace_none}</p>}
					<p class="small soft num">{c.score(m.malice.toFixed(2))}</p>
				</details>
			</div>
		</section>
	);
}

/** What was reported, where the program found nothing in it. */
export function Piece({ it, first, n }: { it: CasePiece; first: boolean; n: number }) {
	const c = useConsole();
	const own = useId();
	const id = first ? "evidence" : own;
	const { status } = it;
	return (
		<section class="panel" aria-labelledby={id}>
			<h2 id={id} tabIndex={first ? -1 : undefined}>{c.evidence_n(n)} <span class="soft">{c.reported_piece}</span></h2>
			<div class="pad">
				{status ? <MarkedText text={text_of(status)} groups={[]} /> : <p class="soft">{c.no_evidence}</p>}
				{(status?.media_attachments?.length ?? 0) > 0 && <Pictures pictures={status!.media_attachments!} lazy />}
			</div>
		</section>
	);
}
