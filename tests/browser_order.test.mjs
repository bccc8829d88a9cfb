// The order in a real browser, from one end to the other: an advertisement is held with its reason, appealed in two taps, judged by seven
// who do not know the people, and appears; and its mirror, where it is kept and the ladder climbs.
import assert from 'node:assert/strict';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith, ROOT } from './support/kith.mjs';
import { until, votes_later } from './support/later.mjs';
import { HELD, HONEST } from './support/texts.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DESKTOP = { viewport: { width: 1366, height: 900 } };
const ADS = Object.values(HELD);
const FRUIT = `
words fruit "柿子熟了" matches "院子里的柿子熟了" passes "今天吃饺子" end
rule fruit.ripe clause "b.1" owner "stewards" status live harm marketing dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT
  evidence 0.5 when words(fruit) >= 1
  en "It names a fruit." zh "它提到了柿子。" pass en "Without it, it would pass." zh "不提就可以。" false_positives "many"
  fires "院子里的柿子熟了" silent "今天吃饺子" end
`;
const JURORS = Array.from({ length: 16 }, (_, i) => `juror${String.fromCharCode(97 + i)}`);
const API = '/api/kith/v1';

describe('the order in chromium', { skip: SKIP }, () => {
	let dir, kith, browser;
	const clients = {};
	const open = new Set();

	/** A page of somebody, signed in, which must stay without faults. */
	async function visit(handle, options = DESKTOP) {
		const visitor = await Visitor.open(browser, kith.url, options);
		await visitor.sign_in(handle);
		open.add(visitor);
		return visitor;
	}

	async function leave(...visitors) {
		for (const visitor of visitors) {
			visitor.unharmed();
			open.delete(visitor);
			await visitor.close();
		}
	}

	async function meet(...handles) {
		for (const handle of handles) clients[handle] = await kith.client(handle);
	}

	/** Votes can be changed for ten minutes and count after that. */
	async function votes_stand() {
		assert.equal(open.size, 0, 'nobody is looking at it meanwhile');
		kith = await votes_later(kith, 11, Object.values(clients));
	}

	/** In both themes, on a phone and on a desk, without a fault that axe finds and without sideways scrolling. */
	async function shows(handle, path, ready) {
		for (const [what, options] of [
			['phone, dark, Chinese', { viewport: { width: 320, height: 640 }, colorScheme: 'dark', locale: 'zh-CN' }],
			['phone', PHONE],
			['desk, dark', { ...DESKTOP, colorScheme: 'dark' }],
			['desk', DESKTOP],
		]) {
			const visitor = await visit(handle, options);
			await visitor.page.goto(path);
			await visitor.settled();
			if (ready) await visitor.page.locator(ready).first().waitFor().catch((cause) => assert.fail(`${path}, ${what}: no ${ready}`, { cause }));
			await visitor.accessible(`${path}, ${what}`);
			await visitor.fits(`${path}, ${what}`);
			await leave(visitor);
		}
	}

	async function write(visitor, text) {
		await visitor.page.goto('/?write');
		await visitor.page.getByLabel('What you want to say').fill(text);
		await visitor.page.getByRole('button', { name: /^Post/ }).click();
	}

	const statement = (visitor, heading) => visitor.page.locator('.sheet').filter({ has: visitor.page.getByRole('heading', { name: heading }) });
	const article = (visitor, text) => visitor.page.getByRole('article').filter({ hasText: text.slice(0, 12) });
	const measure_of = async (handle, text) => (await clients[handle].get(`${API}/measures`)).find((m) => m.object.text === text);

	before(async () => {
		dir = await mkdtemp(join(tmpdir(), 'kith-order-'));
		kith = await Kith.start({ dir });
		await kith.account('keeper', { role: 'keeper', name: 'Keeper' });
		await kith.account('warden', { role: 'steward', name: 'Warden' });
		for (const [handle, name] of [['mei', 'Mei 梅'], ['tom', 'Tom'], ...JURORS.map((handle) => [handle, handle.toUpperCase()])])
			await kith.account(handle, { name });
		await meet('keeper', 'warden', 'mei', 'tom', ...JURORS);
		await clients.mei.befriend(clients.tom);
		await clients.keeper.put(`${API}/order/settings`, { juror_days: 0 });
		browser = await launch();
	});

	after(async () => {
		for (const visitor of open) await visitor.close();
		await browser?.close();
		await kith?.stop();
		await rm(dir, { recursive: true, force: true });
	});

	test('one is willing to sit on juries by a tap in the settings', async () => {
		const first = await visit(JURORS[0], PHONE);
		await first.page.goto('/settings');
		await first.page.getByRole('button', { name: 'I am willing' }).click();
		await first.page.getByText('You may be drawn from now on.').waitFor();
		assert.equal((await clients[JURORS[0]].get(`${API}/juror`)).willing, true);
		await leave(first);
		for (const handle of JURORS.slice(1)) await clients[handle].put(`${API}/juror`, { willing: true });
		const { list } = await kith.anyone().get(`${API}/jurors`);
		assert.equal(list.length, JURORS.length);
	});

	let appeal;

	test('an advertisement is held, with the words marked, and appealed in two taps; words can follow', async () => {
		const mei = await visit('mei', PHONE);
		await write(mei, ADS[0]); // the first tap
		await mei.page.getByRole('heading', { name: 'Your post is waiting for a person to look at it' }).waitFor();
		assert.ok((await mei.page.locator('mark').count()) > 0, 'the words are marked');
		assert.match(await mei.page.locator('.slip').filter({ hasText: 'Why it was held' }).innerText(), /Mark 1\.[\s\S]*Rule[\s\S]*Version/);
		await mei.accessible('a held post');
		await mei.page.getByRole('button', { name: 'Appeal' }).click(); // the second
		await mei.page.getByRole('heading', { name: /^Your appeal no\. \S+$/ }).waitFor();
		await mei.page.getByText('A jury of 7 who do not know you decides.').waitFor();
		await mei.page.getByText(/If nobody has answered by .*, the measure lapses/).waitFor();
		await mei.page.getByLabel('Add words').fill('My cousin sews these bags herself.');
		await mei.page.getByRole('button', { name: 'Send the words' }).click();
		await mei.page.locator('.quote').filter({ hasText: 'My cousin sews these bags herself.' }).waitFor();
		await mei.page.getByText('How the jury was drawn').click();
		await mei.page.getByText('In the order of the draw').waitFor();
		await mei.accessible('an appeal with its draw');
		await leave(mei);
		[appeal] = await clients.mei.get(`${API}/appeals`);
		assert.deepEqual([appeal.way, appeal.seats, appeal.state], ['jury', 7, 'open']);
	});

	test('a juror hears of it, sees no names, and votes with a reason', async () => {
		const draw = await kith.anyone().get(appeal.draw);
		const seated = draw.walk.filter((it) => it.state === 'seated').map((it) => it.number);
		assert.equal(seated.length, 7);
		const numbers = Object.fromEntries(await Promise.all(
			JURORS.map(async (handle) => [(await clients[handle].get(`${API}/juror`)).number, handle])));
		const [one, ...others] = seated.map((number) => numbers[number]);
		const juror = await visit(one, PHONE);
		await juror.page.goto('/notices');
		await juror.page.getByText('You are asked to judge an appeal.').first().waitFor();
		await juror.page.goto('/juries');
		const waiting = juror.page.getByRole('region', { name: 'Waiting for your vote' }).getByRole('link');
		await waiting.first().waitFor();
		await juror.accessible('the juries that wait');
		for (let n = await waiting.count(); n > 0; n--) {
			await waiting.first().click();
			await juror.page.getByRole('heading', { name: 'What party A wrote' }).waitFor();
			const said = await juror.page.locator('main').innerText();
			assert.ok(!/\b[Mm]ei\b|梅|\bKeeper\b|\bWarden\b/.test(said), said);
			await juror.page.getByRole('button', { name: 'Vote' }).click();
			await juror.page.getByText('Choose one of the three.').waitFor();
			await juror.page.getByText('Undo it: it should not have been done').click();
			await juror.page.getByRole('textbox', { name: 'Why' }).fill('A bag sewn by a cousin is no trade.');
			await juror.accessible('a seat');
			await juror.page.getByRole('button', { name: 'Vote' }).click();
			await juror.page.getByText('You voted: undo it.').waitFor();
			await juror.page.getByText(/You can change it until/).waitFor();
			await juror.accessible('a seat after the vote');
			await juror.page.goto('/juries');
			await juror.settled();
		}
		await leave(juror);
		for (const handle of others)
			for (const seat of (await clients[handle].get(`${API}/juries`)).filter((it) => it.state === 'asked'))
				await clients[handle].post(`${API}/juries/${seat.id}/vote`, { vote: 'overturn', note: `Honest work, says ${handle}.` });
	});

	test('overturned: the post appears for a friend, its author was right, and the rule’s rate moves', async () => {
		await votes_stand();
		await until('the jury', async () => (await clients.mei.get(`${API}/appeals`))[0].state === 'overturned');
		const tom = await visit('tom');
		await tom.page.goto('/');
		await article(tom, ADS[0]).waitFor();
		await leave(tom);
		const mei = await visit('mei');
		await mei.page.goto('/held');
		await mei.page.locator('summary').filter({ hasText: 'Overturned' }).click();
		await mei.page.getByText('You were right. The measure is undone and counts against the rule.').waitFor();
		await mei.page.getByText('0 to keep it, 7 to undo it.').waitFor();
		const notes = await mei.page.locator('.quote').filter({ hasText: 'What the jurors wrote, unsigned' }).innerText();
		assert.equal(notes.match(/Honest work|A bag sewn/g).length, 7);
		await mei.accessible('an appeal that was right');
		await leave(mei);

		const { rule } = await measure_of('mei', ADS[0]);
		const warden = await visit('warden');
		await warden.page.goto('/review?view=figures');
		const row = warden.page.getByRole('row').filter({ hasText: rule.id });
		await row.waitFor();
		assert.deepEqual((await row.getByRole('cell').allInnerTexts()), ['1', '1', '1', '1', '100 %']);
		await warden.page.getByRole('img', { name: new RegExp(`Most of ${rule.id}: 100 % of 1`) }).waitFor();
		await leave(warden);
	});

	test('the log verifies, and the measure is a row of the transparency database', async () => {
		const verified = await kith.command(['audit', 'verify']);
		assert.equal(verified.code, 0, verified.out + verified.err);
		const { rule } = await measure_of('mei', ADS[0]);
		const rows = (await kith.command(['export', 'dsa'])).out.trim().split('\n').map((line) => JSON.parse(line));
		assert.equal(rows.length, 1);
		const [row] = rows;
		assert.deepEqual(row.decision_visibility, ['DECISION_VISIBILITY_CONTENT_DISABLED']);
		assert.ok(row.incompatible_content_ground.includes(`rule ${rule.id}`), row.incompatible_content_ground);
		assert.equal(row.incompatible_content_explanation, rule.text.en);
		assert.ok(!/\bmei\b|梅|Warden/i.test(JSON.stringify(row)), 'nobody in it');
	});

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
				return { tag: it.tagName, type: it.type, text: label.textContent };
			});
			if (here.tag === what && here.text.includes(name)) return;
		}
		assert.fail(`no ${what} with ${name} within 120 tabs`);
	}

	test('a case is decided with the keyboard alone, and what was decided stands there with the way to undo it', async () => {
		const mei = await visit('mei', PHONE);
		await write(mei, ADS[1]);
		await mei.page.getByRole('heading', { name: 'Your post is waiting for a person to look at it' }).waitFor();
		await leave(mei);
		const warden = await visit('warden');
		const { page } = warden;
		await by_keys(page, /^Case \d+$/);
		await page.keyboard.press('c');
		await page.getByText(/^You are at it until/).waitFor();
		await page.keyboard.press('e');
		assert.equal(await page.evaluate(() => document.activeElement.id), 'evidence');
		await page.keyboard.press('r');
		await page.keyboard.type('je recruiting ladder: fees and head-money.');
		assert.equal(await page.getByLabel('Reason to the person').inputValue(), 'je recruiting ladder: fees and head-money.', 'no key of ours while one types');
		await page.getByLabel('Reason to the person').press('Control+a');
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
		await leave(warden);
	});

	test('kept: it stays hidden, its points count, and once more the jury keeps it', async () => {
		const mei = await visit('mei', PHONE);
		await mei.page.goto('/held');
		await mei.page.getByRole('heading', { name: 'A notice to you' }).waitFor();
		const hidden = statement(mei, 'Your post stays hidden');
		await hidden.getByText('It takes a fee and pays for people brought in.').waitFor();
		await mei.page.getByText(/^2 points from 1 offence\./).waitFor();
		await hidden.getByRole('button', { name: 'Appeal' }).click();
		await hidden.getByRole('heading', { name: /^Your appeal no\./ }).waitFor();
		await leave(mei);
		const tom = await visit('tom');
		await tom.page.goto('/');
		await article(tom, ADS[0]).waitFor();
		assert.equal(await article(tom, ADS[1]).count(), 0);
		await leave(tom);
		for (const handle of JURORS)
			for (const seat of (await clients[handle].get(`${API}/juries`)).filter((it) => it.state === 'asked'))
				await clients[handle].post(`${API}/juries/${seat.id}/vote`, { vote: 'keep', note: 'The rule is right here.' });
		await votes_stand();
		await until('the jury', async () => (await clients.mei.get(`${API}/appeals`))[0].state === 'kept');
		const again = await visit('mei', PHONE);
		await again.page.goto('/held');
		await again.page.getByText('The measure stands.').waitFor();
		await again.page.getByText('7 to keep it, 0 to undo it.').waitFor();
		await again.page.getByText('Once more, on new facts').click();
		await again.page.getByRole('button', { name: 'Appeal once more' }).click();
		await again.page.getByText('Say what is new, in a sentence.').waitFor();
		await again.accessible('an appeal that was decided');
		await leave(again);
	});

	test('the next offence climbs the ladder: a step with an end, said to the person and seen on their ladder', async () => {
		await clients.mei.say(ADS[3]);
		const warden = await visit('warden');
		const { page } = warden;
		await page.goto('/review');
		await page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').first().click();
		await page.getByText('2 points from 1 offence.').waitFor();
		await page.getByRole('group', { name: 'On this: Held for review' }).getByText('Keep it').click();
		await page.getByRole('group', { name: 'On the person' }).getByText('fewer posts').click();
		await page.getByLabel('For how many days').fill('14');
		await page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await page.getByText('Write why, in a sentence the person can answer.').waitFor();
		await page.getByLabel('Reason to the person').fill('This is the second time.');
		await page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await page.getByRole('heading', { name: 'What was decided here' }).waitFor();
		await leave(warden);
		const mei = await visit('mei', PHONE);
		await mei.page.goto('/held');
		await mei.page.getByRole('heading', { name: 'Fewer posts for a time' }).waitFor();
		await mei.page.getByText(/It ends by itself on/).waitFor();
		await mei.page.getByText(/^4 points from 2 offences\./).waitFor();
		const step = mei.page.getByRole('list', { name: 'On a person' }).locator('[aria-current=step]');
		assert.equal(await step.innerText(), 'fewer posts');
		await leave(mei);
		await shows('mei', '/held', '.ladder');
	});

	test('released: a friend’s open page has it within a second', async () => {
		const text = ADS[2];
		await clients.tom.say(text);
		const mei = await visit('mei');
		await mei.page.goto('/');
		await article(mei, ADS[0]).waitFor();
		const warden = await visit('warden');
		await warden.page.goto('/review');
		await warden.page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').filter({ hasText: 'Tom' }).click();
		await warden.page.getByRole('group', { name: 'On this: Held for review' }).getByText('Lift it').click();
		await warden.page.getByLabel('Reason to the person').fill('Known to us.');
		await warden.page.getByRole('button', { name: 'Decide and send the statement' }).click();
		const from = Date.now();
		await mei.page.getByRole('button', { name: /1 new post/ }).waitFor({ timeout: 2000 });
		assert.ok(Date.now() - from < 1500, `it took ${Date.now() - from} ms from the click on`);
		await leave(mei, warden);
	});

	test('two stewards at one case: one wins, the other is told, and loses no word', async () => {
		await clients.tom.say(ADS[0]);
		const [one, other] = [await visit('warden'), await visit('keeper')];
		for (const it of [one, other]) {
			await it.page.goto('/review');
			await it.page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').filter({ hasText: 'Tom' }).first().click();
			await it.page.getByRole('group', { name: 'On this: Held for review' }).getByText('Keep it').click();
		}
		await other.page.getByLabel('Reason to the person').fill('Written by the slower one.');
		await one.page.getByLabel('Reason to the person').fill('Written by the quicker one.');
		await one.page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await one.page.getByRole('heading', { name: 'What was decided here' }).waitFor();
		await other.page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await other.page.getByText(/^Decided or changed by another steward meanwhile/).waitFor();
		assert.equal(await other.page.getByLabel('What you had written').inputValue(), 'Written by the slower one.');
		await other.accessible('a conflict');
		other.forgive(/status of 409/); // which was asked for
		await one.page.getByRole('button', { name: 'Undo' }).click();
		await one.page.getByText('Undone. The case is open again.').waitFor();
		await leave(one, other);
	});

	test('a report is a page; its outcome is told to who made it, and its maker to nobody', async () => {
		await clients.tom.say(HONEST['a baker with a price (en)']);
		const mei = await visit('mei', PHONE);
		await mei.page.goto('/');
		await article(mei, 'Baking rye').getByRole('link', { name: 'Report Tom’s post' }).click();
		await mei.page.getByRole('heading', { name: 'Report this post' }).waitFor();
		await mei.accessible('a report');
		await mei.page.getByRole('button', { name: 'Send the report' }).click();
		await mei.page.getByText('Choose what it is.').waitFor();
		await mei.page.getByText('Something else').click();
		await mei.page.getByRole('textbox', { name: 'In your words' }).fill('I paid and got no bread.');
		await mei.page.getByRole('button', { name: 'Send the report' }).click();
		await mei.page.getByText('Not decided yet').waitFor();
		await mei.accessible('my reports');
		await leave(mei);
		const warden = await visit('warden');
		const { page } = warden;
		await page.goto('/review');
		await page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').filter({ hasText: 'Tom' }).first().click();
		await page.getByRole('region', { name: /^Reports/ }).getByText('I paid and got no bread.').waitFor();
		const said = await page.getByRole('region', { name: /^Reports/ }).innerText();
		assert.ok(!/\bMei\b|梅/.test(said), said);
		await page.getByRole('group', { name: 'The reports were' }).getByText('not confirmed').click();
		await page.getByLabel('Reason to the person').fill('He bakes on Fridays and was asked.');
		await page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await page.getByRole('heading', { name: 'What was decided here' }).waitFor();
		await leave(warden);
		const again = await visit('mei', PHONE);
		await again.page.goto('/report');
		await again.page.getByText('It was not confirmed. That is no fault of yours.').waitFor();
		await again.page.goto('/notices');
		await again.page.getByText('What you reported was looked at and not confirmed.').first().waitFor();
		await again.accessible('the notices of the order');
		await leave(again);
	});

	test('rules that are announced: what would change for me, and a slip in the circle from the next time on', async () => {
		const [, grower] = JURORS;
		await clients[grower].say('自家院子里的柿子熟了，要的邻居留言。');
		const next_rules = join(dir, 'rules');
		await cp(join(ROOT, 'policy'), next_rules, { recursive: true });
		await appendFile(join(next_rules, 'default.policy'), FRUIT);
		const published = await kith.command(['policy', 'publish', join(next_rules, 'default.policy')]);
		assert.equal(published.code, 0, published.out + published.err);
		const { hash: next } = (await clients.mei.get(`${API}/policies`)).find((it) => it.state === 'announced');
		const grown = await visit(grower, PHONE);
		await grown.page.goto(`/rules?version=${next}`);
		await grown.page.getByText(/^Binds from/).waitFor();
		await grown.page.getByText('fruit.ripe').first().waitFor();
		await grown.page.getByText('Now published; under this version labelled.').waitFor();
		await grown.page.getByRole('heading', { name: 'Whom it would have hit' }).waitFor();
		const known = grown.page.waitForResponse((answer) => answer.url().endsWith('/me'));
		await grown.page.goto('/');
		await known;
		await grown.page.reload();
		await grown.page.getByText('Rules that are announced would judge one piece of yours otherwise.').waitFor();
		await grown.accessible('the slip');
		await grown.page.getByRole('button', { name: 'Understood' }).click();
		await grown.page.reload();
		await grown.settled();
		assert.equal(await grown.page.getByText(/^Rules that are announced/).count(), 0);
		await leave(grown);
		await shows(grower, `/rules?version=${next}`, '.tag');
	});

	test('a seal needs a second look; then it reaches the open page, and only the reasons, the appeal and the archive are left', async () => {
		const tom = await visit('tom');
		await tom.page.goto('/');
		await tom.page.getByRole('article').first().waitFor();
		for (const [handle, choose] of [['warden', 'seal'], ['keeper', 'Confirm the seal proposed on']]) {
			const it = await visit(handle);
			await it.page.goto('/review');
			await it.page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').filter({ hasText: 'Tom' }).first().click();
			if (choose === 'seal') await it.page.getByRole('group', { name: 'On the person' }).getByRole('radio', { name: /^seal/ }).check();
			else await it.page.getByRole('checkbox', { name: new RegExp(`^${choose}`) }).check();
			await it.page.getByLabel('Reason to the person').fill('Told three times.');
			await it.page.getByRole('button', { name: 'Decide and send the statement' }).click();
			await it.page.getByRole('heading', { name: 'What was decided here' }).waitFor();
			await leave(it);
			if (choose === 'seal') assert.equal((await clients.tom.send('GET', '/api/v1/timelines/home')).status, 200, 'nothing is in force yet');
		}
		await tom.page.getByRole('heading', { name: 'Your account is sealed' }).waitFor({ timeout: 5000 });
		assert.equal(await tom.page.getByRole('article').count(), 0, 'what was open is gone');
		tom.forgive(/status of 40[13]/); // of what was being asked for as it began
		await leave(tom);
		const sealed = await visit('tom', PHONE);
		await sealed.page.goto('/friends');
		await sealed.page.getByRole('heading', { name: 'Your account is sealed' }).waitFor();
		await sealed.page.getByRole('button', { name: 'Pack it' }).waitFor();
		const seal = statement(sealed, 'Your account is sealed');
		await seal.getByText('Told three times.').waitFor();
		await sealed.accessible('a sealed person’s view');
		await seal.getByRole('button', { name: 'Appeal' }).click();
		await seal.getByRole('heading', { name: /^Your appeal no\./ }).waitFor();
		await leave(sealed);
	});

	test('every view of the order, in both themes, on a phone and on a desk', async () => {
		const [one] = await clients.warden.get(`${API}/cases?state=open`);
		const [over] = await clients.warden.get(`${API}/cases?state=decided`);
		for (const [handle, path, ready] of [
			['mei', '/held', '.ladder'], ['mei', '/report', '.row'], ['mei', '/rules', '.row'], [JURORS[0], '/juries', '.sheet'],
			['warden', '/review', '.queue'], ['warden', `/review?case=${one.id}`, '#evidence'], ['warden', `/review?case=${over.id}`, '#deeds'],
			['warden', '/review?view=decided', '.queue'], ['warden', '/review?view=figures', 'canvas'], ['keeper', '/review?view=settings', 'textarea'],
		])
			await shows(handle, path, ready);
	});
});
