// tags.tsx - my private groups of friends: make, rename, delete, and who is in them.

import { useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad } from "../app";
import { FriendPicker } from "../parts/friend-picker";
import { Ask, Failed, Field, Form, FormErr, Loading } from "../parts/form";
import { Called, PersonRow, name_of } from "../parts/person";
import { set_tags, useTags } from "../parts/tags";

function Make({ tags }: { tags: api.List[] }) {
	const { t } = useApp();
	const doing = useDoing();
	const [title, set_title] = useState("");
	const send = () => {
		if (title.trim())
			doing.run(async () => {
				set_tags([...tags, await api.make_list(title.trim())]);
				set_title("");
			});
	};
	return (
		<Form class="sheet pad stack" send={send}>
			<p class="soft">{t.tags.about}</p>
			<Field label={t.tags.name} name="title" value={title} set={set_title} max={60}
				error={doing.error} />
			<FormErr error={doing.error} fields={["title"]} />
			<button class="btn go" disabled={doing.busy || !title.trim()}>{t.tags.make}</button>
		</Form>
	);
}

function Members({ tag }: { tag: api.List }) {
	const { t } = useApp();
	const doing = useDoing();
	const { data, error, set, reload } = useLoad(`members ${tag.id}`, () =>
		api.all((max) => api.list_members(tag.id, max), 63));
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const put = (who: api.Account, on: boolean) => doing.run(async () => {
		await api.tag_person(tag.id, who.id, on);
		set((now) => (on ? [...now, who] : now.filter((it) => it.id !== who.id)));
	});
	return (
		<>
			{data.length === 0 && <p class="pad soft">{t.tags.empty}</p>}
			<ul class="rows" aria-label={t.tags.members}>
				{data.map((who) => (
					<PersonRow key={who.id} who={who}>
						<button type="button" class="btn" disabled={doing.busy}
							aria-label={t.tags.take_out(name_of(who))} onClick={() => put(who, false)}>
							{t.delete}
						</button>
					</PersonRow>
				))}
			</ul>
			<div class="pad stack">
				<FormErr error={doing.error} />
				<FriendPicker label={t.tags.add} without={data.map((who) => who.id)}
					choose={(who) => put(who, true)} />
			</div>
		</>
	);
}

function Rename({ tag, tags }: { tag: api.List; tags: api.List[] }) {
	const { t, say } = useApp();
	const doing = useDoing();
	const [title, set_title] = useState(tag.title);
	const send = () => doing.run(async () => {
		const made = await api.rename_list(tag.id, title.trim());
		set_tags(tags.map((it) => (it.id === tag.id ? made : it)));
		say({ text: t.saved });
	});
	const drop = () => doing.run(async () => {
		await api.delete_list(tag.id);
		set_tags(tags.filter((it) => it.id !== tag.id));
		say({ text: t.tags.deleted });
	});
	return (
		<Form class="pad stack" send={send}>
			<Field label={t.tags.rename_label(tag.title)} name="title" value={title} set={set_title}
				max={60} error={doing.error} />
			<FormErr error={doing.error} fields={["title"]} />
			<div class="line">
				<button class="btn" disabled={doing.busy || !title.trim() || title === tag.title}>
					{t.tags.rename}
				</button>
				<Ask class="btn stop" label={t.delete} yes={t.delete} busy={doing.busy} act={drop}
					question={t.tags.delete_ask(tag.title)} />
			</div>
		</Form>
	);
}

function Tag({ tag, tags }: { tag: api.List; tags: api.List[] }) {
	const [open, set_open] = useState(false);
	return (
		<details class="sheet" onToggle={(e) => set_open(e.currentTarget.open)}>
			<summary class="line pad b"><Called name={tag.title} /></summary>
			{open && <><Members tag={tag} /><Rename key={tag.title} tag={tag} tags={tags} /></>}
		</details>
	);
}

export function Tags() {
	const { t } = useApp();
	const tags = useTags();
	if (!tags)
		return <Loading />;
	return (
		<>
			<Make tags={tags} />
			{tags.length === 0 && <p class="sheet pad soft">{t.tags.none}</p>}
			{tags.map((tag) => <Tag key={tag.id} tag={tag} tags={tags} />)}
		</>
	);
}
