// What people take along: an archive of what is theirs, and what becomes of one on a server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith, PASSWORD, done, refused } from './support/kith.mjs';
import { Client } from './support/client.mjs';
import { bring } from './support/picture.mjs';
import { HELD } from './support/texts.mjs';

let place;

before(async () => {
	place = await mkdtemp(join(tmpdir(), 'kith-archive-'));
});
after(() => rm(place, { recursive: true, force: true }));

/** Entries of a zip by name. */
function unzip(path) {
	const script = 'import base64,json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
		'print(json.dumps({n: base64.b64encode(z.read(n)).decode() for n in z.namelist()}))';
	const found = JSON.parse(execFileSync('python3', ['-c', script, path], { maxBuffer: 1 << 28 }));
	return Object.fromEntries(Object.entries(found).map(([name, bytes]) => [name, Buffer.from(bytes, 'base64')]));
}
const json = (zip, name) => JSON.parse(zip[name].toString());
const notes = (zip) => json(zip, 'outbox.json').orderedItems.map((it) => it.object).filter((it) => it.type === 'Note');

async function browser(kith, handle) {
	const answer = await new Client(kith.url).send('POST', '/api/kith/v1/session', { handle, password: PASSWORD }, { origin: kith.url });
	const client = new Client(kith.url, { cookie: answer.must(200).headers.get('set-cookie').split(';')[0] });
	client.own = (method, path, body) => client.send(method, path, body, { origin: kith.url });
	return client;
}

