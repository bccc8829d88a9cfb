// Fields one may not set: on every route that takes a body, in JSON and as a form, they change nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Kith } from './support/kith.mjs';
import { SERVED } from './support/served.mjs';
import { HELD } from './support/texts.mjs';

const CHOSEN = '4242424242424242';
const LONG_AGO = '2001-01-01T00:00:00.000Z';
const ADVERTISEMENT = Object.values(HELD)[0];
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64');
const WRITES = SERVED.filter((name) => /^(POST|PUT|PATCH) /.test(name));
let kith, mal, vic, tom, theirs, held, begun, before_all;

before(async () => {
	kith = await Kith.start();
	({ mal, vic, tom } = await kith.people(['mal', 'vic', 'tom'], [['mal', 'vic']]));
	begun = Date.now();
	theirs = {
		post: await vic.say('Not yours'), tag: await vic.post('/api/v1/lists', { title: 'Theirs' }),
		group: await vic.post('/api/kith/v1/groups', { title: 'Theirs too' }),
	};
	held = await mal.say(ADVERTISEMENT);
	assert.equal(held.kith_state, 'held');
	before_all = await all();
});

after(() => kith?.stop());

/** What nobody sets: who one is, whose something is, when it was made, what the order thinks of it. */
const forbidden = () => ({
	role: 'keeper', kith_role: 'keeper', admin: true, is_admin: true, state: 'published', kith_state: 'published', hold: null, held: false, kith_held: false,
	author: vic.id, author_id: vic.id, account: { id: vic.id }, person_id: vic.id, user_id: vic.id, by: vic.id, owner: vic.id, owner_id: vic.id,
	created_at: LONG_AGO, created_at_ms: 978307200000, edited_at: LONG_AGO, at: LONG_AGO, id: CHOSEN, post_id: CHOSEN, invited_by: vic.id, kith_invited_by: vic.id,
	members: [vic.id], members_count: 99, favourites_count: 99, replies_count: 99, kith_question_right: true, required: false, url: 'https://elsewhere.example/', acct: 'vic',
	kith_measure: null, measures: [], decided_by: mal.id, verified: true, scopes: 'read write follow own steward', scope: 'own',
	outcome: 'right', kith_outcome: 'right', action_taken: true, reporter_id: vic.id, weight: 99, seen_by: 1, answer: 'Yes.', due_at: LONG_AGO, secret: 'chosen',
});

/** As HTML forms and Mastodon's apps write such a thing. */
function form(fields) {
	const all = new URLSearchParams();
	const put = (name, value) => {
		if (Array.isArray(value)) for (const one of value) put(`${name}[]`, one);
		else if (value !== null && typeof value === 'object') for (const [key, one] of Object.entries(value)) put(`${name}[${key}]`, one);
		else all.append(name, String(value));
	};
	for (const [name, value] of Object.entries(fields)) put(name, value);
	return all.toString();
}

