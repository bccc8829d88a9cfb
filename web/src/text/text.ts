// text.ts - picks the catalogue: what this browser chose before, else its own setting.

import { keep_language, language } from "../keep";
import { en, type Text } from "./en";
import { zh } from "./zh";

export type { Text };

const CATALOGUES: Record<string, Text> = { en, zh };

export function first_text(): Text {
	const chosen = language();
	if (chosen && CATALOGUES[chosen])
		return CATALOGUES[chosen];
	const asked = navigator.languages.find((l) => /^(en|zh)\b/i.test(l));
	return asked?.toLowerCase().startsWith("zh") ? zh : en;
}

/** The catalogue of a language tag, kept for the next visit. */
export function choose_text(lang: string): Text {
	const key = lang.startsWith("zh") ? "zh" : "en";
	keep_language(key);
	return CATALOGUES[key]!;
}
