// audience.tsx - who will see a post: the choice, and the sentence that says it with the number of people.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api";
import { useApp } from "../app";
import { FriendPicker } from "./friend-picker";
import { useGroups } from "./groups";
import { Icon } from "./icon";
import { Called, name_of } from "./person";
import { TagChips, useTags } from "./tags";

const KINDS: api.Kind[] = ["friends", "only", "except", "group", "self"];
export const EVERYONE: api.Audience = { kind: "friends", lists: [], people: [] };

export const names_nobody = (a: api.Audience) =>
	a.kind === "group" ? !a.group
		: (a.kind === "only" || a.kind === "except") && a.lists.length + a.people.length === 0;

/** How many people an audience admits; null while that is being counted. */
export function useSize(audience: api.Audience): number | null {
	const { heed } = useApp();
	const groups = useGroups();
	const [size, set_size] = useState<number | null>(null);
	const key = JSON.stringify(audience);
	useEffect(() => {
		set_size(null);
		if (audience.kind === "self" || audience.kind === "group" || names_nobody(audience))
			return;
		const stop = new AbortController();
		const timer = setTimeout(() => {
			api.audience_size(audience, stop.signal).then(
				(answer) => set_size(answer.people),
				(e: unknown) => stop.signal.aborted || heed(e),
			);
		}, 150);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [key]);
	if (audience.kind === "group")
		return groups?.find((g) => g.id === audience.group)?.members_count ?? null;
	return size;
}

/** How many friends each tag reaches, for the chips. */
function useTagSizes(wanted: boolean): Record<string, number> {
	const lists = useTags();
	const [sizes, set_sizes] = useState<Record<string, number>>({});
	useEffect(() => {
		if (!wanted)
			return;
		for (const { id } of lists ?? [])
			api.audience_size({ kind: "only", lists: [id], people: [] }).then(
				({ people }) => set_sizes((s) => ({ ...s, [id]: people })),
				// The chip goes without its number; the sentence below has its own.
				() => {},
			);
	}, [wanted, lists]);
	return sizes;
}

/** The last choice of this account, without tags that are gone since. */
export function useAudience(first: api.Audience) {
	const lists = useTags();
	const [audience, set] = useState<api.Audience>(first);
	useEffect(() => {
		if (!lists)
			return;
		const here = new Set(lists.map((l) => l.id));
		set((a) => {
			const left = a.lists.filter((id) => here.has(id));
			return left.length === a.lists.length ? a : { ...a, lists: left };
		});
	}, [lists]);
	return { audience, set };
}

export type SetAudience = (f: (a: api.Audience) => api.Audience) => void;

export interface ChoiceProps {
	audience: api.Audience;
	set: SetAudience;
	people: api.Account[];
	set_people: (f: (people: api.Account[]) => api.Account[]) => void;
	size: number | null;
}

function Some({ audience, set, people, set_people }: ChoiceProps) {
	const { t } = useApp();
	const lists = useTags();
	const sizes = useTagSizes(true);
	const [finding, set_finding] = useState(false);
	const drop = (id: string) => {
		set((a) => ({ ...a, people: a.people.filter((p) => p !== id) }));
		set_people((all) => all.filter((p) => p.id !== id));
	};
	return (
		<>
			{lists && lists.length === 0
				? <p class="hint">{t.write.no_tags} <a href="/tags">{t.write.make_tags}</a></p>
				: <TagChips legend={audience.kind === "only" ? t.write.tags_only : t.write.tags_except}
					chosen={audience.lists} count={(id) => sizes[id]}
					choose={(id, on) => set((a) => ({
						...a, lists: on ? [...a.lists, id] : a.lists.filter((l) => l !== id),
					}))} />}
			<div class="line">
				{people.map((who) => (
					<button type="button" class="chip" aria-pressed="true" key={who.id}
						aria-label={t.write.remove(name_of(who))} onClick={() => drop(who.id)}>
						<Called name={name_of(who)} /><Icon name="x" />
					</button>
				))}
				<button type="button" class="chip" aria-expanded={finding}
					onClick={() => set_finding(!finding)}>
					<Icon name="plus" />{t.write.person}
				</button>
			</div>
			{finding && (
				<FriendPicker label={t.write.person_label} without={audience.people} choose={(who) => {
					set((a) => ({ ...a, people: [...a.people, who.id] }));
					set_people((all) => [...all, who]);
					set_finding(false);
				}} />
			)}
		</>
	);
}

/** "Family and Lane 9 will see this: 42 people." */
function Says({ audience, people, size }: ChoiceProps) {
	const { t } = useApp();
	const lists = useTags() ?? [];
	const groups = useGroups() ?? [];
	if (audience.kind === "self")
		return <p class="says" role="status">{t.write.says_self}</p>;
	if (names_nobody(audience))
		return <p class="says" role="status">{t.write.says_nobody}</p>;
	const who = t.series([
		...audience.lists.flatMap((id) => lists.find((l) => l.id === id)?.title ?? []),
		...people.map(name_of),
	]);
	const group = groups.find((g) => g.id === audience.group)?.title ?? "";
	const head = audience.kind === "group" ? t.write.says_group(group) : audience.kind === "friends" ? t.write.says_friends
		: audience.kind === "only" ? t.write.says_only(who) : t.write.says_except(who);
	return (
		<p class="says" role="status">
			{head}<strong>{size === null ? t.write.counting : t.people(size)}</strong>{t.write.says_end}
		</p>
	);
}

function WhichGroup({ audience, set }: ChoiceProps) {
	const { t } = useApp();
	const groups = useGroups()?.filter((g) => g.role !== "invited");
	if (groups?.length === 0)
		return <p class="hint">{t.write.no_groups} <a href="/groups">{t.write.make_group}</a></p>;
	return (
		<div class="line" role="group" aria-label={t.write.which_group}>
			{groups?.map((g) => (
				<label class="chip" key={g.id}>
					<input class="sr" type="radio" name="group" checked={audience.group === g.id}
						onChange={() => set((a) => ({ ...a, group: g.id }))} />
					<Called name={g.title} /> · {g.members_count}
				</label>
			))}
		</div>
	);
}

/** `kinds`: those that can be chosen; all where it is left out. */
export function Who(p: ChoiceProps & { kinds?: api.Kind[]; hint?: string }) {
	const { t } = useApp();
	return (
		<fieldset class="pad stack">
			<legend class="sr">{t.write.who}</legend>
			<p class="line b" aria-hidden="true"><Icon name="eye" />{t.write.who}</p>
			<div class="line">
				{(p.kinds ?? KINDS).map((kind) => (
					<label class="chip" key={kind}>
						<input class="sr" type="radio" name="aud" value={kind}
							checked={p.audience.kind === kind}
							onChange={() => p.set((a) => ({ ...a, kind }))} />
						{t.write[kind]}
					</label>
				))}
			</div>
			{(p.audience.kind === "only" || p.audience.kind === "except") && <Some {...p} />}
			{p.audience.kind === "group" && <WhichGroup {...p} />}
			{p.hint && <p class="hint">{p.hint}</p>}
			<Says {...p} />
		</fieldset>
	);
}

/** The people chosen one by one. Those remembered from last time come as ids; who they are is asked. */
export function usePeople(audience: api.Audience, set: SetAudience) {
	const { heed } = useApp();
	const [people, set_people] = useState<api.Account[]>([]);
	useEffect(() => {
		if (audience.people.length === 0)
			return;
		api.accounts(audience.people).then((found) => {
			const there = new Set(found.map((who) => who.id));
			set_people(found);
			set((a) => ({ ...a, people: a.people.filter((id) => there.has(id)) }));
		}, heed);
	}, []);
	return { people, set_people };
}
