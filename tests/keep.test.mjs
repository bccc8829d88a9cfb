// What the keeper keeps and what people take along: backup and restore, check, export and import, erasure.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith, PASSWORD, run } from './support/kith.mjs';
import { Client } from './support/client.mjs';
import { addresses, bring } from './support/picture.mjs';
import { HELD } from './support/texts.mjs';

const WRITERS = 8;
let place;

before(async () => {
	place = await mkdtemp(join(tmpdir(), 'kith-keep-'));
});
after(() => rm(place, { recursive: true, force: true }));

const done = (result) => {
	assert.equal(result.code, 0, result.err);
	return result.out.trim();
};
const refused = (result, words) => {
	assert.equal(result.code, 1, result.out + result.err);
	assert.match(result.err, words);
};
/** A client of a person on another server with the same tokens. */
const again = (kith, client) => Object.assign(new Client(kith.url, client), { id: client.id });

test('a backup is whole while eight people write, and opens on another place', async () => {
	const kith = await Kith.start();
	const handles = Array.from({ length: WRITERS }, (_, n) => `writer${n}`);
	const people = await kith.people(handles);
	const acknowledged = [];
	let writing = true;
	const write = async (client) => {
		for (let n = 0; writing; n++) {
			const post = await client.say(`${client.handle} ${n}`);
			acknowledged.push({ id: post.id, handle: client.handle });
			if (n % 4 === 3) await client.delete(`/api/v1/statuses/${post.id}`);
		}
	};
	const picture = await bring(people.writer0, { seed: 4 });
	const shown = await people.writer0.post('/api/v1/statuses', { media_ids: [picture.id] });
	const writers = handles.map((handle) => write(people[handle]));
	while (acknowledged.length < 50) await new Promise((go) => setTimeout(go, 10));
	const before = acknowledged.slice();
	const backup = join(place, 'busy');
	done(await kith.command(['backup', backup]));
	writing = false;
	await Promise.all(writers);
	refused(await kith.command(['backup', backup]), /not empty/);
	await kith.stop();

	const names = readdirSync(backup).sort();
	assert.deepEqual(names, ['audit.key', 'kith.db', 'manifest.txt', 'media', 'tombstones.log']);
	for (const name of names) assert.equal((await stat(join(backup, name))).mode & 0o077, 0, name);

	const dir = join(place, 'busy-restored');
	done(await run(['restore', backup, '--data', dir]));
	const other = await Kith.start({ dir });
	const found = await Promise.all(
		before.map(async ({ id, handle }) => (await again(other, people[handle]).send('GET', `/api/v1/statuses/${id}`)).status),
	);
	// every fourth was deleted at once; all others were acknowledged before the backup began
	assert.ok(found.filter((status) => status === 200).length >= before.length * 0.6, found.join(' '));
	const one = again(other, people.writer0);
	assert.equal((await one.get(`/api/v1/statuses/${shown.id}`)).media_attachments.length, 1);
	for (const address of addresses(picture)) (await one.send('GET', address)).must(200);
	assert.equal(done(await other.command(['check'])), 'nothing is wrong');
	await other.stop({ keep: true });
});

