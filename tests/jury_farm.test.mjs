// A farm comes by one invitation of many uses, and all of it is willing to judge: it has one seat where it came at once, as `kith audit
// draw` finds too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const API = '/api/kith/v1';
const FARM = Array.from({ length: 16 }, (_, i) => `farm${String.fromCharCode(97 + i)}`);
const OTHERS = Array.from({ length: 16 }, (_, i) => `judge${String.fromCharCode(97 + i)}`);
const REST = Array.from({ length: 20 }, (_, i) => `member${String.fromCharCode(97 + i)}`);
let kith, people;

before(async () => {
	kith = await Kith.start();
	people = await kith.people([{ handle: 'boss', role: 'keeper' }, 'seller', 'friend', ...OTHERS, ...REST], [['seller', 'friend']]);
	const { version } = await people.boss.get(`${API}/order/settings`);
	await people.boss.put(`${API}/order/settings`, { version, juror_days: 0 });
}, { timeout: 120_000 });

after(() => kith?.stop());

async function sign_up(invite, handle) {
	const { status } = await kith.anyone().send('POST', `${API}/signup`, { invite, handle, display_name: handle, password: 'correct horse battery' });
	assert.equal(status, 200);
	return kith.client(handle);
}

async function be_juror(who) {
	return (await who.put(`${API}/juror`, { willing: true })).number;
}

test('a farm by one link has one seat, whoever made the link', async () => {
	const codes = [await kith.invitation(['--uses', '50']), (await people.boss.post(`${API}/invites`, { uses: 50, days: 7 })).url.split('/').pop()];
	const numbers = [new Set(), new Set()];
	for (const [i, handle] of FARM.entries())
		numbers[i % 2].add(await be_juror(await sign_up(codes[i % 2], handle)));
	for (const name of OTHERS) await be_juror(people[name]);
	for (const text of Object.values(HELD).slice(0, 3)) {
		await people.seller.say(text);
		const measure = (await people.seller.get(`${API}/measures`)).find((m) => m.may_appeal);
		const appeal = await people.seller.post(`${API}/measures/${measure.id}/appeal`, { words: '' });
		assert.deepEqual([appeal.way, appeal.step, appeal.seats], ['jury', 'seven', 7]);
		const { walk } = await kith.anyone().get(appeal.draw);
		for (const of_link of numbers)
			assert.ok(walk.filter((it) => it.state === 'seated' && of_link.has(it.number)).length <= 1, JSON.stringify(walk));
		const again = await kith.command(['audit', 'draw', appeal.number]);
		assert.equal(again.code, 0, again.out + again.err);
	}
});
