// friends.tsx - who asks, whom I asked, who my friends are, and finding someone.

import { useEffect, useId, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad, useMe } from "../app";
import { Failed, FormErr, Loading, guard_enter } from "../parts/form";
import { AskFriend, FriendMenu } from "../parts/friendship";
import { Icon } from "../parts/icon";
import { Called, Face, Name, PersonRow, foreign, name_of } from "../parts/person";
import { TagChips, useTags } from "../parts/tags";
import { useLang } from "../parts/words";
import { ago } from "../pure/time";

// All of at most 5,000 friends: one page has 80.
const PAGES = 63;

type Ties = Record<string, api.Relationship>;

const by_id = (ties: api.Relationship[]): Ties => Object.fromEntries(ties.map((r) => [r.id, r]));

/** Relationships in portions that an address can hold. */
async function ties_of(people: readonly api.Account[]): Promise<Ties> {
	let all: Ties = {};
	for (let i = 0; i < people.length; i += 80)
		all = { ...all, ...by_id(await api.relationships(people.slice(i, i + 80).map((p) => p.id))) };
	return all;
}

function useFound(text: string) {
	const { heed } = useApp();
	const [found, set_found] = useState<{ people: api.Account[]; ties: Ties } | null>(null);
	useEffect(() => {
		const asked = text.trim().replace(/^@/, "");
		if (!asked) {
			set_found(null);
			return;
		}
		const stop = new AbortController();
		const timer = setTimeout(async () => {
			try {
				const people = await api.search_people(asked, stop.signal);
				const ties = await ties_of(people);
				if (!stop.signal.aborted)
					set_found({ people, ties });
			} catch (e) {
				if (!stop.signal.aborted)
					heed(e);
			}
		}, 250);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [text]);
	const set_tie = (tie: api.Relationship) =>
		set_found((f) => f && { ...f, ties: { ...f.ties, [tie.id]: tie } });
	return { found, set_tie };
}

function Find({ changed }: { changed: () => void }) {
	const { t } = useApp();
	const me = useMe();
	const id = useId();
	const [text, set_text] = useState("");
	const { found, set_tie } = useFound(text);
	const note = (who: api.Account, tie: api.Relationship | undefined) =>
		who.id === me.id ? t.friends.is_me
			: tie?.blocking ? t.friends.is_blocked
				: tie?.following ? t.friends.is_friend
					: tie?.requested ? t.friends.is_asked : null;
	return (
		<section class="sheet" aria-labelledby="f">
			<div class="head"><h2 id="f">{t.friends.find}</h2></div>
			<div class="pad">
				<div class="field">
					<label for={id}>{t.friends.find_label}</label>
					<input class="in" id={id} type="search" value={text} autoComplete="off"
						autoCapitalize="none" onKeyDown={guard_enter}
						onInput={(e) => set_text(e.currentTarget.value)} />
				</div>
				<p role="status" class="hint">{found?.people.length === 0 && t.friends.find_none}</p>
			</div>
			{found && found.people.length > 0 && (
				<ul class="rows">
					{found.people.map((who) => {
						const tie = found.ties[who.id];
						return (
							<PersonRow key={who.id} who={who} note={note(who, tie)}>
								{tie && who.id !== me.id && !tie.following && !tie.blocking && (
									<AskFriend who={who} tie={tie} set_tie={(next) => {
										set_tie(next);
										changed();
									}} />
								)}
							</PersonRow>
						);
					})}
				</ul>
			)}
		</section>
	);
}

function Asking({ who, done }: { who: api.Account; done: (say: string) => void }) {
	const { t, say, refresh_counts } = useApp();
	const tags = useTags();
	const doing = useDoing();
	const [chosen, set_chosen] = useState<string[]>([]);
	const { attr } = useLang(who.kith_word ?? "");
	const finish = (text: string) => {
		say({ text });
		refresh_counts();
		done(text);
	};
	const accept = () => doing.run(async () => {
		await api.accept_request(who.id, chosen);
		finish(t.friends.now_friends(name_of(who)));
	});
	const decline = () => doing.run(async () => {
		await api.decline_request(who.id);
		finish(t.friends.declined);
	});
	const block = () => doing.run(async () => {
		await api.block(who.id, true);
		finish(t.friends.done_block);
	});
	const id = `q${who.id}`;
	return (
		<article class="row" aria-labelledby={id}>
			<Face who={who} />
			<div class="stack">
				<p><Name who={who} id={id} /> <span class="soft">@{who.username}
					{who.kith_invited_by && <> · {t.friends.invited_by}<Called name={name_of(who.kith_invited_by)} /></>}
				</span></p>
				{who.kith_word && <p class="said" lang={attr}>{who.kith_word}</p>}
				{typeof who.kith_answered === "boolean" && <p class={who.kith_answered ? "good" : "soft"}>
					{who.kith_answered ? t.friends.answered : t.friends.unanswered}</p>}
				{tags && tags.length > 0 && <TagChips legend={t.friends.tags} chosen={chosen}
					choose={(list, on) => set_chosen((c) => (on ? [...c, list] : c.filter((l) => l !== list)))}
				/>}
				<FormErr error={doing.error} />
				<div class="line">
					<button type="button" class="btn go" disabled={doing.busy} onClick={accept}>
						{t.friends.accept}
					</button>
					<button type="button" class="btn" disabled={doing.busy} onClick={decline}>
						{t.friends.decline}
					</button>
					<button type="button" class="btn quiet" disabled={doing.busy} onClick={block}>
						{t.friends.block}
					</button>
				</div>
				<p class="hint">{t.friends.decline_hint}</p>
			</div>
		</article>
	);
}

function Sent({ sent, reload }: { sent: api.SentRequest[]; reload: () => void }) {
	const { t } = useApp();
	const doing = useDoing();
	const now = new Date();
	return (
		<section class="sheet pad stack" aria-labelledby="b">
			<h2 id="b">{t.friends.sent}</h2>
			<FormErr error={doing.error} />
			{sent.map(({ account: who, word, created_at }) => (
				<div class="row sent" key={who.id}>
					<Face who={who} size="s" />
					<div>
						<Name who={who} />{" "}
						<span class="soft">{t.friends.waiting(ago(new Date(created_at), now, t.time))}</span>
						{word && <p class="soft small" lang={foreign(word, t.lang)}>{word}</p>}
					</div>
					<button type="button" class="btn quiet" disabled={doing.busy}
						aria-label={t.friends.withdraw_from(name_of(who))}
						onClick={() => doing.run(async () => {
							await api.end_friend(who.id);
							reload();
						})}>
						{t.friends.withdraw}
					</button>
				</div>
			))}
		</section>
	);
}

/** Who is in which tag: list id to account ids. */
type Members = Record<string, Set<string>>;

async function members_of(lists: readonly api.List[]): Promise<Members> {
	const pairs = await Promise.all(lists.map(async ({ id }) => {
		const people = await api.all((max) => api.list_members(id, max), PAGES);
		return [id, new Set(people.map((p) => p.id))] as const;
	}));
	return Object.fromEntries(pairs);
}

function TagFilter(
	{ only, choose, members }:
	{ only: string | null; choose: (id: string | null) => void; members: Members },
) {
	const { t } = useApp();
	const tags = useTags() ?? [];
	return (
		<div class="pad line" role="group" aria-label={t.friends.edit_tags}>
			<button type="button" class="chip" aria-pressed={only === null} onClick={() => choose(null)}>
				{t.friends.all}
			</button>
			{tags.map((tag) => (
				<button type="button" class="chip" key={tag.id} aria-pressed={only === tag.id}
					onClick={() => choose(tag.id)}>
					<Called name={tag.title} />{members[tag.id] ? ` · ${members[tag.id]!.size}` : ""}
				</button>
			))}
			<a class="chip" href="/tags"><Icon name="plus" />{t.friends.edit_tags}</a>
		</div>
	);
}

interface ListProps {
	people: api.Account[];
	ties: Ties;
	set_tie: (tie: api.Relationship) => void;
}

function FriendList({ people, ties, set_tie }: ListProps) {
	const { t } = useApp();
	const tags = useTags();
	const [only, set_only] = useState<string | null>(null);
	const [members, set_members] = useState<Members>({});
	useEffect(() => {
		if (tags)
			// The list stands without the tags' names.
			members_of(tags).then(set_members, () => {});
	}, [tags, people]);
	const shown = people.filter((p) =>
		ties[p.id]?.following !== false && (only === null || members[only]?.has(p.id)));
	const note = (who: api.Account) => {
		const tie = ties[who.id];
		const names = (tags ?? []).filter((tag) => members[tag.id]?.has(who.id)).map((tag) => tag.title);
		const parts = [names.join(t.comma), tie?.muting ? t.friends.hidden_note : "",
			tie?.kith_hide_mine ? t.friends.mine_note : ""];
		return parts.filter(Boolean).join(" · ") || null;
	};
	return (
		<section class="sheet" aria-labelledby="a">
			<div class="head"><h2 id="a">{t.friends.count(people.length)}</h2></div>
			<TagFilter only={only} choose={set_only} members={members} />
			{shown.length === 0
				? <p class="pad soft">{only ? t.friends.none_in_tag : t.friends.none}</p>
				: (
					<ul class="rows">
						{shown.map((who) => (
							<PersonRow key={who.id} who={who} note={note(who)}>
								{ties[who.id] && <FriendMenu who={who} tie={ties[who.id]!} set_tie={set_tie} />}
							</PersonRow>
						))}
					</ul>
				)}
		</section>
	);
}

function Blocked({ people, reload }: { people: api.Account[]; reload: () => void }) {
	const { t, say } = useApp();
	const doing = useDoing();
	return (
		<details class="sheet pad">
			<summary class="line b">{t.friends.blocked} · {people.length}</summary>
			<p class="hint">{t.friends.blocked_hint}</p>
			<FormErr error={doing.error} />
			<ul class="rows">
				{people.map((who) => (
					<li class="row" key={who.id}>
						<div><Called name={name_of(who)} /> <span class="soft">@{who.username}</span></div>
						<button type="button" class="btn" disabled={doing.busy}
							aria-label={t.friends.unblock_name(name_of(who))}
							onClick={() => doing.run(async () => {
								await api.block(who.id, false);
								say({ text: t.friends.done_unblock });
								reload();
							})}>
							{t.friends.unblock}
						</button>
					</li>
				))}
			</ul>
		</details>
	);
}

async function load(me: string) {
	const [asking, sent, people, blocked] = await Promise.all([
		api.requests(), api.sent_requests(), api.all((max) => api.friends(me, max), PAGES),
		api.blocked(),
	]);
	return { asking, sent, people, blocked, ties: await ties_of(people) };
}

export function Friends() {
	const { t } = useApp();
	const me = useMe();
	const { data, error, set, reload } = useLoad("friends", () => load(me.id));
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	return (
		<>
			{data.asking.length > 0 && (
				<section class="sheet" aria-labelledby="r">
					<div class="head"><h2 id="r">{t.friends.asks(data.asking.length)}</h2></div>
					<div class="rows">
						{data.asking.map((who) => <Asking key={who.id} who={who} done={reload} />)}
					</div>
				</section>
			)}
			<p class="pad"><a class="btn" href="/groups"><Icon name="users" />{t.groups.title}</a></p>
			<Find changed={reload} />
			{data.sent.length > 0 && <Sent sent={data.sent} reload={reload} />}
			<FriendList people={data.people} ties={data.ties}
				set_tie={(tie) => {
					set((d) => ({ ...d, ties: { ...d.ties, [tie.id]: tie } }));
					if (!tie.following)
						reload();
				}} />
			{data.blocked.length > 0 && <Blocked people={data.blocked} reload={reload} />}
		</>
	);
}
