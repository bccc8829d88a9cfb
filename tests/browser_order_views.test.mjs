// Every view of the order as it looks: on a narrow phone in the dark in Chinese, and on a desk in the light in English, without a fault that
// axe finds and without sideways scrolling. What the views do is in the other files of this name.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SKIP } from './support/chromium.mjs';
import { ADS, API, DESKTOP, JURORS, Stage } from './support/order.mjs';

const LOOKS = [
	['phone, dark, Chinese', { viewport: { width: 320, height: 640 }, colorScheme: 'dark', locale: 'zh-CN' }],
	['desk, light, English', DESKTOP],
];

describe('every view of the order, in chromium', { skip: SKIP }, () => {
	let stage, views;

	/** Whose views, where, and what must be there when it is shown. */
	before(async () => {
		stage = await Stage.start();
		const { mei, tom, warden } = stage.clients;
		const look = async (person) => warden.get(`${API}/cases/${(await warden.get(`${API}/cases`)).find((it) => it.subject?.id === person.id).id}`);
		await mei.say(ADS[0]);
		const over = await look(mei);
		await warden.post(`${API}/cases/${over.id}/decide`, {
			version: over.version, note: 'It takes a fee and pays for people brought in.',
			measures: over.measures.map((it) => ({ id: it.measure.id, do: 'keep' })), person: { kind: 'notice' },
		});
		await mei.post(`${API}/measures/${over.measures[0].measure.id}/appeal`, { words: 'It was a joke.' });
		await tom.say(ADS[2]);
		const reported = await tom.say('Only two of these bags are left, from abroad');
		await mei.post('/api/v1/reports', { account_id: tom.id, status_ids: [reported.id], kith_category: 'counterfeit', comment: 'fake' });
		const complaint = (await stage.kith.anyone().send('POST', `${API}/complaints`, {
			category: 'counterfeit', contact: 'legal@brand.example', about: `${stage.kith.url}/posts/${reported.id}`, evidence: 'Trade mark 4711',
		})).must(200).json;
		const open = await look(tom);
		const link = await warden.post(`${API}/cases/${open.id}/links`, { whom: 'the maker', measure_id: open.measures[0].measure.id });
		const [policy] = await mei.get(`${API}/policies`);
		const [asked] = (await Promise.all(JURORS.map(async (handle) => [handle, await stage.clients[handle].get(`${API}/juries`)])))
			.filter(([, seats]) => seats.length > 0);
		views = {
			mei: [['/held', '.ladder'], ['/report', '.row'], [`/report?status=${reported.id}`, 'fieldset'], ['/rules', '.row'],
				[`/rules?version=${policy.hash}`, '.source'], ['/notices', '.row']],
			[asked[0]]: [['/juries', '.sheet'], [`/juries?id=${asked[1][0].id}`, 'fieldset']],
			warden: [['/review', '.queue'], [`/review?case=${open.id}`, '#evidence'], [`/review?case=${over.id}`, '#deeds'],
				['/review?view=decided', '.queue'], ['/review?view=figures', 'canvas']],
			keeper: [['/review?view=settings', 'textarea']],
			'': [['/complaint', 'form'], [`/complaint/${complaint.secret}`, 'time'], [new URL(link.url).pathname, 'mark'], ['/policies', '.row'],
				[`/policies?version=${policy.hash}`, '.source'], ['/audit', 'main p'], ['/transparency', 'main p'], [`/complaint/${'x'.repeat(43)}`, '[role=alert]']],
		};
	});

	after(() => stage?.stop());

	for (const [what, options] of LOOKS)
		test(what, async () => {
			for (const [handle, paths] of Object.entries(views)) {
				const visitor = await stage.visit(handle || null, options);
				for (const [path, ready] of paths) {
					await visitor.page.goto(path);
					await visitor.page.locator(ready).first().waitFor({ state: 'attached' })
						.catch((cause) => assert.fail(`${path}, ${what}: no ${ready}`, { cause }));
					await visitor.settled();
					await visitor.accessible(`${path}, ${what}`);
					await visitor.fits(`${path}, ${what}`);
				}
				visitor.forgive(/status of 404.*\/complaint\/x/); // which was asked for
				await stage.leave(visitor);
			}
		});
});
