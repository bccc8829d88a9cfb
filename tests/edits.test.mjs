// What a post carries beside its first words, and how it changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const ADVERTISEMENT = Object.values(HELD)[0];
const LADDER = HELD['a recruiting ladder (zh)'];
let kith, author, friend, other, stranger, steward;

before(async () => {
	kith = await Kith.start();
	({ author, friend, other, stranger } = await kith.people(
		['author', 'friend', 'other', 'stranger'],
		[['author', 'friend'], ['author', 'other'], ['friend', 'other']],
	));
	steward = await kith.account('warden', { role: 'steward' });
});

after(() => kith?.stop());

test('a place and a card stand beside the text, as they were written', async () => {
	const card = { url: 'https://example.org/soup?for=two#end', title: '汤', about: 'How to cook it' };
	const post = await author.say('Tonight #Soup #家里的事#，#2', { kith_place: '外婆家', kith_card: card });
	for (const who of [author, friend]) {
		const seen = await who.get(`/api/v1/statuses/${post.id}`);
		assert.equal(seen.kith_place, '外婆家');
		assert.equal(seen.card.url, card.url);
		assert.equal(seen.card.title, '汤');
		assert.equal(seen.card.description, 'How to cook it');
		assert.equal(seen.card.provider_name, 'example.org');
		assert.deepEqual(seen.tags.map((tag) => tag.name), ['soup', '家里的事']);
		assert.equal(seen.edited_at, null);
		assert.match(seen.content, /class="mention hashtag"/);
	}
	assert.equal(await stranger.sees(post), 404);
	const plain = await author.say('nothing beside it');
	assert.equal(plain.card, null);
	assert.equal(plain.kith_place, null);
	assert.deepEqual(plain.tags, []);
});

test('a link says where it leads: its text is its address, and a card names its host', async () => {
	const lure = { url: 'https://elsewhere.example/bank.example', title: 'bank.example' };
	const post = await author.say('<a href="https://elsewhere.example/">https://bank.example/</a> [bank](https://elsewhere.example/b)', { kith_card: lure });
	const links = [...post.content.matchAll(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g)];
	assert.ok(links.length >= 2, post.content);
	for (const [, address, text] of links) assert.equal(text, address);
	assert.equal(post.card.provider_name, 'elsewhere.example');
	for (const url of ['https://bank.example@elsewhere.example/', 'https://bank.example\\@elsewhere.example/', 'https://\u202eelpmaxe.knab/']) {
		(await author.send('POST', '/api/v1/statuses', { status: 'x', kith_card: { url } })).refused(422, 'kith_card');
	}
});

