// Second factors over HTTP: code apps, passkeys by an authenticator in software, recovery codes, the consent page's
// second step, and guesses that do not keep the owner out.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Authenticator, totp } from './support/authenticator.mjs';
import { SKIP, launch } from './support/chromium.mjs';
import { Client } from './support/client.mjs';
import { Kith, PASSWORD } from './support/kith.mjs';
import { Browser, authorizeAddress, formOf } from './support/oauth.mjs';

const SESSION = '/api/kith/v1/session';
const FACTORS = '/api/kith/v1/factors';
const REDIRECT = 'http://127.0.0.1:9/back';
let kith, ORIGIN;

/** A port nobody listens on: the origin has to be known before the server is. */
async function freePort() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

before(async () => {
	const port = await freePort();
	ORIGIN = `http://localhost:${port}`;
	kith = await Kith.start({ args: ['--listen', `127.0.0.1:${port}`, '--url', ORIGIN, '--trusted-proxy', '127.0.0.1'] });
});

after(() => kith?.stop());

/** A browser with its cookies, at an address of its own. */
class Jar {
	static #next = 1;

	constructor(address) {
		this.address = address ?? `203.0.113.${Jar.#next++ % 250}`;
		this.cookies = new Map();
		this.client = new Client(kith.url);
	}

	async send(method, path, body) {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const headers = { origin: ORIGIN, 'x-forwarded-for': this.address, ...(cookie && { cookie }) };
		const answer = await this.client.send(method, path, body, headers);
		for (const line of answer.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			this.cookies.set(name, value);
		}
		return answer;
	}

	get(path) {
		return this.send('GET', path);
	}

	post(path, body = {}) {
		return this.send('POST', path, body);
	}

	delete(path, body) {
		return this.send('DELETE', path, body);
	}

	signIn(handle, password = PASSWORD) {
		return this.post(SESSION, { handle, password });
	}

	/** Right password; what is asked next. */
	async half(handle) {
		const answer = (await this.signIn(handle)).must(200);
		assert.equal(this.cookies.has('kith_session'), false, 'half a sign-in sets no cookie');
		return answer.json.kith_second;
	}
}

/** A person who is signed in in a browser. */
async function member(handle, options) {
	await kith.account(handle, options);
	const jar = new Jar();
	(await jar.signIn(handle)).must(200);
	return jar;
}

/** The same with a code app; the code that confirmed it is of the step before, so this step's is still good. */
async function withTotp(handle) {
	const jar = await member(handle);
	const { secret, uri } = (await jar.post(`${FACTORS}/totp`)).must(200).json;
	const { recovery } = (await jar.post(`${FACTORS}/totp/confirm`, { code: totp(secret, -1) })).must(200).json;
	return { jar, secret, uri, recovery };
}

async function withPasskey(handle, kind) {
	const jar = await member(handle);
	const key = new Authenticator(ORIGIN, kind);
	const options = (await jar.post(`${FACTORS}/passkeys/options`)).must(200).json;
	const added = (await jar.post(`${FACTORS}/passkeys`, { name: 'my phone', attestation: key.create(options) })).must(200).json;
	return { jar, key, added, options };
}

