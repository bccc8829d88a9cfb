// Cases: what waits about one person is looked at whole by who is no party to it, decided once, undone, and asked about outside.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { bring } from './support/picture.mjs';
import { events } from './support/stream.mjs';
import { HELD } from './support/texts.mjs';

const ADVERTISEMENT = Object.values(HELD)[0];
const AT_ONCE_MS = 1000;
const API = '/api/kith/v1';
let kith, seller, friend, other, steward, keeper;

before(async () => {
	kith = await Kith.start();
	({ seller, friend, other } = await kith.people(['seller', 'friend', 'other'], [['seller', 'friend'], ['seller', 'other']]));
	steward = await kith.account('warden', { role: 'steward' });
	keeper = await kith.account('chief', { role: 'keeper' });
});

after(() => kith?.stop());

const lineOf = async (who, person) => (await who.get(`${API}/cases`)).find((line) => line.subject?.id === person.id);
const look = (who, line) => who.get(`${API}/cases/${line.id}`);
const decide = (who, seen, decision) =>
	who.send('POST', `${API}/cases/${seen.id}/decide`, { version: seen.version, note: 'Looked at it', ...decision });
const all = (seen, what) => seen.measures.filter((it) => it.measure.state === 'active').map((it) => ({ id: it.measure.id, do: what }));
const undo = (who, seen) => who.send('POST', `${API}/cases/${seen.id}/undo`, { deed: seen.deeds[0].id });

/** One held post of the seller's, and its case as the steward sees it. */
async function held(more = {}) {
	const post = await seller.say(`${ADVERTISEMENT}${more.and ?? ''}`, { ...more, and: undefined });
	assert.equal(post.kith_state, 'held');
	const line = await lineOf(steward, seller);
	return { post, line, seen: await look(steward, line) };
}

async function withdraw(post) {
	await seller.delete(`/api/v1/statuses/${post.id}`);
}

test('a list shows nothing that was written; a case shows the piece and no more of it', async () => {
	const { post, line, seen } = await held({ kith_audience: { kind: 'only', people: [friend.id] } });
	const queue = await steward.send('GET', `${API}/cases?state=open`);
	assert.ok(!queue.text.includes(ADVERTISEMENT.slice(0, 6)), 'no words in the list');
	assert.deepEqual(line.items, { measures: 1, reports: 0, complaints: 0, appeals: 0, answers: 0 });
	assert.ok(line.title.en && line.title.zh && line.harm && line.due_at && line.number);
	const [it] = seen.measures;
	assert.equal(it.status.id, post.id);
	assert.equal(it.measure.object.text, ADVERTISEMENT);
	assert.ok(!JSON.stringify(seen).includes(friend.id), 'whom a post is for is not what is judged');
	assert.deepEqual([it.status.favourites_count, it.status.replies_count], [0, 0]);
	assert.equal(seen.history.length, 1);
	assert.equal(seen.history[0].object.text, '');
	assert.deepEqual(seen.standing.ladder, ['notice', 'fewer', 'no_friends', 'freeze', 'seal']);
	await withdraw(post);
	assert.equal(await lineOf(steward, seller), undefined, 'a withdrawn piece waits for nobody');
});

test('what waits is told on the streams of stewards who are no party, and of nobody else', async () => {
	const open = (who) => events(kith.url, `${API}/live`, { authorization: `Bearer ${who.token}` });
	const streams = { steward: await open(steward), keeper: await open(keeper), member: await open(friend) };
	const told = async (stream) => (await stream.rest()).filter((it) => it.event === 'cases').map((it) => it.data);
	const { post, line } = await held({ kith_audience: { kind: 'self' } });
	assert.deepEqual([await told(streams.steward), await told(streams.keeper), await told(streams.member)], [[{}], [{}], []]);
	await steward.post(`${API}/cases/${line.id}/claim`);
	assert.deepEqual(await told(streams.keeper), [{}]);
	await withdraw(post);
	assert.deepEqual([await told(streams.steward), await told(streams.member)], [[{}, {}], []]); // the claim and the end
	const own = await steward.say(HELD['recruiting with an income claim (en)']);
	assert.equal(own.kith_state, 'held');
	assert.deepEqual([await told(streams.steward), await told(streams.keeper)], [[], [{}, {}]]); // of the end, and of this
	await steward.delete(`/api/v1/statuses/${own.id}`);
	for (const stream of Object.values(streams)) stream.close();
});

