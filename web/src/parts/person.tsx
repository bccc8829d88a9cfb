// person.tsx - a face, a name, a time: the small parts people's lines are made of.

import type { ComponentChildren } from "preact";

import type { Account } from "../api";
import { useApp, useNow } from "../app";
import { ago, exact } from "../pure/time";
import { lang_of, same_lang } from "../pure/words";

export function name_of(who: Account): string {
	return who.display_name || who.username;
}

export const path_of = (who: Account) => `/people/${encodeURIComponent(who.username)}`;

/** `lang` attribute for a run of text; undefined where it is the page's own language. */
export function foreign(text: string, page: string): string | undefined {
	const lang = lang_of(text);
	return lang === null || same_lang(lang, page) ? undefined : lang;
}

// FNV-1a: the same person has the same colour everywhere and on every visit.
function shade(id: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < id.length; i++)
		h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
	return (h >>> 0) % 8;
}

/** A picture of the server's own, or null where it only has a stand-in. */
function picture(url: string): string | null {
	if (!url)
		return null;
	return new URL(url, location.href).pathname.startsWith("/assets/") ? null : url;
}

/** The first letter of a name on a colour of its own: for who has no picture, and for groups. */
export function Letter({ id, name, size = "" }: { id: string; name: string; size?: "" | "s" | "l" }) {
	const first = [...name][0] ?? "·";
	return (
		<span class={`av letter ${size} c${shade(id)}`} lang={lang_of(first) ?? undefined} aria-hidden="true">
			{first.toUpperCase()}
		</span>
	);
}

/** Face of a person: their picture, or their first letter on a colour of their own. */
export function Face({ who, size = "" }: { who: Account; size?: "" | "s" | "l" }) {
	const src = picture(who.avatar);
	if (src)
		return (
			<picture>
				{who.kith_avatar && <source type="image/webp" srcset={who.kith_avatar.webp} />}
				<img class={`av ${size}`} src={src} width={44} height={44} alt="" loading="lazy" />
			</picture>
		);
	return <Letter id={who.id} name={name_of(who)} size={size} />;
}

export function cover_of(who: Account): string | null {
	return picture(who.header);
}

export function Name({ who, id }: { who: Account; id?: string }) {
	const { t } = useApp();
	const name = name_of(who);
	return (
		<a class="name" id={id} href={path_of(who)} lang={foreign(name, t.lang)}>{name}</a>
	);
}

/** A name as plain text, with its language. */
export function Called({ name }: { name: string }) {
	const { t } = useApp();
	return <span lang={foreign(name, t.lang)}>{name}</span>;
}

export function Time({ at }: { at: string }) {
	const { t } = useApp();
	const now = useNow();
	const date = new Date(at);
	return (
		<time dateTime={at} title={exact(date, t.time.locale)}>{ago(date, now, t.time)}</time>
	);
}

/** One person in a list: face, name, what there is to say, what there is to do. */
export function PersonRow(
	{ who, note, children }:
	{ who: Account; note?: ComponentChildren; children?: ComponentChildren },
) {
	return (
		<li class="row">
			<Face who={who} />
			<div>
				<Name who={who} />
				<p class="soft small">@{who.username}{note ? <> · {note}</> : null}</p>
			</div>
			{children}
		</li>
	);
}
