// The shipped configurations, as they are but for names, ports and paths: nginx and Caddy with TLS in front of kith.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PASSWORD, PROGRAM, ROOT, run } from './support/kith.mjs';
import { png } from './support/picture.mjs';

const LARGE = Buffer.alloc(20 * 1024 * 1024 + 1, 7); // a byte over what a picture may have
const children = new Set();
process.on('exit', () => {
	for (const child of children) child.kill('SIGKILL');
});

async function freePort() {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	return port;
}

async function listening(port) {
	for (let i = 0; i < 200; i++) {
		const socket = net.connect(port, '127.0.0.1');
		const up = await once(socket, 'connect').then(() => true, () => false);
		socket.destroy();
		if (up) return;
		await new Promise((done) => setTimeout(done, 50));
	}
	throw new Error(`nothing listens on ${port}`);
}

function start(program, args, options = {}) {
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
	child.log = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (child.log += bytes));
	children.add(child);
	child.once('exit', () => children.delete(child));
	return child;
}

async function end(child, signal = 'SIGTERM') {
	if (!child || child.exitCode !== null) return;
	child.kill(signal);
	await once(child, 'exit');
}

/** One house: kith on a unix socket, and a proxy with TLS before it. */
class House {
	static async open(kind) {
		const house = new House();
		house.dir = await mkdtemp(join(tmpdir(), `kith-${kind}-`));
		house.port = await freePort();
		house.plain = await freePort();
		house.url = `https://localhost:${house.port}`;
		house.data = join(house.dir, 'data');
		house.socket = join(house.dir, 'kith.sock');
		execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
			'-addext', 'subjectAltName=DNS:localhost', '-keyout', join(house.dir, 'key.pem'), '-out', join(house.dir, 'cert.pem')], { stdio: 'ignore' });
		house.kith = start(PROGRAM, ['serve', '--data', house.data, '--listen', `unix:${house.socket}`, '--url', house.url], { cwd: ROOT });
		for (let i = 0; !house.kith.log.includes('kith: ready'); i++) {
			assert.ok(i < 200 && house.kith.exitCode === null, house.kith.log);
			await new Promise((done) => setTimeout(done, 50));
		}
		const made = await run(['account', 'create', 'an', '--display-name', 'An', '--password-stdin', '--data', house.data], { input: PASSWORD + '\n' });
		assert.equal(made.code, 0, made.err);
		await PROXIES[kind](house);
		return house;
	}

	async close() {
		await end(this.proxy, 'SIGKILL'); // asked nicely, a proxy waits for every connection
		await end(this.kith);
		await rm(this.dir, { recursive: true, force: true });
	}

	/** Over TLS and HTTP/1.1; the certificate is our own. */
	ask(method, path, { headers = {}, body } = {}) {
		return new Promise((done, fail) => {
			const request = https.request(this.url + path, { method, headers, rejectUnauthorized: false }, (answer) => {
				const parts = [];
				answer.on('data', (part) => parts.push(part));
				answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }));
			});
			request.on('error', fail);
			request.end(body);
		});
	}

	async signIn() {
		const answer = await this.ask('POST', '/api/kith/v1/session', {
			headers: { 'content-type': 'application/json', origin: this.url },
			body: JSON.stringify({ handle: 'an', password: PASSWORD }),
		});
		assert.equal(answer.status, 200, answer.text);
		return answer;
	}
}

/** The shipped file with replacements, each of which must be there. */
async function shipped(file, replacements) {
	let text = await readFile(join(ROOT, 'etc', file), 'utf8');
	for (const [from, to] of replacements) {
		assert.ok(text.includes(from), `${file} has ${from}`);
		text = text.replaceAll(from, to);
	}
	return text;
}

async function caddy(house, file, replacements) {
	const text = await shipped(file, [['unix//run/kith/kith.sock', `unix/${house.socket}`], ...replacements]);
	await writeFile(join(house.dir, 'Caddyfile'), text);
	const env = { ...process.env, XDG_DATA_HOME: join(house.dir, 'caddy'), XDG_CONFIG_HOME: join(house.dir, 'caddy'), HOME: house.dir };
	house.proxy = start('caddy', ['run', '--config', join(house.dir, 'Caddyfile'), '--adapter', 'caddyfile'], { env });
	await listening(house.port);
}

