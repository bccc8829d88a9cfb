// history.tsx - what a changed piece said before: every version that was shown, the newest first.

import * as api from "../api";
import { useApp, useLoad } from "../app";
import { Failed, Loading } from "../parts/form";
import { Icon } from "../parts/icon";
import { Called } from "../parts/person";
import { Pictures } from "../parts/pictures";
import { LinkCard } from "../parts/post";
import { Inline, plain, useLang } from "../parts/words";
import { when } from "../pure/time";

function One({ it, n, last }: { it: api.Version; n: number; last: boolean }) {
	const { t } = useApp();
	const text = it.kith_text ?? plain(it.content);
	const { own, attr } = useLang(text);
	const id = `v${n}`;
	return (
		<li class={last ? "now" : undefined} aria-labelledby={id}>
			<h2 class="small soft" id={id}>
				<time dateTime={it.created_at}>{when(new Date(it.created_at), t.time.locale)}</time>
				{" · "}{last ? t.history.now : n === 1 ? t.history.first : t.history.nth(n)}
			</h2>
			<p class="text" lang={attr}><Inline text={text} lang={own} /></p>
			<Pictures pictures={it.media_attachments ?? []} lazy />
			{it.card && <LinkCard card={it.card} />}
			{it.kith_place && <p class="place soft"><Icon name="pin" /><Called name={it.kith_place} /></p>}
		</li>
	);
}

export function History({ id }: { id: string }) {
	const { t } = useApp();
	const { data, error, reload } = useLoad(`history ${id}`, () => api.versions(id));
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	return (
		<div class="pad stack">
			<h1>{t.history.title}</h1>
			<p class="soft">{t.history.about}</p>
			<ol class="hist" reversed>
				{data.map((it, i) => <One key={it.created_at} it={it} n={i + 1} last={i === data.length - 1} />).reverse()}
			</ol>
			<p><a class="btn" href={`/posts/${id}`}>{t.history.back}</a></p>
		</div>
	);
}
