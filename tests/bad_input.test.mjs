// Bad input gets the right status and the field's name, and nothing is lost or leaked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Answer, Client } from './support/client.mjs';
import { Kith, PASSWORD } from './support/kith.mjs';
import { pkce } from './support/oauth.mjs';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
let kith, ada, bo;

before(async () => {
	kith = await Kith.start();
	({ ada, bo } = await kith.people(['ada', 'bo'], [['ada', 'bo']]));
});

after(() => kith?.stop());

const post = (body, headers = JSON_TYPE) => ada.send('POST', '/api/v1/statuses', body, headers);

/** What ada has written so far. */
const written = async () => (await ada.albumIds(ada)).length;

describe('a body that cannot be read', () => {
	for (const [name, body, headers] of [
		['JSON cut short', '{"status":"x"', JSON_TYPE],
		['JSON with a trailing comma', '{"status":"x",}', JSON_TYPE],
		['JSON followed by more', '{"status":"x"} {}', JSON_TYPE],
		['a number alone', '17', JSON_TYPE],
		['a list', '["status"]', JSON_TYPE],
		['a key twice', '{"status":"x","status":"y"}', JSON_TYPE],
		['JSON nested 5,000 deep', '{"status":' + '['.repeat(5000) + ']'.repeat(5000) + '}', JSON_TYPE],
		['JSON that is not UTF-8', Buffer.from([...Buffer.from('{"status":"'), 0xc3, 0x28, ...Buffer.from('"}')]), JSON_TYPE],
		['a NUL inside a text', '{"status":"a\\u0000b"}', JSON_TYPE],
		['half of a surrogate pair', '{"status":"\\ud83d"}', JSON_TYPE],
		['a form that is not UTF-8', 'status=%ff%fe', FORM_TYPE],
	]) {
		test(`${name} is 400, and nothing is written`, async () => {
			const had = await written();
			(await post(body, headers)).refused(400);
			assert.equal(await written(), had);
		});
	}

	for (const [name, method, path] of [
		['a post', 'POST', '/api/v1/statuses'], ['a report', 'POST', '/api/v1/reports'], ['settings', 'PATCH', '/api/v1/accounts/update_credentials'],
		['a removal', 'DELETE', '/api/v1/statuses/1'],
	]) {
		test(`${name} of a type nobody reads, or of none, is 415 and says which are read`, async () => {
			for (const type of ['text/plain', 'application/xml', '']) {
				const answer = (await ada.send(method, path, Buffer.from('status=x'), type ? { 'content-type': type } : {})).refused(415, 'Content-Type');
				for (const one of ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']) assert.ok(answer.error.includes(one), answer.error);
			}
		});
	}

	test('an empty body has no type', async () => {
		const piece = await ada.say('Like this too');
		(await ada.send('POST', `/api/v1/statuses/${piece.id}/favourite`, undefined, { 'content-type': 'text/plain' })).must(200);
		(await ada.send('POST', `/api/v1/statuses/${piece.id}/unfavourite`)).must(200);
		(await ada.send('DELETE', `/api/v1/statuses/${piece.id}`)).must(200);
	});

	test('a text of 10 MB is 413, which names the limit', async () => {
		const had = await written();
		for (const [body, headers] of [[JSON.stringify({ status: 'x'.repeat(10 << 20) }), JSON_TYPE], ['status=' + 'x'.repeat(10 << 20), FORM_TYPE]]) {
			const answer = await send10(body, headers);
			answer.refused(413);
			assert.match(answer.json.error + answer.json.error_description, /\d/);
		}
		assert.equal(await written(), had);
		assert.equal((await ada.say('still fine')).kith_state, 'published');
	});

	// The server may answer and close before it has been given all of it, and fetch then tells of the broken
	// connection instead of the answer: a socket of our own reads what was said.
	async function send10(body, headers) {
		const { hostname, port } = new URL(kith.url);
		const socket = connect(Number(port), hostname);
		socket.on('error', () => {});
		const parts = [];
		socket.on('data', (bytes) => parts.push(bytes));
		await once(socket, 'connect');
		socket.write(
			`POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.token}\r\nConnection: close\r\n` +
				`Content-Type: ${headers['content-type']}\r\nContent-Length: ${body.length}\r\n\r\n`,
		);
		socket.write(body);
		await once(socket, 'close');
		const [head, text] = Buffer.concat(parts).toString().split('\r\n\r\n');
		const fields = new Headers(head.split('\r\n').slice(1).map((line) => line.split(': ')));
		return new Answer('POST', '/big', { status: Number(head.split(' ')[1]), headers: fields }, Buffer.from(text));
	}
});

describe('a field that is wrong is named', () => {
	for (const [name, method, path, body, field] of [
		['a status that is a number', 'POST', '/api/v1/statuses', { status: 5 }, 'status'],
		['a status that is a list', 'POST', '/api/v1/statuses', { status: ['x'] }, 'status'],
		['a status that is null', 'POST', '/api/v1/statuses', { status: null }, 'status'],
		['no status', 'POST', '/api/v1/statuses', {}, 'status'],
		['an empty status', 'POST', '/api/v1/statuses', { status: '' }, 'status'],
		['a status of spaces', 'POST', '/api/v1/statuses', { status: ' \n\t\u3000 ' }, 'status'],
		['a status of 2,001 characters', 'POST', '/api/v1/statuses', { status: '字'.repeat(2001) }, 'status'],
		['a visibility nobody knows', 'POST', '/api/v1/statuses', { status: 'x', visibility: 'secret' }, 'visibility'],
		['an audience without a kind', 'POST', '/api/v1/statuses', { status: 'x', kith_audience: {} }, 'kith_audience'],
		['an audience nobody knows', 'POST', '/api/v1/statuses', { status: 'x', kith_audience: { kind: 'world' } }, 'kith_audience'],
		['an audience that is a word', 'POST', '/api/v1/statuses', { status: 'x', kith_audience: 'friends' }, 'kith_audience'],
		['an audience of numbers', 'POST', '/api/v1/statuses', { status: 'x', kith_audience: { kind: 'only', people: [1.5] } }, 'people'],
		['a tag without a title', 'POST', '/api/v1/lists', {}, 'title'],
		['a tag with an empty title', 'POST', '/api/v1/lists', { title: '' }, 'title'],
		['a tag with a title of 61 characters', 'POST', '/api/v1/lists', { title: 'x'.repeat(61) }, 'title'],
		['a title that is an object', 'POST', '/api/v1/lists', { title: {} }, 'title'],
		['a name of 61 characters', 'PATCH', '/api/v1/accounts/update_credentials', { display_name: 'x'.repeat(61) }, 'display_name'],
		['a signature of 501 characters', 'PATCH', '/api/v1/accounts/update_credentials', { note: '字'.repeat(501) }, 'note'],
		['a range nobody knows', 'PATCH', '/api/v1/accounts/update_credentials', { kith_range: 'week' }, 'kith_range'],
		['an audience to count that has no kind', 'POST', '/api/kith/v1/audience', { kith_audience: {} }, 'kith_audience'],
	]) {
		test(name, async () => (await ada.send(method, path, body)).refused(422, field));
	}

	test('a status of exactly 2,000 characters is taken, in any script', async () => {
		for (const letter of ['x', '字', '😀']) {
			const made = await post({ status: letter.repeat(2000) });
			made.must(200);
			assert.equal([...(await ada.get(`/api/v1/statuses/${made.json.id}/source`)).text].length, 2000);
		}
	});

	test('a word of 201 characters with a request', async () => {
		const { cy } = await kith.people(['cy']);
		(await ada.send('POST', `/api/v1/accounts/${cy.id}/follow`, { kith_word: 'x'.repeat(201) })).refused(422, 'kith_word');
		assert.deepEqual(await cy.get('/api/v1/follow_requests'), []);
	});

	test('a friend asked to be one is no error and changes nothing; oneself is refused', async () => {
		assert.equal((await ada.post(`/api/v1/accounts/${bo.id}/follow`)).following, true);
		const oneself = await ada.send('POST', `/api/v1/accounts/${ada.id}/follow`, {});
		assert.ok([403, 404, 422].includes(oneself.status), oneself.text);
	});

	test('only friends go into a tag', async () => {
		const { dan } = await kith.people(['dan']);
		const tag = await ada.post('/api/v1/lists', { title: 'Mixed' });
		const answer = await ada.send('POST', `/api/v1/lists/${tag.id}/accounts`, { account_ids: [bo.id, dan.id] });
		assert.ok([404, 422].includes(answer.status), answer.text);
		assert.deepEqual(await ada.get(`/api/v1/lists/${tag.id}/accounts`), [], 'all of them or none');
	});

	for (const [name, body, field] of [
		['no client_name', { redirect_uris: 'https://a.example/' }, 'client_name'],
		['no redirect_uris', { client_name: 'App' }, 'redirect_uris'],
		['redirect_uris of numbers', { client_name: 'App', redirect_uris: [1] }, 'redirect_uris'],
		['a redirect into a script', { client_name: 'App', redirect_uris: 'javascript:alert(1)' }, 'redirect_uris'],
		['scopes nobody knows', { client_name: 'App', redirect_uris: 'https://a.example/', scopes: 'read everything' }, 'scopes'],
	]) {
		test(`an app with ${name}`, async () => (await kith.anyone().send('POST', '/api/v1/apps', body)).refused(422, field));
	}
});

describe('paging', () => {
	for (const cursor of ['max_id=abc', 'since_id=-1', 'min_id=1.5', 'max_id=99999999999999999999999', 'max_id=%00']) {
		test(`a cursor that is none: ${cursor}`, async () => (await ada.send('GET', `/api/v1/timelines/home?${cursor}`)).refused(400));
	}
	for (const limit of ['limit=0', 'limit=-3', 'limit=ten', 'limit=100000']) {
		test(`a page size out of bounds never gives more than the most: ${limit}`, async () => {
			const answer = await ada.send('GET', `/api/v1/timelines/home?${limit}`);
			if (answer.status !== 200) return answer.refused(422, 'limit');
			assert.ok(answer.json.length <= 40);
		});
	}
});

describe('what is not there', () => {
	const unknown = ['1', '0', '-1', '9223372036854775807', '9223372036854775808', 'abc', '1e3', '1.', '１'];
	for (const [method, path] of [
		['GET', '/api/v1/statuses/ID'], ['GET', '/api/v1/statuses/ID/context'], ['DELETE', '/api/v1/statuses/ID'],
		['POST', '/api/v1/statuses/ID/favourite'], ['GET', '/api/v1/accounts/ID'], ['GET', '/api/v1/accounts/ID/statuses'],
		['POST', '/api/v1/accounts/ID/follow'], ['POST', '/api/v1/accounts/ID/block'], ['POST', '/api/v1/follow_requests/ID/authorize'],
		['GET', '/api/v1/lists/ID'], ['DELETE', '/api/v1/lists/ID'], ['GET', '/api/v1/notifications/ID'],
		['GET', '/api/kith/v1/statuses/ID/moment'], ['POST', '/api/kith/v1/accounts/ID/hide_mine'], ['DELETE', '/api/kith/v1/sessions/ID'],
	]) {
		test(`${method} ${path} with ids of nothing`, async () => {
			const texts = new Set();
			for (const id of unknown) {
				const answer = await ada.send(method, path.replace('ID', id), method === 'POST' ? {} : undefined);
				answer.refused(404, null);
				texts.add(answer.text);
			}
			assert.equal(texts.size, 1);
		});
	}

	test('an address and a method nobody knows', async () => {
		(await ada.send('GET', '/api/v1/nothing')).refused(404);
		(await ada.send('DELETE', '/api/v1/timelines/home')).refused(405);
	});

	test('a comment on nothing', async () => (await post({ status: 'x', in_reply_to_id: '12345' })).refused(404));

	test('somebody else’s post cannot be deleted, and is still there', async () => {
		const theirs = await bo.say('Mine to keep');
		const answer = await ada.send('DELETE', `/api/v1/statuses/${theirs.id}`);
		assert.ok([403, 404].includes(answer.status), answer.text);
		assert.equal(await ada.sees(theirs), 200);
	});
});

describe('tokens and cookies', () => {
	test('no token, a made-up one, a cut one and another scheme are 401 with the same words', async () => {
		const texts = new Set();
		for (const authorization of [undefined, 'Bearer made-up', `Bearer ${ada.token.slice(0, -1)}`, `Basic ${btoa('ada:x')}`, 'Bearer ', `Bearer ${ada.token} x`]) {
			const answer = await kith.anyone().send('GET', '/api/v1/timelines/home', undefined, authorization ? { authorization } : {});
			answer.refused(401);
			assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
			texts.add(answer.text);
		}
		assert.equal(texts.size, 1);
	});

	test('a token read by its scopes and no further', async () => {
		const reader = new Client(kith.url, { token: await kith.token('ada', 'read') });
		await reader.get('/api/v1/timelines/home');
		(await reader.send('POST', '/api/v1/statuses', { status: 'x' })).refused(403);
		(await reader.send('POST', `/api/v1/accounts/${bo.id}/unfollow`, {})).refused(403);
		assert.notEqual((await kith.command(['token', 'create', 'ada', '--scopes', 'read everything'])).code, 0);
	});

	test('a revoked token is 401 from the next request on', async () => {
		const token = await kith.token('bo');
		const client = new Client(kith.url, { token });
		await client.get('/api/v1/timelines/home');
		const app = await kith.anyone().post('/api/v1/apps', { client_name: 'R', redirect_uris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read' });
		const { client_id, client_secret } = app;
		const foreign = await kith.anyone().send('POST', '/oauth/revoke', { client_id, client_secret, token });
		assert.ok([200, 403].includes(foreign.status));
		await client.get('/api/v1/timelines/home'); // an app revokes its own tokens alone
		const sessions = await client.get('/api/kith/v1/sessions');
		const current = sessions.find((session) => session.current);
		await client.delete(`/api/kith/v1/sessions/${current.id}`);
		(await client.send('GET', '/api/v1/timelines/home')).refused(401);
		(await client.send('POST', '/api/v1/statuses', { status: 'x' })).refused(401);
	});

	test('an expired token is 401', async () => {
		const token = await kith.token('bo');
		await new Client(kith.url, { token }).get('/api/v1/timelines/home');
		await kith.stop({ keep: true });
		const database = join(kith.dir, 'kith.db');
		const aged = execFileSync('python3', ['-c', [
			'import sqlite3, sys',
			'db = sqlite3.connect(sys.argv[1])',
			'newest = db.execute("SELECT max(session_id) FROM sessions").fetchone()[0]',
			'print(db.execute("UPDATE sessions SET expires_at_ms = 1000 WHERE session_id = ?", (newest,)).rowcount)',
			'db.commit()',
		].join('\n'), database]).toString().trim();
		assert.equal(aged, '1');
		const again = await Kith.start({ dir: kith.dir });
		(await new Client(again.url, { token }).send('GET', '/api/v1/timelines/home')).refused(401);
		for (const client of [ada, bo]) client.url = again.url;
		await ada.get('/api/v1/timelines/home');
		kith = again;
	});

	test('a cookie changes nothing from another origin, nor without one', async () => {
		await kith.account('vera');
		const signedIn = (await kith.anyone().send('POST', '/api/kith/v1/session', { handle: 'vera', password: PASSWORD })).must(200);
		const line = signedIn.headers.get('set-cookie');
		assert.match(line, /HttpOnly/i);
		assert.match(line, /SameSite=Lax/i);
		const vera = new Client(kith.url, { cookie: line.split(';')[0] });
		await vera.get('/api/v1/timelines/home');
		const say = (origin) => vera.send('POST', '/api/v1/statuses', { status: 'Vera was here' }, origin ? { origin } : {});
		for (const origin of ['https://evil.example', 'null', `${kith.url}.evil.example`, kith.url.replace('http', 'https'), undefined]) {
			(await say(origin)).refused(403);
		}
		assert.deepEqual(await vera.homeIds(), []);
		(await say(kith.url)).must(200);
		for (const [path, body] of [['/api/kith/v1/session', { handle: 'vera', password: PASSWORD }], ['/api/kith/v1/signup', {}]]) {
			(await kith.anyone().send('POST', path, body, { origin: 'https://evil.example' })).refused(403);
		}
		const elsewhere = await vera.send('GET', '/api/v1/timelines/home', undefined, { origin: 'https://evil.example' });
		assert.equal(elsewhere.headers.get('access-control-allow-credentials'), null, 'the cookie never works across sites');
	});

	test('a wrong password and a wrong handle are one sentence; a new password ends all sessions', async () => {
		await kith.account('paul');
		const sign = (handle, password) => kith.anyone().send('POST', '/api/kith/v1/session', { handle, password });
		const wrong = (await sign('paul', 'not the one')).refused(422, 'password');
		assert.deepEqual((await sign('nobody-here', PASSWORD)).refused(422, 'password'), wrong);
		const browser = async () => {
			const answer = (await sign('paul', PASSWORD)).must(200);
			return new Client(kith.url, { cookie: answer.headers.get('set-cookie').split(';')[0] });
		};
		const [one, two, token] = [await browser(), await browser(), await kith.client('paul')];
		const change = (body) => one.send('POST', '/api/kith/v1/password', body, { origin: kith.url });
		(await change({ current: 'not the one', password: 'a better password' })).refused(422, 'current');
		(await change({ current: PASSWORD, password: 'short' })).refused(422, 'password');
		(await change({ current: PASSWORD, password: 'a better password' })).must(200);
		for (const ended of [two, token]) (await ended.send('GET', '/api/v1/timelines/home')).refused(401);
		(await sign('paul', PASSWORD)).refused(422, 'password');
		(await sign('paul', 'a better password')).must(200);
	});

	test('a reset link works once, and ends what was signed in', async () => {
		await kith.account('rita');
		const rita = await kith.client('rita');
		const { out } = await kith.command(['account', 'reset', 'rita']);
		const token = out.trim().split('/').pop();
		const reset = (password) => kith.anyone().send('POST', '/api/kith/v1/reset', { token, password });
		(await reset('short')).refused(422, 'password');
		(await reset('a brand new one')).must(200);
		(await reset('and once more')).refused(422, 'token');
		(await rita.send('GET', '/api/v1/timelines/home')).refused(401);
		(await kith.anyone().send('POST', '/api/kith/v1/session', { handle: 'rita', password: 'a brand new one' })).must(200);
	});

	test('a code is bound to its app, its address and its PKCE verifier', async () => {
		const app = await kith.anyone().post('/api/v1/apps', { client_name: 'P', redirect_uris: 'https://p.example/', scopes: 'read' });
		const ask = { grant_type: 'authorization_code', client_id: app.client_id, client_secret: app.client_secret, redirect_uri: 'https://p.example/' };
		for (const [more, status] of [
			[{ code: 'made-up' }, 400], [{}, 400], [{ code: 'x', client_secret: 'wrong' }, 401], [{ code: 'x', grant_type: 'password' }, 400],
			[{ code: 'x', code_verifier: pkce().verifier }, 400],
		]) {
			const answer = await kith.anyone().send('POST', '/oauth/token', { ...ask, ...more });
			assert.ok([status, 422].includes(answer.status), `${JSON.stringify(more)}: ${answer.status} ${answer.text}`);
			assert.equal(typeof answer.json.error, 'string');
			assert.ok(!('access_token' in answer.json));
		}
		for (const query of [`client_id=${app.client_id}&redirect_uri=https://evil.example/`, 'client_id=nobody&redirect_uri=https://p.example/']) {
			const answer = await kith.anyone().send('GET', `/oauth/authorize?response_type=code&scope=read&${query}`);
			assert.ok(answer.status >= 400 && answer.status < 500, 'never a redirect to an address the app did not register');
			assert.equal(answer.headers.get('location'), null);
		}
	});
});

describe('invitations', () => {
	const sign = (invite, handle, more = {}) =>
		kith.anyone().send('POST', '/api/kith/v1/signup', { invite, handle, display_name: handle, password: PASSWORD, ...more });

	test('one invitation, twenty at once: one account, and all others are told', async () => {
		const invite = await kith.invitation(['--uses', '1']);
		const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => patiently(() => sign(invite, `racer${n}`))));
		const came = answers.filter((answer) => answer.status === 200);
		assert.equal(came.length, 1);
		for (const answer of answers) if (answer.status !== 200) answer.refused(422, 'invite');
		const { out } = await kith.command(['account', 'list', '--json']);
		const racers = out.trim().split('\n').map((line) => JSON.parse(line)).filter((person) => person.handle.startsWith('racer'));
		assert.deepEqual(racers.map((person) => person.handle), [came[0].json.acct]);
		(await kith.anyone().send('GET', `/api/kith/v1/invites/${invite}`)).refused(404);
	});

	// Hashing has a queue of bounded length; 503 says when to come again, as docs/api.md has it.
	async function patiently(ask) {
		for (;;) {
			const answer = await ask();
			if (answer.status !== 503) return answer;
			assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
			await new Promise((done) => setTimeout(done, 100));
		}
	}

	test('a handle wanted by two at once goes to one; the other keeps the invitation', async () => {
		const invite = await kith.invitation(['--uses', '2']);
		const answers = await Promise.all([sign(invite, 'same.name'), sign(invite, 'Same.Name')]);
		assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 422]);
		answers.find((answer) => answer.status === 422).refused(422, 'handle');
		(await sign(invite, 'other.name')).must(200);
		(await sign(invite, 'third.name')).refused(422, 'invite');
	});

	test('a failed sign-up burns nothing, and names the field', async () => {
		const invite = await kith.invitation();
		for (const [more, field] of [
			[{ password: 'short' }, 'password'], [{ password: 7 }, 'password'], [{ handle: 'a' }, 'handle'], [{ handle: 'x'.repeat(31) }, 'handle'],
			[{ handle: 'ada' }, 'handle'], [{ handle: 'а\u0064а' }, 'handle'], [{ handle: 'a b' }, 'handle'], [{ handle: '../x' }, 'handle'],
			[{ display_name: 'x'.repeat(61) }, 'display_name'],
		]) {
			(await sign(invite, 'fine.name', more)).refused(422, field);
		}
		const me = (await sign(invite, 'fine.name', { role: 'keeper', kith_role: 'keeper', id: '1' })).must(200).json;
		assert.equal(me.kith_role, 'member', 'nobody says their own role');
	});

	test('an expired and a withdrawn invitation', async () => {
		const steward = await kith.account('stew', { role: 'steward' });
		const made = await steward.post('/api/kith/v1/invites', { uses: 3, days: 1 });
		const code = made.url.split('/').pop();
		assert.equal((await kith.anyone().get(`/api/kith/v1/invites/${code}`)).invited_by, 'stew');
		await steward.delete(`/api/kith/v1/invites/${made.id}`);
		assert.deepEqual((await steward.get('/api/kith/v1/invites')).filter((i) => i.id === made.id), []);
		(await sign(code, 'too.late')).refused(422, 'invite');
		const short = await kith.invitation(['--expires', '1s']);
		const until = Date.now() + 15_000;
		let look;
		for (;;) {
			look = await kith.anyone().send('GET', `/api/kith/v1/invites/${short}`);
			if (look.status !== 200 || Date.now() > until) break;
			await new Promise((done) => setTimeout(done, 100)); // the limit on looking at invitations is in force here too
		}
		look.refused(404);
		(await sign(short, 'too.late')).refused(422, 'invite');
		(await steward.send('POST', '/api/kith/v1/invites', { uses: 0, days: 1 })).refused(422, 'uses');
		(await steward.send('POST', '/api/kith/v1/invites', { uses: 1, days: 91 })).refused(422, 'days');
		(await ada.send('POST', '/api/kith/v1/invites', { uses: 1, days: 1 })).refused(403);
	});
});

