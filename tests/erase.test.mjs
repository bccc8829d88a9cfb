// Who is erased is gone from what people see, and from the bytes of the folder.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Kith, PASSWORD, done } from './support/kith.mjs';
import { Client } from './support/client.mjs';
import { addresses, bring } from './support/picture.mjs';

const CANARY = 'zwetschgenkuchen';

/** Files of a folder that hold the canary's bytes. */
const holding = (dir) =>
	readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.filter((path) => readFileSync(path).includes(CANARY));

for (const by of ['their own hand', 'the keeper', 'the keeper without a server']) {
	test(`who is erased by ${by} leaves no word, no picture and no way in`, async () => {
		let kith = await Kith.start();
		const people = await kith.people(['ben', 'cid']);
		const ana = await kith.account('ana', { name: `Ana ${CANARY}` });
		const { ben, cid } = people;
		await ana.befriend(ben);
		await cid.befriend(ana);
		await ben.befriend(cid);
		const session = (
			await new Client(kith.url).send('POST', '/api/kith/v1/session', { handle: 'ana', password: PASSWORD }, { origin: kith.url })
		).must(200);
		const own = new Client(kith.url, { cookie: session.headers.get('set-cookie').split(';')[0] });
		await ana.patch('/api/v1/accounts/update_credentials', { note: `I am ${CANARY}`, kith_question: `What ${CANARY}?`, kith_answer: CANARY });
		const picture = await bring(ana, { seed: 21 }, `a ${CANARY}`);
		const post = await ana.post('/api/v1/statuses', {
			status: `my ${CANARY}`,
			media_ids: [picture.id],
			kith_place: CANARY,
			kith_card: { url: `https://example.org/${CANARY}`, title: CANARY, about: CANARY },
		});
		await ana.put(`/api/v1/statuses/${post.id}`, { status: `my changed ${CANARY}` });
		const others = await ben.say('what ben says stays');
		const comment = await ana.say(`${CANARY} says ana`, { in_reply_to_id: others.id });
		await ana.post(`/api/v1/statuses/${others.id}/favourite`);
		await ben.say('under ana', { in_reply_to_id: post.id });
		await ana.post('/api/v1/lists', { title: CANARY.slice(0, 20) });
		await ana.post('/api/v2/filters', { title: CANARY, context: ['home'], filter_action: 'hide', keywords_attributes: [{ keyword: CANARY }] });
		const tag = await ben.post('/api/v1/lists', { title: 'near' });
		await ben.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [ana.id] });
		const group = await ana.post('/api/kith/v1/groups', { title: 'walkers' });
		await ana.post(`/api/kith/v1/groups/${group.id}/invite`, { account_id: ben.id });
		await ben.post(`/api/kith/v1/groups/${group.id}/accept`);
		const alone = await ana.post('/api/kith/v1/groups', { title: CANARY });
		assert.ok(holding(kith.dir).length > 0);

		if (by === 'their own hand') {
			(await own.send('DELETE', '/api/kith/v1/account', { password: 'not it' }, { origin: kith.url })).refused(422, 'password');
			const gone = (await own.send('DELETE', '/api/kith/v1/account', { password: PASSWORD }, { origin: kith.url })).must(200);
			assert.match(gone.headers.get('set-cookie') ?? '', /kith_session=;/);
		} else {
			assert.equal((await kith.command(['account', 'erase', 'ana'])).code, 2);
			if (by === 'the keeper') done(await kith.command(['account', 'erase', 'ana', '--for-good']));
		}
		if (by === 'the keeper without a server') {
			await kith.stop({ keep: true });
			done(await kith.command(['account', 'erase', 'ana', '--for-good']));
			kith = await Kith.start({ dir: kith.dir });
			for (const client of [ana, ben, cid, own]) client.url = kith.url;
		}

		const check = async () => {
			for (const client of [ana, own]) (await client.send('GET', '/api/v1/accounts/verify_credentials')).must(401);
			(await ben.send('GET', `/api/v1/accounts/${ana.id}`)).must(404);
			assert.equal(await ben.sees(post), 404);
			assert.equal(await ben.sees(others), 200);
			assert.deepEqual(await ben.commentIds(others), []);
			assert.deepEqual(await ben.likerIds(others), []);
			assert.equal(await ben.sees(comment), 404);
			for (const address of addresses(picture)) (await ben.send('GET', address)).must(404);
			assert.deepEqual(await ben.get(`/api/v1/lists/${tag.id}/accounts`), []);
			assert.equal((await ben.get(`/api/kith/v1/groups/${group.id}`)).role, 'owner');
			assert.deepEqual((await ben.get(`/api/v1/accounts/${ben.id}/following`)).map((account) => account.id), [cid.id]);
			assert.deepEqual((await ben.get('/api/v1/notifications')).filter((notice) => notice.account.id === ana.id), []);
			(await cid.send('GET', `/api/kith/v1/groups/${alone.id}`)).must(404);
			assert.equal((await kith.command(['account', 'create', 'ana', '--password-stdin'], 'a long sentence\n')).code, 1);
			assert.equal(done(await kith.command(['check'])), 'nothing is wrong');
		};
		await check();
		// once more from the rows alone
		await kith.stop({ keep: true });
		kith = await Kith.start({ dir: kith.dir });
		for (const client of [ana, ben, cid, own]) client.url = kith.url;
		await check();
		await kith.stop({ keep: true });
		assert.deepEqual(holding(kith.dir), []);
		assert.deepEqual(readdirSync(join(kith.dir, 'media'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()), []);
		await rm(kith.dir, { recursive: true });
	});
}
