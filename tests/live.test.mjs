// Live updates: what happens reaches those who may see it, at once; and nothing goes on past the end of a session.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createStreamingAPIClient } from 'masto7';
import { Client } from './support/client.mjs';
import { Kith, PASSWORD } from './support/kith.mjs';
import { authorizeAddress, Browser, consent, pkce } from './support/oauth.mjs';
import { events, socket } from './support/stream.mjs';

const CLOSED_MS = 1000;
let kith, ada, bo, cy, dan;

const token = (person) => ({ authorization: `Bearer ${person.token}` });
const page = (person, headers = {}) => events(kith.url, '/api/kith/v1/live', { ...token(person), ...headers });
const phone = (person, query = 'stream=user') => socket(kith.url, `/api/v1/streaming?${query}`, token(person));

before(async () => {
	kith = await Kith.start();
	// ada is a friend of bo and cy, who do not know each other; dan knows nobody.
	({ ada, bo, cy, dan } = await kith.people(['ada', 'bo', 'cy', 'dan'], [['ada', 'bo'], ['ada', 'cy']]));
});

after(() => kith?.stop());

/** Opens one of each kind for one person. */
async function all(person) {
	const user = await events(kith.url, '/api/v1/streaming/user', token(person));
	return { page: await page(person), phone: await phone(person), user };
}

function closeAll(streams) {
	for (const stream of Object.values(streams)) stream.close();
}

async function closedInTime(streams, act) {
	await act();
	const from = Date.now(); // it is acknowledged; hashing a password takes its own time
	await Promise.all(Object.values(streams).map((stream) => stream.closed));
	const took = Date.now() - from;
	assert.ok(took <= CLOSED_MS, `closed after ${took} ms`);
}

test('a post reaches friends on every kind of stream, and nobody else', async () => {
	const friend = await all(bo);
	const author = await all(ada);
	const stranger = await all(dan);
	const post = await ada.say('good morning');
	for (const who of [friend, author]) {
		assert.deepEqual(await who.page.next(), { event: 'moment', data: { id: post.id }, id: who.page.lastId });
		const update = await who.phone.next();
		assert.deepEqual([update.stream, update.event, update.payload.id], [['user'], 'update', post.id]);
		assert.equal(update.payload.content, post.content);
		const event = await who.user.next();
		assert.deepEqual([event.event, event.data.id], ['update', post.id]);
	}
	for (const stream of Object.values(stranger)) assert.deepEqual(await stream.rest(), []);
	for (const who of [friend, author, stranger]) closeAll(who);
});

test('a reaction is told to those who may see it alone', async () => {
	const post = await ada.say('like this');
	const giver = await page(bo);
	const author = await page(ada);
	const other = await page(cy); // a friend of the author's, not of the giver's
	const apps = await phone(ada);
	await bo.post(`/api/v1/statuses/${post.id}/favourite`);
	assert.deepEqual((await author.next()).data, { id: post.id });
	assert.deepEqual((await author.next()).event, 'notice');
	assert.equal((await giver.next()).event, 'changed');
	const told = await apps.next();
	assert.deepEqual([told.event, told.payload.type, told.payload.account.id], ['notification', 'favourite', bo.id]);
	const comment = await bo.say('and a word', { in_reply_to_id: post.id });
	assert.equal((await giver.next()).event, 'changed');
	assert.equal((await apps.next()).payload.type, 'mention');
	assert.deepEqual(await other.rest(), []);
	await bo.delete(`/api/v1/statuses/${comment.id}`);
	assert.equal((await giver.next()).event, 'changed');
	assert.deepEqual(await other.rest(), []);
	for (const stream of [giver, author, other, apps]) stream.close();
});

