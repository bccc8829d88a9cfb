// Search over HTTP: people, posts and tags a viewer may see, from one Chinese character on, in the shapes apps read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';

let kith, an, bo, stranger;

before(async () => {
	kith = await Kith.start();
	({ an, bo, stranger } = await kith.people(['an', 'bo', 'stranger'], [['an', 'bo']]));
});
after(() => kith?.stop());

const search = (who, q, more = '') => who.get(`/api/v2/search?q=${encodeURIComponent(q)}${more}`);
const ids = (answer) => answer.statuses.map((s) => s.id);

test('posts are found by one character, by words and by tags, and by those alone who may see them', async () => {
	const cake = await bo.say('今天做了桂花糕 #点心');
	const own = await an.say('My 桂花 jam');
	for (const q of ['糕', '桂花糕', '今天做了', '#点心']) {
		assert.deepEqual(ids(await search(an, q)), [cake.id], q);
		assert.deepEqual(ids(await search(stranger, q)), [], q);
	}
	assert.deepEqual(ids(await search(an, '桂花')), [own.id, cake.id]);
	assert.deepEqual((await search(an, '点')).hashtags.map((t) => t.name), ['点心']);
	assert.deepEqual((await search(stranger, '点')).hashtags, []);
	assert.deepEqual((await an.get('/api/v1/timelines/tag/%E7%82%B9%E5%BF%83')).map((s) => s.id), [cake.id]);
	assert.deepEqual(await stranger.get('/api/v1/timelines/tag/%E7%82%B9%E5%BF%83'), []);
});

test('people are found by handle and by name, and a type narrows the answer', async () => {
	assert.deepEqual((await search(an, 'stran', '&type=accounts')).accounts.map((a) => a.acct), ['stranger']);
	(await an.send('GET', '/api/v2/search?q=stran&type=bogus')).refused(422, 'type');
	const only = await search(an, '桂花', '&type=statuses');
	assert.equal(only.statuses.length, 2);
	assert.deepEqual([only.accounts, only.hashtags], [[], []]);
});

test('what is deleted, hidden or ended is found no more', async () => {
	const post = await bo.say('一次性的话 onceonly');
	assert.deepEqual(ids(await search(an, 'onceonly')), [post.id]);
	await bo.post(`/api/kith/v1/accounts/${an.id}/hide_mine`);
	assert.deepEqual(ids(await search(an, 'onceonly')), []);
	assert.deepEqual(ids(await search(an, '话')), []);
	await bo.delete(`/api/kith/v1/accounts/${an.id}/hide_mine`);
	assert.deepEqual(ids(await search(an, 'onceonly')), [post.id]);
	await bo.delete(`/api/v1/statuses/${post.id}`);
	assert.deepEqual(ids(await search(an, 'onceonly')), []);
	assert.deepEqual(ids(await search(bo, '话')), []);
});

test('pages go on by number and below an id', async () => {
	const made = [];
	for (let i = 0; i < 9; i++) made.unshift((await bo.say(`连载第 ${i} 回 chapter`)).id);
	assert.deepEqual(ids(await search(an, 'chapter', '&limit=4')), made.slice(0, 4));
	assert.deepEqual(ids(await search(an, 'chapter', '&limit=4&offset=4')), made.slice(4, 8));
	assert.deepEqual(ids(await search(an, '回', `&limit=4&max_id=${made[3]}`)), made.slice(4, 8));
	const numbered = await an.send('GET', '/api/v2/search?q=chapter&limit=4&offset=4');
	assert.deepEqual(ids((await an.send('GET', numbered.links.next)).must(200).json), made.slice(8));
});

test('nothing to look for, and too much', async () => {
	assert.deepEqual(await search(an, ''), { accounts: [], statuses: [], hashtags: [] });
	for (const bad of ['&offset=-1', '&offset=999', '&limit=0']) {
		const answer = await an.send('GET', `/api/v2/search?q=x${bad}`);
		assert.equal(answer.status, 422, bad);
	}
	const long = await an.send('GET', `/api/v2/search?q=${'x'.repeat(101)}`);
	assert.equal(long.status, 422);
	assert.equal(long.json.field, 'q');
});