test('others than stewards, and parties, have no cases', async () => {
	const own = await steward.say(HELD['counterfeits with a handle taken apart (en)']);
	const line = await lineOf(keeper, steward);
	for (const who of [seller, friend]) {
		for (const [method, path] of [['GET', ''], ['GET', `/${line.id}`], ['POST', `/${line.id}/claim`], ['DELETE', `/${line.id}/claim`],
			['POST', `/${line.id}/decide`], ['POST', `/${line.id}/undo`], ['POST', `/${line.id}/links`]]) {
			(await who.send(method, `${API}/cases${path}`, method === 'GET' ? undefined : {})).refused(403);
		}
		(await who.send('GET', `${API}/order/figures`)).refused(403);
		(await who.send('GET', `${API}/order/appeals`)).refused(403);
		(await who.send('GET', `${API}/order/settings`)).refused(403);
	}
	(await kith.anyone().send('GET', `${API}/cases`)).refused(401);
	assert.equal(await lineOf(steward, steward), undefined);
	const absent = (await steward.send('GET', `${API}/cases/1`)).must(404);
	assert.equal((await steward.send('GET', `${API}/cases/${line.id}`)).must(404).text, absent.text, 'one’s own is as one that is not there');
	const seen = await look(keeper, line);
	assert.equal((await decide(steward, seen, { measures: all(seen, 'release') })).must(404).text, absent.text);
	assert.equal((await steward.send('POST', `${API}/cases/${line.id}/claim`, {})).must(404).text, absent.text);
	await steward.delete(`/api/v1/statuses/${own.id}`);
});

test('deciding and undoing reach every open page and stream within a second', async () => {
	const { post, seen } = await held();
	const page = await events(kith.url, `${API}/live`, { authorization: `Bearer ${friend.token}` });
	const apart = await kith.account('apart');
	const stranger = await events(kith.url, `${API}/live`, { authorization: `Bearer ${apart.token}` });
	const released = (await decide(steward, seen, { measures: all(seen, 'release') })).must(200).json;
	await page.until((it) => it.data?.id === post.id, AT_ONCE_MS);
	assert.equal(await friend.sees(post), 200);
	assert.ok((await friend.homeIds()).includes(post.id));
	assert.deepEqual([released.state, released.measures[0].measure.state], ['decided', 'released']);
	const undone = (await undo(steward, released)).must(200).json;
	await page.until((it) => JSON.stringify(it).includes(post.id), AT_ONCE_MS);
	assert.equal(await friend.sees(post), 404);
	assert.ok(!(await friend.homeIds()).includes(post.id));
	assert.deepEqual([undone.state, undone.measures[0].measure.state, undone.deeds[0].undone], ['open', 'active', true]);
	assert.deepEqual(await stranger.rest(), [], 'nobody else hears of it');
	page.close();
	stranger.close();
	await withdraw(post);
});

test('a label instead of a hold: it is shown, and says why', async () => {
	const { post, seen } = await held();
	const done = (await decide(steward, seen, { measures: all(seen, 'label') })).must(200).json;
	assert.deepEqual(done.deeds.map((deed) => deed.kind), ['labelled', 'released']);
	assert.equal(await friend.sees(post), 200);
	const label = (await seller.get(`${API}/measures`)).find((m) => m.object.id === post.id && m.kind === 'label');
	assert.equal(label.state, 'active');
	await withdraw(post);
});

test('of two stewards deciding at once one wins and the other is told', async () => {
	const { post, seen } = await held();
	const answers = await Promise.all(Array.from({ length: 8 }, (_, i) =>
		decide(i % 2 ? steward : keeper, seen, { measures: all(seen, i % 2 ? 'release' : 'keep') })));
	assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
	for (const answer of answers.filter((it) => it.status !== 200)) {
		assert.match(answer.refused(409).error, /decided or changed by another steward/);
	}
	assert.equal(answers.find((answer) => answer.status === 200).json.deeds.length, 1);
	await withdraw(post);
});

