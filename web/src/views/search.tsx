// search.tsx - people, posts and tags by what they are called and what they say; one character is enough.

import { useEffect, useId, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad } from "../app";
import { Failed, FormErr, Loading, guard_enter } from "../parts/form";
import { Face, Name, PersonRow, Time } from "../parts/person";
import { Shown } from "../parts/pictures";
import { Plain, text_of, useLang } from "../parts/words";
import { keep_address } from "../route";

const PER_PAGE = 20;

/** One post as a line: whose, when, the beginning of its words. */
export function PostLine({ it }: { it: api.Status }) {
	const { t } = useApp();
	const text = text_of(it);
	const { own, attr } = useLang(text);
	const first = it.media_attachments?.[0];
	return (
		<li class="row">
			<Face who={it.account} />
			<div>
				<p><Name who={it.account} /></p>
				{text && <p class="cut" lang={attr}><Plain text={text} lang={own} /></p>}
				<p class="soft small"><a class="when" href={`/posts/${it.id}`}><Time at={it.created_at} />
					<span class="sr"> {t.search.open}</span></a></p>
			</div>
			{first && <span class="thumb end"><Shown it={first} alt={first.description ?? ""} sizes="4rem" lazy /></span>}
		</li>
	);
}

function useFound(text: string) {
	const { heed } = useApp();
	const [found, set_found] = useState<api.Found | null>(null);
	useEffect(() => {
		const asked = text.trim();
		if (!asked) {
			set_found(null);
			return;
		}
		const stop = new AbortController();
		const timer = setTimeout(() => {
			api.search(asked, stop.signal).then(set_found, (e: unknown) => stop.signal.aborted || heed(e));
		}, 250);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [text]);
	return { found, set_found };
}

function Posts({ found, more }: { found: api.Status[]; more: (() => Promise<void>) | null }) {
	const { t } = useApp();
	const doing = useDoing();
	return (
		<section class="sheet" aria-labelledby="sp">
			<div class="head"><h2 id="sp">{t.search.posts}</h2></div>
			<ul class="rows">{found.map((it) => <PostLine key={it.id} it={it} />)}</ul>
			<div class="pad stack">
				<FormErr error={doing.error} />
				{more && <button type="button" class="btn full" disabled={doing.busy} onClick={() => doing.run(more)}>
					{t.feed.earlier}</button>}
			</div>
		</section>
	);
}

function Results({ text }: { text: string }) {
	const { t } = useApp();
	const { found, set_found } = useFound(text);
	const [end, set_end] = useState(false);
	useEffect(() => set_end(false), [text]);
	if (!found)
		return null;
	const { accounts, statuses, hashtags } = found;
	const n = accounts.length + statuses.length + hashtags.length;
	const more = async () => {
		const next = await api.search_posts(text.trim(), statuses[statuses.length - 1]!.id);
		set_end(next.statuses.length < PER_PAGE);
		set_found({ ...found, statuses: [...statuses, ...next.statuses] });
	};
	return (
		<>
			<p class={n === 0 ? "sheet pad soft" : "sr"} role="status">{n === 0 ? t.search.none : t.search.n(n)}</p>
			{accounts.length > 0 && (
				<section class="sheet" aria-labelledby="sa">
					<div class="head"><h2 id="sa">{t.search.people}</h2></div>
					<ul class="rows">{accounts.map((who) => <PersonRow key={who.id} who={who} />)}</ul>
				</section>
			)}
			{hashtags.length > 0 && (
				<section class="sheet pad stack" aria-labelledby="st">
					<h2 id="st">{t.search.tags}</h2>
					<p class="line">{hashtags.map(({ name }) => (
						<a class="chip" key={name} href={`/search?tag=${encodeURIComponent(name)}`}>#{name}</a>
					))}</p>
				</section>
			)}
			{statuses.length > 0 && <Posts found={statuses}
				more={!end && statuses.length >= PER_PAGE ? more : null} />}
		</>
	);
}

function Tagged({ tag }: { tag: string }) {
	const { t } = useApp();
	const { data, error, set, reload } = useLoad(`tag ${tag}`, () => api.tagged(tag));
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	if (data.items.length === 0)
		return <p class="sheet pad soft">{t.search.none}</p>;
	return <Posts found={data.items} more={data.next ? async () => {
		const page = await api.tagged(tag, data.next);
		set((d) => ({ items: [...d.items, ...page.items], next: page.next }));
	} : null} />;
}

export function Search({ query }: { query: URLSearchParams }) {
	const { t } = useApp();
	const id = useId();
	const tag = query.get("tag");
	const [text, set_text] = useState(query.get("q") ?? (tag ? `#${tag}` : ""));
	useEffect(() => set_text(query.get("q") ?? (tag ? `#${tag}` : "")), [query]);
	// The address keeps what was asked, so that going back from a result finds it again.
	useEffect(() => {
		if (text.trim() && text !== `#${tag}`)
			keep_address(`/search?q=${encodeURIComponent(text.trim())}`);
	}, [text]);
	return (
		<>
			<form class="sheet pad" role="search" onSubmit={(e) => e.preventDefault()}>
				<div class="field">
					<label for={id}>{t.search.label}</label>
					<input class="in" id={id} type="search" value={text} autoComplete="off" autoCapitalize="none"
						onKeyDown={guard_enter} onInput={(e) => set_text(e.currentTarget.value)} />
				</div>
				<p class="hint">{t.search.hint}</p>
			</form>
			{tag && text === `#${tag}` ? <Tagged tag={tag} /> : <Results text={text} />}
		</>
	);
}
