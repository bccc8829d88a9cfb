// person.tsx - a person's album: their posts by day, and what we are to each other.

import * as api from "../api";
import { useApp, useDoing, useLoad, useMe } from "../app";
import { Failed, FormErr, Loading } from "../parts/form";
import { AskFriend, FriendMenu } from "../parts/friendship";
import { Icon } from "../parts/icon";
import { FriendPicker } from "../parts/friend-picker";
import { Called, foreign, name_of, path_of } from "../parts/person";
import { Blur, Shown } from "../parts/pictures";
import { TagChips, useAudienceWords, useTags } from "../parts/tags";
import { Plain, plain, text_of, useLang } from "../parts/words";
import { month, month_name } from "../pure/time";
import { go } from "../route";
import { Cover, signature } from "./feed";

interface Loaded {
	who: api.Account;
	posts: api.Status[];
	next: string | null;
	tie: api.Relationship | null;
}

async function load(handle: string, me: api.Me): Promise<Loaded> {
	const who = handle === me.username ? me : await api.lookup(handle);
	const [page, ties] = await Promise.all([
		api.album(who.id), who.id === me.id ? [] : api.relationships([who.id]),
	]);
	return { who, posts: page.items, next: page.next, tie: ties[0] ?? null };
}

/** Consecutive items with the same key together. */
function grouped<T>(items: readonly T[], key: (item: T) => string): { key: string; items: T[] }[] {
	const made: { key: string; items: T[] }[] = [];
	for (const item of items) {
		const last = made[made.length - 1];
		if (last && last.key === key(item))
			last.items.push(item);
		else
			made.push({ key: key(item), items: [item] });
	}
	return made;
}

function Memo({ post }: { post: api.Status }) {
	const { t } = useApp();
	const text = text_of(post);
	const { own, attr } = useLang(text);
	const audience = useAudienceWords(post.kith_audience);
	const pictures = post.media_attachments ?? [];
	const [first] = pictures;
	const words = (
		<a class="cover-link" href={`/posts/${post.id}`} lang={attr}>
			{text || !first ? <span class="fold"><Plain text={text} lang={own} /></span>
				: <span class="soft" lang={t.lang}>{t.pictures.n(pictures.length)}</span>}
		</a>
	);
	return (
		<div class={first ? "memo" : "memo t"}>
			{first && <a class="thumb" href={`/posts/${post.id}`} tabIndex={-1} aria-hidden="true">
				<Blur hash={first.blurhash} /><Shown it={first} alt="" sizes="4.75rem" lazy /></a>}
			<div>{words}
				{text && pictures.length > 1 && <span class="small soft"> {t.pictures.n(pictures.length)}</span>}
				{post.kith_group && <span class="tag soft"><Icon name="users" /><Called name={post.kith_group.title} /></span>}
			{audience && <span class="tag soft"><Icon name="lock" />{audience}</span>}
			{post.kith_state === "held" && <a class="tag wait" href="/held"><Icon name="clock" />
				{t.held.tag}</a>}
			</div>
		</div>
	);
}

function Days({ posts, own }: { posts: api.Status[]; own: boolean }) {
	const { t } = useApp();
	const at = (post: api.Status) => new Date(post.created_at);
	const today = new Date().toDateString();
	const locale = t.time.locale;
	const months = grouped(posts, (p) => month(at(p), locale));
	return (
		<>
			{own && (
				<div class="day">
					<time dateTime={new Date().toISOString().slice(0, 10)}>{t.person.today}</time>
					<div>
						<a class="memo" href="/?write">
							<span class="add"><Icon name="plus" /></span><span class="soft">{t.person.add}</span>
						</a>
					</div>
				</div>
			)}
			{months.map((m) => (
				<section aria-label={m.key} key={m.key}>
					{grouped(m.items, (p) => at(p).toDateString()).map((d) => (
						<div class="day" key={d.key}>
							<time dateTime={d.items[0]!.created_at}>
								{d.key === today && !own ? t.person.today : (
									<>{at(d.items[0]!).getDate()}<small>{month_name(at(d.items[0]!), locale)}</small></>
								)}
							</time>
							<div>{d.items.map((post) => <Memo key={post.id} post={post} />)}</div>
						</div>
					))}
				</section>
			))}
		</>
	);
}

/** Which of my tags this person is in; each chip acts at once. */
function InTags({ who }: { who: api.Account }) {
	const { t } = useApp();
	const tags = useTags();
	const doing = useDoing();
	const { data, set } = useLoad(`tags of ${who.id}`, () => api.lists_of(who.id));
	if (!tags || tags.length === 0 || !data)
		return null;
	const put = (list: string, on: boolean) => doing.run(async () => {
		await api.tag_person(list, who.id, on);
		const tag = tags.find((it) => it.id === list)!;
		set((now) => (on ? [...now, tag] : now.filter((it) => it.id !== list)));
	});
	return (
		<>
			<TagChips legend={t.person.in_tags} chosen={data.map((l) => l.id)} choose={put} />
			<FormErr error={doing.error} />
		</>
	);
}

