// Appeals and juries on a whole server, on days the test sets: a held post is appealed, judged by a jury, and appears or does not; what
// nobody decides lapses after five working days; and a draw is reckoned again by a script that knows what everybody may know.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ClockedKith, SKIP } from './support/clock.mjs';
import { ROOT, run } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const API = '/api/kith/v1';
const AD = HELD['a recruiting ladder (zh)'];
const JURORS = Array.from({ length: 24 }, (_, i) => `j${String(i).padStart(2, '0')}`);
const MONDAY = '2026-05-04 09:00:00';
let clocked, kith, people, seller, friend, steward, keeper;

const options = { skip: SKIP };

before(async () => {
	if (SKIP) return;
	clocked = await ClockedKith.start('2026-04-06 09:00:00');
	kith = clocked.kith;
	people = await kith.people(['seller', 'friend', 'other', 'third', ...JURORS], [['seller', 'friend'], ['seller', 'other']]);
	({ seller, friend } = people);
	steward = await kith.account('warden', { role: 'steward' });
	keeper = await kith.account('theboss', { role: 'keeper' });
	await clocked.restart(MONDAY); // everybody has been here for a month
}, { timeout: 120_000 });

after(() => clocked?.stop());

const measure_of = async (who, post) => (await who.get(`${API}/measures`)).find((m) => m.object.id === post.id);

async function hold(text = AD) {
	const post = await seller.say(text);
	assert.equal(post.kith_state, 'held');
	assert.equal(await friend.sees(post), 404);
	return { post, measure: await measure_of(seller, post) };
}

async function be_jurors(names = JURORS) {
	for (const name of names) await people[name].put(`${API}/juror`, { willing: true });
}

/** Whoever waits for a vote on the case with this text, with the seat as they see it; known cases are others' texts, though like it. */
async function seated(text) {
	const found = [];
	for (const name of JURORS)
		for (const seat of await people[name].get(`${API}/juries`))
			if (seat.state === 'asked' && seat.case.text === text) found.push({ who: people[name], seat });
	return found;
}

async function until(what, check) {
	for (let tries = 0; tries < 100; tries++) {
		const got = await check();
		if (got) return got;
		await sleep(100);
	}
	throw new Error(`it never came that ${what}`);
}

const draw_script = (id) => promisify(execFile)('python3', [join(ROOT, 'tests/draw.py'), kith.url, id]);

/** The names of everything in it, however deep; of lists those of their items together. */
function shape(value) {
	if (Array.isArray(value)) return value.length ? [[...new Set(value.map((v) => JSON.stringify(shape(v))))].sort()] : [];
	if (value && typeof value === 'object') return Object.fromEntries(Object.keys(value).sort().map((k) => [k, shape(value[k])]));
	return value === null ? null : typeof value;
}

