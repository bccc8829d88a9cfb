// feed.tsx - the circle: cover, then friends' posts, strictly newest first.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useMe } from "../app";
import {
	change_in_feed, circle, id_of, load_first, load_more, look_for_newer, on_circle, show_newer,
} from "../circle";
import { Together } from "../parts/folds";
import { Empty, Failed, FormErr, Loading } from "../parts/form";
import { Hills } from "../parts/icon";
import { Face, cover_of, foreign, name_of, path_of } from "../parts/person";
import { Post } from "../parts/post";
import { plain } from "../parts/words";

export function Cover({ who, head }: { who: api.Account; head?: boolean }) {
	const { t } = useApp();
	const cover = cover_of(who);
	const name = name_of(who);
	const lang = foreign(name, t.lang);
	return (
		<>
			<div class="cover">
				{cover
					? (
						<picture>
							{who.kith_cover && <source type="image/webp" srcset={who.kith_cover.webp} />}
							<img src={cover} width={800} height={420} alt={t.person.cover} />
						</picture>
					) : <Hills label={t.person.cover} />}
			</div>
			<div class="me">
				{head
					? <h1 class="title" lang={lang}>{name}</h1>
					: <a class="title name" href={path_of(who)} lang={lang}>{name}</a>}
				<Face who={who} size="l" />
			</div>
		</>
	);
}

export function signature(who: api.Account): string {
	return (who as api.Me).source?.note ?? plain(who.note);
}

// Feed pattern of WAI-ARIA: Page Down and Page Up go from article to article.
export function step_in_feed(e: KeyboardEvent): void {
	if (e.key !== "PageDown" && e.key !== "PageUp")
		return;
	const here = (e.target as Element).closest("[aria-posinset]");
	if (!here || (e.target as Element).matches("input, textarea"))
		return;
	const next = e.key === "PageDown" ? here.nextElementSibling : here.previousElementSibling;
	if (next instanceof HTMLElement) {
		e.preventDefault();
		next.focus();
	}
}

function Pill({ show }: { show: () => void }) {
	const { t } = useApp();
	const n = circle()?.fresh.length ?? 0;
	const first = circle()?.fresh[0];
	return (
		<div class="news" role="status">
			{first && (
				<button type="button" class="pill" onClick={show}>
					<Face who={first.status.account} size="s" />{t.feed.fresh(n)}
				</button>
			)}
		</div>
	);
}

function Earlier() {
	const { t } = useApp();
	const more = useDoing();
	if (!circle()?.next)
		return <p class="pad soft">{t.feed.end}</p>;
	return (
		<div class="pad stack">
			<FormErr error={more.error} />
			<button type="button" class="btn full" disabled={more.busy}
				onClick={() => more.run(load_more)}>
				{more.busy ? t.loading : t.feed.earlier}
			</button>
		</div>
	);
}

export function Feed() {
	const { t, heed } = useApp();
	const me = useMe();
	const [, set_round] = useState(0);
	const first = useDoing();
	const list = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const stop = on_circle(() => set_round((n) => n + 1));
		if (circle())
			look_for_newer().catch(heed);
		else
			first.run(load_first);
		return stop;
	}, []);

	const show = () => first.run(async () => {
		await show_newer();
		scrollTo(0, 0);
		requestAnimationFrame(() =>
			list.current?.querySelector("article")?.focus({ preventScroll: true }));
	});
	const note = signature(me);
	const kept = circle();
	return (
		<>
			<h1 class="sr">{t.feed.title}</h1>
			<Cover who={me} />
			<p class="sig" lang={foreign(note, t.lang)}>{note}</p>
			<Pill show={show} />
			{!kept && (first.error
				? <Failed error={first.error} again={() => first.run(load_first)} />
				: <div class="whole"><Loading /></div>)}
			{kept && kept.items.length === 0 && (
				<Empty title={t.feed.empty} text={t.feed.empty_more}>
					<a class="btn go" href="/friends">{t.feed.find}</a>
					<a class="btn" href="/?write">{t.frame.write}</a>
				</Empty>
			)}
			{kept && kept.items.length > 0 && (
				<>
					<div role="feed" aria-label={t.feed.label} aria-busy={first.busy} ref={list}
						onKeyDown={step_in_feed}>
						<Together items={kept.items} post={(m, more) => (
							<Post key={id_of(m)} moment={m} change={(f) => change_in_feed(id_of(m), f)} {...more} />
						)} />
					</div>
					<Earlier />
				</>
			)}
		</>
	);
}
