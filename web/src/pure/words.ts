// words.ts - what a run of text is made of: which script it is in, and where its links are.

export type Lang = "en" | "zh-Hans" | "zh-Hant" | "ja" | "ko";

// Characters common in one form of Chinese and absent from the other.
const HANT = /[這們個來時會說對國過還後經學頭樣點開關東車門問間長見親讓請謝誰麼嗎買賣錢]/gu;
const HANS = /[这们个来时会说对国过还后经学头样点开关东车门问间长见亲让请谢谁么吗买卖钱]/gu;
const COMMON_HAN = /\p{Script=Han}/gu;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;
const LATIN_WORD = /\p{Script=Latin}{2,}/gu;

function count(text: string, what: RegExp): number {
	return text.match(what)?.length ?? 0;
}

function chinese(text: string): Lang {
	return count(text, HANT) > count(text, HANS) ? "zh-Hant" : "zh-Hans";
}

/** Language of the greater part of `text`; null when it has no letters to tell by. */
export function lang_of(text: string): Lang | null {
	if (KANA.test(text))
		return "ja";
	if (HANGUL.test(text))
		return "ko";
	const han = count(text, COMMON_HAN);
	// One Chinese character carries about as much as one Latin word.
	const latin = count(text, LATIN_WORD);
	if (han === 0 && latin === 0)
		return null;
	return han >= latin ? chinese(text) : "en";
}

/** Whether two tags name the same language for glyphs and voice ("zh" covers "zh-Hans"). */
export function same_lang(a: string, b: string): boolean {
	return a === b || a.startsWith(`${b}-`) || b.startsWith(`${a}-`);
}

export interface Run {
	text: string;
	/** Set where the run is in another language than the text around it. */
	lang: Lang | null;
}

// A run of Chinese keeps the punctuation and spaces inside it, so that one sentence is one run.
const HAN_RUN = /\p{Script=Han}(?:[\p{Script=Han}\p{P}\d\s]*[\p{Script=Han}。！？）》」』])?/gu;
const LATIN_RUN = /\p{Script=Latin}{2,}(?:[\p{Script=Latin}\p{M}'’,\- ]*\p{Script=Latin})?/gu;

/** Cuts `text`, which is mostly in `lang`, where the other script begins and ends. */
export function runs(text: string, lang: Lang | null): Run[] {
	if (lang === null || lang === "ja" || lang === "ko")
		return [{ text, lang: null }];
	const english = lang === "en";
	const made: Run[] = [];
	let done = 0;
	for (const found of text.matchAll(english ? HAN_RUN : LATIN_RUN)) {
		if (found.index! > done)
			made.push({ text: text.slice(done, found.index), lang: null });
		made.push({ text: found[0], lang: english ? chinese(found[0]) : "en" });
		done = found.index! + found[0].length;
	}
	if (done < text.length)
		made.push({ text: text.slice(done), lang: null });
	return made;
}

export interface Part {
	text: string;
	/** Where it leads; only http and https. */
	href: string | null;
	/** The host to show instead of the address, in its ASCII form. */
	host: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"'`，。！？；：、（）【】《》「」『』“”‘’]+/giu;
const TAIL = /[.,;:!?)\]}*_~]+$/u;

function address(found: string): URL | null {
	try {
		const url = new URL(found);
		return url.protocol === "http:" || url.protocol === "https:" ? url : null;
	} catch {
		return null;
	}
}

/** Cuts `text` into plain parts and addresses. The parts joined are the text again. */
export function links(text: string): Part[] {
	const made: Part[] = [];
	let done = 0;
	const plain = (to: number) => {
		if (to > done)
			made.push({ text: text.slice(done, to), href: null, host: null });
	};
	for (const match of text.matchAll(ADDRESS)) {
		// A sentence's own full stop or bracket is not part of the address.
		const found = match[0].replace(TAIL, "");
		const url = address(found);
		if (!url)
			continue;
		plain(match.index!);
		made.push({ text: found, href: url.href, host: url.host });
		done = match.index! + found.length;
	}
	plain(text.length);
	return made;
}

/** Cuts `text` where one of `names` (as the server folds them) stands behind a # sign. */
export function hashtags(text: string, names: readonly string[]): { text: string; tag: string | null }[] {
	const known = new Set(names.map((name) => name.normalize("NFKC").toLowerCase()));
	const made: { text: string; tag: string | null }[] = [];
	let done = 0;
	for (const match of text.matchAll(/[#＃]([\p{L}\p{M}\p{N}_]+)/gu)) {
		const tag = match[1]!.normalize("NFKC").toLowerCase();
		if (!known.has(tag))
			continue;
		if (match.index! > done)
			made.push({ text: text.slice(done, match.index), tag: null });
		made.push({ text: match[0], tag });
		done = match.index! + match[0].length;
	}
	if (done < text.length || made.length === 0)
		made.push({ text: text.slice(done), tag: null });
	return made;
}

/** Code points, which is how the server counts the length of a text. */
export function length_of(text: string): number {
	let n = 0;
	for (const _ of text)
		n++;
	return n;
}
