// route.ts - which view an address means, and moving between them without loading the page anew.

export type Name =
	| "feed" | "write" | "sign-in" | "join" | "reset" | "friends" | "person" | "post"
	| "tags" | "notices" | "held" | "report" | "juries" | "rules" | "review" | "settings" | "groups" | "group" | "search"
	| "nothing";

export interface Route {
	name: Name;
	/** The part of the path that varies: code, token, handle or id. */
	key: string;
	query: URLSearchParams;
	hash: string;
	/** Changes with every move, also one to the same address. */
	visit: number;
	/** Where the page was scrolled when it was left; null on a fresh visit. */
	top: number | null;
}

const FIXED: Record<string, Name> = {
	"/": "feed", "/sign-in": "sign-in", "/friends": "friends", "/tags": "tags",
	"/notices": "notices", "/held": "held", "/review": "review", "/settings": "settings",
	"/groups": "groups", "/search": "search", "/report": "report", "/juries": "juries", "/rules": "rules",
};
const KEYED: Record<string, Name> = {
	join: "join", reset: "reset", people: "person", posts: "post", groups: "group",
};

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function named(path: string, query: URLSearchParams): { name: Name; key: string } {
	const fixed = FIXED[path];
	// The composer has no path of its own, so that reloading it asks the server for "/".
	if (fixed === "feed" && (query.has("write") || query.has("edit")))
		return { name: "write", key: "" };
	if (fixed)
		return { name: fixed, key: "" };
	const parts = /^\/([a-z]+)\/([^/]+)$/.exec(path);
	const name = parts && KEYED[parts[1]!];
	return name ? { name, key: decoded(parts[2]!) } : { name: "nothing", key: "" };
}

let visits = 0;

export function current(): Route {
	const { pathname, search, hash } = location;
	const query = new URLSearchParams(search);
	const state = history.state as { top?: number } | null;
	return {
		...named(pathname, query), query, hash: hash.slice(1), visit: visits++, top: state?.top ?? null,
	};
}

let listener: (route: Route) => void = () => {};

function keep_top(): void {
	history.replaceState({ top: scrollY }, "");
}

/** Another address for what is shown already. */
export function keep_address(to: string): void {
	history.replaceState(history.state, "", to);
}

/** Moves to an address of this page; `replace` leaves no way back to the present one. */
export function go(to: string, replace = false): void {
	if (replace) {
		history.replaceState(null, "", to);
	} else {
		keep_top();
		history.pushState(null, "", to);
	}
	listener(current());
}

let above: (() => void) | null = null;

/** Puts something over the page, with an entry of its own: going back calls `close` and moves nothing.
 * `leave` goes back; `drop` is for what vanished by itself. */
export function over_page(close: () => void): { leave: () => void; drop: () => void } {
	keep_top();
	history.pushState(history.state, "");
	above = close;
	return {
		leave: () => above === close && history.back(),
		drop: () => {
			if (above === close)
				above = null;
		},
	};
}

const PATIENCE_MS = 2000;
const HANDS = ["wheel", "touchstart", "keydown", "pointerdown"] as const;

/** Scrolls to where the page was, again with every frame until its content is there to hold the place,
 * and once more after: folded texts grow a button, and the browser moves the page as they do.
 * A hand on the page ends it. */
export function scroll_back(top: number): void {
	const end = performance.now() + PATIENCE_MS;
	let frames = 0;
	let held = false;
	const hold = () => {
		held = true;
	};
	HANDS.forEach((hand) => addEventListener(hand, hold, { once: true, passive: true }));
	const step = () => {
		if (held)
			return;
		scrollTo(0, top);
		const there = Math.abs(scrollY - top) <= 1;
		if ((!there || frames++ < 2) && performance.now() < end)
			requestAnimationFrame(step);
	};
	step();
}

function followed(e: MouseEvent): void {
	if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey)
		return;
	const link = (e.target as Element | null)?.closest?.("a");
	if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin)
		return;
	const path = link.pathname;
	if (link.hash && path === location.pathname && link.search === location.search)
		return;
	if (named(path, new URLSearchParams(link.search)).name === "nothing")
		return;
	e.preventDefault();
	go(path + link.search + link.hash);
}

/** Calls `on_move` at every move from now on, by link, by `go` or by the back button. */
export function listen(on_move: (route: Route) => void): () => void {
	listener = on_move;
	history.scrollRestoration = "manual";
	// The browser has changed the entry by the time it says so, hence the position is kept as it goes.
	let timer = 0;
	const scrolled = () => {
		clearTimeout(timer);
		timer = window.setTimeout(keep_top, 150);
	};
	const popped = () => {
		clearTimeout(timer);
		const close = above;
		above = null;
		if (close)
			close();
		else
			listener(current());
	};
	addEventListener("popstate", popped);
	addEventListener("scroll", scrolled, { passive: true });
	addEventListener("pagehide", keep_top);
	document.addEventListener("click", followed);
	return () => {
		removeEventListener("popstate", popped);
		removeEventListener("scroll", scrolled);
		removeEventListener("pagehide", keep_top);
		document.removeEventListener("click", followed);
		listener = () => {};
	};
}
