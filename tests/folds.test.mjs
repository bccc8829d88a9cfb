// Copies by different authors over HTTP: a viewer who does not see the others is told exactly what they would be told if nobody had copied anything.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const SAME = '橙子现货，十斤四十八包邮，小区里的接龙下单，周六到货';
const LABELLED = '小票可做，三天见效';
let kith, people, posts;

/** lin, zhou, chen and tomas write the same, in this order; all knows each of them, one knows chen alone. solo writes what nobody copied. */
before(async () => {
	kith = await Kith.start();
	people = await kith.people(
		['lin', 'zhou', 'chen', 'tomas', 'solo', 'anna', 'one', 'other'],
		[
			...['lin', 'zhou', 'chen', 'tomas'].map((who) => [who, 'anna']),
			['chen', 'one'],
			['solo', 'other'],
		],
	);
	posts = {};
	for (const who of ['lin', 'zhou', 'chen', 'tomas']) posts[who] = await people[who].say(SAME);
	posts.solo = await people.solo.say(SAME.replaceAll('橙子', '苹果').replace('十斤四十八', '一箱五十六').replace('小区里的接龙下单，周六到货', '楼下自取就好'));
});

after(() => kith?.stop());

/** What is left when whatever must differ is taken away: who, when, which, and the words. */
function bones(value, name = '') {
	if (Array.isArray(value)) return value.map((v) => bones(v));
	if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, bones(v, k)]));
	return typeof value === 'string' && /^(id|.*_at|ur[il]|content|kith_text|username|acct|display_name|avatar.*|header.*)$/.test(name) ? '' : value;
}

test('one without the others learns nothing: every answer is as if nobody had copied', async () => {
	const ways = [
		(post) => `/api/v1/statuses/${post.id}`,
		() => '/api/v1/timelines/home',
		() => '/api/kith/v1/moments',
		(post) => `/api/kith/v1/statuses/${post.id}/moment`,
		(post) => `/api/v1/statuses/${post.id}/history`,
		(post) => `/api/v1/statuses/${post.id}/context`,
		(post) => `/api/v1/accounts/${post.account.id}/statuses`,
		(post) => `/api/v2/search?type=statuses&q=${encodeURIComponent(post.kith_text.slice(0, 4))}`,
		() => '/api/v1/notifications',
		() => '/api/kith/v1/measures',
	];
	for (const way of ways) {
		const copied = await people.one.get(way(posts.chen));
		const alone = await people.other.get(way(posts.solo));
		assert.deepEqual(bones(copied), bones(alone), way(posts.chen));
	}
	assert.equal((await people.chen.get('/api/kith/v1/measures'))[0].kind, 'fold'); // it is folded for those who see the first
});

test('whoever sees the first is led to it, and to nothing else', async () => {
	for (const who of ['chen', 'tomas']) {
		const seen = await people.anna.get(`/api/v1/statuses/${posts[who].id}`);
		assert.deepEqual(Object.keys(seen.kith_fold).sort(), ['account', 'first']);
		assert.equal(seen.kith_fold.first, posts.lin.id);
		assert.equal(seen.kith_fold.account.acct, 'lin');
		assert.deepEqual(seen.kith_measures.map((m) => [m.kind, Object.keys(m).sort().join(), m.rule.id, m.rule.clause]), [
			['fold', 'kind,rule', 'copies.agents', 'b.4'],
		]);
		assert.ok(seen.kith_measures[0].rule.text.en && seen.kith_measures[0].rule.text.zh && seen.kith_measures[0].rule.policy);
	}
	for (const who of ['lin', 'zhou']) {
		const seen = await people.anna.get(`/api/v1/statuses/${posts[who].id}`);
		assert.deepEqual([seen.kith_fold, seen.kith_measures], [null, []]);
	}
});

test('a change of the first that waits is told to nobody: copies stay under it until it shows', async () => {
	const fold = async () => (await people.anna.get(`/api/v1/statuses/${posts.tomas.id}`)).kith_fold?.first;
	const before = bones(await people.anna.get('/api/v1/timelines/home'));
	const changed = await people.lin.put(`/api/v1/statuses/${posts.lin.id}`, { status: Object.values(HELD)[0] });
	assert.ok(changed.kith_pending, 'it waits');
	assert.equal(await fold(), posts.lin.id);
	assert.deepEqual(bones(await people.anna.get('/api/v1/timelines/home')), before);
	await people.lin.put(`/api/v1/statuses/${posts.lin.id}`, { status: '今天带孩子去公园放风筝' });
	assert.notEqual(await fold(), posts.lin.id);
});

test('a label of the words is told to all with its reason, to its author with the measure', async () => {
	const post = await people.chen.say(LABELLED);
	const seen = await people.one.get(`/api/v1/statuses/${post.id}`);
	assert.deepEqual(seen.kith_measures.map((m) => [m.kind, m.id, m.rule.id, m.rule.clause]), [['label', undefined, 'fraud.overseas', 'a.3']]);
	const own = await people.chen.get(`/api/v1/statuses/${post.id}`);
	const measure = (await people.chen.get('/api/kith/v1/measures')).find((m) => m.object.id === post.id);
	assert.equal(own.kith_measures[0].id, measure.id);
	await people.chen.put(`/api/v1/statuses/${post.id}`, { status: '今天带孩子去公园放风筝' });
	assert.deepEqual((await people.one.get(`/api/v1/statuses/${post.id}`)).kith_measures, []);
});

test('a comment bears its label under its post', async () => {
	const comment = await people.one.say(LABELLED, { in_reply_to_id: posts.chen.id });
	const [seen] = (await people.chen.get(`/api/v1/statuses/${posts.chen.id}/context`)).descendants;
	assert.equal(seen.id, comment.id);
	assert.deepEqual(seen.kith_measures.map((m) => [m.kind, m.id]), [['label', undefined]]);
	const [own] = (await people.one.get(`/api/v1/statuses/${posts.chen.id}/context`)).descendants;
	assert.ok(own.kith_measures[0].id);
	assert.deepEqual((await people.one.get(`/api/v1/statuses/${posts.chen.id}`)).kith_measures, []);
});
