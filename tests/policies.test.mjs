// Policies as public acts: announced with what they change and whom they would have hit, foreseen by each for themselves, urgent ones that end,
// withdrawn ones whose deeds end with them. Over HTTP, on the page without script, and in Mastodon's apps.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith, done } from './support/kith.mjs';
import { DAY_MS, policies_later, until } from './support/later.mjs';

const FRUIT = '自家院子里的柿子熟了，一斤八元，要的邻居留言，明天傍晚在楼下等大家';
const PLAIN = '今天带孩子去公园放风筝，风很大，线都快拉不住了。';
const ROOT = '/api/kith/v1/policies';
const policy = (name, weight, more = '') => `policy "${name}" version 3
ladder label from 0.2 hold from 0.6 end
words fruit "柿子熟了" matches "院子里的柿子熟了" passes "今天吃饺子" end
rule fruit.ripe clause "b.1" owner "stewards" status live harm marketing dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT
  evidence ${weight} when words(fruit) >= 1
  en "It names a <fruit>." zh "它提到了柿子。" pass en "Without it, it would pass." zh "不提就可以。" false_positives "many"
  fires "院子里的柿子熟了" silent "今天吃饺子" end
${more}`;
const MILD = policy('mild', '0.3');
const STRICT = policy('strict', '0.9');
let dir, kith, people, keeper, seller, friend;

before(async () => {
	dir = await mkdtemp(join(tmpdir(), 'kith-policies-'));
	kith = await Kith.start({ dir });
	keeper = await kith.account('keeper', { role: 'keeper' });
	const all = await kith.people(['seller', 'friend', 'other'], [['seller', 'friend']]);
	({ seller, friend } = all);
	people = [keeper, ...Object.values(all)];
});

after(async () => {
	await kith?.stop();
	await rm(dir, { recursive: true, force: true });
});

const later = async (days) => {
	kith = await policies_later(kith, days, people);
};
const anyone = () => kith.anyone();
const list = () => anyone().get(ROOT);
const now_in_force = async () => (await list()).find((it) => it.state === 'in_force').hash;
const on = async (post) => (await seller.get('/api/kith/v1/measures')).find((m) => m.object?.id === post.id && m.kind !== 'notice');
const publish = (source, urgent = false) => keeper.send('POST', ROOT, { source, urgent });

test('the default policy is in force, and everybody may read it', async () => {
	const [only, ...more] = await list();
	assert.deepEqual(more, []);
	assert.equal(only.state, 'in_force');
	assert.equal(only.published_at, null);
	const whole = await anyone().get(`${ROOT}/${only.hash}`);
	assert.match(whole.source, /rule contact\.disguised/);
	assert.deepEqual(whole.diff, []);
	assert.equal(whole.rehearsal, null);
	(await anyone().send('GET', `${ROOT}/${'f'.repeat(32)}`)).refused(404);
	assert.deepEqual(await seller.get('/api/v1/announcements'), []);
});

test('none but the keeper publishes, and what does not compile or prove itself says where', async () => {
	(await anyone().send('POST', ROOT, { source: MILD })).refused(401);
	(await seller.send('POST', ROOT, { source: MILD })).refused(403);
	const steward = await kith.account('warden', { role: 'steward' });
	people.push(steward);
	(await steward.send('POST', ROOT, { source: MILD })).refused(403);
	assert.match((await publish(MILD.replace('words(fruit)', 'words(fruits)'))).refused(422, 'source').error, /policy:5:\d+: there is no list fruits/);
	assert.match((await publish(policy('p', '0.3').replace('fires "院子里的柿子熟了"', 'fires "今天去爬山"'))).refused(422, 'source').error, /fruit\.ripe/);
	(await publish('')).refused(422, 'source');
	assert.equal((await list()).length, 1);
});

let mild, strict;

test('what may be stricter is announced: what it changes in words, whom it would have hit, and seven days', async () => {
	for (let n = 0; n < 6; n++) await seller.say(`${FRUIT} ${n}`);
	await friend.say(PLAIN);
	const before = await now_in_force();
	const done = (await publish(MILD)).must(200).json;
	mild = done.hash;
	assert.equal(done.state, 'announced');
	assert.equal(Date.parse(done.binds_at) - Date.parse(done.published_at), 7 * DAY_MS);
	assert.equal(done.urgent, false);
	assert.equal(done.differs_from, before);
	const rule = done.diff.find((it) => it.what === 'fruit.ripe');
	assert.equal(rule.kind, 'added');
	assert.match(rule.en, /It names a <fruit>\./);
	assert.match(rule.zh, /它提到了柿子/);
	assert.equal(done.source, MILD);
	// Small counts are not told apart, and the others are rounded.
	assert.equal(done.rehearsal.days, 30);
	assert.equal(done.rehearsal.changed, 5);
	assert.equal(done.rehearsal['new members'].people, '<5');
	assert.equal(done.rehearsal['new members'].will_label, 5);
	assert.equal(done.rehearsal['new members'].will_hold, 0);
	assert.equal(done.rehearsal.elders.pieces, 0);
	// How much is written here is nobody's business outside.
	assert.equal((await anyone().get(`${ROOT}/${mild}`)).rehearsal, null);
	assert.deepEqual((await friend.get(`${ROOT}/${mild}`)).rehearsal, done.rehearsal);
	assert.equal(await now_in_force(), before);
	assert.equal(await on(await seller.say(FRUIT)), undefined);
	(await publish(STRICT)).refused(409);
});

