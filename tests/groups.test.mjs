// The life of a group over HTTP: who is in it sees what is said there, and to everyone else it is not there at all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { addresses, bring } from './support/picture.mjs';
import { HELD } from './support/texts.mjs';

const GROUPS = '/api/kith/v1/groups';
let kith, at;

before(async () => {
	kith = await Kith.start();
	// ada knows everybody but eve; nobody else knows anybody, but bo and gil
	at = await kith.people(
		['ada', 'bo', 'cy', 'dee', 'eve', 'gil'],
		[['ada', 'bo'], ['ada', 'cy'], ['ada', 'dee'], ['ada', 'gil'], ['bo', 'gil']],
	);
});

after(() => kith?.stop());

const names = (answer) => [...answer.headers.keys()].filter((name) => name !== 'date').sort();
const ids = (list) => list.map(({ id }) => id);
const timeline = async (who, group) => ids(await who.get(`${GROUPS}/${group.id}/timeline`));
const members = async (who, group) => (await who.get(`${GROUPS}/${group.id}/members`)).map(({ account }) => account.username);
const kinds = async (who) => (await who.get('/api/v1/notifications?kith=true')).map((notice) => notice.kith_kind);
const sayIn = (who, group, text) => who.say(text, { kith_audience: { kind: 'group', group: group.id } });

async function found(title, ...others) {
	const group = await at.ada.post(GROUPS, { title, about: 'About it' });
	for (const who of others) {
		await at.ada.post(`${GROUPS}/${group.id}/invite`, { account_id: who.id });
		await who.post(`${GROUPS}/${group.id}/accept`);
	}
	return group;
}

/** Every route of a group, for somebody who is not in it: the bytes of a group that never was. */
async function assertAbsent(who, group) {
	for (const [method, path, body] of [
		['GET', ''], ['PUT', '', { title: 'Mine' }], ['DELETE', '', {}], ['GET', '/members'], ['GET', '/timeline'], ['GET', '/timeline?limit=1'],
		['POST', '/invite', { account_id: at.ada.id }], ['POST', '/accept', {}], ['POST', '/leave', {}],
		['POST', '/remove', { account_id: at.ada.id }], ['POST', '/hand_over', { account_id: at.ada.id }],
		// what is wrong with a request is said whether or not there is something
		['PUT', '', { title: '' }], ['POST', '/invite', {}], ['GET', '/timeline?limit=0'],
	]) {
		const answer = await who.send(method, `${GROUPS}/${group.id}${path}`, body);
		const absent = await who.send(method, `${GROUPS}/999999999999${path}`, body);
		assert.equal(answer.text, absent.text, `${who.handle}: ${method} ${path} must answer as if it did not exist`);
		assert.equal(answer.status, absent.status);
		assert.ok([404, 422].includes(answer.status), `${who.handle}: ${method} ${path} ${answer.text}`);
		assert.deepEqual(names(answer), names(absent));
	}
	assert.ok(!ids(await who.get(GROUPS)).includes(group.id));
}

