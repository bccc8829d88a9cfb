// What a post carries beside its first words, and how it changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const ADVERTISEMENT = Object.values(HELD)[0];
let kith, author, friend, stranger;

before(async () => {
	kith = await Kith.start();
	({ author, friend, stranger } = await kith.people(['author', 'friend', 'stranger'], [['author', 'friend']]));
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
