// edit.tsx - changing what one wrote: words, pictures, place, card, and a narrower audience.

import { useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad, useMe } from "../app";
import { change_in_feed } from "../circle";
import { Attach, useAttached } from "../parts/attach";
import { EVERYONE, Who, names_nobody, useAudience, usePeople, useSize } from "../parts/audience";
import { CardField, PlaceField, card_of } from "../parts/beside";
import { Failed, Form, FormErr, Loading, Nothing } from "../parts/form";
import { text_of } from "../parts/words";
import { length_of } from "../pure/words";
import { go } from "../route";
import { HeldAnswer, MOST, TextField } from "./write";

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Where the piece is read: a comment under its post. */
const place_of = (it: api.Status) =>
	it.kith_post_id ? `/posts/${it.kith_post_id}#c${it.id}` : `/posts/${it.id}`;

/** Kinds that are narrower than `now` or the same. */
function narrower(now: api.Audience): api.Kind[] {
	switch (now.kind) {
	case "friends": return ["friends", "only", "except", "self"];
	case "except": return ["except", "only", "self"];
	case "only": return ["only", "self"];
	case "group": return ["group", "self"];
	case "self": return ["self"];
	}
}

function useEdit(it: api.Status, held: (status: api.Status) => void) {
	const { t, say } = useApp();
	const doing = useDoing();
	const save = (change: api.PostChange, before: () => Promise<unknown>) => doing.run(async () => {
		await before();
		const made = await api.change_status(it.id, change);
		change_in_feed(it.id, (m) => ({ ...m, status: made }));
		if (made.kith_pending?.kith_state === "held")
			return held(made);
		say({ text: t.edit.done });
		go(place_of(it), true);
	});
	return { doing, save };
}

function EditComment({ it, held }: { it: api.Status; held: (status: api.Status) => void }) {
	const { t } = useApp();
	const { doing, save } = useEdit(it, held);
	const [text, set_text] = useState(it.kith_pending?.text ?? text_of(it));
	return (
		<Form class="sheet" send={() => text.trim() && save({ status: text }, async () => {})}>
			<div class="pad stack">
				<TextField text={text} saved_at={0} empty={false} write={set_text} />
				<FormErr error={doing.error} />
				<p class="hint">{t.edit.hint}</p>
			</div>
			<div class="send pad line">
				<a class="btn" href={place_of(it)}>{t.cancel}</a>
				<button class="btn go end" disabled={doing.busy || !text.trim() || length_of(text) > MOST}>{t.save}</button>
			</div>
		</Form>
	);
}

function EditPost({ it, held }: { it: api.Status; held: (status: api.Status) => void }) {
	const { t } = useApp();
	const { doing, save } = useEdit(it, held);
	const first = it.kith_audience ?? EVERYONE;
	const [text, set_text] = useState(it.kith_pending?.text ?? text_of(it));
	const [place, set_place] = useState(it.kith_place ?? "");
	const [card, set_card] = useState(it.card ? api.card_draft(it.card) : null);
	const attached = useAttached(it.media_attachments ?? [], true);
	const { audience, set } = useAudience(first);
	const { people, set_people } = usePeople(audience, set);
	const size = useSize(audience);
	const ids = attached.pictures.map((p) => p.id);

	const send = () => {
		if (!attached.whole)
			return;
		const change: api.PostChange = {};
		if (text !== text_of(it))
			change.status = text;
		if (!same(ids, (it.media_attachments ?? []).map((p) => p.id)))
			change.media_ids = ids;
		if (place.trim() !== (it.kith_place ?? ""))
			change.kith_place = place.trim();
		if (!same(card && card_of(card), it.card ? api.card_draft(it.card) : null))
			change.kith_card = card && card_of(card);
		if (!same(audience, first))
			change.kith_audience = audience;
		save(change, () => Promise.all(attached.items.map((one) => attached.settle(one.key))));
	};
	const nothing = !text.trim() && attached.items.length === 0 && !card;
	return (
		<Form class="sheet" send={send}>
			<div class="pad stack">
				<TextField text={text} saved_at={0} empty={false} write={set_text} />
				<FormErr error={doing.error} />
				<p class="hint">{t.edit.hint}</p>
				<Attach a={attached} />
			</div>
			<div class="rows">
				<PlaceField place={place} set={set_place} />
				<CardField card={card} text={text} set={set_card} />
				<Who audience={audience} set={set} people={people} set_people={set_people} size={size}
					kinds={narrower(first)} hint={t.edit.narrow} />
			</div>
			<div class="send pad line">
				<a class="btn" href={place_of(it)}>{t.cancel}</a>
				<button class="btn go end" disabled={doing.busy || nothing || !attached.whole
					|| length_of(text) > MOST || names_nobody(audience)}>{t.save}</button>
			</div>
		</Form>
	);
}

export function Edit({ id }: { id: string }) {
	const me = useMe();
	const { data, error, reload } = useLoad(`edit ${id}`, () => api.status(id));
	const [held, set_held] = useState<api.Status | null>(null);
	if (held)
		return <HeldAnswer status={held} />;
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	if (data.account.id !== me.id)
		return <Nothing />;
	return data.kith_post_id
		? <EditComment it={data} held={set_held} /> : <EditPost it={data} held={set_held} />;
}