test('the drill: nothing that was taken back after the backup comes back with it', async () => {
	const kith = await Kith.start();
	const people = await kith.people(
		['ana', 'ben', 'cid', 'dov', 'eve', 'fay', 'hal'],
		[
			['ana', 'ben'],
			['ana', 'cid'],
			['ana', 'dov'],
			['ana', 'eve'],
			['ben', 'cid'],
			['cid', 'dov'],
		],
	);
	const { ana, ben, cid, dov, eve, fay, hal } = people;
	await kith.account('gil');
	const signIn = async (server, password) =>
		new Client(server.url).send('POST', '/api/kith/v1/session', { handle: 'gil', password }, { origin: server.url });

	const deleted = await ana.say('soon gone');
	const narrowed = await ana.say('for all, for now');
	const stays = await ana.say('this stays');
	const comment = await ben.say('a comment soon gone', { in_reply_to_id: stays.id });
	await ben.post(`/api/v1/statuses/${stays.id}/favourite`);
	const picture = await bring(ana, { seed: 9 });
	const pictured = await ana.post('/api/v1/statuses', { media_ids: [picture.id], status: 'with a picture' });
	await fay.post(`/api/v1/accounts/${ana.id}/follow`);
	const tag = await ana.post('/api/v1/lists', { title: 'near' });
	await ana.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [dov.id] });
	const forTag = await ana.say('for the tag', { kith_audience: { kind: 'only', lists: [tag.id] } });
	const group = await ana.post('/api/kith/v1/groups', { title: 'walkers' });
	await ana.post(`/api/kith/v1/groups/${group.id}/invite`, { account_id: ben.id });
	await ben.post(`/api/kith/v1/groups/${group.id}/accept`);
	const inGroup = await ana.say('for walkers', { kith_audience: { kind: 'group', group: group.id } });
	const session = (await signIn(kith, PASSWORD)).must(200).headers.get('set-cookie').split(';')[0];
	assert.equal(await ben.sees(inGroup), 200);
	assert.equal(await dov.sees(forTag), 200);

	const backup = join(place, 'drill');
	done(await kith.command(['backup', backup]));

	await ana.delete(`/api/v1/statuses/${deleted.id}`);
	await ana.put(`/api/v1/statuses/${narrowed.id}`, { kith_audience: { kind: 'only', people: [ben.id] } });
	await ben.delete(`/api/v1/statuses/${comment.id}`);
	await ben.post(`/api/v1/statuses/${stays.id}/unfavourite`);
	await ana.delete(`/api/v1/statuses/${pictured.id}`);
	await fay.post(`/api/v1/accounts/${ana.id}/unfollow`);
	await ana.delete(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [dov.id] });
	await ben.post(`/api/kith/v1/groups/${group.id}/leave`);
	await ana.post(`/api/v1/accounts/${cid.id}/unfollow`);
	await ana.post(`/api/v1/accounts/${eve.id}/block`);
	done(await kith.command(['account', 'erase', 'hal', '--for-good']));
	done(await kith.command(['account', 'seal', 'dov']));
	const gil = new Client(kith.url, { cookie: session });
	(await gil.send('DELETE', '/api/kith/v1/session', undefined, { origin: kith.url })).must(200);
	await kith.stop({ keep: true });

	const check = async (server, which) => {
		const [a, b, c, e] = [ana, ben, cid, eve].map((client) => again(server, client));
		assert.equal(await a.sees(deleted), 404, which);
		(await a.send('GET', `/api/v1/accounts/${hal.id}`)).must(404);
		(await again(server, hal).send('GET', '/api/v1/accounts/verify_credentials')).must(401);
		assert.equal(await b.sees(deleted), 404);
		assert.equal(await b.sees(narrowed), 200);
		assert.equal(await again(server, dov).sees(stays), 403);
		assert.equal(await c.sees(narrowed), 404);
		assert.deepEqual(await a.commentIds(stays), []);
		assert.deepEqual(await a.likerIds(stays), []);
		assert.equal(await a.sees(pictured), 404);
		for (const address of addresses(picture)) (await a.send('GET', address)).must(404);
		assert.deepEqual(await a.get('/api/v1/follow_requests'), []);
		assert.deepEqual(await a.get(`/api/v1/lists/${tag.id}/accounts`), []);
		assert.equal(await b.sees(inGroup), 404);
		assert.equal(await c.sees(stays), 404);
		assert.equal(await e.sees(stays), 404);
		assert.equal(await b.sees(stays), 200);
		const cookie = new Client(server.url, { cookie: session });
		(await cookie.send('GET', '/api/v1/accounts/verify_credentials')).must(401);
		assert.equal(done(await server.command(['check'])), 'nothing is wrong');
	};

	// in the same folder, whose own log goes furthest
	const inPlace = done(await run(['restore', backup, '--data', kith.dir]));
	assert.match(inPlace, /before-restore/);
	let server = await Kith.start({ dir: kith.dir });
	await check(server, 'in place');
	await server.stop({ keep: true });

	// on a new machine, with a copy of the log that was kept elsewhere
	const elsewhere = join(place, 'drill-elsewhere');
	done(await run(['restore', backup, '--data', elsewhere, '--tombstones', join(kith.dir, 'tombstones.log')]));
	server = await Kith.start({ dir: elsewhere });
	await check(server, 'elsewhere');
	await server.stop({ keep: true });
	await rm(kith.dir, { recursive: true });
});

test('a backup that was changed, a server that runs, and the folder of another circle are refused', async () => {
	const kith = await Kith.start();
	const { ana } = await kith.people(['ana']);
	const picture = await bring(ana, { seed: 3 });
	await ana.post('/api/v1/statuses', { media_ids: [picture.id] });
	const backup = join(place, 'whole');
	done(await kith.command(['backup', backup]));
	refused(await run(['restore', backup, '--data', kith.dir]), /open in another kith|stop it/);

	const ways = {
		'a byte more in the database': (dir) => appendFile(join(dir, 'kith.db'), 'x'),
		'another log': (dir) => appendFile(join(dir, 'tombstones.log'), '9 tie 1 2 0 0 #00000000\n'),
		'a manifest without its end': async (dir) => {
			const text = await readFile(join(dir, 'manifest.txt'), 'utf8');
			await writeFile(join(dir, 'manifest.txt'), text.slice(0, text.lastIndexOf('end ')));
		},
		'a manifest that names a file outside': async (dir) => {
			const text = await readFile(join(dir, 'manifest.txt'), 'utf8');
			await writeFile(join(dir, 'manifest.txt'), text.replace(/ kith\.db\n/, ' ../kith.db\n'));
		},
		'no manifest': (dir) => unlink(join(dir, 'manifest.txt')),
		'a link in place of the database': async (dir) => {
			await unlink(join(dir, 'kith.db'));
			await symlink('/etc/passwd', join(dir, 'kith.db'));
		},
	};
	let n = 0;
	for (const [name, change] of Object.entries(ways)) {
		const changed = join(place, `changed${n}`);
		const to = join(place, `refused${n++}`);
		await cp(backup, changed, { recursive: true });
		await change(changed);
		refused(await run(['restore', changed, '--data', to]), /backup|manifest|another circle/i);
		assert.equal(existsSync(join(to, 'kith.db')), false, name);
	}
	await kith.stop({ keep: true });

	const stranger = await Kith.start();
	await stranger.stop({ keep: true });
	refused(await run(['restore', backup, '--data', stranger.dir]), /another circle/);
	for (const dir of [kith.dir, stranger.dir]) await rm(dir, { recursive: true });
});

