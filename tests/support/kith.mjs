// A real `kith serve` for tests: its own data directory, a free port, ended by its pid.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const PROGRAM = process.env.KITH || join(ROOT, 'build/kith');
const LOG_KEPT_BYTES = 4 * 1024 * 1024;
const READY_MS = 30_000;
const DRAIN_MS = 30_000;

/** Every secret and every person of the tests: not a real one. */
export const PASSWORD = 'correct horse battery';

/** Runs the program once; gives its exit code and both outputs as bytes. */
export async function run(args, { input = '', env = {}, cwd = ROOT } = {}) {
	const child = spawn(PROGRAM, args, { cwd, env: { ...process.env, ...env } });
	const out = [];
	const err = [];
	child.stdout.on('data', (bytes) => out.push(bytes));
	child.stderr.on('data', (bytes) => err.push(bytes));
	child.stdin.on('error', () => {}); // it may not read all it is given
	child.stdin.end(input);
	const [code, signal] = await once(child, 'close');
	return { code, signal, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

/** What a run that went well said. */
export const done = (result) => {
	assert.equal(result.code, 0, result.err);
	return result.out.trim();
};

/** Of a run that must not go well. */
export const refused = (result, words) => {
	assert.equal(result.code, 1, result.out + result.err);
	assert.match(result.err, words);
};

// A run that is broken off takes its servers along.
const running = new Set();
process.on('exit', () => {
	for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => process.exit(1));

function within(ms, what, promise, log) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what} took over ${ms} ms\n${log()}`)), ms);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/* The policy's words, compiled once for all tests, as src/circle/words_testing.h has it: half of a start in a new folder. */
const WORDS = process.env.KITH_BUILD && join(process.env.KITH_BUILD, 'words');
const words_in = async (folder) => (await readdir(folder).catch(() => [])).filter((name) => /^words-.*\.hs$/.test(name));

async function bring_words(folder) {
	if (!WORDS) return;
	for (const name of await words_in(WORDS)) await symlink(join(WORDS, name), join(folder, name));
}

async function keep_words(folder) {
	if (!WORDS) return;
	await mkdir(WORDS, { recursive: true });
	const kept = await words_in(WORDS);
	for (const name of await words_in(folder)) {
		if (kept.includes(name)) continue;
		const beside = join(WORDS, `${name}.${process.pid}`);
		await copyFile(join(folder, name), beside);
		await rename(beside, join(WORDS, name));
	}
}

export class Kith {
	#child;
	#exit;
	#log = '';
	#keep;

	/** `keep`: a directory to go on with; else a fresh one, removed by stop(). */
	static async start({ dir, args = [], env = {} } = {}) {
		if (!existsSync(PROGRAM)) {
			throw new Error(`no program at ${PROGRAM}: build it, or say in $KITH where it is`);
		}
		const kith = new Kith();
		kith.#keep = dir !== undefined;
		kith.dir = dir ?? (await mkdtemp(join(tmpdir(), 'kith-test-')));
		if (!kith.#keep) await bring_words(kith.dir);
		kith.tokens = new Map();
		await kith.#spawn(args, env);
		return kith;
	}

	async #spawn(args, env) {
		const listen = this.url ? new URL(this.url).host : '127.0.0.1:0';
		const child = spawn(PROGRAM, ['serve', '--listen', listen, '--data', this.dir, ...args], {
			cwd: ROOT,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.#child = child;
		this.#exit = once(child, 'exit');
		running.add(child);
		child.once('exit', () => running.delete(child));
		this.pid = child.pid;
		child.stderr.on('data', (bytes) => {
			this.#log = (this.#log + bytes).slice(-LOG_KEPT_BYTES);
		});
		const ready = new Promise((done, fail) => {
			let said = '';
			child.stdout.on('data', (bytes) => {
				said += bytes;
				const line = /^kith: ready on (http:\/\/\S+)$/m.exec(said);
				if (line) done(line[1].replace(/\/$/, ''));
			});
			child.once('exit', (code, signal) => fail(new Error(`kith serve ended (${code ?? signal})\n${this.#log}`)));
			child.once('error', fail);
		});
		this.url = await within(READY_MS, 'getting ready', ready, () => this.#log);
	}

	/** After stop({ keep: true }): goes on where it was, so that clients stay good. */
	again(env = {}, args = []) {
		return this.#spawn(args, env);
	}

	/** What it wrote to standard error, the last of it. */
	get log() {
		return this.#log;
	}

	/** SIGTERM: drains and must exit 0. Removes the directory unless it was given or is to be kept. */
	async stop({ keep = this.#keep } = {}) {
		this.#child.kill('SIGTERM');
		const [code, signal] = await within(DRAIN_MS, 'stopping', this.#exit, () => this.#log);
		if (!keep) {
			await keep_words(this.dir);
			await rm(this.dir, { recursive: true, force: true });
		}
		if (code !== 0) throw new Error(`SIGTERM must end in exit 0, not ${code ?? signal}\n${this.#log}`);
	}

	/** SIGKILL, and the directory as it was left. */
	async kill() {
		this.#child.kill('SIGKILL');
		await this.#exit;
	}

	/** A command on this directory, which the server carries out. */
	async command(args, input = '') {
		return run([...args, '--data', this.dir], { input });
	}

	async #must(args, input) {
		const done = await this.command(args, input);
		if (done.code !== 0) throw new Error(`kith ${args.join(' ')}: exit ${done.code}\n${done.err}`);
		return done.out.trim();
	}

	/** A person with a password, as `kith account create` makes one. */
	async account(handle, { role = 'member', name = handle, password = PASSWORD } = {}) {
		await this.#must(
			['account', 'create', handle, '--role', role, '--display-name', name, '--password-stdin'],
			password + '\n',
		);
		return this.client(handle);
	}

	async token(handle, scopes) {
		return this.#must(['token', 'create', handle, ...(scopes ? ['--scopes', scopes] : [])]);
	}

	/** A client of HTTP that carries this person's token. */
	async client(handle) {
		const client = new Client(this.url, { token: await this.token(handle), handle });
		client.id = (await client.get('/api/v1/accounts/verify_credentials')).id;
		return client;
	}

	/** The code of an invitation. */
	async invitation(args = []) {
		const link = await this.#must(['invite', 'create', ...args]);
		return link.slice(link.lastIndexOf('/') + 1);
	}

	/** Bulk load, without a password for anybody: lines as `kith load` reads them. */
	async load(lines, options = []) {
		const text = lines.map((line) => JSON.stringify(line)).join('\n') + '\n';
		return this.#must(['load', ...options, '-'], text);
	}

	/** People with tokens at once, each a client, by handle; a person is a handle, or a line as `kith load` reads it; `friends` are pairs of handles. */
	async people(all, friends = []) {
		const token = (handle) => `token-of-${handle}-0123456789abcdef0123456789abcdef`;
		const lines = all.map((it) => (typeof it === 'string' ? { handle: it } : it));
		await this.load([
			...lines.map((it) => ({ type: 'person', display_name: it.handle, token: token(it.handle), ...it })),
			...friends.map(([a, b]) => ({ type: 'friendship', a, b })),
		]);
		const clients = {};
		for (const { handle } of lines) {
			clients[handle] = new Client(this.url, { token: token(handle), handle });
			clients[handle].id = (await clients[handle].get('/api/v1/accounts/verify_credentials')).id;
		}
		return clients;
	}

	anyone() {
		return new Client(this.url);
	}
}
