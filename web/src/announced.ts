// announced.ts - whether rules that are announced would judge something of mine otherwise: asked once a day, in no hurry, and
// said from the next time the circle is opened, so that the feed never moves under a finger.

import { useEffect, useState } from "preact/hooks";

import { announced, keep_announced, type Announced } from "./keep";

const AFTER_MS = 4000;
const DAY_MS = 86_400_000;

async function ask(me: string): Promise<void> {
	const { policies, policy_for_me } = await import("./api/order");
	const next = (await policies()).find((it) => it.state === "announced");
	const before = announced(me);
	if (!next)
		return keep_announced(me, { hash: "", n: 0, binds_at: "", asked_at: Date.now(), closed: false });
	const closed = before?.hash === next.hash && before.closed;
	const n = closed ? 0 : (await policy_for_me(next.hash)).changed.length;
	keep_announced(me, { hash: next.hash, n, binds_at: next.binds_at ?? "", asked_at: Date.now(), closed });
}

/** What there is to say of it now, and the way to have read it. */
export function useAnnounced(me: string | null): { it: Announced | null; close: () => void } {
	const [it, put] = useState<Announced | null>(null);
	useEffect(() => {
		if (!me)
			return put(null);
		const known = announced(me);
		put(known);
		if (known && Date.now() - known.asked_at < DAY_MS && Date.now() >= known.asked_at)
			return;
		// Nobody misses it where it fails: it is asked again at the next visit.
		const timer = setTimeout(() => ask(me).catch(() => {}), AFTER_MS);
		return () => clearTimeout(timer);
	}, [me]);
	return {
		it: it && it.n > 0 && !it.closed && Date.parse(it.binds_at) > Date.now() ? it : null,
		close: () => {
			if (!me || !it)
				return;
			keep_announced(me, { ...it, closed: true });
			put({ ...it, closed: true });
		},
	};
}