test('a decision needs a reason, the version that was looked at, and sense', async () => {
	const { post, seen } = await held();
	const right = { measures: all(seen, 'keep') };
	(await decide(steward, seen, { ...right, note: '' })).refused(422, 'note');
	(await decide(steward, seen, { ...right, note: 'x'.repeat(501) })).refused(422, 'note');
	(await decide(steward, seen, { ...right, version: undefined })).refused(422, 'version');
	(await decide(steward, seen, { ...right, version: seen.version - 1 })).refused(409);
	(await decide(steward, seen, {})).refused(422, 'measures');
	(await decide(steward, seen, { measures: [{ id: seen.measures[0].measure.id, do: 'burn' }] })).refused(422, 'measures');
	(await decide(steward, seen, { measures: [{ id: '42', do: 'keep' }] })).refused(404);
	(await decide(steward, seen, { person: { kind: 'hold' } })).refused(422, 'person');
	(await decide(steward, seen, { person: { kind: 'freeze', days: 1000 } })).refused(422, 'person');
	(await decide(steward, seen, { reports: 'maybe' })).refused(422, 'reports');
	(await decide(steward, seen, { reports: 'right' })).refused(404);
	(await decide(steward, seen, { appeals: [{ id: '1', do: 'keep' }] })).refused(404);
	(await decide(steward, seen, { confirm: [seen.measures[0].measure.id] })).refused(422, 'confirm');
	(await undo(steward, { id: seen.id, deeds: [{ id: '42' }] })).refused(404);
	assert.equal((await look(steward, seen)).version, seen.version, 'nothing of that changed anything');
	await withdraw(post);
});

test('a claim is seen by the other steward and keeps nobody from deciding', async () => {
	const { post, line, seen } = await held();
	const mine = await steward.post(`${API}/cases/${line.id}/claim`);
	assert.equal(mine.claimed.mine, true);
	assert.ok(Math.abs(Date.parse(mine.claimed.until) - Date.now() - 600_000) < 60_000);
	assert.equal((await lineOf(keeper, seller)).claimed.mine, false);
	(await keeper.send('POST', `${API}/cases/${line.id}/claim`, {})).refused(409);
	(await keeper.send('DELETE', `${API}/cases/${line.id}/claim`)).refused(409);
	(await decide(keeper, seen, { measures: all(seen, 'release') })).must(200);
	(await steward.send('POST', `${API}/cases/${line.id}/claim`, {})).refused(409);
	const over = (await keeper.get(`${API}/cases?state=decided`)).find((it) => it.id === line.id);
	assert.deepEqual([over.state, over.claimed], ['decided', null]);
	await withdraw(post);
});

test('a step on the person is in force at once, and undone entirely', async () => {
	const { post, seen } = await held();
	const asked = (await decide(steward, seen, { measures: all(seen, 'keep'), person: { kind: 'freeze', days: 2 } })).must(200).json;
	const step = asked.measures.find((it) => it.measure.kind === 'freeze').measure;
	assert.deepEqual([asked.state, step.state, step.in_force], ['open', 'proposed', false], 'a first offence: it needs a second look');
	await seller.say('good evening');
	(await decide(steward, asked, { confirm: [step.id] })).refused(403);
	const done = (await decide(keeper, asked, { confirm: [step.id] })).must(200).json;
	assert.ok(done.in_force.some((m) => m.kind === 'freeze'));
	(await seller.send('POST', '/api/v1/statuses', { status: 'good morning' })).must(403);
	const mine = await seller.send('GET', `${API}/measures`);
	const freeze = mine.json.find((m) => m.kind === 'freeze');
	assert.ok(freeze.rule.text.en && freeze.rule.text.zh);
	assert.deepEqual([freeze.note, freeze.decided_by_role], ['Looked at it', 'keeper']);
	assert.ok(!mine.text.includes('warden') && !mine.text.includes(steward.id), 'a steward’s name is never given');
	(await undo(keeper, done)).must(200);
	(await decide(steward, await look(steward, seen), { measures: [{ id: step.id, do: 'release' }] })).must(200);
	const free = await seller.say('good morning');
	assert.equal(free.kith_state, 'published');
	await withdraw(post);
});

