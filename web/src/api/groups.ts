// groups.ts - small private groups: who is in them and what is said there.

import { moment } from "./posts";
import { call, get, page, post, remove } from "./send";
import type { Group, Member, Moment, Page, Status } from "./types";

const GROUPS = "/api/kith/v1/groups";

/** Mine, and those I am invited to. */
export const groups = () => get<Group[]>(GROUPS);
export const group = (id: string) => get<Group>(`${GROUPS}/${id}`);
export const make_group = (title: string, about: string) => post<Group>(GROUPS, { title, about });
export const change_group = (id: string, change: { title?: string; about?: string }) =>
	call<Group>("PUT", `${GROUPS}/${id}`, { body: change });
export const delete_group = (id: string) => remove<unknown>(`${GROUPS}/${id}`);
export const group_members = (id: string) => get<Member[]>(`${GROUPS}/${id}/members`);
/** The posts with what is said of them: those of one page are asked for each by itself. */
export const group_posts = async (id: string, max_id?: string | null): Promise<Page<Moment>> => {
	const found = await page<Status>(`${GROUPS}/${id}/timeline?limit=10`, max_id);
	const moments = await Promise.allSettled(found.items.map((it) => moment(it.id)));
	return { ...found, items: moments.flatMap((m) => (m.status === "fulfilled" ? m.value : [])) };
};
export const invite_to_group = (id: string, account_id: string) =>
	post<unknown>(`${GROUPS}/${id}/invite`, { account_id });
export const accept_group = (id: string) => post<unknown>(`${GROUPS}/${id}/accept`);
/** Also declines an invitation. */
export const leave_group = (id: string) => post<unknown>(`${GROUPS}/${id}/leave`);
export const remove_from_group = (id: string, account_id: string) =>
	post<unknown>(`${GROUPS}/${id}/remove`, { account_id });
export const hand_over_group = (id: string, account_id: string) =>
	post<unknown>(`${GROUPS}/${id}/hand_over`, { account_id });
