// send.ts - one request and its answer: the cookie, the errors, the pages of a listing.

import type { Page } from "./types";

/** What went wrong. `status` 0 means the server was not reached. `zh` is `message` in Chinese, where the server has it. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly field: string | null = null,
		readonly retry_after: number | null = null,
		readonly zh: string | null = null,
	) {
		super(message);
	}
}

export type Body = Record<string, unknown>;

interface Options {
	body?: Body | undefined;
	key?: string | undefined;
	signal?: AbortSignal | undefined;
}

/** A proxy in between may answer with something else; the status still tells enough. */
function failure(status: number, text: string, wait: number): ApiError {
	let said: { error?: unknown; error_description?: unknown; field?: unknown; kith_zh?: unknown } = {};
	try {
		said = (JSON.parse(text) ?? said) as typeof said;
	} catch {
		// Not JSON.
	}
	const sentence = said.error_description ?? said.error;
	return new ApiError(
		status,
		typeof sentence === "string" ? sentence : "",
		typeof said.field === "string" ? said.field : null,
		wait > 0 ? wait : null,
		typeof said.kith_zh === "string" ? said.kith_zh : null,
	);
}

/** How far an upload is, and the way to stop it. */
export interface Progress<T> {
	done: Promise<T>;
	stop: () => void;
}

/** Sends files. `fetch` cannot tell how far it is, hence the older way. Stopped, it ends with status -2. */
export function upload<T>(
	path: string, fields: Record<string, string | File>, told: (share: number) => void,
): Progress<T> {
	const xhr = new XMLHttpRequest();
	const form = new FormData();
	for (const [name, value] of Object.entries(fields))
		form.append(name, value);
	const done = new Promise<T>((arrived, failed) => {
		xhr.upload.onprogress = (e) => e.lengthComputable && told(e.loaded / e.total);
		xhr.onerror = () => {
			heard(false);
			failed(new ApiError(0, ""));
		};
		xhr.onabort = () => failed(new ApiError(-2, ""));
		xhr.onload = () => {
			heard(true);
			if (xhr.status < 200 || xhr.status > 299)
				failed(failure(xhr.status, xhr.responseText, Number(xhr.getResponseHeader("Retry-After"))));
			else
				arrived(JSON.parse(xhr.responseText) as T);
		};
	});
	xhr.open("POST", path);
	xhr.setRequestHeader("Accept", "application/json");
	xhr.send(form);
	return { done, stop: () => xhr.abort() };
}

/** Asks while the page is being left; the answer is nobody's any more. */
export function last_words(method: string, path: string): void {
	fetch(path, { method, credentials: "same-origin", keepalive: true }).catch(() => {});
}

let account = new AbortController();

/** Ends all that was asked for the account the page had until now: what still comes is not for whoever follows. */
export function end_asking(): void {
	account.abort();
	account = new AbortController();
}

let heard: (reached: boolean) => void = () => {};

/** Calls `listener` after every request: whether the server was reached at all. */
export function on_reach(listener: (reached: boolean) => void): void {
	heard = listener;
}

let kept_since: number | null = null;

/** When the feed that is shown was kept, where the answer came from this device and not from the server. */
export const kept_at = () => kept_since;

async function send(method: string, path: string, options: Options = {}): Promise<Response> {
	const headers: Record<string, string> = { Accept: "application/json" };
	if (options.body)
		headers["Content-Type"] = "application/json";
	if (options.key)
		headers["Idempotency-Key"] = options.key;
	let answer: Response;
	try {
		answer = await fetch(path, {
			method,
			headers,
			credentials: "same-origin",
			body: options.body ? JSON.stringify(options.body) : null,
			signal: options.signal ?? account.signal,
		});
	} catch (e) {
		if (e instanceof DOMException && e.name === "AbortError")
			throw e;
		heard(false);
		throw new ApiError(0, "");
	}
	const kept = answer.headers.get("X-Kith-Kept");
	if (kept)
		kept_since = Number(kept);
	heard(!kept);
	if (!answer.ok)
		throw failure(answer.status, await answer.text(), Number(answer.headers.get("Retry-After")));
	return answer;
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
	return (await send(method, path, options)).json() as Promise<T>;
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>("GET", path, { signal });
export const post = <T>(path: string, body: Body = {}) => call<T>("POST", path, { body });
export const remove = <T>(path: string, body?: Body) => call<T>("DELETE", path, { body });

function next_of(answer: Response): string | null {
	const found = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("Link") ?? "");
	return found ? new URL(found[1]!, location.href).searchParams.get("max_id") : null;
}

export async function page<T>(path: string, max_id?: string | null): Promise<Page<T>> {
	const where = max_id ? `${path}${path.includes("?") ? "&" : "?"}max_id=${max_id}` : path;
	const answer = await send("GET", where);
	return { items: (await answer.json()) as T[], next: next_of(answer) };
}

export const q = encodeURIComponent;
export const ids = (name: string, all: readonly string[]) => all.map((id) => `${name}[]=${id}`).join("&");

/** All pages of a listing, at most `most` pages of it. */
export async function all<T>(
	ask: (max_id: string | null) => Promise<Page<T>>, most: number,
): Promise<T[]> {
	const made: T[] = [];
	let max_id: string | null = null;
	for (let i = 0; i < most; i++) {
		const part: Page<T> = await ask(max_id);
		made.push(...part.items);
		max_id = part.next;
		if (max_id === null)
			break;
	}
	return made;
}
