// console.tsx - the stewards' console: the queue, one case on one screen, its decision; what was decided, figures, settings.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { ApiError } from "../api";
import { may_use, useApp, useDoing, useLoad, useMe } from "../app";
import * as order from "../api/order";
import { Empty, Failed, FormErr, Loading } from "../parts/form";
import { lazy } from "../parts/lazy";
import { useConsole } from "../parts/worded";
import { flows, useListed } from "../pulse";
import { go } from "../route";
import { CaseSheet } from "./console/case";
import { Decision } from "./console/decision";
import { FRESH, type Draft } from "./console/drafts";
import { go_to, KEYS, useKeys, type Key } from "./console/keys";
import { BeforeOthers, in_order, Line, Queue, type Waiting } from "./console/queue";
import { Doubted, OrderSettings } from "./console/keeper";

const Figures = lazy(async () => (await import("./console/figures")).Figures);

const address = (id: string) => `/review?case=${id}`;
const LOOK_MS = 700;
const CLAIMS_MS = 60_000; // one that ran out by its clock is told by nobody

type View = "queue" | "decided" | "figures" | "settings";

function Nav({ view }: { view: View }) {
	const c = useConsole();
	const me = useMe();
	const chip = (it: View, href: string) => (
		<a class="chip" href={href} aria-current={view === it ? "page" : undefined}>{c.views[it]}</a>
	);
	return (
		<nav class="line desk-nav" aria-label={c.nav}>
			{chip("queue", "/review")}
			{chip("decided", "/review?view=decided")}
			{chip("figures", "/review?view=figures")}
			{me.kith_role === "keeper" && chip("settings", "/review?view=settings")}
			<a class="chip" href="/rules">{c.views.rules}</a>
		</nav>
	);
}

function Shortcuts({ on, set_on }: { on: boolean; set_on: (on: boolean) => void }) {
	const c = useConsole();
	return (
		<details class="panel" id="keys">
			<summary class="line pad b">{c.keys}</summary>
			<div class="pad">
				<label class="opt">
					<input type="checkbox" checked={on} onChange={(e) => set_on(e.currentTarget.checked)} />
					<span>{c.keys_on}<small>{c.keys_hint}</small></span>
				</label>
				<dl class="law">{KEYS.map((key) => <><dt><kbd>{key}</kbd></dt><dd>{c.key_list[key]}</dd></>)}</dl>
			</div>
		</details>
	);
}

/** The case that is open: loaded anew when it is chosen, claimed, decided or undone. */
function useCase(id: string | null) {
	const loaded = useLoad(`case ${id}`, async () => (id ? order.case_of(id) : null));
	const claiming = useDoing();
	const { data, set, reload } = loaded;
	const claim = useCallback(() => {
		if (!id || data?.state !== "open")
			return;
		const mine = data.claimed?.mine === true && Date.parse(data.claimed.until) > Date.now();
		claiming.run(async () => {
			const { claimed, version } = await order.claim(id, !mine);
			// To ask for the case again is one more look: only where it is not what was looked at any more.
			if (version === data.version)
				set((it) => it && { ...it, claimed });
			else
				reload();
		});
	}, [id, data]);
	return { ...loaded, claim, claiming };
}

/** What was put together for each case: it stays when another case is opened, and when somebody else was quicker. */
function useDrafts(id: string | null) {
	const all = useRef(new Map<string, Draft>());
	const [, again] = useState(0);
	const draft = (id && all.current.get(id)) || FRESH;
	const set = (change: (draft: Draft) => Draft) => {
		if (!id)
			return;
		all.current.set(id, change(all.current.get(id) ?? FRESH));
		again((n) => n + 1);
	};
	return { draft, set };
}

/** What others take or decide shows without being asked for, within a second while somebody looks: as the server tells of it, or by asking
 * while the stream does not flow. One look at a time, so that slow ones are not overtaken. */
function useLooks(queue: { data: unknown; error: unknown; reload: () => void }): void {
	const busy = useRef(true);
	const heard = useRef(false);
	const look = () => {
		heard.current = busy.current;
		if (busy.current || document.visibilityState !== "visible")
			return;
		busy.current = true;
		queue.reload();
	};
	useListed(look);
	useEffect(() => {
		busy.current = false;
		if (heard.current)
			look();
		const timer = setTimeout(look, queue.error ? 30 * LOOK_MS : flows() ? CLAIMS_MS : LOOK_MS);
		document.addEventListener("visibilitychange", look);
		return () => {
			clearTimeout(timer);
			document.removeEventListener("visibilitychange", look);
		};
	}, [queue.data, queue.error]);
}

/** Whether the queue says by now that the case which is open is another or over: to ask for it by itself would be a look nobody takes. */
function useStale(all: order.CaseLine[], it: order.Case | null): boolean {
	const listed = useRef<string | null>(null);
	const line = all.find((one) => one.id === it?.id);
	// What is decided and taken back is listed anew.
	listed.current = it?.state !== "open" ? null : line ? line.id : listed.current;
	if (it?.state !== "open")
		return false;
	return line ? line.version > it.version : listed.current === it.id;
}

/** Both lists, as far as they were asked for. */
function useQueue() {
	const pages = useRef({ inside: 1, outside: 1 });
	const loaded = useLoad("cases open", async (): Promise<Waiting> => {
		const { inside, outside } = pages.current;
		const [in_house, from_outside] = await Promise.all([order.cases_open("inside", inside), order.cases_open("outside", outside)]);
		return { inside: in_house, outside: from_outside };
	});
	const more = (side: order.Side) => {
		pages.current[side]++;
		loaded.reload();
	};
	return { ...loaded, more };
}