test('an archive holds what is theirs, and of others what they may see now; its owner alone gets it', async () => {
	const kith = await Kith.start();
	const { ben, cid, dov } = await kith.people(['ben', 'cid', 'dov'], [['ben', 'cid']]);
	const ana = await kith.account('ana', { name: '安娜 <Ana>' });
	await kith.account('eve');
	for (const friend of [ben, cid, dov]) await ana.befriend(friend);
	const tag = await ana.post('/api/v1/lists', { title: 'near' });
	await ana.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [ben.id] });
	const choir = await ben.post('/api/kith/v1/groups', { title: 'Choir of the hill' });
	await ben.post(`/api/kith/v1/groups/${choir.id}/invite`, { account_id: ana.id });
	await ana.post(`/api/kith/v1/groups/${choir.id}/accept`);
	await ana.say('sung while in it', { kith_audience: { kind: 'group', group: choir.id } });
	await ana.post(`/api/kith/v1/groups/${choir.id}/leave`);
	const picture = await bring(ana, { seed: 8, width: 200, height: 100 }, 'a "hill"');
	const post = await ana.post('/api/v1/statuses', {
		status: 'line one\n<b>two</b>',
		media_ids: [picture.id],
		kith_place: 'by the lake',
		kith_card: { url: 'https://example.org/', title: 'Example', about: 'nothing' },
		kith_audience: { kind: 'except', lists: [tag.id] },
	});
	await ana.put(`/api/v1/statuses/${post.id}`, { status: 'line one\n<b>three</b>' });
	await ana.say('all friends');
	await cid.say('cid sees this', { in_reply_to_id: post.id });
	await dov.say('dov will be blocked', { in_reply_to_id: post.id });
	await cid.post(`/api/v1/statuses/${post.id}/favourite`);
	const theirs = await ben.say('of ben');
	await ana.say('mine under ben', { in_reply_to_id: theirs.id });
	await ana.post(`/api/v1/statuses/${theirs.id}/favourite`);
	await ana.post('/api/v1/reports', { account_id: ben.id, status_ids: [theirs.id], comment: 'said by ana alone', kith_category: 'ladder' });
	await ben.post('/api/v1/reports', { account_id: ana.id, comment: 'said of ana by ben' });
	await ana.post(`/api/v1/accounts/${dov.id}/block`);

	const page = await browser(kith, 'ana');
	assert.deepEqual((await page.own('GET', '/api/kith/v1/export')).must(200).json, { state: 'none' });
	(await page.own('GET', '/api/kith/v1/export/file')).must(404);
	let state = (await page.own('POST', '/api/kith/v1/export', {})).must(200).json;
	for (let n = 0; state.state === 'making' && n < 200; n++) {
		await new Promise((go) => setTimeout(go, 50));
		state = (await page.own('GET', '/api/kith/v1/export')).must(200).json;
	}
	assert.equal(state.state, 'ready');
	const answer = (await page.own('GET', '/api/kith/v1/export/file')).must(200);
	assert.equal(answer.headers.get('content-type'), 'application/zip');
	assert.match(answer.headers.get('cache-control'), /no-store/);
	assert.equal(answer.bytes.length, state.bytes);
	const path = join(place, 'ana.zip');
	await writeFile(path, answer.bytes);
	const zip = unzip(path);

	const [flag, ...more] = json(zip, 'reports.json').orderedItems;
	assert.deepEqual([flag.type, flag['kith:category'], flag.content, more.length], ['Flag', 'ladder', 'said by ana alone', 0]);
	assert.deepEqual(flag.object.map((it) => it.split(':').at(-1)), [ben.id, theirs.id]);
	assert.ok(!Object.values(zip).some((bytes) => bytes.includes('said of ana')), 'who was reported takes nothing of it along');

	const [newer, older, sung] = notes(zip);
	assert.equal(sung.source.content, 'sung while in it');
	assert.ok(!Object.values(zip).some((bytes) => bytes.includes('Choir of the hill')), 'who left a group takes no more of it along');
	assert.equal(newer.source.content, 'all friends');
	assert.deepEqual(newer['kith:audience'].kind, 'friends');
	assert.equal(older.source.content, 'line one\n<b>three</b>');
	assert.equal(older.content, '<p>line one<br>&lt;b&gt;three&lt;/b&gt;</p>');
	assert.deepEqual(older['kith:audience'].tags.map((it) => it.title), ['near']);
	assert.equal(older.location.name, 'by the lake');
	assert.equal(older['kith:card'].href, 'https://example.org/');
	assert.equal(older.attachment[0].name, 'a "hill"');
	assert.deepEqual(zip[older.attachment[0].url].subarray(0, 3), Buffer.from([0xff, 0xd8, 0xff]));
	assert.deepEqual(older['kith:versions'].map((it) => it.content), ['line one\n<b>two</b>', 'line one\n<b>three</b>']);
	assert.deepEqual(older.replies.items.map((it) => it.source.content), ['cid sees this']);
	assert.deepEqual(older.likes.items.map((it) => it.preferredUsername), ['cid']);
	assert.deepEqual(json(zip, 'comments.json').orderedItems.map((it) => it.source.content), ['mine under ben']);
	assert.equal(json(zip, 'likes.json').totalItems, 1);
	assert.deepEqual(json(zip, 'friends.json').items.map((it) => it.preferredUsername).sort(), ['ben', 'cid']);
	assert.deepEqual(json(zip, 'tags.json').items[0].items.map((it) => it.preferredUsername), ['ben']);
	assert.equal(json(zip, 'actor.json').name, '安娜 <Ana>');
	assert.equal(json(zip, 'blocked.json').totalItems, 1);
	const html = zip['index.html'].toString();
	assert.match(html, /default-src 'none'/);
	assert.match(html, /&lt;b&gt;three/);
	assert.doesNotMatch(html, /<script|<b>three|dov will/i);
	assert.equal(Object.values(zip).some((bytes) => bytes.includes('dov will be blocked')), false);
	for (const name of Object.keys(zip)) assert.match(name, /^([a-z]+\.(json|html)|media\/\d+\.jpeg)$/);

	const stranger = await browser(kith, 'eve');
	(await stranger.own('GET', '/api/kith/v1/export/file')).must(404);
	(await kith.anyone().send('GET', '/api/kith/v1/export/file')).must(401);
	done(await kith.command(['account', 'seal', 'ana', '--reason', 'in other hands', '--seized']));
	const sealed = await browser(kith, 'ana');
	assert.equal((await sealed.own('GET', '/api/kith/v1/export/file')).must(200).bytes.length, state.bytes);

	const file = join(kith.dir, 'exports', `${ana.id}.zip`);
	assert.equal((await stat(file)).mode & 0o077, 0);
	const yesterday = Date.now() / 1000 - 24 * 3600 - 5;
	await utimes(file, yesterday, yesterday);
	(await sealed.own('GET', '/api/kith/v1/export/file')).must(404);

	const shell = join(place, 'shell.zip');
	done(await kith.command(['export', 'ana', shell]));
	assert.equal(notes(unzip(shell)).length, 3);
	const [seal, ...others] = json(unzip(shell), 'measures.json').items;
	assert.deepEqual([seal['kith:kind'], seal['kith:state'], seal['kith:decider'], seal['kith:points'], others.length], ['seal', 'active', 'keeper', 0, 0]);
	assert.deepEqual([seal.object, Date.parse(seal.endTime) - Date.parse(seal.published)], [`urn:kith:person:${ana.id}`, 365 * 86_400_000]);
	refused(await kith.command(['export', 'ana', shell]), /exists/);
	done(await kith.command(['account', 'erase', 'ana', '--for-good']));
	assert.equal(existsSync(file), false);
	await kith.stop();
});

