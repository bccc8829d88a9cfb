// write.tsx - the composer: says in words who will see the post before it is sent.

import { useEffect, useId, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useMe } from "../app";
import { draft, fresh_key, keep_audience, keep_draft, last_audience, type Draft } from "../keep";
import { post_later } from "../outbox";
import { Attach, useAttached } from "../parts/attach";
import {
	EVERYONE, Who, names_nobody, useAudience, usePeople, useSize, type SetAudience,
} from "../parts/audience";
import { CardField, PlaceField, card_of } from "../parts/beside";
import { Err, Form, FormErr } from "../parts/form";
import { worded } from "../parts/worded";
import { lang_of, length_of } from "../pure/words";
import { go } from "../route";
import { add_to_feed } from "../circle";

export const MOST = 2000;

export const HeldAnswer = worded(["order"], async () => (await import("./order")).HeldAnswer);

/** The draft of this account: kept at every pause, with the key that makes sending it twice one post. */
function useDraft(me: string) {
	const [it, set_it] = useState<Draft>(
		() => draft(me) ?? { text: "", key: fresh_key(), saved_at: 0 },
	);
	const latest = useRef(it);
	latest.current = it;
	const done = useRef(false);
	const keep_now = () => {
		const d = latest.current;
		if (!done.current)
			keep_draft(me, d.text || d.pictures?.length || d.place || d.card ? d : null);
	};
	useEffect(() => {
		const timer = setTimeout(keep_now, 300);
		return () => clearTimeout(timer);
	}, [it]);
	useEffect(() => {
		addEventListener("pagehide", keep_now);
		return () => {
			keep_now();
			removeEventListener("pagehide", keep_now);
		};
	}, []);
	return {
		it,
		// Other words, other pictures or another audience make another post, and so does a key that was refused.
		change: (what: Partial<Draft>) =>
			set_it((d) => ({ ...d, ...what, key: fresh_key(), saved_at: Date.now() })),
		renew: () => set_it((d) => ({ ...d, key: fresh_key() })),
		finish: () => {
			done.current = true;
			keep_draft(me, null);
		},
	};
}

interface TextProps {
	text: string;
	/** When it was kept; 0 where it is not. */
	saved_at: number;
	empty: boolean;
	write: (text: string) => void;
}

/** The text, its length, and since when the draft is kept. */
export function TextField({ text, saved_at, empty, write }: TextProps) {
	const { t } = useApp();
	const id = useId();
	const field = useRef<HTMLTextAreaElement>(null);
	const length = length_of(text);
	useEffect(() => {
		const box = field.current;
		box?.focus({ preventScroll: true });
		box?.setSelectionRange(box.value.length, box.value.length);
	}, []);
	const kept = saved_at > 0 && text
		? new Date(saved_at).toLocaleTimeString(t.time.locale, { hour: "2-digit", minute: "2-digit" })
		: null;
	return (
		<div class="field">
			<label class="sr" for={id}>{t.write.label}</label>
			<textarea class="in text" id={id} name="text" rows={6} value={text} ref={field}
				lang={lang_of(text) ?? undefined} placeholder={t.write.label}
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

/** The last choice of this account, never a group; or the group one comes from. */
function first_audience(me: string, group: string | null): api.Audience {
	if (group)
		return { ...EVERYONE, kind: "group", group };
	const last = last_audience(me);
	return last && last.kind !== "group" ? last : EVERYONE;
}

function Sheet({ group, held }: { group: string | null; held: (status: api.Status) => void }) {
	const { t, say, refresh_waiting } = useApp();
	const me = useMe();
	const { it, change, renew, finish } = useDraft(me.id);
	const attached = useAttached(it.pictures ?? [], false);
	const { audience, set } = useAudience(first_audience(me.id, group));
	const { people, set_people } = usePeople(audience, set);
	const size = useSize(audience);
	const sending = useDoing();
	const [empty, set_empty] = useState(false);
	const ids = attached.pictures.map((p) => `${p.id} ${p.description ?? ""}`).join();
	const known = useRef(ids);
	useEffect(() => {
		if (known.current !== ids)
			change({ pictures: attached.pictures });
		known.current = ids;
	}, [ids]);

	const leave = () => {
		finish();
		if (audience.kind !== "group")
			keep_audience(me.id, audience);
		go(audience.kind === "group" ? `/groups/${audience.group}` : "/", true);
	};
	const send = () => {
		const nothing = !it.text.trim() && attached.items.length === 0 && !it.card;
		set_empty(nothing);
		if (nothing || !attached.whole)
			return;
		const whole: api.PostDraft = {
			status: it.text, kith_audience: audience,
			...(attached.pictures.length > 0 && { media_ids: attached.pictures.map((p) => p.id) }),
			...(it.place?.trim() && { kith_place: it.place.trim() }),
			...(it.card && { kith_card: card_of(it.card) }),
		};
		sending.run(async () => {
			let made: api.Status;
			try {
				await Promise.all(attached.items.map((one) => attached.settle(one.key)));
				made = await api.publish(whole, it.key);
			} catch (e) {
				if (!(e instanceof api.ApiError) || e.status !== 0)
					throw e;
				post_later(me.id, { key: it.key, draft: whole });
				refresh_waiting();
				say({ text: t.write.waits });
				return leave();
			}
			if (made.kith_state === "held") {
				finish();
				held(made);
			} else {
				add_to_feed(made);
				leave();
			}
		});
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
				<TextField text={it.text} saved_at={it.saved_at} empty={empty} write={(text) => {
					change({ text });
					set_empty(false);
				}} />
				{sending.error && <><FormErr error={sending.error} />
					<p class="hint">{t.write.not_sent}</p></>}
				<Attach a={attached} />
			</div>
			<div class="rows">
				<PlaceField place={it.place ?? ""} set={(place) => change({ place })} />
				<CardField card={it.card ?? null} text={it.text} set={(card) => change({ card })} />
				<Who audience={audience} set={choose} people={people} set_people={set_people} size={size} />
			</div>
			<div class="send pad line">
				{!attached.whole && <p class="hint" role="status">{t.pictures.wait}</p>}
				<button class="btn go end" disabled={sending.busy || !attached.whole
					|| length_of(it.text) > MOST || names_nobody(audience)}>
					{label}
				</button>
			</div>
		</Form>
	);
}

export function Write({ query }: { query: URLSearchParams }) {
	const [status, set_status] = useState<api.Status | null>(null);
	return status
		? <HeldAnswer status={status} /> : <Sheet group={query.get("group")} held={set_status} />;
}