test('a group from its first day to its last', async () => {
	const { ada, bo, cy } = at;
	const group = await ada.post(GROUPS, { title: 'Walkers', about: 'Sundays at nine' });
	assert.deepEqual(
		{ ...group, owner: group.owner.username, created_at: typeof group.created_at },
		{ id: group.id, title: 'Walkers', about: 'Sundays at nine', owner: 'ada', role: 'owner', members_count: 1, created_at: 'string', invited_by: null },
	);
	await assertAbsent(bo, group);

	const answer = await ada.post(`${GROUPS}/${group.id}/invite`, { account_id: bo.id });
	assert.equal(answer.members_count, 1, 'the invited are not counted');
	const seen = await bo.get(`${GROUPS}/${group.id}`);
	assert.deepEqual([seen.role, seen.title, seen.members_count, seen.invited_by.username], ['invited', 'Walkers', 0, 'ada']);
	assert.deepEqual((await bo.get(GROUPS)).map(({ role }) => role), ['invited']);
	(await bo.send('GET', `${GROUPS}/${group.id}/members`)).must(404);
	(await bo.send('GET', `${GROUPS}/${group.id}/timeline`)).must(404);
	(await bo.send('POST', '/api/v1/statuses', { status: 'x', kith_audience: { kind: 'group', group: group.id } })).must(422);
	await bo.post(`${GROUPS}/${group.id}/accept`);
	await ada.post(`${GROUPS}/${group.id}/invite`, { account_id: cy.id });
	assert.deepEqual(await cy.post(`${GROUPS}/${group.id}/leave`), {}, 'declined');
	await assertAbsent(cy, group);
	await ada.post(`${GROUPS}/${group.id}/invite`, { account_id: cy.id });
	assert.equal((await cy.post(`${GROUPS}/${group.id}/accept`)).members_count, 3);

	for (const [path, body] of [['/remove', { account_id: bo.id }], ['/hand_over', { account_id: cy.id }]])
		(await cy.send('POST', `${GROUPS}/${group.id}${path}`, body)).must(403);
	(await cy.send('PUT', `${GROUPS}/${group.id}`, { title: 'Mine' })).must(403);
	(await cy.send('DELETE', `${GROUPS}/${group.id}`)).must(403);
	assert.equal((await ada.send('POST', `${GROUPS}/${group.id}/leave`)).must(422).json.field, 'owner');
	assert.equal((await ada.put(`${GROUPS}/${group.id}`, { about: '' })).about, '');
	assert.equal((await ada.post(`${GROUPS}/${group.id}/hand_over`, { account_id: bo.id })).role, 'member');
	assert.deepEqual(await ada.post(`${GROUPS}/${group.id}/leave`), {});
	await assertAbsent(ada, group);
	assert.equal((await bo.post(`${GROUPS}/${group.id}/remove`, { account_id: cy.id })).members_count, 1);
	await assertAbsent(cy, group);
	assert.deepEqual(await bo.delete(`${GROUPS}/${group.id}`), {});
	await assertAbsent(bo, group);
});

test('bad input names its field', async () => {
	const { ada, bo, eve } = at;
	const group = await found('Fields', bo);
	for (const [method, path, body, field] of [
		['POST', '', {}, 'title'],
		['POST', '', { title: 'x'.repeat(61) }, 'title'],
		['POST', '', { title: 'a\nb' }, 'title'],
		['POST', '', { title: ['a'] }, 'title'],
		['POST', '', { title: 'ok', about: 'x'.repeat(501) }, 'about'],
		['PUT', `/${group.id}`, { title: '' }, 'title'],
		['POST', `/${group.id}/invite`, {}, 'account_id'],
		['POST', `/${group.id}/invite`, { account_id: 'me' }, 'account_id'],
		['POST', `/${group.id}/invite`, { account_id: eve.id }, 'account_id'],
		['POST', `/${group.id}/invite`, { account_id: ada.id }, 'account_id'],
		['POST', `/${group.id}/remove`, { account_id: ada.id }, 'account_id'],
		['POST', `/${group.id}/hand_over`, { account_id: eve.id }, 'account_id'],
	]) {
		const answer = await ada.send(method, GROUPS + path, body);
		assert.equal(answer.status, 422, `${method} ${path} ${JSON.stringify(body)}: ${answer.text}`);
		assert.equal(answer.json.field, field);
	}
	for (const audience of [{ kind: 'group' }, { kind: 'group', group: 'x' }, { kind: 'group', group: '999999999999' }, { kind: 'group', group: group.id, people: [bo.id] }]) {
		const answer = (await ada.send('POST', '/api/v1/statuses', { status: 'x', kith_audience: audience })).must(422);
		assert.ok(['kith_audience', 'group'].includes(answer.json.field), answer.text);
	}
});

