// look.tsx - the language and the theme of this page, kept in this browser.

import { useApp } from "../../app";
import type { Theme } from "../../keep";

export function Language() {
	const { t, set_lang } = useApp();
	const choices = [
		{ lang: "en", name: "English", attr: "en" }, { lang: "zh", name: "中文", attr: "zh-Hans" },
	];
	return (
		<section class="sheet pad stack" aria-labelledby="l">
			<h2 id="l">{t.settings.language}</h2>
			<fieldset class="line">
				<legend class="sr">{t.settings.language_legend}</legend>
				{choices.map(({ lang, name, attr }) => (
					<label class="chip" key={lang}>
						<input class="sr" type="radio" name="lang" checked={t.lang.startsWith(lang)}
							onChange={() => set_lang(lang)} />
						<span lang={attr}>{name}</span>
					</label>
				))}
			</fieldset>
		</section>
	);
}

const THEMES: (Theme | null)[] = [null, "light", "dark"];

export function Look() {
	const { t, theme, set_theme } = useApp();
	return (
		<section class="sheet pad stack" aria-labelledby="th">
			<h2 id="th">{t.settings.theme}</h2>
			<fieldset class="line">
				<legend class="sr">{t.settings.theme_legend}</legend>
				{THEMES.map((it) => (
					<label class="chip" key={it}>
						<input class="sr" type="radio" name="theme" checked={theme === it} onChange={() => set_theme(it)} />
						{t.settings.themes[it ?? "system"]}
					</label>
				))}
			</fieldset>
		</section>
	);
}