test('what stands beside the text is refused by name', async () => {
	const refuse = async (body, field) => (await author.send('POST', '/api/v1/statuses', body)).refused(422, field);
	await refuse({ status: 'x', kith_place: 'x'.repeat(61) }, 'kith_place');
	await refuse({ status: 'x', kith_place: ['a'] }, 'kith_place');
	await refuse({ status: 'x', kith_card: { title: 'no address' } }, 'kith_card');
	await refuse({ status: 'x', kith_card: { url: 'ftp://example.org/' } }, 'kith_card');
	await refuse({ status: 'x', kith_card: { url: 'javascript:alert(1)//' } }, 'kith_card');
	await refuse({ kith_place: 'here' }, 'status');
	const alone = await author.post('/api/v1/statuses', { kith_card: { url: 'https://example.org' } });
	assert.equal(alone.content, '');
	assert.equal(alone.card.title, 'example.org');
	const pasted = await author.say('x', { kith_card: { url: 'https://例子.example/汤 '.trim() + '?a=[1]&b=%zz#c#d' } });
	assert.match(pasted.card.url, /^https:\/\/%E4%BE%8B%E5%AD%90\.example\/%E6%B1%A4\?a=%5B1%5D&b=%25zz#c%23d$/);
});

test('an advertisement in the card is held like one in the text', async () => {
	const post = await author.say('好东西', { kith_card: { url: 'https://example.org', about: ADVERTISEMENT } });
	assert.equal(post.kith_state, 'held');
	assert.equal(await friend.sees(post), 404);
	const measure = (await author.get('/api/kith/v1/measures')).find((m) => m.object.id === post.id);
	const bytes = Buffer.byteLength('好东西');
	for (const reason of measure.reasons) for (const [, to] of reason.spans) assert.ok(to <= bytes);
});

const change = (who, piece, body) => who.put(`/api/v1/statuses/${piece.id}`, body);
const history = async (who, piece) => (await who.get(`/api/v1/statuses/${piece.id}/history`)).map((edit) => edit.kith_text);
const textFor = async (who, piece) => (await who.get(`/api/v1/statuses/${piece.id}`)).kith_text;

/** A post of the author's, and a comment of the author's on a friend's: what follows holds for both. */
async function pieces(text) {
	const post = await friend.say('a post to comment on');
	return [await author.say(text), await author.say(text, { in_reply_to_id: post.id })];
}

test('a change shows at once, with what was said before in its history', async () => {
	for (const piece of await pieces('first words')) {
		assert.deepEqual(await history(other, piece), ['first words']);
		const changed = await change(author, piece, { status: 'second words @friend' });
		assert.equal(changed.id, piece.id);
		assert.equal(changed.kith_text, 'second words @friend');
		assert.equal(changed.kith_pending, null);
		assert.ok(changed.edited_at > changed.created_at);
		assert.equal(changed.mentions[0].username, 'friend');
		for (const who of [author, other]) {
			assert.equal(await textFor(who, piece), 'second words @friend');
			assert.deepEqual(await history(who, piece), ['first words', 'second words @friend']);
		}
		assert.equal((await author.get(`/api/v1/statuses/${piece.id}/source`)).text, 'second words @friend');
		(await stranger.send('GET', `/api/v1/statuses/${piece.id}/history`)).refused(404);
	}
	const told = (await friend.get('/api/v1/notifications')).filter((notice) => notice.kith_kind === 'mention');
	assert.equal(told.length, 2);
});

test('only the author changes a piece, and what is wrong is named', async () => {
	for (const piece of await pieces('mine')) {
		const path = `/api/v1/statuses/${piece.id}`;
		const absent = (await author.send('PUT', '/api/v1/statuses/1', { status: 'x' })).must(404).text;
		assert.equal((await stranger.send('PUT', path, { status: 'x' })).must(404).text, absent);
		(await friend.send('PUT', path, { status: 'x' })).refused(404);
		(await author.send('PUT', path, { status: ' ' })).refused(422, 'status');
		(await author.send('PUT', path, { status: 'x'.repeat(2001) })).refused(422, 'status');
		(await author.send('PUT', path, { status: 7 })).refused(422, 'status');
		(await author.send('PUT', path, { poll: { options: ['a'] } })).refused(422, 'poll');
		assert.equal(await textFor(author, piece), 'mine');
		assert.equal((await change(author, piece, {})).edited_at, null, 'nothing given changes nothing');
		assert.equal((await change(author, piece, { status: 'mine' })).edited_at, null);
		await author.delete(path);
		(await author.send('PUT', path, { status: 'x' })).refused(404);
	}
});

test('place and card are changed by name, and null takes them away', async () => {
	const post = await author.say('words', { kith_place: 'here', kith_card: { url: 'https://example.org/', title: 'one' } });
	let now = await change(author, post, { kith_place: 'there' });
	assert.deepEqual([now.kith_text, now.kith_place, now.card.title], ['words', 'there', 'one']);
	now = await change(author, post, { kith_card: null });
	assert.deepEqual([now.kith_place, now.card], ['there', null]);
	now = await change(author, post, { kith_place: null, kith_card: { url: 'https://example.org/two' } });
	assert.deepEqual([now.kith_place, now.card.url], [null, 'https://example.org/two']);
	const edits = await friend.get(`/api/v1/statuses/${post.id}/history`);
	assert.deepEqual(edits.map((edit) => edit.kith_place), ['here', 'there', 'there', null]);
	assert.deepEqual(edits.map((edit) => edit.card?.url ?? null), ['https://example.org/', 'https://example.org/', null, 'https://example.org/two']);
	(await author.send('PUT', `/api/v1/statuses/${post.id}`, { status: '' })).must(200);
	(await author.send('PUT', `/api/v1/statuses/${post.id}`, { kith_card: null })).refused(422, 'status');
});

test('a change that would be held waits, and the words before go on showing', async () => {
	for (const piece of await pieces('a harmless evening')) {
		const held = `${LADDER} nr${piece.id}`;
		const waiting = await change(author, piece, { status: held });
		assert.equal(waiting.kith_text, 'a harmless evening');
		assert.equal(waiting.kith_state, 'published');
		assert.equal(waiting.edited_at, null);
		assert.equal(waiting.kith_pending.text, held);
		assert.equal(waiting.kith_pending.kith_state, 'held');
		const measure = (await author.get('/api/kith/v1/measures')).find((m) => m.id === waiting.kith_pending.measure_id);
		assert.equal(measure.state, 'active');
		assert.deepEqual(measure.object, { type: measure.object.type, id: piece.id, text: held });
		for (const who of [friend, other]) {
			const seen = await who.get(`/api/v1/statuses/${piece.id}`);
			assert.equal(seen.kith_text, 'a harmless evening');
			assert.equal(seen.kith_pending, null);
			assert.deepEqual(await history(who, piece), ['a harmless evening']);
			const everything = (await who.send('GET', '/api/kith/v1/moments')).text + (await who.send('GET', '/api/v1/notifications')).text;
			assert.ok(!everything.includes(`nr${piece.id}`));
		}
		const queue = await steward.get('/api/kith/v1/review');
		const item = queue.find((one) => one.measure.id === measure.id);
		assert.equal(item.status.kith_text, held);
		assert.equal(item.measure.object.text, held);
		await steward.post(`/api/kith/v1/review/${measure.id}/release`);
		for (const who of [author, friend]) assert.equal(await textFor(who, piece), held);
		assert.deepEqual(await history(friend, piece), ['a harmless evening', held]);
		(await steward.send('POST', `/api/kith/v1/review/${measure.id}/keep`, {})).must(404);
	}
});

test('a change that is not let through is dropped, and its author knows', async () => {
	for (const piece of await pieces('one')) {
		const { kith_pending: pending } = await change(author, piece, { status: LADDER });
		await steward.post(`/api/kith/v1/review/${pending.measure_id}/keep`);
		const now = await author.get(`/api/v1/statuses/${piece.id}`);
		assert.deepEqual([now.kith_text, now.kith_pending.kith_state, now.kith_pending.text], ['one', 'hidden', LADDER]);
		assert.deepEqual(await history(friend, piece), ['one']);
		await change(author, piece, { status: 'two' });
		assert.equal((await author.get(`/api/v1/statuses/${piece.id}`)).kith_pending, null);
		assert.deepEqual(await history(friend, piece), ['one', 'two']);
	}
});

test('a newer change takes the place of one that waits; saying again what shows takes it back', async () => {
	const post = await author.say('one');
	const first = (await change(author, post, { status: LADDER })).kith_pending;
	const second = (await change(author, post, { kith_place: 'here' })).kith_pending;
	assert.equal(second.text, LADDER, 'what is not given stays as it was said last');
	assert.notEqual(first.measure_id, second.measure_id);
	const measures = await author.get('/api/kith/v1/measures');
	assert.equal(measures.find((m) => m.id === first.measure_id).state, 'withdrawn');
	assert.equal((await change(author, post, { status: 'one', kith_place: '' })).kith_pending, null);
	assert.equal((await author.get('/api/kith/v1/measures')).find((m) => m.id === second.measure_id).state, 'withdrawn');
	assert.deepEqual(await history(author, post), ['one']);
});

test('a held piece that is changed is judged anew, and nobody ever sees what was held', async () => {
	for (const piece of await pieces(LADDER)) {
		assert.equal(await friend.sees(piece), 404);
		const still = await change(author, piece, { status: ADVERTISEMENT });
		assert.equal(still.kith_state, 'held');
		const free = await change(author, piece, { status: 'three quiet words' });
		assert.equal(free.kith_state, 'published');
		assert.equal(await textFor(friend, piece), 'three quiet words');
		assert.deepEqual(await history(friend, piece), ['three quiet words']);
		const open = (await author.get('/api/kith/v1/measures')).filter((m) => m.object.id === piece.id && m.state === 'active');
		assert.deepEqual(open, []);
	}
});

test('what a steward confirmed is not changed', async () => {
	const post = await author.say(LADDER);
	const measure = (await author.get('/api/kith/v1/measures')).find((m) => m.object.id === post.id);
	await steward.post(`/api/kith/v1/review/${measure.id}/keep`);
	(await author.send('PUT', `/api/v1/statuses/${post.id}`, { status: 'quiet words' })).refused(409, null);
	assert.equal(await friend.sees(post), 404);
});

test('narrowing takes effect with the answer, everywhere', async () => {
	const post = await author.say('for all at first');
	const comment = await other.say('a comment on it', { in_reply_to_id: post.id });
	await other.post(`/api/v1/statuses/${post.id}/favourite`);
	assert.ok((await other.homeIds()).includes(post.id));
	await author.say('hello @other', { in_reply_to_id: post.id });
	const narrowed = await change(author, post, { kith_audience: { kind: 'except', people: [other.id] } });
	assert.equal(narrowed.kith_audience.kind, 'except');
	assert.equal(narrowed.edited_at, null, 'words are as they were');
	assert.equal(await other.sees(post), 404);
	assert.equal(await other.sees(comment), 404);
	assert.ok(!(await other.homeIds()).includes(post.id));
	assert.ok(!(await other.albumIds(author)).includes(post.id));
	for (const path of ['/api/kith/v1/moments', '/api/v1/notifications', '/api/v1/favourites', `/api/v1/accounts/${author.id}/statuses`]) {
		assert.ok(!(await other.send('GET', path)).must(200).text.includes(post.id), path);
	}
	for (const path of ['', '/history', '/context', '/favourited_by']) {
		(await other.send('GET', `/api/v1/statuses/${post.id}${path}`)).refused(404);
	}
	assert.ok((await friend.homeIds()).includes(post.id));
	await change(author, post, { kith_audience: { kind: 'self' } });
	assert.equal(await friend.sees(post), 404);
	assert.equal(await author.sees(post), 200);
});

test('an audience never grows, and what was left out stays left out', async () => {
	const tag = await author.post('/api/v1/lists', { title: 'some' });
	await author.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [friend.id] });
	const post = await author.say('for some', { kith_audience: { kind: 'only', lists: [tag.id] } });
	const path = `/api/v1/statuses/${post.id}`;
	for (const kith_audience of [{ kind: 'friends' }, { kind: 'except', people: [friend.id] }, { kind: 'only', people: [other.id] }, { kind: 'only', people: [stranger.id] }, { kind: 'nobody' }]) {
		(await author.send('PUT', path, { kith_audience })).refused(422, 'kith_audience');
		(await author.send('PUT', path, { status: 'words too', kith_audience })).refused(422, 'kith_audience');
	}
	assert.equal(await textFor(friend, post), 'for some', 'all of it happens or nothing');
	const now = await change(author, post, { kith_audience: { kind: 'only', people: [friend.id] } });
	assert.deepEqual(now.kith_audience.also, [{ kind: 'only', lists: [tag.id], people: [] }]);
	assert.equal((await friend.get(path)).kith_audience, null);
	await author.send('DELETE', `/api/v1/lists/${tag.id}/accounts`, { account_ids: [friend.id] });
	assert.equal(await friend.sees(post), 404, 'let in for the tag');
	const comment = await author.say('a comment', { in_reply_to_id: post.id });
	(await author.send('PUT', `/api/v1/statuses/${comment.id}`, { kith_audience: { kind: 'self' } })).refused(422, 'kith_audience');
});

