// tags.tsx - my tags, asked for once and shared, and choosing among them.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api";
import { on_forget, useApp } from "../app";
import { foreign } from "./person";

let known: api.List[] | null = null;
let asking: Promise<void> | null = null;
const hearers = new Set<(lists: api.List[]) => void>();

on_forget(() => {
	known = null;
	asking = null;
});

/** After a change to a tag: every view that shows tags hears of it. */
export function set_tags(lists: api.List[]): void {
	known = lists;
	hearers.forEach((hear) => hear(lists));
}

/** My tags; null until they are known. */
export function useTags(): api.List[] | null {
	const { heed } = useApp();
	const [lists, set_lists] = useState(known);
	useEffect(() => {
		hearers.add(set_lists);
		if (known)
			set_lists(known);
		else
			asking ??= api.lists().then(set_tags, heed).then(() => {
				asking = null;
			});
		return () => {
			hearers.delete(set_lists);
		};
	}, []);
	return lists;
}

interface ChipsProps {
	legend: string;
	chosen: readonly string[];
	choose: (id: string, on: boolean) => void;
	/** What to write behind a tag's name. */
	count?: (id: string) => number | undefined;
}

/** One chip a tag, each a check box. */
export function TagChips({ legend, chosen, choose, count }: ChipsProps) {
	const { t } = useApp();
	const lists = useTags() ?? [];
	return (
		<fieldset>
			<legend class="hint">{legend}</legend>
			<div class="line">
				{lists.map((list) => {
					const n = count?.(list.id);
					return (
						<label class="chip" key={list.id}>
							<input class="sr" type="checkbox" checked={chosen.includes(list.id)}
								onChange={(e) => choose(list.id, e.currentTarget.checked)} />
							<span lang={foreign(list.title, t.lang)}>{list.title}</span>
							{n === undefined ? null : ` · ${n}`}
						</label>
					);
				})}
			</div>
		</fieldset>
	);
}

/** The audience of an own post in words; null where it is simply all friends. */
export function useAudienceWords(audience: api.Audience | null): string | null {
	const { t } = useApp();
	const lists = useTags();
	if (!audience || audience.kind === "friends" || audience.kind === "group")
		return null;
	if (audience.kind === "self")
		return t.post.to.self;
	const titles = audience.lists.flatMap((id) => lists?.find((l) => l.id === id)?.title ?? []);
	const more = audience.people.length > 0 ? [t.people(audience.people.length)] : [];
	const who = t.series([...titles, ...more]) || t.post.some;
	return audience.kind === "only" ? t.post.to.only(who) : t.post.to.except(who);
}