describe('a code app', () => {
	test('is set up, asked for, and a code is good once', async () => {
		const { jar, secret, uri, recovery } = await withTotp('ada');
		assert.match(uri, new RegExp(`^otpauth://totp/localhost%3A\\d+:ada\\?secret=${secret}&issuer=`));
		assert.equal(recovery.length, 10);
		assert.deepEqual((await jar.get(FACTORS)).json, {
			totp: true, passkeys: [], recovery_left: 10, required: false, required_from: null,
		});
		assert.equal((await jar.get('/api/v1/accounts/verify_credentials')).json.kith_second_factor, 'set');

		const other = new Jar();
		const asked = await other.half('ada');
		assert.deepEqual(asked.methods, ['totp', 'recovery']);
		assert.equal(asked.passkey, null);
		const code = totp(secret);
		(await other.post(`${SESSION}/second`, { ticket: asked.ticket, code: '000000' })).refused(422, 'code');
		const me = (await other.post(`${SESSION}/second`, { ticket: asked.ticket, code })).must(200).json;
		assert.equal(me.username, 'ada');
		(await other.get('/api/kith/v1/moments')).must(200);
		const sessions = (await other.get('/api/kith/v1/sessions')).json;
		assert.equal(sessions.find((s) => s.current).factor, 'totp');

		(await other.post(`${SESSION}/second`, { ticket: asked.ticket, code })).refused(422, 'ticket');
		const third = new Jar();
		const again = await third.half('ada');
		(await third.post(`${SESSION}/second`, { ticket: again.ticket, code })).refused(422, 'code');
		assert.equal(third.cookies.has('kith_session'), false);
	});

	test('a ticket has five tries', async () => {
		const { secret } = await withTotp('bea');
		const jar = new Jar();
		const { ticket } = await jar.half('bea');
		for (let i = 0; i < 5; i++) (await jar.post(`${SESSION}/second`, { ticket, code: '000000' })).refused(422, 'code');
		(await jar.post(`${SESSION}/second`, { ticket, code: totp(secret) })).refused(422, 'ticket');
		(await jar.post(`${SESSION}/second`, { ticket: 'kith_ticket_made_up', code: '1' })).refused(422, 'ticket');
		(await jar.post(`${SESSION}/second`, { ticket })).refused(422, 'code');
	});

	test('recovery codes are good once, run out, and are renewed for the password', async () => {
		const { jar, recovery } = await withTotp('cleo');
		for (const [i, code] of recovery.entries()) {
			const typed = i % 2 ? code.toUpperCase().replaceAll('-', ' ') : code;
			const { ticket } = await new Jar().half('cleo');
			const fresh = new Jar();
			(await fresh.post(`${SESSION}/second`, { ticket, recovery: typed })).must(200);
			const next = await new Jar().half('cleo');
			(await new Jar().post(`${SESSION}/second`, { ticket: next.ticket, recovery: code })).refused(422, 'recovery');
		}
		assert.deepEqual((await new Jar().half('cleo')).methods, ['totp']);
		assert.equal((await jar.get(FACTORS)).json.recovery_left, 0);
		(await jar.post(`${FACTORS}/recovery`, { password: 'not the password' })).refused(422, 'password');
		assert.equal((await jar.post(`${FACTORS}/recovery`, { password: PASSWORD })).must(200).json.recovery.length, 10);
	});

	test('the first factor ends every other session; taking it away wants the password', async () => {
		const jar = await member('dora');
		const other = new Jar();
		(await other.signIn('dora')).must(200);
		const token = new Client(kith.url, { token: await kith.token('dora') });
		const { secret } = (await jar.post(`${FACTORS}/totp`)).must(200).json;
		(await other.get(FACTORS)).must(200);
		(await jar.post(`${FACTORS}/totp/confirm`, { code: totp(secret) })).must(200);
		(await jar.get(FACTORS)).must(200);
		(await other.get(FACTORS)).must(401);
		(await token.send('GET', '/api/kith/v1/moments')).must(401);
		(await jar.post(`${FACTORS}/totp`)).must(409);
		(await jar.delete(`${FACTORS}/totp`, {})).refused(422, 'password');
		(await jar.delete(`${FACTORS}/totp`, { password: 'not the password' })).refused(422, 'password');
		(await jar.delete(`${FACTORS}/totp`, { password: PASSWORD })).must(200);
		assert.equal((await jar.get(FACTORS)).json.recovery_left, 0);
		(await new Jar().signIn('dora')).must(200);
	});
});