const PROXIES = {
	async nginx(house) {
		const site = await shipped('nginx/kith.conf', [
			['/run/kith/kith.sock', house.socket],
			['/etc/letsencrypt/live/circle.example/fullchain.pem', join(house.dir, 'cert.pem')],
			['/etc/letsencrypt/live/circle.example/privkey.pem', join(house.dir, 'key.pem')],
			['listen [::]:80;', ''], ['listen [::]:443 ssl http2;', ''],
			['listen 80;', `listen 127.0.0.1:${house.plain};`], ['listen 443 ssl http2;', `listen 127.0.0.1:${house.port} ssl http2;`],
			['https://circle.example$request_uri', `${house.url}$request_uri`],
			['server_name circle.example', 'server_name localhost'],
		]);
		await writeFile(join(house.dir, 'site.conf'), site);
		await mkdir(join(house.dir, 'tmp'));
		const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${house.dir}/tmp/${name};`).join(' ');
		await writeFile(join(house.dir, 'nginx.conf'), `daemon off; master_process off; pid ${house.dir}/nginx.pid; error_log ${house.dir}/error.log;
worker_rlimit_nofile 4096; events { worker_connections 1000; } http { access_log off; ${temp} include ${house.dir}/site.conf; }`);
		house.proxy = start('nginx', ['-c', join(house.dir, 'nginx.conf'), '-e', join(house.dir, 'error.log')]);
		await listening(house.port);
	},
	caddy: (house) => caddy(house, 'caddy/Caddyfile', [
		['{\n\tgrace_period', `{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port ${house.plain}\n\tgrace_period`],
		['circle.example {', `https://localhost:${house.port} {\n\tbind 127.0.0.1\n\ttls ${house.dir}/cert.pem ${house.dir}/key.pem`],
	]),
	home: (house) => caddy(house, 'caddy/Caddyfile.home', [
		['{\n\tgrace_period', `{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port ${house.plain}\n\tgrace_period`],
		['circle.home.arpa {', `https://localhost:${house.port} {\n\tbind 127.0.0.1`],
	]),
};