// What makes a route do something, and a thing of one's own for it to be done to.
const own = {
	'/api/v1/accounts/:id': async () => tom.id,
	'/api/kith/v1/accounts/:id': async () => tom.id,
	'/api/v1/follow_requests/:id': async () => tom.id,
	'/api/v1/lists/:id': async () => (await mal.post('/api/v1/lists', { title: 'Mine' })).id,
	'/api/kith/v1/groups/:id': async () => (await mal.post('/api/kith/v1/groups', { title: 'Mine' })).id,
	'/api/v1/statuses/:id': async () => (await mal.say('Mine')).id,
	'/api/v1/media/:id': async () => (await picture()).id,
	'/api/v2/filters/:id': async () => (await filter()).id,
	'/api/v2/filters/keywords/:id': async () => (await filter()).keywords[0].id,
	'/api/v1/notifications/:id': async () => '1',
	'/api/v1/polls/:id': async () => '1',
	'/api/kith/v1/review/:id': async () => (await mal.get('/api/kith/v1/measures'))[0].id,
	'/api/kith/v1/measures/:id': async () => (await mal.get('/api/kith/v1/measures'))[0].id,
	'/api/kith/v1/appeals/:id': async () => (await mal.post(`/api/kith/v1/measures/${(await mal.get('/api/kith/v1/measures'))[0].id}/appeal`, {})).id,
	'/api/kith/v1/juries/:id': async () => '1',
	'/api/kith/v1/cases/:id': async () => '1',
	'/evidence/:secret': async () => 'x',
};
const bodies = () => ({
	'POST /api/v1/statuses': { status: 'Mine as well' },
	'PUT /api/v1/statuses/:id': { status: 'Mine, changed' },
	'POST /api/v1/lists': { title: 'Mine' },
	'PUT /api/v1/lists/:id': { title: 'Mine, changed' },
	'POST /api/v1/lists/:id/accounts': { account_ids: [vic.id] },
	'POST /api/kith/v1/groups': { title: 'Mine' },
	'PUT /api/kith/v1/groups/:id': { title: 'Mine, changed' },
	'PATCH /api/v1/accounts/update_credentials': { display_name: 'mal' },
	'POST /api/v2/filters': { title: 'x', context: ['home'] },
	'POST /api/v2/filters/:id/keywords': { keyword: 'x' },
	'PUT /api/v2/filters/:id': { title: 'y' },
	'PUT /api/v2/filters/keywords/:id': { keyword: 'y' },
	'POST /api/v1/apps': { client_name: 'App', redirect_uris: 'https://app.example/', scopes: 'read' },
	'POST /api/kith/v1/audience': { kith_audience: { kind: 'friends' } },
	'PUT /api/v1/media/:id': { description: 'Mine' },
	'POST /api/kith/v1/review/:id/release': { note: 'fine' },
	'POST /api/v1/reports': { account_id: tom.id, comment: 'Mine' },
	'POST /api/kith/v1/complaints': { category: 'plagiarism', contact: 'a@b.example', about: 'Mine', evidence: 'Mine' },
	'POST /complaint': { category: 'plagiarism', contact: 'a@b.example', about: 'Mine', evidence: 'Mine' },
});

const filter = () => mal.post('/api/v2/filters', { title: 'x', context: ['home'], keywords_attributes: [{ keyword: 'x' }] });

async function picture() {
	const form = new FormData();
	form.append('file', new Blob([PICTURE], { type: 'image/png' }), 'a.png');
	return (await mal.send('POST', '/api/v2/media', form)).must(200).json;
}

const without_counts = ({ followers_count, following_count, statuses_count, last_status_at, ...rest }) => rest;
const without_reactions = ({ replies_count, favourites_count, ...rest }) => rest;

/** All that is to stay as it is. */
async function all() {
	const { id, acct, kith_role, created_at, kith_invited_by } = await mal.get('/api/v1/accounts/verify_credentials');
	const piece = await mal.get(`/api/v1/statuses/${held.id}`);
	return {
		me: { id, acct, kith_role, created_at, kith_invited_by },
		them: without_counts(await vic.get('/api/v1/accounts/verify_credentials')),
		album: (await vic.get(`/api/v1/accounts/${vic.id}/statuses?limit=40`)).map((it) => ({ ...without_reactions(it), account: without_counts(it.account) })),
		tags: await vic.get('/api/v1/lists'),
		in_tag: await vic.get(`/api/v1/lists/${theirs.tag.id}/accounts`),
		group: (await vic.get('/api/kith/v1/groups')).filter((it) => it.id === theirs.group.id),
		held: [piece.kith_state, piece.kith_audience, piece.created_at, piece.account.id, await vic.sees(held)],
		measures: (await mal.get('/api/kith/v1/measures')).map(({ kind, state, decided_at, note }) => [kind, state, decided_at, note]),
	};
}