test('a restore that was broken off opens to nobody until one is done', async () => {
	const kith = await Kith.start();
	const { ana } = await kith.people(['ana']);
	const post = await ana.say('gone after the backup');
	const backup = join(place, 'half');
	done(await kith.command(['backup', backup]));
	await ana.delete(`/api/v1/statuses/${post.id}`);
	await kith.stop({ keep: true });
	// as it stands between the old going aside and the new taking its place
	await mkdir(join(kith.dir, 'restoring'));
	await rename(join(kith.dir, 'tombstones.log'), join(kith.dir, 'tombstones.log.kept'));
	await mkdir(join(kith.dir, 'before-restore-1'));
	await rename(join(kith.dir, 'kith.db'), join(kith.dir, 'before-restore-1', 'kith.db'));
	for (const args of [['serve', '--listen', '127.0.0.1:0'], ['check'], ['account', 'list']]) {
		refused(await run([...args, '--data', kith.dir]), /broken off/);
	}
	assert.equal(existsSync(join(kith.dir, 'kith.db')), false);
	// one that is refused leaves the mark
	const changed = join(place, 'half-changed');
	await cp(backup, changed, { recursive: true });
	await appendFile(join(changed, 'kith.db'), 'x');
	refused(await run(['restore', changed, '--data', kith.dir]), /manifest/);
	refused(await run(['check', '--data', kith.dir]), /broken off/);
	done(await run(['restore', backup, '--data', kith.dir]));
	const server = await Kith.start({ dir: kith.dir });
	assert.equal(await again(server, ana).sees(post), 404);
	assert.equal(done(await server.command(['check'])), 'nothing is wrong');
	await server.stop({ keep: true });
	// and a database put back by hand
	await cp(join(backup, 'kith.db'), join(kith.dir, 'kith.db'));
	for (const end of ['-wal', '-shm']) await rm(join(kith.dir, `kith.db${end}`), { force: true });
	const byHand = await Kith.start({ dir: kith.dir });
	assert.equal(await again(byHand, ana).sees(post), 404);
	await byHand.stop({ keep: true });
	await rm(kith.dir, { recursive: true });
});

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
	assert.equal(done(await kith.command(['check', '--json'])), '');
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

const CANARY = 'zwetschgenkuchen';

/** Files of a folder that hold the canary's bytes. */
const holding = (dir) =>
	readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.filter((path) => readFileSync(path).includes(CANARY));

