// drag.ts - reordering by dragging: a mouse at once, a finger after a short hold, so that it can still scroll.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

const HOLD_MS = 250;
const START_PX = 6;

/** Handlers for a list whose items are numbered by `data-i` and are held by their picture. */
export function useDrag(list: RefObject<HTMLElement>, move: (from: number, to: number) => void) {
	const from = useRef<number | null>(null);
	const begin = useRef<{ x: number; y: number; i: number; timer: number } | null>(null);
	useEffect(() => {
		const still = (e: TouchEvent) => from.current !== null && e.preventDefault();
		const box = list.current;
		// Only a listener that is not passive may keep the page from scrolling.
		box?.addEventListener("touchmove", still, { passive: false });
		return () => box?.removeEventListener("touchmove", still);
	}, []);

	const item_at = (x: number, y: number) => {
		const item = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-i]");
		return item && list.current?.contains(item) ? Number(item.dataset["i"]) : null;
	};
	const start = () => {
		from.current = begin.current?.i ?? null;
		list.current?.classList.add("dragging");
	};
	const end = () => {
		clearTimeout(begin.current?.timer);
		begin.current = null;
		from.current = null;
		list.current?.classList.remove("dragging");
	};
	return {
		onPointerDown: (e: PointerEvent) => {
			const i = (e.target as Element).matches("img") ? item_at(e.clientX, e.clientY) : null;
			if (i === null || e.button !== 0)
				return;
			const timer = e.pointerType === "mouse" ? 0 : window.setTimeout(start, HOLD_MS);
			begin.current = { x: e.clientX, y: e.clientY, i, timer };
		},
		onPointerMove: (e: PointerEvent) => {
			const b = begin.current;
			if (!b)
				return;
			const far = Math.hypot(e.clientX - b.x, e.clientY - b.y) > START_PX;
			if (from.current === null && far) {
				if (e.pointerType !== "mouse")
					return end();
				start();
			}
			const to = item_at(e.clientX, e.clientY);
			if (from.current !== null && to !== null && to !== from.current) {
				move(from.current, to);
				from.current = to;
			}
		},
		onPointerUp: end,
		onPointerCancel: end,
		onPointerLeave: end,
	};
}
