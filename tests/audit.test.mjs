// The log of the order from the shell and from outside: whole, touched, with a key that is lost, and a receipt that nobody here made.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Kith, ROOT, run } from './support/kith.mjs';

const ran = promisify(execFile);
const VERIFY = join(ROOT, 'tests/verify_log.py');

/** Python with the checker of the log as a module: what it prints. */
const python = async (code, ...args) => (await ran('python3', ['-c', code, ...args], { cwd: join(ROOT, 'tests') })).stdout;

/** Runs statements on the database behind the program's back. */
const behind = (dir, ...statements) =>
	python(
		'import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1] + "/kith.db")\nfor one in sys.argv[2:]: db.execute(one)\ndb.commit()',
		dir,
		...statements,
	);

/** How many records there are: now and then one is written that says nothing. */
async function records(dir) {
	const done = await run(['audit', 'verify', '--json', '--data', dir]);
	assert.equal(done.code, 0, done.out + done.err);
	return JSON.parse(done.out).records;
}

async function elsewhere(t) {
	const place = await mkdtemp(join(tmpdir(), 'kith-audit-'));
	t.after(() => rm(place, { recursive: true, force: true }));
	return place;
}

test('a fresh circle has a log, a root and a key that anybody may look at', async (t) => {
	const place = await elsewhere(t);
	const kith = await Kith.start();
	const anyone = kith.anyone();
	const key = (await anyone.send('GET', '/api/kith/v1/audit/key')).must(200).json;
	const roots = (await anyone.send('GET', '/api/kith/v1/audit/roots')).must(200).json;
	assert.equal(roots.length, 1);
	assert.equal(roots[0].size, 64);
	const day = roots[0].day;
	const link = (await anyone.send('GET', `/api/kith/v1/audit/consistency?from=${day}&to=${day}`)).must(200).json;
	assert.deepEqual(link, { from: roots[0], to: roots[0], proof: [] });
	for (const [name, value] of Object.entries({ key, roots, link })) {
		await writeFile(join(place, name), JSON.stringify(value));
	}
	const said = await ran('python3', [VERIFY, join(place, 'key'), join(place, 'roots'), '--consistency', join(place, 'link')]);
	assert.match(said.stdout, /^1 roots are signed\n/);

	const page = await anyone.send('GET', '/audit');
	page.must(200);
	assert.ok(page.text.replaceAll('<wbr>', '').includes(roots[0].root));
	assert.ok(!page.text.includes('<script'));

	const shell = await kith.command(['audit', 'roots']);
	assert.equal(shell.out, `key ${key.key}\n${day} ${'64'.padStart(10)} ${roots[0].root}\n`);
	assert.deepEqual(JSON.parse((await kith.command(['audit', 'roots', '--json'])).out), roots[0]);
	const whole = await kith.command(['audit', 'verify', '--root', roots[0].root, '--key', key.key]);
	assert.equal(whole.code, 0, whole.err);
	assert.match(whole.out, /^the log is whole: \d+ records, 1 roots/);
	assert.match(whole.out, /the root that was given is that of a beginning of it/);
	await kith.stop({ keep: false });
});

test('verify finds what was touched, with a server and without, and so does check', async (t) => {
	const kith = await Kith.start({ dir: await elsewhere(t) });
	const [root] = (await kith.anyone().send('GET', '/api/kith/v1/audit/roots')).must(200).json;
	const other = root.root.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
	const forgotten = await kith.command(['audit', 'verify', '--root', other]);
	assert.equal(forgotten.code, 1);
	assert.match(forgotten.out, /no beginning of the log has the root that is remembered/);
	assert.equal((await kith.command(['audit', 'verify', '--root', 'abc'])).code, 2);
	const stranger = await kith.command(['audit', 'verify', '--key', other]);
	assert.equal(stranger.code, 1);

	await behind(kith.dir, "UPDATE audit SET record = replace(record, 'log.filler', 'log.killer') WHERE seq = 17");
	const touched = await kith.command(['audit', 'verify']);
	assert.equal(touched.code, 1);
	assert.match(touched.out, /^the log is not what was written: .*: record 17\n$/);
	await kith.stop();
	const json = JSON.parse((await run(['audit', 'verify', '--json', '--data', kith.dir])).out);
	assert.equal(json.whole, false);
	assert.equal(json.fault.record, 17);
	const check = await run(['check', '--data', kith.dir]);
	assert.equal(check.code, 1);
	assert.match(check.out, /the log of the order is not what was written: .*record 17/);

	await behind(kith.dir, "UPDATE audit SET record = replace(record, 'log.killer', 'log.filler') WHERE seq = 17");
	assert.equal((await run(['audit', 'verify', '--data', kith.dir])).code, 0);
	await behind(kith.dir, 'DELETE FROM audit_roots');
	assert.equal((await run(['audit', 'verify', '--data', kith.dir])).code, 1);
});