test('members see posts and reactions whoever is whose friend, and nobody else does', async () => {
	const { ada, bo, cy, dee, gil } = at;
	const group = await found('Choir', bo, cy);
	const post = await sayIn(bo, group, 'Rehearsal moves to Tuesday, says @cy to @gil');
	assert.deepEqual(post.kith_group, { id: group.id, title: 'Choir' });
	assert.deepEqual(post.kith_audience, { kind: 'group', lists: [], people: [], group: group.id });
	assert.deepEqual(post.mentions.map(({ username }) => username), ['cy'], 'a mention never widens');
	const shown = await cy.get(`/api/v1/statuses/${post.id}`);
	assert.deepEqual([shown.kith_group.title, shown.kith_audience, shown.visibility], ['Choir', null, 'private']);
	const comment = await cy.say('Good for me', { in_reply_to_id: post.id });
	await cy.post(`/api/v1/statuses/${post.id}/favourite`);
	assert.equal(comment.kith_group, null);
	for (const who of [ada, bo, cy]) {
		assert.deepEqual(await timeline(who, group), [post.id]);
		assert.deepEqual(await who.commentIds(post), [comment.id]);
		assert.deepEqual(await who.likerIds(post), [cy.id]);
	}
	assert.ok((await ada.homeIds()).includes(post.id), "a friend's group post is in home");
	assert.ok(!(await cy.homeIds()).includes(post.id), "a stranger's is in the group alone");
	assert.ok((await ada.albumIds(bo)).includes(post.id));
	// gil is bo's friend and not in it
	for (const who of [gil, dee]) {
		assert.equal(await who.sees(post), 404);
		assert.ok(!(await who.homeIds()).includes(post.id));
		(await who.send('POST', '/api/v1/statuses', { status: 'me too', in_reply_to_id: post.id })).must(404);
	}
	assert.ok(!(await gil.albumIds(bo)).includes(post.id));
	assert.ok(!(await kinds(gil)).includes('mention'));
	assert.ok((await kinds(cy)).includes('mention'));
	assert.deepEqual((await kinds(bo)).slice(0, 2).sort(), ['comment', 'like']);
	assert.deepEqual(await bo.post('/api/kith/v1/audience', { kith_audience: { kind: 'group', group: group.id } }), { people: 2 });
	(await gil.send('POST', '/api/kith/v1/audience', { kith_audience: { kind: 'group', group: group.id } })).must(422);
	await bo.delete(`/api/v1/statuses/${post.id}`);
	assert.deepEqual(await timeline(cy, group), []);
	assert.equal(await cy.sees(post), 404);
});

test('who left sees nothing of it any more, and what they said is gone until they are back', async () => {
	const { ada, bo, cy } = at;
	const group = await found('Garden', bo, cy);
	const post = await sayIn(ada, group, 'Beans or peas? word-of-the-garden #greens');
	const mine = await sayIn(bo, group, 'Pumpkins');
	const comment = await bo.say('Beans', { in_reply_to_id: post.id });
	const answer = await cy.say('Peas', { in_reply_to_id: comment.id });
	await bo.post(`/api/v1/statuses/${post.id}/favourite`);
	const searches = ['/api/v2/search?q=word-of&type=statuses', '/api/v1/timelines/tag/greens', '/api/v2/search?q=greens&type=hashtags'];
	assert.deepEqual(ids((await cy.get(searches[0])).statuses), [post.id]);
	assert.deepEqual(ids(await cy.get(searches[1])), [post.id]);
	await bo.post(`${GROUPS}/${group.id}/leave`);

	await assertAbsent(bo, group);
	assert.equal(await bo.sees(post), 404);
	assert.equal(await bo.sees(comment), 404, 'not even what they said themselves');
	(await bo.send('GET', `/api/kith/v1/statuses/${post.id}/moment`)).must(404);
	(await bo.send('POST', `/api/v1/statuses/${post.id}/favourite`)).must(404);
	for (const path of ['/api/v1/timelines/home', '/api/kith/v1/moments', '/api/v1/favourites', '/api/v1/notifications?kith=true', `/api/v1/accounts/${ada.id}/statuses`, GROUPS, ...searches]) {
		const { text } = (await bo.send('GET', path)).must(200);
		assert.ok(!text.includes('word-of-the-garden') && !text.includes('Garden') && !text.includes('Peas') && !text.includes('"greens"'), path);
	}
	const own = await bo.get(`/api/v1/statuses/${mine.id}`);
	assert.deepEqual([own.kith_group, own.kith_audience.kind], [null, 'group']);
	// to the others they are gone with all they said, and so is the answer to it but for whom it came from
	assert.equal(await ada.sees(mine), 404);
	assert.deepEqual(await timeline(cy, group), [post.id]);
	assert.deepEqual(await ada.commentIds(post), []);
	assert.deepEqual(await ada.likerIds(post), []);
	assert.equal((await ada.get(`/api/v1/statuses/${post.id}`)).replies_count, 0);
	assert.ok(!(await kinds(ada)).includes('comment'));

	await ada.post(`${GROUPS}/${group.id}/invite`, { account_id: bo.id });
	await bo.post(`${GROUPS}/${group.id}/accept`);
	assert.deepEqual(await ada.commentIds(post), [comment.id, answer.id]);
	assert.deepEqual(await ada.likerIds(post), [bo.id]);
	assert.deepEqual(await timeline(bo, group), [mine.id, post.id]);
	// being taken out is the same as leaving
	await ada.post(`${GROUPS}/${group.id}/remove`, { account_id: bo.id });
	assert.equal(await bo.sees(post), 404);
	assert.deepEqual(await ada.commentIds(post), []);
});

