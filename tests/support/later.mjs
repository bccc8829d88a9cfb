// Time that passes: the server rests, and what is written of its clocks is moved into the past.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Kith } from './kith.mjs';

export const DAY_MS = 24 * 3600 * 1000;

const MOVE = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute(sys.argv[2], (int(sys.argv[3]),))
db.commit()`;
const POLICIES = `UPDATE policies SET published_at_ms = CASE published_at_ms WHEN 0 THEN 0 ELSE published_at_ms - ?1 END, binds_at_ms = binds_at_ms - ?1,
	urgent_until_ms = CASE urgent_until_ms WHEN 0 THEN 0 ELSE urgent_until_ms - ?1 END`;
const VOTES = 'UPDATE seats SET voted_at_ms = voted_at_ms - ?1 WHERE voted_at_ms > 0';

async function moved(kith, sql, ms, people) {
	await kith.stop({ keep: true });
	const done = spawnSync('python3', ['-c', MOVE, join(kith.dir, 'kith.db'), sql, String(ms)]);
	if (done.status !== 0) throw new Error(String(done.stderr));
	const after = await Kith.start({ dir: kith.dir });
	for (const person of people) person.url = after.url;
	return after;
}

/** Gives the server that runs then, on the same directory, which the caller keeps; `people` talk to it from then on. */
export const policies_later = (kith, days, people = []) => moved(kith, POLICIES, days * DAY_MS, people);
/** The same after votes of jurors were given so long ago that they can be changed no more. */
export const votes_later = (kith, minutes, people = []) => moved(kith, VOTES, minutes * 60_000, people);

/** Waits until `is()` is true: what the sweep does is done soon after a start. */
export async function until(what, is) {
	for (let n = 0; n < 200; n++) {
		if (await is()) return;
		await new Promise((done) => setTimeout(done, 50));
	}
	throw new Error(`not yet: ${what}`);
}
