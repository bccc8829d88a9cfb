// What was written before counts: copies by several people, also after a restart; and the stored past comes out again as it was.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD, HONEST } from './support/texts.mjs';

const COPIED = '本店新到一批进口奶粉，全场八折优惠包邮，欢迎选购，下单送小礼品';
const AD = Object.values(HELD)[0];
const HANDLES = ['anna', 'bert', 'cleo', 'dora', 'emil', 'finn', 'gina'];
let dir, kith, people;

before(async () => {
	dir = await mkdtemp(join(tmpdir(), 'kith-remembered-'));
	kith = await Kith.start({ dir });
	people = await kith.people(HANDLES, [['anna', 'bert']]);
});

after(async () => {
	await kith?.stop();
	await rm(dir, { recursive: true, force: true });
});

const rulesOn = async (person, post) =>
	(await person.get('/api/kith/v1/measures')).filter((m) => m.object.id === post.id).flatMap((m) => m.reasons.map((r) => r.rule));
const isCopy = async (person, post) => (await rulesOn(person, post)).some((rule) => rule.startsWith('copies.'));

test('the first of many copies stays whole, the later ones are known as such', async () => {
	const posts = [];
	for (const handle of HANDLES.slice(0, 5)) posts.push([people[handle], await people[handle].say(COPIED)]);
	assert.equal(await isCopy(...posts[0]), false);
	assert.equal(await isCopy(...posts[4]), true);
});

test('repeating oneself is no copy', async () => {
	const own = '自家院子里的柿子熟了，一斤八元，要的邻居留言，明天傍晚在楼下等大家';
	let last;
	for (let n = 0; n < 6; n++) last = await people.gina.say(own);
	assert.equal(await isCopy(people.gina, last), false);
});

test('a restart forgets nothing', async () => {
	await kith.stop();
	kith = await Kith.start({ dir });
	for (const person of Object.values(people)) person.url = kith.url;
	// Ready at once; what came before is read in the background.
	for (let n = 0; n < 100 && !kith.log.includes('past.ready'); n++) await new Promise((done) => setTimeout(done, 50));
	assert.equal(await isCopy(people.finn, await people.finn.say(COPIED)), true);
});

test('words of a profile and of a request that would be held are refused with the reason, and nothing changes', async () => {
	const { anna, cleo } = people;
	const note = (await anna.send('PATCH', '/api/v1/accounts/update_credentials', { note: AD })).must(422).json;
	assert.equal(note.field, 'note');
	assert.match(note.error, /[a-z]{3}/);
	assert.match(note.error, /[\u4e00-\u9fff]{3}/u);
	const name = await anna.send('PATCH', '/api/v1/accounts/update_credentials', { display_name: '加薇❤信abc12345一件代发招代理' });
	assert.equal(name.must(422).json.field, 'display_name');
	const asked = await anna.send('POST', `/api/v1/accounts/${cleo.id}/follow`, { kith_word: '刷单兼职，日赚800，加薇❤信abc12345' });
	assert.equal(asked.must(422).json.field, 'kith_word');
	assert.deepEqual(await cleo.get('/api/v1/follow_requests'), []);
	const me = await anna.get('/api/v1/accounts/verify_credentials');
	assert.equal(me.display_name, 'anna');
	const fine = await anna.patch('/api/v1/accounts/update_credentials', { note: Object.values(HONEST)[1] });
	assert.equal(fine.display_name, 'anna');
});

test('stewards see how a verdict came about', async () => {
	const steward = await kith.account('warden', { role: 'steward' });
	const post = await people.bert.say(AD);
	const entry = (await steward.get('/api/kith/v1/review')).find((it) => it.status.id === post.id);
	assert.ok(entry.trace && typeof entry.trace === 'object');
	assert.equal('trace' in entry.measure, false);
});

test('kith policy rehearse gives every stored verdict again, and tells whom another policy hits', async () => {
	const same = await kith.command(['policy', 'rehearse', '--json']);
	assert.equal(same.code, 0, same.err);
	const all = JSON.parse(same.out);
	assert.ok(all.pieces >= 13, same.out);
	assert.equal(all.equal, all.same_image);
	assert.equal(all.same_image, all.pieces - all.no_text);
	assert.equal(all.changed, 0);
	const path = join(dir, 'other.policy');
	await writeFile(path, `policy "other" version 1
ladder label from 0.2 hold from 0.6 end
words shop "柿子熟了" matches "院子里的柿子熟了" passes "今天吃饺子" end
rule shop clause "b.1" owner "stewards" status live harm marketing dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT
  evidence 0.9 when words(shop) >= 1
  en "It names a fruit." zh "它提到了柿子。" pass en "Without." zh "不提。" false_positives "many"
  fires "院子里的柿子熟了" silent "今天吃饺子" end
`);
	const other = await kith.command(['policy', 'rehearse', '--json', path]);
	assert.equal(other.code, 0, other.err);
	const told = JSON.parse(other.out);
	assert.equal(told.same_image, 0);
	assert.ok(told.changed > 0);
	assert.ok(told.examples.some((it) => it.rule === 'shop' && it.is === 'hold'), other.out);
	const wrong = await kith.command(['policy', 'rehearse', join(dir, 'none.policy')]);
	assert.equal(wrong.code, 1);
	assert.match(wrong.err, /none\.policy/);
});

test('texts of another platform, with a token of its own', async () => {
	const token = await kith.token('warden', 'screen');
	const ask = (type, body) =>
		fetch(`${kith.url}/api/kith/v1/screen`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': type }, body });
	const items = [...Object.values(HELD), ...Object.values(HONEST)].map((text, id) => ({ id, text }));
	const { results } = await (await ask('application/json', JSON.stringify({ items }))).json();
	const held = Object.keys(HELD).length;
	assert.deepEqual(results.map((r) => r.id), items.map((it) => it.id));
	for (const r of results) assert.equal(r.action === 'hold', r.id < held, `${items[r.id].text}: ${r.action}`);
	const lines = await (await ask('application/x-ndjson', items.map((it) => JSON.stringify(it)).join('\n'))).text();
	assert.deepEqual(lines.trim().split('\n').map((line) => JSON.parse(line)), results);
	const wrong = await ask('application/json', JSON.stringify({ items: [{ id: 1, text: 'a' }, { id: 2 }] }));
	assert.equal(wrong.status, 422);
	assert.equal((await wrong.json()).field, 'items[1].text');
});
