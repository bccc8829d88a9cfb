// Without a connection: the last feed opens, posts wait and go out by themselves, and signing out leaves nothing behind.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith } from './support/kith.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, serviceWorkers: 'allow' };

describe('the page without a connection, in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, client;

	before(async () => {
		kith = await Kith.start();
		client = await kith.account('mei', { name: 'Mei' });
		for (let i = 1; i <= 11; i++) await client.post('/api/v1/statuses', { status: `Older, number ${i}.` });
		await client.post('/api/v1/statuses', { status: 'Written while there was a line' });
		browser = await launch();
		mei = await Visitor.open(browser, kith.url, PHONE);
		await mei.sign_in('mei');
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	const post = (text) => mei.page.getByRole('article').filter({ hasText: text });
	const kept = () => mei.page.evaluate(async () => {
		const all = {};
		for (const name of await caches.keys()) all[name] = (await (await caches.open(name)).keys()).map((r) => new URL(r.url).pathname);
		return all;
	});

	test('it can be installed: a manifest with a maskable icon, and a worker', async () => {
		await mei.page.goto('/');
		await post('Written while').waitFor();
		const manifest = await (await mei.context.request.get('/assets/manifest.webmanifest')).json();
		assert.equal(manifest.display, 'standalone');
		const maskable = manifest.icons.filter((icon) => icon.purpose?.includes('maskable'));
		assert.deepEqual(maskable.map((icon) => icon.sizes).sort(), ['192x192', '512x512']);
		for (const icon of manifest.icons) assert.equal((await mei.context.request.get(icon.src)).status(), 200, icon.src);
		await mei.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
	});

	test('the last feed opens, with a bar that says so', { timeout: 60_000 }, async () => {
		await mei.page.reload();
		await post('Written while').waitFor();
		await post('Older, number 1.').waitFor();
		while ((await kept())['kith-feed']?.length !== 4) await mei.page.waitForTimeout(50);
		await mei.context.setOffline(true);
		await mei.page.reload();
		await post('Written while').waitFor();
		await post('Older, number 1.').waitFor(); // the posts after the first page as well
		await mei.page.getByText('Not connected.').waitFor();
		await mei.page.getByText(/You see the circle as of \d\d:\d\d\./).waitFor();
		await mei.accessible('the circle without a connection');
	});

	test('every view’s own files are there as well', async () => {
		await mei.page.goto('/settings');
		await mei.page.getByRole('heading', { name: 'How friends see you' }).waitFor();
	});

	test('a post waits, and goes out once when there is a line again', async () => {
		await mei.page.goto('/?write');
		await mei.page.getByLabel('What you want to say').fill('Written in the tunnel');
		await mei.page.getByRole('button', { name: /^Post/ }).click();
		await mei.page.getByText('1 post waits and goes out by itself.').waitFor();
		await mei.accessible('a post that waits');
		await mei.page.reload();
		await mei.page.getByText('1 post waits and goes out by itself.').waitFor();
		await mei.context.setOffline(false);
		await post('Written in the tunnel').waitFor();
		await mei.page.getByText('Not connected.').waitFor({ state: 'detached' });
		const home = await client.get('/api/v1/timelines/home');
		assert.deepEqual(home.slice(0, 2).map((s) => s.kith_text), ['Written in the tunnel', 'Written while there was a line']);
	});

	test('signing out takes the feed off the device; the page itself may stay', { timeout: 60_000 }, async () => {
		await mei.page.goto('/settings');
		await mei.page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
		while ((await kept())['kith-feed']) await mei.page.waitForTimeout(50);
		const left = await kept();
		for (const paths of Object.values(left))
			assert.ok(paths.every((path) => path === '/' || path.startsWith('/assets/')), JSON.stringify(left));
		await mei.context.setOffline(true);
		await mei.page.goto('/');
		await mei.page.getByText(/not reached/).first().waitFor();
		assert.ok(!(await mei.page.content()).includes('Written'));
		await mei.context.setOffline(false);
	});

	test('nothing else went wrong in all of it', () => {
		mei.forgive(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
		mei.unharmed();
	});
});
