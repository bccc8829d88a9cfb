// friendship.tsx - what one may do about a person: ask, withdraw, hide, end, block.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing } from "../app";
import { Ask, Field, Form, FormErr } from "./form";
import { name_of } from "./person";

interface TieProps {
	who: api.Account;
	tie: api.Relationship;
	set_tie: (tie: api.Relationship) => void;
}

/** Asking with a word. Opens in place. */
export function AskFriend({ who, tie, set_tie }: TieProps) {
	const { t, say, refresh_counts } = useApp();
	const [open, set_open] = useState(false);
	const [word, set_word] = useState("");
	const [answer, set_answer] = useState("");
	const doing = useDoing();
	if (tie.requested)
		return (
			<button type="button" class="btn" disabled={doing.busy}
				aria-label={t.friends.withdraw_from(name_of(who))}
				onClick={() => doing.run(async () => set_tie(await api.end_friend(who.id)))}>
				{t.friends.withdraw}
			</button>
		);
	if (!open)
		return (
			<button type="button" class="btn go" onClick={() => set_open(true)}>{t.friends.ask}</button>
		);
	const send = () => doing.run(async () => {
		const next = await api.request_friend(who.id, word.trim(), answer.trim());
		set_tie(next);
		refresh_counts();
		say({ text: next.following ? t.friends.now_friends(name_of(who)) : t.friends.asked });
	});
	return (
		<Form class="stack wordy" send={send}>
			<Field label={t.friends.word} name="kith_word" value={word} set={set_word} max={200}
				hint={t.friends.word_hint} error={doing.error} />
			{who.kith_question && <Field label={t.friends.question(who.kith_question)} name="kith_answer"
				value={answer} set={set_answer} max={60} hint={t.friends.answer_hint} error={doing.error} />}
			<FormErr error={doing.error} fields={["kith_word", "kith_answer"]} />
			<div class="line">
				<button class="btn go" disabled={doing.busy}>{t.friends.send}</button>
				<button type="button" class="btn" onClick={() => set_open(false)}>{t.cancel}</button>
			</div>
		</Form>
	);
}

interface Choice {
	label: string;
	done: string;
	act: () => Promise<api.Relationship>;
}

/** A menu of what applies now; ending and blocking ask once more. */
export function FriendMenu({ who, tie, set_tie }: TieProps) {
	const { t, say } = useApp();
	const doing = useDoing();
	const box = useRef<HTMLDetailsElement>(null);
	const [open, set_open] = useState(false);
	const f = t.friends;
	useEffect(() => {
		if (!open)
			return;
		const elsewhere = (e: Event) => {
			if (!box.current?.contains(e.target as Node))
				set_open(false);
		};
		document.addEventListener("pointerdown", elsewhere);
		return () => document.removeEventListener("pointerdown", elsewhere);
	}, [open]);

	const run = (choice: Choice) => doing.run(async () => {
		set_tie(await choice.act());
		set_open(false);
		box.current?.querySelector("summary")?.focus();
		say({ text: choice.done });
	});
	const plain: Choice[] = [];
	if (tie.following) {
		plain.push(tie.muting
			? { label: f.show_theirs, done: f.done_show, act: () => api.hide_theirs(who.id, false) }
			: { label: f.hide_theirs, done: f.done_hide, act: () => api.hide_theirs(who.id, true) });
		plain.push(tie.kith_hide_mine
			? { label: f.show_mine, done: f.done_show_mine, act: () => api.hide_mine(who.id, false) }
			: { label: f.hide_mine, done: f.done_hide_mine, act: () => api.hide_mine(who.id, true) });
	}
	const end = { label: f.end, done: f.done_end, act: () => api.end_friend(who.id) };
	const block = { label: f.block, done: f.done_block, act: () => api.block(who.id, true) };
	const lift = { label: f.unblock, done: f.done_unblock, act: () => api.block(who.id, false) };
	return (
		<details class="menu" ref={box} open={open} onToggle={(e) => set_open(e.currentTarget.open)}
			onKeyDown={(e) => {
				if (e.key === "Escape") {
					set_open(false);
					box.current?.querySelector("summary")?.focus();
				}
			}}>
			<summary class="btn" aria-label={f.menu(name_of(who))}>{f.menu_short}</summary>
			<div class="stack panel pad">
				{(tie.blocking ? [lift] : plain).map((choice) => (
					<button type="button" class="btn quiet" key={choice.label} disabled={doing.busy}
						onClick={() => run(choice)}>
						{choice.label}
					</button>
				))}
				{tie.following && <Ask label={end.label} question={f.end_ask(name_of(who))}
					yes={f.end_yes} act={() => run(end)} busy={doing.busy} />}
				{!tie.blocking && <Ask class="btn quiet bad" label={block.label}
					question={f.block_ask(name_of(who))} yes={f.block_yes} act={() => run(block)}
					busy={doing.busy} />}
				<FormErr error={doing.error} />
			</div>
		</details>
	);
}
