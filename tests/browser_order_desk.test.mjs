// The stewards' desk in a real browser: two at one case, a case that changes under a hand, an expert and a complainant without an account, a
// seal that needs a second look, and how soon a decision is seen.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SKIP } from './support/chromium.mjs';
import { ADS, API, article, DESKTOP, PHONE, Stage, statement } from './support/order.mjs';

/** A second, where there is nothing else to do; tests have each other beside them. */
const SOON_MS = 5000;

describe('the stewards’ desk in chromium', { skip: SKIP }, () => {
	let stage, clients;

	before(async () => {
		stage = await Stage.start();
		({ clients } = stage);
		await clients.tom.say('A walk by the river');
	});

	after(() => stage?.stop());

	const cases = async (handle) => (await clients.warden.get(`${API}/cases`)).filter((it) => it.subject?.id === clients[handle].id);
	const look = async (handle) => clients.warden.get(`${API}/cases/${(await cases(handle))[0].id}`);

	/** Everything that waits about somebody is lifted, so that the next test begins with an empty queue. */
	async function clear(handle, steward = clients.warden) {
		const seen = await look(handle);
		await steward.post(`${API}/cases/${seen.id}/decide`, {
			version: seen.version, note: 'Known to us.',
			measures: seen.measures.filter((it) => it.measure.state === 'active').map((it) => ({ id: it.measure.id, do: 'release' })),
		});
	}

	test('released: a friend’s open page has it at once, and so has its author’s statement', async () => {
		await clients.tom.say(ADS[2]);
		const tom = await stage.visit('tom', PHONE);
		await tom.page.goto('/held');
		await tom.page.getByRole('heading', { name: 'Your post is waiting for a person to look at it' }).waitFor();
		const mei = await stage.visit('mei');
		await mei.page.goto('/');
		await article(mei, 'A walk by the river').waitFor();
		const warden = await stage.visit('warden');
		await stage.case_of(warden, 'Tom');
		await warden.page.getByRole('group', { name: 'On this: Held for review' }).getByText('Lift it').click();
		await warden.page.getByLabel('Reason to the person').fill('Known to us.');
		await warden.page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await mei.page.getByRole('button', { name: /1 new post/ }).waitFor({ timeout: SOON_MS });
		await tom.page.locator('summary').filter({ hasText: 'Lifted' }).waitFor({ timeout: SOON_MS });
		await stage.leave(tom, mei, warden);
	});

	test('two keepers at the settings: the second is told, loses no word, and saves on what is set now', async () => {
		const [one, other] = [await stage.visit('keeper'), await stage.visit('keeper', { ...DESKTOP, locale: 'zh-CN' })];
		for (const it of [one, other]) await it.page.goto('/review?view=settings');
		await one.page.getByLabel('Overturn limit in per cent').fill('35');
		await other.page.getByLabel('放假的日子').fill('2027-10-01');
		await one.page.getByRole('button', { name: 'Save' }).click();
		await one.page.getByText('Saved.').waitFor();
		await other.page.getByRole('button', { name: '保存' }).click();
		await other.page.getByRole('alert').filter({ hasText: /^你打开以后，另一位管服务器的人改过/ }).waitFor();
		other.forgive(/status of 409/); // which was asked for
		await other.accessible('late settings');
		assert.equal(await other.page.getByLabel('放假的日子').inputValue(), '2027-10-01');
		assert.deepEqual((await clients.keeper.get(`${API}/order/settings`)).holidays, []);
		await other.page.getByRole('button', { name: '读入现在的设置' }).click();
		await other.page.getByRole('alert').waitFor({ state: 'detached' });
		await other.page.getByLabel('放假的日子').fill('2027-10-01');
		await other.page.getByRole('button', { name: '保存' }).click();
		await other.page.getByText('存好了。').waitFor();
		const { holidays, overturn_limit } = await clients.keeper.get(`${API}/order/settings`);
		assert.deepEqual([holidays, overturn_limit], [['2027-10-01'], 35]);
		await stage.leave(one, other);
	});

	test('two stewards at one case: one wins, the other is told, and loses no word', async () => {
		await clients.tom.say(ADS[0]);
		const [one, other] = [await stage.visit('warden'), await stage.visit('keeper')];
		for (const it of [one, other]) {
			await stage.case_of(it, 'Tom');
			await it.page.getByRole('group', { name: 'On this: Held for review' }).getByText('Keep it').click();
		}
		await other.page.getByLabel('Reason to the person').fill('Written by the slower one.');
		await stage.decide(one, 'Written by the quicker one.');
		await other.page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await other.page.getByText(/^Decided or changed by another steward meanwhile/).waitFor();
		assert.equal(await other.page.getByLabel('What you had written').inputValue(), 'Written by the slower one.');
		await other.accessible('a conflict');
		other.forgive(/status of 409/); // which was asked for
		await one.page.getByRole('button', { name: 'Undo' }).click();
		await one.page.getByText('Undone. The case is open again.').waitFor();
		await stage.leave(one, other);
		await clear('tom');
	});

	test('to claim a case that changed since it was opened shows what is new, and passes nothing off as seen', async () => {
		await clients.tom.say(ADS[0]);
		const warden = await stage.visit('warden');
		await stage.case_of(warden, 'Tom');
		await warden.page.getByRole('group', { name: 'On this: Held for review' }).getByText('Lift it').click();
		await clients.tom.say(ADS[3]); // joins the case
		await warden.page.keyboard.press('c');
		await warden.page.getByText(/^You are at it until/).waitFor();
		await warden.page.getByRole('heading', { name: /^Evidence 2/ }).waitFor();
		assert.equal(await warden.page.locator('blockquote').filter({ hasText: ADS[3].slice(0, 12) }).count(), 1, 'the new piece is there');
		await stage.leave(warden);
		await clear('tom');
	});

	test('what another steward decided shows by itself, and asks for a look', async () => {
		await clients.tom.say(ADS[1]);
		const warden = await stage.visit('warden');
		await stage.case_of(warden, 'Tom');
		await warden.page.getByRole('group', { name: 'On this: Held for review' }).waitFor();
		const changed = warden.page.getByRole('status').filter({ hasText: 'This case was changed or decided by somebody else' });
		const looked = warden.page.waitForResponse(/\/kith\/v1\/cases\?/, { timeout: SOON_MS });
		await clients.mei.say(ADS[2]);
		await looked;
		await warden.page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').filter({ hasText: 'Mei' }).first().waitFor();
		assert.equal(await changed.count(), 0, 'this one did not change');
		await clear('mei');
		await clear('tom', clients.keeper);
		await changed.waitFor({ timeout: SOON_MS });
		await changed.getByRole('button', { name: 'Look at it again' }).click();
		await warden.page.getByRole('heading', { name: 'What was decided here' }).waitFor();
		assert.equal(await changed.count(), 0);
		await stage.leave(warden);
	});

	test('an answer that comes after another case was opened changes only its own', async () => {
		await clients.tom.say(ADS[1]);
		await clients.mei.say(ADS[2]);
		const warden = await stage.visit('warden');
		const { page } = warden;
		await stage.case_of(warden, 'Tom');
		await page.getByRole('group', { name: 'On this: Held for review' }).getByText('Lift it').click();
		await page.getByLabel('Reason to the person').fill('Known to us.');
		let open;
		const opened = new Promise((done) => (open = done));
		await page.route('**/decide', async (route) => {
			const answer = await route.fetch();
			await opened;
			await route.fulfill({ response: answer });
		});
		await page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').filter({ hasText: 'Mei' }).first().click();
		const heading = page.getByRole('heading', { level: 1, name: /^Case \d+$/ });
		await page.locator('header').filter({ has: heading }).getByText('@mei').waitFor();
		const answered = page.waitForResponse((it) => it.url().endsWith('/decide'));
		open();
		await answered;
		await page.getByRole('status').getByText('Decided. For 15 minutes it can be undone.').waitFor();
		await page.locator('header').filter({ has: heading }).getByText('@mei').waitFor();
		await page.getByRole('group', { name: 'On this: Held for review' }).waitFor();
		await stage.leave(warden);
		await clear('mei');
	});

	test('reports made in bad faith are ticked one by one, and have a reason of their own', async () => {
		const post = await clients.mei.say('A scarf I knitted');
		for (const handle of ['tom', 'keeper'])
			await clients[handle].post('/api/v1/reports', { account_id: clients.mei.id, ...(handle === 'tom' && { status_ids: [post.id] }), kith_category: 'fraud', comment: `says ${handle}` });
		const warden = await stage.visit('warden');
		const { page } = warden;
		await stage.case_of(warden, 'Mei');
		const reports = page.getByRole('region', { name: /^Reports/ });
		const ticks = reports.getByRole('checkbox', { name: /^Made in bad faith/ });
		await ticks.nth(1).waitFor();
		assert.equal(await page.getByLabel(/^Reason to who made/).count(), 0, 'there is nobody yet to say it to');
		await reports.getByRole('listitem').filter({ hasText: 'says keeper' }).getByRole('checkbox').check();
		await page.getByRole('group', { name: 'The other reports were' }).getByText('not confirmed').click();
		await page.getByLabel('Reason to the person').fill('Nothing is wrong with it.');
		await page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await page.getByText('Write why, in a sentence the person can answer.').waitFor();
		await page.getByLabel('Reason to who made the ticked report').fill('You know that it is hers.');
		await warden.accessible('reports in bad faith');
		await stage.decide(warden, 'Nothing is wrong with it.');
		await reports.getByText(/in bad faith/).waitFor();
		assert.equal(await ticks.count(), 0, 'nothing waits any more');
		await stage.leave(warden);
		const outcomes = await Promise.all(['tom', 'keeper'].map(async (handle) => (await clients[handle].get(`${API}/reports`))[0].outcome));
		assert.deepEqual(outcomes, ['not_confirmed', 'bad_faith']);
		await clients.mei.delete(`/api/v1/statuses/${post.id}`);
	});

	test('an expert is asked by a link: without an account they see the evidence alone, answer once, and the steward reads it', async () => {
		await clients.tom.say(ADS[2]);
		const warden = await stage.visit('warden');
		const { page } = warden;
		await stage.case_of(warden, 'Tom');
		await page.locator('summary').filter({ hasText: 'Ask an expert' }).click();
		await page.getByLabel('Who is asked').fill('the maker');
		await page.getByRole('button', { name: 'Make the link' }).click();
		const link = await page.getByLabel('Link to send').inputValue();
		await warden.accessible('a link for an expert');
		const expert = await stage.visit(null, { ...PHONE, colorScheme: 'dark' });
		await expert.page.goto(link);
		await expert.page.getByRole('heading', { name: 'Your judgement is asked for' }).waitFor();
		assert.ok((await expert.page.locator('mark').count()) > 0, 'the words are marked');
		const said = await expert.page.locator('body').innerText();
		assert.ok(said.includes(ADS[2].slice(0, 20)), 'the piece is there');
		assert.ok(!/\bTom\b|Warden|river/.test(said), said);
		await expert.accessible('the evidence');
		await expert.fits('the evidence');
		for (const path of ['/api/v1/timelines/home', `${API}/cases`])
			assert.equal((await expert.context.request.get(path)).status(), 401, 'the link opens nothing else');
		await expert.page.getByLabel('It is so', { exact: true }).check();
		await expert.page.getByLabel(/^How do you know/).fill('Our seams are double.');
		await expert.page.getByRole('button', { name: 'Answer' }).click();
		await expert.page.getByText('Thank you. Your answer is with those who decide.').waitFor();
		await expert.page.goto(link);
		await expert.page.getByText('This was answered already.').waitFor();
		assert.equal(await expert.page.locator('mark').count(), 0, 'and it is shown no more');
		await page.reload();
		await page.getByRole('region', { name: 'Answers of experts' }).getByText('the maker').waitFor();
		await page.getByRole('region', { name: 'Answers of experts' }).getByText('Our seams are double.').waitFor();
		await page.getByRole('group', { name: 'On this: Held for review' }).getByText('Keep it').click();
		await stage.decide(warden, 'The maker says they are fakes.');
		await warden.accessible('a case with an expert’s answer');
		await stage.leave(expert, warden);
	});

	test('a complaint from outside becomes a case with what it names; its answer is read by its link and shows nothing of private posts', async () => {
		const secret = await clients.tom.say('The keys are under the third flowerpot');
		const outside = await stage.visit(null, PHONE);
		const { page } = outside;
		await page.goto('/complaint');
		await outside.accessible('the form of a complaint');
		await page.getByLabel('What is the matter?').selectOption({ label: 'Counterfeit goods are offered' });
		await page.getByLabel('What it is about').fill(`${stage.kith.url}/posts/${secret.id}`);
		await page.getByLabel('What shows that it is so').fill('Our trade mark is number 4711.');
		await page.getByLabel('How we reach you').fill('legal@brand.example');
		await page.getByRole('button', { name: 'Send' }).click();
		await page.getByRole('heading', { name: 'We have your complaint.' }).waitFor();
		await outside.accessible('a complaint that was sent');
		await page.getByRole('link', { name: /\/complaint\// }).click();
		await page.getByText('Nobody has answered yet.').waitFor();
		const warden = await stage.visit('warden');
		await stage.case_of(warden, '1 complaint');
		await warden.page.getByRole('region', { name: 'Complaints from outside' }).getByText('Our trade mark is number 4711.').waitFor();
		assert.ok((await warden.page.locator('main').innerText()).includes('flowerpot'), 'what it names is there to be judged');
		await warden.fits('a case with a complaint');
		await warden.page.getByLabel('Answer to the complaint').fill('We looked into it and did what our rules ask.');
		await stage.decide(warden, 'A complaint was answered.');
		await page.reload();
		await page.getByText('It has been answered.').waitFor();
		await page.getByText('We looked into it and did what our rules ask.').waitFor();
		const said = await page.locator('body').innerText();
		assert.ok(!/flowerpot|\bTom\b|Warden|A complaint was answered/.test(said), said);
		await outside.accessible('an answered complaint');
		await outside.fits('an answered complaint');
		await stage.leave(outside, warden);
	});

	test('a seal needs a second look; then it reaches the open page, and only the reasons, the appeal and the archive are left', async () => {
		const tom = await stage.visit('tom');
		await tom.page.goto('/');
		await tom.page.getByRole('article').first().waitFor();
		await clients.tom.say(ADS[3]);
		for (const [handle, choose] of [['warden', 'seal'], ['keeper', 'Confirm the step proposed on']]) {
			const it = await stage.visit(handle, DESKTOP);
			await stage.case_of(it, 'Tom');
			if (choose === 'seal') await it.page.getByRole('group', { name: 'On the person' }).getByRole('radio', { name: /^seal/ }).check();
			else await it.page.getByRole('checkbox', { name: new RegExp(`^${choose}`) }).check();
			await stage.decide(it, 'Told three times.');
			await stage.leave(it);
			if (choose === 'seal') assert.equal((await clients.tom.send('GET', '/api/v1/timelines/home')).status, 200, 'nothing is in force yet');
		}
		await tom.page.getByRole('heading', { name: 'Your account is sealed' }).waitFor({ timeout: 5000 });
		assert.equal(await tom.page.getByRole('article').count(), 0, 'what was open is gone');
		tom.forgive(/status of 40[13]/); // of what was being asked for as it began
		await stage.leave(tom);
		const sealed = await stage.visit('tom', PHONE);
		await sealed.page.goto('/friends');
		await sealed.page.getByRole('heading', { name: 'Your account is sealed' }).waitFor();
		await sealed.page.getByRole('button', { name: 'Pack it' }).waitFor();
		const seal = statement(sealed, 'Your account is sealed');
		await seal.getByText('Told three times.').waitFor();
		await sealed.accessible('a sealed person’s view');
		await seal.getByRole('button', { name: 'Appeal' }).click();
		await seal.getByRole('heading', { name: /^Your appeal no\./ }).waitFor();
		await stage.leave(sealed);
	});
});
