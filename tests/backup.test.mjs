// Backup and restore: whole while people write, and nothing that was taken back comes back.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith, PASSWORD, done, refused, run } from './support/kith.mjs';
import { Client } from './support/client.mjs';
import { addresses, bring } from './support/picture.mjs';

const WRITERS = 8;
let place;

before(async () => {
	place = await mkdtemp(join(tmpdir(), 'kith-backup-'));
});
after(() => rm(place, { recursive: true, force: true }));

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
	done(await kith.command(['account', 'seal', 'dov', '--reason', 'in other hands', '--seized']));
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

test('due process does not go back: an appeal made after the backup is there, and is decided', async () => {
	const API = '/api/kith/v1';
	const kith = await Kith.start();
	const people = await kith.people(['ana', 'ben', { handle: 'warden', role: 'steward' }, { handle: 'boss', role: 'keeper' }], [['ana', 'ben']]);
	const { ana, ben, warden, boss } = people;
	const post = await ana.say('Something that ben finds unkind');
	const backup = join(place, 'due');
	done(await kith.command(['backup', backup]));

	const report = (who) => who.post('/api/v1/reports', { account_id: ana.id, status_ids: [post.id], comment: 'unkind', category: 'other' });
	const of_ana = async (who) => {
		const line = (await who.get(`${API}/cases`)).find((it) => it.subject?.id === ana.id);
		return who.get(`${API}/cases/${line.id}`);
	};
	await report(ben);
	const seen = await of_ana(warden);
	await warden.post(`${API}/cases/${seen.id}/decide`, { version: seen.version, note: 'Be kind.', person: { kind: 'notice' }, reports: 'right' });
	const [measure] = await ana.get(`${API}/measures`);
	assert.equal(measure.note, 'Be kind.');
	const appeal = await ana.post(`${API}/measures/${measure.id}/appeal`, { words: 'I was kind.' });
	// of who came after the backup nothing can stay, and what they reported is a lead of nobody
	const late = await kith.account('late');
	const held = await late.say('【高仿包包】一比一，招代理一件代发，加薇❤芯：abc12345，扫码进群');
	const theirs = (await late.get(`${API}/measures`))[0];
	const gone = await late.post(`${API}/measures/${theirs.id}/appeal`, {});
	assert.equal(held.kith_state, 'held');
	await kith.stop({ keep: true });

	done(await run(['restore', backup, '--data', kith.dir]));
	const server = await Kith.start({ dir: kith.dir });
	const [a, b, w, k] = [ana, ben, warden, boss].map((client) => again(server, client));
	const { reasons, note, rule, appeal: its } = (await a.get(`${API}/measures`)).find((m) => m.id === measure.id);
	assert.deepEqual({ reasons, note, rule }, { reasons: measure.reasons, note: 'Be kind.', rule: measure.rule });
	assert.ok(its);
	const back = await a.get(`${API}/appeals/${appeal.id}`);
	assert.deepEqual([back.state, back.number, back.words, back.due_at], ['open', appeal.number, 'I was kind.', appeal.due_at]);
	const [mine] = await b.get(`${API}/reports`);
	assert.equal(mine.kith_outcome ?? mine.outcome, 'right');
	assert.equal(done(await server.command(['check'])), 'nothing is wrong');

	// who gave it decides nothing; the other does
	const open = await of_ana(k);
	await k.post(`${API}/cases/${open.id}/decide`, { version: open.version, note: 'You were.', appeals: [{ id: appeal.id, do: 'overturn' }] });
	assert.equal((await a.get(`${API}/appeals/${appeal.id}`)).state, 'overturned');
	// no number is given twice, also none of an appeal that is gone
	const again_held = await a.say('【高仿包包】一比一，招代理一件代发，加薇❤芯：abc12345，扫码进群');
	assert.equal(again_held.kith_state, 'held');
	const second = (await a.get(`${API}/measures`)).find((m) => m.object.id === again_held.id);
	const next = await a.post(`${API}/measures/${second.id}/appeal`, {});
	assert.ok(Number(next.number) > Number(gone.number), `${next.number} after ${gone.number}`);
	assert.ok((await w.get(`${API}/cases`)).length >= 1);
	assert.equal(done(await server.command(['check'])), 'nothing is wrong');
	await server.stop({ keep: true });
	await rm(kith.dir, { recursive: true });
});
