// words.tsx - people's words as text: links show where they lead, other scripts carry their language.
//
// Nothing a server or a person sends is ever taken for HTML here; all of it becomes text nodes.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Status } from "../api";
import { useApp } from "../app";
import { hashtags, lang_of, links, runs, same_lang, type Lang } from "../pure/words";

/** The text inside simple HTML, line breaks kept: what clients get where there is no plain form. */
export function plain(html: string): string {
	const broken = html.replace(/<br\s*\/?>/gi, "\n").replace(/<\/p>\s*<p>/gi, "\n\n");
	return new DOMParser().parseFromString(broken, "text/html").body.textContent ?? "";
}

export const text_of = (status: Status) => status.kith_text ?? plain(status.content);

/** Words without links, for inside a link. */
export function Plain({ text, lang }: { text: string; lang: Lang | null }) {
	return (
		<>
			{runs(text, lang).map((run) =>
				run.lang ? <span lang={run.lang}>{run.text}</span> : run.text)}
		</>
	);
}

type Tags = readonly { name: string }[] | undefined;

/** Words with those #words as links that the server takes for tags. */
function Tagged({ text, lang, tags }: { text: string; lang: Lang | null; tags: Tags }) {
	if (!tags?.length)
		return <Plain text={text} lang={lang} />;
	return (
		<>
			{hashtags(text, tags.map((tag) => tag.name)).map((part) =>
				part.tag
					? <a href={`/search?tag=${encodeURIComponent(part.tag)}`}>{part.text}</a>
					: <Plain text={part.text} lang={lang} />)}
		</>
	);
}

/** Words inside an element that carries `lang` itself. */
export function Inline({ text, lang, tags }: { text: string; lang: Lang | null; tags?: Tags }) {
	return (
		<>
			{links(text).map((part) =>
				part.href
					? (
						<a href={part.href} title={part.href} target="_blank" rel="noopener noreferrer nofollow">
							{part.host}
						</a>
					)
					: <Tagged text={part.text} lang={lang} tags={tags} />)}
		</>
	);
}

/** `lang` of a text for its element, and for `Inline` inside it. */
export function useLang(text: string): { own: Lang | null; attr: Lang | undefined } {
	const { t } = useApp();
	const own = lang_of(text);
	return { own, attr: own && !same_lang(own, t.lang) ? own : undefined };
}

/** The words of a post, folded after six lines unless `whole`. */
export function Words(
	{ text, tags, whole = false }: { text: string; tags?: Tags; whole?: boolean },
) {
	const { t } = useApp();
	const { own, attr } = useLang(text);
	const box = useRef<HTMLParagraphElement>(null);
	const [long, set_long] = useState(false);
	const [open, set_open] = useState(whole);

	useLayoutEffect(() => {
		const measure = () => {
			const p = box.current;
			if (p && !open)
				set_long(p.scrollHeight > p.clientHeight + 2);
		};
		measure();
		if (open)
			return;
		addEventListener("resize", measure);
		return () => removeEventListener("resize", measure);
	}, [text, open]);

	return (
		<>
			<p class={open ? "text" : "text fold"} lang={attr} ref={box}>
				<Inline text={text} lang={own} tags={tags} />
			</p>
			{long && !whole && (
				<button type="button" class="btn quiet" aria-expanded={open}
					onClick={() => set_open(!open)}>
					{open ? t.post.less : t.post.whole}
				</button>
			)}
		</>
	);
}