test('a held post is appealed, seven judge it, and it appears', options, async () => {
	await be_jurors();
	const { post, measure } = await hold();
	assert.deepEqual([measure.appeal, measure.may_appeal], [null, true]);
	const half_a_year = Date.parse(measure.appeal_until) - Date.parse(measure.starts_at);
	assert.equal(half_a_year, 183 * 86_400_000);

	// to others it is not there, nor may it be appealed by them
	for (const who of [friend, steward]) (await who.send('POST', `${API}/measures/${measure.id}/appeal`, {})).refused(404);
	const appeal = await seller.post(`${API}/measures/${measure.id}/appeal`, { words: 'It was a joke of mine, says seller.' });
	assert.deepEqual([appeal.number, appeal.nth, appeal.state, appeal.way, appeal.step], ['1', 1, 'open', 'jury', 'seven']);
	assert.deepEqual([appeal.seats, appeal.voted, appeal.votes, appeal.juror_notes], [7, 0, null, []]);
	assert.equal(appeal.due_at.slice(0, 13), '2026-05-11T09'); // five working days
	assert.deepEqual(await seller.post(`${API}/measures/${measure.id}/appeal`), appeal); // once
	assert.deepEqual((await measure_of(seller, post)).appeal, appeal);
	for (const who of [friend, steward, keeper]) (await who.send('GET', `${API}/appeals/${appeal.id}`)).refused(404);
	const more = await seller.put(`${API}/appeals/${appeal.id}`, { words: 'And nobody was meant.' });
	assert.equal(more.words, 'It was a joke of mine, says seller.\n\nAnd nobody was meant.');

	// its clock is the stewards' too; what is said to the jury, and how the jury stands, are not
	const [line] = (await steward.get(`${API}/cases`)).filter((it) => it.subject?.id === seller.id);
	const [seen] = (await steward.get(`${API}/cases/${line.id}`)).appeals;
	assert.deepEqual([seen.appeal.id, seen.appeal.way, seen.appeal.state, seen.appeal.words, seen.appeal.due_at, seen.may, seen.status],
		[appeal.id, 'jury', 'open', '', appeal.due_at, false, null]);
	assert.ok(!('voted' in seen.appeal) && !('votes' in seen.appeal));

	assert.deepEqual(await steward.get(`${API}/order/appeals`), [{ kind: 'hold', way: 'jury', seats: 7, filed_at: appeal.filed_at, due_at: appeal.due_at }]);
	(await friend.send('GET', `${API}/order/appeals`)).refused(403);
	const draw = await kith.anyone().get(`${API}/draws/${appeal.id}`);
	assert.deepEqual((await kith.anyone().get(`${API}/jurors`)).list, draw.list);
	assert.equal(draw.list.length, JURORS.length);
	assert.match((await draw_script(appeal.id)).stdout, /the draw is right/);
	assert.doesNotMatch(JSON.stringify(draw), /seller|j\d\d/); // numbers alone

	const jury = await seated(AD);
	assert.equal(jury.length, 7);
	const { who, seat } = jury[0];
	assert.deepEqual(await who.get(`${API}/juries/${seat.id}`), seat);
	assert.equal(seat.case.words, 'It was a joke of mine, says party A.\n\nAnd nobody was meant.');
	assert.notEqual(seat.id, appeal.id);
	assert.deepEqual([seat.vote, seat.others, seat.changes_until, seat.needed, seat.case.kind], [null, null, null, 60, 'hold']);
	assert.doesNotMatch(JSON.stringify(seat), /seller|2026-05-04/); // no names, and not when it was written
	const [from, to] = seat.case.reasons.find((r) => r.spans.length).spans[0];
	assert.ok(Buffer.from(seat.case.text).subarray(from, to).length > 0);
	const told = await who.get('/api/v1/notifications?kith=true');
	assert.ok(told.some((n) => n.kith_kind === 'jury' && n.kith_seat === seat.id));
	assert.ok(!(await who.get('/api/v1/notifications')).some((n) => n.kith_kind === 'jury'));

	for (const { who, seat } of jury.slice(0, 5)) {
		(await who.send('POST', `${API}/juries/${seat.id}/vote`, { vote: 'overturn' })).refused(422, 'note');
		(await who.send('POST', `${API}/juries/${seat.id}/vote`, { vote: 'both', note: 'x' })).refused(422, 'vote');
		const voted = await who.post(`${API}/juries/${seat.id}/vote`, { vote: 'overturn', note: 'I see a joke.' });
		assert.deepEqual([voted.state, voted.vote, voted.others], ['voted', 'overturn', null]);
		assert.ok(voted.changes_until);
	}
	(await friend.send('POST', `${API}/juries/${seat.id}/vote`, { vote: 'keep', note: 'x' })).refused(404);
	assert.equal(await friend.sees(post), 404);
	assert.equal((await seller.get(`${API}/appeals/${appeal.id}`)).voted, 5);

	await clocked.restart('2026-05-04 09:20:00'); // votes stand after ten minutes
	const over = await until('the jury decided', async () => {
		const now = await seller.get(`${API}/appeals/${appeal.id}`);
		return now.state !== 'open' && now;
	});
	assert.deepEqual([over.state, over.votes, over.note], ['overturned', { keep: 0, overturn: 5, milder: 0 }, null]);
	assert.deepEqual(over.juror_notes, Array(5).fill('I see a joke.'));
	assert.equal(await friend.sees(post), 200);
	assert.ok((await friend.homeIds()).includes(post.id));
	const end = await measure_of(seller, post);
	assert.deepEqual([end.state, end.may_appeal, end.decided_by_role], ['overturned', false, 'jury']);
	assert.ok((await seller.get('/api/v1/notifications')).some((n) => n.kith_kind === 'decided' && n.kith_measure_id === measure.id));
	assert.match((await draw_script(appeal.id)).stdout, /the draw is right/);
	// what was hidden is kept by nobody; what the others said is told now
	const mine = await who.get(`${API}/juries/${seat.id}`);
	assert.deepEqual([mine.case.text, mine.case.reasons, mine.others], ['', [], { keep: 0, overturn: 4, milder: 0 }]);
	const closed = await jury[6].who.get(`${API}/juries/${jury[6].seat.id}`);
	assert.deepEqual([closed.state, closed.case.text], ['closed', '']);
	(await jury[6].who.send('POST', `${API}/juries/${jury[6].seat.id}/vote`, { vote: 'keep', note: 'late' })).refused(409);

	const verified = await run(['audit', 'verify', '--data', kith.dir]);
	assert.equal(verified.code, 0, verified.err);
});

