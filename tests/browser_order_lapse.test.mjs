// Nobody answers, in a real browser: a juror passes on and another is asked, nobody else comes, and after five working days the measure lapses
// by itself, as both sides saw it would. On days the test sets.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SKIP as NO_BROWSER } from './support/chromium.mjs';
import { SKIP as NO_CLOCK } from './support/clock.mjs';
import { until } from './support/later.mjs';
import { ADS, API, article, PHONE, Stage, statement } from './support/order.mjs';

describe('nobody answers, in chromium', { skip: NO_BROWSER || NO_CLOCK }, () => {
	let stage, clients, appeal, of_case;

	before(async () => {
		stage = await Stage.start({ at: '2026-05-06 09:00:00' }); // a Wednesday
		({ clients } = stage);
		await clients.tom.say('A walk by the river');
	});

	after(() => stage?.stop());

	test('kept by a steward and appealed: both sides see the clock', async () => {
		const mei = await stage.visit('mei', PHONE);
		await stage.write(mei, ADS[1]);
		await mei.page.getByRole('heading', { name: 'Your post is waiting for a person to look at it' }).waitFor();
		const warden = await stage.visit('warden');
		await stage.case_of(warden, 'Mei');
		of_case = new URL(warden.page.url()).search;
		await warden.page.getByRole('group', { name: 'On this: Held for review' }).getByText('Keep it').click();
		await stage.decide(warden, 'It takes a fee and pays for people brought in.');
		await mei.page.goto('/held');
		const hidden = statement(mei, 'Your post stays hidden');
		await hidden.getByRole('button', { name: 'Appeal' }).click();
		// the weekend does not count
		await hidden.getByText(/^6 days 23 hours left\.|^7 days left\./).waitFor();
		await hidden.getByText(/If nobody has answered by Wed 13 May.*, the measure lapses/).waitFor();
		[appeal] = await clients.mei.get(`${API}/appeals`);
		await warden.page.reload();
		const theirs = warden.page.getByRole('region', { name: 'Appeals' });
		await theirs.getByText(/^A jury decides\./).waitFor();
		await theirs.getByText(/If nobody has answered by Wed 13 May.*, the measure lapses/).waitFor();
		await stage.leave(mei, warden);
	});

	test('a juror passes on, at no cost, and somebody else is asked in their place', async () => {
		const before = await stage.seated(appeal);
		const juror = await stage.visit(before[0], PHONE);
		await juror.page.goto('/juries');
		await juror.page.getByRole('region', { name: 'Waiting for your vote' }).getByRole('link').first().click();
		await juror.page.getByRole('heading', { name: 'What party A wrote' }).waitFor();
		const [of_mei] = (await clients[before[0]].get(`${API}/juries`)).filter((it) => it.state === 'asked' && it.case.text === ADS[1]);
		await juror.page.goto(`/juries?id=${of_mei.id}`);
		await juror.page.getByRole('button', { name: 'I should not judge this; pass it on' }).click();
		await juror.page.getByText('Give the seat to somebody else? That costs you nothing.').waitFor();
		await juror.page.getByRole('button', { name: 'Give it up' }).click();
		await juror.page.getByText('Passed on. Somebody else is asked.').waitFor();
		await juror.page.getByRole('link').filter({ hasText: of_mei.number }).getByText('passed on').waitFor();
		await stage.leave(juror);
		const seated = await stage.seated(appeal);
		assert.equal(seated.length, 7);
		const [other] = seated.filter((handle) => !before.includes(handle));
		assert.deepEqual(seated.filter((handle) => handle !== other), before.slice(1));
		const called = await stage.visit(other, PHONE);
		await called.page.goto('/notices');
		await called.page.getByText('You are asked to judge an appeal.').first().waitFor();
		const [seat] = (await clients[other].get(`${API}/juries`)).filter((it) => it.case.text === ADS[1]);
		await called.page.goto(`/juries?id=${seat.id}`);
		await called.page.getByRole('button', { name: 'Vote' }).waitFor();
		await stage.leave(called);
		const mei = await stage.visit('mei', PHONE);
		await mei.page.goto('/held');
		await mei.page.getByText('How the jury was drawn').click();
		await mei.page.getByText('sits no more; replaced').waitFor();
		await stage.leave(mei);
	});

	test('five minutes before the end nothing has ended', async () => {
		await stage.later('2026-05-13 08:55:00');
		const mei = await stage.visit('mei', PHONE);
		await mei.page.goto('/held');
		await statement(mei, 'Your post stays hidden').getByText(/^[56] minutes left\./).waitFor();
		const tom = await stage.visit('tom');
		await tom.page.goto('/');
		await article(tom, 'A walk by the river').waitFor();
		assert.equal(await article(tom, ADS[1]).count(), 0);
		await stage.leave(mei, tom);
	});

	test('after five working days it lapses by itself: the post is there, both sides see why, and the log says so', async () => {
		await stage.later('2026-05-13 09:05:00');
		await until('it lapsed', async () => (await clients.mei.get(`${API}/appeals`))[0].state === 'lapsed');
		const mei = await stage.visit('mei', PHONE);
		await mei.page.goto('/held');
		await mei.page.locator('summary').filter({ hasText: /Appeal not answered\s*Held/ }).click();
		await mei.page.getByText('Nobody answered in time, so the measure lapsed by itself.').waitFor();
		await mei.accessible('what lapsed');
		await mei.page.goto('/notices');
		await mei.page.getByText('There is a decision about something you wrote.').first().waitFor();
		const tom = await stage.visit('tom');
		await tom.page.goto('/');
		await article(tom, ADS[1]).waitFor();
		const warden = await stage.visit('warden');
		await warden.page.goto(`/review${of_case}`);
		await warden.page.getByRole('region', { name: 'Appeals' }).getByText('Nobody answered in time, so the measure lapsed by itself.').waitFor();
		await warden.accessible('a case whose appeal lapsed');
		await stage.leave(mei, tom, warden);
		const verified = await stage.kith.command(['audit', 'verify']);
		assert.equal(verified.code, 0, verified.out + verified.err);
		await stage.later('2026-05-14 09:00:00'); // the day's root is out, and with it receipts
		const { id } = await stage.measure_of('mei', ADS[1]);
		await until('there are receipts', async () => (await clients.mei.get(`${API}/measures/${id}/receipts`))
			.some((receipt) => receipt.record.startsWith('appeal.lapsed\n')));
	});
});
