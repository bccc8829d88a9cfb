// beside.tsx - what stands beside the words of a post that is written: a place, and a card for a link.

import { useId, useState } from "preact/hooks";

import type { CardDraft } from "../api";
import { useApp } from "../app";
import { links } from "../pure/words";
import { Field } from "./form";
import { Icon } from "./icon";

// As in src/model/limits.h.
const MOST_PLACE = 60;
const MOST_TITLE = 120;
const MOST_ABOUT = 300;

/** A line that opens into a field. */
export function PlaceField({ place, set }: { place: string; set: (place: string) => void }) {
	const { t } = useApp();
	return (
		<details class="pad">
			<summary class="line b"><Icon name="pin" />{t.write.place}
				<span class="soft small cut">{place || t.write.place_none}</span></summary>
			<Field label={t.write.place_label} name="kith_place" value={place} set={set} max={MOST_PLACE}
				hint={t.write.place_hint} />
		</details>
	);
}

/** The card as it is sent: what stands for the address when there is no title is the address's host. */
export function card_of(card: CardDraft): CardDraft {
	return { ...card, title: card.title.trim() || new URL(card.url).host, about: card.about.trim() };
}

/** Offered for the first address in the words. The page asks nobody about it: the author says what it is. */
export function CardField(
	{ card, text, set }: { card: CardDraft | null; text: string; set: (card: CardDraft | null) => void },
) {
	const { t } = useApp();
	const id = useId();
	const [closed, set_closed] = useState(false);
	const found = links(text).find((part) => part.href)?.href ?? null;
	if (!card)
		return found && !closed
			? (
				<div class="pad line">
					<Icon name="link" /><p class="cut">{t.write.card_offer(new URL(found).host)}</p>
					<button type="button" class="btn"
						onClick={() => set({ url: found, title: "", about: "" })}>{t.write.card_make}</button>
					<button type="button" class="btn quiet" onClick={() => set_closed(true)}>{t.write.card_no}</button>
				</div>
			) : null;
	return (
		<fieldset class="pad stack" aria-describedby={`${id}h`}>
			<legend class="line b"><Icon name="link" />{t.write.card}</legend>
			<p class="soft small cut">{card.url}</p>
			<Field label={t.write.card_title} name="kith_card" value={card.title} max={MOST_TITLE}
				set={(title) => set({ ...card, title })} />
			<Field label={t.write.card_about} name="kith_card_about" value={card.about} max={MOST_ABOUT}
				set={(about) => set({ ...card, about })} />
			<p class="hint" id={`${id}h`}>{t.write.card_hint}</p>
			<button type="button" class="btn quiet" onClick={() => {
				set(null);
				set_closed(true);
			}}>{t.write.card_drop}</button>
		</fieldset>
	);
}
