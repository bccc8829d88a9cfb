// What the order did in a month: published once when it is over, for everybody, without small counts, over HTTP, on a page and by the shell.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { until } from './support/later.mjs';
import { HELD, HONEST } from './support/texts.mjs';

const PATH = '/api/kith/v1/transparency';
const AD = Object.values(HELD)[0];
let dir, kith, people, steward, month;

before(async () => {
	dir = await mkdtemp(join(tmpdir(), 'kith-transparency-'));
	kith = await Kith.start({ dir });
	people = await kith.people(['anna', 'bert', 'cleo']);
	steward = await kith.account('warden', { role: 'steward' });
});

after(async () => {
	await kith?.stop();
	await rm(dir, { recursive: true, force: true });
});

// Everything the order did moves into an earlier month, ids and all: a server cannot be made to wait for one.
const MOVE = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
by = int(sys.argv[2])
db.execute("UPDATE measures SET measure_id = measure_id - (?1 << 22), follows_id = CASE follows_id WHEN 0 THEN 0 ELSE follows_id - (?1 << 22) END, starts_at_ms = starts_at_ms - ?1, ends_at_ms = CASE WHEN ends_at_ms > 4000000000000 THEN ends_at_ms ELSE ends_at_ms - ?1 END, decided_at_ms = CASE decided_at_ms WHEN 0 THEN 0 ELSE decided_at_ms - ?1 END", (by,))
db.execute("UPDATE measure_refs SET measure_id = measure_id - (?1 << 22)", (by,))
db.execute("UPDATE screenings SET at_ms = at_ms - ?1", (by,))
db.commit()`;

const anyone = () => kith.anyone();

test('before the first month is over there is nothing, and it says so', async () => {
	assert.deepEqual(await anyone().get(PATH), { months: [] });
	assert.match((await anyone().send('GET', '/transparency')).must(200).text, /Nothing was published yet/);
	(await anyone().send('GET', `${PATH}?month=2026-05`)).refused(404);
	const none = await kith.command(['report', 'transparency']);
	assert.equal(none.code, 1);
});

test('the keeper sees a month as it is so far, nobody else does', async () => {
	for (let n = 0; n < 6; n++) {
		await people.anna.say(`${AD} ${n}`);
		await people.bert.say(`${Object.values(HONEST)[0]} ${n}`);
	}
	await people.cleo.say('0元入会，推荐一人奖励200元，躺赚月入过万，发展下级三级返佣');
	for (const m of await people.anna.get('/api/kith/v1/measures')) {
		if (m.kind === 'hold') await steward.post(`/api/kith/v1/review/${m.id}/keep`, { note: 'It is so.' });
	}
	const held = (await people.cleo.get('/api/kith/v1/measures')).find((m) => m.kind === 'hold');
	await steward.post(`/api/kith/v1/review/${held.id}/release`, { note: 'It is not.' });
	// What somebody takes back nobody decides: an appeal of it ends, and is neither kept nor overturned.
	const taken = await people.cleo.say('0元入会，推荐一人奖励300元，躺赚月入过万，发展下级三级返佣');
	const measure = (await people.cleo.get('/api/kith/v1/measures')).find((m) => m.object.id === taken.id);
	const appeal = await people.cleo.post(`/api/kith/v1/measures/${measure.id}/appeal`, { words: 'Just a joke.' });
	await people.cleo.delete(`/api/v1/statuses/${taken.id}`);
	await until('it is over', async () => (await people.cleo.get(`/api/kith/v1/appeals/${appeal.id}`)).state === 'withdrawn');
	assert.equal((await people.cleo.get('/api/kith/v1/measures')).find((m) => m.id === measure.id).state, 'withdrawn');
	const now = new Date().toISOString().slice(0, 7);
	const done = await kith.command(['report', 'transparency', '--month', now, '--json']);
	assert.equal(done.code, 0, done.err);
	const report = JSON.parse(done.out);
	assert.equal(report.month, now);
	assert.deepEqual([report.appeals.withdrawn, report.appeals.by_steward.overturned, report.appeals.by_jury.overturned, report.appeals.by_steward.kept], ['<5', '<5', '<5', '<5'], 'fewer than five, be it none');
	assert.ok(report.rules.every((it) => it.overturned === '<5'), 'one that was released looks like none');
	const caught = report.rules.map((it) => it.caught);
	assert.ok(caught.some((n) => n >= 5) && caught.includes('<5'), JSON.stringify(report.rules));
	assert.deepEqual((await anyone().get(PATH)).months, []);
	assert.equal((await kith.command(['report', 'transparency', '--month', 'May'])).code, 1);
});

test('a month that is over is published for everybody', async () => {
	await kith.stop();
	const by = 45 * 24 * 3600 * 1000;
	month = new Date(Date.now() - by).toISOString().slice(0, 7);
	const moved = spawnSync('python3', ['-c', MOVE, join(dir, 'kith.db'), String(by)]);
	assert.equal(moved.status, 0, String(moved.stderr));
	kith = await Kith.start({ dir });
	for (const person of [...Object.values(people), steward]) person.url = kith.url;
	await until('published', async () => (await anyone().get(PATH)).months.includes(month));
	const report = await anyone().get(`${PATH}?month=${month}`);
	assert.equal(report.month, month);
	assert.match(report.made_at, /^\d{4}-/);
	// One held by another rule and one released are hidden, also in the totals: those are what the rows leave open.
	assert.ok(report.rules.length > 1 && report.rules.every((it) => it.overturned === '<5'), JSON.stringify(report.rules));
	assert.deepEqual(report.total.overturned, { from: 0, to: 4 * report.rules.length });
	for (const it of report.rules.flatMap(({ caught, appealed, kept, overturned, milder, lapsed }) => [caught, appealed, kept, overturned, milder, lapsed]))
		assert.ok(it === '<5' || (it > 0 && it % 5 === 0), `${it} is not in fives`);
	assert.equal(typeof report.total.caught, 'object');
	const many = report.rules.find((it) => typeof it.caught === 'number' && it.caught >= 5);
	assert.equal(typeof many.median_hours, 'number');
	assert.equal(many.p90_hours, null);
	assert.ok(report.rules.every((it) => it.rule && typeof it.clause === 'string'));
	assert.equal(report.published_at_once_percent, null, 'too few pieces to say');
	for (const person of Object.values(people)) assert.ok(!JSON.stringify(report).includes(person.id));
	(await anyone().send('GET', `${PATH}?month=2019-01`)).refused(404);
});

test('the page has a table for those who listen, and no script', async () => {
	const plain = await anyone().send('GET', `/transparency?month=${month}`, undefined, { 'accept-language': 'en' });
	const page = plain.must(200).text;
	assert.match(page, /<h1>What the order did in [A-Z][a-z]+ \d{4}<\/h1>/);
	assert.match(page, /<th scope="col"/);
	assert.match(page, /<th scope="row">/);
	assert.match(page, /role="img" aria-label="Caught and overturned: /);
	assert.match(page, /fewer than 5/);
	assert.match(page, /Withdrawn with what they were about/);
	assert.ok(!page.includes('<script'));
	assert.match(plain.headers.get('content-security-policy'), /default-src 'none'/);
	const chinese = (await anyone().send('GET', `/transparency?month=${month}`, undefined, { 'accept-language': 'zh' })).must(200).text;
	assert.match(chinese, /秩序做了什么/);
	assert.match(chinese, /不到 5/);
	(await anyone().send('GET', '/transparency?month=x')).must(404);
});

test('what is published does not change, whatever is found out later', async () => {
	const before = await anyone().get(`${PATH}?month=${month}`);
	const [kept] = (await people.anna.get('/api/kith/v1/measures')).filter((m) => m.state === 'kept');
	assert.ok(kept);
	await kith.stop();
	kith = await Kith.start({ dir });
	for (const person of [...Object.values(people), steward]) person.url = kith.url;
	assert.deepEqual(await anyone().get(`${PATH}?month=${month}`), before);
	const shell = await kith.command(['report', 'transparency', '--month', month, '--json']);
	const { months, ...rest } = before;
	assert.deepEqual(JSON.parse(shell.out), rest);
	const text = await kith.command(['report', 'transparency', '--month', month]);
	assert.match(text.out, /fewer than 5/);
	assert.match(text.out, /withdrawn with what they were about/);
});