test('members who block each other stay, and see nothing of each other', async () => {
	const { ada, bo, cy } = at;
	const group = await found('Street', bo, cy);
	const post = await sayIn(ada, group, 'Who has a ladder?');
	const byBo = await sayIn(bo, group, 'I have a drill');
	const comment = await bo.say('I do', { in_reply_to_id: post.id });
	await cy.post(`/api/v1/accounts/${bo.id}/block`);
	assert.deepEqual(await members(bo, group), ['ada', 'bo']);
	assert.deepEqual(await members(cy, group), ['ada', 'cy']);
	assert.deepEqual(await members(ada, group), ['ada', 'bo', 'cy']);
	for (const who of [bo, cy]) assert.equal((await who.get(`${GROUPS}/${group.id}`)).members_count, 2, 'a count would tell');
	assert.deepEqual(await timeline(cy, group), [post.id]);
	assert.deepEqual(await cy.commentIds(post), []);
	assert.deepEqual(await ada.commentIds(post), [comment.id]);
	assert.equal(await cy.sees(byBo), 404);
	(await cy.send('POST', `/api/v1/statuses/${byBo.id}/favourite`)).must(404);
	const later = await cy.say('A ladder, yes', { in_reply_to_id: post.id });
	assert.deepEqual(await bo.commentIds(post), [comment.id]);
	assert.ok(!(await bo.get('/api/v1/notifications')).some(({ status }) => status?.id === later.id));
	// the owner behind a block is nobody
	await bo.post(`/api/v1/accounts/${ada.id}/block`);
	assert.equal((await bo.get(`${GROUPS}/${group.id}`)).owner, null);
	assert.deepEqual(await timeline(bo, group), [byBo.id]);
	await bo.post(`/api/v1/accounts/${ada.id}/unblock`);
	await cy.post(`/api/v1/accounts/${bo.id}/unblock`);
	assert.deepEqual((await timeline(cy, group)).sort(), [post.id, byBo.id].sort());
	await ada.post(`/api/v1/accounts/${bo.id}/follow`);
	await bo.post(`/api/v1/follow_requests/${ada.id}/authorize`);
});

