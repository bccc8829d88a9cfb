// people.tsx - whom I block, whose posts I hide, and the words I would rather not read.

import { useState } from "preact/hooks";

import * as api from "../../api";
import { useApp, useDoing, useLoad } from "../../app";
import { Failed, Field, Form, FormErr, Loading } from "../../parts/form";
import { Called, name_of } from "../../parts/person";

interface Kept {
	title: string;
	about: string;
	none: string;
	lift: string;
	lift_name: (name: string) => string;
	done: string;
	ask: () => Promise<api.Account[]>;
	act: (id: string) => Promise<unknown>;
}

/** A list of people something is kept about, each with the way to lift it. */
function People({ id, it }: { id: string; it: Kept }) {
	const { say } = useApp();
	const doing = useDoing();
	const { data, error, set, reload } = useLoad(id, it.ask);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	return (
		<details class="sheet">
			<summary class="line pad b" id={id}>{it.title}{data && ` · ${data.length}`}</summary>
			<div class="pad stack">
				<p class="hint">{it.about}</p>
				<FormErr error={doing.error} />
				{!data && <Loading />}
				{data?.length === 0 && <p class="soft">{it.none}</p>}
			</div>
			<ul class="rows">
				{data?.map((who) => (
					<li class="row" key={who.id}>
						<div><Called name={name_of(who)} /> <span class="soft">@{who.username}</span></div>
						<button type="button" class="btn end" disabled={doing.busy} aria-label={it.lift_name(name_of(who))}
							onClick={() => doing.run(async () => {
								await it.act(who.id);
								set((all) => all.filter((one) => one.id !== who.id));
								say({ text: it.done });
							})}>{it.lift}</button>
					</li>
				))}
			</ul>
		</details>
	);
}

export function Apart() {
	const { t } = useApp();
	const f = t.friends;
	return (
		<>
			<People id="blocked" it={{
				title: f.blocked, about: f.blocked_hint, none: t.settings.nobody, lift: f.unblock,
				lift_name: f.unblock_name, done: f.done_unblock, ask: api.blocked, act: (id) => api.block(id, false),
			}} />
			<People id="hidden" it={{
				title: t.settings.hidden, about: t.settings.hidden_hint, none: t.settings.nobody, lift: t.settings.show,
				lift_name: t.settings.show_name, done: f.done_show, ask: api.hidden,
				act: (id) => api.hide_theirs(id, false),
			}} />
		</>
	);
}

export function Filters() {
	const { t, say } = useApp();
	const doing = useDoing();
	const [word, set_word] = useState("");
	const [hide, set_hide] = useState(false);
	const { data, error, set, reload } = useLoad("filters", api.filters);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	const send = () => word.trim() && doing.run(async () => {
		const made = await api.make_filter(word.trim(), hide);
		set((all) => [...all, made]);
		set_word("");
	});
	return (
		<details class="sheet">
			<summary class="line pad b">{t.settings.filters}{data && ` · ${data.length}`}</summary>
			<Form class="pad stack" send={send}>
				<Field label={t.settings.filter_word} name="title" value={word} set={set_word} max={60}
					hint={t.settings.filter_hint} />
				<label class="opt"><input type="checkbox" checked={hide}
					onChange={(e) => set_hide(e.currentTarget.checked)} /><span>{t.settings.filter_hide}</span></label>
				<FormErr error={doing.error} />
				<button class="btn" disabled={doing.busy || !word.trim()}>{t.settings.filter_add}</button>
			</Form>
			<ul class="rows">
				{data?.map((it) => (
					<li class="row" key={it.id}>
						<div><Called name={it.title} />{" "}
							<span class="soft small">{t.settings.filter_acts[it.filter_action]}</span></div>
						<button type="button" class="btn end" disabled={doing.busy}
							aria-label={t.settings.filter_drop(it.title)} onClick={() => doing.run(async () => {
								await api.delete_filter(it.id);
								set((all) => all.filter((one) => one.id !== it.id));
								say({ text: t.saved });
							})}>{t.delete}</button>
					</li>
				))}
			</ul>
		</details>
	);
}
