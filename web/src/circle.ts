// circle.ts - the feed as it is known here. It outlives its view, so that coming back finds the same list at the same
// place; what is new waits apart, so that the list never moves under a finger.

import * as api from "./api";
import { on_forget } from "./app";
import { is_going } from "./gone";

export type Change = (moment: api.Moment) => api.Moment | null;

export interface Circle {
	items: api.Moment[];
	/** The newest post the server has told of. An own new post is newer and may hide others' below it. */
	newest: string;
	next: string | null;
	/** Newer posts that wait behind the pill. */
	fresh: api.Moment[];
}

/** A comment on its way has an id of its own until the server gives it one. */
export const SENDING = "sending-";

// The first posts have been drawn and their pictures asked for by then.
const AFTER_FIRST_MS = 1500;

let kept: Circle | null = null;
const hearers = new Set<() => void>();

// A poll that comes back full may have left something out in between.
const POLL_MOST = 40;

on_forget(() => {
	kept = null;
});

export const id_of = (m: api.Moment) => m.status.id;
export const circle = () => kept;

/** Ids are numbers that sort by time, too long for a double. */
export function newest_first(a: api.Moment, b: api.Moment): number {
	const x = BigInt(id_of(a));
	const y = BigInt(id_of(b));
	return x > y ? -1 : x < y ? 1 : 0;
}

function keep(next: Circle | null): void {
	// What is being deleted stays out, also where the server still has it.
	const there = (all: api.Moment[]) => all.filter((m) => !is_going(id_of(m)));
	const shown = new Set(next?.items.map(id_of));
	kept = next && {
		...next, items: there(next.items), fresh: there(next.fresh).filter((m) => !shown.has(id_of(m))),
	};
	hearers.forEach((hear) => hear());
}

/** Calls `hear` after every change until the answer is called. */
export function on_circle(hear: () => void): () => void {
	hearers.add(hear);
	return () => {
		hearers.delete(hear);
	};
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
	if (kept && !kept.items.some((m) => id_of(m) === status.id))
		keep({ ...kept, items: [{ status, likers: [], comments: [] }, ...kept.items] });
}

/** Puts back what was taken out, where it belongs. */
export function return_to_feed(moment: api.Moment): void {
	if (kept && !kept.items.some((m) => id_of(m) === id_of(moment)))
		keep({ ...kept, items: [...kept.items, moment].sort(newest_first) });
}

// Asked for while it is still being found out who I am: on a slow line that saves a round.
let early: ReturnType<typeof api.first_moments> | null = null;

export function ask_early(): void {
	early = api.first_moments();
	early.catch(() => {}); // whoever takes it hears of it
}

/** Nobody is signed in after all. */
export function drop_early(): void {
	early = null;
}

function take_early() {
	const it = early;
	early = null;
	return it;
}

export async function load_first(): Promise<void> {
	const first = await (take_early() ?? api.first_moments());
	const newest = first.items[0] ? id_of(first.items[0]) : "0";
	keep({ items: first.items, newest, next: first.next, fresh: [] });
	// When the first ones stand, unhurried; whoever asks for more himself gets it at once, and then that is enough.
	setTimeout(() => {
		if (kept?.next === first.next)
			load_more(api.moments_after_first).catch(() => {});
	}, AFTER_FIRST_MS);
}

export async function load_more(ask: typeof api.moments_after_first = api.moments): Promise<void> {
	if (!kept?.next)
		return;
	const { next } = kept;
	const more = await ask(next);
	// It belongs behind what it was asked for, and behind nothing else.
	if (kept?.next !== next)
		return;
	const have = new Set(kept.items.map(id_of));
	const items = [...kept.items, ...more.items.filter((m) => !have.has(id_of(m)))];
	keep({ ...kept, items, next: more.next });
}

export async function look_for_newer(): Promise<void> {
	if (!kept)
		return;
	if (kept.items.length === 0)
		return load_first();
	// An own post may be all there is, of which no list of the server's has told yet.
	const newer = kept.newest === "0"
		? (await api.moments()).items : await api.moments_since(kept.newest);
	if (!kept)
		return;
	const have = new Set(kept.items.map(id_of));
	keep({ ...kept, fresh: newer.filter((m) => !have.has(id_of(m))) });
}

/** Puts what waits behind the pill into the list. */
export async function show_newer(): Promise<void> {
	const fresh = kept?.fresh ?? [];
	if (!kept || fresh.length >= POLL_MOST)
		return load_first();
	const items = [...fresh, ...kept.items].sort(newest_first);
	keep({ ...kept, items, newest: fresh[0] ? id_of(fresh[0]) : kept.newest, fresh: [] });
}

const known = () => [...kept?.items ?? [], ...kept?.fresh ?? []];

/** What is folded under a post that changed or went may be no copy of it any more. */
export async function look_at_copies(id: string): Promise<void> {
	for (const m of known())
		if (m.status.kith_fold?.first === id)
			await look_again(id_of(m));
}

/** A post that is shown here changed somewhere: asks for it again, and takes it out where it is not for me any more. */
export async function look_again(id: string): Promise<void> {
	const mine = known().find((m) => id_of(m) === id);
	if (!mine)
		return look_at_copies(id);
	let now: api.Moment | null;
	try {
		now = await api.moment(id);
	} catch (e) {
		if (!(e instanceof api.ApiError) || e.status !== 404)
			throw e;
		now = null;
	}
	change_in_feed(id, (m) => now && with_sending(now, m));
	if (now?.status.edited_at !== mine.status.edited_at)
		await look_at_copies(id);
}

/** What the server says now, with comments that are on their way and not there yet, without those being deleted. */
export function with_sending(now: api.Moment, before: api.Moment): api.Moment {
	const had = new Set(before.comments.map((c) => c.id));
	const arrived = (mine: api.Status) => now.comments.some((c) => !had.has(c.id)
		&& c.account.id === mine.account.id && c.kith_text === mine.kith_text);
	const going = before.comments.filter((c) => c.id.startsWith(SENDING) && !arrived(c));
	return { ...now, comments: [...now.comments.filter((c) => !is_going(c.id)), ...going] };
}