function Desk({ asked }: { asked: string | null }) {
	const { say, refresh_counts } = useApp();
	const c = useConsole();
	const queue = useQueue();
	const all = queue.data ? [...queue.data.inside.items, ...queue.data.outside.items] : [];
	const id = asked;
	const one = useCase(id);
	const stale = useStale(all, one.data);
	const { draft, set } = useDrafts(id);
	const deciding = useDoing();
	const [sent, set_sent] = useState<string | null>(null);
	const [conflict, set_conflict] = useState<string | null>(null);
	// Another case may be open by the time an answer comes.
	const shown = useRef(id);
	shown.current = id;
	useLooks(queue);

	const step = useCallback((by: number) => {
		const order_of = in_order(all);
		const at = order_of.findIndex((it) => it.id === id);
		const next = order_of[at < 0 ? 0 : Math.min(Math.max(at + by, 0), order_of.length - 1)];
		if (next && next.id !== id)
			go(address(next.id));
	}, [queue.data, id]);
	const act = useCallback((key: Key) => {
		switch (key) {
		case "j": return step(1);
		case "k": return step(-1);
		case "e": return go_to("evidence");
		case "r": return document.querySelector<HTMLElement>("#reason textarea")?.focus();
		case "c": return one.claim();
		case "?": {
			const box = document.getElementById("keys") as HTMLDetailsElement | null;
			if (box) {
				box.open = true;
				box.querySelector("summary")?.focus();
			}
		}
		}
	}, [step, one.claim]);
	const keys = useKeys(act);

	const send = (decision: order.Decision) => deciding.run(async () => {
		if (!id)
			return;
		set_sent(id);
		let made: order.Case;
		try {
			made = await order.decide_case(id, decision);
		} catch (e) {
			if (!(e instanceof ApiError) || e.status !== 409)
				throw e;
			set_conflict(id);
			one.reload();
			queue.reload();
			return;
		}
		set(() => FRESH);
		set_conflict(null);
		say({ text: c.done });
		// The case stays in view, with what was decided and the way to take it back.
		one.set(() => made);
		queue.reload();
		refresh_counts();
		if (shown.current === id)
			document.getElementById("main")?.focus({ preventScroll: true });
	});
	const doing = sent === id ? deciding : { ...deciding, error: null };

	if (queue.error && !queue.data)
		return <Failed error={queue.error} again={queue.reload} />;
	if (!queue.data)
		return <Loading />;
	if (!id && all.length === 0)
		return <><Empty title={c.none} text={c.none_more} /><BeforeOthers /></>;
	return (
		<div class={id ? "desk at" : "desk"}>
			<div class="stack">
				<Queue waiting={queue.data} more={queue.more} current={id ?? ""} address={address} />
				<Shortcuts {...keys} />
			</div>
			{!id ? <Empty title={c.choose} text={c.choose_more} />
				: one.error && !one.data ? <Failed error={one.error} again={one.reload} />
				: !one.data ? <Loading />
				: <div>{stale && (
					<div class="slip w line" role="status"><p>{c.stale}</p>
						<button type="button" class="btn" onClick={one.reload}>{c.stale_look}</button></div>
				)}<CaseSheet it={one.data} drafting={{ draft, set }} claim={one.claim} set={(it) => {
					one.set(() => it);
					queue.reload();
				}} /><FormErr error={one.claiming.error} /></div>}
			<div class="stack">
				{one.data && <Decision it={one.data} draft={draft} set={set} conflict={conflict === id} send={send}
					doing={doing} />}
				{one.data && all.length > 0 && <button type="button" class="btn full" onClick={() => step(1)}>{c.next}</button>}
			</div>
		</div>
	);
}

function Decided() {
	const c = useConsole();
	const more = useDoing();
	const { data, error, set, reload } = useLoad("cases decided", () => order.cases_over());
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	if (data.items.length === 0)
		return <Empty title={c.none_decided} text={c.none_more} />;
	return (
		<div class="desk one">
			<section class="panel" aria-labelledby="decided">
				<h2 id="decided">{c.decided}</h2>
				<div class="queue"><ul class="rows">
					{data.items.map((it) => <Line key={it.id} it={it} href={address(it.id)} current={false} />)}
				</ul></div>
				<FormErr error={more.error} />
				{data.next && <p class="pad"><button type="button" class="btn full" disabled={more.busy}
					onClick={() => more.run(async () => {
						const next = await order.cases_over(data.next);
						set((d) => ({ items: [...d.items, ...next.items], next: next.next }));
					})}>{c.earlier}</button></p>}
			</section>
		</div>
	);
}

const VIEWS: View[] = ["queue", "decided", "figures", "settings"];

export function Console({ query }: { query: URLSearchParams }) {
	const { me } = useApp();
	const wanted = VIEWS.find((it) => it === query.get("view")) ?? "queue";
	const view = wanted === "settings" && (!may_use(me) || me.kith_role !== "keeper") ? "queue" : wanted;
	const id = query.get("case");
	return (
		<>
			<Nav view={view} />
			{me?.kith_role === "keeper" && <Doubted />}
			{view === "queue" && <Desk asked={id && /^\d+$/.test(id) ? id : null} />}
			{view === "decided" && <Decided />}
			{view === "figures" && <Figures />}
			{view === "settings" && <OrderSettings />}
		</>
	);
}