test('what is changed, narrowed and deleted is told to those whom it concerns', async () => {
	const [b, c] = [await page(bo), await page(cy)];
	const apps = await phone(cy);
	const post = await ada.say('first words');
	await ada.put(`/api/v1/statuses/${post.id}`, { status: 'other words' });
	for (const stream of [b, c]) {
		assert.equal((await stream.next()).event, 'moment');
		assert.deepEqual(await stream.next(), { event: 'changed', data: { id: post.id }, id: stream.lastId });
	}
	assert.equal((await apps.next()).event, 'update');
	const update = await apps.next();
	assert.equal(update.event, 'status.update');
	assert.match(update.payload.content, /other words/);
	await ada.put(`/api/v1/statuses/${post.id}`, { kith_audience: { kind: 'except', people: [cy.id] } });
	assert.deepEqual(await c.next(), { event: 'gone', data: { id: post.id }, id: c.lastId });
	assert.deepEqual(await apps.next(), { stream: ['user'], event: 'delete', payload: post.id });
	assert.deepEqual(await b.rest(), []);
	await ada.delete(`/api/v1/statuses/${post.id}`);
	assert.equal((await b.next()).event, 'gone');
	assert.deepEqual(await c.rest(), [], 'who could not see it is not told that it went');
	for (const stream of [b, c, apps]) stream.close();
});

test('an old post that is narrowed or deleted goes from every screen', async () => {
	const many = [];
	for (let i = 0; i < 34; i++) many.push(await ada.say(`one of many, number ${i}`)); // more than are kept at hand
	const [b, c] = [await page(bo), await page(cy)];
	await ada.put(`/api/v1/statuses/${many[0].id}`, { kith_audience: { kind: 'except', people: [cy.id] } });
	assert.deepEqual(await c.next(), { event: 'gone', data: { id: many[0].id }, id: c.lastId });
	assert.deepEqual(await b.rest(), []);
	await ada.delete(`/api/v1/statuses/${many[0].id}`);
	assert.deepEqual(await b.next(), { event: 'gone', data: { id: many[0].id }, id: b.lastId });
	assert.deepEqual(await c.rest(), []);
	b.close();
	c.close();
});

test('a held post and its author alone', async () => {
	const { HELD } = await import('./support/texts.mjs');
	const [b, a] = [await page(bo), await page(ada)];
	const post = await ada.say(Object.values(HELD)[0]);
	assert.equal(post.kith_state, 'held');
	assert.equal((await a.next()).event, 'moment');
	assert.equal((await a.next()).event, 'notice');
	assert.deepEqual(await b.rest(), []);
	await ada.delete(`/api/v1/statuses/${post.id}`);
	assert.deepEqual(await b.rest(), []);
	b.close();
	a.close();
});

test('requests are counted as they stand', async () => {
	const stream = await page(dan);
	await bo.post(`/api/v1/accounts/${dan.id}/follow`, { kith_word: 'from school' });
	assert.deepEqual((await stream.next()).data, { unread: 1 });
	assert.deepEqual(await stream.next(), { event: 'requests', data: { open: 1 }, id: stream.lastId });
	await dan.post(`/api/v1/follow_requests/${bo.id}/reject`);
	assert.deepEqual((await stream.next()).data, { open: 0 });
	stream.close();
});

test('what is read on one screen is read on all', async () => {
	const post = await ada.say('who likes it');
	await bo.post(`/api/v1/statuses/${post.id}/favourite`);
	const [notice] = await ada.get('/api/v1/notifications?limit=1');
	const stream = await page(ada);
	const app = await phone(ada);
	await ada.post('/api/v1/markers', { notifications: { last_read_id: notice.id } });
	assert.deepEqual(await stream.next(), { event: 'notice', data: { unread: 0 }, id: stream.lastId });
	assert.deepEqual(await app.rest(), []);
	stream.close();
	app.close();
});

test('after a friendship has ended nothing passes any more', async () => {
	await ada.befriend(dan);
	const streams = await all(dan);
	const post = await ada.say('among friends');
	assert.equal((await streams.page.until((e) => e.event === 'moment')).data.id, post.id);
	assert.equal((await streams.phone.until((e) => e.event === 'update')).payload.id, post.id);
	await ada.post(`/api/v1/accounts/${dan.id}/unfollow`);
	await ada.say('without you');
	await ada.post(`/api/v1/statuses/${post.id}/favourite`);
	await streams.user.rest(0);
	for (const stream of Object.values(streams)) assert.deepEqual(await stream.rest(), []);
	closeAll(streams);
	await dan.post(`/api/v1/accounts/${ada.id}/unfollow`);
});

