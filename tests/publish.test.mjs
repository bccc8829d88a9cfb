// A policy is published, binds a week later, judges from the next piece on, survives a restart, and is gone back from with all it did.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { policies_later, until } from './support/later.mjs';

const FRUIT = '自家院子里的柿子熟了，一斤八元，要的邻居留言，明天傍晚在楼下等大家';
const policy = (name, weight, fires = '院子里的柿子熟了') => `policy "${name}" version 1
ladder label from 0.2 hold from 0.6 end
words fruit "柿子熟了" matches "院子里的柿子熟了" passes "今天吃饺子" end
rule fruit.ripe clause "b.1" owner "stewards" status live harm marketing dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT
  evidence ${weight} when words(fruit) >= 1
  en "It names a fruit." zh "它提到了柿子。" pass en "Without it, it would pass." zh "不提就可以。" false_positives "many"
  fires "${fires}" silent "今天吃饺子" end
`;
let dir, kith, seller, friend;
const files = {};
const command = (...args) => kith.command(['policy', ...args]);

before(async () => {
	dir = await mkdtemp(join(tmpdir(), 'kith-publish-'));
	kith = await Kith.start({ dir });
	({ seller, friend } = await kith.people(['seller', 'friend'], [['seller', 'friend']]));
	for (const [name, text] of Object.entries({
		strict: policy('strict', '0.9'),
		mild: policy('mild', '0.3'),
		wrong: policy('wrong', '0.9').replace('words(fruit)', 'words(fruits)'),
		unproven: policy('unproven', '0.9', '今天去爬山'),
	})) {
		files[name] = join(dir, `${name}.policy`);
		await writeFile(files[name], text);
	}
});

after(async () => {
	await kith?.stop();
	await rm(dir, { recursive: true, force: true });
});

/** Announced, and a week later in force. */
async function bind(name) {
	const done = await command('publish', files[name]);
	assert.equal(done.code, 0, done.err);
	const hash = /^([0-9a-f]{32}) is announced and binds on /.exec(done.out)[1];
	kith = await policies_later(kith, 7, [seller, friend]);
	await until('bound', async () => JSON.parse((await command('rehearse', '--json')).out).policy === hash);
	return hash;
}

const on = async (post) => (await seller.get('/api/kith/v1/measures')).find((m) => m.object.id === post.id);

test('what does not compile or does not prove itself is refused, and nothing changes', async () => {
	const wrong = await command('publish', files.wrong);
	assert.equal(wrong.code, 1);
	assert.match(wrong.err, /there is no list fruits/);
	const unproven = await command('publish', files.unproven);
	assert.equal(unproven.code, 1);
	assert.match(unproven.err, /fruit\.ripe/);
	assert.equal((await command('publish')).code, 2);
	const none = await command('rollback');
	assert.equal(none.code, 1);
	assert.match(none.err, /default policy is in force/);
	assert.equal((await seller.say(FRUIT)).kith_state, 'published');
});

test('a published policy judges from the next piece on, and after a restart', async () => {
	await bind('mild');
	assert.equal((await on(await seller.say(FRUIT))).kind, 'label');
	const hash = await bind('strict');
	assert.equal((await command('publish', files.strict)).code, 1, 'it is in force already');
	await kith.stop();
	kith = await Kith.start({ dir });
	for (const person of [seller, friend]) person.url = kith.url;
	const post = await seller.say(FRUIT);
	assert.equal(post.kith_state, 'held');
	const measure = await on(post);
	assert.equal(measure.rule.policy, hash);
	assert.equal(measure.would_pass.en, 'Without it, it would pass.');
	const rehearsed = await command('rehearse', '--json');
	assert.equal(rehearsed.code, 0, rehearsed.err);
	assert.equal(JSON.parse(rehearsed.out).policy, hash);
});

test('going back releases what the withdrawn policy did, and nothing else', async () => {
	const held = await seller.say(FRUIT);
	assert.equal(await friend.sees(held), 404);
	const back = await command('rollback');
	assert.equal(back.code, 0, back.err);
	assert.match(back.out, /is withdrawn and 2 of its measures released/);
	assert.equal(await friend.sees(held), 200);
	const measure = await on(held);
	assert.equal(measure.state, 'released');
	const label = (await seller.get('/api/kith/v1/measures')).find((m) => m.kind === 'label');
	assert.equal(label.state, 'active', 'the label of the policy before stays');
	assert.equal((await on(await seller.say(FRUIT))).kind, 'label', 'the one before is in force again');
	const last = await command('rollback');
	assert.equal(last.code, 0, last.err);
	assert.equal((await on(await seller.say(FRUIT)))?.kind, undefined, 'and then the default one');
	assert.equal((await command('rollback', 'f'.repeat(32))).code, 1);
});
