// A disguised advertisement is held with its reason in words; its author and the stewards see it, nobody else does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD, HONEST } from './support/texts.mjs';

const ADVERTISEMENT = Object.values(HELD)[0];
let kith, seller, friend, stranger, steward, keeper;

before(async () => {
	kith = await Kith.start();
	({ seller, friend, stranger } = await kith.people(['seller', 'friend', 'stranger'], [['seller', 'friend']]));
	steward = await kith.account('warden', { role: 'steward' });
	keeper = await kith.account('keeper', { role: 'keeper' });
});

after(() => kith?.stop());

/** Every span must lie in the text, on the edges of characters, and hold something. */
function wordsAt(text, spans) {
	const bytes = Buffer.from(text);
	return spans.map(([from, to]) => {
		assert.ok(Number.isInteger(from) && from >= 0 && from < to && to <= bytes.length, `span ${from}-${to}`);
		const words = bytes.subarray(from, to).toString();
		assert.ok(!words.includes('\ufffd'), `a span cuts a character: ${from}-${to}`);
		return words;
	});
}

function checkReasons(measure, text, id) {
	assert.equal(measure.kind, 'hold');
	assert.deepEqual(measure.object, { type: measure.object.type, id, text });
	assert.ok(measure.malice > 0 && measure.malice <= 1, `malice ${measure.malice}`);
	assert.ok(measure.score >= 0 && measure.score <= 1, `score ${measure.score}`);
	assert.ok(measure.rule.id && measure.rule.text.en && measure.rule.text.zh && measure.rule.policy);
	assert.ok(measure.reasons.length >= 1);
	for (const reason of measure.reasons) {
		assert.ok(reason.rule && reason.text.en.length > 5 && reason.text.zh.length > 2);
		wordsAt(text, reason.spans);
	}
	assert.ok(measure.reasons.some((reason) => reason.spans.length > 0), 'words are marked');
	const days = (Date.parse(measure.ends_at) - Date.parse(measure.starts_at)) / 86_400_000;
	assert.ok(days > 0.9 && days <= 7.1, `a hold ends by itself, here after ${days} days`);
}

for (const [name, text] of Object.entries(HELD)) {
	test(`held: ${name}`, async () => {
		const post = await seller.say(text);
		assert.equal(post.kith_state, 'held');
		const measure = (await seller.get('/api/kith/v1/measures')).find((m) => m.object.id === post.id);
		assert.ok(measure, 'the author reads why');
		assert.equal(measure.state, 'active');
		checkReasons(measure, text, post.id);
		assert.equal(await friend.sees(post), 404);
		await seller.delete(`/api/v1/statuses/${post.id}`);
	});
}

for (const [name, text] of Object.entries(HONEST)) {
	test(`not held: ${name}`, async () => {
		const post = await seller.say(text);
		assert.equal(post.kith_state, 'published');
		assert.equal(await friend.sees(post), 200);
		assert.equal((await seller.get('/api/kith/v1/measures')).some((m) => m.object.id === post.id && m.kind === 'hold'), false);
	});
}

test('a held post is its author’s and the stewards’ alone, everywhere', async () => {
	const post = await seller.say(ADVERTISEMENT);
	assert.equal(await seller.sees(post), 200);
	assert.ok((await seller.albumIds(seller)).includes(post.id));
	for (const who of [friend, stranger, steward, keeper]) {
		const absent = (await who.send('GET', '/api/v1/statuses/1')).must(404);
		for (const path of ['', '/context', '/favourited_by', '/source', '/history']) {
			const answer = (await who.send('GET', `/api/v1/statuses/${post.id}${path}`)).must(404);
			assert.equal(answer.text, absent.text, 'hidden and absent answer with the same bytes');
		}
		assert.equal((await who.send('GET', `/api/kith/v1/statuses/${post.id}/moment`)).text, absent.text);
		assert.equal((await who.send('POST', `/api/v1/statuses/${post.id}/favourite`, {})).must(404).text, absent.text);
		assert.equal((await who.send('POST', '/api/v1/statuses', { status: 'x', in_reply_to_id: post.id })).must(404).text, absent.text);
		assert.ok(!(await who.homeIds()).includes(post.id));
		assert.ok(!(await who.albumIds(seller)).includes(post.id));
		assert.ok(!(await who.get('/api/kith/v1/moments')).some((moment) => moment.status.id === post.id));
	}
	await seller.delete(`/api/v1/statuses/${post.id}`);
});

test('a held comment is not seen by the author of the post, whose count does not tell of it', async () => {
	const post = await friend.say('What a clear evening');
	const comment = await seller.say(ADVERTISEMENT, { in_reply_to_id: post.id });
	assert.equal(comment.kith_state, 'held');
	assert.deepEqual(await friend.commentIds(post), []);
	assert.equal((await friend.get(`/api/v1/statuses/${post.id}`)).replies_count, 0);
	assert.deepEqual((await friend.get('/api/v1/notifications')).filter((n) => n.status?.id === comment.id), []);
	assert.deepEqual(await seller.commentIds(post), [comment.id]);
	const held = (await steward.get('/api/kith/v1/review')).find((it) => it.status.id === comment.id);
	assert.equal(held.measure.object.type, 'comment');
	await steward.post(`/api/kith/v1/review/${held.measure.id}/release`);
	assert.deepEqual(await friend.commentIds(post), [comment.id]);
});

