// The commands, run as people run them: without a server on the directory, and while one runs there.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Client } from './support/client.mjs';
import { Kith, PASSWORD, run } from './support/kith.mjs';
import { png } from './support/picture.mjs';
import { HELD, HONEST } from './support/texts.mjs';

let scratch;

before(async () => {
	scratch = await mkdtemp(join(tmpdir(), 'kith-cli-'));
});

after(() => rm(scratch, { recursive: true, force: true }));

const lines = (text) => text.split('\n').filter(Boolean);

describe('kith screen', () => {
	const screen = async (input, args = []) => {
		const done = await run(['screen', ...args], { input, cwd: scratch });
		assert.equal(done.code, 0, done.err);
		return { ...done, answers: lines(done.out).map((line) => JSON.parse(line)) };
	};

	test('answers every line in order, ids as they came', async () => {
		const texts = Object.entries({ ...HELD, ...HONEST });
		const input = Array.from({ length: 3000 }, (_, n) => ({ id: n % 2 ? n : `n${n}`, text: texts[n % texts.length][1] }));
		const { answers, err } = await screen(input.map((line) => JSON.stringify(line)).join('\n') + '\n');
		assert.equal(err, '');
		assert.deepEqual(answers.map((answer) => answer.id), input.map((line) => line.id));
		for (const [n, answer] of answers.entries()) {
			const name = texts[n % texts.length][0];
			assert.equal(answer.action === 'hold', name in HELD, `${name}: ${JSON.stringify(answer)}`);
			assert.ok(answer.score >= 0 && answer.score <= 1 && answer.malice >= 0 && answer.malice <= 1);
			assert.deepEqual(answer, { ...answers[n % texts.length], id: answer.id }, 'equal texts, equal answers');
		}
	});

	test('reasons are words and spans of the original bytes', async () => {
		for (const [name, text] of Object.entries(HELD)) {
			const { answers } = await screen(JSON.stringify({ id: 1, text }) + '\n');
			const bytes = Buffer.from(text);
			const spans = answers[0].reasons.flatMap((reason) => reason.spans);
			assert.ok(answers[0].reasons.every((reason) => reason.rule && reason.text.length > 2), name);
			assert.ok(spans.length > 0, name);
			for (const [from, to] of spans) {
				assert.ok(from >= 0 && from < to && to <= bytes.length);
				assert.ok(!bytes.subarray(from, to).toString().includes('\ufffd'), 'a span cuts a character');
			}
		}
	});

	test('plain trade has no malice', async () => {
		for (const [name, text] of Object.entries(HONEST)) {
			const { answers } = await screen(JSON.stringify({ id: name, text }) + '\n');
			assert.equal(answers[0].malice, 0, name);
		}
	});

	test('a bad line gives its number and what is wrong, and the rest goes on', async () => {
		const { answers } = await screen(Buffer.concat([
			Buffer.from('{"id":1,"text":"fine"}\nnot json\n{"id":3}\n{"id":4,"text":7}\n{"id":5,"text":"'),
			Buffer.from([0xff, 0xfe]),
			Buffer.from('"}\n[]\n{"id":7,"text":"x","kind":"poem"}\n{"id":8,"text":"x","at":"noon"}\n{"id":9,"text":"also fine"}'),
		]));
		assert.deepEqual(answers.map((answer) => answer.line ?? answer.id), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
		for (const n of [2, 3, 4, 5, 6, 7, 8]) assert.equal(typeof answers[n - 1].error, 'string');
		for (const n of [1, 9]) assert.equal(answers[n - 1].action, 'allow');
	});

	test('--stats ends with one JSON line on standard error', async () => {
		const input = Array.from({ length: 500 }, (_, id) => JSON.stringify({ id, text: Object.values(HELD)[id % 4] })).join('\n');
		const { err, answers } = await screen(input, ['--stats']);
		assert.equal(answers.length, 500);
		const stats = JSON.parse(lines(err).at(-1));
		assert.equal(stats.messages, 500);
		for (const name of ['mb', 'cpu_s', 'engine_cpu_s', 'p50_us', 'p99_us', 'peak_mb']) assert.ok(stats[name] >= 0, name);
		assert.ok(stats.engine_cpu_s <= stats.cpu_s && stats.p50_us <= stats.p99_us);
	});

	test('no input, no output', async () => assert.equal((await screen('')).out, ''));

	test('a model that is none is refused with one line', async () => {
		await writeFile(join(scratch, 'not.kmodel'), 'nothing of the kind');
		for (const file of ['not.kmodel', 'absent.kmodel']) {
			const done = await run(['screen', '--model', file], { input: '{"id":1,"text":"x"}\n', cwd: scratch });
			assert.equal(done.code, 1);
			assert.equal(lines(done.err).length, 1, done.err);
		}
	});
});

describe('kith views', () => {
	test('shows what the engine reads, line for line', async () => {
		const done = await run(['views'], { input: '加薇❤信 abc12345\nＨｅｌｌｏ\n\n', cwd: scratch });
		assert.equal(done.code, 0, done.err);
		const [hidden, wide, empty, ...more] = lines(done.out).map((line) => JSON.parse(line));
		assert.deepEqual(more, []);
		assert.equal(hidden.raw, '加薇❤信 abc12345');
		assert.ok(hidden.effort > 0 && hidden.effort > wide.effort, 'hiding a handle costs more than wide letters');
		assert.ok(hidden.handles.length > 0, done.out);
		assert.equal(wide.folded, 'hello');
		assert.equal(empty.raw, '');
	});
});

describe('kith train', () => {
	const row = (text, label) => JSON.stringify({ text, label });
	const training = Array.from({ length: 400 }, (_, n) =>
		n % 2 ? row(`buy cheap watches now number ${n} best price`, 1) : row(`we walked by the river on day ${n} and it rained`, 0),
	).join('\n');

	test('gives a model that screen reads, the same bytes for the same file', async () => {
		await writeFile(join(scratch, 'train.jsonl.gz'), gzipSync(training));
		for (const out of ['one.kmodel', 'two.kmodel']) {
			const done = await run(['train', '--out', out, 'train.jsonl.gz'], { cwd: scratch });
			assert.equal(done.code, 0, done.err);
		}
		const [one, two] = await Promise.all(['one.kmodel', 'two.kmodel'].map((name) => stat(join(scratch, name))));
		assert.equal(one.size, two.size);
		const score = async (model, text) => {
			const done = await run(['screen', '--model', model], { input: JSON.stringify({ id: 1, text }) + '\n', cwd: scratch });
			return JSON.parse(done.out).score;
		};
		assert.equal(await score('one.kmodel', 'cheap watches'), await score('two.kmodel', 'cheap watches'));
		assert.ok((await score('one.kmodel', 'buy cheap watches best price')) > (await score('one.kmodel', 'we walked by the river')));
	});

	test('a bad line is refused with its number', async () => {
		await writeFile(join(scratch, 'bad.jsonl'), row('x', 0) + '\n{"text":"y","label":3}\n');
		const done = await run(['train', '--out', 'bad.kmodel', 'bad.jsonl'], { cwd: scratch });
		assert.equal(done.code, 1);
		assert.match(done.err, /2/);
		await assert.rejects(stat(join(scratch, 'bad.kmodel')));
	});
});

for (const served of [false, true]) {
	describe(`people from the shell, ${served ? 'while a server runs on the directory' : 'without a server'}`, () => {
		let dir, kith;

		before(async () => {
			dir = await mkdtemp(join(tmpdir(), 'kith-shell-'));
			if (served) kith = await Kith.start({ dir });
		});

		after(async () => {
			await kith?.stop();
			await rm(dir, { recursive: true, force: true });
		});

		const command = (args, input = '') => run([...args, '--data', dir], { input });
		const person = async (handle) => {
			const { out } = await command(['account', 'list', '--json']);
			return lines(out).map((line) => JSON.parse(line)).find((it) => it.handle === handle);
		};

		test('an account is made, listed, sealed and unsealed', async () => {
			const made = await command(['account', 'create', 'lin', '--role', 'steward', '--display-name', '林巧', '--password-stdin'], PASSWORD + '\n');
			assert.equal(made.code, 0, made.err);
			const lin = await person('lin');
			assert.deepEqual([lin.display_name, lin.role, lin.status], ['林巧', 'steward', 'active']);
			assert.match((await command(['account', 'list'])).out, /lin.*steward.*active/);
			for (const [words, status, said] of [
				[['seal', 'lin', '--reason', 'sells passwords'], 'active', /^sealed from 20/],
				[['seal', 'lin', '--reason', 'sells passwords'], 'active', /^there is a seal already$/m],
				[['seal', 'lin', '--reason', 'in other hands', '--seized'], 'sealed', /^sealed from 20/],
				[['unseal', 'lin'], 'active', /^$/],
			]) {
				const done = await command(['account', ...words]);
				assert.equal(done.code, 0, done.err);
				assert.match(done.out, said);
				assert.equal((await person('lin')).status, status);
			}
			const mute = await command(['account', 'seal', 'lin']);
			assert.equal(mute.code, 2);
			assert.match(mute.err, /--reason/);
		});

		test('what is refused says why in one line and exits 1; what is misused exits 2', async () => {
			for (const [args, input] of [
				[['account', 'create', 'lin', '--password-stdin'], PASSWORD],
				[['account', 'create', 'x', '--password-stdin'], PASSWORD],
				[['account', 'create', 'short.pw', '--password-stdin'], 'short'],
				[['account', 'create', 'no.pw', '--password-stdin'], ''],
				[['account', 'seal', 'nobody', '--reason', 'x'], ''],
				[['account', 'seal', 'lin', '--reason', 'x'.repeat(501)], ''],
				[['account', 'reset', 'nobody'], ''],
				[['token', 'create', 'nobody'], ''],
				[['load', join(scratch, 'absent.jsonl')], ''],
			]) {
				const done = await command(args, input);
				assert.equal(done.code, 1, `${args.join(' ')}: ${done.code} ${done.err}`);
				assert.equal(lines(done.err).length, 1, `${args.join(' ')}: ${done.err}`);
				assert.equal(done.out, '');
			}
			for (const args of [
				['account', 'create'], ['account', 'create', 'a', '--role', 'king'], ['account', 'create', 'a', '--colour', 'red'],
				['account', 'fly'], ['account'], ['token', 'create'], ['token', 'create', 'lin', '--scopes', 'read fly'], ['load'], ['invite', 'create', '--uses', 'many'], ['invite', 'create', '--uses', '0'],
			]) {
				const done = await command(args);
				assert.equal(done.code, 2, `${args.join(' ')}: ${done.code} ${done.err}`);
				assert.notEqual(done.err, '');
			}
		});

		test('a token is alone on standard output; an invitation and a reset are links', async () => {
			const { out: token } = await command(['token', 'create', 'lin', '--scopes', 'read write']);
			assert.match(token, /^[\w-]{20,}\n$/);
			const invite = await command(['invite', 'create', '--uses', '3', '--expires', '12h', '--by', 'lin']);
			assert.match(invite.out, /^http:\/\/\S+\/join\/[\w-]{16,}\n$/);
			const reset = await command(['account', 'reset', 'lin']);
			assert.match(reset.out, /^http:\/\/\S+\/reset\/[\w-]{20,}\n$/);
			if (!served) kith = await Kith.start({ dir });
			const lin = new Client(kith.url, { token: token.trim() });
			assert.equal((await lin.get('/api/v1/accounts/verify_credentials')).acct, 'lin');
			const code = invite.out.trim().split('/').pop();
			assert.equal((await kith.anyone().get(`/api/kith/v1/invites/${code}`)).invited_by, '林巧');
		});
	});

	describe(`kith load, ${served ? 'while a server runs' : 'without a server'}`, () => {
		let dir, kith;
		const T = Date.UTC(2026, 0, 1);
		const people = ['ada', 'bo'].map((handle) => ({ type: 'person', handle, display_name: handle, token: `token-${handle}-0123456789abcdef0123` }));
		const good = [
			...people,
			{ type: 'friendship', a: 'ada', b: 'bo', at: T },
			{ type: 'list', owner: 'ada', title: 'Close', members: ['bo'] },
			{ type: 'post', key: 'p1', author: 'ada', text: 'First 你好', at: T + 1000 },
			{ type: 'post', key: 'p2', author: 'ada', text: 'For the tag', at: T + 2000, audience: { kind: 'only', lists: ['Close'], people: [] } },
			{ type: 'post', key: 'p3', author: 'ada', text: 'For myself', at: T + 3000, audience: { kind: 'self' } },
			{ type: 'comment', key: 'c1', post: 'p1', author: 'bo', text: 'Second', at: T + 4000 },
			{ type: 'comment', key: 'c2', post: 'p1', author: 'ada', text: 'Third', at: T + 5000, reply_to: 'c1' },
			{ type: 'like', post: 'p1', author: 'bo', at: T + 6000 },
		];
		const jsonl = (rows) => rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n') + '\n';

		before(async () => {
			dir = await mkdtemp(join(tmpdir(), 'kith-load-'));
			if (served) kith = await Kith.start({ dir });
		});

		after(async () => {
			await kith?.stop();
			await rm(dir, { recursive: true, force: true });
		});

		const load = async (rows, options = []) => {
			const file = join(scratch, `load-${served}.jsonl`);
			await writeFile(file, jsonl(rows));
			return run(['load', ...options, file, '--data', dir]);
		};
		const as = (handle) => new Client(kith.url, { token: `token-${handle}-0123456789abcdef0123` });

		test('people, friendships, tags, posts with audiences, comments and likes are there afterwards', async () => {
			const done = await load(good);
			assert.equal(done.code, 0, done.err);
			assert.match(done.out, /10/);
			if (!served) kith = await Kith.start({ dir });
			const [ada, bo] = [as('ada'), as('bo')];
			const texts = (all) => all.map((status) => status.content.replace(/<[^>]*>/g, ''));
			assert.deepEqual(texts(await bo.get('/api/v1/timelines/home')), ['For the tag', 'First 你好']);
			const home = await ada.get('/api/v1/timelines/home');
			assert.deepEqual(texts(home), ['For myself', 'For the tag', 'First 你好']);
			assert.equal(Date.parse(home[2].created_at), T + 1000);
			const first = home[2];
			assert.deepEqual(texts((await ada.get(`/api/v1/statuses/${first.id}/context`)).descendants), ['Second', 'Third']);
			assert.equal(first.favourites_count, 1);
			assert.deepEqual((await ada.get('/api/v1/lists')).map((list) => list.title), ['Close']);
			if (!served) {
				await kith.stop();
				kith = null;
			}
		});

		test('groups, who is in them, and what is said there', async () => {
			const post = { type: 'post', key: 'g1', author: 'bo', text: 'In the group', at: T + 7000, audience: { kind: 'group', group: 'Walkers' } };
			const done = await load([
				{ type: 'group', owner: 'ada', title: 'Walkers', about: 'Sundays', members: ['bo'], at: T },
				{ type: 'group', owner: 'bo', title: 'Alone', members: [] },
				post,
				{ type: 'comment', key: 'g2', post: 'g1', author: 'ada', text: 'Seen', at: T + 8000 },
			]);
			assert.equal(done.code, 0, done.err);
			if (!served) kith = await Kith.start({ dir });
			const [ada, bo] = [as('ada'), as('bo')];
			const [group] = await ada.get('/api/kith/v1/groups');
			assert.deepEqual([group.title, group.about, group.role, group.members_count], ['Walkers', 'Sundays', 'owner', 2]);
			assert.equal(Date.parse(group.created_at), T);
			assert.deepEqual((await bo.get('/api/kith/v1/groups')).map(({ title }) => title), ['Alone', 'Walkers']);
			const [status] = await ada.get(`/api/kith/v1/groups/${group.id}/timeline`);
			assert.deepEqual([status.kith_text, status.replies_count, status.kith_group.title], ['In the group', 1, 'Walkers']);
			if (!served) {
				await kith.stop();
				kith = null;
			}
			const twice = [{ type: 'group', owner: 'ada', title: 'Twice' }, { type: 'group', owner: 'bo', title: 'Twice' }];
			assert.match((await load(twice)).err, /line 2\b.*title/);
			const outside = [{ type: 'group', owner: 'ada', title: 'Without bo', members: [] }, { ...post, key: 'g3', audience: { kind: 'group', group: 'Without bo' } }];
			assert.match((await load(outside)).err, /audience/);
		});

		test('pictures of a post lie beside the load file or below it, and are opened with and without a server', async () => {
		const folder = await mkdtemp(join(scratch, 'pictures-'));
		await mkdir(join(folder, 'below'));
		await writeFile(join(folder, 'below', 'a.png'), png({ seed: 1 }));
		await writeFile(join(folder, 'b.png'), png({ seed: 2 }));
		await writeFile(join(folder, 'text.png'), 'no picture');
		await symlink(join(folder, 'b.png'), join(folder, 'link.png'));
		const file = join(folder, 'circle.jsonl');
		const load = async (key, pictures, data) => {
			const post = { type: 'post', key, author: 'lin', text: '', at: 1, pictures };
			await writeFile(file, [...(data.people ?? []), post].map((line) => JSON.stringify(line)).join('\n') + '\n');
			return run(['load', '--data', data.dir, file]);
		};
		const person = { type: 'person', handle: 'lin', token: 'token-of-lin-0123456789abcdef' };
		const dir = join(folder, 'data');
		const alone = await load('p1', [{ file: 'below/a.png', description: 'a hill' }, 'b.png'], { dir, people: [person] });
		assert.equal(alone.code, 0, alone.err);
		const kith = await Kith.start({ dir });
		try {
			assert.equal((await load('p2', ['b.png'], { dir })).code, 0);
			const lin = new Client(kith.url, { token: person.token });
			lin.id = (await lin.get('/api/v1/accounts/verify_credentials')).id;
			const album = await lin.get(`/api/v1/accounts/${lin.id}/statuses`);
			assert.deepEqual(album.map((post) => post.media_attachments.map((m) => m.description)), [[null], ['a hill', null]]);
			for (const media of album.flatMap((post) => post.media_attachments)) (await lin.send('GET', media.url)).must(200);
			for (const wrong of [['../x.png'], ['/etc/hostname'], ['link.png'], ['absent.png'], ['below'], ['text.png'], [7], 'b.png', Array(10).fill('b.png')]) {
				const refused = await load('p3', wrong, { dir });
				assert.equal(refused.code, 1, JSON.stringify(wrong));
				assert.match(refused.err, /^kith: line 1: (pictures|file) /, JSON.stringify(wrong));
			}
			const piped = await run(['load', '--data', dir, '-'], { input: JSON.stringify({ type: 'post', key: 'p4', author: 'lin', text: '', at: 1, pictures: ['b.png'] }) });
			assert.match(piped.err, /pictures lie beside the load file/);
		} finally {
			await kith.stop();
		}
	});

	test('a bad line stops the load with its number, its batch is not kept, and --from goes on from there', async () => {
			const rows = Array.from({ length: 2500 }, (_, n) => ({ type: 'post', key: `k${n}`, author: 'bo', text: `Row ${n}`, at: T + 10_000 + n }));
			const bad = [...rows];
			bad[2222] = { ...rows[2222], author: 'nobody' };
			const stopped = await load(bad, ['--no-screen']);
			assert.equal(stopped.code, 1);
			assert.match(stopped.err, /line 2223\b/);
			assert.match(stopped.err, /author/);
			assert.match(stopped.err, /--from 2001\b/);
			const finished = await load(rows, ['--no-screen', '--from', '2001']);
			assert.equal(finished.code, 0, finished.err);
			if (!served) kith = await Kith.start({ dir });
			const seen = [];
			let path = '/api/v1/timelines/home?limit=40';
			while (path) {
				const answer = (await as('bo').send('GET', path)).must(200);
				seen.push(...answer.json.map((status) => status.content.replace(/<[^>]*>/g, '')));
				path = answer.links.next;
			}
			const mine = seen.filter((text) => text.startsWith('Row '));
			assert.deepEqual(mine, rows.map((row) => row.text).reverse(), 'each once, none missing');
			if (!served) {
				await kith.stop();
				kith = null;
			}
		});

		for (const [name, row, what] of [
			['what is no JSON', '{"type":', /line 1\b/],
			['a type nobody knows', { type: 'poem' }, /type/],
			['a person without a handle', { type: 'person' }, /handle/],
			['a handle that is taken', { type: 'person', handle: 'ada' }, /handle/],
			['a post by nobody', { type: 'post', key: 'z1', author: 'nobody', text: 'x', at: T }, /author/],
			['a post without a time', { type: 'post', key: 'z2', author: 'ada', text: 'x' }, /at /],
			['a text too long', { type: 'post', key: 'z3', author: 'ada', text: 'x'.repeat(2001), at: T }, /text/],
			['a text that is a number', { type: 'post', key: 'z4', author: 'ada', text: 1, at: T }, /text/],
			['a comment on nothing', { type: 'comment', key: 'z5', post: 'nothing', author: 'ada', text: 'x', at: T }, /post/],
			['a friendship with oneself', { type: 'friendship', a: 'ada', b: 'ada' }, /\b[ab]\b|friend/],
			['a group with nobody there', { type: 'group', owner: 'ada', title: 'Group', members: ['nobody'] }, /members/],
			['a group without a title', { type: 'group', owner: 'ada' }, /title/],
			['a group nobody made', { type: 'post', key: 'z7', author: 'ada', text: 'x', at: T, audience: { kind: 'group', group: 'None' } }, /audience/],
			['an audience nobody knows', { type: 'post', key: 'z6', author: 'ada', text: 'x', at: T, audience: { kind: 'world' } }, /audience/],
		]) {
			test(`refused: ${name}`, async () => {
				const done = await load([row]);
				assert.equal(done.code, 1, done.err);
				assert.match(done.err, /line 1\b/);
				assert.match(done.err, what);
			});
		}

		test('posts are screened unless told otherwise', async () => {
			const rows = ['h1', 'h2'].map((key) => ({ type: 'post', key, author: 'bo', text: Object.values(HELD)[0], at: Date.now() - 1000 }));
			assert.equal((await load([rows[0]])).code, 0);
			assert.equal((await load([rows[1]], ['--no-screen'])).code, 0);
			if (!served) kith = await Kith.start({ dir });
			const states = (await as('bo').get('/api/v1/timelines/home?limit=2')).map((status) => status.kith_state).sort();
			assert.deepEqual(states, ['held', 'published']);
			assert.equal((await as('bo').get('/api/kith/v1/measures')).filter((measure) => measure.kind === 'hold').length, 1);
		});
	});
}

describe('kith serve', () => {
	test('one directory has one server', async () => {
		const kith = await Kith.start();
		await assert.rejects(Kith.start({ dir: kith.dir }), /ended \(1\)/);
		await kith.anyone().get('/healthz');
		await kith.stop();
	});

	test('options that are wrong exit 2, a place that is taken exits 1', async () => {
		const dir = join(scratch, 'unused');
		for (const args of [['--listen', 'nonsense'], ['--friends-max', 'x'], ['--url', 'ftp://x'], ['--colour', 'red'], ['extra']]) {
			const done = await run(['serve', '--data', dir, ...args]);
			assert.ok([1, 2].includes(done.code), `${args}: ${done.code}`);
			assert.notEqual(done.err, '');
		}
		const kith = await Kith.start();
		const done = await run(['serve', '--data', dir, '--listen', new URL(kith.url).host]);
		assert.equal(done.code, 1, done.err);
		await kith.stop();
	});

	test('SIGTERM answers what is in flight and exits 0', async () => {
		const kith = await Kith.start();
		const { ada } = await kith.people(['ada']);
		const asked = Array.from({ length: 40 }, (_, n) => ada.send('POST', '/api/v1/statuses', { status: `last words ${n}` }).catch(() => null));
		await asked[0];
		await kith.stop({ keep: true });
		const kept = (await Promise.all(asked)).filter((answer) => answer?.status === 200).map((answer) => answer.json.id);
		assert.ok(kept.length >= 1);
		const again = await Kith.start({ dir: kith.dir });
		const there = await new Client(again.url, { token: ada.token }).homeIds();
		assert.deepEqual(kept.filter((id) => !there.includes(id)), []);
		await again.stop({ keep: false });
	});

	test('the control socket and the directory are nobody else’s', async () => {
		const kith = await Kith.start();
		assert.equal((await stat(join(kith.dir, 'control.sock'))).mode & 0o777, 0o600);
		assert.equal((await stat(join(kith.dir, 'kith.db'))).mode & 0o077, 0);
		await kith.stop();
	});

	test('metrics count on a socket of their own, without a name, an id or a text', async () => {
		const kith = await Kith.start();
		const { ada } = await kith.people(['ada']);
		await ada.say('counted, not told');
		await ada.send('GET', '/api/v1/statuses/1');
		const text = await new Promise((done, fail) => {
			request({ socketPath: join(kith.dir, 'metrics.sock'), path: '/metrics' }, async (answer) => {
				const parts = [];
				for await (const part of answer) parts.push(part);
				done(Buffer.concat(parts).toString());
			}).on('error', fail).end();
		});
		assert.match(text, /^# TYPE \w+ counter$/m);
		assert.match(text, /^\w+\{[^}]*\/api\/v1\/statuses[^}]*\} [1-9]/m, 'counted by route');
		for (const word of ['ada', ada.id, 'counted, not told', ada.token]) assert.ok(!text.includes(word), word);
		(await kith.anyone().send('GET', '/metrics')).must(404);
		await kith.stop();
	});
});