for (const by of ['their own hand', 'the keeper', 'the keeper without a server']) {
	test(`who is erased by ${by} leaves no word, no picture and no way in`, async () => {
		let kith = await Kith.start();
		const people = await kith.people(['ben', 'cid']);
		const ana = await kith.account('ana', { name: `Ana ${CANARY}` });
		const { ben, cid } = people;
		await ana.befriend(ben);
		await cid.befriend(ana);
		await ben.befriend(cid);
		const session = (
			await new Client(kith.url).send('POST', '/api/kith/v1/session', { handle: 'ana', password: PASSWORD }, { origin: kith.url })
		).must(200);
		const own = new Client(kith.url, { cookie: session.headers.get('set-cookie').split(';')[0] });
		await ana.patch('/api/v1/accounts/update_credentials', { note: `I am ${CANARY}`, kith_question: `What ${CANARY}?`, kith_answer: CANARY });
		const picture = await bring(ana, { seed: 21 }, `a ${CANARY}`);
		const post = await ana.post('/api/v1/statuses', {
			status: `my ${CANARY}`,
			media_ids: [picture.id],
			kith_place: CANARY,
			kith_card: { url: `https://example.org/${CANARY}`, title: CANARY, about: CANARY },
		});
		await ana.put(`/api/v1/statuses/${post.id}`, { status: `my changed ${CANARY}` });
		const others = await ben.say('what ben says stays');
		const comment = await ana.say(`${CANARY} says ana`, { in_reply_to_id: others.id });
		await ana.post(`/api/v1/statuses/${others.id}/favourite`);
		await ben.say('under ana', { in_reply_to_id: post.id });
		await ana.post('/api/v1/lists', { title: CANARY.slice(0, 20) });
		await ana.post('/api/v2/filters', { title: CANARY, context: ['home'], filter_action: 'hide', keywords_attributes: [{ keyword: CANARY }] });
		const tag = await ben.post('/api/v1/lists', { title: 'near' });
		await ben.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [ana.id] });
		const group = await ana.post('/api/kith/v1/groups', { title: 'walkers' });
		await ana.post(`/api/kith/v1/groups/${group.id}/invite`, { account_id: ben.id });
		await ben.post(`/api/kith/v1/groups/${group.id}/accept`);
		const alone = await ana.post('/api/kith/v1/groups', { title: CANARY });
		assert.ok(holding(kith.dir).length > 0);

		if (by === 'their own hand') {
			(await own.send('DELETE', '/api/kith/v1/account', { password: 'not it' }, { origin: kith.url })).refused(422, 'password');
			const gone = (await own.send('DELETE', '/api/kith/v1/account', { password: PASSWORD }, { origin: kith.url })).must(200);
			assert.match(gone.headers.get('set-cookie') ?? '', /kith_session=;/);
		} else {
			assert.equal((await kith.command(['account', 'erase', 'ana'])).code, 2);
			if (by === 'the keeper') done(await kith.command(['account', 'erase', 'ana', '--for-good']));
		}
		if (by === 'the keeper without a server') {
			await kith.stop({ keep: true });
			done(await kith.command(['account', 'erase', 'ana', '--for-good']));
			kith = await Kith.start({ dir: kith.dir });
			for (const client of [ana, ben, cid, own]) client.url = kith.url;
		}

		const check = async () => {
			for (const client of [ana, own]) (await client.send('GET', '/api/v1/accounts/verify_credentials')).must(401);
			(await ben.send('GET', `/api/v1/accounts/${ana.id}`)).must(404);
			assert.equal(await ben.sees(post), 404);
			assert.equal(await ben.sees(others), 200);
			assert.deepEqual(await ben.commentIds(others), []);
			assert.deepEqual(await ben.likerIds(others), []);
			assert.equal(await ben.sees(comment), 404);
			for (const address of addresses(picture)) (await ben.send('GET', address)).must(404);
			assert.deepEqual(await ben.get(`/api/v1/lists/${tag.id}/accounts`), []);
			assert.equal((await ben.get(`/api/kith/v1/groups/${group.id}`)).role, 'owner');
			assert.deepEqual((await ben.get(`/api/v1/accounts/${ben.id}/following`)).map((account) => account.id), [cid.id]);
			assert.deepEqual((await ben.get('/api/v1/notifications')).filter((notice) => notice.account.id === ana.id), []);
			(await cid.send('GET', `/api/kith/v1/groups/${alone.id}`)).must(404);
			assert.equal((await kith.command(['account', 'create', 'ana', '--password-stdin'], 'a long sentence\n')).code, 1);
			assert.equal(done(await kith.command(['check'])), 'nothing is wrong');
		};
		await check();
		// once more from the rows alone
		await kith.stop({ keep: true });
		kith = await Kith.start({ dir: kith.dir });
		for (const client of [ana, ben, cid, own]) client.url = kith.url;
		await check();
		await kith.stop({ keep: true });
		assert.deepEqual(holding(kith.dir), []);
		assert.deepEqual(readdirSync(join(kith.dir, 'media'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()), []);
		await rm(kith.dir, { recursive: true });
	});
}

/** Entries of a zip by name. */
function unzip(path) {
	const script = 'import base64,json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
		'print(json.dumps({n: base64.b64encode(z.read(n)).decode() for n in z.namelist()}))';
	const found = JSON.parse(execFileSync('python3', ['-c', script, path], { maxBuffer: 1 << 28 }));
	return Object.fromEntries(Object.entries(found).map(([name, bytes]) => [name, Buffer.from(bytes, 'base64')]));
}
const json = (zip, name) => JSON.parse(zip[name].toString());
const notes = (zip) => json(zip, 'outbox.json').orderedItems.map((it) => it.object).filter((it) => it.type === 'Note');

async function browser(kith, handle) {
	const answer = await new Client(kith.url).send('POST', '/api/kith/v1/session', { handle, password: PASSWORD }, { origin: kith.url });
	const client = new Client(kith.url, { cookie: answer.must(200).headers.get('set-cookie').split(';')[0] });
	client.own = (method, path, body) => client.send(method, path, body, { origin: kith.url });
	return client;
}