test('what was missed is told again by the last id, as far as it may still be seen', async () => {
	const first = await page(bo);
	await ada.say('one');
	assert.equal((await first.next()).event, 'moment');
	first.close();
	await first.closed;
	const two = await ada.say('two');
	const three = await ada.say('three');
	await ada.put(`/api/v1/statuses/${two.id}`, { kith_audience: { kind: 'except', people: [bo.id] } });
	const again = await page(bo, { 'last-event-id': first.lastId });
	const told = [await again.next(), await again.next()];
	assert.deepEqual(told.map((e) => [e.event, e.data.id]), [['moment', three.id], ['gone', two.id]]);
	again.close();
	const query = await events(kith.url, `/api/kith/v1/live?last_event_id=${told[0].id}`, token(bo));
	assert.equal((await query.next()).event, 'gone');
	query.close();
	for (const old of ['1', '99999']) {
		const anew = await page(bo, { 'last-event-id': old });
		assert.equal((await anew.next()).event, 'reload', 'a list that does not go back so far');
		anew.close();
	}
	const silent = await page(bo, { 'last-event-id': 'not a number' });
	assert.deepEqual(await silent.rest(), []);
	silent.close();
	const fresh = await page(bo); // before anything has happened there is an id to go on from
	await fresh.rest();
	assert.ok(fresh.lastId);
	fresh.close();
});

test('a WebSocket takes and gives back streams', async () => {
	const stream = await socket(kith.url, '/api/v1/streaming', token(bo));
	const list = await bo.post('/api/v1/lists', { title: 'school' });
	await bo.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [ada.id] });
	await ada.say('to nobody yet');
	assert.deepEqual(await stream.rest(), []);
	stream.send({ type: 'subscribe', stream: 'list', list: list.id });
	stream.send({ type: 'subscribe', stream: 'public' });
	stream.send({ type: 'subscribe', stream: 'hashtag', tag: 'spring' });
	stream.send({ type: 'subscribe', stream: 'user' });
	stream.send({ type: 'subscribe', stream: 'user' });
	await stream.rest();
	const post = await ada.say('to two streams');
	const told = [await stream.next(), await stream.next()];
	assert.deepEqual(told.map((e) => e.stream).sort(), [['list', list.id], ['user']]);
	assert.ok(told.every((e) => e.payload.id === post.id));
	stream.send({ type: 'unsubscribe', stream: 'user' });
	stream.send({ type: 'unsubscribe', stream: 'list', list: list.id });
	await stream.rest();
	await ada.say('to none again');
	assert.deepEqual(await stream.rest(), []);
	for (const wrong of [{ type: 'subscribe', stream: 'moon' }, { type: 'wave', stream: 'user' }, { type: 'subscribe', stream: 'list' }, { x: 1 }]) {
		stream.send(wrong);
		assert.equal((await stream.next()).status, 400);
	}
	stream.close();
});

test('notifications alone, a list alone, and streams that stay silent', async () => {
	const list = await bo.post('/api/v1/lists', { title: 'empty' });
	const open = await Promise.all([
		events(kith.url, '/api/v1/streaming/user/notification', token(ada)),
		events(kith.url, `/api/v1/streaming/list?list=${list.id}`, token(bo)),
		events(kith.url, '/api/v1/streaming/public', token(bo)),
		events(kith.url, '/api/v1/streaming/public/local', token(bo)),
		events(kith.url, '/api/v1/streaming/hashtag?tag=spring', token(bo)),
		events(kith.url, '/api/v1/streaming/direct', token(bo)),
	]);
	assert.deepEqual(open.map((stream) => stream.status), Array(6).fill(200));
	assert.match(open[0].headers['content-type'], /^text\/event-stream/);
	const post = await ada.say('#spring');
	await bo.post(`/api/v1/statuses/${post.id}/favourite`);
	assert.equal((await open[0].next()).event, 'notification');
	for (const stream of open) assert.deepEqual(await stream.rest(50), []);
	for (const stream of open) stream.close();
});

