// queue.tsx - what waits, by class of harm and by its clock; what is said from outside by its clock alone, at the end.

import { useApp, useLoad, useNow } from "../../app";
import type { Page } from "../../api/types";
import { waiting_appeals, type CaseLine, type Harm, type Side } from "../../api/order";
import { useBoth } from "../../parts/measure";
import { Called, name_of } from "../../parts/person";
import { ClockLine } from "../../parts/clock";
import { useConsole, useOrder } from "../../parts/worded";
import { left } from "../../pure/time";

const HARMS: Harm[] = ["a", "b", "c"];
const DAY_MS = 86_400_000;

export function useTitle(): (it: CaseLine) => string {
	const c = useConsole();
	const both = useBoth();
	return (it) => {
		if (it.title && both(it.title))
			return both(it.title);
		if (it.subject)
			return name_of(it.subject);
		return it.items.complaints > 0 ? c.outside : c.gone;
	};
}

export function Line({ it, href, current }: { it: CaseLine; href: string; current: boolean }) {
	const { t } = useApp();
	const c = useConsole();
	const now = useNow();
	const title = useTitle();
	const rest = it.due_at ? Date.parse(it.due_at) - now.getTime() : null;
	return (
		<li>
			<a href={href} aria-current={current ? "true" : undefined}>
				<p class="b cut">{it.number} · {title(it)}</p>
				<p class="small soft num">
					{it.state === "open"
						? rest !== null && <span class={rest < DAY_MS ? "bad b" : undefined}>
							{rest > 0 ? c.left(left(new Date(it.due_at!), now, t.time)) : c.over}{" · "}</span>
						: <>{c.states[it.state]}{" · "}</>}
					{it.subject && <><Called name={name_of(it.subject)} />{" · "}</>}
					{c.items(it.items)}
				</p>
				{it.claimed && Date.parse(it.claimed.until) > now.getTime() && (
					<p class="small wait">{it.claimed.mine ? c.claimed_mine_tag : c.claimed_tag}</p>
				)}
			</a>
		</li>
	);
}

/** Before a jury, or nobody: there is nothing to decide here, but the clock is ours. */
export function BeforeOthers() {
	const c = useConsole();
	const o = useOrder();
	const all = useLoad("order appeals", waiting_appeals).data ?? [];
	return all.length > 0 && (
		<section aria-labelledby="before-others">
			<h3 class="pad" id="before-others">{c.before_others} <span class="count">{all.length}</span></h3>
			<ul class="rows pad stack">
				{all.map((it) => (
					<li key={`${it.filed_at} ${it.due_at}`}>
						<p class="b">{o.tags[it.kind]}</p>
						<p class="small soft num">{it.way === "jury" ? c.before_jury(it.seats) : c.before_nobody}</p>
						<ClockLine from={it.filed_at} until={it.due_at}>{(span, at) => <><strong>{c.left(span)}</strong>{" "}<span class="soft">{at}</span></>}</ClockLine>
					</li>
				))}
			</ul>
		</section>
	);
}

export type Waiting = Record<Side, Page<CaseLine>>;

export function Queue({ waiting, more, current, address }: {
	waiting: Waiting; more: (side: Side) => void; current: string; address: (id: string) => string;
}) {
	const c = useConsole();
	const { inside, outside } = waiting;
	const title = c.queue(inside.items.length + outside.items.length, !!inside.next || !!outside.next);
	const part = (id: string, name: string, lines: CaseLine[]) => lines.length > 0 && (
		<section key={id} aria-labelledby={id}>
			<h3 class="pad" id={id}>{name} <span class="count">{lines.length}</span></h3>
			<ul class="rows">
				{lines.map((it) => <Line key={it.id} it={it} href={address(it.id)} current={it.id === current} />)}
			</ul>
		</section>
	);
	const further = (side: Side) => waiting[side].next && (
		<p class="pad"><button type="button" class="btn full" onClick={() => more(side)}>{c.more}</button></p>
	);
	return (
		<nav class="panel stick" aria-label={title}>
			<h2>{title}</h2>
			<div class="queue">
				{HARMS.map((harm) => part(`harm-${harm}`, c.harms[harm], inside.items.filter((it) => it.harm === harm)))}
				{further("inside")}
				{part("outside", c.complaints, outside.items)}
				{further("outside")}
				<BeforeOthers />
				<p class="pad small soft">{c.c_never}</p>
			</div>
		</nav>
	);
}

/** In the order the queue shows them, for the keys. */
export const in_order = (all: CaseLine[]) => [
	...HARMS.flatMap((harm) => all.filter((it) => !it.outside && it.harm === harm)), ...all.filter((it) => it.outside),
];