test('of a measure the archive holds the reasons its subject was told, and nothing of the trace of its rules', async () => {
	const kith = await Kith.start();
	const { ana } = await kith.people(['ana']);
	await ana.say(Object.values(HELD)[0]);
	const [told] = await ana.get('/api/kith/v1/measures');
	const path = join(place, 'reasons.zip');
	done(await kith.command(['export', 'ana', path]));
	const [measure] = json(unzip(path), 'measures.json').items;
	assert.ok(told.reasons.length > 0 && told.reasons.some((reason) => reason.spans.length > 0));
	const { reasons, would_pass, score, malice } = told;
	assert.deepEqual(measure['kith:evidence'], { reasons, would_pass, score, malice });
	assert.deepEqual([measure['kith:rule'], measure['kith:policy']], [told.rule.id, told.rule.policy]);
	await kith.stop();
});

/** A zip written by hand: [name, text or bytes, attributes of unix]. */
function zipped(path, entries) {
	const script =
		'import base64,json,sys,zipfile\n' +
		'z=zipfile.ZipFile(sys.argv[1],"w",zipfile.ZIP_DEFLATED)\n' +
		'for name,data,mode,times in json.load(sys.stdin):\n' +
		'  i=zipfile.ZipInfo(name); i.external_attr=mode<<16; i.compress_type=zipfile.ZIP_DEFLATED\n' +
		'  z.writestr(i, base64.b64decode(data)*times)\n' +
		'z.close()';
	const lines = entries.map(([name, data, mode = 0o100600, times = 1]) => [name, Buffer.from(data).toString('base64'), mode, times]);
	execFileSync('python3', ['-c', script, path], { input: JSON.stringify(lines), maxBuffer: 1 << 28 });
	return path;
}
const upload = async (client, path) => {
	const form = new FormData();
	form.append('file', new Blob([await readFile(path)], { type: 'application/zip' }), 'kith.zip');
	return client.own('POST', '/api/kith/v1/import', form);
};