test('the token comes in the query, as the protocol or in the header, and must be one that reads', async () => {
	const post = await ada.say('who reads this');
	for (const [path, headers] of [
		[`/api/v1/streaming?stream=user&access_token=${bo.token}`, {}],
		['/api/v1/streaming?stream=user', { 'sec-websocket-protocol': bo.token }],
		['/api/v1/streaming?stream=user', { 'sec-websocket-protocol': `${bo.token}, other` }],
		['/api/v1/streaming?stream=user', { ...token(bo), origin: 'https://another.example' }],
	]) {
		const stream = await socket(kith.url, path, headers);
		assert.equal(stream.status, 101);
		assert.equal(stream.headers['sec-websocket-protocol'], headers['sec-websocket-protocol']?.split(',')[0]);
		await ada.post(`/api/v1/statuses/${post.id}/favourite`);
		stream.close();
	}
	const writer = await kith.token('bo', 'write');
	const refused = [
		[socket(kith.url, '/api/v1/streaming?stream=user'), 401],
		[socket(kith.url, '/api/v1/streaming?stream=user&access_token=wrong'), 401],
		[socket(kith.url, `/api/v1/streaming?stream=user&access_token=${writer}`), 403],
		[socket(kith.url, '/api/v1/streaming?stream=moon', token(bo)), 404],
		[socket(kith.url, '/api/v1/streaming?stream=list', token(bo)), 422],
		[socket(kith.url, '/api/v1/streaming?stream=user', { ...token(bo), 'sec-websocket-version': '8' }), 426],
		[socket(kith.url, '/api/v1/streaming?stream=user', { ...token(bo), 'sec-websocket-key': 'short' }), 400],
		[events(kith.url, '/api/v1/streaming?stream=user', token(bo)), 426],
		[events(kith.url, '/api/v1/streaming/moon', token(bo)), 404],
		[events(kith.url, '/api/kith/v1/live'), 401],
	];
	for (const [opening, want] of refused) {
		const answer = await opening;
		assert.equal(answer.status, want, answer.text);
		assert.ok(JSON.parse(answer.text).error);
	}
	// A token in the query opens streams and nothing else.
	const elsewhere = await kith.anyone().send('GET', `/api/v1/timelines/home?access_token=${bo.token}`);
	assert.equal(elsewhere.status, 401);
});

test('with a cookie only our own page opens streams', async () => {
	await kith.account('eve');
	const { cookie, act } = await browser('eve');
	for (const [open, path] of [[socket, '/api/v1/streaming?stream=user'], [events, '/api/kith/v1/live'], [events, '/api/v1/streaming/user']]) {
		for (const [origin, good] of [[undefined, true], [kith.url, true], ['https://evil.example', false], ['null', false]]) {
			const stream = await open(kith.url, path, { cookie, ...(origin ? { origin } : {}) });
			assert.equal(stream.status === 403, !good, `${path} from ${origin}: ${stream.status}`);
			stream.close?.();
		}
	}
	const streams = {
		live: await events(kith.url, '/api/kith/v1/live', { cookie }),
		app: await socket(kith.url, '/api/v1/streaming?stream=user', { cookie }),
	};
	await closedInTime(streams, () => act('DELETE', '/api/kith/v1/session'));
	assert.equal((await streams.live.next()).event, 'bye');
	assert.equal(streams.app.code, 1000);
});

/** A browser's session, with what it sends on its own behalf. */
async function browser(handle) {
	const signed = await kith.anyone().send('POST', '/api/kith/v1/session', { handle, password: PASSWORD });
	const cookie = signed.must(200).headers.get('set-cookie').split(';')[0];
	const client = new Client(kith.url, { cookie });
	const act = async (method, path, body) => (await client.send(method, path, body, { origin: kith.url })).must(200);
	return { cookie, act, live: () => events(kith.url, '/api/kith/v1/live', { cookie }) };
}

test('a session that is revoked takes its streams along within a second, and no others', async () => {
	const lost = await kith.client('bo');
	const others = await all(bo);
	const streams = await all(lost);
	const session = (await lost.get('/api/kith/v1/sessions')).find((one) => one.current);
	await closedInTime(streams, () => lost.delete(`/api/kith/v1/sessions/${session.id}`));
	assert.equal((await streams.page.next()).event, 'bye');
	assert.equal(streams.phone.code, 1000);
	for (const stream of Object.values(others)) {
		assert.deepEqual(await stream.rest(), []);
		assert.equal(stream.isClosed, false);
	}
	closeAll(others);
});

