// apart.ts - catalogues of their own, fetched with the views that say them: the circle opens without their words.

import type { Key } from "./text";

export type Order = typeof import("./en/order").order;
export type Console = typeof import("./en/console").console_words;

interface Apart {
	order: Order;
	console: Console;
}

const FETCH: { [N in keyof Apart]: Record<Key, () => Promise<Apart[N]>> } = {
	order: {
		en: async () => (await import("./en/order")).order,
		zh: async () => (await import("./zh/order")).order,
	},
	console: {
		en: async () => (await import("./en/console")).console_words,
		zh: async () => (await import("./zh/console")).console_words,
	},
};

const here = new Map<string, unknown>();

export const key_of = (lang: string): Key => (lang.startsWith("zh") ? "zh" : "en");

export const has_words = (name: keyof Apart, key: Key) => here.has(`${name} ${key}`);

export async function fetch_words(name: keyof Apart, key: Key): Promise<void> {
	here.set(`${name} ${key}`, await FETCH[name][key]());
}

/** Only where `fetch_words` has brought them: inside a view of `worded`. */
export function words_here<N extends keyof Apart>(name: N, key: Key): Apart[N] {
	const it = here.get(`${name} ${key}`);
	if (!it)
		throw new Error(`no words of ${name}`);
	return it as Apart[N];
}

export type ApartName = keyof Apart;
