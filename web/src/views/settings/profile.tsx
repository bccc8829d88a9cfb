// profile.tsx - my card: name, signature, picture, cover, the question, and how far back friends see.

import { useRef, useState } from "preact/hooks";

import * as api from "../../api";
import { sentence, useApp, useDoing, useMe } from "../../app";
import { Err, Field, Form, FormErr } from "../../parts/form";
import { Hills } from "../../parts/icon";
import { Face, cover_of } from "../../parts/person";
import { megabytes, MOST_BYTES } from "../../parts/attach";
import { signature } from "../feed";

const RANGES: api.Range[] = ["3d", "month", "half-year", "all"];

export function Profile() {
	const { t, set_me, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const [display_name, set_name] = useState(me.display_name);
	const [note, set_note] = useState(signature(me));
	const send = () => doing.run(async () => {
		set_me(await api.update_account({ display_name: display_name.trim(), note }));
		say({ text: t.saved });
	});
	return (
		<Form class="sheet pad stack" send={send} aria-labelledby="p">
			<h2 id="p">{t.settings.profile}</h2>
			<Field label={t.settings.name} name="display_name" value={display_name} set={set_name}
				auto="name" max={60} error={doing.error}
				wrong={display_name.trim() ? null : t.door.empty} />
			<Field label={t.settings.signature} name="note" value={note} set={set_note} max={500}
				hint={t.settings.signature_hint} error={doing.error} />
			<FormErr error={doing.error} fields={["display_name", "note"]} />
			<button class="btn" disabled={doing.busy || !display_name.trim()}>{t.save}</button>
		</Form>
	);
}

type Which = "kith_avatar_id" | "kith_cover_id";

/** One of my two pictures: sent, then named as mine; what was there is let go. */
function Own({ which, there }: { which: Which; there: boolean }) {
	const { t, set_me, say } = useApp();
	const doing = useDoing();
	const file = useRef<HTMLInputElement>(null);
	const [share, set_share] = useState<number | null>(null);
	const [large, set_large] = useState<string | null>(null);
	const words = t.settings[which === "kith_avatar_id" ? "avatar" : "cover"];
	const put = (id: string) => doing.run(async () => {
		set_me(await api.update_account({ [which]: id }));
		say({ text: t.saved });
	});
	const send = (it: File) => {
		set_large(it.size > MOST_BYTES ? t.pictures.over(megabytes(it.size)) : null);
		if (it.size > MOST_BYTES)
			return;
		doing.run(async () => {
			try {
				const made = await api.send_picture(it, set_share).done;
				set_me(await api.update_account({ [which]: made.id }));
				say({ text: t.saved });
			} finally {
				set_share(null);
			}
		});
	};
	return (
		<div class="stack grow">
			<input type="file" accept="image/*" hidden ref={file} onChange={(e) => {
				const [it] = e.currentTarget.files ?? [];
				if (it)
					send(it);
				e.currentTarget.value = "";
			}} />
			<div class="line">
				<button type="button" class="btn" disabled={doing.busy} onClick={() => file.current?.click()}>
					{there ? words.other : words.choose}</button>
				{there && <button type="button" class="btn quiet" disabled={doing.busy} onClick={() => put("")}>
					{words.none}</button>}
			</div>
			{share !== null && <label class="hint num">{t.pictures.sending(Math.round(share * 100))}
				<progress max={100} value={share * 100} /></label>}
			{large && <Err text={large} />}
			{doing.error && <Err text={sentence(t, doing.error)} />}
		</div>
	);
}

export function OwnPictures() {
	const { t } = useApp();
	const me = useMe();
	const cover = cover_of(me);
	return (
		<section class="sheet pad stack" aria-labelledby="op">
			<h2 id="op">{t.settings.pictures}</h2>
			<div class="line top"><Face who={me} size="l" />
				<Own which="kith_avatar_id" there={Boolean(me.kith_avatar)} /></div>
			<div class="strip">{cover ? <img src={cover} width={800} height={420} alt={t.person.cover} />
				: <Hills label={t.person.cover} />}</div>
			<Own which="kith_cover_id" there={cover !== null} />
			<p class="hint">{t.settings.pictures_hint}</p>
		</section>
	);
}

/** Something only a friend would know. The answer is compared at the server and never sent back. */
export function Question() {
	const { t, set_me, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const [question, set_question] = useState(me.kith_question ?? "");
	const [answer, set_answer] = useState("");
	const put = (asked: string, told: string) => doing.run(async () => {
		set_me(await api.update_account({ kith_question: asked, ...(asked && { kith_answer: told }) }));
		set_answer("");
		say({ text: t.saved });
	});
	return (
		<Form class="sheet pad stack" aria-labelledby="qu" send={() => put(question.trim(), answer.trim())}>
			<h2 id="qu">{t.settings.question}</h2>
			<Field label={t.settings.question_label} name="kith_question" value={question} set={set_question} max={120}
				error={doing.error} />
			<Field label={t.settings.answer} name="kith_answer" value={answer} set={set_answer} max={60}
				hint={t.settings.answer_hint} error={doing.error} />
			<FormErr error={doing.error} fields={["kith_question", "kith_answer"]} />
			<div class="line">
				<button class="btn" disabled={doing.busy || !question.trim() || !answer.trim()}>
					{t.settings.question_save}</button>
				{me.kith_question && <button type="button" class="btn quiet" disabled={doing.busy} onClick={() => {
					set_question("");
					put("", "");
				}}>{t.settings.question_none}</button>}
			</div>
		</Form>
	);
}

export function RangeChoice() {
	const { t, set_me, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const choose = (kith_range: api.Range) => doing.run(async () => {
		set_me(await api.update_account({ kith_range }));
		say({ text: t.saved });
	});
	return (
		<section class="sheet pad stack" aria-labelledby="w">
			<h2 id="w">{t.settings.range}</h2>
			<fieldset class="opts">
				<legend class="sr">{t.settings.range_legend}</legend>
				{RANGES.map((range) => (
					<label class="opt" key={range}>
						<input type="radio" name="range" checked={me.kith_range === range}
							onChange={() => choose(range)} />
						<span>{t.settings.ranges[range]}
							{range === me.kith_range && <small>{t.settings.range_hint}</small>}</span>
					</label>
				))}
			</fieldset>
			<FormErr error={doing.error} />
		</section>
	);
}
