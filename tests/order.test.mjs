// What is done to a person: what it keeps them from and nothing else, with its reasons, until it ends; and a seal, which takes two.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith, PASSWORD } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const ADVERTISEMENT = Object.values(HELD)[0];
const API = '/api/kith/v1';
const DAY_MS = 86_400_000;
let kith, friend, stranger, steward, keeper;
let made = 0;

before(async () => {
	kith = await Kith.start();
	({ friend, stranger } = await kith.people(['friend', 'stranger']));
	steward = await kith.account('warden', { role: 'steward' });
	keeper = await kith.account('chief', { role: 'keeper' });
});

after(() => kith?.stop());

const look = async (who, person) => {
	const line = (await who.get(`${API}/cases`)).find((it) => it.subject?.id === person.id);
	return who.get(`${API}/cases/${line.id}`);
};
const decide = (who, seen, decision) =>
	who.post(`${API}/cases/${seen.id}/decide`, { version: seen.version, note: 'Looked at it', ...decision });

/** Somebody new, a friend of `friend`, who wrote something to friends, and whose advertisement a steward kept with this step, which another one has
 * confirmed: it is a first offence. A seal waits for the test to confirm it. */
async function somebody(person) {
	const who = await kith.account(`seller${++made}`);
	await who.befriend(friend);
	who.walk = await who.say('A walk by the river');
	who.ad = await who.say(ADVERTISEMENT);
	assert.equal(who.ad.kith_state, 'held');
	const seen = await look(steward, who);
	const measures = seen.measures.map((it) => ({ id: it.measure.id, do: 'keep' }));
	who.case = await decide(steward, seen, { measures, person });
	if (person.kind !== 'seal') {
		const [proposed] = who.case.measures.filter((it) => it.measure.state === 'proposed');
		await decide(keeper, who.case, { confirm: [proposed.measure.id] });
	}
	return who;
}

/** In both languages, with the way to the reasons. */
function assertSaysWhy(answer, status) {
	const { error } = answer.refused(status);
	assert.match(error, /measures/);
	assert.match(error, /申诉/);
}

const of = async (who, kind) => (await who.get(`${API}/measures`)).filter((m) => m.kind === kind);
const post = (who, more = {}) => who.send('POST', '/api/v1/statuses', { status: `Again ${++made}`, ...more });
const edit = (who) => who.send('PUT', `/api/v1/statuses/${who.walk.id}`, { status: `Another walk ${++made}` });
const ask = (who, whom) => who.send('POST', `/api/v1/accounts/${whom.id}/follow`, {});

test('a measure on a person is a statement of reasons, to whom it concerns alone', async () => {
	const who = await somebody({ kind: 'freeze', days: 3 });
	const [freeze] = await of(who, 'freeze');
	assert.deepEqual(await who.get(`${API}/measures/${freeze.id}`), freeze);
	assert.deepEqual([freeze.state, freeze.in_force, freeze.decider, freeze.may_appeal], ['kept', true, 'steward', true]);
	assert.deepEqual(freeze.object, { type: 'account', id: who.id, text: '' });
	assert.ok(freeze.rule.id && freeze.rule.text.en && freeze.rule.text.zh && 'clause' in freeze && /^[abc]$/.test(freeze.harm));
	assert.equal(Date.parse(freeze.ends_at) - Date.parse(freeze.starts_at), 3 * DAY_MS);
	const [hold] = await of(who, 'hold');
	assert.deepEqual([hold.state, hold.decider, hold.decided_by_role, hold.ends_at], ['kept', 'policy', 'steward', null]);
	assert.ok(hold.clause && hold.points > 0 && hold.reasons.some((reason) => reason.spans.length > 0));
	const [notice] = await of(who, 'notice');
	assert.deepEqual([notice.decider, notice.rule.id, notice.points], ['policy', hold.rule.id, 0], 'the program says what it broke');
	const absent = (await friend.send('GET', `${API}/measures/4711`)).must(404).text;
	for (const other of [friend, stranger, steward, keeper]) {
		assert.equal((await other.send('GET', `${API}/measures/${freeze.id}`)).must(404).text, absent);
	}
	(await kith.anyone().send('GET', `${API}/measures/${freeze.id}`)).refused(401);
	const told = (await who.get('/api/v1/notifications?limit=40')).filter((it) => it.type === 'moderation_warning');
	assert.deepEqual(told.map((it) => it.kith_kind).sort(), ['decided', 'held', 'measure', 'measure', 'measure']);
	const standing = await who.get(`${API}/standing`);
	assert.deepEqual([standing.points, standing.offences, standing.step], [hold.points, 1, 'notice']);
	assert.equal(Date.parse(standing.decays_at) - Date.parse(standing.last_at), 60 * DAY_MS);
	assert.equal((await friend.get(`${API}/standing`)).points, 0);
});

