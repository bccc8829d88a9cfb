// api.ts - the only file that talks to the server. docs/api.md is the contract.

import type { Span } from "./pure/spans";

export type Range = "3d" | "month" | "half-year" | "all";
export type Kind = "friends" | "only" | "except" | "self";

export interface Account {
	id: string;
	username: string;
	acct: string;
	display_name: string;
	note: string;
	avatar: string;
	header: string;
	/** On a friend request: the word they sent with it. */
	kith_word?: string | null;
}

export interface Me extends Account {
	source?: { note?: string };
	kith_role: "member" | "steward" | "keeper";
	kith_range: Range;
	kith_sealed: boolean;
}

export interface Audience {
	kind: Kind;
	lists: string[];
	people: string[];
}

export interface Status {
	id: string;
	created_at: string;
	in_reply_to_id: string | null;
	in_reply_to_account_id: string | null;
	content: string;
	/** The words as they were written; `content` is the same as HTML. */
	kith_text?: string | null;
	account: Account;
	favourited?: boolean | null;
	replies_count: number;
	favourites_count: number;
	mentions: { id: string; username: string; acct: string }[];
	kith_audience: Audience | null;
	kith_state: "published" | "held" | "hidden" | null;
	kith_post_id: string | null;
}

export interface Moment {
	status: Status;
	likers: Account[];
	comments: Status[];
}

export interface Relationship {
	id: string;
	following: boolean;
	followed_by: boolean;
	requested: boolean;
	requested_by?: boolean;
	blocking: boolean;
	muting: boolean;
	kith_hide_mine?: boolean;
}

export interface List {
	id: string;
	title: string;
}

export interface Notice {
	id: string;
	type: string;
	kith_kind: "like" | "comment" | "reply" | "also" | "mention" | "request" | "accepted" | "held"
		| "decided";
	created_at: string;
	/** Who did it; the reader where it was the house. */
	account: Account;
	status?: Status | null;
}

export interface Both {
	en: string;
	zh: string;
}

export interface Reason {
	rule: string;
	text: Both;
	spans: Span[];
}

export interface Measure {
	id: string;
	kind: "hold" | "label" | "seal";
	state: "active" | "released" | "kept" | "lapsed";
	object: { type: "post" | "comment" | "account"; id: string; text: string };
	rule: { id: string; text: Both; policy: string };
	reasons: Reason[];
	would_pass: Both | null;
	score: number;
	malice: number;
	starts_at: string;
	ends_at: string | null;
	decided_at: string | null;
	decided_by_role: string | null;
	note: string | null;
}

export interface Review {
	measure: Measure;
	status: Status | null;
	account: Account;
}

export interface Session {
	id: string;
	kind: "browser" | "app" | "shell";
	app: string | null;
	user_agent: string | null;
	created_at: string;
	last_used_at: string | null;
	current: boolean;
}

export interface Invite {
	id: string;
	url?: string;
	uses_left: number;
	expires_at: string;
}

export interface SentRequest {
	account: Account;
	word: string | null;
	created_at: string;
}

export interface Page<T> {
	items: T[];
	/** `max_id` of the next page; null at the end. */
	next: string | null;
}

/** What went wrong. `status` 0 means the server was not reached. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly field: string | null = null,
		readonly retry_after: number | null = null,
	) {
		super(message);
	}
}

type Body = Record<string, unknown>;

interface Options {
	body?: Body | undefined;
	key?: string | undefined;
	signal?: AbortSignal | undefined;
}

async function failure(answer: Response): Promise<ApiError> {
	let said: { error?: unknown; error_description?: unknown; field?: unknown } = {};
	try {
		said = await answer.json();
	} catch {
		// A proxy in between may answer with something else; the status still tells enough.
	}
	const sentence = said.error_description ?? said.error;
	const wait = Number(answer.headers.get("Retry-After"));
	return new ApiError(
		answer.status,
		typeof sentence === "string" ? sentence : "",
		typeof said.field === "string" ? said.field : null,
		wait > 0 ? wait : null,
	);
}

let heard: (reached: boolean) => void = () => {};

/** Calls `listener` after every request: whether the server was reached at all. */
export function on_reach(listener: (reached: boolean) => void): void {
	heard = listener;
}

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
			signal: options.signal ?? null,
		});
	} catch (e) {
		if (e instanceof DOMException && e.name === "AbortError")
			throw e;
		heard(false);
		throw new ApiError(0, "");
	}
	heard(true);
	if (!answer.ok)
		throw await failure(answer);
	return answer;
}