test('what is written wrong is said before anything is opened: exit 2', async () => {
	const dir = join(scratch, 'never-opened');
	for (const [args, says] of [
		[['serve', '--listen', 'nope'], /--listen: .*ADDR:PORT/], [['serve', '--listen', 'localhost:1'], /--listen: .*numeric/], [['serve', '--listen', 'unix:'], /--listen: /],
		[['serve', '--metrics', 'nope'], /--metrics: /], [['serve', '--database', 'postgres://db/kith'], /--database is sqlite/],
	]) {
		const done = await run([...args, '--data', dir], { cwd: scratch });
		assert.equal(done.code, 2, `${args.join(' ')}: ${done.err}`);
		assert.match(done.err, says);
		await assert.rejects(stat(dir), 'nothing is made');
	}
});

test('a scope that is none is named: exit 2', async () => {
	const dir = join(scratch, 'scopes');
	await run(['account', 'create', 'lin', '--data', dir], { cwd: scratch });
	const done = await run(['token', 'create', 'lin', '--scopes', 'read bogus', '--data', dir], { cwd: scratch });
	assert.equal(done.code, 2, done.err);
	assert.match(done.err, /bogus/);
	assert.equal(done.out, '');
	assert.equal((await run(['token', 'create', 'lin', '--scopes', 'read  write', '--data', dir], { cwd: scratch })).code, 0);
});

