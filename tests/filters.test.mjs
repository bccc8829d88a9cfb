// Filters: words a reader does not want to meet are marked in what they are given; nobody else learns of them.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Kith } from './support/kith.mjs';

let kith, an, bo;

before(async () => {
	kith = await Kith.start();
	({ an, bo } = await kith.people(['an', 'bo'], [['an', 'bo']]));
});
after(async () => {
	await kith?.stop();
	await rm(kith.dir, { recursive: true, force: true });
});

const filtered = async (id) => (await an.get(`/api/v1/statuses/${id}`)).filtered.map((f) => [f.filter.title, f.keyword_matches]);

test('a filter is made, read, changed and taken away', async () => {
	const made = await an.post('/api/v2/filters', {
		title: 'Football',
		context: ['home', 'thread'],
		filter_action: 'hide',
		expires_in: 3600,
		keywords_attributes: [{ keyword: 'goal', whole_word: true }, { keyword: '足球', whole_word: true }],
	});
	assert.deepEqual([made.title, made.context, made.filter_action], ['Football', ['home', 'thread'], 'hide']);
	assert.deepEqual(made.keywords.map((k) => k.keyword), ['goal', '足球']);
	assert.ok(Math.abs(Date.parse(made.expires_at) - Date.now() - 3600_000) < 60_000);
	assert.deepEqual(await an.get('/api/v2/filters'), [made]);
	assert.deepEqual(await bo.get('/api/v2/filters'), []);
	(await bo.send('GET', `/api/v2/filters/${made.id}`)).refused(404);
	(await bo.send('DELETE', `/api/v2/filters/${made.id}`)).refused(404);
	(await bo.send('GET', `/api/v2/filters/keywords/${made.keywords[0].id}`)).refused(404);
	const changed = await an.put(`/api/v2/filters/${made.id}`, {
		title: 'Balls',
		keywords_attributes: [{ id: made.keywords[0].id, _destroy: true }, { id: made.keywords[1].id, keyword: '篮球' }],
	});
	assert.deepEqual([changed.title, changed.filter_action, changed.keywords.map((k) => k.keyword)], ['Balls', 'hide', ['篮球']]);
	const word = await an.post(`/api/v2/filters/${made.id}/keywords`, { keyword: 'bat', whole_word: false });
	assert.deepEqual((await an.get(`/api/v2/filters/${made.id}/keywords`)).map((k) => k.keyword), ['篮球', 'bat']);
	assert.equal((await an.put(`/api/v2/filters/keywords/${word.id}`, { keyword: 'club' })).keyword, 'club');
	assert.equal((await an.get(`/api/v2/filters/keywords/${word.id}`)).whole_word, false);
	assert.deepEqual((await an.get('/api/v1/filters')).map((f) => f.phrase), ['篮球', 'club']);
	await an.delete(`/api/v2/filters/keywords/${word.id}`);
	await an.delete(`/api/v2/filters/${made.id}`);
	assert.deepEqual(await an.get('/api/v2/filters'), []);
});

test('how long a filter lasts is kept when nothing is said of it, and for ever when nothing is what is said', async () => {
	const made = await an.post('/api/v2/filters', { title: 'Hour', context: ['home'], expires_in: 3600 });
	const kept = await an.put(`/api/v2/filters/${made.id}`, { title: 'The hour' });
	assert.equal(kept.expires_at, made.expires_at);
	for (const none of [null, '', 0]) {
		assert.equal((await an.put(`/api/v2/filters/${made.id}`, { expires_in: none })).expires_at, null);
		assert.notEqual((await an.put(`/api/v2/filters/${made.id}`, { expires_in: '60' })).expires_at, null);
	}
	for (const bad of ['soon', -1, 1e12, true]) (await an.send('PUT', `/api/v2/filters/${made.id}`, { expires_in: bad })).refused(422, 'expires_in');
	await an.delete(`/api/v2/filters/${made.id}`);
});

test('what matches is marked, whole words as whole words, and after a restart too', async () => {
	const made = await an.post('/api/v2/filters', {
		title: 'spoilers',
		context: ['home'],
		keywords_attributes: [{ keyword: 'Cat', whole_word: true }, { keyword: '大结局' }, { keyword: 'end', whole_word: false }, { keyword: 'q', whole_word: true }],
	});
	const rows = [
		['The cat sat', [['spoilers', ['Cat']]]],
		['concatenate', []],
		['看了大结局没有', [['spoilers', ['大结局']]]],
		['a bending road, ＣＡＴ', [['spoilers', ['Cat', 'end']]]],
		['nothing', []],
		['Q and A', [['spoilers', ['q']]]],
		['queue', []],
		['e n d', []],
	];
	const posts = [];
	for (const [words] of rows) posts.push(await bo.say(words));
	for (const i of rows.keys()) assert.deepEqual(await filtered(posts[i].id), rows[i][1], rows[i][0]);
	assert.deepEqual((await an.say('my own cat')).filtered, []);
	assert.deepEqual((await bo.get(`/api/v1/statuses/${posts[0].id}`)).filtered, []);
	await kith.stop({ keep: true });
	kith = await Kith.start({ dir: kith.dir });
	an = new Client(kith.url, { token: an.token, handle: 'an' });
	assert.deepEqual(await filtered(posts[0].id), rows[0][1]);
	await an.delete(`/api/v2/filters/${made.id}`);
	assert.deepEqual(await filtered(posts[0].id), []);
});

test('what a filter cannot be', async () => {
	const bad = [
		[{ context: ['home'] }, 'title'],
		[{ title: 'x' }, 'context'],
		[{ title: 'x', context: ['nowhere'] }, 'context'],
		[{ title: 'x', context: ['home'], filter_action: 'burn' }, 'filter_action'],
		[{ title: 'x', context: ['home'], expires_in: -1 }, 'expires_in'],
		[{ title: 'x', context: ['home'], keywords_attributes: [{ keyword: ' ' }] }, 'keywords_attributes'],
		[{ title: 'x', context: ['home'], keywords_attributes: [{ id: '5', keyword: 'y' }] }, 'keywords_attributes'],
	];
	for (const [body, field] of bad) (await an.send('POST', '/api/v2/filters', body)).refused(422, field);
	assert.deepEqual(await an.get('/api/v2/filters'), []);
});