test('an archive holds what is theirs, and of others what they may see now; its owner alone gets it', async () => {
	const kith = await Kith.start();
	const { ben, cid, dov } = await kith.people(['ben', 'cid', 'dov'], [['ben', 'cid']]);
	const ana = await kith.account('ana', { name: '安娜 <Ana>' });
	await kith.account('eve');
	for (const friend of [ben, cid, dov]) await ana.befriend(friend);
	const tag = await ana.post('/api/v1/lists', { title: 'near' });
	await ana.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [ben.id] });
	const choir = await ben.post('/api/kith/v1/groups', { title: 'Choir of the hill' });
	await ben.post(`/api/kith/v1/groups/${choir.id}/invite`, { account_id: ana.id });
	await ana.post(`/api/kith/v1/groups/${choir.id}/accept`);
	await ana.say('sung while in it', { kith_audience: { kind: 'group', group: choir.id } });
	await ana.post(`/api/kith/v1/groups/${choir.id}/leave`);
	const picture = await bring(ana, { seed: 8, width: 200, height: 100 }, 'a "hill"');
	const post = await ana.post('/api/v1/statuses', {
		status: 'line one\n<b>two</b>',
		media_ids: [picture.id],
		kith_place: 'by the lake',
		kith_card: { url: 'https://example.org/', title: 'Example', about: 'nothing' },
		kith_audience: { kind: 'except', lists: [tag.id] },
	});
	await ana.put(`/api/v1/statuses/${post.id}`, { status: 'line one\n<b>three</b>' });
	await ana.say('all friends');
	await cid.say('cid sees this', { in_reply_to_id: post.id });
	await dov.say('dov will be blocked', { in_reply_to_id: post.id });
	await cid.post(`/api/v1/statuses/${post.id}/favourite`);
	const theirs = await ben.say('of ben');
	await ana.say('mine under ben', { in_reply_to_id: theirs.id });
	await ana.post(`/api/v1/statuses/${theirs.id}/favourite`);
	await ana.post('/api/v1/reports', { account_id: ben.id, status_ids: [theirs.id], comment: 'said by ana alone', kith_category: 'ladder' });
	await ben.post('/api/v1/reports', { account_id: ana.id, comment: 'said of ana by ben' });
	await ana.post(`/api/v1/accounts/${dov.id}/block`);

	const page = await browser(kith, 'ana');
	assert.deepEqual((await page.own('GET', '/api/kith/v1/export')).must(200).json, { state: 'none' });
	(await page.own('GET', '/api/kith/v1/export/file')).must(404);
	let state = (await page.own('POST', '/api/kith/v1/export', {})).must(200).json;
	for (let n = 0; state.state === 'making' && n < 200; n++) {
		await new Promise((go) => setTimeout(go, 50));
		state = (await page.own('GET', '/api/kith/v1/export')).must(200).json;
	}
	assert.equal(state.state, 'ready');
	const answer = (await page.own('GET', '/api/kith/v1/export/file')).must(200);
	assert.equal(answer.headers.get('content-type'), 'application/zip');
	assert.match(answer.headers.get('cache-control'), /no-store/);
	assert.equal(answer.bytes.length, state.bytes);
	const path = join(place, 'ana.zip');
	await writeFile(path, answer.bytes);
	const zip = unzip(path);

	const [flag, ...more] = json(zip, 'reports.json').orderedItems;
	assert.deepEqual([flag.type, flag['kith:category'], flag.content, more.length], ['Flag', 'ladder', 'said by ana alone', 0]);
	assert.deepEqual(flag.object.map((it) => it.split(':').at(-1)), [ben.id, theirs.id]);
	assert.ok(!Object.values(zip).some((bytes) => bytes.includes('said of ana')), 'who was reported takes nothing of it along');

	const [newer, older, sung] = notes(zip);
	assert.equal(sung.source.content, 'sung while in it');
	assert.ok(!Object.values(zip).some((bytes) => bytes.includes('Choir of the hill')), 'who left a group takes no more of it along');
	assert.equal(newer.source.content, 'all friends');
	assert.deepEqual(newer['kith:audience'].kind, 'friends');
	assert.equal(older.source.content, 'line one\n<b>three</b>');
	assert.equal(older.content, '<p>line one<br>&lt;b&gt;three&lt;/b&gt;</p>');
	assert.deepEqual(older['kith:audience'].tags.map((it) => it.title), ['near']);
	assert.equal(older.location.name, 'by the lake');
	assert.equal(older['kith:card'].href, 'https://example.org/');
	assert.equal(older.attachment[0].name, 'a "hill"');
	assert.deepEqual(zip[older.attachment[0].url].subarray(0, 3), Buffer.from([0xff, 0xd8, 0xff]));
	assert.deepEqual(older['kith:versions'].map((it) => it.content), ['line one\n<b>two</b>', 'line one\n<b>three</b>']);
	assert.deepEqual(older.replies.items.map((it) => it.source.content), ['cid sees this']);
	assert.deepEqual(older.likes.items.map((it) => it.preferredUsername), ['cid']);
	assert.deepEqual(json(zip, 'comments.json').orderedItems.map((it) => it.source.content), ['mine under ben']);
	assert.equal(json(zip, 'likes.json').totalItems, 1);
	assert.deepEqual(json(zip, 'friends.json').items.map((it) => it.preferredUsername).sort(), ['ben', 'cid']);
	assert.deepEqual(json(zip, 'tags.json').items[0].items.map((it) => it.preferredUsername), ['ben']);
	assert.equal(json(zip, 'actor.json').name, '安娜 <Ana>');
	assert.equal(json(zip, 'blocked.json').totalItems, 1);
	const html = zip['index.html'].toString();
	assert.match(html, /default-src 'none'/);
	assert.match(html, /&lt;b&gt;three/);
	assert.doesNotMatch(html, /<script|<b>three|dov will/i);
	assert.equal(Object.values(zip).some((bytes) => bytes.includes('dov will be blocked')), false);
	for (const name of Object.keys(zip)) assert.match(name, /^([a-z]+\.(json|html)|media\/\d+\.jpeg)$/);

	const stranger = await browser(kith, 'eve');
	(await stranger.own('GET', '/api/kith/v1/export/file')).must(404);
	(await kith.anyone().send('GET', '/api/kith/v1/export/file')).must(401);
	done(await kith.command(['account', 'seal', 'ana']));
	const sealed = await browser(kith, 'ana');
	assert.equal((await sealed.own('GET', '/api/kith/v1/export/file')).must(200).bytes.length, state.bytes);

	const file = join(kith.dir, 'exports', `${ana.id}.zip`);
	assert.equal((await stat(file)).mode & 0o077, 0);
	const yesterday = Date.now() / 1000 - 24 * 3600 - 5;
	await utimes(file, yesterday, yesterday);
	(await sealed.own('GET', '/api/kith/v1/export/file')).must(404);

	const shell = join(place, 'shell.zip');
	done(await kith.command(['export', 'ana', shell]));
	assert.equal(notes(unzip(shell)).length, 3);
	const [seal, ...others] = json(unzip(shell), 'measures.json').items;
	assert.deepEqual([seal['kith:kind'], seal['kith:state'], seal['kith:decider'], seal['kith:points'], others.length], ['seal', 'active', 'keeper', 0, 0]);
	assert.deepEqual([seal.object, Date.parse(seal.endTime) - Date.parse(seal.published)], [`urn:kith:person:${ana.id}`, 365 * 86_400_000]);
	refused(await kith.command(['export', 'ana', shell]), /exists/);
	done(await kith.command(['account', 'erase', 'ana', '--for-good']));
	assert.equal(existsSync(file), false);
	await kith.stop();
});

