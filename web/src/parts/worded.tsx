// worded.tsx - a view that is fetched when it is first opened, and its own catalogue with it.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ApiError } from "../api";
import { useApp } from "../app";
import { fetch_words, has_words, key_of, words_here, type ApartName } from "../text/apart";
import { Failed, Loading } from "./form";
import { lazy } from "./lazy";

export const useOrder = () => words_here("order", key_of(useApp().t.lang));
export const useConsole = () => words_here("console", key_of(useApp().t.lang));

export function worded<P extends object>(
	names: ApartName[], fetch_view: () => Promise<ComponentType<P>>,
): ComponentType<P> {
	const View = lazy(fetch_view);
	return function Worded(p: P) {
		const key = key_of(useApp().t.lang);
		const [round, set_round] = useState(0);
		const [failed, set_failed] = useState(false);
		const missing = names.filter((name) => !has_words(name, key));
		useEffect(() => {
			if (missing.length === 0)
				return;
			set_failed(false);
			// Beside the words, not after them; whether it came is heard when it is drawn.
			fetch_view().catch(() => {});
			Promise.all(missing.map((name) => fetch_words(name, key)))
				.then(() => set_round((n) => n + 1), () => set_failed(true));
		}, [key, round]);
		if (missing.length === 0)
			return <View {...p} />;
		return failed
			? <Failed error={new ApiError(0, "")} again={() => set_round((n) => n + 1)} /> : <Loading />;
	};
}