test('a known case looks like a real one', options, async () => {
	const { measure } = await hold(`${AD} 再来一次`);
	const appeal = await seller.post(`${API}/measures/${measure.id}/appeal`);
	assert.equal(appeal.way, 'jury');
	const [{ who, seat }] = await seated(`${AD} 再来一次`);
	const all = (await who.get(`${API}/juries`)).filter((it) => it.due_at === seat.due_at && it.state === 'asked');
	assert.equal(all.length, 2);
	const known = all.find((it) => it.id !== seat.id);
	for (const it of [seat, known]) it.case.reasons.forEach((r) => (r.spans = r.spans.length > 0));
	const alike = ({ case: { reasons, pictures, ...rest }, ...it }) => shape({ ...it, rest, reason: reasons[0] });
	assert.deepEqual(alike(known), alike(seat));
	assert.ok(Math.abs(Number(BigInt(seat.id) - BigInt(known.id))) < 2 ** 40); // given in one breath
	// asked for as an appeal, neither is there
	for (const it of [seat, known]) (await kith.anyone().send('GET', `${API}/draws/${it.id}`)).refused(404);
	for (const it of [seat, known]) {
		const voted = await who.post(`${API}/juries/${it.id}/vote`, { vote: 'keep', note: 'A ladder.' });
		assert.deepEqual([voted.state, voted.others], ['voted', null]);
	}
	const me = await who.get(`${API}/juror`);
	assert.deepEqual([me.willing, me.may, me.why, me.right], [true, true, null, 0]); // told a week late
	for (const one of await seated(`${AD} 再来一次`)) await one.who.post(`${API}/juries/${one.seat.id}/vote`, { vote: 'keep', note: 'A ladder.' });
	await clocked.restart('2026-05-04 09:40:00');
	await until('the jury kept it', async () => (await seller.get(`${API}/appeals/${appeal.id}`)).state === 'kept');
	const kept = (await seller.get(`${API}/measures`)).find((m) => m.id === measure.id);
	assert.deepEqual([kept.state, kept.may_appeal], ['kept', true]); // once more, on new facts
	(await seller.send('POST', `${API}/measures/${measure.id}/appeal`, { words: 'again' })).refused(422, 'facts');
	const second = await seller.post(`${API}/measures/${measure.id}/appeal`, { facts: 'Here is who wrote it.' });
	assert.deepEqual([second.nth, second.state, second.words], [2, 'open', 'Here is who wrote it.']);
	const sat = new Set((await kith.anyone().get(`${API}/draws/${appeal.id}`)).walk.map((p) => p.number));
	const sits = (await kith.anyone().get(`${API}/draws/${second.id}`)).walk.filter((p) => p.state === 'seated');
	assert.ok(sits.every((p) => !sat.has(p.number)));
});

test('a fourth appeal is told that three are open, and not to wait for seconds', options, async () => {
	const { third } = people, open = [];
	for (let i = 0; i < 4; i++) open.push(await measure_of(third, await third.say(`${AD} 第${i}回`)));
	for (const { id } of open.slice(0, 3)) await third.post(`${API}/measures/${id}/appeal`);
	const fourth = await third.send('POST', `${API}/measures/${open[3].id}/appeal`, {});
	fourth.refused(422, 'appeals');
	assert.match(fourth.json.error, /^Three of your appeals are open/);
	assert.equal(fourth.headers.get('retry-after'), null);
});