test('a seal is confirmed by another steward, ends streams within a second, and is undone', async () => {
	const target = await kith.account('target');
	await target.befriend(friend);
	const post = await target.say(ADVERTISEMENT);
	const seen = await look(steward, await lineOf(steward, target));
	const proposed = (await decide(steward, seen, { measures: all(seen, 'keep'), person: { kind: 'seal', days: 30 } })).must(200).json;
	assert.equal(proposed.state, 'open');
	const seal = proposed.measures.find((it) => it.measure.kind === 'seal').measure;
	assert.equal(seal.state, 'proposed');
	(await target.send('GET', '/api/v1/timelines/home')).must(200);
	(await decide(steward, proposed, { confirm: [seal.id] })).refused(403);
	const stream = await events(kith.url, `${API}/live`, { authorization: `Bearer ${target.token}` });
	const again = await look(keeper, proposed);
	const done = (await decide(keeper, again, { confirm: [seal.id] })).must(200).json;
	const from = Date.now();
	await stream.closed;
	assert.ok(Date.now() - from <= AT_ONCE_MS);
	(await target.send('GET', '/api/v1/timelines/home')).refused(403);
	(await target.send('GET', `${API}/measures`)).must(200);
	(await undo(steward, proposed)).refused(409); // it is the other's too by now
	(await target.send('GET', '/api/v1/timelines/home')).refused(403);
	(await undo(keeper, done)).must(200);
	const back = await kith.client('target');
	(await back.send('GET', '/api/v1/timelines/home')).must(200);
	await back.delete(`/api/v1/statuses/${post.id}`);
});

test('a hundred reports are one line, and nobody reads who made them', async () => {
	const post = await seller.say('A bag a friend brought along');
	for (const who of [friend, other]) {
		await who.post('/api/v1/reports', { account_id: seller.id, status_ids: [post.id], kith_category: 'counterfeit', comment: 'fake' });
	}
	const lines = (await steward.get(`${API}/cases`)).filter((line) => line.subject?.id === seller.id);
	assert.equal(lines.length, 1);
	assert.equal(lines[0].items.reports, 2);
	const answer = (await steward.send('GET', `${API}/cases/${lines[0].id}`)).must(200);
	for (const who of [friend, other]) assert.ok(!answer.text.includes(who.id) && !answer.text.includes(`"${who.handle}"`));
	const seen = answer.json;
	assert.deepEqual(seen.pieces.map((it) => it.status.id), [post.id]);
	assert.ok(seen.reports.every((it) => it.category === 'counterfeit' && it.state === 'open' && it.weight > 0));
	const done = (await decide(steward, seen, { reports: 'not_confirmed' })).must(200).json;
	assert.ok(done.reports.every((it) => it.state === 'not_confirmed'));
	assert.deepEqual(done.pieces, [], 'what waits no more is not shown');
	assert.equal((await friend.get(`${API}/reports`))[0].outcome, 'not_confirmed');
	assert.equal(await friend.sees(post), 200);
});

