// What people do, in a real browser: come by invitation, befriend, post, like, comment, and have an advertisement held.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith, PASSWORD } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const ADVERTISEMENT = Object.values(HELD)[0];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 900 } };

describe('the page in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, tom, warden;

	before(async () => {
		kith = await Kith.start();
		await kith.account('warden', { role: 'steward', name: 'Warden' });
		browser = await launch();
		mei = await Visitor.open(browser, kith.url, PHONE);
		tom = await Visitor.open(browser, kith.url, DESKTOP);
		warden = await Visitor.open(browser, kith.url, DESKTOP);
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	async function join(visitor, handle, name) {
		const { page } = visitor;
		const code = await kith.invitation();
		await page.goto(`/join/${code}`);
		const form = page.getByRole('form', { name: 'Accept the invitation' });
		assert.equal(await form.getByLabel('Invitation code').inputValue(), code);
		await visitor.accessible('the invitation');
		await form.getByLabel('Name your friends know').fill(name);
		await form.getByLabel('Handle').fill(handle);
		await form.getByLabel('Password').fill(PASSWORD);
		await form.getByRole('button', { name: 'Join the circle' }).click();
		await page.getByRole('navigation', { name: 'Main' }).waitFor();
		return code;
	}

	async function write(visitor, text) {
		const { page } = visitor;
		await page.goto('/?write');
		await page.getByLabel('What you want to say').fill(text);
		await page.getByRole('button', { name: /^Post/ }).click();
	}

	const post = (visitor, text) => visitor.page.getByRole('article').filter({ hasText: text });

	test('an invitation is accepted, once', async () => {
		const code = await join(mei, 'mei', 'Mei 梅');
		await mei.page.getByText('A circle of one, so far').waitFor();
		await mei.accessible('the empty circle');
		await tom.page.goto(`/join/${code}`);
		await tom.page.getByRole('heading', { name: 'This invitation is used up, expired or was withdrawn.' }).waitFor();
		await tom.accessible('a used-up invitation');
		tom.faults.length = 0; // the 404 of the used-up invitation is what was asked for
		await join(tom, 'tom', 'Tom');
	});

	test('these checks bite: a picture without words, a line too wide, an error, a script from elsewhere', async () => {
		const visitor = await Visitor.open(browser, kith.url, { viewport: { width: 320, height: 640 } });
		await visitor.page.goto('/sign-in');
		await visitor.page.getByLabel('Password').waitFor();
		await visitor.fits('the sign-in');
		await visitor.page.evaluate(() => {
			document.querySelector('main').insertAdjacentHTML('beforeend', '<img src="/assets/icon.svg"><p id="wide">x</p>');
			document.getElementById('wide').style.width = '900px';
			document.head.append(Object.assign(document.createElement('script'), { src: 'http://127.0.0.1:9/x.js' }));
			console.error('on purpose');
		});
		await assert.rejects(visitor.accessible('a picture without words'), /image-alt/);
		await assert.rejects(visitor.fits('a line too wide'), /sideways/);
		assert.throws(() => visitor.unharmed(), /policy violation/);
		assert.ok(visitor.faults.some((fault) => fault.startsWith('on purpose')));
		await visitor.close();
	});

	test('signing in with a wrong password says so beside the field; the right one opens the circle', async () => {
		const { page } = warden;
		await page.goto('/');
		await page.getByRole('heading', { level: 1 }).waitFor();
		await warden.accessible('the sign-in');
		await page.getByLabel('Handle').fill('warden');
		await page.getByLabel('Password').fill('not the password');
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await page.getByRole('alert').waitFor();
		assert.ok(warden.faults.every((fault) => /status of 422/.test(fault)), warden.faults.join('\n'));
		warden.faults.length = 0;
		await page.getByLabel('Password').fill(PASSWORD);
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await page.getByRole('navigation', { name: 'Main' }).waitFor();
		const [cookie] = await warden.context.cookies();
		assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ['kith_session', true, 'Lax']);
	});

	test('a question is set, which people are asked who want to be friends', async () => {
		await mei.page.goto('/settings');
		await mei.page.getByLabel('Something only a friend would know').fill('What did the cat by the well answer to?');
		await mei.page.getByLabel('The answer').fill('墨点');
		await mei.page.getByRole('button', { name: 'Save question' }).click();
		await mei.page.getByText('Saved.').waitFor();
		await mei.page.goto('/tags');
		await mei.page.getByLabel('Name of the new tag').fill('Choir');
		await mei.page.getByRole('button', { name: 'Make the tag' }).click();
		await mei.page.locator('summary').filter({ hasText: 'Choir' }).waitFor();
	});

	test('a request with a word and an answer is sent and accepted into a tag', async () => {
		await tom.page.goto('/friends');
		await tom.page.getByLabel('Name or handle').fill('mei');
		await tom.page.getByRole('button', { name: 'Ask to be friends' }).click();
		await tom.page.getByLabel('A word to say who you are').fill('Tom from the choir');
		await tom.page.getByLabel('They ask: What did the cat by the well answer to?').fill(' 墨点 ');
		await tom.accessible('asking to be friends');
		await tom.page.getByRole('button', { name: 'Send the request' }).click();
		await tom.page.getByRole('button', { name: 'Withdraw the request to Mei 梅' }).first().waitFor();
		await tom.accessible('my requests');

		await mei.page.goto('/friends');
		await mei.page.getByText('Tom from the choir').waitFor();
		await mei.page.getByText('Answered your question rightly.').waitFor();
		await mei.page.getByRole('article', { name: 'Tom' }).getByText('Choir', { exact: true }).click();
		await mei.accessible('a request to me');
		await mei.page.getByRole('button', { name: 'Accept' }).click();
		await mei.page.getByRole('heading', { name: '1 friend' }).waitFor();
		await mei.page.getByRole('button', { name: 'Choir · 1' }).waitFor();
		await mei.accessible('my friends');
	});

	test('a post is written, liked and commented on, and both see the names', async () => {
		await mei.page.goto('/?write');
		await mei.page.getByText('All your friends will see this').waitFor();
		await mei.accessible('the composer');
		await write(mei, 'Persimmons are ripe, 柿子熟了');
		await post(mei, 'Persimmons are ripe').waitFor();

		await tom.page.goto('/');
		const seen = post(tom, 'Persimmons are ripe');
		await seen.getByLabel('Like or comment').click();
		await seen.getByRole('button', { name: 'Like' }).click();
		await seen.getByText('Liked by').waitFor();
		await seen.getByLabel('Like or comment').click();
		await seen.getByRole('button', { name: 'Comment' }).click();
		await seen.getByLabel(/^Comment on Mei/).fill('Keep me two of them');
		await seen.getByRole('button', { name: 'Send' }).click();
		await seen.getByRole('list', { name: 'Comments' }).getByText('Keep me two of them').waitFor();
		await tom.accessible('the circle with a post');

		await mei.page.goto('/');
		const mine = post(mei, 'Persimmons are ripe');
		await mine.getByText('Keep me two of them').waitFor();
		assert.match(await mine.locator('.likes').innerText(), /Tom/);
		await mine.getByRole('button', { name: 'Reply to Tom' }).click();
		await mine.getByLabel('Reply to Tom').last().fill('Three, if you sing');
		await mine.getByRole('button', { name: 'Send' }).click();
		await mine.getByText('Three, if you sing').waitFor();
		await mei.page.goto('/notices');
		await mei.page.getByText('wrote on your post').waitFor();
		await mei.accessible('the notices');
	});

	test('a stranger sees neither the post nor its page', async () => {
		await warden.page.goto('/');
		await warden.page.getByText('A circle of one, so far').waitFor();
		await mei.page.goto('/');
		const address = await post(mei, 'Persimmons are ripe').locator('a.when').getAttribute('href');
		await warden.page.goto(address);
		await warden.page.getByText('Nothing here that you can see').first().waitFor();
		await warden.accessible('a page of nothing');
		assert.ok(!(await warden.page.content()).includes('Persimmons'));
		warden.faults.length = 0; // the 404 was asked for
	});

	test('an advertisement is held with its reason; a steward releases it, and then friends see it', async () => {
		await write(tom, ADVERTISEMENT);
		await tom.page.getByRole('heading', { name: 'Your post is waiting for a person to look at it' }).waitFor();
		assert.ok((await tom.page.locator('mark').count()) > 0, 'the words are marked');
		await tom.accessible('what was held');
		await tom.page.goto('/held');
		await tom.page.getByRole('heading', { name: 'Why it was held' }).waitFor();
		await tom.accessible('my held posts');
		await mei.page.goto('/');
		await post(mei, 'Persimmons are ripe').waitFor();
		assert.equal(await post(mei, ADVERTISEMENT.slice(0, 10)).count(), 0);

		await warden.page.goto('/review');
		await warden.page.getByRole('navigation', { name: 'Queue, 1 open' }).getByRole('link').click();
		await warden.page.getByRole('heading', { name: 'Reasons given' }).waitFor();
		await warden.accessible('the steward’s desk');
		await warden.page.getByRole('group', { name: 'On this: Held for review' }).getByText('Lift it').click();
		await warden.page.getByLabel('Reason to the person').fill('Known to us');
		await warden.page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await warden.page.getByRole('heading', { name: 'What was decided here' }).waitFor();
		await mei.page.goto('/');
		await post(mei, ADVERTISEMENT.slice(0, 10)).waitFor();
		await tom.page.goto('/held');
		await tom.page.locator('summary').filter({ hasText: 'Lifted' }).click();
		await tom.page.getByText('Known to us').waitFor();
		await tom.accessible('a decision');
	});

	test('tags, an album, a person and the settings open without a fault', async () => {
		for (const [path, heading] of [['/tags', 'Tags'], ['/people/mei', 'Mei 梅'], ['/people/tom', 'Tom'], ['/settings', 'Settings']]) {
			await tom.page.goto(path);
			await tom.page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
			await tom.settled();
			await tom.accessible(path);
		}
	});

	test('nothing sticks out sideways at 320 pixels, in Chinese and in the dark', async () => {
		const session = (await tom.context.cookies())[0];
		const small = await Visitor.open(browser, kith.url, { viewport: { width: 320, height: 640 }, locale: 'zh-CN', colorScheme: 'dark' });
		await small.context.addCookies([session]);
		for (const path of ['/', '/?write', '/friends', '/tags', '/notices', '/held', '/report', '/juries', '/rules', '/people/tom', '/settings']) {
			await small.page.goto(path);
			await small.page.getByRole('navigation').first().waitFor();
			await small.settled();
			assert.match(await small.page.evaluate(() => document.documentElement.lang), /^zh/);
			await small.fits(path);
			await small.accessible(`${path}, small, dark, Chinese`);
		}
		small.unharmed();
		await small.close();
	});

	test('signing out ends the session, and going back shows nothing', async () => {
		await tom.page.goto('/settings');
		await tom.page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
		const door = tom.page.getByRole('button', { name: 'Sign in', exact: true });
		await door.waitFor();
		await tom.page.goBack();
		await door.waitFor();
		assert.ok(!(await tom.page.content()).includes('Persimmons'));
	});

	test('no console error, no policy violation and no request to another server in all of it', () => {
		for (const visitor of [mei, tom, warden]) visitor.unharmed();
	});
});
