// group.tsx - one group: who is in it, what is said there, and what its owner may do.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad, useMe } from "../app";
import { newest_first, with_sending, type Change } from "../circle";
import { FriendPicker } from "../parts/friend-picker";
import { Together } from "../parts/folds";
import { Ask, Empty, Failed, Field, Form, FormErr, Loading } from "../parts/form";
import { load_groups } from "../parts/groups";
import { Icon } from "../parts/icon";
import { Called, Face, Letter, PersonRow, foreign, name_of } from "../parts/person";
import { Post } from "../parts/post";
import { on_change } from "../pulse";
import { go } from "../route";
import { step_in_feed } from "./feed";
import { Invited } from "./groups";

const FACES = 5;

interface Loaded {
	group: api.Group;
	members: api.Member[];
	posts: api.Moment[];
	next: string | null;
}

async function load(id: string): Promise<Loaded> {
	const group = await api.group(id);
	if (group.role === "invited")
		return { group, members: [], posts: [], next: null };
	const [members, page] = await Promise.all([api.group_members(id), api.group_posts(id)]);
	return { group, members, posts: page.items, next: page.next };
}

interface PartProps {
	data: Loaded;
	reload: () => void;
}

function Rename({ data, reload }: PartProps) {
	const { t, say } = useApp();
	const doing = useDoing();
	const [title, set_title] = useState(data.group.title);
	const [about, set_about] = useState(data.group.about);
	const send = () => doing.run(async () => {
		await api.change_group(data.group.id, { title: title.trim(), about: about.trim() });
		await load_groups();
		say({ text: t.saved });
		reload();
	});
	return (
		<Form class="stack" send={send}>
			<Field label={t.groups.name} name="title" value={title} set={set_title} max={60} error={doing.error} />
			<Field label={t.groups.about} name="about" value={about} set={set_about} max={500} rows={2} error={doing.error} />
			<FormErr error={doing.error} fields={["title", "about"]} />
			<button class="btn" disabled={doing.busy || !title.trim()}>{t.save}</button>
		</Form>
	);
}

function Settings({ data, reload }: PartProps) {
	const { t, say } = useApp();
	const doing = useDoing();
	const { group } = data;
	const owner = group.role === "owner";
	const alone = data.members.filter((m) => m.role !== "invited").length <= 1;
	const leave = (act: () => Promise<unknown>, said: string) => doing.run(async () => {
		await act();
		await load_groups();
		say({ text: said });
		go("/groups", true);
	});
	return (
		<div class="pad stack" id="settings">
			{owner && <Rename data={data} reload={reload} />}
			<FormErr error={doing.error} />
			<div class="line">
				{!owner && <Ask class="btn stop" label={t.groups.leave} question={t.groups.leave_ask}
					yes={t.groups.leave} busy={doing.busy}
					act={() => leave(() => api.leave_group(group.id), t.groups.left)} />}
				{owner && <Ask class="btn stop" label={t.groups.delete} question={t.groups.delete_ask(group.title)}
					yes={t.delete} busy={doing.busy}
					act={() => leave(() => api.delete_group(group.id), t.groups.deleted)} />}
			</div>
			{owner && !alone && <p class="hint">{t.groups.owner_hint}</p>}
		</div>
	);
}

