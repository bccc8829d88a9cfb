// The mirror of browser_order.test.mjs: a steward keeps what is held, with the keyboard alone, the jury keeps it too, the next offence climbs
// the ladder, and what counts against the person decays. On days the test sets.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SKIP as NO_BROWSER } from './support/chromium.mjs';
import { SKIP as NO_CLOCK } from './support/clock.mjs';
import { until } from './support/later.mjs';
import { ADS, API, article, PHONE, Stage, statement } from './support/order.mjs';

describe('what is kept, in chromium', { skip: NO_BROWSER || NO_CLOCK }, () => {
	let stage, clients;

	before(async () => {
		stage = await Stage.start({ at: '2026-05-04 09:00:00' });
		({ clients } = stage);
		await clients.tom.say('A walk by the river');
	});

	after(() => stage?.stop());

	/** The way through the queue with keys alone: to the first case, its evidence, its reason. */
	async function by_keys(page, heading) {
		await page.goto('/review');
		await page.getByRole('heading', { name: 'Choose a case' }).waitFor();
		await page.keyboard.press('j');
		await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
	}

	/** Tabs on until what is named has the focus. */
	async function tab_to(page, what, name, key = 'Tab') {
		for (let i = 0; i < 120; i++) {
			await page.keyboard.press(key);
			const here = await page.evaluate(() => {
				const it = document.activeElement;
				const label = it.labels?.[0] ?? it;
				return { tag: it.tagName, text: label.textContent };
			});
			if (here.tag === what && here.text.includes(name)) return;
		}
		assert.fail(`no ${what} with ${name} within 120 tabs`);
	}

	test('a case is decided with the keyboard alone, and what was decided stands there with the way to undo it', async () => {
		const mei = await stage.visit('mei', PHONE);
		await stage.write(mei, ADS[1]);
		await mei.page.getByRole('heading', { name: 'Your post is waiting for a person to look at it' }).waitFor();
		await stage.leave(mei);
		const warden = await stage.visit('warden');
		const { page } = warden;
		await by_keys(page, /^Case \d+$/);
		await page.keyboard.press('c');
		await page.getByText(/^You are at it until/).waitFor();
		await page.keyboard.press('e');
		assert.equal(await page.evaluate(() => document.activeElement.id), 'evidence');
		await page.keyboard.press('r');
		await page.keyboard.type('je recruiting ladder: fees and head-money.');
		assert.equal(await page.getByLabel('Reason to the person').inputValue(), 'je recruiting ladder: fees and head-money.', 'no key of ours while one types');
		await page.keyboard.press('Control+a');
		await page.keyboard.type('It takes a fee and pays for people brought in.');
		await warden.accessible('a case');
		await tab_to(page, 'INPUT', 'Leave it as it is', 'Shift+Tab');
		await page.keyboard.press('ArrowUp');
		await page.keyboard.press('ArrowUp');
		assert.equal(await page.evaluate(() => document.activeElement.value), 'keep');
		await tab_to(page, 'BUTTON', 'Decide and send the statement');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'What was decided here' }).waitFor();
		await page.getByText('It takes a fee and pays for people brought in.').first().waitFor();
		await page.getByRole('button', { name: 'Undo' }).waitFor();
		await warden.accessible('a decided case');
		await stage.leave(warden);
	});

	test('kept: it stays hidden, its points count, and once more the jury keeps it', async () => {
		const mei = await stage.visit('mei', PHONE);
		await mei.page.goto('/held');
		await mei.page.getByRole('heading', { name: 'A notice to you' }).waitFor();
		await mei.page.goto('/notices');
		await mei.page.getByRole('listitem').filter({ hasText: 'There is a decision about something you wrote.' }).getByRole('link', { name: 'Read why' }).click();
		await mei.page.getByRole('heading', { level: 1, name: 'Your post stays hidden' }).waitFor(); // that one, of the two
		await mei.page.getByRole('link', { name: 'Everything that was done' }).click();
		const hidden = statement(mei, 'Your post stays hidden');
		await hidden.getByText('It takes a fee and pays for people brought in.').waitFor();
		await mei.page.getByText(/^2 points from 1 offence\. On 3 July they are halved/).waitFor();
		await hidden.getByRole('button', { name: 'Appeal' }).click();
		await hidden.getByRole('heading', { name: /^Your appeal no\./ }).waitFor();
		await stage.leave(mei);
		const tom = await stage.visit('tom');
		await tom.page.goto('/');
		await article(tom, 'A walk by the river').waitFor();
		assert.equal(await article(tom, ADS[1]).count(), 0);
		await stage.leave(tom);
		await stage.vote_all('keep', 'The rule is right here');
		await stage.later('2026-05-04 09:20:00'); // votes stand after ten minutes
		await until('the jury', async () => (await clients.mei.get(`${API}/appeals`))[0].state === 'kept');
		const again = await stage.visit('mei', PHONE);
		await again.page.goto('/held');
		await again.page.getByText('The measure stands.').waitFor();
		await again.page.getByText('7 to keep it, 0 to undo it.').waitFor();
		await again.page.getByText('Once more, on new facts').click();
		await again.page.getByRole('button', { name: 'Appeal once more' }).click();
		await again.page.getByText('Say what is new, in a sentence.').waitFor();
		await again.accessible('an appeal that was decided');
		await stage.leave(again);
	});

	test('the next offence climbs the ladder: a step with an end, said to the person and seen on their ladder', async () => {
		await clients.mei.say(ADS[3]);
		const warden = await stage.visit('warden');
		const { page } = warden;
		await stage.case_of(warden, 'Mei');
		await page.getByText('2 points from 1 offence.').waitFor();
		await page.getByRole('group', { name: 'On this: Held for review' }).getByText('Keep it').click();
		await page.getByRole('group', { name: 'On the person' }).getByText('fewer posts').click();
		await page.getByLabel('For how many days').fill('14');
		await page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await page.getByText('Write why, in a sentence the person can answer.').waitFor();
		await stage.decide(warden, 'This is the second time.');
		await stage.leave(warden);
		const mei = await stage.visit('mei', PHONE);
		await mei.page.goto('/held');
		await mei.page.getByRole('heading', { name: 'Fewer posts for a time' }).waitFor();
		await mei.page.getByText(/It ends by itself on/).waitFor();
		await mei.page.getByText(/^4 points from 2 offences\./).waitFor();
		const step = mei.page.getByRole('list', { name: 'On a person' }).locator('[aria-current=step]');
		assert.equal(await step.innerText(), 'fewer posts');
		await clients.mei.say('The third of today');
		await stage.write(mei, 'The fourth of today');
		const refused = mei.page.getByRole('alert').filter({ hasText: 'For a while you can write three posts a day' });
		assert.doesNotMatch(await refused.innerText(), /\p{Script=Han}/u, 'in one language');
		await mei.accessible('a post that is one too many');
		mei.forgive(/status of 429/); // which was asked for
		await refused.getByRole('link', { name: 'Read why' }).click();
		await mei.page.getByRole('heading', { name: 'Fewer posts for a time' }).waitFor();
		await stage.leave(mei);
	});

	test('after two clean months the points are halved, then every month, until nothing counts; the person sees it', async () => {
		for (const [at, points] of [
			['2026-07-02 09:00:00', /^4 points from 2 offences\. On 3 July they are halved/],
			['2026-07-04 09:00:00', /^2 points from 2 offences\. On 2 August they are halved/],
			['2026-08-03 09:00:00', /^1 point from 2 offences\./],
			['2026-09-03 09:00:00', /^Nothing counts against you\./],
		]) {
			await stage.later(at);
			const mei = await stage.visit('mei', PHONE);
			await mei.page.goto('/held');
			await mei.page.getByText(points).waitFor();
			if (at > '2026-07-03') assert.equal(await statement(mei, 'Fewer posts for a time').count(), 0, 'its step ended by itself');
			await stage.leave(mei);
		}
		const warden = await stage.visit('warden');
		await clients.mei.say(ADS[0]);
		await stage.case_of(warden, 'Mei');
		await warden.page.getByText('Nothing counts against this person.').waitFor();
		await stage.leave(warden);
	});
});
