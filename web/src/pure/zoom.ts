// zoom.ts - where a picture stands while fingers move it: a scale and a shift from the middle of its place.

export interface Stand {
	scale: number;
	x: number;
	y: number;
}

export interface Size {
	width: number;
	height: number;
}

export const AT_REST: Stand = { scale: 1, x: 0, y: 0 };
export const MOST = 6;

// Adding 0 makes 0 of -0.
const within = (v: number, most: number) => Math.max(-most, Math.min(most, v)) + 0;

/** No smaller than its place, no larger than six times, and never beyond its own edge. `size` is the picture at 1. */
export function settled(it: Stand, place: Size, size: Size): Stand {
	const scale = Math.max(1, Math.min(MOST, it.scale));
	const x = within(it.x, Math.max(0, (size.width * scale - place.width) / 2));
	const y = within(it.y, Math.max(0, (size.height * scale - place.height) / 2));
	return { scale, x, y };
}

/** Scaled by `factor` so that what is under `at` (from the middle of the place) stays there. */
export function zoomed(it: Stand, factor: number, at: { x: number; y: number }): Stand {
	const scale = Math.max(1, Math.min(MOST, it.scale * factor));
	const real = scale / it.scale;
	return { scale, x: at.x - (at.x - it.x) * real, y: at.y - (at.y - it.y) * real };
}

/** What a lifted finger meant, at rest: the next picture, the one before, to leave, or nothing. */
export function swipe(dx: number, dy: number, width: number): "next" | "before" | "leave" | null {
	if (dy > 90 && dy > Math.abs(dx) * 1.5)
		return "leave";
	if (Math.abs(dx) < Math.min(80, width / 5) || Math.abs(dx) < Math.abs(dy))
		return null;
	return dx < 0 ? "next" : "before";
}