test('of a measure the archive holds the reasons its subject was told, and nothing of the trace of its rules', async () => {
	const kith = await Kith.start();
	const { ana } = await kith.people(['ana']);
	await ana.say(Object.values(HELD)[0]);
	const [told] = await ana.get('/api/kith/v1/measures');
	const path = join(place, 'reasons.zip');
	done(await kith.command(['export', 'ana', path]));
	const [measure] = json(unzip(path), 'measures.json').items;
	assert.ok(told.reasons.length > 0 && told.reasons.some((reason) => reason.spans.length > 0));
	const { reasons, would_pass, score, malice } = told;
	assert.deepEqual(measure['kith:evidence'], { reasons, would_pass, score, malice });
	assert.deepEqual([measure['kith:rule'], measure['kith:policy']], [told.rule.id, told.rule.policy]);
	await kith.stop();
});

/** A zip written by hand: [name, text or bytes, attributes of unix]. */
function zipped(path, entries) {
	const script =
		'import base64,json,sys,zipfile\n' +
		'z=zipfile.ZipFile(sys.argv[1],"w",zipfile.ZIP_DEFLATED)\n' +
		'for name,data,mode,times in json.load(sys.stdin):\n' +
		'  i=zipfile.ZipInfo(name); i.external_attr=mode<<16; i.compress_type=zipfile.ZIP_DEFLATED\n' +
		'  z.writestr(i, base64.b64decode(data)*times)\n' +
		'z.close()';
	const lines = entries.map(([name, data, mode = 0o100600, times = 1]) => [name, Buffer.from(data).toString('base64'), mode, times]);
	execFileSync('python3', ['-c', script, path], { input: JSON.stringify(lines), maxBuffer: 1 << 28 });
	return path;
}
const upload = async (client, path) => {
	const form = new FormData();
	form.append('file', new Blob([await readFile(path)], { type: 'application/zip' }), 'kith.zip');
	return client.own('POST', '/api/kith/v1/import', form);
};

