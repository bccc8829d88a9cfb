// friend-picker.tsx - finds friends by name or handle, to put them into an audience or a tag.

import { useEffect, useId, useState } from "preact/hooks";

import * as api from "../api";
import { useApp } from "../app";
import { guard_enter } from "./form";
import { Called, Face, name_of } from "./person";

/** Friends found for `text`, a quarter second after the last key; null while there is no answer. */
export function useFriendSearch(text: string): api.Account[] | null {
	const { heed } = useApp();
	const [found, set_found] = useState<api.Account[] | null>(null);
	useEffect(() => {
		set_found(null);
		const asked = text.trim();
		if (!asked)
			return;
		const stop = new AbortController();
		const timer = setTimeout(async () => {
			try {
				const people = await api.search_people(asked, stop.signal);
				const ties = await api.relationships(people.map((who) => who.id));
				const mine = new Set(ties.filter((r) => r.following).map((r) => r.id));
				if (!stop.signal.aborted)
					set_found(people.filter((who) => mine.has(who.id)));
			} catch (e) {
				if (!stop.signal.aborted)
					heed(e);
			}
		}, 250);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [text]);
	return found;
}

interface PickerProps {
	label: string;
	/** Ids that are chosen already and not offered again. */
	without: readonly string[];
	choose: (who: api.Account) => void;
}

export function FriendPicker({ label, without, choose }: PickerProps) {
	const { t } = useApp();
	const id = useId();
	const [text, set_text] = useState("");
	const found = useFriendSearch(text);
	const offered = found?.filter((who) => !without.includes(who.id));
	return (
		<div class="stack">
			<div class="field">
				<label for={id}>{label}</label>
				<input class="in" id={id} type="search" value={text} autoComplete="off"
					onKeyDown={(e) => {
						guard_enter(e);
						// The field stands inside forms that Enter must not send.
						if (e.key === "Enter")
							e.preventDefault();
					}}
					onInput={(e) => set_text(e.currentTarget.value)} />
			</div>
			<div class="line" role="status">
				{offered?.map((who) => (
					<button type="button" class="chip" key={who.id} onClick={() => {
						choose(who);
						set_text("");
					}}>
						<Face who={who} size="s" /><Called name={name_of(who)} />
					</button>
				))}
				{found?.length === 0 && <p class="hint">{t.write.person_none}</p>}
			</div>
		</div>
	);
}
