// keys.ts - single keys of the console: never while somebody types, and off where somebody wants them off.

import { useEffect, useState } from "preact/hooks";

import { composing } from "../../parts/form";
import { console_keys, keep_console_keys } from "../../keep";

export const KEYS = ["j", "k", "e", "r", "c", "?"] as const;
export type Key = (typeof KEYS)[number];

function typing(e: KeyboardEvent): boolean {
	const at = e.target as Element | null;
	return Boolean(at?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]"));
}

export function useKeys(act: (key: Key) => void): { on: boolean; set_on: (on: boolean) => void } {
	const [on, put] = useState(console_keys);
	useEffect(() => {
		if (!on)
			return;
		const pressed = (e: KeyboardEvent) => {
			const key = KEYS.find((it) => it === e.key);
			if (!key || e.ctrlKey || e.metaKey || e.altKey || composing(e) || typing(e))
				return;
			e.preventDefault();
			act(key);
		};
		document.addEventListener("keydown", pressed);
		return () => document.removeEventListener("keydown", pressed);
	}, [on, act]);
	return {
		on,
		set_on: (next) => {
			keep_console_keys(next);
			put(next);
		},
	};
}

/** Puts the reader at a part of the case. */
export function go_to(id: string): void {
	const it = document.getElementById(id);
	it?.focus({ preventScroll: true });
	it?.scrollIntoView({ block: "nearest" });
}