/** What I have made is mine, of now, and shown to nobody but whom it is for. */
async function mine() {
	const since = begun - 60_000;
	for (const status of await mal.get(`/api/v1/accounts/${mal.id}/statuses?limit=40`)) {
		assert.equal(status.account.id, mal.id);
		assert.ok(Date.parse(status.created_at) >= since, status.created_at);
		assert.ok(status.edited_at === null || Date.parse(status.edited_at) >= since, status.edited_at);
		assert.notEqual(status.id, CHOSEN);
		assert.ok(status.favourites_count <= 1, 'one’s own, where it was liked');
		assert.equal(await tom.sees(status), 404);
	}
	for (const group of await mal.get('/api/kith/v1/groups')) {
		assert.notEqual(group.id, CHOSEN);
		assert.equal(group.owner?.id, mal.id, group.title);
		assert.equal(group.members_count, 1, 'nobody is put into a group');
	}
	for (const tag of await mal.get('/api/v1/lists')) assert.notEqual(tag.id, CHOSEN);
	for (const report of await mal.get('/api/kith/v1/reports')) {
		assert.notEqual(report.id, CHOSEN);
		assert.equal(report.outcome, null);
		assert.ok(Date.parse(report.at) >= since, report.at);
	}
	assert.equal((await mal.send('GET', '/api/kith/v1/review')).status, 403);
	assert.equal((await mal.send('GET', `/api/kith/v1/groups/${theirs.group.id}`)).status, 404);
	assert.equal((await vic.send('GET', `/api/v1/statuses/${CHOSEN}`)).status, 404);
}

describe('fields one may not set change nothing', () => {
	for (const route of WRITES) {
		test(route, async () => {
			const [method, path] = route.split(' ');
			const thing = /^(.*?:\w+)/.exec(path)?.[1];
			assert.ok(thing === undefined || own[thing], `nothing of one’s own for ${path}`);
			const body = { ...forbidden(), ...bodies()[route] };
			for (const [kind, sent] of [['application/json', JSON.stringify(body)], ['application/x-www-form-urlencoded', form(body)]]) {
				const asked = thing ? path.replace(thing, thing.replace(/:\w+/, await own[thing]())) : path;
				const answer = await mal.send(method, asked, sent, { 'content-type': kind });
				if (path === '/plain/sign-out') mal = await kith.client('mal'); // it did what it is for
				assert.ok(answer.status < 500, `${answer.status} ${answer.text}`);
				if (bodies()[route] && !route.includes('/review/')) answer.must(200);
				assert.deepEqual(await all(), before_all, `${route} as ${kind}`);
				await mine();
			}
		});
	}
});

describe('what is somebody else’s is no part of what I say', () => {
	for (const [name, more] of [
		['their tag in my audience', () => ({ kith_audience: { kind: 'only', lists: [theirs.tag.id] } })],
		['their tag left out of it', () => ({ kith_audience: { kind: 'except', lists: [theirs.tag.id] } })],
		['a group I am not in', () => ({ kith_audience: { kind: 'group', group: theirs.group.id } })],
		['a stranger in my audience', () => ({ kith_audience: { kind: 'only', people: [tom.id] } })],
		['somebody’s picture', () => ({ media_ids: [CHOSEN] })],
	]) {
		test(name, async () => {
			const had = await mal.albumIds(mal);
			const answer = await mal.send('POST', '/api/v1/statuses', { status: 'x', ...more() });
			assert.ok([404, 422].includes(answer.status), `${answer.status} ${answer.text}`);
			assert.deepEqual(await mal.albumIds(mal), had);
		});
	}

	test('their post and their group are not changed by me, whatever I send', async () => {
		for (const body of [{ status: 'Mine now' }, { kith_audience: { kind: 'self' } }, { ...forbidden(), status: 'Mine now', author: mal.id }]) {
			const answer = await mal.send('PUT', `/api/v1/statuses/${theirs.post.id}`, body);
			assert.ok([403, 404].includes(answer.status), answer.text);
		}
		(await mal.send('PUT', `/api/kith/v1/groups/${theirs.group.id}`, { title: 'Mine', owner: mal.id })).refused(404);
		(await mal.send('PUT', `/api/v1/lists/${theirs.tag.id}`, { title: 'Mine' })).refused(404);
		assert.deepEqual(await all(), before_all);
	});

	test('an app asks for no more than it was let have, and a token for no more than its app', async () => {
		const app = await kith.anyone().post('/api/v1/apps', { client_name: 'A', redirect_uris: 'https://a.example/', scopes: 'read' });
		const answer = await kith.anyone().send('POST', '/oauth/token', {
			grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read write own', account_id: vic.id, person_id: vic.id,
		});
		if (answer.status === 200) {
			const client = new Client(kith.url, { token: answer.json.access_token });
			assert.ok((await client.send('GET', '/api/v1/timelines/home')).status >= 400, 'an app alone is nobody');
		}
	});
});
