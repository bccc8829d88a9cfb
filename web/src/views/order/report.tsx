// report.tsx - reporting a post, a comment or a person, and what came of my reports.

import { useState } from "preact/hooks";

import * as api from "../../api";
import { useApp, useDoing, useLoad } from "../../app";
import * as order from "../../api/order";
import { Empty, Err, Failed, Field, Form, FormErr, Loading, Nothing } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { Face, Name, Time, name_of, path_of } from "../../parts/person";
import { text_of, useLang } from "../../parts/words";
import { useOrder } from "../../parts/worded";
import { go } from "../../route";

const MOST_WORDS = 1000;

interface Target {
	kind: "post" | "comment" | "person";
	who: api.Account;
	status: api.Status | null;
}

async function find(query: URLSearchParams): Promise<Target> {
	const status = query.get("status");
	if (status) {
		const it = await api.status(status);
		return { kind: it.kith_post_id ? "comment" : "post", who: it.account, status: it };
	}
	return { kind: "person", who: await api.lookup(query.get("person") ?? ""), status: null };
}

/** Where one came from. */
function back_to({ who, status }: Target): string {
	if (!status)
		return path_of(who);
	return status.kith_post_id ? `/posts/${status.kith_post_id}#c${status.id}` : `/posts/${status.id}`;
}

function Shown({ target }: { target: Target }) {
	const { who, status } = target;
	const text = status ? text_of(status) : "";
	const { attr } = useLang(text);
	return (
		<div class="quote stack">
			<div class="line"><Face who={who} size="s" /><p><Name who={who} /> <span class="soft">@{who.username}</span></p></div>
			{text && <blockquote class="said" lang={attr}>{text}</blockquote>}
		</div>
	);
}

function Sheet({ target }: { target: Target }) {
	const { t, say } = useApp();
	const o = useOrder();
	const r = o.report;
	const doing = useDoing();
	const [category, set_category] = useState<order.Category | null>(null);
	const [words, set_words] = useState("");
	const [unsaid, set_unsaid] = useState(false);
	const send = () => {
		set_unsaid(!category);
		if (category)
			doing.run(async () => {
				await order.report(target.who.id, target.status?.id ?? null, category, words.trim());
				say({ text: r.sent });
				go("/report", true);
			});
	};
	return (
		<Form class="sheet pad stack wide" send={send} aria-labelledby="report">
			<header class="stack">
				<h1 id="report">{target.kind === "person" ? r.head.person(name_of(target.who)) : r.head[target.kind]}</h1>
				<p>{r.about}</p>
			</header>
			<Shown target={target} />
			<fieldset class="opts" aria-describedby={unsaid ? "unsaid" : undefined}>
				<legend class="lab">{r.category}</legend>
				{order.CATEGORIES.map((it) => (
					<label class="opt" key={it}>
						<input type="radio" name="category" value={it} checked={category === it}
							onChange={() => set_category(it)} />
						<span>{r.categories[it]}<small>{r.hints[it]}</small></span>
					</label>
				))}
				{unsaid && <Err id="unsaid" text={r.choose} />}
			</fieldset>
			<Field label={r.words} name="comment" value={words} set={set_words} rows={4} max={MOST_WORDS}
				hint={r.words_hint} error={doing.error} />
			<FormErr error={doing.error} fields={["comment"]} />
			<div class="line">
				<button class="btn go" disabled={doing.busy}>{r.send}</button>
				<a class="btn" href={back_to(target)}>{t.cancel}</a>
			</div>
			<p class="hint">{r.annoy}</p>
		</Form>
	);
}

function One({ query }: { query: URLSearchParams }) {
	const { data, error, reload } = useLoad(`report ${query}`, () => find(query));
	if (error)
		return <Failed error={error} again={reload} />;
	return data ? <Sheet target={data} /> : <Loading />;
}

function Line({ it }: { it: order.Report }) {
	const o = useOrder();
	const r = o.report;
	const outcome = it.outcome ?? "open";
	const { attr } = useLang(it.comment);
	return (
		<li class="row">
			<Icon name={outcome === "open" ? "clock" : outcome === "right" ? "check" : "flag"} />
			<div>
				<p><b>{r.categories[it.category]}</b>{" · "}
					{it.status_id ? <a href={`/posts/${it.status_id}`}>{r.on_post}</a> : r.on_person}
					{it.target_account ? <Name who={it.target_account} /> : r.gone}</p>
				{it.comment && <p class="cut soft" lang={attr}>{it.comment}</p>}
				<p class={outcome === "right" ? "good" : outcome === "open" ? "wait" : undefined}>{r.outcomes[outcome]}</p>
				<p class="soft small"><Time at={it.at} /></p>
			</div>
		</li>
	);
}

/** My reports, each with what came of it. */
function Mine() {
	const o = useOrder();
	const r = o.report;
	const more = useDoing();
	const { data, error, set, reload } = useLoad("my reports", () => order.reports());
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	return (
		<>
			<h1 class="sr">{r.mine}</h1>
			{data.items.length === 0 && <Empty title={r.none} text={r.none_more} />}
			{data.items.length > 0 && (
				<section class="sheet" aria-label={r.mine}>
					<ul class="rows">{data.items.map((it) => <Line key={it.id} it={it} />)}</ul>
				</section>
			)}
			<FormErr error={more.error} />
			{data.next && (
				<div class="pad">
					<button type="button" class="btn full" disabled={more.busy} onClick={() => more.run(async () => {
						const next = await order.reports(data.next);
						set((d) => ({ items: [...d.items, ...next.items], next: next.next }));
					})}>{r.more}</button>
				</div>
			)}
		</>
	);
}

export function Report({ query }: { query: URLSearchParams }) {
	const status = query.get("status");
	if (status && !/^\d+$/.test(status))
		return <Nothing />;
	return status || query.has("person") ? <One key={String(query)} query={query} /> : <Mine />;
}