test('a lost key is missed, and that there is a new one is in the log', async (t) => {
	const kith = await Kith.start({ dir: await elsewhere(t) });
	const { key } = (await kith.anyone().send('GET', '/api/kith/v1/audit/key')).json;
	await kith.stop();
	const n = await records(kith.dir);
	const file = join(kith.dir, 'audit.key');
	assert.match(await readFile(file, 'utf8'), /^[0-9a-f]{64}\n$/);
	await unlink(file);
	const missed = await run(['audit', 'verify', '--data', kith.dir]);
	assert.equal(missed.code, 1);
	assert.match(missed.err, /audit\.key, which the log is signed with, is not there/);
	await writeFile(file, '');
	const again = await run(['audit', 'verify', '--data', kith.dir]);
	assert.equal(again.code, 0, again.err);
	assert.match(again.out, new RegExp(`its key was changed 1 times, the last time with record ${n + 1}\n`));
	const old = await run(['audit', 'verify', '--key', key, '--data', kith.dir]);
	assert.equal(old.code, 1);
	assert.match(old.out, new RegExp(`the log's key is another: record ${n + 1}\n`));
});

test('an archive has the receipts of its owner', async (t) => {
	const place = await elsewhere(t);
	const kith = await Kith.start({ dir: join(place, 'data') });
	await kith.people(['ada']);
	const zip = join(place, 'ada.zip');
	assert.equal((await kith.command(['export', 'ada', zip])).code, 0);
	await kith.stop();
	await python('import sys, zipfile\nzipfile.ZipFile(sys.argv[1]).extract("receipts.json", sys.argv[2])', zip, place);
	const none = await run(['audit', 'receipt', 'verify', join(place, 'receipts.json')]);
	assert.equal(none.code, 0, none.err);
	assert.equal(none.out, 'no receipt is in it\n');
});

test('a restore does not take the log back', async (t) => {
	const place = await elsewhere(t);
	const kith = await Kith.start({ dir: join(place, 'data') });
	const [root] = (await kith.anyone().send('GET', '/api/kith/v1/audit/roots')).json;
	await kith.stop();
	const n = await records(kith.dir);
	assert.equal((await run(['backup', join(place, 'backup'), '--data', kith.dir])).code, 0);
	// A key that is changed after the backup: a record that the backup has not got.
	await writeFile(join(kith.dir, 'audit.key'), '');
	assert.equal(await records(kith.dir), n + 1);
	const back = await run(['restore', join(place, 'backup'), '--data', kith.dir]);
	assert.equal(back.code, 0, back.err);
	assert.ok(!back.out.includes('its records since are lost'));
	const here = await run(['audit', 'verify', '--root', root.root, '--data', kith.dir]);
	assert.equal(here.code, 0, here.out + here.err);
	assert.ok(here.out.includes(`changed 1 times, the last time with record ${n + 1}\n`), here.out);
	assert.equal(await records(kith.dir), n + 2);

	// On a machine that has nothing but the backup.
	const bare = join(place, 'bare');
	assert.equal((await run(['restore', join(place, 'backup'), '--data', bare])).code, 0);
	const there = await run(['audit', 'verify', '--root', root.root, '--data', bare]);
	assert.equal(there.code, 0, there.out + there.err);
	assert.equal(await records(bare), n + 1);
});

