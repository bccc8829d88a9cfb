// comments.tsx - the grey box under a post: who liked it, what was said, and the field to answer.

import { useEffect, useId, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { ApiError } from "../api";
import { useApp, useMe } from "../app";
import { SENDING, type Change } from "../circle";
import { delete_later } from "../gone";
import { fresh_key } from "../keep";
import { Ask, Wrong, guard_enter } from "./form";
import { Icon, Rings } from "./icon";
import { Called, Name, name_of } from "./person";
import { Why } from "./why";
import { Inline, text_of, useLang } from "./words";

/** More comments than these are folded: the newest stay. */
const FOLD_AT = 10;

function Likes({ likers }: { likers: api.Account[] }) {
	const { t } = useApp();
	return (
		<p class="likes">
			<Icon name="heart" />
			<span>
				<span class="sr">{t.post.liked_by}</span>
				{likers.map((who, i) => (
					<>{i > 0 && t.comma}<Name key={who.id} who={who} /></>
				))}
			</span>
		</p>
	);
}

/** Whom a comment answers: an earlier comment's author, or null when it answers the post. */
function answered(moment: api.Moment, it: api.Status): api.Account | null {
	if (!it.in_reply_to_id || it.in_reply_to_id === moment.status.id)
		return null;
	const before = moment.comments.find((c) => c.id === it.in_reply_to_id);
	if (before)
		return before.account;
	const id = it.in_reply_to_account_id;
	return [moment.status, ...moment.comments].find((s) => s.account.id === id)?.account ?? null;
}

interface CommentProps {
	it: api.Status;
	to: api.Account | null;
	marked: boolean;
	reply: () => void;
	remove: () => void;
}

function Comment({ it, to, marked, reply, remove }: CommentProps) {
	const { t } = useApp();
	const me = useMe();
	const text = text_of(it);
	const { own, attr } = useLang(text);
	const mine = it.account.id === me.id;
	const line = useRef<HTMLLIElement>(null);
	const sending = it.id.startsWith(SENDING);
	useEffect(() => {
		if (marked)
			line.current?.scrollIntoView({ block: "center" });
	}, [marked]);
	return (
		<li id={`c${it.id}`} class={marked ? "hit" : sending ? "going" : undefined} ref={line}>
			<Name who={it.account} />
			{to && <>{t.post.replies}<Name who={to} /></>}
			{own?.startsWith("zh") ? "：" : ": "}
			<span lang={attr} class="breaks"><Inline text={text} lang={own} tags={it.tags} /></span>
			{it.edited_at && <> <a class="re" href={`/posts/${it.id}?history`}>{t.post.edited}</a></>}
			{sending
				? <span class="sr"> {t.post.sending}</span>
				: mine
					? <> <a class="re" href={`/?edit=${it.id}`} aria-label={t.post.edit_comment}>{t.post.edit}</a>{" "}
						<Ask class="re" label={t.delete} question={t.post.delete_ask} yes={t.delete}
						describe={t.post.delete_comment} act={remove} /></>
					: <> <button type="button" class="re" onClick={reply}
						aria-label={t.post.reply_to(name_of(it.account))}>{t.post.reply}</button>{" "}
						<a class="re" href={`/report?status=${it.id}`}
							aria-label={t.order.report_comment(name_of(it.account))}>{t.order.report}</a></>}
			{it.kith_pending && <PendingLine pending={it.kith_pending} />}
			{it.kith_state === "held" && <HeldLine state="held" />}
			{it.kith_state === "hidden" && <HeldLine state="hidden" />}
			<Why of={it} />
		</li>
	);
}

/** The house's line on a piece only its author still sees. */
export function HeldLine({ state }: { state: "held" | "hidden" }) {
	const { t } = useApp();
	return (
		<p class={state === "held" ? "slip fine w" : "slip fine"}>
			<span class="who"><Rings /> {t.post[state]}</span>
			{" "}<a href="/held">{t.post.why}</a>
		</p>
	);
}

/** A change that waits: the version before goes on showing. Only its author reads this. */
export function PendingLine({ pending }: { pending: api.Pending }) {
	const { t } = useApp();
	const { attr } = useLang(pending.text);
	return (
		<div class={pending.kith_state === "held" ? "slip fine w" : "slip fine"}>
			<p><span class="who"><Rings /> {t.post.pending[pending.kith_state]}</span>{" "}
				<a href="/held">{t.post.why}</a></p>
			<p class="said cut" lang={attr}>{pending.text}</p>
		</div>
	);
}

interface FieldProps {
	moment: api.Moment;
	/** The comment that is answered; null for the post itself. */
	to: api.Status | null;
	text: string;
	set_text: (text: string) => void;
	send: () => void;
	error: ApiError | null;
	/** Puts the cursor into the field when it changes. */
	focus: number;
}

function AnswerField({ moment, to, text, set_text, send, error, focus }: FieldProps) {
	const { t } = useApp();
	const me = useMe();
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const author = moment.status.account;
	const mine = author.id === me.id;
	const name = name_of(author);
	const group = moment.status.kith_group;
	useEffect(() => {
		if (focus > 0)
			input.current?.focus();
	}, [focus]);

	const label = to ? t.post.reply_to(name_of(to.account))
		: mine ? t.post.comment_on_own : t.post.comment_on(name);
	const seen = group ? t.post.seen_group(group.title) : to && to.account.id !== author.id
		? mine ? t.post.seen_reply_own(name_of(to.account)) : t.post.seen_reply(name_of(to.account), name)
		: mine ? t.post.seen_own : t.post.seen_post(name);
	return (
		<form method="post" onSubmit={(e) => {
			e.preventDefault();
			send();
		}}>
			<div class="reply">
				<label class="sr" for={id}>{label}</label>
				<input class="in" id={id} name="text" value={text} ref={input} autoComplete="off"
					placeholder={to ? label : t.post.say} maxLength={4000}
					aria-describedby={error ? `${id}e ${id}h` : `${id}h`}
					aria-invalid={error ? true : undefined}
					onKeyDown={guard_enter} onInput={(e) => set_text(e.currentTarget.value)} />
				<button class="btn go" disabled={!text.trim()}>{t.post.send}</button>
			</div>
			{error && <p class="err" role="alert" id={`${id}e`}>
				<Icon name="warn" /><span><Wrong error={error} /> {t.post.comment_lost}</span>
			</p>}
			<p class="hint" id={`${id}h`}>{seen}</p>
		</form>
	);
}

function draft_comment(moment: api.Moment, me: api.Me, text: string, to: api.Status | null, id: string) {
	const made: api.Status = {
		id, created_at: new Date().toISOString(), content: "", kith_text: text, account: me,
		in_reply_to_id: to?.id ?? moment.status.id,
		in_reply_to_account_id: to?.account.id ?? moment.status.account.id,
		replies_count: 0, favourites_count: 0, mentions: [],
		kith_audience: null, kith_state: null, kith_post_id: moment.status.id,
	};
	return made;
}

const with_comments = (m: api.Moment, comments: api.Status[], more: number): api.Moment => ({
	...m, comments, status: { ...m.status, replies_count: Math.max(0, m.status.replies_count + more) },
});

/** Writing and deleting comments: shown at once, taken back with the words kept when it fails. */
function useAnswers(moment: api.Moment, change: (f: Change) => void) {
	const { heed, say, t } = useApp();
	const me = useMe();
	const [to, set_to] = useState<api.Status | null>(null);
	const [text, set_text] = useState("");
	const [error, set_error] = useState<ApiError | null>(null);
	const key = useRef(fresh_key());

	const send = () => {
		const words = text.trim();
		if (!words)
			return;
		const mine = draft_comment(moment, me, words, to, SENDING + key.current);
		set_text("");
		set_to(null);
		set_error(null);
		change((m) => with_comments(m, [...m.comments, mine], 1));
		api.comment(words, mine.in_reply_to_id!, key.current).then(
			(made) => {
				key.current = fresh_key();
				// The stream may have brought it before its own answer came.
				change((m) => ({
					...m, comments: m.comments.some((c) => c.id === made.id)
						? m.comments.filter((c) => c.id !== mine.id)
						: m.comments.map((c) => (c.id === mine.id ? made : c)),
				}));
			},
			(e: unknown) => {
				change((m) => with_comments(m, m.comments.filter((c) => c.id !== mine.id), -1));
				set_text((now) => now || words);
				set_to(to);
				set_error(heed(e));
			},
		);
	};
	const remove = (it: api.Status) => {
		const before = (a: api.Status, b: api.Status) => (a.created_at < b.created_at ? -1 : 1);
		const put_back = () => change((m) => with_comments(m, [...m.comments, it].sort(before), 1));
		change((m) => with_comments(m, m.comments.filter((c) => c.id !== it.id), -1));
		const undo = delete_later(it.id, (e) => {
			heed(e);
			put_back();
			say({ text: t.post.delete_lost, again: () => remove(it) });
		});
		say({ text: t.post.deleting, undo: () => undo() && put_back() });
	};
	// Other words are another comment: sent under the old key they would be taken for the first.
	const write = (words: string) => {
		key.current = fresh_key();
		set_text(words);
	};
	const aim = (at: api.Status | null) => {
		key.current = fresh_key();
		set_to(at);
	};
	return { to, aim, text, write, error, send, remove };
}

interface ReactProps {
	moment: api.Moment;
	change: (f: Change) => void;
	/** Counts up each time "Comment" is chosen; 0 while the field is closed. */
	asked: number;
	/** On the post's own page the field is always there and all comments are. */
	whole: boolean;
	marked: string;
}

export function Reactions({ moment, change, asked, whole, marked }: ReactProps) {
	const { t } = useApp();
	const [replies, set_replies] = useState(0);
	const { to, aim, text, write, error, send, remove } = useAnswers(moment, change);
	const { status, likers, comments } = moment;
	useEffect(() => {
		if (asked > 0)
			aim(null);
	}, [asked]);

	const [all, set_all] = useState(false);
	const hit = comments.findIndex((it) => marked === `c${it.id}`);
	const folded = all || hit >= 0 && hit < comments.length - FOLD_AT ? 0 : Math.max(0, comments.length - FOLD_AT);
	const open = whole || asked + replies > 0;
	if (!open && likers.length === 0 && comments.length === 0)
		return null;
	const more = !whole && status.replies_count > comments.length;
	return (
		<div class="react">
			{likers.length > 0 && <Likes likers={likers} />}
			{whole && folded > 0 && (
				<p><button type="button" class="re" onClick={() => set_all(true)}>{t.post.folded(folded)}</button></p>
			)}
			{comments.length > 0 && (
				<ul aria-label={t.post.comments}>
					{comments.slice(whole ? folded : 0).map((it) => (
						<Comment key={it.id} it={it} to={answered(moment, it)} marked={marked === `c${it.id}`}
							remove={() => remove(it)} reply={() => {
								aim(it);
								set_replies((n) => n + 1);
							}} />
					))}
				</ul>
			)}
			{more && <p><a href={`/posts/${status.id}`}>{t.post.all_comments(status.replies_count)}</a></p>}
			{open && (
				<AnswerField moment={moment} to={to} text={text} set_text={write} error={error}
					focus={asked + replies} send={send} />
			)}
			{to && <p class="sr" role="status">{t.post.reply_to("")}<Called name={name_of(to.account)} /></p>}
		</div>
	);
}