test('only stewards and the keeper read the list of what is held, and never their own', async () => {
	const post = await seller.say(ADVERTISEMENT);
	const own = await steward.say(Object.values(HELD)[2]);
	assert.equal(own.kith_state, 'held', 'a steward is screened like anybody');
	for (const who of [seller, friend]) {
		(await who.send('GET', '/api/kith/v1/review')).refused(403);
		(await who.send('POST', '/api/kith/v1/review/1/release', {})).refused(403);
	}
	(await kith.anyone().send('GET', '/api/kith/v1/review')).refused(401);
	const queue = await steward.get('/api/kith/v1/review');
	const it = queue.find((entry) => entry.status.id === post.id);
	checkReasons(it.measure, ADVERTISEMENT, post.id);
	assert.equal(it.account.id, seller.id);
	assert.equal(queue.some((entry) => entry.status.id === own.id), false);
	const starts = queue.map((entry) => Date.parse(entry.measure.starts_at));
	assert.deepEqual(starts, [...starts].sort((a, b) => a - b), 'oldest first');
	const mine = (await keeper.get('/api/kith/v1/review')).find((entry) => entry.status.id === own.id);
	const absent = (await steward.send('POST', '/api/kith/v1/review/1/release', {})).must(404);
	const refused = await steward.send('POST', `/api/kith/v1/review/${mine.measure.id}/release`, {});
	assert.equal(refused.must(404).text, absent.text, 'on one’s own there is nothing to decide');
	await seller.delete(`/api/v1/statuses/${post.id}`);
	await steward.delete(`/api/v1/statuses/${own.id}`);
	const left = await keeper.get('/api/kith/v1/review');
	assert.equal(left.some((entry) => [post.id, own.id].includes(entry.status.id)), false, 'a withdrawn piece needs no decision');
});

test('a steward releases: friends see it, the author reads who decided by role alone', async () => {
	const post = await seller.say(ADVERTISEMENT);
	const { measure } = (await steward.get('/api/kith/v1/review')).find((entry) => entry.status.id === post.id);
	const decided = await steward.post(`/api/kith/v1/review/${measure.id}/release`, { note: 'Known and honest' });
	assert.equal(decided.state, 'released');
	assert.equal(await friend.sees(post), 200);
	assert.ok((await friend.homeIds()).includes(post.id));
	assert.equal(await stranger.sees(post), 404);
	const answer = await seller.send('GET', '/api/kith/v1/measures');
	const after = answer.json.find((m) => m.id === measure.id);
	assert.deepEqual([after.state, after.decided_by_role, after.note], ['released', 'steward', 'Known and honest']);
	assert.ok(Date.parse(after.decided_at) >= Date.parse(after.starts_at));
	assert.ok(!answer.text.includes('warden') && !answer.text.includes(steward.id), 'a steward’s name is never given');
	for (const word of ['release', 'keep']) {
		(await keeper.send('POST', `/api/kith/v1/review/${measure.id}/${word}`, {})).refused(409);
	}
	assert.equal((await seller.get(`/api/v1/statuses/${post.id}`)).kith_state, 'published');
});

test('a steward keeps: it stays hidden, its author still sees it and may delete it', async () => {
	const post = await seller.say(ADVERTISEMENT);
	const { measure } = (await keeper.get('/api/kith/v1/review')).find((entry) => entry.status.id === post.id);
	const decided = await keeper.post(`/api/kith/v1/review/${measure.id}/keep`);
	assert.deepEqual([decided.state, decided.decided_by_role], ['kept', 'keeper']);
	assert.equal(await friend.sees(post), 404);
	assert.equal((await seller.get(`/api/v1/statuses/${post.id}`)).kith_state, 'hidden');
	assert.equal((await steward.get('/api/kith/v1/review')).some((entry) => entry.status.id === post.id), false);
	await seller.delete(`/api/v1/statuses/${post.id}`);
	assert.equal(await seller.sees(post), 404);
});

test('two stewards decide at once: one decision holds, the other is told of it', async () => {
	const post = await seller.say(ADVERTISEMENT);
	const { measure } = (await steward.get('/api/kith/v1/review')).find((entry) => entry.status.id === post.id);
	const answers = await Promise.all([
		...Array.from({ length: 4 }, () => steward.send('POST', `/api/kith/v1/review/${measure.id}/release`, {})),
		...Array.from({ length: 4 }, () => keeper.send('POST', `/api/kith/v1/review/${measure.id}/keep`, {})),
	]);
	const done = answers.filter((answer) => answer.status === 200);
	assert.equal(done.length, 1);
	assert.equal(answers.filter((answer) => answer.status === 409).length, 7);
	const state = done[0].json.state;
	assert.equal(await friend.sees(post), state === 'released' ? 200 : 404);
});

test('what is held outlives a restart', async () => {
	const post = await seller.say(ADVERTISEMENT);
	await kith.stop({ keep: true });
	const again = await Kith.start({ dir: kith.dir });
	const at = (client) => Object.assign(client, { url: again.url });
	assert.equal(await at(friend).sees(post), 404);
	assert.equal((await at(seller).get(`/api/v1/statuses/${post.id}`)).kith_state, 'held');
	assert.ok((await at(steward).get('/api/kith/v1/review')).some((entry) => entry.status.id === post.id));
	await again.stop({ keep: false });
	kith = null;
});