test('an archive becomes the same life on another server, for nobody more than before', async () => {
	const one = await Kith.start();
	const first = await one.people(['ben', 'cid']);
	const ana = await one.account('ana', { name: '安娜' });
	for (const friend of [first.ben, first.cid]) await ana.befriend(friend);
	const near = await ana.post('/api/v1/lists', { title: 'near' });
	await ana.post(`/api/v1/lists/${near.id}/accounts`, { account_ids: [first.ben.id] });
	const far = await ana.post('/api/v1/lists', { title: 'far' });
	await ana.post(`/api/v1/lists/${far.id}/accounts`, { account_ids: [first.cid.id] });
	const group = await ana.post('/api/kith/v1/groups', { title: 'walkers' });
	const avatar = await bring(ana, { seed: 31 });
	await ana.patch('/api/v1/accounts/update_credentials', { note: 'by the lake', kith_avatar_id: avatar.id, kith_range: 'month' });
	const picture = await bring(ana, { seed: 30, width: 300, height: 200 }, 'two hills');
	await ana.post('/api/v1/statuses', { status: '一 all friends', media_ids: [picture.id], kith_place: 'here' });
	await ana.say('two only near', { kith_audience: { kind: 'only', lists: [near.id] } });
	await ana.say('three but near', { kith_audience: { kind: 'except', lists: [near.id] } });
	await ana.say('four but far', { kith_audience: { kind: 'except', lists: [far.id] } });
	await ana.say('five for me', { kith_audience: { kind: 'self' } });
	await ana.say('six for walkers', { kith_audience: { kind: 'group', group: group.id } });
	await ana.say('seven only ben', { kith_audience: { kind: 'only', people: [first.ben.id] } });
	const before = await ana.get(`/api/v1/accounts/${ana.id}/statuses`);
	const zip = join(place, 'move.zip');
	done(await one.command(['export', 'ana', zip]));
	await one.stop();

	// ben is a friend here already; cid is here, but no friend
	const two = await Kith.start();
	const { ben, cid } = await two.people(['ben', 'cid']);
	const moved = await two.account('ana');
	await moved.befriend(ben);
	const page = await browser(two, 'ana');
	const report = (await upload(page, zip)).must(200).json;
	assert.deepEqual(report, { posts: 7, pictures: 2, tags: 2, asked: 1, alone: 2, skipped: 0 });

	const after = await moved.get(`/api/v1/accounts/${moved.id}/statuses`);
	assert.deepEqual(after.map((it) => it.kith_text ?? it.content), before.map((it) => it.kith_text ?? it.content));
	assert.deepEqual(after.map((it) => it.created_at), before.map((it) => it.created_at));
	// the group is not here; of the tag `far` nobody is a friend, so who it kept out would come in
	const kinds = after.map((it) => it.kith_audience.kind).reverse();
	assert.deepEqual(kinds, ['friends', 'only', 'except', 'self', 'self', 'self', 'only']);
	const shown = after.at(-1);
	assert.equal(shown.media_attachments[0].description, 'two hills');
	assert.deepEqual(
		[shown.media_attachments[0].meta.original.width, shown.media_attachments[0].meta.original.height],
		[300, 200],
	);
	assert.equal(shown.kith_place, 'here');
	assert.deepEqual((await moved.get('/api/v1/lists')).map((it) => it.title).sort(), ['far', 'near']);
	const self = await moved.get('/api/v1/accounts/verify_credentials');
	assert.equal(self.display_name, '安娜');
	assert.ok(self.kith_avatar);
	const seen = (await ben.get(`/api/v1/accounts/${moved.id}/statuses`)).map((it) => it.created_at);
	assert.equal(seen.length, 3, 'friends, only near, only ben');
	assert.deepEqual((await cid.get('/api/v1/follow_requests')).map((it) => it.id), [moved.id]);
	assert.deepEqual((await upload(page, zip)).must(200).json, { posts: 0, pictures: 0, tags: 0, asked: 1, alone: 0, skipped: 7 });
	assert.match(done(await two.command(['import', '--as', 'ana', zip])), /^0 posts/);
	assert.equal(done(await two.command(['check'])), 'nothing is wrong');
	await two.stop();
});

test('an archive that meets a life already there shows nobody more: tags with others in them, whom it was kept from, the range', async () => {
	const kith = await Kith.start();
	const { ben, cid, dan } = await kith.people(['ben', 'cid', 'dan']);
	const ana = await kith.account('ana');
	for (const friend of [ben, cid, dan]) await ana.befriend(friend);
	const tagged = async (title, members) => {
		const { id } = await ana.post('/api/v1/lists', { title });
		await ana.post(`/api/v1/lists/${id}/accounts`, { account_ids: members.map((it) => it.id) });
	};
	await tagged('wider', [ben, cid]);
	await tagged('same', [ben]);
	await tagged('unsaid', [cid]);
	const only = (title) => ({ kind: 'only', tags: [{ title, deleted: false }], people: [], also: [] });
	const note = (id, audience) => ({
		type: 'Create',
		object: { type: 'Note', id: `urn:${id}`, source: { content: id }, published: new Date(Date.now() - 60_000).toISOString(), 'kith:audience': audience },
	});
	const archive = (actor) =>
		zipped(join(place, 'meets.zip'), [
			['outbox.json', JSON.stringify({ orderedItems: [note('wider', only('wider')), note('same', only('same')), note('unsaid', only('unsaid')), note('all', { kind: 'friends' })] })],
			['tags.json', JSON.stringify({ items: ['wider', 'same'].map((name) => ({ name, items: [{ preferredUsername: 'ben' }] })) })],
			['hidden.json', JSON.stringify({ items: [{ preferredUsername: 'dan' }, { preferredUsername: 'nobody' }, 7] })],
			['actor.json', JSON.stringify(actor)],
		]);
	const page = await browser(kith, 'ana');
	// the name is no name, which keeps nothing else from being heeded
	const report = (await upload(page, archive({ name: 'x'.repeat(500), 'kith:range': 'month' }))).must(200).json;
	assert.deepEqual(report, { posts: 4, pictures: 0, tags: 0, asked: 0, alone: 2, skipped: 1 });
	const seen = async (who) => (await who.get(`/api/v1/accounts/${ana.id}/statuses`)).map((it) => it.kith_text).sort();
	assert.deepEqual(await seen(ana), ['all', 'same', 'unsaid', 'wider']);
	assert.deepEqual(await seen(ben), ['all', 'same']);
	assert.deepEqual(await seen(cid), ['all']);
	assert.deepEqual(await seen(dan), []);
	const range = async () => (await ana.get('/api/v1/accounts/verify_credentials')).kith_range;
	assert.equal(await range(), 'month');
	(await upload(page, archive({ 'kith:range': 'all' }))).must(200);
	assert.equal(await range(), 'month', 'the narrower of the two');
	await kith.stop();
});

