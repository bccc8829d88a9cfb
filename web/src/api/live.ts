// live.ts - what the server says by itself: one stream of events, opened again when it breaks.
//
// The stream tells ids and never words: what is shown is asked for by the usual way. Whoever opens it again names the
// last event that was heard, and the server goes on from there: the browser does so when it reconnects by itself, and
// we do when it was refused or had been put aside.

export interface Live {
	/** A new post in my feed. */
	moment: (id: string) => void;
	/** Words, reactions or audience of a post I may see changed. */
	changed: (id: string) => void;
	gone: (id: string) => void;
	notice: (unread: number) => void;
	requests: (open: number) => void;
	/** What waits for stewards is another list now. */
	cases: () => void;
	/** Too much was missed: ask for everything anew. */
	reload: () => void;
	/** The session may have ended: ask who I am. */
	bye: () => void;
	/** Whether events come by themselves now; while they do not, one has to ask, and once when they begin to. */
	flowing: (yes: boolean) => void;
}

interface Said {
	id: string;
	unread: number;
	open: number;
}

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 120_000;

let last = "";

/** Opens the stream and keeps it open until the answer is called. */
export function listen_live(live: Live): () => void {
	let source: EventSource | null = null;
	let timer = 0;
	let wait = FIRST_WAIT_MS;
	let over = false;

	const hear = (name: string, act: (said: Said) => void) =>
		source!.addEventListener(name, (e) => {
			const it = e as MessageEvent<string>;
			last = it.lastEventId || last;
			act(JSON.parse(it.data || "{}") as Said);
		});
	const open = () => {
		source = new EventSource(`/api/kith/v1/live${last && `?last_event_id=${last}`}`);
		source.onopen = () => {
			wait = FIRST_WAIT_MS;
			live.flowing(true);
		};
		source.onerror = () => {
			live.flowing(false);
			// While it is connecting the browser tries again by itself; refused, it gives up.
			if (source?.readyState === EventSource.CLOSED && !over) {
				// Not all at the same moment: half of the wait is chance.
				timer = window.setTimeout(open, wait / 2 + Math.random() * wait / 2);
				wait = Math.min(wait * 2, LONGEST_WAIT_MS);
			}
		};
		hear("moment", (it) => live.moment(it.id));
		hear("changed", (it) => live.changed(it.id));
		hear("gone", (it) => live.gone(it.id));
		hear("notice", (it) => live.notice(it.unread));
		hear("requests", (it) => live.requests(it.open));
		hear("cases", () => live.cases());
		hear("reload", () => live.reload());
		hear("bye", () => live.bye());
	};
	open();
	return () => {
		over = true;
		clearTimeout(timer);
		source?.close();
		live.flowing(false);
	};
}
