// keep.ts - the little that stays in this browser: language, drafts, what waits to be sent, the last audience.
//
// Everything works without it: a browser may refuse storage, so failures are passed over.

import type { Audience, CardDraft, Picture, PostDraft } from "./api";

function read<T>(key: string): T | null {
	try {
		return JSON.parse(localStorage.getItem(`kith.${key}`) ?? "null") as T | null;
	} catch {
		return null;
	}
}

function write(key: string, value: unknown): void {
	try {
		if (value === null)
			localStorage.removeItem(`kith.${key}`);
		else
			localStorage.setItem(`kith.${key}`, JSON.stringify(value));
	} catch {
		// No room or no permission.
	}
}

export interface Draft {
	text: string;
	/** Sent as Idempotency-Key, so that sending a draft twice makes one post. */
	key: string;
	saved_at: number;
	/** Pictures that have arrived at the server, which keeps them for a day. */
	pictures?: Picture[];
	place?: string;
	card?: CardDraft | null;
}

/** A post that waits for a connection. */
export interface Waiting {
	key: string;
	draft: PostDraft;
}

export type Theme = "light" | "dark";
export const theme = () => read<Theme>("theme");
export const keep_theme = (it: Theme | null) => write("theme", it);

/** Whether somebody was signed in here last: only a guess of what is worth asking for early. */
export const was_here = () => read<boolean>("here") === true;
export const keep_here = (it: boolean) => write("here", it || null);

export const language = () => read<string>("lang");
export const keep_language = (lang: string) => write("lang", lang);

export const draft = (me: string) => read<Draft>(`draft.${me}`);
export const keep_draft = (me: string, it: Draft | null) => write(`draft.${me}`, it);

export const last_audience = (me: string) => read<Audience>(`audience.${me}`);
export const keep_audience = (me: string, it: Audience) => write(`audience.${me}`, it);

export const waiting = (me: string) => read<Waiting[]>(`waiting.${me}`) ?? [];
export const keep_waiting = (me: string, all: Waiting[]) =>
	write(`waiting.${me}`, all.length > 0 ? all : null);

/** 128 random bits. `crypto.randomUUID` is absent on plain http outside this machine. */
export function fresh_key(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Single keys in the stewards' console: on unless they were switched off. */
export const console_keys = () => read<boolean>("console-keys") !== false;
export const keep_console_keys = (on: boolean) => write("console-keys", on ? null : false);

/** Rules that are announced, and how many of my pieces they would judge otherwise. */
export interface Announced {
	/** Empty where nothing is announced. */
	hash: string;
	n: number;
	binds_at: string;
	asked_at: number;
	/** Read, and not to be said again. */
	closed: boolean;
}
export const announced = (me: string) => read<Announced>(`announced.${me}`);
export const keep_announced = (me: string, it: Announced) => write(`announced.${me}`, it);
