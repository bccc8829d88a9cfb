// Pictures in a real browser: sent, described, put in order, shown as a grid, and looked at one by one.
import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith } from './support/kith.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 900 } };
const MIB = 1024 * 1024;

describe('pictures in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, tom;

	before(async () => {
		kith = await Kith.start();
		const [a, b] = [await kith.account('mei', { name: 'Mei' }), await kith.account('tom', { name: 'Tom' })];
		await a.post(`/api/v1/accounts/${b.id}/follow`);
		await b.post(`/api/v1/follow_requests/${a.id}/authorize`);
		browser = await launch();
		mei = await Visitor.open(browser, kith.url, DESKTOP);
		tom = await Visitor.open(browser, kith.url, PHONE);
		await mei.sign_in('mei');
		await tom.sign_in('tom');
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	const grid = () => mei.page.locator('.grid3 > [data-i]');
	const file_field = () => mei.page.locator('input[type=file]');
	const whole = () => mei.page.getByRole('button', { name: /^Post to|^Post$/ });
	const post = (visitor, text) => visitor.page.getByRole('article').filter({ hasText: text });

	async function compose(text, names, size) {
		await mei.page.goto('/?write');
		await mei.page.getByLabel('What you want to say').fill(text);
		const files = [];
		for (const [i, name] of names.entries()) files.push(await mei.picture(name, { hue: i * 40, ...size }));
		await file_field().setInputFiles(files);
		await mei.page.getByRole('button', { name: new RegExp(`^Describe.* picture ${names.length}$`) }).waitFor();
	}

	/** The alternative texts of the grid, in order. */
	const order = () => grid().locator('img').evaluateAll((all) => all.map((img) => img.alt));

	test('pictures arrive while one writes, are described, and change places by button and by dragging', async () => {
		await compose('Three from the lane', ['one', 'two', 'three']);
		await mei.page.getByText('Pictures, 3 of 9').waitFor();
		for (const [i, words] of ['First', 'Second', 'Third'].entries()) {
			await mei.page.getByRole('button', { name: new RegExp(`^Describe.* picture ${i + 1}$`) }).click();
			await mei.page.getByLabel(`What picture ${i + 1} shows`).fill(words);
		}
		await mei.page.getByRole('button', { name: 'Done' }).click();
		await mei.accessible('the composer with pictures');
		assert.deepEqual(await order(), ['First', 'Second', 'Third']);
		await mei.page.getByRole('button', { name: 'Picture 1: move later' }).click();
		assert.deepEqual(await order(), ['Second', 'First', 'Third']);
		const [from, to] = [await grid().nth(2).locator('img').boundingBox(), await grid().nth(0).locator('img').boundingBox()];
		await mei.page.mouse.move(from.x + 30, from.y + 30);
		await mei.page.mouse.down();
		await mei.page.mouse.move(from.x + 10, from.y + 30, { steps: 3 });
		await mei.page.mouse.move(to.x + 40, to.y + 40, { steps: 8 });
		await mei.page.mouse.up();
		assert.deepEqual(await order(), ['Third', 'Second', 'First']);
		await mei.page.getByRole('button', { name: 'Picture 2: remove' }).click();
		assert.deepEqual(await order(), ['Third', 'First']);
	});

	test('a draft with its pictures outlives a reload, and is posted from there', async () => {
		await mei.page.waitForTimeout(500); // the draft is kept at the next pause
		await mei.page.reload();
		await grid().nth(1).waitFor();
		assert.deepEqual(await order(), ['Third', 'First']);
		assert.equal(await mei.page.getByLabel('What you want to say').inputValue(), 'Three from the lane');
		await whole().click();
		await post(mei, 'Three from the lane').getByAltText('Third').waitFor();
		assert.equal(await mei.page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('kith.draft')).length), 0);
	});

	test('a friend sees the grid: described, in two formats and several sizes, with its place kept', async () => {
		await tom.page.goto('/');
		const images = post(tom, 'Three from the lane').locator('.pics img');
		await images.first().waitFor();
		assert.deepEqual(await images.evaluateAll((all) => all.map((img) => img.alt)), ['Third', 'First']);
		const [first] = await images.evaluateAll((all) => all.map((img) => ({
			width: img.getAttribute('width'), height: img.getAttribute('height'), set: img.srcset, type: img.parentElement.firstElementChild.type,
			now: img.currentSrc, drawn: img.complete && img.naturalWidth > 0,
		})));
		assert.deepEqual([first.width, first.height, first.type], ['640', '480', 'image/webp']);
		assert.match(first.set, /small\.jpeg \d+w, .*middle\.jpeg \d+w/);
		await tom.page.waitForFunction(() => [...document.querySelectorAll('.pics img')].every((img) => img.complete && img.naturalWidth > 0));
		assert.match(await images.first().evaluate((img) => img.currentSrc), /\.webp$/);
		await tom.accessible('a post with pictures');
	});

	test('the page does not move while the circle and then its pictures come in', async () => {
		const slow = await Visitor.open(browser, kith.url, PHONE);
		await slow.sign_in('tom');
		await slow.context.addInitScript(() => {
			globalThis.shifts = 0;
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifts += entry.value;
			}).observe({ type: 'layout-shift', buffered: true });
		});
		for (const [what, ms] of [['**/api/**', 300], ['**/media/**', 400]]) {
			await slow.page.route(what, async (route) => {
				await new Promise((done) => setTimeout(done, ms));
				await route.continue();
			});
		}
		await slow.page.goto('/');
		await post(slow, 'Three from the lane').locator('.pics img').first().waitFor();
		await slow.page.waitForTimeout(900);
		const shifts = await slow.page.evaluate(() => globalThis.shifts);
		assert.ok(shifts <= 0.05, `moved by ${shifts}`);
		await slow.close();
	});

	test('the viewer opens over the page: arrows, words, Escape and the way back', async () => {
		await mei.page.goto('/');
		const link = post(mei, 'Three from the lane').getByRole('link', { name: 'Third' });
		await link.focus();
		await mei.page.keyboard.press('Enter');
		const viewer = mei.page.getByRole('dialog', { name: 'Pictures of this post' });
		await viewer.getByText('Picture 1 of 2').waitFor();
		await viewer.getByText('Third', { exact: true }).waitFor();
		await mei.accessible('the viewer');
		await mei.page.keyboard.press('ArrowRight');
		await viewer.getByText('Picture 2 of 2').waitFor();
		await viewer.getByText('First', { exact: true }).waitFor();
		await mei.page.keyboard.press('Escape');
		await viewer.waitFor({ state: 'detached' });
		assert.equal(await mei.page.evaluate(() => document.activeElement?.querySelector('img')?.alt), 'First', 'the focus is on the picture seen last');
		assert.equal(new URL(mei.page.url()).pathname, '/');
		await link.click();
		await viewer.waitFor();
		await mei.page.goBack();
		await viewer.waitFor({ state: 'detached' });
		assert.equal(new URL(mei.page.url()).pathname, '/');
	});

	test('fingers: a swipe turns, two taps enlarge, a pinch enlarges more, a pull down leaves', async () => {
		await tom.page.goto('/');
		await post(tom, 'Three from the lane').locator('.pics a').first().tap();
		const viewer = tom.page.getByRole('dialog', { name: 'Pictures of this post' });
		await viewer.waitFor();
		const touch = await tom.context.newCDPSession(tom.page);
		const send = (type, ...points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y, id = 0]) => ({ x, y, id })) });
		const drag = async (from, to) => {
			await send('touchStart', from);
			for (let i = 1; i <= 5; i++) await send('touchMove', [from[0] + ((to[0] - from[0]) * i) / 5, from[1] + ((to[1] - from[1]) * i) / 5]);
			await send('touchEnd');
		};
		const scale = () => viewer.locator('.stand').evaluate((it) => new DOMMatrix(getComputedStyle(it).transform).a);
		await drag([320, 400], [80, 410]);
		await viewer.getByText('Picture 2 of 2').waitFor();
		for (let i = 0; i < 2; i++) {
			await send('touchStart', [195, 380]);
			await send('touchEnd');
		}
		await tom.page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('.stand')).transform).a > 2);
		const before = await scale();
		await send('touchStart', [150, 380, 1], [240, 380, 2]);
		await send('touchMove', [120, 380, 1], [270, 380, 2]);
		await send('touchMove', [90, 380, 1], [300, 380, 2]);
		await send('touchEnd');
		await tom.page.waitForFunction((was) => new DOMMatrix(getComputedStyle(document.querySelector('.stand')).transform).a > was, before); // a pinch enlarges
		await viewer.getByRole('button', { name: 'Whole picture' }).click(); // a tap right after a pinch may be taken for its end
		await tom.page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('.stand')).transform).a === 1);
		await drag([195, 300], [200, 560]);
		await viewer.waitFor({ state: 'detached' });
	});

	test('what is too large, too many or no picture is said in words, and the text is kept', async () => {
		await mei.page.goto('/?write');
		await mei.page.getByLabel('What you want to say').fill('Kept');
		await file_field().setInputFiles([await mei.picture('fine'), await mei.picture('also fine')]);
		const huge = join(kith.dir, 'huge.jpg');
		await writeFile(huge, '');
		await truncate(huge, 31 * MIB);
		await file_field().setInputFiles(huge);
		await mei.page.getByText('Picture 3 is 31 MB; the limit is 20 MB. Your text is kept.').waitFor();
		await mei.page.getByRole('button', { name: /^Describe.* picture 2$/ }).waitFor();
		await file_field().setInputFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no') }]);
		await mei.page.getByText('“notes.txt” is not a picture.').waitFor();
		await mei.accessible('a picture that is too large');
		assert.equal(await mei.page.getByLabel('What you want to say').inputValue(), 'Kept');
		const more = [];
		for (let i = 0; i < 9; i++) more.push(await mei.picture(`more ${i}`, { width: 64, height: 64, hue: i * 30 }));
		await file_field().setInputFiles(more);
		await mei.page.getByText('A post has nine pictures at most.').waitFor();
		await mei.page.getByText('Pictures, 9 of 9').waitFor();
		await mei.page.getByRole('button', { name: /^Describe.* picture 9$/ }).waitFor();
		await whole().click();
		const made = post(mei, 'Kept').locator('.pics');
		await made.waitFor();
		assert.equal(await made.getAttribute('data-n'), '9');
		await mei.fits('nine pictures');
	});

	test('an upload that fails stays with its reason and is tried again; one can be stopped', async () => {
		await mei.page.goto('/?write');
		let refuse = true;
		await mei.page.route('**/api/v2/media', (route) => (refuse ? route.abort() : route.continue()));
		await file_field().setInputFiles([await mei.picture('again')]);
		await mei.page.getByText('The server was not reached.').first().waitFor();
		await mei.accessible('an upload that failed');
		assert.ok(await whole().isDisabled(), 'not sent without its picture');
		refuse = false;
		await mei.page.getByRole('button', { name: 'Try again' }).click();
		await mei.page.getByRole('button', { name: /^Describe.* picture 1$/ }).waitFor();
		await mei.page.unroute('**/api/v2/media');
		await mei.page.route('**/api/v2/media', async (route) => {
			await new Promise((done) => setTimeout(done, 2000));
			await route.continue().catch(() => {});
		});
		await file_field().setInputFiles([await mei.picture('stopped')]);
		await mei.page.getByRole('button', { name: 'Stop' }).click();
		assert.equal(await grid().count(), 1);
		await mei.page.unrouteAll({ behavior: 'ignoreErrors' });
		mei.forgive(/ERR_FAILED|ERR_ABORTED/);
	});

	test('one picture keeps its own shape; four stand two by two', async () => {
		for (const [n, columns] of [[1, 2], [2, 2], [4, 2], [6, 3]]) {
			await mei.page.goto('/friends');
			await mei.page.evaluate(() => localStorage.clear()); // what the test before left behind
			await compose(`Grid of ${n}`, Array.from({ length: n }, (_, i) => `g${n}${i}`), { width: 300, height: n === 1 ? 500 : 200 });
			await whole().click();
			const made = post(mei, `Grid of ${n}`).locator('.pics').first();
			await made.waitFor();
			assert.equal(await made.evaluate((it) => getComputedStyle(it).gridTemplateColumns.split(' ').length), columns, `${n} pictures`);
		}
		const one = post(mei, 'Grid of 1').locator('.pics img').first();
		await one.scrollIntoViewIfNeeded();
		await mei.page.waitForFunction((img) => img.complete && img.naturalWidth > 0, await one.elementHandle());
		const { width, height } = await one.boundingBox();
		assert.ok(height > width, `an upright picture stands upright: ${width} x ${height}`);
	});

	test('nothing went wrong in all of it', () => {
		for (const visitor of [mei, tom]) visitor.unharmed();
	});
});