test('what nobody decides lapses after five working days, and not by a clock that jumps', options, async () => {
	await clocked.restart('2026-05-06 09:00:00'); // a Wednesday
	const { post, measure } = await hold(`${AD} 第三次`);
	await steward.post(`${API}/review/${measure.id}/keep`, { note: 'A ladder.' });
	const appeal = await seller.post(`${API}/measures/${measure.id}/appeal`);
	assert.equal(appeal.due_at.slice(0, 13), '2026-05-13T09'); // the weekend does not count
	assert.equal(await friend.sees(post), 404);

	await clocked.jump('2027-05-06 09:00:00');
	await sleep(2500);
	assert.equal((await seller.get(`${API}/appeals/${appeal.id}`)).state, 'open');
	await clocked.jump('2025-05-06 09:00:00');
	await sleep(2500);
	assert.equal((await seller.get(`${API}/appeals/${appeal.id}`)).state, 'open');
	assert.match(kith.log, /clock\.doubted/);

	await clocked.restart('2026-05-07 09:05:00'); // jurors who do not come are replaced
	await until('others are asked', async () => {
		const { walk } = await kith.anyone().get(`${API}/draws/${appeal.id}`);
		return walk.filter((p) => p.state === 'replaced').length === 7;
	});
	assert.match((await draw_script(appeal.id)).stdout, /replaced 7/);
	const drawn = await kith.command(['audit', 'draw', appeal.number]);
	assert.match(drawn.out, /step seven, 7 seats.*replaced 7.*the draw is right/s, drawn.err);
	assert.equal(drawn.code, 0);
	assert.equal((await kith.command(['audit', 'draw', '9999'])).code, 1);
	await clocked.restart('2026-05-13 08:55:00');
	await sleep(2000);
	assert.equal((await seller.get(`${API}/appeals/${appeal.id}`)).state, 'open');
	assert.equal(await friend.sees(post), 404);
	await clocked.restart('2027-05-13 09:00:00'); // a clock that is wrong at start
	await sleep(1500);
	assert.equal((await seller.get(`${API}/appeals/${appeal.id}`)).state, 'open');
	assert.equal(await friend.sees(post), 404);
	assert.equal((await keeper.get(`${API}/order/settings`)).clock.wall.slice(0, 10), '2027-05-13');
	assert.match((await kith.command(['order', 'clock'])).out, /order  2026-05-13T08:5.*is-right/);
	assert.ok((await kith.anyone().get(`${API}/transparency`)).months.every((month) => month < '2026-05'));
	await clocked.restart('2026-05-13 09:05:00');
	assert.equal((await keeper.get(`${API}/order/settings`)).clock, null);
	await until('it lapsed', async () => (await seller.get(`${API}/appeals/${appeal.id}`)).state === 'lapsed');
	assert.equal(await friend.sees(post), 200);
	assert.equal((await seller.get(`${API}/measures`)).find((m) => m.id === measure.id).state, 'unanswered');
	await clocked.restart('2026-05-14 09:00:00'); // the day's root is out, and with it receipts
	const kinds = await until('there are receipts', async () => {
		const receipts = await seller.get(`${API}/measures/${measure.id}/receipts`);
		const all = receipts.map((r) => r.record.split('\n')[0]);
		return all.includes('appeal.lapsed') && all;
	});
	for (const kind of ['measure.begun', 'appeal.filed', 'appeal.drawn', 'appeal.seat', 'appeal.skipped'])
		assert.ok(kinds.includes(kind), `${kind} among ${kinds}`);
	const verified = await run(['audit', 'verify', '--data', kith.dir]);
	assert.equal(verified.code, 0, verified.err);
});

test('a sealed person can appeal and read, and do nothing else', options, async () => {
	const { other } = people;
	const done = await kith.command(['account', 'seal', 'other', '--reason', 'in other hands', '--seized']);
	assert.equal(done.code, 0, done.err);
	const [seal] = (await other.get(`${API}/measures`)).filter((m) => m.kind === 'seal');
	assert.ok(seal.may_appeal);
	const appeal = await other.post(`${API}/measures/${seal.id}/appeal`, { words: 'Why me?' });
	assert.equal(appeal.state, 'open');
	assert.deepEqual((await other.get(`${API}/appeals`)).map((a) => a.id), [appeal.id]);
	assert.equal((await other.put(`${API}/appeals/${appeal.id}`, { words: 'Tell me.' })).words, 'Why me?\n\nTell me.');
	(await other.send('GET', `${API}/juror`)).refused(403);
	(await other.send('GET', `${API}/juries`)).refused(403);
	(await other.send('GET', '/api/v1/timelines/home')).refused(403);
});

test('what is malformed is refused, and nobody comes in without a session', options, async () => {
	(await seller.send('POST', `${API}/measures/1/appeal`, {})).refused(404);
	(await seller.send('POST', `${API}/measures/abc/appeal`, {})).refused(404);
	(await seller.send('PUT', `${API}/appeals/1`, { words: 'x' })).refused(404);
	(await seller.send('PUT', `${API}/appeals/1`, {})).refused(422, 'words');
	(await seller.send('PUT', `${API}/juror`, {})).refused(422, 'willing');
	(await seller.send('GET', `${API}/juries/1`)).refused(404);
	(await seller.send('GET', `${API}/juries/1/pictures/1`)).refused(404);
	(await kith.anyone().send('GET', `${API}/draws/1`)).refused(404);
	for (const path of ['appeals', 'juror', 'juries']) (await kith.anyone().send('GET', `${API}/${path}`)).refused(401);
});

test('a circle that was switched off for two months goes on with one confirmation', options, async () => {
	const { post } = await hold(`${AD} 第九次`);
	await clocked.restart('2026-07-20 09:00:00');
	await sleep(1500);
	assert.equal(await friend.sees(post), 404);
	const done = await kith.command(['order', 'clock', '--is-right']);
	assert.equal(done.code, 0, done.err);
	assert.doesNotMatch(done.out, /not believed/);
	await until('the hold lapsed', async () => (await friend.sees(post)) === 200);
	assert.equal((await keeper.get(`${API}/order/settings`)).clock, null);
	const verified = await run(['audit', 'verify', '--data', kith.dir]);
	assert.equal(verified.code, 0, verified.err);
});
