// feed.tsx - the circle: cover, then friends' posts, strictly newest first.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { on_forget, useApp, useDoing, useMe, type App } from "../app";
import type { Change } from "../parts/comments";
import { Empty, Failed, FormErr, Loading } from "../parts/form";
import { Hills } from "../parts/icon";
import { Face, cover_of, foreign, name_of, path_of } from "../parts/person";
import { Post } from "../parts/post";
import { plain } from "../parts/words";

/** Outlives the view, so that coming back finds the same list at the same place. */
interface Kept {
	items: api.Moment[];
	/** The newest post the server has told of. An own new post is newer and may hide others' below it. */
	newest: string;
	next: string | null;
	/** Newer posts that wait behind the pill. */
	fresh: api.Moment[];
}

let kept: Kept | null = null;
let redraw: () => void = () => {};

// A poll that comes back full may have left something out in between.
const POLL_MOST = 40;

on_forget(() => {
	kept = null;
});

const id_of = (m: api.Moment) => m.status.id;

/** Ids are numbers that sort by time, too long for a double. */
function newest_first(a: api.Moment, b: api.Moment): number {
	const x = BigInt(id_of(a));
	const y = BigInt(id_of(b));
	return x > y ? -1 : x < y ? 1 : 0;
}

function keep(next: Kept | null): void {
	kept = next;
	redraw();
}

/** Changes one post of the feed from anywhere, as when it is liked on its own page. */
export function change_in_feed(id: string, f: Change): void {
	if (!kept)
		return;
	const apply = (all: api.Moment[]) => all.flatMap((m) => (id_of(m) === id ? f(m) ?? [] : m));
	keep({ ...kept, items: apply(kept.items), fresh: apply(kept.fresh) });
}

/** Puts an own new post on top. */
export function add_to_feed(status: api.Status): void {
	if (kept)
		keep({ ...kept, items: [{ status, likers: [], comments: [] }, ...kept.items] });
}

async function load_first(): Promise<void> {
	const first = await api.moments();
	const newest = first.items[0] ? id_of(first.items[0]) : "0";
	keep({ items: first.items, newest, next: first.next, fresh: [] });
}

async function load_more(): Promise<void> {
	if (!kept?.next)
		return;
	const more = await api.moments(kept.next);
	const have = new Set(kept.items.map(id_of));
	const items = [...kept.items, ...more.items.filter((m) => !have.has(id_of(m)))];
	keep({ ...kept, items, next: more.next });
}

async function look_for_newer(): Promise<void> {
	if (!kept || kept.items.length === 0)
		return load_first();
	const newer = await api.moments_since(kept.newest);
	const have = new Set(kept.items.map(id_of));
	keep({ ...kept, fresh: newer.filter((m) => !have.has(id_of(m))) });
}

/** Puts what waits behind the pill into the list. */
async function show_newer(): Promise<void> {
	const fresh = kept?.fresh ?? [];
	if (!kept || fresh.length >= POLL_MOST)
		return load_first();
	const items = [...fresh, ...kept.items].sort(newest_first);
	keep({ ...kept, items, newest: fresh[0] ? id_of(fresh[0]) : kept.newest, fresh: [] });
}

/** Looks for newer posts once a minute while the page is seen. The list itself is left alone. */
function usePolling({ heed, refresh_counts }: App): void {
	useEffect(() => {
		const look = () => {
			if (document.visibilityState !== "visible")
				return;
			look_for_newer().catch(heed);
			refresh_counts();
		};
		const timer = setInterval(look, 60_000);
		document.addEventListener("visibilitychange", look);
		return () => {
			clearInterval(timer);
			document.removeEventListener("visibilitychange", look);
		};
	}, [heed, refresh_counts]);
}

export function Cover({ who, head }: { who: api.Account; head?: boolean }) {
	const { t } = useApp();
	const cover = cover_of(who);
	const name = name_of(who);
	const lang = foreign(name, t.lang);
	return (
		<>
			<div class="cover">
				{cover
					? <img src={cover} width={800} height={420} alt={t.person.cover} />
					: <Hills label={t.person.cover} />}
			</div>
			<div class="me">
				{head
					? <h1 class="title" lang={lang}>{name}</h1>
					: <a class="title name" href={path_of(who)} lang={lang}>{name}</a>}
				<Face who={who} size="l" />
			</div>
		</>
	);
}

export function signature(who: api.Account): string {
	return (who as api.Me).source?.note ?? plain(who.note);
}

// Feed pattern of WAI-ARIA: Page Down and Page Up go from article to article.
function step(e: KeyboardEvent): void {
	if (e.key !== "PageDown" && e.key !== "PageUp")
		return;
	const here = (e.target as Element).closest("article");
	if (!here || (e.target as Element).matches("input, textarea"))
		return;
	const next = e.key === "PageDown" ? here.nextElementSibling : here.previousElementSibling;
	if (next instanceof HTMLElement) {
		e.preventDefault();
		next.focus();
	}
}

function Pill({ show }: { show: () => void }) {
	const { t } = useApp();
	const n = kept?.fresh.length ?? 0;
	const first = kept?.fresh[0];
	return (
		<div class="news" role="status">
			{first && (
				<button type="button" class="pill" onClick={show}>
					<Face who={first.status.account} size="s" />{t.feed.fresh(n)}
				</button>
			)}
		</div>
	);
}

function Earlier() {
	const { t } = useApp();
	const more = useDoing();
	if (!kept?.next)
		return <p class="pad soft">{t.feed.end}</p>;
	return (
		<div class="pad stack">
			<FormErr error={more.error} />
			<button type="button" class="btn full" disabled={more.busy}
				onClick={() => more.run(load_more)}>
				{more.busy ? t.loading : t.feed.earlier}
			</button>
		</div>
	);
}

export function Feed() {
	const app = useApp();
	const { t } = app;
	const me = useMe();
	const [, set_round] = useState(0);
	const first = useDoing();
	const list = useRef<HTMLDivElement>(null);
	redraw = () => set_round((n) => n + 1);
	useEffect(() => {
		if (kept)
			look_for_newer().catch(app.heed);
		else
			first.run(load_first);
		return () => {
			redraw = () => {};
		};
	}, []);
	usePolling(app);

	const show = () => first.run(async () => {
		await show_newer();
		scrollTo(0, 0);
		requestAnimationFrame(() =>
			list.current?.querySelector("article")?.focus({ preventScroll: true }));
	});
	const note = signature(me);
	return (
		<>
			<h1 class="sr">{t.feed.title}</h1>
			<Cover who={me} />
			<p class="sig" lang={foreign(note, t.lang)}>{note}</p>
			<Pill show={show} />
			{!kept && (first.error
				? <Failed error={first.error} again={() => first.run(load_first)} />
				: <Loading />)}
			{kept && kept.items.length === 0 && (
				<Empty title={t.feed.empty} text={t.feed.empty_more}>
					<a class="btn go" href="/friends">{t.feed.find}</a>
					<a class="btn" href="/?write">{t.frame.write}</a>
				</Empty>
			)}
			{kept && kept.items.length > 0 && (
				<>
					<div role="feed" aria-label={t.feed.label} aria-busy={first.busy} ref={list}
						onKeyDown={step}>
						{kept.items.map((m, i) => (
							<Post key={id_of(m)} moment={m} place={i + 1}
								change={(f) => change_in_feed(id_of(m), f)} />
						))}
					</div>
					<Earlier />
				</>
			)}
		</>
	);
}
