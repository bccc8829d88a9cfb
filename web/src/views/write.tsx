// write.tsx - the composer: says in words who will see the post before it is sent.

import { useEffect, useId, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad, useMe } from "../app";
import {
	draft, fresh_key, keep_audience, keep_draft, last_audience, type Draft,
} from "../keep";
import { HeldLine } from "../parts/comments";
import { FriendPicker } from "../parts/friend-picker";
import { Err, Failed, Form, FormErr, Loading } from "../parts/form";
import { Icon } from "../parts/icon";
import { Statement } from "../parts/measure";
import { Called, name_of } from "../parts/person";
import { TagChips, useTags } from "../parts/tags";
import { lang_of, length_of } from "../pure/words";
import { go } from "../route";
import { add_to_feed } from "./feed";

const MOST = 2000;
const KINDS: api.Kind[] = ["friends", "only", "except", "self"];
const EVERYONE: api.Audience = { kind: "friends", lists: [], people: [] };

const names_nobody = (a: api.Audience) =>
	(a.kind === "only" || a.kind === "except") && a.lists.length + a.people.length === 0;

/** How many people an audience admits; null while that is being counted. */
function useSize(audience: api.Audience): number | null {
	const { heed } = useApp();
	const [size, set_size] = useState<number | null>(null);
	const key = JSON.stringify(audience);
	useEffect(() => {
		set_size(null);
		if (audience.kind === "self" || names_nobody(audience))
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
function useAudience(me: string) {
	const lists = useTags();
	const [audience, set] = useState<api.Audience>(() => last_audience(me) ?? EVERYONE);
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

type SetAudience = (f: (a: api.Audience) => api.Audience) => void;

interface ChoiceProps {
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
	if (audience.kind === "self")
		return <p class="says" role="status">{t.write.says_self}</p>;
	if (names_nobody(audience))
		return <p class="says" role="status">{t.write.says_nobody}</p>;
	const who = t.series([
		...audience.lists.flatMap((id) => lists.find((l) => l.id === id)?.title ?? []),
		...people.map(name_of),
	]);
	const head = audience.kind === "friends" ? t.write.says_friends
		: audience.kind === "only" ? t.write.says_only(who) : t.write.says_except(who);
	return (
		<p class="says" role="status">
			{head}<strong>{size === null ? t.write.counting : t.people(size)}</strong>{t.write.says_end}
		</p>
	);
}

function Who(p: ChoiceProps) {
	const { t } = useApp();
	return (
		<fieldset class="pad stack">
			<legend class="sr">{t.write.who}</legend>
			<p class="line b" aria-hidden="true"><Icon name="eye" />{t.write.who}</p>
			<div class="line">
				{KINDS.map((kind) => (
					<label class="chip" key={kind}>
						<input class="sr" type="radio" name="aud" value={kind}
							checked={p.audience.kind === kind}
							onChange={() => p.set((a) => ({ ...a, kind }))} />
						{t.write[kind]}
					</label>
				))}
			</div>
			{(p.audience.kind === "only" || p.audience.kind === "except") && <Some {...p} />}
			<Says {...p} />
		</fieldset>
	);
}

/** The draft of this account: kept at every pause, with the key that makes sending it twice one post. */
function useDraft(me: string) {
	const [it, set_it] = useState<Draft>(
		() => draft(me) ?? { text: "", key: fresh_key(), saved_at: 0 },
	);
	const latest = useRef(it);
	latest.current = it;
	const done = useRef(false);
	useEffect(() => {
		const timer = setTimeout(() => {
			if (!done.current)
				keep_draft(me, it.text ? it : null);
		}, 300);
		return () => clearTimeout(timer);
	}, [it]);
	useEffect(() => {
		const keep_now = () => {
			if (!done.current)
				keep_draft(me, latest.current.text ? latest.current : null);
		};
		addEventListener("pagehide", keep_now);
		return () => {
			keep_now();
			removeEventListener("pagehide", keep_now);
		};
	}, []);
	return {
		it,
		set_text: (text: string) => set_it((d) => ({ ...d, text, saved_at: Date.now() })),
		// Other words or another audience make another post, and so does a key that was refused.
		renew: () => set_it((d) => ({ ...d, key: fresh_key() })),
		finish: () => {
			done.current = true;
			keep_draft(me, null);
		},
	};
}

/** What is shown at once when the answer is "held". */
function HeldAnswer({ status }: { status: api.Status }) {
	const { data, error, reload } = useLoad(`measures ${status.id}`, api.measures);
	if (error)
		return <Failed error={error} again={reload} />;
	const measure = data?.find((m) => m.object.id === status.id);
	if (!data)
		return <Loading />;
	if (!measure)
		return <div class="sheet pad"><HeldLine state="held" /></div>;
	return <Statement measure={measure} main gone={() => go("/", true)} />;
}

/** The text, its length, and since when the draft is kept. */
function TextField(
	{ it, empty, write }: { it: Draft; empty: boolean; write: (text: string) => void },
) {
	const { t } = useApp();
	const id = useId();
	const field = useRef<HTMLTextAreaElement>(null);
	const length = length_of(it.text);
	useEffect(() => {
		const box = field.current;
		box?.focus({ preventScroll: true });
		box?.setSelectionRange(box.value.length, box.value.length);
	}, []);
	const kept = it.saved_at > 0 && it.text
		? new Date(it.saved_at).toLocaleTimeString(t.time.locale, { hour: "2-digit", minute: "2-digit" })
		: null;
	return (
		<div class="field">
			<label class="sr" for={id}>{t.write.label}</label>
			<textarea class="in text" id={id} name="text" rows={7} value={it.text} ref={field}
				lang={lang_of(it.text) ?? undefined} placeholder={t.write.label}
				aria-describedby={`${id}n`} aria-invalid={length > MOST || empty ? true : undefined}
				onInput={(e) => write(e.currentTarget.value)} />
			{length > MOST && <Err text={t.write.over(length - MOST)} />}
			{empty && <Err text={t.write.empty} />}
			<p class="hint num line" id={`${id}n`}>
				<span>{t.write.count(length)}</span>
				{kept && <span class="end" role="status">{t.write.kept(kept)}</span>}
			</p>
		</div>
	);
}

/** The people chosen one by one. Those remembered from last time come as ids; who they are is asked. */
function usePeople(audience: api.Audience, set: SetAudience) {
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

function Sheet({ held }: { held: (status: api.Status) => void }) {
	const { t } = useApp();
	const me = useMe();
	const { it, set_text, renew, finish } = useDraft(me.id);
	const { audience, set } = useAudience(me.id);
	const { people, set_people } = usePeople(audience, set);
	const size = useSize(audience);
	const sending = useDoing();
	const [empty, set_empty] = useState(false);

	const send = () => {
		set_empty(!it.text.trim());
		if (!it.text.trim())
			return;
		sending.run(async () => {
			const made = await api.publish(it.text, audience, it.key);
			finish();
			keep_audience(me.id, audience);
			if (made.kith_state === "held") {
				held(made);
			} else {
				add_to_feed(made);
				go("/", true);
			}
		});
	};
	const write = (text: string) => {
		set_text(text);
		set_empty(false);
		renew();
	};
	const choose: SetAudience = (f) => {
		set(f);
		renew();
	};
	const label = audience.kind === "self" ? t.write.post_self
		: size === null ? t.write.post_plain : t.write.post(size);
	return (
		<Form class="sheet" send={send}>
			<div class="pad stack">
				<TextField it={it} empty={empty} write={write} />
				{sending.error && <><FormErr error={sending.error} />
					<p class="hint">{t.write.not_sent}</p></>}
			</div>
			<div class="rows">
				<Who audience={audience} set={choose} people={people} set_people={set_people} size={size} />
			</div>
			<div class="send pad line">
				<button class="btn go end"
					disabled={sending.busy || length_of(it.text) > MOST || names_nobody(audience)}>
					{label}
				</button>
			</div>
		</Form>
	);
}

export function Write() {
	const [status, set_status] = useState<api.Status | null>(null);
	return status ? <HeldAnswer status={status} /> : <Sheet held={set_status} />;
}
