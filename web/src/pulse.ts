// pulse.ts - keeps what is shown true: asks once a minute while the page is seen.

import { useEffect } from "preact/hooks";

import type { App } from "./app";
import { look_for_newer } from "./circle";

const ASK_MS = 60_000;

/** Runs while a member is signed in. */
export function usePulse(app: Pick<App, "me" | "heed" | "refresh_counts">): void {
	const { heed, refresh_counts } = app;
	const id = app.me && !app.me.kith_sealed ? app.me.id : null;
	useEffect(() => {
		if (!id)
			return;
		const ask = () => {
			if (document.visibilityState !== "visible")
				return;
			look_for_newer().catch(heed);
			refresh_counts();
		};
		const timer = setInterval(ask, ASK_MS);
		document.addEventListener("visibilitychange", ask);
		return () => {
			clearInterval(timer);
			document.removeEventListener("visibilitychange", ask);
		};
	}, [id, heed, refresh_counts]);
}
