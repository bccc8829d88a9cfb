// ladder.tsx - the two ladders, on a piece and on a person, and where one stands on them.

import { useId } from "preact/hooks";

import type { MeasureKind } from "../api";
import { useApp, useLoad } from "../app";
import * as order from "../api/order";
import { day } from "../pure/time";
import { useOrder } from "./worded";

const PIECE = ["label", "fold", "hold"] as const;
const PERSON = ["notice", "fewer", "no_friends", "freeze", "seal"] as const;

/** The ladder on a piece, with the step it is on. */
export function Ladders({ piece }: { piece: MeasureKind }) {
	const o = useOrder();
	const here = PIECE.findIndex((step) => step === piece);
	return (
		<>
			<ol class="ladder" aria-label={o.on_piece}>
				{PIECE.map((step, i) => (
					<li class={i < here ? "past" : undefined} aria-current={i === here ? "step" : undefined}>
						{o.piece_steps[step]}
					</li>
				))}
			</ol>
			<p class="hint">{o.piece_hint}</p>
		</>
	);
}

/** The ladder on a person: the highest step in force, and those below it; what the program cannot do is dotted. */
export function PersonLadder({ current }: { current: readonly MeasureKind[] }) {
	const o = useOrder();
	const here = PERSON.reduce((highest, step, i) => (current.includes(step) ? i : highest), -1);
	return (
		<ol class="ladder" aria-label={o.on_person}>
			{PERSON.map((step, i) => (
				<li class={i < here ? "past" : i === 0 ? undefined : "far"} aria-current={i === here ? "step" : undefined}>
					{o.person_steps[step]}
				</li>
			))}
		</ol>
	);
}

/** What counts against me, and until when: asked for beside the measures, and left out where it is not there. */
export function Standing({ current }: { current: readonly MeasureKind[] }) {
	const { t } = useApp();
	const o = useOrder();
	const id = useId();
	const { data } = useLoad("standing", order.standing);
	if (!data)
		return null;
	return (
		<section class="sheet pad stack" aria-labelledby={id}>
			<h2 id={id}>{o.where}</h2>
			<p>{data.points === 0 ? o.no_points : o.standing(data.points, data.offences)}
				{data.points > 0 && data.decays_at && <> {o.decays(day(new Date(data.decays_at), new Date(), t.time.locale))}</>}</p>
			<PersonLadder current={current} />
			<p class="hint">{o.person_hint}</p>
		</section>
	);
}