describe('a passkey', () => {
	for (const kind of ['ES256', 'EdDSA', 'RS256']) {
		test(`of ${kind} is added, signs in after the password, and alone`, async () => {
			const handle = `key.${kind.toLowerCase()}`;
			const { jar, key, added, options } = await withPasskey(handle, kind);
			assert.equal(options.attestation, 'none');
			assert.equal(options.rp.id, 'localhost');
			assert.equal(added.name, 'my phone');
			assert.equal(added.recovery.length, 10);

			const second = new Jar();
			const asked = await second.half(handle);
			assert.deepEqual(asked.methods, ['passkey', 'recovery']);
			assert.equal(asked.passkey.allowCredentials[0].id, key.id.toString('base64url'));
			const proof = { ticket: asked.ticket, passkey: key.get(asked.passkey) };
			assert.equal((await second.post(`${SESSION}/second`, proof)).must(200).json.username, handle);

			const alone = new Jar();
			const request = (await alone.post(`${SESSION}/passkey/options`)).must(200).json;
			assert.equal(request.userVerification, 'required');
			assert.deepEqual(request.allowCredentials, []);
			const assertion = key.get(request);
			assert.equal((await alone.post(`${SESSION}/passkey`, { assertion })).must(200).json.username, handle);
			(await new Jar().post(`${SESSION}/passkey`, { assertion })).refused(422, 'passkey');
			assert.notEqual((await jar.get(FACTORS)).json.passkeys[0].last_used_at, null);
		});
	}

	test('everything that is wrong with a new one is refused', async () => {
		const jar = await member('eve');
		const other = await member('finn');
		const options = async (who = jar) => (await who.post(`${FACTORS}/passkeys/options`)).must(200).json;
		const key = new Authenticator(ORIGIN);
		const add = (attestation, who = jar) => who.post(`${FACTORS}/passkeys`, { name: 'x', attestation });
		for (const wrong of [
			{ type: 'webauthn.get' },
			{ challenge: Buffer.alloc(32).toString('base64url') },
			{ origin: 'http://localhost:1' },
			{ origin: 'https://evil.example' },
			{ crossOrigin: true },
			{ rpId: 'evil.example' },
			{ flags: 0x04 },
		]) {
			const answer = await add(key.create(await options(), wrong));
			answer.refused(422, 'passkey');
		}
		const made = key.create(await options());
		(await add(made, other)).refused(422, 'passkey'); // another session's challenge
		(await add(made)).refused(422, 'passkey'); // and a challenge is tried once
		(await add({ ...key.create(await options()), response: { clientDataJSON: '!', attestationObject: '' } })).refused(422, 'attestation');
		(await add('x')).refused(422, 'attestation');
		const cut = key.create(await options());
		cut.response.attestationObject = cut.response.attestationObject.slice(0, 100);
		(await add(cut)).refused(422, 'passkey');
		assert.deepEqual((await jar.get(FACTORS)).json.passkeys, []);

		(await add(key.create(await options()))).must(200);
		const again = await options();
		assert.equal(again.excludeCredentials[0].id, key.id.toString('base64url'));
		(await add(key.create(await options(other)), other)).refused(422, 'passkey'); // one key, two people
	});

	test('everything that is wrong with a signature is refused', async () => {
		const { key } = await withPasskey('gwen');
		const { key: stranger } = await withPasskey('hugo');
		const alone = async (wrong, who = key) => {
			const jar = new Jar();
			const options = (await jar.post(`${SESSION}/passkey/options`)).must(200).json;
			return jar.post(`${SESSION}/passkey`, { assertion: who.get(options, wrong) });
		};
		(await alone({})).must(200);
		for (const wrong of [
			{ type: 'webauthn.create' },
			{ challenge: Buffer.alloc(32).toString('base64url') },
			{ origin: 'https://evil.example' },
			{ crossOrigin: true },
			{ rpId: 'evil.example' },
			{ flags: 0x01 }, // nobody made sure who it was
			{ flags: 0x04 }, // nobody was there
			{ count: 1 }, // a copy of the key was used before
			{ signature: true },
			{ keys: stranger.keys },
			{ user: stranger.user },
		]) {
			(await alone(wrong)).refused(422, 'passkey');
		}
		(await alone({}, new Authenticator(ORIGIN))).refused(422, 'passkey');
		(await alone({})).must(200);

		// after the password: whose key it is matters, and which ticket it signed for
		const jar = new Jar();
		const asked = await jar.half('gwen');
		const later = await jar.half('gwen');
		const second = (passkey, ticket = asked.ticket) => jar.post(`${SESSION}/second`, { ticket, passkey });
		(await second(stranger.get(asked.passkey))).refused(422, 'passkey');
		(await second(key.get(later.passkey))).refused(422, 'passkey');
		(await second(key.get(asked.passkey, { flags: 0x01 }))).must(200); // the password said who it is
		(await second(key.get(asked.passkey))).refused(422, 'ticket');
	});

	test('is taken away for the password, and only by its owner', async () => {
		const { jar, added } = await withPasskey('iris');
		const other = await member('jon');
		(await other.delete(`${FACTORS}/passkeys/${added.id}`, { password: PASSWORD })).must(404);
		(await jar.delete(`${FACTORS}/passkeys/${added.id}`, { password: 'no' })).refused(422, 'password');
		(await jar.delete(`${FACTORS}/passkeys/${added.id}`, { password: PASSWORD })).must(200);
		(await new Jar().signIn('iris')).must(200);
	});
});