test('an invitation is told of while it waits, and to those alone who ask for it', async () => {
	const { ada, dee } = at;
	const group = await found('Chess');
	await dee.post('/api/v1/notifications/clear');
	await ada.post(`${GROUPS}/${group.id}/invite`, { account_id: dee.id });
	assert.deepEqual(await dee.get('/api/v1/notifications'), []);
	assert.deepEqual(await dee.get('/api/v1/notifications?types[]=follow_request'), []);
	const [notice] = await dee.get('/api/v1/notifications?kith=true');
	assert.deepEqual(
		[notice.kith_kind, notice.type, notice.account.username, notice.status, notice.kith_group],
		['invited', 'follow_request', 'ada', null, { id: group.id, title: 'Chess' }],
	);
	assert.deepEqual(await dee.get('/api/v1/notifications/unread_count'), { count: 0 });
	assert.deepEqual(await dee.get('/api/v1/notifications/unread_count?kith=true'), { count: 1 });
	(await dee.send('GET', `/api/v1/notifications/${notice.id}`)).must(404);
	assert.equal((await dee.get(`/api/v1/notifications/${notice.id}?kith=true`)).id, notice.id);
	assert.deepEqual(await dee.get('/api/v1/follow_requests'), []);
	// renamed meanwhile: what is shown is what is now
	await ada.put(`${GROUPS}/${group.id}`, { title: 'Go' });
	assert.equal((await dee.get('/api/v1/notifications?kith=true'))[0].kith_group.title, 'Go');
	await dee.post(`/api/v1/accounts/${ada.id}/block`);
	assert.deepEqual(await dee.get('/api/v1/notifications?kith=true'), []);
	await assertAbsent(dee, group);
	await dee.post(`/api/v1/accounts/${ada.id}/unblock`);
	assert.deepEqual(await kinds(dee), ['invited']);
	await ada.delete(`${GROUPS}/${group.id}`);
	assert.deepEqual(await kinds(dee), []);
});

test('a post for a group is changed like any other, and narrowed to its author alone', async () => {
	const { ada, bo, cy } = at;
	const group = await found('Changes', bo, cy);
	const post = await sayIn(bo, group, 'At nine');
	const change = (body) => bo.send('PUT', `/api/v1/statuses/${post.id}`, body);
	(await change({ status: 'At ten', kith_audience: { kind: 'group', group: group.id } })).must(200);
	for (const who of [ada, cy]) {
		assert.deepEqual(await timeline(who, group), [post.id]);
		assert.equal((await who.get(`/api/v1/statuses/${post.id}`)).kith_text, 'At ten');
		assert.equal((await who.get(`/api/v1/statuses/${post.id}/history`)).length, 2);
	}
	const other = await found('Others', bo);
	for (const audience of [{ kind: 'friends' }, { kind: 'only', people: [ada.id] }, { kind: 'group', group: other.id }])
		assert.equal((await change({ kith_audience: audience })).must(422).json.field, 'kith_audience');
	await bo.post(`${GROUPS}/${group.id}/leave`);
	(await cy.send('GET', `/api/v1/statuses/${post.id}/history`)).must(404);
	(await change({ kith_audience: { kind: 'self' } })).must(200);
	await ada.post(`${GROUPS}/${group.id}/invite`, { account_id: bo.id });
	await bo.post(`${GROUPS}/${group.id}/accept`);
	for (const who of [ada, bo, cy]) assert.deepEqual(await timeline(who, group), [], 'taken out of the group for good');
	assert.equal(await ada.sees(post), 404);
	(await change({ kith_audience: { kind: 'group', group: group.id } })).must(422);
});

