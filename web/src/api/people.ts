// people.ts - friends, requests, tags, groups of friends.

import { call, get, ids, page, post, q, remove } from "./send";
import type { Account, List, Relationship, SentRequest, Status, ViewAs } from "./types";

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
export const request_friend = (id: string, word: string, answer: string) =>
	post<Relationship>(`/api/v1/accounts/${id}/follow`, {
		...(word && { kith_word: word }), ...(answer && { kith_answer: answer }),
	});
export const end_friend = (id: string) => post<Relationship>(`/api/v1/accounts/${id}/unfollow`);
export const block = (id: string, on: boolean) =>
	post<Relationship>(`/api/v1/accounts/${id}/${on ? "block" : "unblock"}`);
export const hide_theirs = (id: string, on: boolean) =>
	post<Relationship>(`/api/v1/accounts/${id}/${on ? "mute" : "unmute"}`);
export const hide_mine = (id: string, on: boolean) =>
	call<Relationship>(on ? "POST" : "DELETE", `/api/kith/v1/accounts/${id}/hide_mine`);
export const hidden = () => get<Account[]>("/api/v1/mutes?limit=80");
/** My profile as a friend sees it, or a stranger where `friend` is null. */
export const view_as = (friend: string | null) =>
	get<ViewAs>(`/api/kith/v1/view_as?${friend ? `account=${friend}` : "stranger=1"}`);
export const blocked = () => get<Account[]>("/api/v1/blocks?limit=80");
export const requests = () => get<Account[]>("/api/v1/follow_requests?limit=80");
/** Accepts, and puts them into tags in the same step. */
export const accept_request = (id: string, kith_lists: readonly string[]) =>
	post<Relationship>(`/api/v1/follow_requests/${id}/authorize`, { kith_lists });
export const decline_request = (id: string) =>
	post<Relationship>(`/api/v1/follow_requests/${id}/reject`);
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
