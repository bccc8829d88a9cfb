// gone.ts - deleting with ten seconds to think again: taken from the page at once, from the server when they are over.
//
// Leaving the page does not undo it: what is on its way is sent with the last breath.

import * as api from "./api";
import { on_forget } from "./app";

export const UNDO_MS = 10_000;

interface Going {
	timer: number;
	send: () => Promise<void>;
}

const going = new Map<string, Going>();

export const is_going = (id: string) => going.has(id);

// Whoever follows may neither delete it nor get it back.
on_forget(() => {
	for (const { timer } of going.values())
		clearTimeout(timer);
	going.clear();
});

addEventListener("pagehide", () => {
	for (const [id, { timer }] of going) {
		clearTimeout(timer);
		api.delete_leaving(id);
	}
	going.clear();
});

/** Deletes `id` in ten seconds. The answer calls it off, and says whether there still was time. */
export function delete_later(id: string, failed: (e: unknown) => void): () => boolean {
	const send = () => {
		going.delete(id);
		return api.delete_status(id).then(() => {}, failed);
	};
	going.set(id, { timer: window.setTimeout(() => void send(), UNDO_MS), send });
	return () => {
		clearTimeout(going.get(id)?.timer);
		return going.delete(id);
	};
}

/** Without waiting any longer, as before a sign-out; settled when the server has heard of all. */
export async function delete_now(): Promise<void> {
	await Promise.all([...going.values()].map(({ timer, send }) => {
		clearTimeout(timer);
		return send();
	}));
}
