// folds.ts - copies by different authors put together, so that they take one line of a list.

interface Folded {
	status: {
		id: string;
		account: { id: string };
		kith_fold?: { first: string } | null;
	};
}

/** One place of a list: a post with the copies of it, or copies alone where the first is not in the list. */
export interface Place<M> {
	/** Of the post, or of the first that is elsewhere: the same when it comes. */
	id: string;
	post: M | null;
	/** In the order of the list. */
	copies: M[];
}

/** Copies stand under the first, or in the place of the topmost of them. One's own writing is never put away. */
export function put_together<M extends Folded>(items: readonly M[], me: string): Place<M>[] {
	const here = new Map(items.map((m) => [m.status.id, m]));
	const first_of = (m: M): string | null => {
		const first = m.status.kith_fold?.first ?? null;
		// What is put away itself takes nobody in.
		return first !== null && m.status.account.id !== me && !here.get(first)?.status.kith_fold ? first : null;
	};
	const places = new Map<string, Place<M>>();
	const copies = new Map<string, M[]>();
	for (const m of items) {
		const first = first_of(m);
		const id = first ?? m.status.id;
		if (!copies.has(id))
			copies.set(id, []);
		if (first !== null)
			copies.get(id)!.push(m);
		if (first === null || (!here.has(first) && !places.has(first)))
			places.set(id, { id, post: first === null ? m : null, copies: copies.get(id)! });
	}
	return [...places.values()];
}