// Made here after docs/api.md and RFC 8032, so that both sides are held to the paper and not to each other.
const MAKE = `
import hashlib, json, sys
import verify_log as log

seed = bytes(range(32))
h = hashlib.sha512(seed).digest()
a = int.from_bytes(h[:32], "little") & ((1 << 254) - 8) | 1 << 254

def packed(p):
    z = pow(p[2], log.P - 2, log.P)
    return ((p[1] * z % log.P) | (p[0] * z % log.P & 1) << 255).to_bytes(32, "little")

key = packed(log.times(a, log.BASE))

def sign(message):
    r = int.from_bytes(hashlib.sha512(h[32:] + message).digest(), "little") % log.Q
    R = packed(log.times(r, log.BASE))
    k = int.from_bytes(hashlib.sha512(R + key + message).digest(), "little") % log.Q
    return R + ((r + k * a) % log.Q).to_bytes(32, "little")

salt = bytes(range(16))
def hide(name, value): return "~" + log.blake2b(f"{name}={value}".encode(), key=salt).hex()
def record(seq, more): return f"measure.begun\\nseq={seq}\\nat=1750000000000\\nblind={'0' * 32}\\n" + more
mine = record(3, f"for={hide('for', '12')}\\nmeasure=41\\nsubject={hide('subject', '12')}\\nnote={hide('note', '28 个赞')}\\n")
leaves = [log.leaf_of((mine if i == 3 else record(i, "")).encode()) for i in range(1, 8)]

def tree(d): return d[0] if len(d) == 1 else log.node_of(tree(d[:log.split_of(len(d))]), tree(d[log.split_of(len(d)):]))
def path(m, d):
    if len(d) == 1: return []
    k = log.split_of(len(d))
    return path(m, d[:k]) + [tree(d[k:])] if m < k else path(m - k, d[k:]) + [tree(d[:k])]

root = {"day": "2025-06-15", "at": "2025-06-16T00:00:31.000Z", "size": 7, "root": tree(leaves).hex(), "head": "00" * 32}
root["signature"] = sign(log.signed_text(root)).hex()
receipt = {"seq": 3, "record": mine, "salt": salt.hex(), "opened": {"for": "12", "subject": "12", "note": "28 个赞"},
           "leaf": leaves[2].hex(), "path": [one.hex() for one in path(2, leaves)], **root, "key": key.hex()}
log.check_receipt(receipt, {root["day"]: root}, key)
print(json.dumps([receipt]))
`;

test('a receipt is held against the paper, without a circle', async (t) => {
	const place = await elsewhere(t);
	const file = join(place, 'receipts.json');
	const verify = (...args) => run(['audit', 'receipt', 'verify', file, ...args], { cwd: place });
	const receipts = JSON.parse(await python(MAKE));
	const put = (value) => writeFile(file, JSON.stringify(value));
	await put(receipts);
	const holds = await verify('--key', receipts[0].key);
	assert.equal(holds.code, 0, holds.err);
	assert.match(holds.out, /^record 3 of the log, measure\.begun, is under the root of 2025-06-15\n/);
	assert.match(holds.out, /\n {2}note: 28 个赞\n/);
	await put(receipts[0]);
	assert.equal((await verify()).code, 0);
	assert.equal((await verify('--key', '00'.repeat(32))).code, 1);

	const lies = {
		record: receipts[0].record.replace('measure=41', 'measure=42'),
		seq: 4,
		salt: '11'.repeat(16),
		opened: { ...receipts[0].opened, note: '29 个赞' },
		leaf: receipts[0].root,
		path: receipts[0].path.slice(1),
		day: '2025-06-14',
		at: '2025-06-16T00:00:32.000Z',
		size: 6,
		root: receipts[0].leaf,
		head: '01'.repeat(32),
		signature: '02'.repeat(64),
		key: '03'.repeat(32),
	};
	for (const [name, value] of Object.entries(lies)) {
		await put({ ...receipts[0], [name]: value });
		const done = await verify();
		assert.equal(done.code, 1, name);
		assert.match(done.err, /^kith: the receipt does not hold: /, name);
	}
	for (const text of ['', '{', '[1]', '[[]]', '"x"', '[{}]', JSON.stringify({ ...receipts[0], path: Array(99).fill('00'.repeat(32)) })]) {
		await writeFile(file, text);
		assert.equal((await verify()).code, 1, text);
	}
	assert.equal((await run(['audit', 'receipt', 'verify', join(place, 'none')])).code, 1);
	assert.equal((await run(['audit', 'receipt', 'look', file])).code, 2);
	for (const args of [['audit'], ['audit', 'verify'], ['audit', 'roots'], ['audit', 'receipt']]) {
		const help = await run([...args, '--help']);
		assert.equal(help.code, 0, args.join(' '));
		assert.match(help.out, /example: kith audit/);
	}
});
