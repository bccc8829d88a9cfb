// Every view, in both themes, on a phone and on a desk: nothing axe can find, nothing that sticks out; and what it all weighs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const KIB = 1024;

describe('every view in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, group, post, views;

	before(async () => {
		kith = await Kith.start();
		mei = await kith.account('mei', { name: 'Mei 梅' });
		const tom = await kith.account('tom', { name: 'Tom' });
		const ann = await kith.account('ann', { name: 'Ann' });
		await kith.account('warden', { name: 'Warden', role: 'steward' });
		await mei.post(`/api/v1/accounts/${tom.id}/follow`);
		await tom.post(`/api/v1/follow_requests/${mei.id}/authorize`);
		await ann.post(`/api/v1/accounts/${mei.id}/follow`, { kith_word: '小时候你教我骑车' });
		await mei.post('/api/v1/lists', { title: '家人' });
		group = await mei.post('/api/kith/v1/groups', { title: '周四合唱团', about: 'Bring your own cup.' });
		await mei.post('/api/v1/statuses', { status: 'Order for June', kith_audience: { kind: 'group', group: group.id } });
		post = await tom.post('/api/v1/statuses', {
			status: '昨晚停电，整条巷子一下子静了。'.repeat(20) + ' #巷子', kith_place: 'Lane 9',
			kith_card: { url: 'https://lane.example/a', title: 'What the lane was', about: 'A long read' },
		});
		await mei.post('/api/v1/statuses', { status: 'Dark here too', in_reply_to_id: post.id });
		await mei.post(`/api/v1/statuses/${post.id}/favourite`);
		await tom.put(`/api/v1/statuses/${post.id}`, { kith_place: 'Lane 9, the corner' });
		await mei.post('/api/v1/statuses', { status: Object.values(HELD)[0] });
		views = [
			'/', '/?write', `/?write&group=${group.id}`, '/friends', '/groups', `/groups/${group.id}`, '/tags', '/notices', '/held',
			'/report', '/report?person=tom', `/report?status=${post.id}`, '/juries', '/rules',
			'/people/mei', '/people/mei?as=stranger', '/people/tom', `/posts/${post.id}`, `/posts/${post.id}?history`, '/search?q=巷',
			'/search?tag=巷子', '/settings', '/posts/1',
		];
		browser = await launch();
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	for (const [what, options] of [
		['on a phone, light, English', { viewport: { width: 390, height: 844 } }],
		['on a small phone, dark, Chinese', { viewport: { width: 320, height: 640 }, colorScheme: 'dark', locale: 'zh-CN' }],
		['on a desk, dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
		['on a desk, light, more contrast', { viewport: { width: 1280, height: 900 }, contrast: 'more' }],
	]) {
		test(`members’ views ${what}`, async () => {
			const visitor = await Visitor.open(browser, kith.url, options);
			await visitor.sign_in('mei');
			for (const path of views) {
				await visitor.page.goto(path);
				await visitor.settled();
				await visitor.accessible(`${path} ${what}`);
				await visitor.fits(`${path} ${what}`);
			}
			visitor.forgive(/status of 404/); // an address of nothing
			visitor.unharmed();
			await visitor.close();
		});
	}

	test('a link and a card name the host they lead to, whatever else they say', async () => {
		const lure = await mei.post('/api/v1/statuses', {
			status: 'See https://bank.example@elsewhere.example/bank.example for more',
			kith_card: { url: 'https://elsewhere.example/bank.example', title: 'bank.example', about: 'https://bank.example/' },
		});
		const visitor = await Visitor.open(browser, kith.url);
		await visitor.sign_in('mei');
		await visitor.page.goto(`/posts/${lure.id}`);
		await visitor.settled();
		const said = await visitor.page.locator('a[href*="elsewhere.example"]').evaluateAll((all) => all.map((a) => a.innerText));
		assert.equal(said.length, 2);
		for (const text of said) assert.match(text, /elsewhere\.example/);
		await visitor.page.goto(`/plain/posts/${lure.id}`);
		assert.match(await visitor.page.locator('a[href*="elsewhere.example"]').innerText(), /elsewhere\.example/);
		visitor.unharmed();
		await visitor.close();
	});

	test('the door and the desk, in both themes', async () => {
		for (const colorScheme of ['light', 'dark']) {
			const visitor = await Visitor.open(browser, kith.url, { viewport: { width: 320, height: 640 }, colorScheme });
			for (const path of ['/sign-in', `/join/${await kith.invitation()}`, '/reset/nothing', '/plain/sign-in']) {
				await visitor.page.goto(path);
				await visitor.settled();
				await visitor.accessible(`${path} ${colorScheme}`);
				await visitor.fits(`${path} ${colorScheme}`);
			}
			await visitor.sign_in('warden');
			await visitor.page.goto('/review');
			await visitor.settled();
			await visitor.accessible(`the desk ${colorScheme}`);
			await visitor.fits(`the desk ${colorScheme}`);
			visitor.unharmed();
			await visitor.close();
		}
	});

	test('what the circle opens with weighs no more than it may', async () => {
		const visitor = await Visitor.open(browser, kith.url, { viewport: { width: 390, height: 844 } });
		await visitor.sign_in('mei');
		const weights = { script: 0, other: 0 };
		const read = [];
		visitor.page.on('response', (answer) => {
			const { pathname } = new URL(answer.url());
			if (pathname !== '/' && !/^\/assets\/.*\.(js|css)$/.test(pathname)) return;
			// the server's own gzip, as it goes over the wire
			read.push(fetch(answer.url(), { headers: { 'Accept-Encoding': 'identity' } }).then(async (plain) => {
				const whole = Buffer.from(await plain.arrayBuffer()).length;
				const { requestSizes } = { requestSizes: await answer.request().sizes() };
				assert.ok(requestSizes.responseBodySize < whole, `${pathname} comes packed`);
				weights[pathname.endsWith('.js') ? 'script' : 'other'] += requestSizes.responseBodySize;
			}));
		});
		await visitor.page.goto('/');
		await visitor.settled();
		await Promise.all(read);
		assert.ok(weights.script > 10 * KIB && weights.script <= 60 * KIB, `JavaScript: ${weights.script} bytes`);
		assert.ok(weights.other > 2 * KIB && weights.other <= 30 * KIB, `HTML and CSS: ${weights.other} bytes`);
		await visitor.close();
	});

	test('with the keyboard alone: in, to the first post, like it, answer it, write, and out', async () => {
		const visitor = await Visitor.open(browser, kith.url, { viewport: { width: 1280, height: 900 } });
		const { page } = visitor;
		const focus = () => page.evaluate(() => {
			const it = document.activeElement;
			const box = it.getBoundingClientRect();
			const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 10));
			return {
				name: (it.getAttribute('aria-label') ?? it.innerText ?? '').trim().slice(0, 80), tag: it.tagName, place: it.getAttribute('aria-posinset'),
				seen: it === document.body || it.contains(top) || top?.contains(it), ring: getComputedStyle(it).outlineStyle !== 'none',
			};
		});
		/** Presses Tab until `wanted` has the focus; on the way each stop is in sight and has its ring. */
		async function tab(wanted, most = 60) {
			const way = [];
			for (let i = 0; i < most; i++) {
				await page.keyboard.press('Tab');
				const here = await focus();
				way.push(`${here.tag} ${here.name}`);
				assert.ok(here.seen, `the focus is hidden: ${way.join('\n')}`);
				assert.ok(here.ring, `the focus has no ring: ${way.join('\n')}`);
				if (wanted(here)) return here;
			}
			throw new Error(`never reached ${wanted}: ${way.join('\n')}`);
		}
		await page.goto('/sign-in');
		await page.getByLabel('Handle').focus();
		await page.keyboard.type('mei');
		await page.keyboard.press('Tab');
		await page.keyboard.type('correct horse battery');
		await page.keyboard.press('Enter');
		await page.getByRole('feed').waitFor();
		await visitor.settled();
		await page.reload();
		await visitor.settled();
		assert.equal((await tab((it) => it.tag === 'A')).name, 'Skip to content');
		await page.keyboard.press('Enter');
		await tab((it) => it.place === '1');
		await page.keyboard.press('PageDown');
		assert.equal((await focus()).place, '2');
		await tab((it) => it.name === 'Like or comment');
		await page.keyboard.press('Enter');
		await tab((it) => it.name === 'Comment');
		await page.keyboard.press('Escape');
		assert.equal((await focus()).name, 'Like or comment', 'Escape closes and goes back');
		await page.keyboard.press('Enter');
		await tab((it) => /^Like/.test(it.name));
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => !document.querySelector('.more[open]'));
		await page.keyboard.press('Enter');
		await tab((it) => it.name === 'Comment');
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => document.activeElement?.matches('textarea, input'));
		await page.keyboard.type('By keyboard');
		await page.keyboard.press('Enter');
		await page.getByRole('list', { name: 'Comments' }).getByText('By keyboard').waitFor();
		await page.goto('/?write');
		await page.getByLabel('What you want to say').waitFor();
		await page.keyboard.type('Written by keyboard');
		await tab((it) => /^Post/.test(it.name));
		await page.keyboard.press('Enter');
		await page.getByRole('article').filter({ hasText: 'Written by keyboard' }).waitFor();
		visitor.unharmed();
		await visitor.close();
	});
});
