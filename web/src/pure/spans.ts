// spans.ts - cuts a text into marked and plain pieces.
//
// The server counts in bytes of UTF-8 and a string here counts in UTF-16 units, so offsets are
// carried over first. An offset inside a character is moved outwards: a mark never cuts a letter.

export type Span = readonly [from: number, to: number];

export interface Piece {
	text: string;
	/** Numbers of the reasons that mark this piece, ascending; empty where it is plain. */
	marks: number[];
	/** Numbers of the marks that end with this piece: they are written behind it. */
	ends: number[];
}

/** UTF-16 index of every byte: `at[b]` is the start of the character that holds byte `b`. */
function byte_map(text: string): number[] {
	const at: number[] = [];
	let unit = 0;
	for (const char of text) {
		const code = char.codePointAt(0) ?? 0;
		const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
		for (let i = 0; i < bytes; i++)
			at.push(unit);
		unit += char.length;
	}
	at.push(unit);
	return at;
}

function to_units(at: number[], [from, to]: Span): Span | null {
	const last = at.length - 1;
	const first = at[Math.min(Math.max(from, 0), last)] ?? 0;
	let end = Math.min(Math.max(to, 0), last);
	while (end < last && end > 0 && at[end] === at[end - 1])
		end++;
	const stop = at[end] ?? 0;
	return stop > first ? [first, stop] : null;
}

/** Pieces of `text` in order. `groups[i]` holds the byte spans of mark number `i + 1`. */
export function pieces(text: string, groups: readonly (readonly Span[])[]): Piece[] {
	const at = byte_map(text);
	const spans: { mark: number; from: number; to: number }[] = [];
	groups.forEach((group, i) => {
		for (const span of group) {
			const units = to_units(at, span);
			if (units)
				spans.push({ mark: i + 1, from: units[0], to: units[1] });
		}
	});

	const cuts = new Set([0, text.length]);
	for (const { from, to } of spans)
		cuts.add(from).add(to);
	const order = [...cuts].sort((a, b) => a - b);

	const made: Piece[] = [];
	for (let i = 0; i + 1 < order.length; i++) {
		const from = order[i]!;
		const to = order[i + 1]!;
		const over = spans.filter((s) => s.from <= from && s.to >= to);
		const marks = [...new Set(over.map((s) => s.mark))].sort((a, b) => a - b);
		const ends = marks.filter((m) => !spans.some((s) => s.mark === m && s.from <= to && s.to > to));
		made.push({ text: text.slice(from, to), marks, ends });
	}
	return made;
}