test('what was reported is held by a rule of the policy within a second, and taken back whole', async () => {
	const post = await seller.say('A bag of the newest kind');
	await friend.post('/api/v1/reports', { account_id: seller.id, status_ids: [post.id], kith_category: 'counterfeit', comment: '' });
	const seen = await look(steward, await lineOf(steward, seller));
	const rule = seen.rules.find((it) => it.id === 'fraud.counterfeit');
	assert.ok(rule.clause === 'a.2' && rule.text.en && rule.text.zh && rule.harm === 'a');
	assert.deepEqual(seen.pieces.map((it) => [it.status.id, it.rule]), [[post.id, 'fraud.counterfeit']]);
	for (const wrong of [{ do: 'fold' }, { do: 'hold', rule: 'no.such' }])
		(await decide(steward, seen, { pieces: [{ id: post.id, ...wrong }] })).refused(422, 'pieces');
	(await decide(steward, seen, { pieces: [{ id: '4711', do: 'hold' }] })).refused(404);
	const page = await events(kith.url, `${API}/live`, { authorization: `Bearer ${friend.token}` });
	const done = (await decide(steward, seen, { pieces: [{ id: post.id, do: 'hold' }] })).must(200).json;
	await page.until((it) => JSON.stringify(it).includes(post.id), AT_ONCE_MS);
	assert.equal(await friend.sees(post), 404);
	assert.ok(done.deeds.some((it) => it.kind === 'held') && done.reports.every((it) => it.state !== 'open'));
	assert.equal((await friend.get(`${API}/reports`))[0].outcome, 'right');
	const told = (await seller.get(`${API}/measures`)).find((it) => it.kind === 'hold' && it.object.id === post.id);
	assert.deepEqual([told.state, told.decider, told.rule.id, told.rule.clause, told.rule.policy, told.note],
		['kept', 'steward', 'fraud.counterfeit', 'a.2', rule.policy, 'Looked at it']);
	assert.deepEqual(told.rule.text, rule.text);
	assert.ok(told.may_appeal && told.points === 4);
	(await undo(steward, done)).must(200);
	assert.equal(await friend.sees(post), 200);
	assert.equal((await friend.get(`${API}/reports`))[0].outcome, null);
	const again = await look(steward, seen);
	const labelled = (await decide(steward, again, { pieces: [{ id: post.id, do: 'label', rule: 'order.other' }] })).must(200).json;
	assert.equal(labelled.state, 'decided');
	const [label] = (await friend.get(`/api/v1/statuses/${post.id}`)).kith_measures;
	assert.deepEqual([label.kind, label.rule.id, label.rule.clause], ['label', 'order.other', 'o.8']);
	page.close();
	await withdraw(post);
});

test('reports made in bad faith are named one by one, and no reporter reads the reason to the person', async () => {
	const post = await seller.say('Another bag a friend brought along');
	for (const who of [friend, other])
		await who.post('/api/v1/reports', { account_id: seller.id, status_ids: [post.id], kith_category: 'counterfeit', comment: `by ${who.handle}` });
	const line = (await steward.get(`${API}/cases`)).find((it) => it.subject?.id === seller.id);
	const seen = await steward.get(`${API}/cases/${line.id}`);
	const lie = seen.reports.find((it) => it.text === `by ${friend.handle}` && it.state === 'open');
	(await decide(steward, seen, { reports: 'bad_faith' })).refused(422, 'reports');
	(await decide(steward, seen, { bad_faith: { reports: [], note: 'why' } })).refused(422, 'bad_faith');
	(await decide(steward, seen, { bad_faith: { reports: [lie.id] } })).refused(422, 'bad_faith');
	(await decide(steward, seen, { bad_faith: { reports: ['4711'], note: 'why' } })).refused(404);
	const done = (await decide(steward, seen, {
		note: 'REASONTOTHEPERSON', person: { kind: 'notice' }, reports: 'right', bad_faith: { reports: [lie.id], note: 'REASONTOTHEREPORTER' },
	})).must(200).json;
	assert.deepEqual(done.reports.filter((it) => it.text.startsWith('by ')).map((it) => [it.text, it.state]).sort(),
		[[`by ${friend.handle}`, 'bad_faith'], [`by ${other.handle}`, 'right']]);
	assert.deepEqual(done.deeds.slice(0, 3).map((it) => it.kind).sort(), ['bad_faith', 'report', 'step']);
	const read = async (who) => (await Promise.all([`${API}/measures`, `${API}/reports`, '/api/v1/notifications?kith=true', `${API}/standing`]
		.map((path) => who.send('GET', path)))).map((it) => it.must(200).text).join();
	const [liar, honest, subject] = [await read(friend), await read(other), await read(seller)];
	assert.ok(liar.includes('REASONTOTHEREPORTER') && !liar.includes('REASONTOTHEPERSON'));
	assert.ok(!honest.includes('REASONTOTHE'));
	assert.ok(subject.includes('REASONTOTHEPERSON') && !subject.includes('REASONTOTHEREPORTER'));
	assert.equal((await friend.get(`${API}/reports`))[0].outcome, 'bad_faith');
	assert.equal((await other.get(`${API}/reports`))[0].outcome, 'right');
	assert.equal((await other.get(`${API}/standing`)).points, 0);
	assert.equal((await friend.get(`${API}/standing`)).points, 1);
});

