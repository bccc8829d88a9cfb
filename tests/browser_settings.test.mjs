// One's own affairs in a real browser: pictures, words one would rather not read, the theme, second factors and the way in with them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { totp } from './support/authenticator.mjs';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith, PASSWORD } from './support/kith.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 900 } };

async function free_port() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

describe('settings and the ways in, in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, client;

	before(async () => {
		// passkeys belong to a name and never to a number
		const port = await free_port();
		kith = await Kith.start({ args: ['--listen', `127.0.0.1:${port}`, '--url', `http://localhost:${port}`] });
		kith.url = `http://localhost:${port}`;
		client = await kith.account('mei', { name: 'Mei' });
		const tom = await kith.account('tom', { name: 'Tom' });
		await client.post(`/api/v1/accounts/${tom.id}/follow`);
		await tom.post(`/api/v1/follow_requests/${client.id}/authorize`);
		await tom.post('/api/v1/statuses', { status: 'An election poster again' });
		await client.post(`/api/v1/accounts/${tom.id}/mute`);
		browser = await launch();
		mei = await Visitor.open(browser, kith.url, PHONE);
		await mei.sign_in('mei');
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	const section = (name) => mei.page.locator('section, form, details').filter({ has: mei.page.getByRole('heading', { name }) });
	const settings = async () => {
		await mei.page.goto('/settings');
		await mei.page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
	};

	test('a picture and a cover of one’s own: sent, shown, taken away again', async () => {
		await settings();
		const own = section('Your pictures');
		const [face, cover] = [own.locator('input[type=file]').first(), own.locator('input[type=file]').last()];
		await face.setInputFiles(await mei.picture('me', { hue: 200 }));
		await own.getByRole('button', { name: 'Another picture' }).waitFor();
		await cover.setInputFiles(await mei.picture('lake', { width: 900, height: 500 }));
		await own.getByRole('button', { name: 'Another cover' }).waitFor();
		await mei.accessible('own pictures');
		await mei.page.goto('/people/mei');
		await mei.page.locator('.cover img').waitFor();
		await mei.page.waitForFunction(() => [...document.querySelectorAll('.cover img, .me img')].every((img) => img.complete && img.naturalWidth > 0));
		await mei.accessible('an album with a cover');
		await settings();
		await own.getByRole('button', { name: 'Take the picture away' }).click();
		await own.getByRole('button', { name: 'Choose a picture' }).waitFor();
	});

	test('light and dark can be chosen here, and stay', async () => {
		await settings();
		const ground = () => mei.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		const light = await ground();
		await mei.page.getByText('Dark', { exact: true }).click();
		assert.notEqual(await ground(), light);
		await mei.accessible('the settings in the dark, chosen here');
		await mei.page.reload();
		await mei.page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
		assert.notEqual(await ground(), light);
		await mei.page.getByText('Like the device').click();
		assert.equal(await ground(), light);
	});

	test('people one hides are listed, and shown again from there', async () => {
		await settings();
		await mei.page.getByText('People whose posts you hide · 1').click();
		await mei.page.getByRole('button', { name: 'Show Tom’s posts again' }).click();
		await mei.page.getByText('Their posts are in your feed again.').waitFor();
	});

	test('a word one would rather not read folds posts, and can be dropped', async () => {
		await settings();
		await mei.page.getByText('Words you would rather not read').click();
		await mei.page.getByLabel('Word or phrase').fill('poster');
		await mei.page.getByRole('button', { name: 'Add it' }).click();
		await mei.page.getByRole('button', { name: 'Delete the filter poster' }).waitFor();
		await mei.accessible('a filter');
		await mei.page.goto('/');
		const folded = mei.page.getByRole('article').filter({ hasText: 'Filtered by you: “poster”.' });
		await folded.waitFor();
		assert.equal(await mei.page.getByText('An election poster again').count(), 0);
		await mei.accessible('a filtered post');
		await folded.getByRole('button', { name: 'Show it' }).click();
		await mei.page.getByText('An election poster again').waitFor();
	});

	let secret, codes;

	test('what is wrong is said in Chinese on a Chinese page, beside its field', async () => {
		const yun = await Visitor.open(browser, kith.url, { ...PHONE, locale: 'zh-CN' });
		await yun.come_in(client.token);
		const { page } = yun;
		const said = async (words) => {
			await page.getByRole('alert').filter({ hasText: words }).first().waitFor();
			assert.deepEqual((await page.getByRole('alert').allInnerTexts()).filter((it) => /[a-z]{2} [a-z]{2}/i.test(it)), [], 'nothing in English');
		};
		await page.goto('/settings');
		const form = page.locator('form').filter({ has: page.getByRole('heading', { name: '密码' }) });
		await form.getByLabel('现在的密码').fill('not this one at all');
		await form.getByLabel('新密码').fill('another that is long');
		await form.getByRole('button', { name: '换密码' }).click();
		await said(/^现在的密码不对。$/);
		assert.equal(await form.getByLabel('现在的密码').getAttribute('aria-invalid'), 'true');
		await page.goto('/groups');
		await page.getByText('建一个群').first().click();
		await page.getByLabel('名字').fill('两行\u2028的名字');
		await page.getByRole('button', { name: '建群' }).click();
		await said(/字符|群名/);
		yun.forgive(/status of 422/); // which was asked for
		yun.unharmed();
		await yun.close();
	});

	test('a code app is set up with its key, and ten codes are shown once', async () => {
		await settings();
		const keys = section('Second factor');
		await keys.getByRole('button', { name: 'Set up' }).click();
		const link = await keys.getByRole('link', { name: 'Open in a code app' }).getAttribute('href');
		secret = new URL(link).searchParams.get('secret');
		assert.equal((await keys.locator('.mono.breaks').innerText()).replace(/\s/g, ''), secret);
		await mei.accessible('setting up a code app');
		await keys.getByLabel('Code', { exact: true }).fill('000000');
		await keys.getByRole('button', { name: 'Switch it on' }).click();
		await keys.getByRole('alert').waitFor();
		mei.forgive(/status of 422/);
		await keys.getByLabel('Code', { exact: true }).fill(totp(secret, -1));
		await keys.getByRole('button', { name: 'Switch it on' }).click();
		await keys.getByText('Your recovery codes').waitFor();
		codes = await keys.locator('.codes li').allInnerTexts();
		assert.equal(codes.length, 10);
		await mei.accessible('recovery codes');
		await keys.getByRole('button', { name: 'I have kept them' }).click();
		await keys.getByText('10 of 10 left').waitFor();
	});

	test('a passkey is added', async () => {
		const device = await mei.context.newCDPSession(mei.page);
		await device.send('WebAuthn.enable');
		await device.send('WebAuthn.addVirtualAuthenticator', {
			options: {
				protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
				automaticPresenceSimulation: true,
			},
		});
		const keys = section('Second factor');
		await keys.getByLabel('Name of a new passkey').fill('kitchen laptop');
		await keys.getByRole('button', { name: 'Add a passkey' }).click();
		await keys.getByText('Passkey “kitchen laptop”').waitFor();
		await mei.accessible('a passkey');
	});

	async function sign_out() {
		await settings();
		await mei.page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
	}

	async function password() {
		await mei.page.getByLabel('Handle').fill('mei');
		await mei.page.getByLabel('Password').fill(PASSWORD);
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await mei.page.getByText('One more step').waitFor();
	}

	const inside = () => mei.page.getByRole('navigation', { name: 'Main' }).waitFor();

	test('the password is half of it now: then a code of the app', async () => {
		await sign_out();
		await password();
		await mei.accessible('the second step');
		await mei.page.getByLabel('Code from your app').fill('123456');
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await mei.page.getByRole('alert').waitFor();
		mei.forgive(/status of 422/);
		await mei.page.getByLabel('Code from your app').fill(totp(secret));
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await inside();
	});

	test('or a recovery code, which works once', async () => {
		await sign_out();
		await password();
		await mei.page.getByRole('button', { name: 'Use a recovery code' }).click();
		await mei.page.getByLabel('Recovery code').fill(codes[0]);
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await inside();
		await settings();
		await section('Second factor').getByText('9 of 10 left').waitFor();
	});

	test('or the passkey, as the second step and by itself', async () => {
		await sign_out();
		await password();
		await mei.page.getByRole('button', { name: 'Use a passkey' }).click();
		await mei.page.getByRole('button', { name: 'Use the passkey' }).click();
		await inside();
		await sign_out();
		await mei.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
		await inside();
	});

	test('keys are taken away with the password, and then it is enough again', async () => {
		await settings();
		const keys = section('Second factor');
		for (const name of ['Remove the code app', 'Remove the passkey kitchen laptop']) {
			await keys.getByRole('button', { name }).click();
			await keys.getByLabel('Your password').fill(PASSWORD);
			await keys.getByRole('button', { name: 'Remove', exact: true }).last().click();
			await keys.getByRole('button', { name }).waitFor({ state: 'detached' });
			await keys.getByLabel('Your password').waitFor({ state: 'detached' });
		}
		await keys.getByText('Off', { exact: true }).waitFor();
		await sign_out();
		await mei.page.getByLabel('Handle').fill('mei');
		await mei.page.getByLabel('Password').fill(PASSWORD);
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await inside();
	});

	test('every other session ends from here', async () => {
		const desk = await Visitor.open(browser, kith.url, DESKTOP);
		await desk.sign_in('mei');
		await desk.page.goto('/');
		await desk.page.getByRole('navigation', { name: 'Main' }).waitFor();
		await settings();
		await mei.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
		await mei.page.getByText('Signed out there.').waitFor();
		await desk.page.goto('/friends');
		await desk.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
		await desk.close();
	});

	test('a steward is told of the day; after it, only the keys are open, until there is one', async () => {
		await kith.account('warden', { name: 'Warden', role: 'steward' });
		const warden = await Visitor.open(browser, kith.url, PHONE);
		await warden.sign_in('warden');
		await warden.page.goto('/');
		await warden.page.getByText(/^From .* stewards and the keeper sign in with a second factor/).waitFor();
		await warden.accessible('the day a second factor is due');
		let late = true;
		await warden.page.route('**/verify_credentials', async (route) => {
			const answer = await route.fetch();
			const account = await answer.json();
			// the day has come
			if (late) account.kith_second_factor_from = '2020-01-01T00:00:00.000Z';
			await route.fulfill({ response: answer, json: account });
		});
		await warden.page.goto('/friends');
		await warden.page.getByText('Set up a second factor').waitFor();
		assert.equal(new URL(warden.page.url()).pathname, '/settings');
		await warden.accessible('nothing but the keys');
		await warden.page.getByRole('button', { name: 'Set up' }).click();
		const link = await warden.page.getByRole('link', { name: 'Open in a code app' }).getAttribute('href');
		await warden.page.getByLabel('Code', { exact: true }).fill(totp(new URL(link).searchParams.get('secret')));
		late = false;
		await warden.page.getByRole('button', { name: 'Switch it on' }).click();
		await warden.page.getByText('Your recovery codes').waitFor();
		await warden.page.getByRole('button', { name: 'I have kept them' }).click();
		await warden.page.getByRole('heading', { name: 'How friends see you' }).waitFor();
		warden.unharmed();
		await warden.close();
	});

	test('everything of mine is packed and can be fetched', async () => {
		await settings();
		const take = section('Take everything with you');
		await take.getByRole('button', { name: 'Pack it' }).click();
		const link = take.getByRole('link', { name: 'Download' });
		await link.waitFor();
		await mei.accessible('an archive that is ready');
		const [download] = await Promise.all([mei.page.waitForEvent('download'), link.click()]);
		const bytes = await readFile(await download.path());
		assert.equal(bytes.subarray(0, 2).toString(), 'PK');
		assert.ok(bytes.includes('outbox.json'));
	});

	test('one can leave: what stays is said before, and then everything is gone', async () => {
		await settings();
		const leave = section('Leave and erase the account');
		await leave.getByText('What stays, and why').waitFor();
		await leave.getByRole('button', { name: 'Erase everything' }).click();
		await mei.accessible('leaving');
		await leave.getByLabel('Your password').fill('not the password');
		await leave.getByRole('button', { name: 'Erase everything' }).click();
		await leave.getByRole('alert').waitFor();
		mei.forgive(/status of 422/);
		await leave.getByLabel('Your password').fill(PASSWORD);
		await leave.getByRole('button', { name: 'Erase everything' }).click();
		await mei.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
		assert.equal((await mei.context.request.get('/people/mei')).status(), 200, 'the page says nothing by itself');
		assert.equal((await fetch(`${kith.url}/api/v1/accounts/${client.id}`)).status, 401);
	});

	test('nothing went wrong in all of it', () => {
		mei.unharmed();
	});
});
