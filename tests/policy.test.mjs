// kith policy check and diff, run as keepers run them.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from './support/kith.mjs';

let folder;
const at = (name) => join(folder, name);
const write = (name, text) => writeFile(at(name), text);
const policy = (...args) => run(['policy', ...args], { cwd: folder });

const LIST = 'words gift "免费送" "free gift" matches "免费送面膜" passes "今天吃饺子" end\n';
const RULE = (weight) => `rule gift.offer clause "b.2" owner "stewards" status live harm marketing dsa OTHER_VIOLATION_TC
  evidence ${weight} when words(gift) >= 1
  en "It offers a gift." zh "它送东西。" pass en "Without." zh "不送。" false_positives "none known"
  fires "免费送面膜" silent "今天吃饺子" end
`;
const HEAD = 'policy "ours" version 1\nladder hold from 0.6 end\n';

before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'kith-policy-'));
	await write('words.policy', LIST);
	await write('a.policy', `include "words.policy"\n${HEAD}${RULE('0.5')}`);
	await write('b.policy', `include "words.policy"\n${HEAD}${RULE('0.7')}words ask "私聊" matches "私聊" passes "聊天" end\n`);
	await write('same.policy', `include "words.policy" -- a comment\n${HEAD}\n\n${RULE('0.5')}`);
	await write('wrong.policy', `${HEAD}${LIST}${RULE('0.5').replace('words(gift)', 'words(gifts)')}`);
});

after(() => rm(folder, { recursive: true, force: true }));

describe('kith policy check', () => {
	test('says what a policy is made of', async () => {
		const done = await policy('check', 'a.policy');
		assert.equal(done.code, 0, done.err);
		assert.match(done.out, /^a\.policy: ours, version 1, [0-9a-f]{32}\n/);
		assert.match(done.out, /1 rules \(1 live\).* 1 lists with 2 phrases/);
		assert.equal(done.err, '');
	});

	test('the same for programs, the hash whatever the spacing', async () => {
		const [a, same, b] = await Promise.all(['a.policy', 'same.policy', 'b.policy'].map((name) => policy('check', '--json', name)));
		const { hash, ...rest } = JSON.parse(a.out);
		assert.deepEqual(rest, {
			file: 'a.policy', name: 'ours', version: 1, rules: 1, live: 1, evidence: 1, lists: 1, phrases: 2, patterns: 0, windows: 0, cost: 3,
		});
		assert.equal(JSON.parse(same.out).hash, hash);
		assert.notEqual(JSON.parse(b.out).hash, hash);
	});

	test('a fault is shown with a caret, and the other files are checked all the same', async () => {
		const done = await policy('check', 'wrong.policy', 'a.policy', 'none.policy');
		assert.equal(done.code, 1);
		assert.match(done.err, /^wrong\.policy:5:27: there is no list gifts; did you mean gift\?\n {2}evidence 0\.5 when words\(gifts\) >= 1\n {26}\^\n/);
		assert.match(done.err, /kith: none\.policy: /);
		assert.match(done.out, /^a\.policy: ours/);
	});

	test('what nothing uses is noted and no fault', async () => {
		const done = await policy('check', 'b.policy');
		assert.equal(done.code, 0);
		assert.match(done.err, /^note: b\.policy:\d+:7: nothing uses the list ask\n/);
	});
});

describe('kith policy diff', () => {
	test('says what changes, in words', async () => {
		const done = await policy('diff', 'a.policy', 'b.policy');
		assert.equal(done.code, 0, done.err);
		assert.equal(done.out, 'added list ask\nchanged rule gift.offer\n  ~ weight when words(gift) >= 1: 0.5 -> 0.7\n');
	});

	test('and for programs', async () => {
		const done = await policy('diff', '--json', 'b.policy', 'a.policy');
		assert.deepEqual(JSON.parse(done.out), [
			{ change: 'changed', what: 'rule', name: 'gift.offer', details: [{ field: 'weight when words(gift) >= 1', before: '0.7', after: '0.5' }] },
			{ change: 'removed', what: 'list', name: 'ask', details: [] },
		]);
	});

	test('spacing and comments are no change', async () => {
		assert.equal((await policy('diff', 'a.policy', 'same.policy')).out, 'they say the same\n');
	});

	test('a policy that does not compile cannot be compared', async () => {
		const done = await policy('diff', 'a.policy', 'wrong.policy');
		assert.equal(done.code, 1);
		assert.equal(done.out, '');
		assert.match(done.err, /did you mean gift/);
	});
});

test('a verb that is not there exits 2', async () => {
	assert.equal((await policy('chekc', 'a.policy')).code, 2);
	assert.equal((await policy('check')).code, 2);
	assert.equal((await policy('diff', 'a.policy')).code, 2);
	assert.equal((await policy()).code, 2);
});
