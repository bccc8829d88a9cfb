// The pages without script, over HTTP: what a browser is given to read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';

let kith, an, bo;

before(async () => {
	kith = await Kith.start();
	({ an, bo } = await kith.people(['an', 'bo'], [['an', 'bo']]));
});
after(() => kith?.stop());

const page = async (who, path) => (await who.send('GET', path)).must(200).text;

test('a feed of any length leads to the earlier posts until there are none', async () => {
	const made = [];
	for (const words of ['one', 'two', 'three']) made.unshift(await bo.say(words));
	const first = await page(an, '/plain?limit=2');
	assert.match(first, />three</);
	assert.ok(first.includes(`href="/plain?max_id=${made[1].id}"`), first);
	const second = await page(an, `/plain?max_id=${made[1].id}&limit=2`);
	assert.match(second, />one</);
	assert.doesNotMatch(second, />two<|max_id=/);
});

test('a post with as many long comments as there may be is still a page', async () => {
	const post = await bo.say('a long talk');
	const quotes = '"'.repeat(1990);
	for (let i = 0; i < 480; i += 8) {
		await Promise.all(Array.from({ length: 8 }, (_, k) => bo.post('/api/v1/statuses', { status: `${quotes} ${i + k}`, in_reply_to_id: post.id })));
	}
	const text = await page(bo, `/plain/posts/${post.id}`);
	assert.equal(text.match(/<li id="c/g).length, 480);
});
