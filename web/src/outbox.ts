// outbox.ts - posts written without a connection: kept in this browser, sent in order when there is one again.
//
// Each keeps the key it was first sent with, so that one that did arrive while its answer was lost is not made twice.

import * as api from "./api";
import { keep_waiting, waiting, type Waiting } from "./keep";

let sending = false;

export function post_later(me: string, it: Waiting): void {
	keep_waiting(me, [...waiting(me).filter((w) => w.key !== it.key), it]);
}

export const waiting_count = (me: string) => waiting(me).length;

/** Sends what waits. `refused` gets back what the server will not take, so that no word is lost. */
export async function send_waiting(
	me: string, sent: (status: api.Status) => void, refused: (it: Waiting, error: api.ApiError) => void,
): Promise<void> {
	if (sending)
		return;
	sending = true;
	try {
		for (let [first] = waiting(me); first; [first] = waiting(me)) {
			const { key, draft } = first;
			try {
				sent(await api.publish(draft, key));
			} catch (e) {
				if (!(e instanceof api.ApiError) || e.status === 0 || e.status === 401 || e.status >= 500
					|| e.status === 429)
					return;
				refused(first, e);
			}
			keep_waiting(me, waiting(me).filter((w) => w.key !== key));
		}
	} finally {
		sending = false;
	}
}