async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
	return (await send(method, path, options)).json() as Promise<T>;
}

const get = <T>(path: string, signal?: AbortSignal) => call<T>("GET", path, { signal });
const post = <T>(path: string, body: Body = {}) => call<T>("POST", path, { body });
const remove = <T>(path: string, body?: Body) => call<T>("DELETE", path, { body });

function next_of(answer: Response): string | null {
	const found = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("Link") ?? "");
	return found ? new URL(found[1]!, location.href).searchParams.get("max_id") : null;
}

async function page<T>(path: string, max_id?: string | null): Promise<Page<T>> {
	const where = max_id ? `${path}${path.includes("?") ? "&" : "?"}max_id=${max_id}` : path;
	const answer = await send("GET", where);
	return { items: (await answer.json()) as T[], next: next_of(answer) };
}

const q = encodeURIComponent;
const ids = (name: string, all: readonly string[]) => all.map((id) => `${name}[]=${id}`).join("&");

// Who I am

export const sign_in = (handle: string, password: string) =>
	post<Me>("/api/kith/v1/session", { handle, password });
export const sign_out = () => remove<unknown>("/api/kith/v1/session");
export const sign_up = (invite: string, handle: string, display_name: string, password: string) =>
	post<Me>("/api/kith/v1/signup", { invite, handle, display_name, password });
export const reset = (token: string, password: string) =>
	post<unknown>("/api/kith/v1/reset", { token, password });
export const change_password = (current: string, password: string) =>
	post<unknown>("/api/kith/v1/password", { current, password });
export const own_account = () => get<Me>("/api/v1/accounts/verify_credentials");
export const update_account = (change: { display_name?: string; note?: string; kith_range?: Range }) =>
	call<Me>("PATCH", "/api/v1/accounts/update_credentials", { body: change });
export const sessions = () => get<Session[]>("/api/kith/v1/sessions");
export const end_session = (id: string) => remove<unknown>(`/api/kith/v1/sessions/${id}`);
export const instance = () => get<{ title: string }>("/api/v2/instance");

// Invitations

export const invitation = (code: string) =>
	get<{ invited_by: string; expires_at: string }>(`/api/kith/v1/invites/${q(code)}`);
export const invites = () => get<Invite[]>("/api/kith/v1/invites");
export const make_invite = (uses: number, days: number) =>
	post<Invite>("/api/kith/v1/invites", { uses, days });
export const end_invite = (id: string) => remove<unknown>(`/api/kith/v1/invites/${id}`);

// Posts

export const moments = (max_id?: string | null) =>
	page<Moment>("/api/kith/v1/moments?limit=20", max_id);
export const moments_since = (id: string) =>
	get<Moment[]>(`/api/kith/v1/moments?limit=40&since_id=${id}`);
export const moment = (id: string) => get<Moment>(`/api/kith/v1/statuses/${id}/moment`);
export const status = (id: string) => get<Status>(`/api/v1/statuses/${id}`);
export const publish = (text: string, kith_audience: Audience, key: string) =>
	call<Status>("POST", "/api/v1/statuses", { body: { status: text, kith_audience }, key });
export const comment = (text: string, in_reply_to_id: string, key: string) =>
	call<Status>("POST", "/api/v1/statuses", { body: { status: text, in_reply_to_id }, key });
export const delete_status = (id: string) => remove<Status>(`/api/v1/statuses/${id}`);
export const like = (id: string, on: boolean) =>
	post<Status>(`/api/v1/statuses/${id}/${on ? "favourite" : "unfavourite"}`);