function Members({ data, reload }: PartProps) {
	const { t, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const { group } = data;
	const act = (run: () => Promise<unknown>, said: string) => doing.run(async () => {
		await run();
		say({ text: said });
		reload();
	});
	return (
		<div id="members">
			<ul class="rows" aria-label={t.groups.who}>
				{data.members.map(({ account: who, role }) => (
					<PersonRow key={who.id} who={who} note={t.groups.roles[role]}>
						{group.role === "owner" && who.id !== me.id && (
							<span class="line end">
								{role === "member" && <Ask class="btn quiet" label={t.groups.hand_over}
									describe={t.groups.hand_over_to(name_of(who))} busy={doing.busy}
									question={t.groups.hand_over_ask(name_of(who))} yes={t.groups.hand_over}
									act={() => act(() => api.hand_over_group(group.id, who.id), t.groups.handed)} />}
								<Ask class="btn quiet" label={t.groups.remove} describe={t.groups.remove_name(name_of(who))}
									question={t.groups.remove_ask(name_of(who))} yes={t.groups.remove} busy={doing.busy}
									act={() => act(() => api.remove_from_group(group.id, who.id), t.groups.removed)} />
							</span>
						)}
					</PersonRow>
				))}
			</ul>
			<div class="pad"><FormErr error={doing.error} /></div>
		</div>
	);
}

function Invite({ data, reload }: PartProps) {
	const { t, say } = useApp();
	const doing = useDoing();
	return (
		<div class="pad stack" id="invite">
			<FriendPicker label={t.groups.invite_whom} without={data.members.map((m) => m.account.id)}
				choose={(who) => doing.run(async () => {
					await api.invite_to_group(data.group.id, who.id);
					say({ text: t.groups.invited(name_of(who)) });
					reload();
				})} />
			<p class="hint">{t.groups.invite_hint}</p>
			<FormErr error={doing.error} />
		</div>
	);
}

type Part = "members" | "invite" | "settings";
const PARTS = { members: Members, invite: Invite, settings: Settings };

function Head({ data, reload }: PartProps) {
	const { t } = useApp();
	const { group, members } = data;
	const [part, set_part] = useState<Part | null>(null);
	const Shown = part && PARTS[part];
	const toggle = (which: Part) => ({
		"aria-expanded": part === which, onClick: () => set_part(part === which ? null : which),
	});
	const n = group.members_count;
	return (
		<>
			<header class="pad stack">
				<div class="line top">
					<Letter id={group.id} name={group.title} size="l" />
					<div><h1 lang={foreign(group.title, t.lang)}>{group.title}</h1>
						<p class="soft">{t.groups.all_see(n)}</p></div>
				</div>
				{group.about && <p lang={foreign(group.about, t.lang)}>{group.about}</p>}
				<div class="line">
					<a class="btn go" href={`/?write&group=${group.id}`}><Icon name="plus" />{t.write.post(n)}</a>
					<button type="button" class="btn" {...toggle("invite")}><Icon name="users" />{t.groups.invite}</button>
					<button type="button" class="btn" {...toggle("settings")}>{t.groups.settings}</button>
				</div>
				<div class="line">
					<ul class="line" aria-label={t.groups.some}>
						{members.filter((m) => m.role !== "invited").slice(0, FACES).map(({ account }) => (
							<li key={account.id}><Face who={account} size="s" /><span class="sr">
								<Called name={name_of(account)} /></span></li>
						))}
					</ul>
					<button type="button" class="btn quiet" {...toggle("members")}>{t.groups.all(n)}</button>
				</div>
			</header>
			{Shown && <Shown data={data} reload={reload} />}
		</>
	);
}

function Posts({ data, set }: { data: Loaded; set: (f: (d: Loaded) => Loaded) => void }) {
	const { t, heed } = useApp();
	const more = useDoing();
	const latest = useRef(data);
	latest.current = data;
	const change = (id: string, f: Change) => set((d) => ({
		...d, posts: d.posts.flatMap((m) => (m.status.id === id ? f(m) ?? [] : m)),
	}));
	useEffect(() => on_change((id, gone) => {
		if (!id || !latest.current.posts.some((m) => m.status.id === id))
			return;
		if (gone)
			change(id, () => null);
		else
			api.moment(id).then((now) => change(id, (m) => with_sending(now, m)), (e: unknown) =>
				(heed(e).status === 404 ? change(id, () => null) : undefined));
	}), []);
	if (data.posts.length === 0)
		return <Empty title={t.groups.quiet} text={t.groups.quiet_more} />;
	return (
		<>
			<div role="feed" aria-label={t.groups.feed(data.group.title)} aria-busy={more.busy}
				onKeyDown={step_in_feed}>
				<Together items={data.posts} group post={(m, more) => (
					<Post key={m.status.id} moment={m} in_group change={(f) => change(m.status.id, f)} {...more}
						back={() => set((d) => ({ ...d, posts: [...d.posts, m].sort(newest_first) }))} />
				)} />
			</div>
			<div class="pad stack">
				<FormErr error={more.error} />
				{data.next && <button type="button" class="btn full" disabled={more.busy}
					onClick={() => more.run(async () => {
						const page = await api.group_posts(data.group.id, data.next);
						set((d) => ({ ...d, posts: [...d.posts, ...page.items], next: page.next }));
					})}>{t.feed.earlier}</button>}
			</div>
		</>
	);
}

export function GroupPage({ id }: { id: string }) {
	const { data, error, set, reload } = useLoad(`group ${id}`, () => load(id));
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	if (data.group.role === "invited")
		return <Invited group={data.group} alone done={(joined) => (joined ? reload() : go("/groups", true))} />;
	return (
		<>
			<Head data={data} reload={reload} />
			<Posts data={data} set={set} />
		</>
	);
}
