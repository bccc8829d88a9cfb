// app.ts - what every view shares: who is signed in, the language, the counts, the one toast.

import { createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";

import { ApiError, type Me } from "./api";
import type { Theme } from "./keep";
import type { Text } from "./text/text";

export interface Toast {
	text: string;
	/** Shown as "Try again" when given. */
	again?: (() => void) | undefined;
	/** Shown as "Undo" with the seconds there still are. */
	undo?: (() => void) | undefined;
}

export interface Counts {
	requests: number;
	notices: number;
}

export interface App {
	/** undefined: not known yet; null: nobody. */
	me: Me | null | undefined;
	set_me: (me: Me | null) => void;
	/** The name of this circle. */
	circle: string;
	t: Text;
	set_lang: (lang: string) => void;
	/** Light or dark; null follows the system. */
	theme: Theme | null;
	set_theme: (theme: Theme | null) => void;
	counts: Counts;
	refresh_counts: () => void;
	set_counts: (change: (counts: Counts) => Counts) => void;
	/** How many posts wait for a connection, counted anew. */
	refresh_waiting: () => void;
	say: (toast: Toast | null) => void;
	/** Takes note of what an error says about the whole page: signed out, not connected. */
	heed: (e: unknown) => ApiError;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
	const app = useContext(AppContext);
	if (!app)
		throw new Error("no app above");
	return app;
}

/** Keeper or steward whose second factor is overdue: everything but their keys is closed to them. */
export const overdue = (me: Me) => me.kith_second_factor === "due" && Boolean(me.kith_second_factor_from)
	&& Date.parse(me.kith_second_factor_from!) <= Date.now();

/** Signed in, and free to use the circle. */
export const may_use = (me: Me | null | undefined): me is Me =>
	Boolean(me) && !me!.kith_sealed && !overdue(me!);

/** The account signed in; only for views that are shown to members. */
export function useMe(): Me {
	const { me } = useApp();
	if (!me)
		throw new Error("nobody is signed in");
	return me;
}

/** Refused because of what the order did to me, which has its reasons: these are said in both languages, a line each. */
export const has_reasons = (e: ApiError) => (e.status === 403 || e.status === 429) && e.message.includes("\n");

/** What the server says, in the language of the page. */
function said(t: Text, e: ApiError): string {
	if (t.lang === "en")
		return e.message.split("\n", 1)[0] || t.wrong.other;
	return e.zh ?? t.wrong.field + e.message;
}

/** An error as a sentence in the language of the page. */
export function sentence(t: Text, e: ApiError): string {
	const { wrong } = t;
	if (has_reasons(e))
		return said(t, e);
	switch (e.status) {
	case -2: return wrong.stopped;
	case 0: return wrong.offline;
	case 401: return wrong.signed_out;
	case 403: return wrong.forbidden;
	case 404: return wrong.missing;
	case 409: return wrong.changed;
	case 413: return wrong.too_large;
	case 429: return e.retry_after ? wrong.later(e.retry_after) : wrong.soon;
	case 503: return wrong.busy;
	case 400: case 422:
		// These name what is at fault in words of the server's own.
		return said(t, e);
	default: return wrong.other;
	}
}

const forgetful = new Set<() => void>();

/** Registers what a module keeps in memory for one account, to be dropped with the account. */
export function on_forget(drop: () => void): void {
	forgetful.add(drop);
}

/** Before another account, or nobody, is shown the page. */
export function forget(): void {
	forgetful.forEach((drop) => drop());
}

export interface Loaded<T> {
	data: T | null;
	error: ApiError | null;
	set: (change: (data: T) => T) => void;
	reload: () => void;
}

/** Asks once per `key` and keeps the answer. An answer that comes after the key changed is dropped. */
export function useLoad<T>(key: string, ask: () => Promise<T>): Loaded<T> {
	const { heed } = useApp();
	const [state, put] = useState<{ key: string; data: T | null; error: ApiError | null }>(
		{ key, data: null, error: null },
	);
	const [round, set_round] = useState(0);
	useEffect(() => {
		let wanted = true;
		ask().then(
			(data) => wanted && put({ key, data, error: null }),
			(e: unknown) => wanted && put((s) => ({
				key, data: s.key === key ? s.data : null, error: heed(e),
			})),
		);
		return () => {
			wanted = false;
		};
	}, [key, round]);
	const mine = state.key === key ? state : { data: null, error: null };
	return {
		data: mine.data,
		error: mine.error,
		// An answer that comes when something else is shown by now is not put in its place.
		set: (change) => put((s) => (s.data === null || s.key !== key ? s : { ...s, data: change(s.data) })),
		reload: () => set_round((n) => n + 1),
	};
}

export interface Doing {
	busy: boolean;
	error: ApiError | null;
	/** Runs one action at a time; a second call while busy does nothing. */
	run: (action: () => Promise<void>) => void;
	clear: () => void;
}

/** One action at a time, with its error kept until the next. */
export function useDoing(): Doing {
	const { heed } = useApp();
	const [busy, set_busy] = useState(false);
	const [error, set_error] = useState<ApiError | null>(null);
	const running = useRef(false);
	const run = useCallback((action: () => Promise<void>) => {
		if (running.current)
			return;
		running.current = true;
		set_busy(true);
		set_error(null);
		action().catch((e: unknown) => set_error(heed(e))).finally(() => {
			running.current = false;
			set_busy(false);
		});
	}, [heed]);
	return { busy, error, run, clear: () => set_error(null) };
}

const tickers = new Set<() => void>();
let ticking = 0;

/** The time now, anew every half minute, in step for all who ask. */
export function useNow(): Date {
	const [now, set_now] = useState(() => new Date());
	useEffect(() => {
		const tick = () => set_now(new Date());
		tickers.add(tick);
		if (tickers.size === 1)
			ticking = window.setInterval(() => tickers.forEach((f) => f()), 30_000);
		return () => {
			tickers.delete(tick);
			if (tickers.size === 0)
				clearInterval(ticking);
		};
	}, []);
	return now;
}