test('a change of password ends the streams of all other sessions within a second', async () => {
	const fay = await kith.account('fay');
	const streams = await all(fay);
	const mine = await browser('fay');
	const kept = await mine.live();
	await closedInTime(streams, () => mine.act('POST', '/api/kith/v1/password', { current: PASSWORD, password: 'another good password' }));
	assert.deepEqual(await kept.rest(), []);
	assert.equal(kept.isClosed, false, 'the session that changed it stays');
	await closedInTime({ kept }, () => mine.act('DELETE', '/api/kith/v1/session'));
});

test('a block ends the streams of both sides within a second', async () => {
	const [gus, hal] = [await kith.account('gus'), await kith.account('hal')];
	await gus.befriend(hal);
	const both = { ...(await all(gus)), other: await page(hal), phoneOfOther: await phone(hal) };
	await closedInTime(both, () => gus.post(`/api/v1/accounts/${hal.id}/block`));
});

test('sealing ends the streams within a second, and none opens again', async () => {
	const lea = await kith.account('lea');
	const streams = await all(lea);
	await closedInTime(streams, () => kith.command(['account', 'seal', 'lea', '--reason', 'in other hands', '--seized']));
	assert.equal((await phone(lea)).status, 403);
	assert.equal((await page(lea)).status, 403);
});

test('an app that gives its token back is closed within a second', async () => {
	const redirect = 'https://phone.example/back';
	const anyone = kith.anyone();
	const app = await anyone.post('/api/v1/apps', { client_name: 'phone', redirect_uris: redirect, scopes: 'read' });
	const { verifier, challenge } = pkce();
	const address = authorizeAddress(app.client_id, { redirect, scope: 'read', challenge });
	const { location } = await consent(new Browser(kith.url), address, { handle: 'hal', password: PASSWORD });
	const secret = { client_id: app.client_id, client_secret: app.client_secret };
	const granted = await anyone.post('/oauth/token', {
		...secret,
		grant_type: 'authorization_code',
		code: new URL(location).searchParams.get('code'),
		redirect_uri: redirect,
		code_verifier: verifier,
	});
	const streams = await all({ token: granted.access_token });
	await closedInTime(streams, () => anyone.post('/oauth/revoke', { ...secret, token: granted.access_token }));
});

test('nothing committed after a block is told, and neither side hears why', async () => {
	const [ivy, jon] = [await kith.account('ivy'), await kith.account('jon')];
	await ivy.befriend(jon);
	const before = await page(jon);
	await before.rest();
	await ivy.post(`/api/v1/accounts/${jon.id}/block`);
	await before.closed;
	assert.deepEqual((await before.rest()).map((e) => e.event), ['bye']);
	await ivy.say('you do not hear this');
	const later = await page(jon, { 'last-event-id': before.lastId });
	assert.deepEqual(await later.rest(), []);
	later.close();
});

test('while posts pour in, nothing begun after a revocation is told', async () => {
	for (let round = 0; round < 8; round++) {
		const lost = await kith.client('bo');
		const streams = await all(lost);
		const session = (await lost.get('/api/kith/v1/sessions')).find((one) => one.current);
		const after = new Set();
		let acknowledged = false;
		let stop = false;
		const pouring = [0, 1].map(async (n) => {
			for (let i = 0; !stop; i++) {
				const late = acknowledged;
				const post = await ada.say(`pouring ${round} ${n} ${i}`);
				if (late) after.add(post.id);
			}
		});
		await new Promise((done) => setTimeout(done, 20 + 10 * round));
		await lost.delete(`/api/kith/v1/sessions/${session.id}`);
		acknowledged = true;
		await Promise.all(Object.values(streams).map((stream) => stream.closed));
		await new Promise((done) => setTimeout(done, 50));
		stop = true;
		await Promise.all(pouring);
		const heard = (await Promise.all(Object.values(streams).map((stream) => stream.rest(0)))).flat();
		assert.ok(heard.length > 0 && after.size > 0);
		const ids = heard.map((item) => item.payload?.id ?? item.data?.id);
		assert.deepEqual(ids.filter((id) => after.has(id)), []);
	}
});