describe('the cap of friends', () => {
	let small, people;
	const names = ['hub', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6'];

	before(async () => {
		small = await Kith.start({ args: ['--friends-max', '3'] });
		people = await small.people(names);
	});

	after(() => small?.stop());

	const friendsOf = async (who) => (await who.get(`/api/v1/accounts/${who.id}/following?limit=80`)).length;

	test('six accepted at once: three friends, the rest stay waiting, and the answer says whose cap it is', async () => {
		const { hub } = people;
		const others = names.slice(1).map((name) => people[name]);
		for (const other of others) await other.post(`/api/v1/accounts/${hub.id}/follow`);
		const answers = await Promise.all(others.map((other) => hub.send('POST', `/api/v1/follow_requests/${other.id}/authorize`, {})));
		const full = answers.filter((answer) => answer.status !== 200);
		assert.equal(full.length, 3);
		for (const answer of full) answer.refused(422, 'friends');
		assert.equal(await friendsOf(hub), 3);
		assert.equal((await hub.get('/api/v1/follow_requests')).length, 3, 'nothing is lost');
	});

	test('at the other’s cap the request waits too, and a place that comes free is taken', async () => {
		const { hub } = people;
		const waiting = await hub.get('/api/v1/follow_requests');
		const friend = (await hub.get(`/api/v1/accounts/${hub.id}/following`))[0];
		await hub.post(`/api/v1/accounts/${friend.id}/unfollow`);
		await hub.post(`/api/v1/follow_requests/${waiting[0].id}/authorize`);
		assert.equal(await friendsOf(hub), 3);
		(await hub.send('POST', `/api/v1/follow_requests/${waiting[1].id}/authorize`, {})).refused(422, 'friends');
		const { one } = await small.people(['one']);
		const asked = (await one.send('POST', `/api/v1/accounts/${hub.id}/follow`, {})).refused(422, 'friends');
		assert.match(asked.error, /^Their/, 'whose cap it is');
		assert.deepEqual((await one.get('/api/kith/v1/requests')).map((request) => request.account.id), [hub.id], 'and the request waits');
		assert.ok((await hub.get('/api/v1/follow_requests')).some((account) => account.id === one.id));
	});
});

describe('the same write twice', () => {
	test('one Idempotency-Key, ten times at once: one post', async () => {
		const had = await written();
		const key = { ...JSON_TYPE, 'idempotency-key': 'once-and-only-once' };
		const answers = await Promise.all(Array.from({ length: 10 }, () => post('{"status":"Only once"}', key)));
		const ids = new Set(answers.map((answer) => answer.must(200).json.id));
		assert.equal(ids.size, 1);
		assert.equal(await written(), had + 1);
		const other = (await bo.send('POST', '/api/v1/statuses', '{"status":"Only once"}', key)).must(200).json;
		assert.ok(!ids.has(other.id), 'a key is one person’s own');
	});

	test('something else under a used Idempotency-Key is told, not lost', async () => {
		const key = { ...JSON_TYPE, 'idempotency-key': 'used-for-one-thing' };
		const piece = (await post('{"status":"The first"}', key)).must(200).json;
		const had = await written();
		for (const other of ['{"status":"The second"}', '{"status":"The first","visibility":"direct"}',
			JSON.stringify({ status: 'The first', in_reply_to_id: piece.id })])
			(await post(other, key)).refused(409, 'Idempotency-Key');
		assert.equal(await written(), had);
		assert.equal((await post('{"status":"The first"}', key)).must(200).json.id, piece.id, 'the first answer still comes again');
	});

	test('a storm of likes and unlikes leaves one like or none', async () => {
		const piece = await bo.say('Like this');
		await Promise.all(Array.from({ length: 30 }, (_, n) => ada.send('POST', `/api/v1/statuses/${piece.id}/${n % 3 ? 'favourite' : 'unfavourite'}`, {})));
		const count = (await bo.get(`/api/v1/statuses/${piece.id}`)).favourites_count;
		assert.ok([0, 1].includes(count));
		await ada.post(`/api/v1/statuses/${piece.id}/favourite`);
		assert.deepEqual(await bo.likerIds(piece), [ada.id]);
	});
});

test('markup is text wherever it comes out', async () => {
	const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>';
	const piece = await ada.say(`${evil} https://a.example/"onclick="x`);
	assert.ok(!/<(script|img)/i.test(piece.content), piece.content);
	assert.ok(!/onclick="/.test(piece.content), piece.content);
	const me = await ada.patch('/api/v1/accounts/update_credentials', { display_name: '<b>Ada</b>', note: evil });
	assert.ok(!/<(script|img)/i.test(me.note), me.note);
	assert.equal(me.source.note, evil);
});

test('headers that keep answers out of caches and frames', async () => {
	const own = await ada.send('GET', '/api/v1/timelines/home');
	assert.match(own.headers.get('cache-control'), /no-store/);
	assert.equal(own.headers.get('x-content-type-options'), 'nosniff');
	const page = await kith.anyone().send('GET', '/');
	const policy = page.headers.get('content-security-policy');
	assert.match(policy, /default-src 'none'|default-src 'self'/);
	assert.match(policy, /frame-ancestors 'none'/);
	assert.ok(!policy.includes('unsafe'), policy);
	const preflight = await kith.anyone().send('OPTIONS', '/api/v1/statuses', undefined, {
		origin: 'https://app.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,idempotency-key',
	});
	assert.match(preflight.headers.get('access-control-allow-headers'), /idempotency-key/i);
	assert.equal(own.headers.get('access-control-allow-origin'), '*');
	assert.match(own.headers.get('access-control-expose-headers'), /Link/);
});

test('the server came through all of it', async () => {
	assert.equal((await kith.anyone().send('GET', '/readyz')).must(200).json.status, 'ok');
	assert.ok(!kith.log.includes('level=error'), kith.log.split('\n').filter((line) => line.includes('level=error')).slice(0, 5).join('\n'));
});
