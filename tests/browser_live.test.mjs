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
