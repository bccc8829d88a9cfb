// groups.tsx - the groups I am in or invited to, asked for once and shared.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api";
import { on_forget, useApp } from "../app";

let known: api.Group[] | null = null;
let asking: Promise<void> | null = null;
const hearers = new Set<(groups: api.Group[]) => void>();

on_forget(() => {
	known = null;
	asking = null;
});

/** After a change to a group: every view that shows groups hears of it. */
export function set_groups(groups: api.Group[]): void {
	known = groups;
	hearers.forEach((hear) => hear(groups));
}

export const load_groups = () => api.groups().then(set_groups);

/** My groups; null until they are known. */
export function useGroups(): api.Group[] | null {
	const { heed } = useApp();
	const [groups, put] = useState(known);
	useEffect(() => {
		hearers.add(put);
		if (known)
			put(known);
		else
			asking ??= load_groups().then(() => {}, heed).then(() => {
				asking = null;
			});
		return () => {
			hearers.delete(put);
		};
	}, []);
	return groups;
}