test('an expert sees one piece without a name, its picture by the link alone, and answers once', async () => {
	const picture = await bring(seller);
	const { post, seen } = await held({ media_ids: [picture.id], and: ' @friend' });
	const link = await steward.post(`${API}/cases/${seen.id}/links`, { whom: 'the maker', measure_id: seen.measures[0].measure.id });
	assert.match(link.url, /\/evidence\/[\w-]{43}$/);
	assert.ok(Math.abs(Date.parse(link.expires_at) - Date.now() - 14 * 86_400_000) < 60_000);
	const path = new URL(link.url).pathname;
	const anyone = kith.anyone();
	const page = (await anyone.send('GET', path, undefined, { 'accept-language': 'en' })).must(200);
	assert.match(page.text, /<mark>/);
	for (const word of ['seller', 'friend', seller.id, post.id, 'warden']) assert.ok(!page.text.includes(word), `${word} is named`);
	assert.match(page.headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/);
	assert.equal(page.headers.get('cache-control'), 'no-store');
	assert.match((await anyone.send('GET', path, undefined, { 'accept-language': 'zh-CN' })).text, /请您判断/);
	const bytes = (await anyone.send('GET', `${path}/1`)).must(200);
	assert.equal(bytes.headers.get('content-type'), 'image/jpeg');
	assert.equal(bytes.headers.get('cache-control'), 'no-store');
	(await anyone.send('GET', `${path}/2`)).must(404);
	(await anyone.send('GET', `/media/${picture.id}/small.jpeg`)).must(401);
	const form = (words) => new URLSearchParams(words).toString();
	const send = (words) => anyone.send('POST', path, form(words), { 'content-type': 'application/x-www-form-urlencoded' });
	(await send({ words: 'hm' })).must(422);
	(await send({ answer: 'so', words: 'Our seams <b>differ</b>.' })).must(200);
	assert.doesNotMatch((await send({ answer: 'not' })).must(200).text, /<mark>/);
	assert.doesNotMatch((await anyone.send('GET', path)).must(200).text, /<mark>/);
	(await anyone.send('GET', `${path}/1`)).must(404);
	const after = await look(steward, seen);
	assert.deepEqual(after.answers.map((it) => [it.whom, it.answer, it.words]), [['the maker', 'so', 'Our seams <b>differ</b>.']]);
	assert.ok(after.version > seen.version, 'who decided on the case before has to look again');
	(await decide(steward, seen, { measures: all(seen, 'keep') })).refused(409);
	(await decide(steward, after, { measures: all(after, 'keep') })).must(200);
	(await anyone.send('GET', `/evidence/${'x'.repeat(43)}`)).must(404);
	(await steward.send('POST', `${API}/cases/${seen.id}/links`, { whom: '', measure_id: '1' })).refused(422, 'whom');
	await withdraw(post);
});

test('a link ends with its case', async () => {
	const { post, seen } = await held();
	const ask = () => steward.post(`${API}/cases/${seen.id}/links`, { whom: 'the maker', measure_id: seen.measures[0].measure.id });
	const path = new URL((await ask()).url).pathname;
	(await decide(steward, seen, { measures: all(seen, 'release') })).must(200);
	assert.doesNotMatch((await kith.anyone().send('GET', path)).must(200).text, /<mark>/);
	(await steward.send('POST', `${API}/cases/${seen.id}/links`, { whom: 'x', measure_id: seen.measures[0].measure.id })).refused(404);
	await withdraw(post);
});