test('a thousand open streams get a post', async () => {
	const large = await Kith.start({ args: ['--trusted-proxy', '127.0.0.1'] }); // else 128 of one address are enough
	const handles = Array.from({ length: 40 }, (_, i) => `reader${i}`);
	const crowd = await large.people(['speaker', ...handles], handles.map((handle) => ['speaker', handle]));
	const open = (i) => events(large.url, '/api/kith/v1/live', token(crowd[handles[i % handles.length]]));
	const streams = await Promise.all(Array.from({ length: 1000 }, (_, i) => open(i)));
	assert.ok(streams.every((stream) => stream.status === 200));
	const post = await crowd.speaker.say('to all of you');
	const told = await Promise.all(streams.map((stream) => stream.next(20_000)));
	assert.ok(told.every((event) => event.event === 'moment' && event.data.id === post.id));
	for (const stream of streams) stream.close();
	await large.stop();
});

test('one person has so many streams', async () => {
	const streams = [];
	for (let i = 0; i < 32; i++) streams.push(await page(cy));
	assert.ok(streams.every((stream) => stream.status === 200));
	const refused = await page(cy);
	assert.equal(refused.status, 429);
	assert.ok(refused.headers['retry-after']);
	for (const stream of streams) stream.close();
});

test('the address of streams is said, and it is well', async () => {
	const v1 = await kith.anyone().get('/api/v1/instance');
	const v2 = await kith.anyone().get('/api/v2/instance');
	assert.equal(v1.urls.streaming_api, kith.url.replace(/^http/, 'ws'));
	assert.equal(v2.configuration.urls.streaming, v1.urls.streaming_api);
	const health = await fetch(`${kith.url}/api/v1/streaming/health`);
	assert.equal(await health.text(), 'OK');
});

test('a server that stops says goodbye', async () => {
	const other = await Kith.start();
	const { kim } = await other.people(['kim']);
	const stream = await events(other.url, '/api/kith/v1/live', token(kim));
	const app = await socket(other.url, '/api/v1/streaming?stream=user', token(kim));
	const from = Date.now();
	await Promise.all([other.stop(), stream.closed, app.closed]);
	assert.ok(Date.now() - from < 5000);
	assert.equal(app.code, 1001);
});

test('masto streams a friend\'s post, and none after the friendship', async () => {
	const [mia, ned] = [await kith.account('mia'), await kith.account('ned')];
	await mia.befriend(ned);
	const { configuration } = await kith.anyone().get('/api/v2/instance');
	const client = createStreamingAPIClient({
		streamingApiUrl: configuration.urls.streaming,
		accessToken: ned.token,
	});
	const heard = [];
	const subscription = client.user.subscribe();
	const reading = (async () => {
		for await (const event of subscription) heard.push(event);
	})();
	const until = async (n) => {
		for (let i = 0; heard.length < n && i < 500; i++) await new Promise((done) => setTimeout(done, 10));
		assert.equal(heard.length, n, JSON.stringify(heard.map((event) => event.event)));
	};
	let post;
	for (let i = 0; heard.length === 0 && i < 20; i++) {
		post = await mia.say(`hello, ${i}`); // the client says nowhere when it is open
		await new Promise((done) => setTimeout(done, 250));
	}
	assert.deepEqual([heard[0].event, heard[0].payload.id], ['update', post.id]);
	await mia.post(`/api/v1/statuses/${post.id}/favourite`);
	await mia.put(`/api/v1/statuses/${post.id}`, { status: 'hello again' });
	await until(2);
	assert.deepEqual([heard[1].event, heard[1].payload.id], ['status.update', post.id]);
	await mia.say('and you, @ned');
	await until(4);
	assert.deepEqual(heard.slice(2).map((event) => event.event).sort(), ['notification', 'update']);
	await mia.delete(`/api/v1/statuses/${post.id}`);
	await until(5);
	assert.deepEqual([heard[4].event, heard[4].payload], ['delete', post.id]);
	await mia.post(`/api/v1/accounts/${ned.id}/unfollow`);
	await mia.say('without you');
	await new Promise((done) => setTimeout(done, 300));
	assert.equal(heard.length, 5);
	subscription.unsubscribe();
	client.close();
	await Promise.race([reading, new Promise((done) => setTimeout(done, 2000))]);
});