function Between({ who, tie, set_tie }: {
	who: api.Account; tie: api.Relationship; set_tie: (tie: api.Relationship) => void;
}) {
	const { t } = useApp();
	const notes = [
		tie.muting && t.friends.hidden_note,
		tie.kith_hide_mine && t.friends.mine_note,
		tie.blocking && t.friends.is_blocked,
		!tie.following && !tie.blocking && (tie.requested ? t.friends.is_asked : t.person.stranger),
	].filter((note): note is string => typeof note === "string");
	return (
		<div class="pad stack">
			{notes.map((note) => <p class="soft" key={note}>{note}</p>)}
			<div class="line">
				{!tie.following && !tie.blocking && <AskFriend who={who} tie={tie} set_tie={set_tie} />}
				<FriendMenu who={who} tie={tie} set_tie={set_tie} />
				<a class="btn quiet" href={`/report?person=${encodeURIComponent(who.username)}`}>{t.order.report}</a>
			</div>
			{tie.following && <InTags who={who} />}
		</div>
	);
}

function Range({ me }: { me: api.Me }) {
	const { t } = useApp();
	return (
		<span class="small">
			@{me.username} · {t.person.sees[me.kith_range]} · <a href="/settings">{t.person.change}</a>
			{" · "}<a href={`${path_of(me)}?as=stranger`}>{t.person.view_as}</a>
		</span>
	);
}

/** My profile as somebody else sees it: whom, and how to choose another. */
function ViewAs({ as }: { as: string }) {
	const { t } = useApp();
	const me = useMe();
	const { data, error, reload } = useLoad(`as ${as}`, async () => {
		const friend = as === "stranger" ? null : await api.lookup(as);
		return { friend, seen: await api.view_as(friend?.id ?? null) };
	});
	const own = path_of(me);
	return (
		<>
			<div class="slip flat stack">
				<p role="status"><Icon name="eye" /> {as === "stranger" ? t.person.as_stranger
					: data?.friend ? t.person.as_friend(name_of(data.friend)) : t.loading} {t.person.as_only}</p>
				<FriendPicker label={t.person.as_whom} without={data?.friend ? [data.friend.id] : []}
					choose={(who) => go(`${own}?as=${encodeURIComponent(who.username)}`, true)} />
				<p class="line">{as !== "stranger" && <a class="btn" href={`${own}?as=stranger`}>{t.person.a_stranger}</a>}
					<a class="btn" href={own}>{t.person.as_me}</a></p>
			</div>
			{error && <Failed error={error} again={reload} />}
			{!data && !error && <Loading />}
			{data && <>
				<Cover who={data.seen.account} head />
				<p class="sig" lang={foreign(signature(data.seen.account), t.lang)}>{plain(data.seen.account.note)}</p>
				<Days posts={data.seen.statuses} own={false} />
				{data.seen.statuses.length === 0 && <p class="pad soft">{t.person.as_nothing}</p>}
			</>}
		</>
	);
}

export function Person({ handle, as }: { handle: string; as: string | null }) {
	const me = useMe();
	return as && handle === me.username ? <ViewAs key={as} as={as} /> : <Album handle={handle} />;
}

function Album({ handle }: { handle: string }) {
	const { t } = useApp();
	const me = useMe();
	const more = useDoing();
	const { data, error, set, reload } = useLoad(`person ${handle}`, () => load(handle, me));
	const set_tie = (tie: api.Relationship) => {
		// A new friend's album opens, an ended one's closes.
		if (tie.following !== data?.tie?.following || tie.blocking !== data.tie.blocking)
			reload();
		set((d) => ({ ...d, tie }));
	};
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const { who, posts, next, tie } = data;
	const own = who.id === me.id;
	const note = signature(own ? me : who);
	return (
		<>
			<Cover who={own ? me : who} head />
			<p class="sig">
				{note && <><span lang={foreign(note, t.lang)}>{note}</span><br /></>}
				{own ? <Range me={me} /> : <span class="small">@{who.username}</span>}
			</p>
			{tie && <Between who={who} tie={tie} set_tie={set_tie} />}
			<Days posts={posts} own={own} />
			{posts.length === 0 && <p class="pad soft">{own ? t.person.empty_own : t.person.empty}</p>}
			<FormErr error={more.error} />
			{next && (
				<div class="pad">
					<button type="button" class="btn full" disabled={more.busy}
						onClick={() => more.run(async () => {
							const page = await api.album(who.id, next);
							set((d) => ({ ...d, posts: [...d.posts, ...page.items], next: page.next }));
						})}>
						{t.person.earlier}
					</button>
				</div>
			)}
		</>
	);
}
