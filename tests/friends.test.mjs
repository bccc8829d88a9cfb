// Becoming friends: the question only a friend can answer, who invited whom, tags in the same step; and how others see me.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

let kith, mei, bo, cy, dan;

before(async () => {
	kith = await Kith.start();
	({ mei, bo, cy, dan } = await kith.people(['mei', 'bo', 'cy', 'dan'], [['mei', 'dan']]));
});

after(() => kith?.stop());

const PROFILE = '/api/v1/accounts/update_credentials';
const requests = () => mei.get('/api/v1/follow_requests');

test('a question is set with its answer, shown to who may ask, and its answer to nobody', async () => {
	(await mei.send('PATCH', PROFILE, { kith_question: 'What do we drink?' })).refused(422, 'kith_answer');
	(await mei.send('PATCH', PROFILE, { kith_answer: 'tea' })).refused(422, 'kith_question');
	(await mei.send('PATCH', PROFILE, { kith_question: 'x'.repeat(121), kith_answer: 'tea' })).refused(422, 'kith_question');
	(await mei.send('PATCH', PROFILE, { kith_question: 'What?', kith_answer: 'x'.repeat(61) })).refused(422, 'kith_answer');
	(await mei.send('PATCH', PROFILE, { kith_question: HELD['a recruiting ladder (zh)'].slice(0, 118), kith_answer: 'tea' })).refused(422, 'kith_question');
	assert.equal((await mei.get('/api/v1/accounts/verify_credentials')).kith_question, null);
	const own = (await mei.send('PATCH', PROFILE, { kith_question: 'What do we drink?', kith_answer: 'Zebra-Milk 7' })).must(200);
	assert.equal(own.json.kith_question, 'What do we drink?');
	const card = await bo.send('GET', `/api/v1/accounts/${mei.id}`);
	assert.equal(card.json.kith_question, 'What do we drink?');
	await dan.post(`/api/v1/accounts/${mei.id}/block`);
	assert.equal((await dan.get('/api/v1/blocks'))[0].kith_question, null, 'across a block nobody asks');
	await dan.post(`/api/v1/accounts/${mei.id}/unblock`);
	await mei.befriend(dan);
	for (const answer of [own, card]) assert.ok(!/zebra/i.test(answer.text), 'the answer is told to nobody');
	await dan.post(`/api/v1/accounts/${mei.id}/block`);
	assert.deepEqual((await dan.get('/api/v1/blocks')).map((blocked) => [blocked.acct, blocked.kith_question]), [['mei', null]], 'it stays behind a block');
	await dan.post(`/api/v1/accounts/${mei.id}/unblock`);
	await dan.befriend(mei);
});

test('who asks never learns whether the answer was right; who is asked does', async () => {
	const wrong = await bo.send('POST', `/api/v1/accounts/${mei.id}/follow`, { kith_word: 'Bo', kith_answer: 'coffee' });
	const right = await cy.send('POST', `/api/v1/accounts/${mei.id}/follow`, { kith_word: 'Cy', kith_answer: ' zebra-MILK　7' });
	assert.deepEqual(wrong.must(200).json, right.must(200).json);
	const sent = async (who) => (await who.get('/api/kith/v1/requests')).map(({ word, created_at, account, ...more }) => Object.keys(more));
	assert.deepEqual(await sent(bo), await sent(cy));
	const by = Object.fromEntries((await requests()).map((request) => [request.username, request]));
	assert.deepEqual([by.bo.kith_answered, by.cy.kith_answered], [false, true]);
	assert.deepEqual([by.bo.kith_word, by.cy.kith_word], ['Bo', 'Cy']);
	(await bo.send('POST', `/api/v1/accounts/${mei.id}/follow`, { kith_answer: 'x'.repeat(61) })).refused(422, 'kith_answer');
});

test('accepting sets tags in the same step, all of it or nothing', async () => {
	const tag = await mei.post('/api/v1/lists', { title: 'family' });
	const foreign = await bo.post('/api/v1/lists', { title: 'of another' });
	const authorize = (lists) => mei.send('POST', `/api/v1/follow_requests/${cy.id}/authorize`, { kith_lists: lists });
	(await authorize([tag.id, foreign.id])).refused(422, 'kith_lists');
	(await authorize(['x'])).refused(422, 'kith_lists');
	assert.equal((await requests()).length, 2);
	(await authorize([tag.id])).must(200);
	assert.deepEqual((await mei.get(`/api/v1/lists/${tag.id}/accounts`)).map((account) => account.id), [cy.id]);
	assert.deepEqual((await mei.get(`/api/v1/accounts/${cy.id}/lists`)).map((list) => list.id), [tag.id]);
});

