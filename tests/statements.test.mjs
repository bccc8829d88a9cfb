// kith export dsa: every measure as a statement of reasons that the schema takes, stable, and with nobody in it.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const ajv = new Ajv2020.default({ allErrors: true });
addFormats.default(ajv);
const valid = ajv.compile(JSON.parse(readFileSync(new URL('support/dsa.schema.json', import.meta.url), 'utf8')));
const AD = Object.values(HELD)[0];
const LADDER = Object.values(HELD)[1];
let kith, people, steward, keeper;

before(async () => {
	kith = await Kith.start();
	people = await kith.people(['wangxiaoming', 'meilinchen', 'zhaodawei', 'friend'], [['wangxiaoming', 'friend'], ['meilinchen', 'friend'], ['zhaodawei', 'friend']]);
	steward = await kith.account('stewardess', { role: 'steward' });
	keeper = await kith.account('keeperess', { role: 'keeper' });
});

after(() => kith?.stop());

const exported = async (...args) => {
	const done = await kith.command(['export', 'dsa', ...args]);
	assert.equal(done.code, 0, done.err);
	return done.out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
};
const held = (person) => person.get('/api/kith/v1/measures').then((all) => all.find((m) => m.kind === 'hold'));

test('nothing was done, nothing is written', async () => {
	assert.deepEqual(await exported(), []);
});

test('every measure there is becomes a statement that the schema takes', async () => {
	const { wangxiaoming, meilinchen, zhaodawei, friend } = people;
	const ad = await wangxiaoming.say(AD);
	await meilinchen.say(LADDER);
	await zhaodawei.say(AD.replace('包包手表', '手表包包'));
	assert.equal(ad.kith_state, 'held');
	// One is released, one kept with a step on the person, one reported and left.
	await steward.post(`/api/kith/v1/review/${(await held(meilinchen)).id}/release`, { note: 'meilinchen is an aunt of mine' });
	const plain = await zhaodawei.say('我家的小猫昨天跑丢了，谁看见了请告诉我');
	await friend.post('/api/v1/reports', { account_id: zhaodawei.id, status_ids: [plain.id], comment: 'REPORTWORDS', kith_category: 'harassment' });
	const line = (await steward.get('/api/kith/v1/cases')).find((it) => it.subject?.id === zhaodawei.id);
	const one = await steward.get(`/api/kith/v1/cases/${line.id}`);
	const { measures, version } = await steward.post(`/api/kith/v1/cases/${line.id}/decide`, {
		version: one.version,
		note: 'zhaodawei went after people',
		measures: one.measures.map((it) => ({ id: it.measure.id, do: 'keep' })),
		person: { kind: 'freeze', days: 3 },
		reports: 'right',
	});
	const proposed = measures.find((it) => it.measure.state === 'proposed').measure; // a first offence: two look at it
	await keeper.post(`/api/kith/v1/cases/${line.id}/decide`, { version, note: 'So it is', confirm: [proposed.id] });
	const all = await exported();
	for (const it of all) assert.ok(valid(it), `${JSON.stringify(valid.errors)}\n${JSON.stringify(it)}`);
	const kinds = all.map((it) => it.decision_visibility?.[0] ?? it.decision_provision ?? it.decision_account);
	assert.ok(kinds.filter((it) => it === 'DECISION_VISIBILITY_CONTENT_DISABLED').length >= 3, kinds.join());
	const freeze = all.find((it) => it.decision_provision === 'DECISION_PROVISION_PARTIAL_SUSPENSION');
	assert.equal(freeze.source_type, 'SOURCE_TYPE_OTHER_NOTIFICATION');
	assert.equal(freeze.automated_decision, 'AUTOMATED_DECISION_NOT_AUTOMATED');
	assert.ok(freeze.end_date_service_restriction > freeze.application_date);
	const kept = all.filter((it) => it.automated_decision === 'AUTOMATED_DECISION_PARTIALLY');
	assert.ok(kept.length >= 1);
	for (const it of all.filter((it) => it.automated_decision !== 'AUTOMATED_DECISION_NOT_AUTOMATED')) {
		assert.equal(it.source_type, 'SOURCE_VOLUNTARY');
		assert.match(it.decision_ground_reference_url, new RegExp(`^${kith.url}/policies\\?version=[0-9a-f]{32}$`));
	}
	const [first] = all;
	assert.match(first.decision_facts, /Its malice was 0\.\d+ of 1\. Rule [a-z.]+ \(clause /);
	assert.match(first.incompatible_content_ground, /clause [abc]\.\d+, rule [a-z.]+, version [0-9a-f]{32}/);
});

test('nobody is in it: no name, no id, no word of theirs, no reporter', async () => {
	const text = JSON.stringify(await exported());
	const ids = [];
	for (const person of [...Object.values(people), steward, keeper]) {
		ids.push(person.id, person.handle);
		for (const m of await person.get('/api/kith/v1/measures')) ids.push(m.id, ...(m.object?.id ? [m.object.id] : []));
	}
	for (const secret of [...ids, 'REPORTWORDS', 'aunt of mine', 'went after', '原单复刻', '小猫', 'z j y']) assert.ok(!text.includes(secret), secret);
});

test('the same measure has the same name each time, and days bound what is written', async () => {
	const [once, again] = [await exported(), await exported()];
	assert.deepEqual(once, again);
	assert.equal(new Set(once.map((it) => it.puid)).size, once.length);
	const today = new Date().toISOString().slice(0, 10);
	assert.equal((await exported('--from', today, '--to', today)).length, once.length);
	assert.deepEqual(await exported('--to', '2026-01-01'), []);
	assert.deepEqual(await exported('--from', '2036-01-01'), []);
	assert.equal((await kith.command(['export', 'dsa', '--from', 'yesterday'])).code, 2);
});

test('who is erased stays nobody in it', async () => {
	const before = await exported();
	const done = await kith.command(['account', 'erase', 'wangxiaoming', '--for-good']);
	assert.equal(done.code, 0, done.err);
	const left = await exported();
	assert.deepEqual(left.map((it) => it.puid), before.map((it) => it.puid));
	for (const it of left) assert.ok(valid(it), JSON.stringify(valid.errors));
});

test('whoever is called dsa takes their own along as @dsa', async () => {
	await kith.account('dsa');
	const zip = join(tmpdir(), `kith-dsa-${process.pid}.zip`);
	try {
		assert.equal((await kith.command(['export', 'dsa', zip])).code, 2);
		assert.equal((await kith.command(['export', '@dsa', zip])).code, 0);
		assert.ok(statSync(zip).size > 0);
	} finally {
		rmSync(zip, { force: true });
	}
});
