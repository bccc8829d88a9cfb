// clock.tsx - a clock as a ring with words beside it.

import type { ComponentChildren } from "preact";

import { useApp, useNow } from "../app";
import { left, left_share, when } from "../pure/time";
import { Ring } from "./icon";

const DAY_MS = 86_400_000;

/** A ring with words: how long there still is, of a clock that began at `from`. */
export function ClockLine({ from, until, urgent_ms = DAY_MS, children }: {
	from: string; until: string; urgent_ms?: number; children: (span: string, at: string) => ComponentChildren;
}) {
	const { t } = useApp();
	const now = useNow();
	const end = new Date(until);
	return (
		<div class={end.getTime() - now.getTime() < urgent_ms ? "line bad" : "line wait"}>
			<Ring share={left_share(new Date(from), end, now)} />
			<p>{children(left(end, now, t.time), when(end, t.time.locale))}</p>
		</div>
	);
}
