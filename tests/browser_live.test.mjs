// What happens elsewhere arrives by itself: new posts behind a pill, reactions in place, what is gone, and how many notices there are.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith } from './support/kith.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

describe('live, in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, me, tom, first;

	before(async () => {
		kith = await Kith.start();
		me = await kith.account('mei', { name: 'Mei' });
		tom = await kith.account('tom', { name: 'Tom' });
		await me.post(`/api/v1/accounts/${tom.id}/follow`);
		await tom.post(`/api/v1/follow_requests/${me.id}/authorize`);
		for (let i = 0; i < 12; i++) await tom.post('/api/v1/statuses', { status: `Post number ${i}\n\n\n\n\n` });
		first = await me.post('/api/v1/statuses', { status: 'Mine, at the top' });
		browser = await launch();
		mei = await Visitor.open(browser, kith.url, PHONE);
		await mei.sign_in('mei');
		const flows = mei.page.waitForResponse(/\/api\/kith\/v1\/live/);
		await mei.page.goto('/');
		await flows;
		await post('Mine, at the top').waitFor();
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	const post = (text) => mei.page.getByRole('article').filter({ hasText: text });

	test('a new post waits behind a pill, and the list does not move under the finger', async () => {
		await mei.page.evaluate(() => scrollTo(0, 500));
		const before = await post('Post number 9').boundingBox();
		await tom.post('/api/v1/statuses', { status: 'Breaking: plums' });
		const pill = mei.page.getByRole('button', { name: '1 new post' });
		await pill.waitFor();
		assert.deepEqual(await post('Post number 9').boundingBox(), before);
		assert.equal(await post('Breaking: plums').count(), 0);
		await mei.accessible('the circle with a pill');
		await pill.click();
		await post('Breaking: plums').waitFor();
		await pill.waitFor({ state: 'detached' });
		assert.ok((await mei.page.evaluate(() => document.activeElement?.textContent)).includes('Breaking: plums'));
	});

	test('likes and comments of others appear in place; the tab counts the notices', async () => {
		await tom.post(`/api/v1/statuses/${first.id}/favourite`);
		await post('Mine, at the top').locator('.likes').getByText('Tom').waitFor();
		await tom.post('/api/v1/statuses', { status: 'Nice', in_reply_to_id: first.id });
		await post('Mine, at the top').getByText('Nice').waitFor();
		const { count } = await me.get('/api/v1/notifications/unread_count');
		assert.ok(count >= 2);
		await mei.page.waitForFunction((n) => document.title.startsWith(`(${n})`), count);
		await mei.page.locator('nav.tabs a[href="/notices"] .count').getByText(String(count)).waitFor();
	});

	test('what is deleted is gone from here at once', async () => {
		const [newest] = await tom.get('/api/v1/timelines/home');
		assert.match(newest.kith_text, /plums/);
		await tom.delete(`/api/v1/statuses/${newest.id}`);
		await post('Breaking: plums').waitFor({ state: 'detached' });
	});

	test('an open post follows too', async () => {
		await mei.page.goto(`/posts/${first.id}`);
		await post('Mine, at the top').waitFor();
		await tom.post('/api/v1/statuses', { status: 'And another thing', in_reply_to_id: first.id });
		await mei.page.getByText('And another thing').waitFor();
	});

	test('a request shows at the tab of friends', async () => {
		const ann = await kith.account('ann', { name: 'Ann' });
		await ann.post(`/api/v1/accounts/${me.id}/follow`);
		await mei.page.locator('nav.tabs a[href="/friends"] .count').getByText('1').waitFor();
	});

	test('without a stream the page asks by itself, and goes back to the stream when there is one', async () => {
		const poor = await Visitor.open(browser, kith.url, PHONE);
		await poor.sign_in('mei');
		let refused = 0;
		await poor.page.route('**/api/kith/v1/live*', (route) => {
			refused++;
			return refused < 3 ? route.fulfill({ status: 503, body: '{}' }) : route.continue();
		});
		await poor.page.goto('/');
		await poor.page.getByRole('article').filter({ hasText: 'Mine, at the top' }).waitFor();
		await poor.page.waitForResponse((answer) => answer.url().includes('/live') && answer.status() === 200);
		await tom.post('/api/v1/statuses', { status: 'After the gap' });
		await poor.page.getByRole('button', { name: '1 new post' }).waitFor();
		poor.forgive(/status of 503/);
		poor.unharmed();
		await poor.close();
	});

	/** Tom signs in from another tab of the same browser, and the page asks anew who it is. */
	async function become_tom(visitor) {
		const other = await Visitor.open(browser, kith.url, PHONE);
		await other.sign_in('tom');
		await visitor.context.addCookies(await other.context.cookies());
		await other.close();
		await visitor.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
		await visitor.page.locator('nav.tabs a[href="/people/tom"]').waitFor();
	}

	test('what was asked for one person never shows to the next', async () => {
		await me.post('/api/v1/statuses', { status: 'For nobody but Mei', kith_audience: { kind: 'self' } });
		await me.post('/api/v1/lists', { title: 'A tag of Mei' });
		const shared = await Visitor.open(browser, kith.url, PHONE);
		await shared.sign_in('mei');
		let arrive;
		const late = new Promise((done) => (arrive = done));
		const of_mei = [];
		const hold = (route) => {
			const answer = route.fetch();
			of_mei.push(answer);
			return answer.then((response) => late.then(() => route.fulfill({ response })).catch(() => {}));
		};
		await shared.page.route('**/api/kith/v1/moments?limit=8', hold);
		await shared.page.goto('/');
		while (of_mei.length === 0) await shared.page.waitForTimeout(20);
		assert.match(await (await of_mei[0]).text(), /For nobody but Mei/);
		await shared.page.locator('nav.tabs').waitFor();
		await shared.page.unroute('**/api/kith/v1/moments?limit=8');
		await become_tom(shared);
		arrive();
		await shared.page.getByRole('article').first().waitFor();
		await shared.page.waitForTimeout(300);
		assert.ok(!(await shared.page.content()).includes('For nobody but Mei'));
		await shared.page.goto('/tags');
		await shared.settled();
		assert.ok(!(await shared.page.content()).includes('A tag of Mei'));
		shared.unharmed();
		await shared.close();
	});

	test('a view that is open shows what the next person has, not what the last one had', async () => {
		const shared = await Visitor.open(browser, kith.url, PHONE);
		await shared.sign_in('mei');
		await shared.page.goto('/tags');
		await shared.page.getByText('A tag of Mei').first().waitFor();
		await become_tom(shared);
		await shared.page.getByText('A tag of Mei').first().waitFor({ state: 'detached' });
		shared.unharmed();
		await shared.close();
	});

	test('who signs out while a post is being deleted finds it deleted', async () => {
		const doomed = await me.post('/api/v1/statuses', { status: 'Away with this' });
		const leaving = await Visitor.open(browser, kith.url, PHONE);
		await leaving.sign_in('mei');
		await leaving.page.route(`**/api/v1/statuses/${doomed.id}`, async (route) => {
			await leaving.page.waitForTimeout(500); // slower than the sign-out
			await route.continue();
		});
		await leaving.page.goto('/');
		const article = leaving.page.getByRole('article').filter({ hasText: 'Away with this' });
		await article.getByRole('button', { name: 'Delete' }).click();
		await leaving.page.getByRole('group', { name: 'Delete this everywhere?' }).getByRole('button', { name: 'Delete' }).click();
		await article.waitFor({ state: 'detached' });
		await leaving.page.locator('nav.tabs a[href="/people/mei"]').click();
		await leaving.page.getByRole('link', { name: 'Settings' }).click();
		await leaving.page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
		await leaving.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
		await leaving.page.waitForTimeout(700);
		assert.ok(!(await me.get('/api/v1/timelines/home')).some((s) => s.id === doomed.id));
		leaving.unharmed();
		await leaving.close();
	});

	test('a session that is ended elsewhere ends here', async () => {
		await mei.page.goto('/');
		await post('Mine, at the top').waitFor();
		const sessions = await (await mei.context.request.get('/api/kith/v1/sessions')).json();
		const browsers = sessions.filter((it) => it.kind === 'browser');
		// another browser of hers ends all others
		const desk = await Visitor.open(browser, kith.url, PHONE);
		await desk.sign_in('mei');
		await desk.context.request.delete('/api/kith/v1/sessions', { headers: { Origin: kith.url } });
		assert.ok(browsers.length > 0);
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
		assert.ok(!(await mei.page.content()).includes('Mine, at the top'));
		await desk.close();
		mei.forgive(/status of 401/);
	});

	test('nothing else went wrong in all of it', () => {
		mei.unharmed();
	});
});