test('the keeper sets what the order goes by; figures count what came in', async () => {
	assert.deepEqual(await steward.get(`${API}/order/settings`), { holidays: [], overturn_limit: 20, juror_days: 14, version: 0, clock: null });
	(await steward.send('PUT', `${API}/order/settings`, { version: 0, overturn_limit: 30 })).refused(403);
	(await keeper.send('PUT', `${API}/order/settings`, { version: 0, holidays: ['2026-02-30'] })).refused(422, 'holidays');
	(await keeper.send('PUT', `${API}/order/settings`, { version: 0, overturn_limit: 0 })).refused(422, 'overturn_limit');
	const set = await keeper.put(`${API}/order/settings`, { version: 0, holidays: ['2027-10-01', '2027-01-01', '2027-01-01'], juror_days: 7 });
	assert.deepEqual(set, { holidays: ['2027-01-01', '2027-10-01'], overturn_limit: 20, juror_days: 7, version: 1, clock: null });
	assert.deepEqual(await steward.get(`${API}/order/settings`), set);
	(await keeper.send('PUT', `${API}/order/settings`, { holidays: [] })).refused(422, 'version');
	const late = await keeper.send('PUT', `${API}/order/settings`, { version: 0, overturn_limit: 50 }); // looked at before that
	late.refused(409, 'version');
	assert.match(late.json.error, /saved by somebody else/);
	assert.deepEqual(await steward.get(`${API}/order/settings`), set);
	await keeper.put(`${API}/order/settings`, { version: 1, holidays: [] });
	const figures = await steward.get(`${API}/order/figures?days=7`);
	assert.deepEqual([figures.days.length, figures.inflow.length], [7, 7]);
	assert.equal(figures.days.at(-1), new Date().toISOString().slice(0, 10));
	assert.ok(figures.inflow.reduce((a, b) => a + b) >= 5);
	assert.ok(figures.rules.some((rule) => rule.caught > 0 && rule.decided > 0 && rule.rate >= 0 && rule.rate <= 1));
	(await steward.send('GET', `${API}/order/figures?days=0`)).refused(422, 'days');
});

test('every look at a case is written down', async () => {
	const of_cases = async () => (await seller.get(`${API}/accesses`)).filter((it) => it.measure === null);
	const before = await of_cases(); // those that are over: they neither go nor grow with the next one
	const { post, seen } = await held();
	await look(steward, seen);
	await look(keeper, seen);
	const read = 'import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT COUNT(*) FROM accesses WHERE measure_id = ?", (int(sys.argv[2]),)).fetchone()[0])';
	const count = (id) => Number(execFileSync('python3', ['-c', read, `${kith.dir}/kith.db`, id]));
	assert.equal(count(seen.id), 3, 'of the case');
	assert.equal(count(seen.measures[0].measure.id), 3, 'of the piece in it');
	// whose it is reads the day, the role and the measure; of the case nothing while it is open
	const day = new Date().toISOString().slice(0, 10);
	const of_measure = { day, role: 'steward', measure: seen.measures[0].measure.id };
	const mine = await seller.get(`${API}/accesses`);
	assert.deepEqual(mine.filter((it) => it.measure === of_measure.measure), [of_measure]);
	assert.deepEqual(await of_cases(), before);
	(await kith.anyone().send('GET', `${API}/accesses`)).refused(401);
	assert.ok((await steward.get(`${API}/accesses`)).every((it) => it.measure !== of_measure.measure));
	await withdraw(post);
	assert.deepEqual((await of_cases()).at(0), { day, role: 'steward', measure: null });
});

test('a case of who has left names nobody', async () => {
	const leaver = await kith.account('leaver');
	assert.equal((await leaver.say(ADVERTISEMENT)).kith_state, 'held');
	const line = await lineOf(steward, leaver);
	assert.equal((await kith.command(['account', 'erase', 'leaver', '--for-good'])).code, 0);
	const over = (await steward.get(`${API}/cases?state=decided`)).find((it) => it.id === line.id);
	assert.equal(over.subject, null);
	const seen = await look(steward, line);
	assert.deepEqual([seen.subject, ...seen.measures.map((it) => it.account)], [null, ...seen.measures.map(() => null)]);
	assert.ok(!JSON.stringify(seen).includes('leaver'));
});
