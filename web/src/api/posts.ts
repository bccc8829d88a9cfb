// posts.ts - posts, comments, pictures, notices, and finding them.

import { call, get, last_words, page, post, q, remove, upload } from "./send";
import type {
	Audience, Card, Filter, Found, Measure, Moment, Notice, Picture, Status, Version,
} from "./types";

export const moments = (max_id?: string | null) =>
	page<Moment>("/api/kith/v1/moments?limit=20", max_id);
/** What a screen or two show: on a slow line the rest can come after. */
export const first_moments = () => page<Moment>("/api/kith/v1/moments?limit=8");
export const moments_after_first = (max_id: string) =>
	page<Moment>("/api/kith/v1/moments?limit=12", max_id);
export const moments_since = (id: string) =>
	get<Moment[]>(`/api/kith/v1/moments?limit=40&since_id=${id}`);
export const moment = (id: string) => get<Moment>(`/api/kith/v1/statuses/${id}/moment`);
export const status = (id: string) => get<Status>(`/api/v1/statuses/${id}`);

/** A card as it is sent: the server calls what stands under the title `about`. */
export interface CardDraft {
	url: string;
	title: string;
	about: string;
}
export interface PostDraft {
	status: string;
	kith_audience: Audience;
	media_ids?: string[];
	kith_place?: string;
	kith_card?: CardDraft;
}
export interface PostChange {
	status?: string;
	media_ids?: string[];
	kith_place?: string;
	kith_card?: CardDraft | null;
	/** Narrower than it was, or it is refused. */
	kith_audience?: Audience;
}
export const card_draft = (card: Card): CardDraft =>
	({ url: card.url, title: card.title, about: card.description });
export const publish = (draft: PostDraft, key: string) =>
	call<Status>("POST", "/api/v1/statuses", { body: { ...draft }, key });
export const change_status = (id: string, change: PostChange) =>
	call<Status>("PUT", `/api/v1/statuses/${id}`, { body: { ...change } });
export const versions = (id: string) => get<Version[]>(`/api/v1/statuses/${id}/history`);
/** Later notices of a post: off or on again. */
export const mute_post = (id: string, on: boolean) =>
	post<Status>(`/api/v1/statuses/${id}/${on ? "mute" : "unmute"}`);
export const comment = (text: string, in_reply_to_id: string, key: string) =>
	call<Status>("POST", "/api/v1/statuses", { body: { status: text, in_reply_to_id }, key });
export const delete_status = (id: string) => remove<Status>(`/api/v1/statuses/${id}`);
/** The same as the page is being left: asked without waiting for the answer. */
export const delete_leaving = (id: string) => last_words("DELETE", `/api/v1/statuses/${id}`);
export const like = (id: string, on: boolean) =>
	post<Status>(`/api/v1/statuses/${id}/${on ? "favourite" : "unfavourite"}`);
export const audience_size = (kith_audience: Audience, signal?: AbortSignal) =>
	call<{ people: number }>("POST", "/api/kith/v1/audience", { body: { kith_audience }, signal });

// Pictures

/** Sends a picture; `told` hears what share of it has gone. */
export const send_picture = (file: File, told: (share: number) => void) =>
	upload<Picture>("/api/v2/media", { file }, told);
export const picture = (id: string) => get<Picture>(`/api/v1/media/${id}`);
export const describe_picture = (id: string, description: string) =>
	call<Picture>("PUT", `/api/v1/media/${id}`, { body: { description } });
export const delete_picture = (id: string) => remove<unknown>(`/api/v1/media/${id}`);

// Finding

export const search = (text: string, signal?: AbortSignal) =>
	get<Found>(`/api/v2/search?limit=20&q=${q(text)}`, signal);
export const search_posts = (text: string, max_id: string) =>
	get<Found>(`/api/v2/search?type=statuses&limit=20&max_id=${max_id}&q=${q(text)}`);
export const tagged = (tag: string, max_id?: string | null) =>
	page<Status>(`/api/v1/timelines/tag/${q(tag)}?limit=20`, max_id);
export const filters = () => get<Filter[]>("/api/v2/filters");
export const make_filter = (word: string, hide: boolean) =>
	post<Filter>("/api/v2/filters", {
		title: word, context: ["home", "account"], filter_action: hide ? "hide" : "warn",
		keywords_attributes: [{ keyword: word, whole_word: false }],
	});
export const delete_filter = (id: string) => remove<unknown>(`/api/v2/filters/${id}`);

// Notices

export const notices = (max_id?: string | null) =>
	page<Notice>("/api/v1/notifications?limit=30&kith=true", max_id);
/** The newest of what the house did about me: what is held stands above the notices. */
export const newest_measures = () => get<Measure[]>("/api/kith/v1/measures");
export const unread_notices = () => get<{ count: number }>("/api/v1/notifications/unread_count");
export const read_up_to = (id: string) =>
	post<unknown>("/api/v1/markers", { notifications: { last_read_id: id } });
