// folds.tsx - a list of posts in which copies by different authors take one line, under the first or in its stead.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

import type * as api from "../api";
import { useApp, useMe } from "../app";
import { put_together } from "../pure/folds";
import { Rings } from "./icon";
import { Called, Face, Name, name_of } from "./person";

/** What a post gets of the list it stands in: nothing when it is shown inside another. */
interface More {
	place?: number;
	children?: ComponentChildren;
}
type Draw = (moment: api.Moment, more: More) => ComponentChildren;

interface CopiesProps {
	copies: api.Moment[];
	group: boolean;
	post: Draw;
}

/** One line with their names; each is a button that shows what that one wrote, whole and outside of the house's word. */
function Copies({ copies, group, post }: CopiesProps) {
	const { t } = useApp();
	const id = useId();
	const [shown, set_shown] = useState<ReadonlySet<string>>(new Set());
	const toggle = (which: string) => set_shown((before) => {
		const next = new Set(before);
		if (!next.delete(which))
			next.add(which);
		return next;
	});
	const first = copies[0]!.status.kith_fold!.account;
	const who = [...new Map(copies.map((m) => [m.status.account.id, m.status.account])).values()];
	const open = copies.filter((m) => shown.has(m.status.id));
	return (
		<>
			<details class="slip fine">
				<summary class="line"><span><span class="who"><Rings /> {t.post.same(who.length, group)}</span>
					{who.map((it, i) => <>{i > 0 && t.comma}<Called name={name_of(it)} /></>)}</span></summary>
				<p><Called name={name_of(first)} />{t.post.same_first}</p>
				<p class="line" role="group" aria-label={t.post.same(who.length, group)}>
					{copies.map(({ status }) => (
						<button type="button" class="chip" key={status.id} aria-expanded={shown.has(status.id)}
							aria-controls={id} onClick={() => toggle(status.id)}>
							<Called name={name_of(status.account)} /></button>
					))}
				</p>
			</details>
			<div class="copies" id={id}>{open.map((m) => post(m, {}))}</div>
		</>
	);
}

/** Where the first is not in the list: it is named, and a step away. */
function Alone({ copies, group, post, place }: CopiesProps & { place: number }) {
	const { t } = useApp();
	const { first, account } = copies[0]!.status.kith_fold!;
	const id = `n${first}`;
	return (
		<article class="post" aria-labelledby={id} tabIndex={0} aria-posinset={place} aria-setsize={-1}>
			<Face who={account} />
			<div>
				<p class="line"><Name who={account} id={id} />
					<a class="re" href={`/posts/${first}`}>{t.post.first_of(name_of(account))}</a></p>
				<Copies copies={copies} group={group} post={post} />
			</div>
		</article>
	);
}

export function Together(
	{ items, group = false, post }: { items: readonly api.Moment[]; group?: boolean; post: Draw },
) {
	const me = useMe();
	return (
		<>
			{put_together(items, me.id).map((at, i) => {
				const copies = at.copies.length > 0 && { copies: at.copies, group, post };
				return at.post
					? post(at.post, { place: i + 1, children: copies && <Copies {...copies} /> })
					: copies && <Alone key={at.id} {...copies} place={i + 1} />;
			})}
		</>
	);
}
