// What `kith check` finds wrong in a folder, and what a start clears away of one that was killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith, done, refused, run } from './support/kith.mjs';
import { bring } from './support/picture.mjs';

let place;

before(async () => {
	place = await mkdtemp(join(tmpdir(), 'kith-check-'));
});
after(() => rm(place, { recursive: true, force: true }));

/** Changes a database that no server has open. */
const sql = (dir, statement) =>
	execFileSync('python3', ['-c', 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()', join(dir, 'kith.db'), statement]);

test('check finds what is wrong, with a server and without', async () => {
	const kith = await Kith.start();
	const { ana, ben } = await kith.people(['ana', 'ben'], [['ana', 'ben']]);
	const picture = await bring(ana, { seed: 5 });
	const post = await ana.post('/api/v1/statuses', { media_ids: [picture.id], status: `hello @ben` });
	await ben.say('well', { in_reply_to_id: post.id });
	await ben.post(`/api/v1/statuses/${post.id}/favourite`);
	for (const words of ['one', 'two']) await ana.delete(`/api/v1/statuses/${(await ana.say(words)).id}`);
	assert.equal(done(await kith.command(['check'])), 'nothing is wrong');
	assert.equal(done(await kith.command(['check', '--json'])), '{"faults":0}');
	// several at once: one after the other has the copy of the database for itself
	const at_once = await Promise.all([1, 2, 3, 4].map(() => kith.command(['check'])));
	assert.ok(at_once.some(({ code }) => code === 0));
	for (const one of at_once) if (one.code !== 0) refused(one, /Another check runs/);
	await kith.stop({ keep: true });
	assert.equal(done(await kith.command(['check'])), 'nothing is wrong');
	// what a process that was killed left of a check and of an archive holds words that may go meanwhile
	const left = ['check.db', 'check.db-journal', 'exports/7.part'].map((name) => join(kith.dir, name));
	for (const name of left) await writeFile(name, 'words');
	done(await kith.command(['account', 'list']));
	assert.deepEqual(left.filter((name) => existsSync(name)), []);

	const file = readdirSync(join(kith.dir, 'media'), { recursive: true }).find((name) => name.endsWith('.small.webp'));
	const ways = {
		'counts its pictures wrongly': (dir) => sql(dir, 'UPDATE posts SET n_media = 3'),
		'counts the people it names wrongly': (dir) => sql(dir, 'DELETE FROM post_mentions'),
		'a like on a post that is not there': (dir) => sql(dir, 'INSERT INTO likes VALUES (1, 2, 3, 4)'),
		'a directory row that leads to no post': (dir) => sql(dir, 'INSERT INTO status_refs VALUES (1, 2, 3, 0)'),
		'a token without its session': (dir) => sql(dir, 'DELETE FROM sessions'),
		'a gap in the numbers': (dir) => sql(dir, 'UPDATE screenings SET seq = seq + 7 WHERE seq = (SELECT MAX(seq) FROM screenings)'),
		"a picture's file is missing": (dir) => unlink(join(dir, 'media', file)),
		"a picture's file is damaged": (dir) => writeFile(join(dir, 'media', file), 'no picture'),
		'the search index does not agree': (dir) => sql(dir, 'DELETE FROM post_words_data WHERE id > 10'),
		'a damaged line in tombstones.log': async (dir) => {
			const name = join(dir, 'tombstones.log');
			await writeFile(name, (await readFile(name, 'utf8')).replace('\n1 ', '\n1x '));
		},
	};
	let n = 0;
	for (const [words, change] of Object.entries(ways)) {
		const dir = join(place, `wrong${n++}`);
		await cp(kith.dir, dir, { recursive: true });
		await change(dir);
		const found = await run(['check', '--json', '--data', dir]);
		assert.equal(found.code, 1, words);
		const faults = found.out.trim().split('\n').map((line) => JSON.parse(line));
		assert.ok(faults.some(({ fault }) => fault.includes(words)), `${words}: ${found.out}`);
	}
	await rm(kith.dir, { recursive: true });
});
