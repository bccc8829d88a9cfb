// post.tsx - one post with its bubble (Like · Comment), for the feed and for its own page.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { sentence, useApp, useMe } from "../app";
import { return_to_feed, type Change } from "../circle";
import { delete_later } from "../gone";
import { HeldLine, PendingLine, Reactions } from "./comments";
import { Ask } from "./form";
import { Icon } from "./icon";
import { Called, Face, Name, Time, name_of } from "./person";
import { Pictures } from "./pictures";
import { useAudienceWords } from "./tags";
import { Why } from "./why";
import { Words, text_of } from "./words";

interface MoreProps {
	liked: boolean;
	like: () => void;
	comment: () => void;
}

/** The "··" button. It is a `details`, and closes on a choice, on Escape and on a click elsewhere. */
function More({ liked, like, comment }: MoreProps) {
	const { t } = useApp();
	const box = useRef<HTMLDetailsElement>(null);
	// The element alone knows whether it is open: a key can come before any state would.
	const shut = () => {
		if (box.current)
			box.current.open = false;
	};
	const [heard_open, set_heard_open] = useState(false);
	useEffect(() => {
		if (!heard_open)
			return;
		const elsewhere = (e: Event) => {
			if (!box.current?.contains(e.target as Node))
				shut();
		};
		document.addEventListener("pointerdown", elsewhere);
		document.addEventListener("focusin", elsewhere);
		return () => {
			document.removeEventListener("pointerdown", elsewhere);
			document.removeEventListener("focusin", elsewhere);
		};
	}, [heard_open]);

	const close = (and: () => void, back: boolean) => {
		shut();
		if (back)
			box.current?.querySelector("summary")?.focus();
		and();
	};
	return (
		<details class="more" ref={box}
			onToggle={(e) => set_heard_open(e.currentTarget.open)}
			onKeyDown={(e) => {
				if (e.key === "Escape" && e.currentTarget.open)
					close(() => {}, true);
			}}>
			<summary aria-label={t.post.more}><span aria-hidden="true"><i /><i /></span></summary>
			<div class="bubble">
				<button type="button" name="like" aria-pressed={liked} onClick={() => close(like, true)}>
					<Icon name="heart" />{liked ? t.post.liked : t.post.like}
				</button>
				<button type="button" name="comment" onClick={() => close(comment, false)}>
					<Icon name="comment" />{t.post.comment}
				</button>
			</div>
		</details>
	);
}

/** Liking shows at once; when it does not arrive it is taken back with a word. */
function useLike(id: string, change: (f: Change) => void) {
	const { say, heed, t } = useApp();
	const me = useMe();
	const show = (on: boolean) => change((m) => {
		const others = m.likers.filter((who) => who.id !== me.id);
		return {
			...m,
			status: { ...m.status, favourited: on },
			likers: on ? [...others, me] : others,
		};
	});
	const like = (on: boolean) => {
		show(on);
		api.like(id, on).catch((e: unknown) => {
			heed(e);
			show(!on);
			say({ text: on ? t.post.like_lost : t.post.unlike_lost, again: () => like(on) });
		});
	};
	return like;
}

/** Asked once, gone from the page at once, and for ten seconds it can be taken back. */
function useDelete(moment: api.Moment, change: (f: Change) => void, back: () => void) {
	const { say, heed, t } = useApp();
	const put_back = () => {
		return_to_feed(moment);
		back();
	};
	const run = () => {
		const undo = delete_later(moment.status.id, (e) => {
			heed(e);
			put_back();
			say({ text: t.post.delete_lost, again: run });
		});
		change(() => null);
		say({ text: t.post.deleting, undo: () => undo() && put_back() });
	};
	return run;
}

/** Switching later notices of a post off and on. */
function useHush(status: api.Status, change: (f: Change) => void) {
	const { say, heed, t } = useApp();
	const off = status.muted === true;
	const turn = () => {
		api.mute_post(status.id, !off).then(
			() => {
				change((m) => ({ ...m, status: { ...m.status, muted: !off } }));
				say({ text: off ? t.post.hear_done : t.post.hush_done });
			},
			(e: unknown) => say({ text: sentence(t, heed(e)), again: turn }),
		);
	};
	return { off, turn };
}

/** A card made by the author: the page asks the address nothing. */
export function LinkCard({ card }: { card: api.Card }) {
	let host = card.url;
	try {
		host = new URL(card.url).host;
	} catch {
		// Shown as it was written.
	}
	return (
		<a class="card" href={card.url} target="_blank" rel="noopener noreferrer nofollow">
			<Icon name="link" />
			<span>
				<b class="cut"><Called name={card.title} /></b>
				{card.description && <span class="cut soft small"><Called name={card.description} /></span>}
				<span class="soft small">{host}</span>
			</span>
		</a>
	);
}