test('frozen: nothing is written or changed, everything else goes on', async () => {
	const who = await somebody({ kind: 'freeze' });
	const theirs = await friend.say('What a day');
	assertSaysWhy(await post(who), 403);
	assertSaysWhy(await post(who, { in_reply_to_id: theirs.id }), 403);
	assertSaysWhy(await edit(who), 403);
	await who.post(`/api/v1/statuses/${theirs.id}/favourite`);
	(await ask(who, stranger)).must(200);
	assert.ok((await who.homeIds()).includes(theirs.id));
	assert.equal(await friend.sees(who.walk), 200, 'what was written stays');
	await who.delete(`/api/v1/statuses/${who.walk.id}`);
	await kith.stop({ keep: true });
	await kith.again();
	assertSaysWhy(await post(who), 403);
});

test('fewer: three posts and three comments a day, and no way around by deleting', async () => {
	const who = await somebody({ kind: 'fewer' }); // has written two today
	const theirs = await friend.say('What a day');
	const third = (await post(who)).must(200).json;
	await who.delete(`/api/v1/statuses/${third.id}`);
	const over = await post(who);
	assertSaysWhy(over, 429);
	const wait = Number(over.headers.get('retry-after')); // until the first of the three is a day old
	assert.ok(wait > 86_400 - 120 && wait <= 86_401, `${wait} s`);
	for (let i = 0; i < 3; i++) (await post(who, { in_reply_to_id: theirs.id })).must(200);
	assertSaysWhy(await post(who, { in_reply_to_id: theirs.id }), 429);
	(await edit(who)).must(200);
});

test('no new friends: nobody is asked or accepted, and friends stay', async () => {
	const who = await somebody({ kind: 'no_friends' });
	assertSaysWhy(await ask(who, stranger), 403);
	(await ask(stranger, who)).must(200);
	assertSaysWhy(await who.send('POST', `/api/v1/follow_requests/${stranger.id}/authorize`, {}), 403);
	(await who.send('POST', `/api/v1/follow_requests/${stranger.id}/reject`, {})).must(200);
	(await post(who)).must(200);
	assert.equal(await friend.sees(who.walk), 200);
});

test('of many at once no more than are allowed get through', async () => {
	const who = await somebody({ kind: 'fewer' });
	const answers = await Promise.all(Array.from({ length: 12 }, () => post(who)));
	assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
	for (const answer of answers.filter((it) => it.status !== 200)) assertSaysWhy(answer, 429);
});

test('a seal is told when it is proposed, takes two, and leaves the way to reasons, appeal and data', async () => {
	const who = await somebody({ kind: 'seal', days: 30 });
	const [proposed] = await of(who, 'seal');
	assert.deepEqual([proposed.state, proposed.in_force, proposed.may_appeal], ['proposed', false, false]);
	(await post(who)).must(200);
	assert.equal(await friend.sees(who.walk), 200);
	await decide(keeper, await look(keeper, who), { confirm: [proposed.id] });
	assert.equal(await friend.sees(who.walk), 404);
	(await who.send('GET', '/api/v1/timelines/home')).refused(403);
	(await who.send('POST', '/api/v1/statuses', { status: 'still here?' })).refused(403);
	const session = (await kith.anyone().send('POST', `${API}/session`, { handle: who.handle, password: PASSWORD }, { origin: kith.url })).must(200);
	assert.equal(session.json.kith_sealed, true, 'they may sign in');
	const seal = await who.get(`${API}/measures/${proposed.id}`);
	assert.deepEqual([seal.state, seal.in_force, seal.may_appeal], ['kept', true, true]);
	assert.equal(Date.parse(seal.ends_at) - Date.parse(seal.starts_at), 30 * DAY_MS);
	assert.ok((await who.get(`${API}/standing`)).points > 0);
	await kith.stop({ keep: true });
	await kith.again();
	assert.equal(await friend.sees(who.walk), 404);
	assert.equal((await kith.command(['account', 'unseal', who.handle])).code, 0);
	assert.equal(await friend.sees(who.walk), 200);
	const [over] = await of(who, 'seal');
	assert.deepEqual([over.state, over.in_force], ['released', false]);
	(await post(who)).must(200);
	assert.equal((await kith.command(['check'])).code, 0, 'who is sealed and what seals agree');
});
