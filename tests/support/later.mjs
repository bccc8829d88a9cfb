// Days that pass for published policies: the server rests, and what is written of them is moved into the past.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Kith } from './kith.mjs';

export const DAY_MS = 24 * 3600 * 1000;

const MOVE = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("""UPDATE policies SET published_at_ms = published_at_ms - ?1, binds_at_ms = binds_at_ms - ?1,
	urgent_until_ms = CASE urgent_until_ms WHEN 0 THEN 0 ELSE urgent_until_ms - ?1 END""", (int(sys.argv[2]),))
db.commit()`;

/** Gives the server that runs then, on the same directory, which the caller keeps; `people` talk to it from then on. */
export async function policies_later(kith, days, people = []) {
	await kith.stop();
	const moved = spawnSync('python3', ['-c', MOVE, join(kith.dir, 'kith.db'), String(days * DAY_MS)]);
	if (moved.status !== 0) throw new Error(String(moved.stderr));
	const after = await Kith.start({ dir: kith.dir });
	for (const person of people) person.url = after.url;
	return after;
}

/** Waits until `is()` is true: what the sweep does is done soon after a start. */
export async function until(what, is) {
	for (let n = 0; n < 200; n++) {
		if (await is()) return;
		await new Promise((done) => setTimeout(done, 50));
	}
	throw new Error(`not yet: ${what}`);
}