// What is left to the soft authenticator above is what a real browser would not do wrong.
test('a real browser makes a passkey, signs in after the password, and alone', { skip: SKIP }, async () => {
	await kith.account('sven');
	const browser = await launch();
	try {
		const context = await browser.newContext();
		const page = await context.newPage();
		const debug = await context.newCDPSession(page);
		await debug.send('WebAuthn.enable');
		await debug.send('WebAuthn.addVirtualAuthenticator', {
			options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
		});
		await page.goto(`${ORIGIN}/healthz`);
		const done = await page.evaluate(async ({ handle, password }) => {
			const ask = async (path, body = {}) => {
				const response = await fetch(`/api/kith/v1/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
				const json = await response.json();
				if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(json)}`);
				return json;
			};
			const out = () => fetch('/api/kith/v1/session', { method: 'DELETE' });
			const sign = async (options) =>
				(await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })).toJSON();
			await ask('session', { handle, password });
			const options = await ask('factors/passkeys/options');
			const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
			const added = await ask('factors/passkeys', { name: 'laptop', attestation: made.toJSON() });
			await out();
			const { kith_second: second } = await ask('session', { handle, password });
			const half = await ask('session/second', { ticket: second.ticket, passkey: await sign(second.passkey) });
			await out();
			const alone = await ask('session/passkey', { assertion: await sign(await ask('session/passkey/options')) });
			return { recovery: added.recovery.length, half: half.username, alone: alone.username };
		}, { handle: 'sven', password: PASSWORD });
		assert.deepEqual(done, { recovery: 10, half: 'sven', alone: 'sven' });
	} finally {
		await browser.close();
	}
});

test('an app is let in by the second step of the consent page', async () => {
	const { secret, recovery } = await withTotp('kim');
	const app = (await new Client(kith.url).post('/api/v1/apps', { client_name: 'Phone', redirect_uris: REDIRECT, scopes: 'read' }));
	const address = authorizeAddress(app.client_id, { redirect: REDIRECT, scope: 'read' });
	const browser = new Browser(kith.url);
	let page = await browser.open(address);
	page = await browser.submit(formOf(page.html), { handle: 'kim', password: PASSWORD }, ORIGIN);
	assert.equal(page.status, 200, page.html);
	assert.equal(browser.cookie, '', 'the password alone sets no cookie');
	const form = formOf(page.html);
	assert.equal(form.action, '/oauth/sign-in/second');
	page = await browser.submit(form, { code: '000000' }, ORIGIN);
	assert.equal(page.status, 422);
	assert.match(page.html, /role="alert"/);
	page = await browser.submit(formOf(page.html), { code: totp(secret) }, ORIGIN);
	assert.equal(page.status, 303, page.html);
	page = await browser.open(page.headers.get('location'));
	assert.match(page.html, /name="decision"/);

	// a recovery code does too, and a ticket that is used up leads back to the beginning
	const other = new Browser(kith.url);
	page = await other.submit(formOf((await other.open(address)).html), { handle: 'kim', password: PASSWORD }, ORIGIN);
	const second = formOf(page.html);
	assert.equal((await other.submit(second, { code: recovery[0] }, ORIGIN)).status, 303);
	page = await other.submit(second, { code: recovery[1] }, ORIGIN);
	assert.equal(page.status, 422);
	assert.match(page.html, /name="password"/);
});

describe('guessing', () => {
	test('unknown handles and wrong passwords get the same bytes, also when it is too much', async () => {
		await kith.account('lea');
		let i = 0;
		for (let status = 422; status === 422 && i < 60; i++) {
			const at = `198.51.100.${i}`;
			const answers = [];
			for (const handle of ['lea', 'lea.nobody']) answers.push(await new Jar(at).signIn(handle, 'not the password'));
			const [known, unknown] = answers;
			({ status } = known);
			if (status !== unknown.status) continue; // a guess came back between the two: their turns differ by moments
			assert.deepEqual(known.bytes, unknown.bytes);
			const waits = answers.map((answer) => Number(answer.headers.get('retry-after')));
			assert.ok(Math.abs(waits[0] - waits[1]) <= 5, `${waits}`);
			assert.equal(waits[0] >= 1, status === 429);
		}
		assert.ok(i > 20, `${i} tries`); // more on a slow machine: one comes back a minute
	});

	test('200 failures from elsewhere leave the owner free to come in', async () => {
		await kith.account('mo');
		const owner = new Jar('192.0.2.7');
		(await owner.signIn('mo')).must(200);
		(await owner.delete(SESSION)).must(200);
		let looked = 0;
		for (let i = 0; i < 200; i++) {
			const answer = await new Jar(`10.${i}.0.1`).signIn('mo', 'not the password');
			assert.ok([422, 429].includes(answer.status), answer.text);
			looked += answer.status === 422;
		}
		assert.ok(looked >= 20 && looked <= 25, `${looked} of 200 were looked at`); // one comes back a minute
		(await new Jar('10.9.9.9').signIn('mo')).refused(429); // a stranger with the right password waits too
		const planted = new Jar('10.9.9.7');
		planted.cookies.set('kith_device', 'kith_device_made_up_by_somebody');
		(await planted.signIn('mo')).refused(429);
		(await new Jar('192.0.2.7').signIn('mo')).must(200); // the address they came from
		const moved = new Jar('10.9.9.8');
		moved.cookies.set('kith_device', owner.cookies.get('kith_device'));
		(await moved.signIn('mo')).must(200); // the browser they came by

		// and a link from the keeper makes a place known
		const link = (await kith.command(['account', 'reset', 'mo'])).out.trim();
		const helped = new Jar('10.9.9.6');
		(await helped.post('/api/kith/v1/reset', { token: link.slice(link.lastIndexOf('/') + 1), password: 'another phrase' })).must(200);
		(await helped.signIn('mo', 'another phrase')).must(200);
	});
});

