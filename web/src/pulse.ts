// pulse.ts - keeps what is shown true: by the server's own word while the stream flows, else by asking once a minute.
//
// A browser has six connections to a server for all its tabs, and a stream holds one: a tab nobody looks at lets go of
// it after half a minute and only asks for its counts.

import { useEffect, useRef } from "preact/hooks";

import * as api from "./api";
import { may_use, type App } from "./app";
import { change_in_feed, look_again, look_at_copies, look_for_newer } from "./circle";

const ASK_MS = 60_000;
const HIDDEN_MS = 30_000;

type Hear = (id: string | null, gone: boolean) => void;

const hearers = new Set<Hear>();

/** Calls `hear` with the id of a post that changed or is gone, or with null when much was missed. */
export function on_change(hear: Hear): () => void {
	hearers.add(hear);
	return () => {
		hearers.delete(hear);
	};
}

const tell: Hear = (id, gone) => hearers.forEach((hear) => hear(id, gone));

let flowing = false;

/** Whether the server says by itself what happens; while it does not one has to ask. */
export const flows = (): boolean => flowing;

type Hearers = Set<() => void>;

const told: Hearers = new Set();
const listed: Hearers = new Set();

function useHearing(hearers: Hearers, act: () => void): void {
	const latest = useRef(act);
	latest.current = act;
	useEffect(() => {
		const hear = () => latest.current();
		hearers.add(hear);
		return () => {
			hearers.delete(hear);
		};
	}, [hearers]);
}

/** Runs `act` whenever the server has a notice for me: something was decided, asked or answered. */
export const useTold = (act: () => void): void => useHearing(told, act);

/** Runs `act` whenever what waits for stewards may be another list than before. */
export const useListed = (act: () => void): void => useHearing(listed, act);

/** Runs while a member is signed in. */
export function usePulse(app: Pick<App, "me" | "heed" | "refresh_counts" | "set_counts">, begin: () => void): void {
	const { heed, refresh_counts, set_counts } = app;
	const id = may_use(app.me) ? app.me.id : null;
	useEffect(() => {
		if (!id)
			return;
		const look = () => {
			look_for_newer().catch(heed);
			refresh_counts();
		};
		const hidden = () => document.visibilityState !== "visible";
		const ask = () => {
			if (hidden())
				refresh_counts();
			else if (!flowing)
				look();
		};
		const again = (what: string) => {
			look_again(what).catch(heed);
			tell(what, false);
		};
		const live: api.Live = {
			moment: () => look_for_newer().catch(heed),
			changed: again,
			gone: (what) => {
				change_in_feed(what, () => null);
				look_at_copies(what).catch(heed);
				tell(what, true);
			},
			notice: (unread) => {
				set_counts((c) => ({ ...c, notices: unread }));
				told.forEach((hear) => hear());
			},
			requests: (open) => set_counts((c) => ({ ...c, requests: open })),
			cases: () => listed.forEach((hear) => hear()),
			reload: () => {
				look();
				tell(null, false);
				listed.forEach((hear) => hear());
			},
			bye: begin,
			flowing: (yes) => {
				const begins = yes && !flowing;
				flowing = yes;
				if (!begins)
					return;
				look();
				listed.forEach((hear) => hear());
			},
		};
		let stop: (() => void) | null = api.listen_live(live);
		let leaving = 0;
		const seen = () => {
			clearTimeout(leaving);
			if (hidden())
				leaving = window.setTimeout(() => {
					stop?.();
					stop = null;
				}, HIDDEN_MS);
			else
				stop ??= api.listen_live(live);
		};
		const timer = setInterval(ask, ASK_MS);
		document.addEventListener("visibilitychange", seen);
		return () => {
			stop?.();
			clearTimeout(leaving);
			clearInterval(timer);
			document.removeEventListener("visibilitychange", seen);
		};
	}, [id, heed, refresh_counts]);
}
