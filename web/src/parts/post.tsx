// post.tsx - one post with its bubble (Like · Comment), for the feed and for its own page.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useMe } from "../app";
import { HeldLine, Reactions, type Change } from "./comments";
import { Ask } from "./form";
import { Icon } from "./icon";
import { Face, Name, Time, name_of } from "./person";
import { useAudienceWords } from "./tags";
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
	const [open, set_open] = useState(false);
	useEffect(() => {
		if (!open)
			return;
		const elsewhere = (e: Event) => {
			if (!box.current?.contains(e.target as Node))
				set_open(false);
		};
		document.addEventListener("pointerdown", elsewhere);
		document.addEventListener("focusin", elsewhere);
		return () => {
			document.removeEventListener("pointerdown", elsewhere);
			document.removeEventListener("focusin", elsewhere);
		};
	}, [open]);

	const close = (and: () => void, back: boolean) => {
		set_open(false);
		if (back)
			box.current?.querySelector("summary")?.focus();
		and();
	};
	return (
		<details class="more" ref={box} open={open}
			onToggle={(e) => set_open(e.currentTarget.open)}
			onKeyDown={(e) => {
				if (e.key === "Escape" && open)
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

function useDelete(id: string, change: (f: Change) => void) {
	const { say, heed, t } = useApp();
	const [busy, set_busy] = useState(false);
	const run = () => {
		set_busy(true);
		api.delete_status(id).then(
			() => {
				say({ text: t.post.deleted });
				change(() => null);
			},
			(e: unknown) => {
				heed(e);
				set_busy(false);
				say({ text: t.post.delete_lost, again: run });
			},
		);
	};
	return { busy, run };
}

interface PostProps {
	moment: api.Moment;
	/** Given null by the change when the post is gone. */
	change: (f: Change) => void;
	/** Place in the feed from 1; absent on the post's own page. */
	place?: number;
	whole?: boolean;
	marked?: string;
}

export function Post({ moment, change, place, whole = false, marked = "" }: PostProps) {
	const { t } = useApp();
	const me = useMe();
	const { status } = moment;
	const [asked, set_asked] = useState(0);
	const like = useLike(status.id, change);
	const gone = useDelete(status.id, change);
	const audience = useAudienceWords(status.kith_audience);
	const mine = status.account.id === me.id;
	const liked = status.favourited === true;
	const name_id = `n${status.id}`;
	return (
		<article class="post" aria-labelledby={name_id} tabIndex={place ? 0 : undefined}
			aria-posinset={place} aria-setsize={place ? -1 : undefined}>
			<Face who={status.account} />
			<div>
				<Name who={status.account} id={name_id} />
				<Words text={text_of(status)} whole={whole} />
				{audience && <p class="place soft"><Icon name="lock" />{audience}</p>}
				<div class="meta">
					{whole
						? <Time at={status.created_at} />
						: <a class="when" href={`/posts/${status.id}`}><Time at={status.created_at} />
							<span class="sr"> {t.post.title(name_of(status.account))}</span></a>}
					{mine && <Ask class="re" label={t.delete} question={t.post.delete_ask} yes={t.delete}
						act={gone.run} busy={gone.busy} />}
					<More liked={liked} like={() => like(!liked)}
						comment={() => set_asked((n) => n + 1)} />
				</div>
				{(status.kith_state === "held" || status.kith_state === "hidden")
					&& <HeldLine state={status.kith_state} />}
				<Reactions moment={moment} change={change} asked={asked} whole={whole} marked={marked} />
			</div>
		</article>
	);
}
