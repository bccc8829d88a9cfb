// Copies by different authors in a real browser: one line under the first, each a step away; a label with its reason.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith } from './support/kith.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' };
const NARROW = { viewport: { width: 320, height: 640 }, locale: 'zh-CN' };
const SAME = '橙子现货，十斤四十八包邮，小区里的接龙下单，周六到货';
const LONG_AGO = '苹果现货，一箱五十六包邮，楼下的接龙下单，周日送到门口';
const LABELLED = '小票可做，三天见效';
const NAMES = { lin: '林巧', zhou: '老周', chen: '陈玉兰', tomas: 'Tomás Reyes', mei: 'Mei', ann: 'Ann' };
const HOUR_MS = 3_600_000;

/** Between what was written long ago and today: enough for the first not to be among the posts a feed begins with. */
const FILLERS = Array.from({ length: 70 }, (_, i) => ({
	type: 'post', key: `f${i}`, author: 'zhou', text: `第${i}天，${'晨昏午夜'[i % 4]}散步`, at: Date.now() - 2 * HOUR_MS + i * 60_000,
}));

describe('folds in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, people;
	const posts = {};

	/** mei knows all writers, ann the last two; tomas and lin do not know each other. */
	before(async () => {
		kith = await Kith.start();
		people = await kith.people(Object.entries(NAMES).map(([handle, display_name]) => ({ handle, display_name })),
			[...['lin', 'zhou', 'chen', 'tomas'].map((handle) => ['mei', handle]), ...['chen', 'tomas'].map((handle) => ['ann', handle])]);
		await kith.load([
			...['lin', 'zhou'].map((author, i) => ({ type: 'post', key: `o${i}`, author, text: LONG_AGO, at: Date.now() - 5 * HOUR_MS + i })),
			...FILLERS,
		]);
		for (const handle of ['lin', 'zhou', 'chen', 'tomas']) posts[handle] = await people[handle].say(SAME);
		posts.again = await people.chen.say(LONG_AGO);
		posts.label = await people.zhou.say(LABELLED);
		browser = await launch();
		mei = await open('mei', PHONE);
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	async function open(handle, options) {
		const visitor = await Visitor.open(browser, kith.url, options);
		await visitor.come_in(people[handle].token);
		await visitor.page.goto('/');
		await visitor.page.getByRole('feed').waitFor();
		await visitor.settled();
		return visitor;
	}

	/** Places of the feed: articles in articles are not counted. */
	const place = (visitor, name, text) =>
		visitor.page.locator('[role=feed] > article').filter({ has: visitor.page.getByRole('link', { name, exact: true }) }).filter({ hasText: text });
	const line = (visitor, words = 'posted the same') => visitor.page.locator('summary').filter({ hasText: words });

	test('copies take one line under the first, which is whole', async () => {
		const first = place(mei, NAMES.lin, SAME);
		assert.equal(await first.count(), 1);
		await first.getByText('2 friends posted the same').waitFor();
		assert.equal(await place(mei, NAMES.tomas, SAME).count(), 0);
		assert.equal(await mei.page.locator('article').filter({ hasText: SAME }).count(), 2); // and the second, which is no campaign yet
		await mei.accessible('a feed with copies');
		await mei.fits('a feed with copies');
	});

	test('the line opens by keyboard, says why, and each copy opens whole', async () => {
		const first = place(mei, NAMES.lin, SAME);
		await line(mei, '2 friends').focus();
		await mei.page.keyboard.press('Enter');
		await first.getByText('林巧 wrote the first of these, so it is shown whole. Nobody is marked down for this.').waitFor();
		await mei.page.keyboard.press('Tab');
		await mei.page.keyboard.press('Enter');
		const copy = first.locator('article');
		await copy.filter({ hasText: SAME }).waitFor();
		assert.equal(await copy.count(), 1);
		assert.equal(await first.getByRole('button', { name: NAMES.tomas }).getAttribute('aria-expanded'), 'true');
		await mei.accessible('a copy, open');
		await mei.fits('a copy, open');
		await copy.getByLabel('Like or comment').click();
		await copy.getByRole('button', { name: 'Like' }).click();
		await copy.getByText('Liked by').waitFor();
		await first.getByRole('button', { name: NAMES.chen }).click();
		assert.equal(await copy.count(), 2);
		await first.getByRole('button', { name: NAMES.tomas }).click();
		assert.equal(await copy.count(), 1);
		await first.getByRole('button', { name: NAMES.chen }).click();
		assert.equal(await copy.count(), 0);
	});

	test('Page Down goes from place to place, not into copies', async () => {
		const visitor = await open('mei', DESKTOP);
		await line(visitor, '2 friends').click();
		const first = place(visitor, NAMES.lin, SAME);
		await first.getByRole('button', { name: NAMES.chen }).click();
		await first.locator('article').getByLabel('Like or comment').focus();
		await visitor.page.keyboard.press('PageDown');
		const at = await visitor.page.evaluate(() => document.activeElement.getAttribute('aria-posinset'));
		assert.equal(Number(at), Number(await first.getAttribute('aria-posinset')) + 1);
		await visitor.accessible('copies in the dark');
		visitor.unharmed();
		await visitor.close();
	});

	test('where the first is further down, it is named, and the line moves there when it comes', async () => {
		const alone = mei.page.locator('[role=feed] > article').filter({ hasText: 'What 林巧 wrote first' });
		await alone.getByText('1 friend posted the same').waitFor();
		assert.equal(await place(mei, NAMES.chen, LONG_AGO).count(), 0);
		await alone.locator('summary').click();
		await alone.getByRole('button', { name: NAMES.chen }).click();
		await alone.locator('article').filter({ hasText: LONG_AGO }).waitFor();
		await mei.accessible('copies without the first');
		for (let n = 0; n < 4 && (await alone.count()) === 1; n++) {
			await mei.page.getByRole('button', { name: 'Earlier posts' }).click();
			await mei.settled();
		}
		await place(mei, NAMES.lin, LONG_AGO).getByText('1 friend posted the same').waitFor();
		assert.equal(await alone.count(), 0);
		await mei.page.goto('/');
		await mei.settled();
		await mei.page.getByRole('link', { name: 'What 林巧 wrote first' }).click();
		await mei.page.getByRole('article').filter({ hasText: LONG_AGO }).waitFor();
		assert.match(mei.page.url(), /\/posts\/\d+$/);
	});

	test('whoever does not see the first sees the next one whole, and nothing of the others', async () => {
		const ann = await open('ann', NARROW);
		const whole = place(ann, NAMES.chen, SAME);
		await whole.getByText('1 位朋友发了同样的内容').waitFor();
		await line(ann, '1 位朋友').click();
		await whole.getByText('陈玉兰最先写，所以完整显示。不给任何人记分。').waitFor();
		assert.equal(await ann.page.getByText(NAMES.lin).count(), 0);
		assert.equal(await ann.page.getByText(NAMES.zhou).count(), 0);
		await place(ann, NAMES.chen, LONG_AGO).waitFor();
		assert.equal(await place(ann, NAMES.chen, LONG_AGO).locator('.slip').count(), 0);
		await ann.accessible('a narrow feed with copies');
		await ann.fits('a narrow feed with copies');
		ann.unharmed();
		await ann.close();
	});

	test('a label says why, in the house’s words', async () => {
		await mei.page.goto('/');
		await mei.settled();
		const slip = place(mei, NAMES.zhou, LABELLED).locator('.slip');
		await slip.getByText('The house says').waitFor();
		assert.match(await slip.innerText(), /It offers made-up proofs of purchases abroad\.\s+Rule a\.3/);
		assert.equal(await slip.getByRole('link', { name: 'Why, and how to appeal' }).count(), 0);
	});

	test('one’s own copy stays whole, says why, and leads to the statement and the appeal', async () => {
		const tomas = await open('tomas', PHONE);
		const own = place(tomas, NAMES.tomas, SAME);
		await own.getByText('Others wrote the same before.').waitFor();
		await tomas.accessible('an own folded post');
		assert.equal(await tomas.page.getByText(NAMES.lin).count(), 0);
		await own.getByRole('link', { name: 'Why, and how to appeal' }).click();
		await tomas.page.getByText('Several people posted these same words.').first().waitFor();
		assert.match(tomas.page.url(), /\/held\?id=\d+$/);
		await tomas.accessible('the statement of a fold');
		tomas.unharmed();
		await tomas.close();
	});

	test('when the first goes, open pages show the next one whole', async () => {
		await line(mei, '2 friends').waitFor();
		await people.lin.delete(`/api/v1/statuses/${posts.lin.id}`);
		await place(mei, NAMES.chen, SAME).getByText('1 friend posted the same').waitFor();
		assert.equal(await place(mei, NAMES.lin, SAME).count(), 0);
		mei.unharmed();
	});
});