test('an archive becomes the same life on another server, for nobody more than before', async () => {
	const one = await Kith.start();
	const first = await one.people(['ben', 'cid']);
	const ana = await one.account('ana', { name: '安娜' });
	for (const friend of [first.ben, first.cid]) await ana.befriend(friend);
	const near = await ana.post('/api/v1/lists', { title: 'near' });
	await ana.post(`/api/v1/lists/${near.id}/accounts`, { account_ids: [first.ben.id] });
	const far = await ana.post('/api/v1/lists', { title: 'far' });
	await ana.post(`/api/v1/lists/${far.id}/accounts`, { account_ids: [first.cid.id] });
	const group = await ana.post('/api/kith/v1/groups', { title: 'walkers' });
	const avatar = await bring(ana, { seed: 31 });
	await ana.patch('/api/v1/accounts/update_credentials', { note: 'by the lake', kith_avatar_id: avatar.id, kith_range: 'month' });
	const picture = await bring(ana, { seed: 30, width: 300, height: 200 }, 'two hills');
	await ana.post('/api/v1/statuses', { status: '一 all friends', media_ids: [picture.id], kith_place: 'here' });
	await ana.say('two only near', { kith_audience: { kind: 'only', lists: [near.id] } });
	await ana.say('three but near', { kith_audience: { kind: 'except', lists: [near.id] } });
	await ana.say('four but far', { kith_audience: { kind: 'except', lists: [far.id] } });
	await ana.say('five for me', { kith_audience: { kind: 'self' } });
	await ana.say('six for walkers', { kith_audience: { kind: 'group', group: group.id } });
	await ana.say('seven only ben', { kith_audience: { kind: 'only', people: [first.ben.id] } });
	const before = await ana.get(`/api/v1/accounts/${ana.id}/statuses`);
	const zip = join(place, 'move.zip');
	done(await one.command(['export', 'ana', zip]));
	await one.stop();

	// ben is a friend here already; cid is here, but no friend
	const two = await Kith.start();
	const { ben, cid } = await two.people(['ben', 'cid']);
	const moved = await two.account('ana');
	await moved.befriend(ben);
	const page = await browser(two, 'ana');
	const report = (await upload(page, zip)).must(200).json;
	assert.deepEqual(report, { posts: 7, pictures: 2, tags: 2, asked: 1, alone: 2, skipped: 0 });

	const after = await moved.get(`/api/v1/accounts/${moved.id}/statuses`);
	assert.deepEqual(after.map((it) => it.kith_text ?? it.content), before.map((it) => it.kith_text ?? it.content));
	assert.deepEqual(after.map((it) => it.created_at), before.map((it) => it.created_at));
	// the group is not here; of the tag `far` nobody is a friend, so who it kept out would come in
	const kinds = after.map((it) => it.kith_audience.kind).reverse();
	assert.deepEqual(kinds, ['friends', 'only', 'except', 'self', 'self', 'self', 'only']);
	const shown = after.at(-1);
	assert.equal(shown.media_attachments[0].description, 'two hills');
	assert.deepEqual(
		[shown.media_attachments[0].meta.original.width, shown.media_attachments[0].meta.original.height],
		[300, 200],
	);
	assert.equal(shown.kith_place, 'here');
	assert.deepEqual((await moved.get('/api/v1/lists')).map((it) => it.title).sort(), ['far', 'near']);
	const self = await moved.get('/api/v1/accounts/verify_credentials');
	assert.equal(self.display_name, '安娜');
	assert.ok(self.kith_avatar);
	const seen = (await ben.get(`/api/v1/accounts/${moved.id}/statuses`)).map((it) => it.created_at);
	assert.equal(seen.length, 3, 'friends, only near, only ben');
	assert.deepEqual((await cid.get('/api/v1/follow_requests')).map((it) => it.id), [moved.id]);
	assert.deepEqual((await upload(page, zip)).must(200).json, { posts: 0, pictures: 0, tags: 0, asked: 1, alone: 0, skipped: 7 });
	assert.match(done(await two.command(['import', '--as', 'ana', zip])), /^0 posts/);
	assert.equal(done(await two.command(['check'])), 'nothing is wrong');
	await two.stop();
});

test('an archive that meets a life already there shows nobody more: tags with others in them, whom it was kept from, the range', async () => {
	const kith = await Kith.start();
	const { ben, cid, dan } = await kith.people(['ben', 'cid', 'dan']);
	const ana = await kith.account('ana');
	for (const friend of [ben, cid, dan]) await ana.befriend(friend);
	const tagged = async (title, members) => {
		const { id } = await ana.post('/api/v1/lists', { title });
		await ana.post(`/api/v1/lists/${id}/accounts`, { account_ids: members.map((it) => it.id) });
	};
	await tagged('wider', [ben, cid]);
	await tagged('same', [ben]);
	await tagged('unsaid', [cid]);
	const only = (title) => ({ kind: 'only', tags: [{ title, deleted: false }], people: [], also: [] });
	const note = (id, audience) => ({
		type: 'Create',
		object: { type: 'Note', id: `urn:${id}`, source: { content: id }, published: new Date(Date.now() - 60_000).toISOString(), 'kith:audience': audience },
	});
	const archive = (actor) =>
		zipped(join(place, 'meets.zip'), [
			['outbox.json', JSON.stringify({ orderedItems: [note('wider', only('wider')), note('same', only('same')), note('unsaid', only('unsaid')), note('all', { kind: 'friends' })] })],
			['tags.json', JSON.stringify({ items: ['wider', 'same'].map((name) => ({ name, items: [{ preferredUsername: 'ben' }] })) })],
			['hidden.json', JSON.stringify({ items: [{ preferredUsername: 'dan' }, { preferredUsername: 'nobody' }, 7] })],
			['actor.json', JSON.stringify(actor)],
		]);
	const page = await browser(kith, 'ana');
	// the name is no name, which keeps nothing else from being heeded
	const report = (await upload(page, archive({ name: 'x'.repeat(500), 'kith:range': 'month' }))).must(200).json;
	assert.deepEqual(report, { posts: 4, pictures: 0, tags: 0, asked: 0, alone: 2, skipped: 1 });
	const seen = async (who) => (await who.get(`/api/v1/accounts/${ana.id}/statuses`)).map((it) => it.kith_text).sort();
	assert.deepEqual(await seen(ana), ['all', 'same', 'unsaid', 'wider']);
	assert.deepEqual(await seen(ben), ['all', 'same']);
	assert.deepEqual(await seen(cid), ['all']);
	assert.deepEqual(await seen(dan), []);
	const range = async () => (await ana.get('/api/v1/accounts/verify_credentials')).kith_range;
	assert.equal(await range(), 'month');
	(await upload(page, archive({ 'kith:range': 'all' }))).must(200);
	assert.equal(await range(), 'month', 'the narrower of the two');
	await kith.stop();
});