test('help is on standard output and exits 0, for every command', async () => {
	const help = await run(['--help']);
	assert.equal(help.code, 0);
	const commands = [...help.out.matchAll(/^ {2}([\w-]+) /gm)].map((match) => match[1]);
	for (const name of ['serve', 'account', 'token', 'invite', 'load', 'screen', 'views', 'train']) assert.ok(commands.includes(name), name);
	for (const args of [...commands.map((name) => [name]), ['account', 'create'], ['token', 'create'], ['invite', 'create']]) {
		const done = await run([...args, '--help'], { cwd: scratch });
		assert.equal(done.code, 0, args.join(' '));
		assert.match(done.out, /usage|kith/);
		assert.match(done.out, /\nexample: [^\n]*\bkith [^\n]*\n$/, `ends with an example: ${args.join(' ')}`);
		assert.equal(done.err, '');
		// and so do the verbs that it names
		for (const [, verb] of done.out.matchAll(new RegExp(`^(?:usage:|      ) kith ${args[0]} ([a-z]+)\\b`, 'gm'))) {
			if (args.length > 1) continue;
			const help = await run([...args, verb, '--help'], { cwd: scratch });
			assert.match(help.out, /\nexample: [^\n]*\bkith [^\n]*\n$/, `${args[0]} ${verb}`);
		}
	}
	assert.match(help.out, /\nexample: kith [^\n]*\n$/);
	assert.equal((await run([])).code, 2);
	assert.equal((await run(['nonsense'])).code, 2);
});
