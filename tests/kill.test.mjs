// SIGKILL under eight writing clients, again and again: nothing that was acknowledged is lost or done by half.
//
// KITH_KILLS is the number of rounds (8; the full run is 200).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { Kith } from './support/kith.mjs';

const KILLS = Number(process.env.KITH_KILLS || 8);
const WRITERS = 8;
const LEAST_WRITES = 20;
const MOST_WRITES = 150;
const handles = Array.from({ length: WRITERS }, (_, n) => `writer${n}`);

/** Writes until the server is gone. What was acknowledged goes into `book`; the last try stands in `book.open`. */
async function write(client, round, book, written) {
	for (let n = 0; ; n++) {
		const text = `round ${round} ${client.handle} piece ${n}`;
		const key = `${round}-${client.handle}-${n}`;
		let answer;
		try {
			if (n % 5 === 4) {
				// taken out of the book first: a delete without an answer may have been done or not
				const doomed = book.posts.splice(book.posts.findIndex((it) => it.by === client.handle), 1)[0];
				answer = await client.send('DELETE', `/api/v1/statuses/${doomed.id}`);
				if (answer.status === 200) book.deleted.push({ id: doomed.id, by: client.handle });
			} else {
				book.open.set(client.handle, { text, key });
				answer = await client.send('POST', '/api/v1/statuses', { status: text }, { 'idempotency-key': key });
				if (answer.status === 200) {
					book.posts.push({ id: answer.json.id, text, by: client.handle });
					book.open.delete(client.handle);
				}
			}
		} catch (e) {
			if (e instanceof TypeError) return; // fetch: the connection broke
			throw e;
		}
		assert.equal(answer.status, 200, answer.text);
		written();
	}
}

async function check(clients, book) {
	const mistakes = [];
	const look = async ({ id, text, by }, want) => {
		const answer = await clients[by].send('GET', `/api/v1/statuses/${id}/source`);
		if (answer.status !== want) mistakes.push(`${by} ${id}: ${answer.status}, not ${want}`);
		else if (want === 200 && answer.json.text !== text) mistakes.push(`${by} ${id}: another text`);
	};
	const all = [...book.posts.map((it) => [it, 200]), ...book.deleted.map((it) => [it, 404])];
	for (let from = 0; from < all.length; from += 32) await Promise.all(all.slice(from, from + 32).map((it) => look(...it)));
	assert.deepEqual(mistakes, []);
}

/** What was sent but not answered is sent again with its key: it must be there once, whether or not it was before. */
async function finishOpen(clients, book) {
	for (const [handle, { text, key }] of book.open) {
		const client = clients[handle];
		const { json } = (await client.send('POST', '/api/v1/statuses', { status: text }, { 'idempotency-key': key })).must(200);
		const album = await client.get(`/api/v1/accounts/${client.id}/statuses?limit=40`);
		const same = album.filter((status) => status.content.includes(`${text}<`));
		assert.deepEqual(same.map((status) => status.id), [json.id], `once: ${text}`);
		book.posts.push({ id: json.id, text, by: handle });
	}
}

function checkFile(dir) {
	const ask = 'import sqlite3, sys\nprint(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone()[0])';
	assert.equal(execFileSync('python3', ['-c', ask, join(dir, 'kith.db')]).toString().trim(), 'ok');
}

test(`${KILLS} times SIGKILL under ${WRITERS} writing clients loses no acknowledged post`, async (t) => {
	let kith = await Kith.start();
	const clients = await kith.people(handles);
	let acknowledged = 0;
	for (let round = 0; round < KILLS; round++) {
		for (const client of Object.values(clients)) client.url = kith.url;
		const book = { posts: [], deleted: [], open: new Map() };
		const until = LEAST_WRITES + Math.floor(Math.random() * (MOST_WRITES - LEAST_WRITES));
		let count = 0;
		let killed;
		const written = () => {
			if (++count >= until) killed ??= kith.kill();
		};
		const writers = Object.values(clients).map((client) => write(client, round, book, written));
		await Promise.all(writers);
		await killed;
		acknowledged += book.posts.length + book.deleted.length;
		kith = await Kith.start({ dir: kith.dir });
		for (const client of Object.values(clients)) client.url = kith.url;
		await check(clients, book);
		await finishOpen(clients, book);
		await check(clients, book);
	}
	await kith.stop({ keep: true });
	checkFile(kith.dir);
	const again = await Kith.start({ dir: kith.dir });
	await again.stop({ keep: false });
	t.diagnostic(`${acknowledged} acknowledged writes over ${KILLS} kills`);
	assert.ok(acknowledged >= KILLS * LEAST_WRITES);
});