test('later comments on a post are switched off for one reader, answers and mentions go on', async () => {
	const kinds = async (who, post) => (await who.get('/api/v1/notifications'))
		.filter((notice) => notice.status?.kith_post_id === post.id).map((notice) => notice.kith_kind);
	const post = await author.say('a post to talk under');
	const first = await friend.say('I am here', { in_reply_to_id: post.id });
	await other.say('so am I', { in_reply_to_id: post.id });
	assert.deepEqual(await kinds(friend, post), ['also']);
	assert.equal((await friend.post(`/api/v1/statuses/${post.id}/mute`)).muted, true);
	assert.equal((await friend.get(`/api/v1/statuses/${post.id}`)).muted, true);
	assert.equal((await author.get(`/api/v1/statuses/${post.id}`)).muted, false, 'on my own reading alone');
	await other.say('once more', { in_reply_to_id: post.id });
	assert.deepEqual(await kinds(friend, post), ['also']);
	await other.say('to you', { in_reply_to_id: first.id });
	await other.say('hello @friend', { in_reply_to_id: post.id });
	assert.deepEqual(await kinds(friend, post), ['mention', 'reply', 'also']);
	await author.post(`/api/v1/statuses/${first.id}/mute`); // by a comment: its post
	const before = (await kinds(author, post)).length;
	await other.say('does the author hear', { in_reply_to_id: post.id });
	assert.equal((await kinds(author, post)).length, before);
	assert.equal((await friend.post(`/api/v1/statuses/${post.id}/unmute`)).muted, false);
	await other.say('and again', { in_reply_to_id: post.id });
	assert.deepEqual(await kinds(friend, post), ['also', 'mention', 'reply', 'also']);
	(await stranger.send('POST', `/api/v1/statuses/${post.id}/mute`, {})).refused(404);
});

test('what a circle has none of says so', async () => {
	const post = await author.say('nothing to keep');
	for (const verb of ['bookmark', 'unbookmark', 'pin', 'unpin']) {
		(await friend.send('POST', `/api/v1/statuses/${post.id}/${verb}`, {})).refused(422, 'id');
		(await stranger.send('POST', `/api/v1/statuses/${post.id}/${verb}`, {})).refused(404);
	}
	assert.deepEqual(await author.get('/api/v1/scheduled_statuses'), []);
	(await author.send('GET', '/api/v1/polls/1')).refused(404);
	(await author.send('POST', '/api/v1/polls/1/votes', { choices: [0] })).refused(404);
	(await author.send('GET', '/api/v1/push/subscription')).refused(404);
	for (const method of ['POST', 'PUT', 'DELETE']) (await author.send(method, '/api/v1/push/subscription', {})).refused(422, 'subscription');
	(await author.send('POST', '/api/v1/statuses', { status: 'x', scheduled_at: '2030-01-01T00:00:00Z' })).refused(422, 'scheduled_at');
});
