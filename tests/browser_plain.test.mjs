// The circle without script: signing in by a plain form, reading the newest posts and one post with its comments.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { totp } from './support/authenticator.mjs';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith, PASSWORD } from './support/kith.mjs';

const PLAIN = { javaScriptEnabled: false, viewport: { width: 320, height: 640 } };

describe('the page without script, in chromium', { skip: SKIP }, () => {
	let kith, browser, tom, mei, client, post;

	before(async () => {
		kith = await Kith.start();
		client = await kith.account('mei', { name: '<b>Mei & co</b>' });
		const other = await kith.account('tom', { name: 'Tom' });
		await kith.account('far', { name: 'Far' });
		await client.post(`/api/v1/accounts/${other.id}/follow`);
		await other.post(`/api/v1/follow_requests/${client.id}/authorize`);
		post = await client.post('/api/v1/statuses', { status: 'Persimmons <script>alert(1)</script>', kith_place: 'Lane 9' });
		await other.post('/api/v1/statuses', { status: 'Keep me "two"', in_reply_to_id: post.id });
		await other.post(`/api/v1/statuses/${post.id}/favourite`);
		browser = await launch();
		tom = await Visitor.open(browser, kith.url, PLAIN);
		// axe needs script where it looks; these pages have none of their own either way
		mei = await Visitor.open(browser, kith.url, { viewport: PLAIN.viewport, locale: 'zh-CN', colorScheme: 'dark' });
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	async function sign_in(visitor, handle, password, words = ['Handle', 'Password', 'Sign in']) {
		await visitor.page.getByLabel(words[0]).fill(handle);
		await visitor.page.getByLabel(words[1]).fill(password);
		await visitor.page.getByRole('button', { name: words[2] }).click();
	}

	/** The same page under the eyes of axe, with the same cookies. */
	async function accessible(visitor, what) {
		const eye = await Visitor.open(browser, kith.url, { viewport: PLAIN.viewport });
		await eye.context.addCookies(await visitor.context.cookies());
		await eye.page.goto(visitor.page.url());
		await eye.accessible(what);
		await eye.fits(what);
		eye.unharmed();
		await eye.close();
	}

	test('the page says that it needs its script, and leads to the plain form', async () => {
		await tom.page.goto('/');
		await tom.page.getByRole('link', { name: 'read the circle in a plain form' }).click();
		await tom.page.getByRole('link', { name: 'Sign in without script' }).click();
		tom.forgive(/status of 401/);
		await tom.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
		await accessible(tom, 'the plain sign-in');
	});

	test('a wrong password says so; the right one opens the circle', async () => {
		await sign_in(tom, 'tom', 'not the password');
		await tom.page.getByRole('alert').waitFor();
		tom.forgive(/status of 422/);
		await sign_in(tom, 'tom', PASSWORD);
		await tom.page.getByText('Persimmons <script>alert(1)</script>').waitFor();
		await tom.page.getByText('<b>Mei & co</b>').waitFor();
		await tom.page.getByText('Keep me "two"').waitFor();
		await tom.page.getByText('Liked by Tom').waitFor();
		await accessible(tom, 'the plain circle');
	});

	test('a post has a page of its own; a stranger finds nothing there', async () => {
		await tom.page.getByRole('link', { name: 'The post and all comments' }).click();
		assert.equal(new URL(tom.page.url()).pathname, `/plain/posts/${post.id}`);
		await tom.page.getByText('Lane 9').waitFor();
		await accessible(tom, 'a plain post');
		const far = await Visitor.open(browser, kith.url, PLAIN);
		await far.page.goto(`/plain/sign-in?next=/plain/posts/${post.id}`);
		await sign_in(far, 'far', PASSWORD);
		await far.page.getByRole('heading', { level: 1, name: 'Nothing here' }).waitFor();
		assert.equal(new URL(far.page.url()).pathname, `/plain/posts/${post.id}`);
		assert.ok(!(await far.page.content()).includes('Persimmons'));
		await far.page.goto('/plain/sign-in?next=https://elsewhere.example/');
		await sign_in(far, 'far', PASSWORD);
		await far.page.getByText('Nothing here yet.').waitFor();
		assert.equal(new URL(far.page.url()).pathname, '/plain');
		await far.close();
	});

	test('a second factor is asked for here too, in the language of the browser', async () => {
		const cookie = { Origin: kith.url };
		await mei.sign_in('mei');
		const { secret } = await (await mei.context.request.post('/api/kith/v1/factors/totp', { data: {}, headers: cookie })).json();
		await mei.context.request.post('/api/kith/v1/factors/totp/confirm', { data: { code: totp(secret, -1) }, headers: cookie });
		await mei.context.clearCookies();
		await mei.page.goto('/plain/sign-in');
		await sign_in(mei, 'mei', PASSWORD, ['用户名', '密码', '登录']);
		await mei.page.getByLabel('应用里的验证码，或者恢复码').fill(totp(secret));
		await mei.accessible('the plain second step');
		await mei.page.getByRole('button', { name: '登录' }).click();
		await mei.page.getByRole('heading', { level: 1, name: '友圈' }).waitFor();
		await mei.accessible('the plain circle in Chinese, in the dark');
	});

	test('signing out ends the session', async () => {
		const [cookie] = (await tom.context.cookies()).filter((it) => it.name === 'kith_session');
		await tom.page.getByRole('button', { name: 'Sign out' }).click();
		await tom.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
		const answer = await fetch(`${kith.url}/api/v1/accounts/verify_credentials`, { headers: { Cookie: `kith_session=${cookie.value}` } });
		assert.equal(answer.status, 401);
	});

	test('a form from another page signs nobody in', async () => {
		const answer = await fetch(`${kith.url}/plain/sign-in`, {
			method: 'POST', redirect: 'manual', headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({ handle: 'tom', password: PASSWORD }),
		});
		assert.equal(answer.status, 403);
		assert.equal(answer.headers.get('set-cookie'), null);
	});

	test('nothing else went wrong in all of it', () => {
		tom.unharmed();
		mei.unharmed();
	});
});