test('foreign archives: names that climb, links, bombs and lies end where they are', async () => {
	const kith = await Kith.start();
	await kith.account('ana');
	const page = await browser(kith, 'ana');
	const outbox = (items) => JSON.stringify({ orderedItems: items });
	const note = (id, more = {}) => ({
		type: 'Create',
		object: { type: 'Note', id, source: { content: `text of ${id}` }, published: '2024-02-03T04:05:06.000Z', 'kith:audience': { kind: 'friends' }, ...more },
	});
	const send = async (name, entries) => upload(page, zipped(join(place, `${name}.zip`), entries));
	const filesOf = () => readdirSync(kith.dir).filter((name) => !/^kith\.db/.test(name)).sort();
	const files = filesOf();

	const no = async (name, entries) => (await send(name, entries)).refused(422, 'file');
	await no('nothing', [['readme.txt', 'hello']]);
	await no('no-json', [['outbox.json', '{"orderedItems": [']]);
	await no('no-list', [['outbox.json', '{"orderedItems": {}}']]);
	await no('bomb', [['outbox.json', ' '.repeat(1 << 20), 0o100600, 100]]);
	// small for a file, and twenty times that in memory
	const dense = await send('dense', [['outbox.json', outbox([])], ['tags.json', '[],', 0o100600, 3 << 20]]);
	assert.match(dense.refused(422, 'file').error, /more in this archive/);
	await no('link', [['outbox.json', '/etc/passwd', 0o120777]]);
	const text = join(place, 'text.zip');
	await writeFile(text, 'this is no zip');
	(await upload(page, text)).refused(422, 'file');
	const whole = await readFile(zipped(join(place, 'whole.zip'), [['outbox.json', outbox([note('urn:a:1')])]]));
	await writeFile(text, whole.subarray(0, 60));
	(await upload(page, text)).refused(422, 'file');

	const lies = await send('lies', [
		['../../outbox.json', outbox([note('urn:climbs')])],
		['outbox.json', outbox([
			note('urn:b:1', { attachment: [{ url: '../../../etc/passwd' }, { url: 'media/none.jpeg' }, { url: 'media/no.jpeg' }, { url: 7 }] }),
			note('urn:b:2', { source: { content: 'x'.repeat(5000) } }),
			note('urn:b:3', { 'kith:audience': { kind: 'everyone' } }),
			note('urn:b:4', { published: 'yesterday' }),
			note('urn:b:5', { published: '2999-01-01T00:00:00.000Z' }),
			note('urn:b:6', { 'kith:held': true }),
			note('urn:b:7', { 'kith:audience': { kind: 'only', people: [{ preferredUsername: 'ana' }] } }),
			note(''),
			'no object',
			{ type: 'Create', object: [] },
			null,
		])],
		['media/no.jpeg', 'not a picture'],
		['../escape', 'x'],
		['/tmp/escape', 'x'],
		['tags.json', JSON.stringify({ items: [{ name: 'x'.repeat(100) }, { name: 7 }, { name: 'fine', items: 'no' }] })],
		['friends.json', JSON.stringify({ items: [{ preferredUsername: 'nobody' }, { preferredUsername: 'ana' }, 7] })],
		['actor.json', JSON.stringify({ name: 'x'.repeat(500), 'kith:picture': 'media/no.jpeg' })],
	]);
	const report = lies.must(200).json;
	assert.equal(report.posts, 6);
	assert.equal(report.pictures, 0);
	assert.equal(report.tags, 1);
	const ana = await kith.client('ana');
	const posts = await ana.get(`/api/v1/accounts/${ana.id}/statuses`);
	assert.equal(posts.length, 6);
	for (const post of posts) assert.ok(new Date(post.created_at) <= new Date());
	assert.deepEqual(posts.map((it) => it.kith_audience.kind).sort(), ['friends', 'friends', 'friends', 'self', 'self', 'self']);
	assert.deepEqual(filesOf(), files);
	await kith.stop();
});