describe('sessions', () => {
	test('all but this one end at once', async () => {
		const jar = await member('nia');
		const others = [new Jar(), new Jar()];
		for (const other of others) (await other.signIn('nia')).must(200);
		assert.equal((await jar.get('/api/kith/v1/sessions')).json.length, 4); // and the shell's
		(await jar.delete('/api/kith/v1/sessions')).must(200);
		const left = (await jar.get('/api/kith/v1/sessions')).json;
		assert.equal(left.length, 1);
		assert.deepEqual([left[0].current, left[0].factor, left[0].kind], [true, null, 'browser']);
		for (const other of others) (await other.get('/api/kith/v1/sessions')).must(401);
	});
});

describe('the keeper', () => {
	test('is asked from the first sign-in on, with a date', async () => {
		await kith.account('olga', { role: 'keeper' });
		const jar = new Jar();
		const me = (await jar.signIn('olga')).must(200).json;
		assert.equal(me.kith_second_factor, 'due');
		const days = (Date.parse(me.kith_second_factor_from) - Date.now()) / 86_400_000;
		assert.ok(days > 6.9 && days <= 7, String(days));
		const factors = (await jar.get(FACTORS)).json;
		assert.equal(factors.required, true);
		assert.equal(factors.required_from, me.kith_second_factor_from);
		assert.equal(me.kith_demo, false);
		const people = (await kith.command(['account', 'list', '--json'])).out.trim().split('\n').map((line) => JSON.parse(line));
		assert.equal(people.find((person) => person.handle === 'olga').second_factor, 'due');
	});

	test('helps somebody who lost everything, and nobody else does', async () => {
		const { secret } = await withTotp('pia');
		let link = (await kith.command(['account', 'reset', 'pia'])).out.trim();
		const token = () => link.slice(link.lastIndexOf('/') + 1);
		const jar = new Jar();
		(await jar.post('/api/kith/v1/reset', { token: token(), password: 'another phrase' })).must(200);
		assert.ok((await jar.signIn('pia', 'another phrase')).must(200).json.kith_second, 'a link alone is not enough');
		assert.ok(secret);
		link = (await kith.command(['account', 'reset', 'pia', '--factors'])).out.trim();
		(await jar.post('/api/kith/v1/reset', { token: token(), password: 'a third phrase' })).must(200);
		assert.equal((await jar.signIn('pia', 'a third phrase')).must(200).json.kith_second_factor, 'none');
	});

	test('of a demonstration is labelled and needs none', async () => {
		await kith.load([{ type: 'person', handle: 'quin', role: 'keeper', demo: true, token: 'token-of-quin-0123456789abcdef' }]);
		const quin = new Client(kith.url, { token: 'token-of-quin-0123456789abcdef' });
		const me = await quin.get('/api/v1/accounts/verify_credentials');
		assert.deepEqual([me.kith_demo, me.kith_second_factor, me.kith_second_factor_from], [true, 'none', null]);
		const made = await kith.command(['account', 'create', 'rosa', '--role', 'keeper', '--demonstration', '--password-stdin'], `${PASSWORD}\n`);
		assert.equal(made.code, 0, made.err);
		const rosa = (await new Jar().signIn('rosa')).must(200).json;
		assert.deepEqual([rosa.kith_demo, rosa.kith_second_factor], [true, 'none']);
	});
});

test('a circle opened by numbers has no passkeys, and says so', async () => {
	const plain = await Kith.start();
	try {
		await plain.account('una');
		const client = await plain.client('una');
		(await client.send('POST', `${FACTORS}/passkeys/options`, {})).refused(422, 'passkey');
		(await client.send('POST', `${SESSION}/passkey/options`, {})).refused(422, 'passkey');
	} finally {
		await plain.stop();
	}
});