test('each sees what would change for them, and nobody else does', async () => {
	const mine = await seller.get(`${ROOT}/${mild}/me`);
	assert.equal(mine.days, 30);
	assert.ok(mine.pieces >= 6);
	assert.ok(mine.changed.length >= 6, JSON.stringify(mine));
	for (const it of mine.changed) {
		assert.deepEqual([it.was, it.will, it.rule], ['allow', 'label', 'fruit.ripe']);
		assert.match(it.text, /柿子熟了/);
		assert.equal(it.text_reason.en, 'It names a <fruit>.');
		assert.equal((await seller.get(`/api/v1/statuses/${it.status_id}`)).account.id, seller.id);
	}
	assert.deepEqual((await friend.get(`${ROOT}/${mild}/me`)).changed, []);
	(await anyone().send('GET', `${ROOT}/${mild}/me`)).refused(401);
	(await seller.send('GET', `${ROOT}/${await now_in_force()}/me`)).refused(404);
});

test('people are told on a page without script and in their apps', async () => {
	const plain = await anyone().send('GET', '/policies', undefined, { 'accept-language': 'en' });
	const page = plain.must(200).text;
	assert.match(page, /announced/);
	assert.match(page, /It names a &lt;fruit&gt;\./);
	assert.ok(!page.includes('<script') && !page.includes('<fruit>'));
	assert.match(page, new RegExp(`/rules\\?version=${mild}`));
	assert.match(plain.headers.get('content-security-policy'), /default-src 'none'/);
	const chinese = (await anyone().send('GET', '/policies', undefined, { 'accept-language': 'zh-CN' })).must(200).text;
	assert.match(chinese, /已公布/);
	assert.match(chinese, /它提到了柿子/);
	const one = (await anyone().send('GET', `/policies?version=${mild}`)).must(200).text;
	assert.match(one, /rule fruit\.ripe/);
	assert.ok(!one.includes('fewer than 5'));
	assert.match((await friend.send('GET', `/policies?version=${mild}`)).must(200).text, /fewer than 5/);
	(await anyone().send('GET', '/policies?version=nothing')).must(404);
	const [said] = await seller.get('/api/v1/announcements');
	assert.equal(said.id, mild);
	assert.match(said.content, /New rules bind from \d{4}-\d\d-\d\d on/);
});

test('a week later it binds by itself, also over a restart', async () => {
	await later(6);
	assert.notEqual(await now_in_force(), mild);
	await later(1);
	await until('bound', async () => (await now_in_force()) === mild);
	assert.equal((await on(await seller.say(FRUIT))).kind, 'label');
	(await seller.send('GET', `${ROOT}/${mild}/me`)).refused(404);
	assert.deepEqual(await seller.get('/api/v1/announcements'), []);
});

test('what only takes away binds at once', async () => {
	const done = (await publish(policy('milder', '0.25'))).must(200).json;
	assert.equal(done.state, 'in_force');
	assert.equal(await now_in_force(), done.hash);
	const back = (await keeper.send('DELETE', `${ROOT}/${done.hash}`)).must(200).json;
	assert.equal(back.in_force, mild);
});

test('what is announced can be withdrawn and never binds', async () => {
	const done = (await publish(STRICT)).must(200).json;
	(await seller.send('DELETE', `${ROOT}/${done.hash}`)).refused(403);
	(await keeper.send('DELETE', `${ROOT}/${done.hash}`)).must(200);
	(await keeper.send('DELETE', `${ROOT}/${done.hash}`)).refused(409);
	await later(8);
	assert.equal(await now_in_force(), mild);
	assert.equal((await anyone().get(`${ROOT}/${done.hash}`)).state, 'withdrawn');
});

test('an urgent version binds at once, is listed as urgent, and ends by itself with what it did', async () => {
	const done = (await publish(STRICT, true)).must(200).json;
	strict = done.hash;
	assert.deepEqual([done.state, done.urgent], ['in_force', true]);
	assert.equal(Date.parse(done.urgent_until) - Date.parse(done.published_at), 14 * DAY_MS);
	assert.match((await seller.get('/api/v1/announcements'))[0].content, /Urgent rules/);
	assert.match((await anyone().send('GET', '/policies')).text, /urgent/);
	await later(13);
	assert.equal(await now_in_force(), strict);
	const held = await seller.say(FRUIT);
	assert.equal(held.kith_state, 'held');
	assert.equal(await friend.sees(held), 404);
	await later(1);
	await until('ended', async () => (await now_in_force()) === mild);
	await until('released', async () => (await on(held)).state === 'released');
	assert.equal(await friend.sees(held), 200);
	assert.equal((await anyone().get(`${ROOT}/${strict}`)).state, 'withdrawn');
	(await publish(STRICT, true)).refused(409);
});

