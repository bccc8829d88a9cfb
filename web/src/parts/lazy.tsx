// lazy.tsx - a view that is fetched when it is first opened.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ApiError } from "../api";
import { Failed, Loading } from "./form";

export function lazy<P extends object>(fetch_view: () => Promise<ComponentType<P>>): ComponentType<P> {
	let View: ComponentType<P> | null = null;
	return function Lazy(p: P) {
		const [round, set_round] = useState(0);
		const [failed, set_failed] = useState(false);
		useEffect(() => {
			if (View)
				return;
			set_failed(false);
			fetch_view().then((it) => {
				View = it;
				set_round((n) => n + 1);
			}, () => set_failed(true));
		}, [round]);
		if (View)
			return <View {...p} />;
		return failed
			? <Failed error={new ApiError(0, "")} again={() => set_round((n) => n + 1)} />
			: <Loading />;
	};
}