test('without a question nothing is asked', async () => {
	const none = (await mei.send('PATCH', PROFILE, { kith_question: '' })).must(200).json;
	assert.equal(none.kith_question, null);
	await mei.post(`/api/v1/follow_requests/${bo.id}/reject`);
	await bo.post(`/api/v1/accounts/${mei.id}/follow`, { kith_answer: 'anything' });
	assert.equal((await requests())[0].kith_answered, null);
});

test('who invited somebody to the server is told to who may see that card', async () => {
	const keeper = await kith.account('keeper', { role: 'keeper' });
	const invite = (await keeper.post('/api/kith/v1/invites', { uses: 2, days: 1 })).url.split('/').pop();
	const joined = await kith.anyone().post('/api/kith/v1/signup', { invite, handle: 'newcomer', display_name: 'New', password: 'correct horse battery' });
	const newcomer = await kith.client('newcomer');
	assert.equal(newcomer.id, joined.id);
	await newcomer.post(`/api/v1/accounts/${mei.id}/follow`);
	const of = async () => (await requests()).find((request) => request.id === newcomer.id).kith_invited_by;
	assert.equal((await of()).id, keeper.id);
	assert.equal((await mei.get(`/api/v1/accounts/${newcomer.id}`)).kith_invited_by, undefined, 'on requests alone');
	await keeper.post(`/api/v1/accounts/${mei.id}/block`);
	assert.equal(await of(), null);
	assert.equal((await requests()).find((request) => request.id === bo.id).kith_invited_by, null);
});

const VIEW = '/api/kith/v1/view_as';

test('my profile as a friend sees it is what that friend is shown, without what others did', async () => {
	const tag = await mei.post('/api/v1/lists', { title: 'work' });
	await mei.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [dan.id] });
	(await mei.send('PATCH', PROFILE, { note: 'my own honey' })).must(200);
	const open = await mei.say('for friends');
	await mei.say('not for work', { kith_audience: { kind: 'except', lists: [tag.id] } });
	await mei.say('for me', { kith_audience: { kind: 'self' } });
	await mei.say(HELD['a recruiting ladder (zh)']);
	await dan.say('a comment of another’s', { in_reply_to_id: open.id });
	await cy.post(`/api/v1/statuses/${open.id}/favourite`);
	for (const who of [dan, cy]) {
		const seen = await mei.get(`${VIEW}?account=${who.id}`);
		const theirs = await who.get(`/api/v1/accounts/${mei.id}/statuses`);
		assert.deepEqual(seen.statuses.map((status) => status.id), theirs.map((status) => status.id));
		assert.equal(seen.account.note, '<p>my own honey</p>');
		for (const status of seen.statuses) {
			assert.deepEqual([status.kith_audience, status.kith_state, status.kith_pending], [null, null, null]);
			assert.deepEqual([status.replies_count, status.favourites_count, status.favourited], [0, 0, false]);
		}
	}
	const stranger = await mei.get(`${VIEW}?stranger=1`);
	assert.deepEqual([stranger.statuses, stranger.account.note], [[], '']);
	const page = await mei.send('GET', `${VIEW}?account=${cy.id}&limit=1`);
	assert.match(page.links.next, /account=/);
	assert.deepEqual((await mei.get(page.links.next)).statuses.map((status) => status.id), [open.id]);
});

test('viewing as tells nothing of the other side', async () => {
	const before = (await mei.send('GET', `${VIEW}?account=${dan.id}`)).must(200).text;
	await dan.post(`/api/v1/accounts/${mei.id}/unfollow`);
	assert.equal((await mei.send('GET', `${VIEW}?account=${dan.id}`)).must(200).text, before);
	(await mei.send('GET', `${VIEW}?account=${bo.id}`)).refused(404);
	(await mei.send('GET', `${VIEW}?account=${mei.id}`)).refused(404);
	(await mei.send('GET', `${VIEW}?account=12345`)).refused(404);
	(await mei.send('GET', VIEW)).refused(422, 'account');
	(await mei.send('GET', `${VIEW}?stranger=1&account=${dan.id}`)).refused(422, 'account');
	(await mei.send('GET', `${VIEW}?account=x`)).refused(422, 'account');
});