test('what is said in a group is screened like everything, and so are its title and description', async () => {
	const { ada, bo } = at;
	const steward = await kith.account('stu', { role: 'steward' });
	const group = await found('Honest', bo);
	const [text] = Object.values(HELD);
	for (const [method, path, body, field] of [
		['POST', '', { title: 'Ladder', about: text }, 'about'],
		['PUT', `/${group.id}`, { about: text }, 'about'],
	])
		assert.equal((await ada.send(method, GROUPS + path, body)).must(422).json.field, field);
	assert.equal((await ada.get(`${GROUPS}/${group.id}`)).about, 'About it');
	const post = await sayIn(bo, group, text);
	assert.deepEqual([post.kith_state, post.kith_group.title], ['held', 'Honest']);
	assert.deepEqual(await timeline(ada, group), []);
	assert.deepEqual(await timeline(bo, group), [post.id]);
	const item = (await steward.get('/api/kith/v1/review')).find(({ status }) => status.id === post.id);
	assert.equal(item.status.kith_group, null, 'the desk is not told of the group');
	assert.equal(await steward.sees(post), 404);
	await steward.post(`/api/kith/v1/review/${item.measure.id}/release`);
	assert.deepEqual(await timeline(ada, group), [post.id]);
	assert.equal(await steward.sees(post), 404, 'a steward is no member');
});

test('a picture in a group is for its members, as long as they are', async () => {
	const { ada, bo, cy, gil } = at;
	const group = await found('Pictures', bo, cy);
	const media = await bring(bo, { seed: 7 }, 'a hill');
	const post = await sayIn(bo, group, '').catch(() => null);
	assert.equal(post, null, 'nothing to show and nothing to say');
	await bo.post('/api/v1/statuses', { media_ids: [media.id], kith_audience: { kind: 'group', group: group.id } });
	const [address] = addresses(media);
	const codes = async (...people) => Promise.all(people.map(async (who) => (await who.send('GET', address)).status));
	assert.deepEqual(await codes(ada, bo, cy, gil), [200, 200, 200, 404], 'gil is a friend, and not in it');
	await cy.post(`${GROUPS}/${group.id}/leave`);
	assert.deepEqual(await codes(ada, bo, cy), [200, 200, 404]);
	await ada.delete(`${GROUPS}/${group.id}`);
	assert.deepEqual(await codes(ada, bo, cy), [404, 200, 404], 'its bringer has it still');
});

test('the timeline comes in pages that meet', async () => {
	const { ada, cy } = at;
	const group = await found('Pages', cy);
	const all = [];
	for (let i = 0; i < 45; i++) all.unshift((await sayIn(ada, group, `Number ${i}`)).id);
	const got = [];
	let path = `${GROUPS}/${group.id}/timeline?limit=20`;
	while (path) {
		const answer = (await cy.send('GET', path)).must(200);
		got.push(...ids(answer.json));
		const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '');
		path = next && next[1].slice(kith.url.length);
	}
	assert.deepEqual(got, all);
	assert.deepEqual(ids(await cy.get(`${GROUPS}/${group.id}/timeline?min_id=${all[10]}&limit=3`)), all.slice(7, 10));
	(await cy.send('GET', `${GROUPS}/${group.id}/timeline?max_id=x`)).must(400);
});

test('many who accept at once: each is in once, and each is counted', async () => {
	const { ada, bo, cy, dee, gil } = at;
	await ada.post(`/api/v1/accounts/${dee.id}/follow`);
	await dee.post(`/api/v1/follow_requests/${ada.id}/authorize`);
	const group = await found('At once');
	const all = [bo, cy, dee, gil];
	for (const who of all) await ada.post(`${GROUPS}/${group.id}/invite`, { account_id: who.id });
	await Promise.all([...all, ...all].map((who) => who.post(`${GROUPS}/${group.id}/accept`)));
	assert.equal((await ada.get(`${GROUPS}/${group.id}`)).members_count, 5);
	assert.equal((await members(ada, group)).length, 5);
});

test('an app without the right scope neither reads nor writes groups', async () => {
	const { ada } = at;
	const reader = { authorization: `Bearer ${await kith.token('ada', 'read')}` };
	const group = await found('Scopes');
	const nobody = kith.anyone();
	(await nobody.send('GET', GROUPS)).must(401);
	(await nobody.send('GET', `${GROUPS}/${group.id}`)).must(401);
	(await nobody.send('GET', GROUPS, undefined, reader)).must(200);
	(await nobody.send('POST', GROUPS, { title: 'x' }, reader)).must(403);
	assert.ok(ids(await ada.get(GROUPS)).includes(group.id));
});