test('foreign archives: names that climb, links, bombs and lies end where they are', async () => {
	const kith = await Kith.start();
	await kith.account('ana');
	const page = await browser(kith, 'ana');
	const outbox = (items) => JSON.stringify({ orderedItems: items });
	const note = (id, more = {}) => ({
		type: 'Create',
		object: { type: 'Note', id, source: { content: `text of ${id}` }, published: '2024-02-03T04:05:06.000Z', 'kith:audience': { kind: 'friends' }, ...more },
	});
	const send = async (name, entries) => upload(page, zipped(join(place, `${name}.zip`), entries));
	const filesOf = () => readdirSync(kith.dir).filter((name) => !/^kith\.db/.test(name)).sort();
	const files = filesOf();

	const no = async (name, entries) => (await send(name, entries)).refused(422, 'file');
	await no('nothing', [['readme.txt', 'hello']]);
	await no('no-json', [['outbox.json', '{"orderedItems": [']]);
	await no('no-list', [['outbox.json', '{"orderedItems": {}}']]);
	await no('bomb', [['outbox.json', ' '.repeat(1 << 20), 0o100600, 100]]);
	// small for a file, and twenty times that in memory
	const dense = await send('dense', [['outbox.json', outbox([])], ['tags.json', '[],', 0o100600, 3 << 20]]);
	assert.match(dense.refused(422, 'file').error, /more in this archive/);
	await no('link', [['outbox.json', '/etc/passwd', 0o120777]]);
	const text = join(place, 'text.zip');
	await writeFile(text, 'this is no zip');
	(await upload(page, text)).refused(422, 'file');
	const whole = await readFile(zipped(join(place, 'whole.zip'), [['outbox.json', outbox([note('urn:a:1')])]]));
	await writeFile(text, whole.subarray(0, 60));
	(await upload(page, text)).refused(422, 'file');

	const lies = await send('lies', [
		['../../outbox.json', outbox([note('urn:climbs')])],
		['outbox.json', outbox([
			note('urn:b:1', { attachment: [{ url: '../../../etc/passwd' }, { url: 'media/none.jpeg' }, { url: 'media/no.jpeg' }, { url: 7 }] }),
			note('urn:b:2', { source: { content: 'x'.repeat(5000) } }),
			note('urn:b:3', { 'kith:audience': { kind: 'everyone' } }),
			note('urn:b:4', { published: 'yesterday' }),
			note('urn:b:5', { published: '2999-01-01T00:00:00.000Z' }),
			note('urn:b:6', { 'kith:held': true }),
			note('urn:b:7', { 'kith:audience': { kind: 'only', people: [{ preferredUsername: 'ana' }] } }),
			note(''),
			'no object',
			{ type: 'Create', object: [] },
			null,
		])],
		['media/no.jpeg', 'not a picture'],
		['../escape', 'x'],
		['/tmp/escape', 'x'],
		['tags.json', JSON.stringify({ items: [{ name: 'x'.repeat(100) }, { name: 7 }, { name: 'fine', items: 'no' }] })],
		['friends.json', JSON.stringify({ items: [{ preferredUsername: 'nobody' }, { preferredUsername: 'ana' }, 7] })],
		['actor.json', JSON.stringify({ name: 'x'.repeat(500), 'kith:picture': 'media/no.jpeg' })],
	]);
	const report = lies.must(200).json;
	assert.equal(report.posts, 6);
	assert.equal(report.pictures, 0);
	assert.equal(report.tags, 1);
	const ana = await kith.client('ana');
	const posts = await ana.get(`/api/v1/accounts/${ana.id}/statuses`);
	assert.equal(posts.length, 6);
	for (const post of posts) assert.ok(new Date(post.created_at) <= new Date());
	assert.deepEqual(posts.map((it) => it.kith_audience.kind).sort(), ['friends', 'friends', 'friends', 'self', 'self', 'self']);
	assert.deepEqual(filesOf(), files);
	await kith.stop();
});