/** Behind a word this reader has filtered: shown when asked for. */
function useFiltered(status: api.Status): { title: string; show: () => void } | null {
	const [shown, set_shown] = useState(false);
	const first = status.filtered?.[0]?.filter;
	return first && !shown ? { title: first.title, show: () => set_shown(true) } : null;
}

interface PostProps {
	moment: api.Moment;
	/** Given null by the change when the post is gone. */
	change: (f: Change) => void;
	/** Place in the feed from 1; absent on the post's own page. */
	place?: number;
	whole?: boolean;
	marked?: string;
	/** Shown among the posts of its own group, which needs no naming. */
	in_group?: boolean;
	/** After a delete was taken back. */
	back?: () => void;
	/** Copies of it. */
	children?: ComponentChildren;
}

export function Post({
	moment, change, place, whole = false, marked = "", in_group = false, back = () => {}, children,
}: PostProps) {
	const { t } = useApp();
	const me = useMe();
	const { status } = moment;
	const [asked, set_asked] = useState(0);
	const like = useLike(status.id, change);
	const remove = useDelete(moment, change, back);
	const hush = useHush(status, change);
	const filtered = useFiltered(status);
	const audience = useAudienceWords(status.kith_audience);
	const mine = status.account.id === me.id;
	const liked = status.favourited === true;
	// Only who took part hears of later comments.
	const part = mine || liked || status.muted || moment.comments.some((c) => c.account.id === me.id);
	const name_id = `n${status.id}`;
	const text = text_of(status);
	const path = `/posts/${status.id}`;
	if (filtered)
		return (
			<article class="post" aria-labelledby={name_id} tabIndex={place ? 0 : undefined}
				aria-posinset={place} aria-setsize={place ? -1 : undefined}>
				<Face who={status.account} />
				<div>
					<Name who={status.account} id={name_id} />
					<p class="slip fine line">{t.post.filtered(filtered.title)}{" "}
						<button type="button" class="btn quiet" onClick={filtered.show}>{t.post.show}</button></p>
					{children}
				</div>
			</article>
		);
	return (
		<article class="post" aria-labelledby={name_id} tabIndex={place ? 0 : undefined}
			aria-posinset={place} aria-setsize={place ? -1 : undefined}>
			<Face who={status.account} />
			<div>
				<Name who={status.account} id={name_id} />
				{text && <Words text={text} tags={status.tags} whole={whole} />}
				<Pictures pictures={status.media_attachments ?? []} lazy={(place ?? 1) > 2} />
				{status.card && <LinkCard card={status.card} />}
				{status.kith_place && <p class="place soft"><Icon name="pin" /><Called name={status.kith_place} /></p>}
				{status.kith_group && !in_group && <p class="place soft"><Icon name="users" />
					<a href={`/groups/${status.kith_group.id}`}><Called name={status.kith_group.title} /></a></p>}
				{audience && <p class="place soft"><Icon name="lock" />{audience}</p>}
				<div class="meta">
					{whole
						? <Time at={status.created_at} />
						: <a class="when" href={path}><Time at={status.created_at} />
							<span class="sr"> {t.post.title(name_of(status.account))}</span></a>}
					{status.edited_at && <a class="re" href={`${path}?history`}
						aria-label={t.post.history_of(name_of(status.account))}>{t.post.edited}</a>}
					{!mine && <a class="re" href={`/report?status=${status.id}`}
						aria-label={t.order.report_post(name_of(status.account))}>{t.order.report}</a>}
					{mine && <a class="re" href={`/?edit=${status.id}`}>{t.post.edit}</a>}
					{mine && <Ask class="re" label={t.delete} question={t.post.delete_ask} yes={t.delete} act={remove} />}
					{whole && part && <button type="button" class="re" aria-pressed={hush.off} onClick={hush.turn}>
						{hush.off ? t.post.hear : t.post.hush}</button>}
					<More liked={liked} like={() => like(!liked)}
						comment={() => set_asked((n) => n + 1)} />
				</div>
				{status.kith_pending && <PendingLine pending={status.kith_pending} />}
				{(status.kith_state === "held" || status.kith_state === "hidden")
					&& <HeldLine state={status.kith_state} />}
				<Why of={status} whole={whole} />
				{children}
				<Reactions moment={moment} change={change} asked={asked} whole={whole} marked={marked} />
			</div>
		</article>
	);
}