test('a rollback lifts what a steward had kept under it, and what its writer got for it', async () => {
	const path = join(dir, 'strict.policy');
	await writeFile(path, STRICT);
	const said = await kith.command(['policy', 'publish', path]);
	assert.equal(said.code, 0, said.err);
	assert.match(said.out, new RegExp(`^${strict} is announced and binds on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC; until then ${mild}`));
	await later(7);
	await until('bound', async () => (await now_in_force()) === strict);
	const held = await seller.say(FRUIT);
	const measure = await on(held);
	await keeper.post(`/api/kith/v1/review/${measure.id}/keep`, { note: 'It is so.' });
	assert.equal((await on(held)).state, 'kept');
	const notice = async () => (await seller.get('/api/kith/v1/measures')).find((m) => m.kind === 'notice').state;
	assert.equal(await notice(), 'active');
	const back = (await keeper.send('DELETE', `${ROOT}/${strict}`)).must(200).json;
	assert.equal(back.in_force, mild);
	assert.ok(back.lifted >= 2, JSON.stringify(back));
	assert.equal(await friend.sees(held), 200);
	assert.equal(await notice(), 'released');
});

test('each act is a record of the log, which verifies', async () => {
	const done = await kith.command(['audit', 'verify']);
	assert.equal(done.code, 0, done.err + done.out);
});

test('the shell withdraws and says so, and raises no rule that is not down', async () => {
	const path = join(dir, 'other.policy');
	await writeFile(path, policy('other', '0.5'));
	const said = await kith.command(['policy', 'publish', path]);
	const hash = /^([0-9a-f]{32}) is announced/.exec(said.out)[1];
	const gone = await kith.command(['policy', 'withdraw', hash]);
	assert.equal(gone.code, 0, gone.err);
	assert.match(gone.out, /is withdrawn/);
	assert.equal((await kith.command(['policy', 'withdraw', mild])).code, 1);
	const raised = await kith.command(['policy', 'raise', 'fruit.ripe']);
	assert.equal(raised.code, 1);
	assert.match(raised.err, /not down/);
});

/** What is in force came with another program, and nobody here has seen what this one brings. */
const ANOTHER = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("DELETE FROM policies WHERE hash = ?", (sys.argv[2],))
db.execute("UPDATE policies SET of_program = 1 WHERE state = 0")
db.commit()`;

test('another program begins under what was in force, and announces what it brings', async () => {
	const ours = (await list()).find((it) => it.published_at === null).hash;
	const theirs = await now_in_force();
	assert.notEqual(ours, theirs);
	await kith.stop({ keep: true });
	const done = spawnSync('python3', ['-c', ANOTHER, join(dir, 'kith.db'), ours]);
	assert.equal(done.status, 0, String(done.stderr));
	kith = await Kith.start({ dir });
	for (const person of people) person.url = kith.url;
	assert.equal(await now_in_force(), theirs);
	await until('announced', async () => (await list()).some((it) => it.hash === ours && it.state === 'announced'));
	assert.equal(await now_in_force(), theirs);
	const whole = await seller.get(`${ROOT}/${ours}`);
	assert.equal(Date.parse(whole.binds_at) - Date.parse(whole.published_at), 7 * DAY_MS);
	assert.equal(whole.differs_from, theirs);
	assert.ok(whole.diff.length > 10);
	assert.equal(whole.rehearsal.days, 30);
	assert.match((await anyone().send('GET', '/policies')).text, /comes with the program/);
	assert.ok((await seller.get(`${ROOT}/${ours}/me`)).pieces > 0);
	await later(7);
	await until('bound', async () => (await now_in_force()) === ours);
	assert.equal((await kith.command(['audit', 'verify'])).code, 0);
});

test('what is added to the bank of pictures is announced: a number and a hash, and a record', async () => {
	const at = await Kith.start();
	await at.stop({ keep: true });
	await writeFile(join(at.dir, 'bank.txt'), `${'ab'.repeat(32)}  a fake\n`);
	const after_it = await Kith.start({ dir: at.dir });
	const page = (await after_it.anyone().send('GET', '/policies')).must(200).text;
	assert.match(page, /Pictures that are held[\s\S]*Entries: 1<[\s\S]*[0-9a-f]{64}[\s\S]*Announced[^<]*1, /);
	assert.ok(!page.includes('abab'));
	assert.equal(done(await after_it.command(['check'])), 'nothing is wrong');
	await after_it.stop({ keep: true });
	await rm(at.dir, { recursive: true });
});
