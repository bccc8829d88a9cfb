// The order in a real browser, from one end to the other: an advertisement is held with its reason, appealed in two taps, judged by seven
// who do not know the people, and appears; and what members see of reports and of rules that are announced.
import assert from 'node:assert/strict';
import { appendFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SKIP } from './support/chromium.mjs';
import { ROOT } from './support/kith.mjs';
import { until } from './support/later.mjs';
import { ADS, API, article, JURORS, PHONE, Stage } from './support/order.mjs';
import { HONEST } from './support/texts.mjs';

const FRUIT = `
words fruit "柿子熟了" matches "院子里的柿子熟了" passes "今天吃饺子" end
rule fruit.ripe clause "b.1" owner "stewards" status live harm marketing dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT
  evidence 0.5 when words(fruit) >= 1
  en "It names a fruit." zh "它提到了柿子。" pass en "Without it, it would pass." zh "不提就可以。" false_positives "many"
  fires "院子里的柿子熟了" silent "今天吃饺子" end
`;

describe('the order in chromium', { skip: SKIP }, () => {
	let stage, clients, appeal;

	before(async () => {
		stage = await Stage.start({ willing: false });
		({ clients } = stage);
	});

	after(() => stage?.stop());

	test('one is willing to sit on juries by a tap in the settings', async () => {
		const first = await stage.visit(JURORS[0], PHONE);
		await first.page.goto('/settings');
		await first.page.getByRole('button', { name: 'I am willing' }).click();
		await first.page.getByText('You may be drawn from now on.').waitFor();
		assert.equal((await clients[JURORS[0]].get(`${API}/juror`)).willing, true);
		await stage.leave(first);
		for (const handle of JURORS.slice(1)) await clients[handle].put(`${API}/juror`, { willing: true });
		const { list } = await stage.kith.anyone().get(`${API}/jurors`);
		assert.equal(list.length, JURORS.length);
	});

	test('an advertisement is held, with the words marked, and appealed in two taps; words can follow', async () => {
		const mei = await stage.visit('mei', PHONE);
		await stage.write(mei, ADS[0]); // the first tap
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
		await stage.leave(mei);
		[appeal] = await clients.mei.get(`${API}/appeals`);
		assert.deepEqual([appeal.way, appeal.seats, appeal.state], ['jury', 7, 'open']);
	});

	test('a juror hears of it, sees no names, and votes with a reason', async () => {
		const seated = await stage.seated(appeal);
		assert.equal(seated.length, 7);
		const juror = await stage.visit(seated[0], PHONE);
		await juror.page.goto('/notices');
		await juror.page.getByText('You are asked to judge an appeal.').first().waitFor();
		await juror.page.goto('/juries');
		const waiting = juror.page.getByRole('region', { name: 'Waiting for your vote' }).getByRole('link');
		await waiting.first().waitFor();
		await juror.accessible('the juries that wait');
		const seats = await waiting.count();
		for (let n = 0; n < seats; n++) {
			await waiting.first().click();
			await juror.page.getByRole('heading', { name: 'What party A wrote' }).waitFor();
			const said = await juror.page.locator('main').innerText();
			assert.ok(!/\bmei\b|梅|Warden/i.test(said) && !said.includes('Keeper'), said); // 'the keeper' may be in a rule's own words
			await juror.page.getByRole('button', { name: 'Vote' }).click();
			await juror.page.getByText('Choose one.').waitFor();
			await juror.page.getByText('Undo it: it should not have been done').click();
			await juror.page.getByRole('textbox', { name: 'Why' }).fill('A bag sewn by a cousin is no trade.');
			if (n === 0) await juror.accessible('a seat');
			await juror.page.getByRole('button', { name: 'Vote' }).click();
			await juror.page.getByText('You voted: undo it.').waitFor();
			await juror.page.getByText(/You can change it until/).waitFor();
			if (n === 0) await juror.accessible('a seat after the vote');
			await juror.page.goto('/juries');
			await juror.settled();
		}
		assert.equal(await waiting.count(), 0);
		await stage.leave(juror);
		await stage.vote_all('overturn', 'Honest work');
	});

	test('overturned: the post appears for a friend, its author was right, and the rule’s rate moves', async () => {
		await stage.votes_stand();
		await until('the jury', async () => (await clients.mei.get(`${API}/appeals`))[0].state === 'overturned');
		const tom = await stage.visit('tom');
		await tom.page.goto('/');
		await article(tom, ADS[0]).waitFor();
		await stage.leave(tom);
		const mei = await stage.visit('mei');
		await mei.page.goto('/held');
		await mei.page.locator('summary').filter({ hasText: 'Overturned' }).click();
		await mei.page.getByText('You were right. The measure is undone and counts against the rule.').waitFor();
		await mei.page.getByText('0 to keep it, 7 to undo it.').waitFor();
		const notes = await mei.page.locator('.quote').filter({ hasText: 'What the jurors wrote, unsigned' }).innerText();
		assert.equal(notes.match(/Honest work|A bag sewn/g).length, 7);
		await mei.accessible('an appeal that was right');
		await stage.leave(mei);

		const { rule } = await stage.measure_of('mei', ADS[0]);
		const warden = await stage.visit('warden');
		await warden.page.goto('/review?view=figures');
		const row = warden.page.getByRole('row').filter({ hasText: rule.id });
		await row.waitFor();
		assert.deepEqual((await row.getByRole('cell').allInnerTexts()), ['1', '1', '1', '1', '0', '100 %']);
		await warden.page.getByRole('img', { name: new RegExp(`Most of ${rule.id}: 100 % of 1`) }).waitFor();
		await stage.leave(warden);
	});

	test('the log verifies, and the measure is a row of the transparency database', async () => {
		const verified = await stage.kith.command(['audit', 'verify']);
		assert.equal(verified.code, 0, verified.out + verified.err);
		const { rule } = await stage.measure_of('mei', ADS[0]);
		const rows = (await stage.kith.command(['export', 'dsa'])).out.trim().split('\n').map((line) => JSON.parse(line));
		assert.equal(rows.length, 1);
		const [row] = rows;
		assert.deepEqual(row.decision_visibility, ['DECISION_VISIBILITY_CONTENT_DISABLED']);
		assert.ok(row.incompatible_content_ground.includes(`rule ${rule.id}`), row.incompatible_content_ground);
		assert.equal(row.incompatible_content_explanation, rule.text.en);
		assert.ok(!/\bmei\b|梅|Warden/i.test(JSON.stringify(row)), 'nobody in it');
	});

	test('a report is a page; its outcome is told to who made it, and its maker to nobody', async () => {
		await clients.tom.say(HONEST['a baker with a price (en)']);
		const mei = await stage.visit('mei', PHONE);
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
		const warden = await stage.visit('warden');
		await stage.case_of(warden, 'Tom');
		await warden.page.getByRole('region', { name: /^Reports/ }).getByText('I paid and got no bread.').waitFor();
		const said = await warden.page.getByRole('region', { name: /^Reports/ }).innerText();
		assert.ok(!/\bMei\b|梅/.test(said), said);
		await warden.page.getByRole('group', { name: 'The reports were' }).getByText('not confirmed').click();
		await stage.decide(warden, 'He bakes on Fridays and was asked.');
		await mei.page.goto('/report');
		await mei.page.getByText('It was not confirmed. That is no fault of yours.').waitFor();
		await mei.page.goto('/notices');
		await mei.page.getByText('What you reported was looked at and not confirmed.').first().waitFor();
		await mei.accessible('the notices of the order');
		await stage.leave(warden, mei);
	});

	test('rules that are announced: what would change for me, and a slip in the circle from the next time on', async () => {
		const [, grower] = JURORS;
		await clients[grower].say('自家院子里的柿子熟了，要的邻居留言。');
		const next_rules = join(stage.dir, 'rules');
		await cp(join(ROOT, 'policy'), next_rules, { recursive: true });
		await appendFile(join(next_rules, 'default.policy'), FRUIT);
		const published = await stage.kith.command(['policy', 'publish', join(next_rules, 'default.policy')]);
		assert.equal(published.code, 0, published.out + published.err);
		const { hash: next } = (await clients.mei.get(`${API}/policies`)).find((it) => it.state === 'announced');
		const grown = await stage.visit(grower, PHONE);
		await grown.page.goto(`/rules?version=${next}`);
		await grown.page.getByText(/^Binds from/).waitFor();
		await grown.page.getByText('fruit.ripe').first().waitFor();
		await grown.page.getByText('Now published; under this version labelled.').waitFor();
		await grown.page.getByRole('heading', { name: 'Whom it would have hit' }).waitFor();
		await grown.accessible('an announced version');
		await grown.fits('an announced version');
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
		await stage.leave(grown);
	});

	test('whoever appeals a fourth time reads that three are open, in the language of the page', async () => {
		const [one] = JURORS, held = [];
		for (let i = 0; i < 4; i++) held.push(await stage.measure_of(one, (await clients[one].say(`${ADS[2]} ${i}`)).kith_text));
		for (const { id } of held.slice(0, 3)) await clients[one].post(`${API}/measures/${id}/appeal`);
		for (const [locale, appeal, says] of [['en-GB', 'Appeal', /^Three of your appeals are open, and more there cannot be/],
			['zh-CN', '申诉', /^你有三件申诉还没有裁决，最多就是三件/]]) {
			const juror = await stage.visit(one, { ...PHONE, locale });
			await juror.page.goto(`/held?id=${held[3].id}`);
			await juror.page.getByRole('button', { name: appeal }).click();
			const refused = await juror.page.getByRole('alert').filter({ hasText: says }).innerText();
			assert.doesNotMatch(refused, /again in|秒|\d/, 'no wait helps');
			juror.forgive(/status of 422/); // which was asked for
			await stage.leave(juror);
		}
	});
});