export const audience_size = (kith_audience: Audience, signal?: AbortSignal) =>
	call<{ people: number }>("POST", "/api/kith/v1/audience", { body: { kith_audience }, signal });

// People

export const lookup = (handle: string) => get<Account>(`/api/v1/accounts/lookup?acct=${q(handle)}`);
/** Those of `who` that are still there for me. */
export const accounts = async (who: readonly string[]) => {
	const found = await Promise.allSettled(who.map((id) => get<Account>(`/api/v1/accounts/${id}`)));
	return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
};
export const search_people = (text: string, signal?: AbortSignal) =>
	get<Account[]>(`/api/v1/accounts/search?limit=10&q=${q(text)}`, signal);
export const album = (id: string, max_id?: string | null) =>
	page<Status>(`/api/v1/accounts/${id}/statuses?limit=40&exclude_replies=true`, max_id);
export const friends = (me: string, max_id?: string | null) =>
	page<Account>(`/api/v1/accounts/${me}/following?limit=80`, max_id);
export const relationships = (who: readonly string[]) =>
	who.length === 0
		? Promise.resolve([] as Relationship[])
		: get<Relationship[]>(`/api/v1/accounts/relationships?${ids("id", who)}`);
export const request_friend = (id: string, word: string) =>
	post<Relationship>(`/api/v1/accounts/${id}/follow`, word ? { kith_word: word } : {});
export const end_friend = (id: string) => post<Relationship>(`/api/v1/accounts/${id}/unfollow`);
export const block = (id: string, on: boolean) =>
	post<Relationship>(`/api/v1/accounts/${id}/${on ? "block" : "unblock"}`);
export const hide_theirs = (id: string, on: boolean) =>
	post<Relationship>(`/api/v1/accounts/${id}/${on ? "mute" : "unmute"}`);
export const hide_mine = (id: string, on: boolean) =>
	call<Relationship>(on ? "POST" : "DELETE", `/api/kith/v1/accounts/${id}/hide_mine`);
export const blocked = () => get<Account[]>("/api/v1/blocks?limit=80");
export const requests = () => get<Account[]>("/api/v1/follow_requests?limit=80");
export const answer_request = (id: string, yes: boolean) =>
	post<Relationship>(`/api/v1/follow_requests/${id}/${yes ? "authorize" : "reject"}`);
export const sent_requests = () => get<SentRequest[]>("/api/kith/v1/requests");

// Tags

export const lists = () => get<List[]>("/api/v1/lists");
export const make_list = (title: string) => post<List>("/api/v1/lists", { title });
export const rename_list = (id: string, title: string) =>
	call<List>("PUT", `/api/v1/lists/${id}`, { body: { title } });
export const delete_list = (id: string) => remove<unknown>(`/api/v1/lists/${id}`);
export const list_members = (id: string, max_id?: string | null) =>
	page<Account>(`/api/v1/lists/${id}/accounts?limit=80`, max_id);
export const tag_person = (list: string, who: string, on: boolean) =>
	call<unknown>(on ? "POST" : "DELETE", `/api/v1/lists/${list}/accounts`, {
		body: { account_ids: [who] },
	});
export const lists_of = (who: string) => get<List[]>(`/api/v1/accounts/${who}/lists`);

// Notices

export const notices = (max_id?: string | null) =>
	page<Notice>("/api/v1/notifications?limit=30", max_id);
export const unread_notices = () => get<{ count: number }>("/api/v1/notifications/unread_count");
export const read_up_to = (id: string) =>
	post<unknown>("/api/v1/markers", { notifications: { last_read_id: id } });

// The order

export const measures = () => get<Measure[]>("/api/kith/v1/measures");
export const review = () => get<Review[]>("/api/kith/v1/review");
export const decide = (id: string, release: boolean, note: string) =>
	post<Measure>(`/api/kith/v1/review/${id}/${release ? "release" : "keep"}`, note ? { note } : {});

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