for (const kind of Object.keys(PROXIES)) {
	describe(`kith behind ${kind}`, () => {
		let house, cookie, token;

		before(async () => {
			house = await House.open(kind);
			const made = await run(['token', 'create', 'an', '--data', house.data]);
			token = made.out.trim();
		});
		after(() => house?.close());

		test('the cookie is for TLS alone, and no other origin is let in', async () => {
			const [set] = (await house.signIn()).headers['set-cookie'];
			assert.match(set, /; Secure/);
			assert.match(set, /; HttpOnly/);
			[cookie] = set.split(';');
			const foreign = await house.ask('POST', '/api/v1/statuses', {
				headers: { cookie, origin: 'https://elsewhere.example', 'content-type': 'application/json' },
				body: '{"status":"x"}',
			});
			assert.equal(foreign.status, 403);
			const own = await house.ask('POST', '/api/v1/statuses', {
				headers: { cookie, origin: house.url, 'content-type': 'application/json' },
				body: '{"status":"behind a proxy"}',
			});
			assert.equal(own.status, 200, own.text);
			assert.ok(JSON.parse(own.text).url.startsWith(house.url + '/'));
		});

		test('it speaks HTTP/2, and the page and its script come', async () => {
			const client = http2.connect(house.url, { rejectUnauthorized: false });
			const stream = client.request({ ':path': '/' });
			const [headers] = await once(stream, 'response');
			let page = '';
			for await (const part of stream) page += part;
			client.close();
			assert.equal(client.alpnProtocol, 'h2');
			assert.equal(headers[':status'], 200);
			for (const [, asset] of page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) assert.equal((await house.ask('GET', asset)).status, 200, asset);
		});

		test('a caller is counted by the address the proxy saw, whatever they claim', async () => {
			let refused = 0;
			for (let i = 0; i < 34; i++) {
				const answer = await house.ask('POST', '/api/v1/apps', { headers: { 'x-forwarded-for': `203.0.113.${i}`, 'content-type': 'application/json' }, body: '{}' });
				refused += answer.status === 429;
			}
			assert.ok(refused > 0, 'one address, however many it names: the limit of 30 a minute holds');
		});

		test('a picture passes, and one that is too large is refused with a status a page can read', async () => {
			const boundary = 'kithboundary';
			const form = (bytes) => ({
				headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
				body: Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
			});
			const sent = await house.ask('POST', '/api/v2/media', form(png()));
			assert.equal(sent.status, 200, sent.text);
			const url = new URL(JSON.parse(sent.text).url);
			assert.equal(url.origin, house.url);
			assert.equal((await house.ask('GET', url.pathname)).status, 401);
			assert.equal((await house.ask('GET', url.pathname, { headers: { cookie } })).headers['content-type'], 'image/jpeg');
			const large = await house.ask('POST', '/api/v2/media', form(LARGE));
			assert.ok([413, 422].includes(large.status), `${large.status}`);
			assert.equal(typeof JSON.parse(large.text).error, 'string');
		});

		test('a head that is too large is refused before kith sees it', async () => {
			const answer = await house.ask('GET', '/healthz', { headers: { 'x-long': 'a'.repeat(40_000) } }).catch((e) => ({ status: e.code }));
			assert.ok([400, 413, 414, 431, 494, 'ECONNRESET', 'EPIPE'].includes(answer.status), `${answer.status}`);
			assert.equal((await house.ask('GET', '/healthz')).status, 200);
		});

		test('events come as they happen, and a WebSocket is a WebSocket', { timeout: 30_000 }, async () => {
			const live = https.get(house.url + '/api/v1/streaming/user', { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } });
			const [answer] = await once(live, 'response');
			assert.equal(answer.statusCode, 200);
			assert.match(answer.headers['content-type'], /^text\/event-stream/);
			const heard = (async () => {
				let text = '';
				for await (const part of answer) {
					text += part;
					if (text.includes('event: update') && text.includes('as it happens')) return true;
				}
				return false;
			})();
			const socket = new (await import('ws')).WebSocket(`${house.url.replace('https', 'wss')}/api/v1/streaming?stream=user`, [token], { rejectUnauthorized: false });
			await once(socket, 'open');
			const said = once(socket, 'message');
			const posted = await house.ask('POST', '/api/v1/statuses', { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{"status":"as it happens"}' });
			assert.equal(posted.status, 200);
			assert.equal(await heard, true);
			assert.equal(JSON.parse((await said)[0].toString()).event, 'update');
			socket.close();
			live.destroy();
		});
	});
}

test('nginx sends plain HTTP to TLS', async () => {
	const house = await House.open('nginx');
	try {
		const answer = await fetch(`http://127.0.0.1:${house.plain}/posts/1`, { redirect: 'manual', headers: { host: 'localhost' } });
		assert.equal(answer.status, 308);
		assert.equal(answer.headers.get('location'), `${house.url}/posts/1`);
	} finally {
		await house.close();
	}
});

test('the service is as closed as docs/set-up.md says', { skip: spawnSync('systemd-analyze', ['--version']).error ? 'systemd-analyze is absent' : false }, () => {
	const said = spawnSync('systemd-analyze', ['security', '--offline=true', join(ROOT, 'etc/systemd/kith.service')], { encoding: 'utf8' });
	const [, exposure] = /Overall exposure level for kith.service: ([\d.]+)/.exec(said.stdout) ?? [];
	assert.ok(Number(exposure) <= 1, said.stdout.slice(-300));
});

test('the service lets the process that opens pictures raise its walls', { skip: spawnSync('systemd-analyze', ['--version']).error ? 'systemd-analyze is absent' : false }, async () => {
	const calls = (word) => {
		if (!word.startsWith('@')) return [word];
		const { status, stdout } = spawnSync('systemd-analyze', ['syscall-filter', word], { encoding: 'utf8' });
		assert.equal(status, 0, `this systemd has no group ${word}`);
		const lines = stdout.split('\n').slice(1).map((line) => line.trim());
		return lines.filter((line) => line && !line.startsWith('#')).flatMap(calls);
	};
	const allowed = new Set();
	const unit = await readFile(join(ROOT, 'etc/systemd/kith.service'), 'utf8');
	for (const [, not, words] of unit.matchAll(/^SystemCallFilter=(~?)(.*)$/gm)) {
		for (const call of words.split(' ').flatMap(calls)) not ? allowed.delete(call) : allowed.add(call);
	}
	/* what src/media/keeper.c and src/media/confine.c ask for beside the usual; a call that is not allowed kills */
	for (const call of ['landlock_create_ruleset', 'landlock_restrict_self', 'seccomp', 'capget', 'prctl', 'prlimit64', 'pidfd_open', 'memfd_create', 'close_range']) {
		assert.ok(allowed.has(call), `${call} is not allowed`);
	}
});
