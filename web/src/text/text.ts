// text.ts - picks the catalogue: what this browser chose before, else its own setting. Each is a part of its own.

import { keep_language, language } from "../keep";
import type { Text } from "./en";

export type { Text };

export type Key = "en" | "zh";

const CATALOGUES: Record<Key, () => Promise<Text>> = {
	en: async () => (await import("./en")).en,
	zh: async () => (await import("./zh")).zh,
};

export function first_key(): Key {
	const chosen = language();
	if (chosen === "en" || chosen === "zh")
		return chosen;
	const asked = navigator.languages.find((l) => /^(en|zh)\b/i.test(l));
	return asked?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const text_for = (key: Key) => CATALOGUES[key]();

/** The catalogue of a language tag, kept for the next visit. */
export function choose_text(lang: string): Promise<Text> {
	const key = lang.startsWith("zh") ? "zh" : "en";
	keep_language(key);
	return text_for(key);
}
