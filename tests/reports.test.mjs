// Reports against a running server: a bomb of linked accounts, and what whom it hits and whoever looks get to see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';

let kith, honest, one, other, keeper, steward, bomb;
const MANY = 100;
const long_ago = Date.now() - 400 * 86_400_000;

before(async () => {
	kith = await Kith.start();
	const handles = Array.from({ length: MANY }, (_, i) => `bomb${i}`);
	const token = (handle) => `token-of-${handle}-0123456789abcdef0123456789abcdef`;
	await kith.load(['honest', 'second', 'one', 'other'].map((handle) => ({ type: 'person', handle, display_name: handle, token: token(handle), at: long_ago })));
	// Made today, and each a friend of the next.
	await kith.load([
		...handles.map((handle) => ({ type: 'person', handle, display_name: handle, token: token(handle) })),
		...handles.slice(1).map((handle, i) => ({ type: 'friendship', a: handles[i], b: handle })),
	]);
	[honest, one, other] = await Promise.all(['honest', 'one', 'other'].map((handle) => kith.client(handle)));
	bomb = await Promise.all(handles.map(async (handle) => Object.assign(kith.anyone(), { token: token(handle) })));
	keeper = await kith.account('keeper', { role: 'keeper' });
	steward = await kith.account('warden', { role: 'steward' });
});

after(() => kith?.stop());

const shuffled = (list) => list.map((it) => [Math.random(), it]).sort(([a], [b]) => a - b).map(([, it]) => it);

test('a hundred linked accounts on one honest member: no measure, one line of the queue, no higher than one report', async () => {
	const second = await kith.client('second');
	await one.post('/api/v1/reports', { account_id: second.id, kith_category: 'fraud' });
	const [alone] = await steward.get('/api/kith/v1/cases');
	const post = await honest.say('Soup on Sunday, as always');
	await Promise.all(shuffled(bomb).map((who) => who.post('/api/v1/reports', { account_id: honest.id, kith_category: 'fraud', comment: 'spam spam' })));
	const queue = await steward.get('/api/kith/v1/cases');
	const lines = queue.filter((line) => line.subject?.id === honest.id);
	assert.equal(lines.length, 1);
	assert.equal(lines[0].items.reports, MANY);
	assert.ok(lines[0].priority <= alone.priority, `${lines[0].priority} over ${alone.priority}`);
	assert.deepEqual(await honest.get('/api/kith/v1/measures'), []);
	assert.equal(await honest.sees(post), 200);
	assert.equal((await honest.say('still here')).kith_state, 'published');
});

test('who is reported hears nothing of it, and a steward not by whom', async () => {
	const [line] = (await steward.get('/api/kith/v1/cases')).filter((it) => it.subject?.id === honest.id);
	const shown = (await steward.send('GET', `/api/kith/v1/cases/${line.id}`)).must(200);
	assert.equal(shown.json.reports.length, MANY);
	assert.deepEqual([...new Set(shown.json.reports.map((report) => report.group))], [1], 'all of them count once');
	assert.ok(!/bomb\d/.test(shown.text));
	for (const path of ['/api/v1/notifications?kith=true', '/api/kith/v1/measures', '/api/kith/v1/reports', '/api/v1/accounts/verify_credentials', `/api/v1/accounts/${honest.id}`]) {
		const answer = (await honest.send('GET', path)).must(200);
		assert.ok(!/bomb\d|spam spam/.test(answer.text), path);
	}
	assert.deepEqual(await honest.get('/api/kith/v1/reports'), []);
	(await honest.send('GET', '/api/kith/v1/cases')).refused(403);
});

test('what cannot be seen cannot be reported, in the same bytes as what is absent', async () => {
	const post = await honest.say('for myself', { kith_audience: { kind: 'self' } });
	const absent = (await one.send('POST', '/api/v1/reports', { account_id: honest.id, status_ids: ['1'] })).must(404);
	const hidden = (await one.send('POST', '/api/v1/reports', { account_id: honest.id, status_ids: [post.id] })).must(404);
	assert.equal(hidden.text, absent.text);
	assert.deepEqual(
		[...hidden.headers].filter(([name]) => !['date', 'content-length'].includes(name)),
		[...absent.headers].filter(([name]) => !['date', 'content-length'].includes(name)),
	);
	await honest.post(`/api/v1/accounts/${one.id}/block`);
	const behind = (await one.send('POST', '/api/v1/reports', { account_id: honest.id })).must(404);
	assert.equal(behind.text, absent.text);
	await honest.post(`/api/v1/accounts/${one.id}/unblock`);
});

test('the answer is the same the second time, and holds no more than was known', async () => {
	await other.befriend(honest);
	const post = await honest.say('Jam, three jars');
	const body = { account_id: honest.id, status_ids: [post.id], comment: 'is it?', kith_category: 'counterfeit' };
	const first = (await other.send('POST', '/api/v1/reports', body)).must(200);
	const again = (await other.send('POST', '/api/v1/reports', { ...body, comment: 'other words' })).must(200);
	assert.equal(again.text, first.text);
	const card = await other.get(`/api/v1/accounts/${honest.id}`);
	assert.deepEqual(first.json.target_account, card);
	const [mine] = await other.get('/api/kith/v1/reports');
	assert.deepEqual([mine.status_id, mine.category, mine.comment, mine.outcome], [post.id, 'counterfeit', 'is it?', null]);
});

test('thirty a day, and then a clear answer', async () => {
	const posts = [];
	for (let i = 0; i < 31; i++) posts.push(await honest.say(`word ${i}`));
	const report = (ids) => other.send('POST', '/api/v1/reports', { account_id: honest.id, status_ids: ids });
	(await report(posts.slice(0, 20).map((post) => post.id))).must(200);
	(await report(posts.slice(20, 29).map((post) => post.id))).must(200);
	const over = (await report([posts[29].id])).must(429);
	assert.match(over.json.error, /tomorrow/);
	const wait = Number(over.headers.get('retry-after')); // until the first is a day old
	assert.ok(wait > 86_400 - 120 && wait <= 86_400, `${wait} s`);
	(await report([posts[0].id])).must(200);
	(await report(posts.slice(0, 21).map((post) => post.id))).refused(422, 'status_ids');
});

test('the keeper reports like anybody, and then does not see the case', async () => {
	const before_it = (await keeper.get('/api/kith/v1/cases')).map((line) => line.subject?.id);
	assert.ok(before_it.includes(honest.id));
	await keeper.post('/api/v1/reports', { account_id: honest.id });
	const after_it = (await keeper.get('/api/kith/v1/cases')).map((line) => line.subject?.id);
	assert.ok(!after_it.includes(honest.id), 'who reported does not decide');
	assert.ok((await steward.get('/api/kith/v1/cases')).some((line) => line.subject?.id === honest.id));
});
