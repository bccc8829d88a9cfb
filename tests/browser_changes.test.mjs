// What was written can change: edited with its history, narrowed, taken back within ten seconds, found again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

const ADVERTISEMENT = Object.values(HELD)[0];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 900 } };

describe('changing what one wrote, in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, tom, client;

	before(async () => {
		kith = await Kith.start();
		client = await kith.account('mei', { name: 'Mei' });
		const b = await kith.account('tom', { name: 'Tom' });
		await client.post(`/api/v1/accounts/${b.id}/follow`);
		await b.post(`/api/v1/follow_requests/${client.id}/authorize`);
		browser = await launch();
		mei = await Visitor.open(browser, kith.url, PHONE);
		tom = await Visitor.open(browser, kith.url, DESKTOP);
		await mei.sign_in('mei');
		await tom.sign_in('tom');
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	const post = (visitor, text) => visitor.page.getByRole('article').filter({ hasText: text });
	const words = (visitor) => visitor.page.getByLabel('What you want to say');

	async function write(visitor, text) {
		await visitor.page.goto('/?write');
		await words(visitor).fill(text);
		await visitor.page.getByRole('button', { name: /^Post to|^Post$/ }).click();
		await post(visitor, text.slice(0, 20)).waitFor();
	}

	test('a post is changed, with a place and a card, and what it said before can be read', async () => {
		await write(mei, 'Persimons are ripe');
		await post(mei, 'Persimons').getByRole('link', { name: 'Edit', exact: true }).click();
		await words(mei).fill('Persimmons are ripe, see https://orchard.example/pick?a=1');
		await mei.page.locator('summary').filter({ hasText: 'Place' }).click();
		await mei.page.getByLabel('Where this was').fill('Lane 9');
		await mei.page.getByRole('button', { name: 'Make a card' }).click();
		await mei.page.getByLabel('Title').fill('When to pick them');
		await mei.accessible('changing a post');
		await mei.page.getByRole('button', { name: 'Save' }).click();
		const changed = post(mei, 'Persimmons are ripe');
		await changed.getByText('Lane 9').waitFor();
		await changed.getByRole('link', { name: /When to pick them/ }).waitFor();
		await mei.accessible('a changed post');

		await tom.page.goto('/');
		await post(tom, 'Persimmons are ripe').getByRole('link', { name: /^Edited/ }).click();
		await tom.page.getByText('Persimons are ripe').waitFor();
		await tom.page.getByText('as it was first written').waitFor();
		await tom.accessible('the history of a post');
		await tom.page.getByRole('link', { name: 'Back to the post' }).click();
		await post(tom, 'Persimmons are ripe').waitFor();
	});

	test('an audience can be narrowed, and says that nobody can be added', async () => {
		await mei.page.goto('/');
		await post(mei, 'Persimmons are ripe').getByRole('link', { name: 'Edit', exact: true }).click();
		await mei.page.getByText('You can take people out, never add any.').waitFor();
		await mei.page.getByText('Only me', { exact: true }).click();
		await mei.page.getByRole('button', { name: 'Save' }).click();
		await post(mei, 'Only me').waitFor();
		await post(mei, 'Only me').getByRole('link', { name: 'Edit', exact: true }).click();
		await mei.page.getByText('Only you will see this.').waitFor();
		assert.equal(await mei.page.getByRole('radio').count(), 1, 'there is nothing wider to choose');
		await tom.page.goto('/');
		await tom.page.getByRole('heading', { level: 1, name: 'Circle' }).waitFor();
		assert.equal(await post(tom, 'Persimmons').count(), 0);
	});

	test('a change that would be held waits, and the version before goes on showing', async () => {
		await write(mei, 'A quiet Sunday');
		await post(mei, 'A quiet Sunday').getByRole('link', { name: 'Edit', exact: true }).click();
		await words(mei).fill(ADVERTISEMENT);
		await mei.page.getByRole('button', { name: 'Save' }).click();
		await mei.page.locator('mark').first().waitFor();
		await mei.accessible('a change that is held');
		await mei.page.goto('/');
		const mine = post(mei, 'A quiet Sunday');
		await mine.getByText('Your change waits for a person to look at it.').waitFor();
		await mei.accessible('a post whose change waits');
		await tom.page.goto('/');
		await post(tom, 'A quiet Sunday').waitFor();
		assert.equal(await tom.page.getByText(ADVERTISEMENT.slice(0, 12)).count(), 0);
	});

	test('a comment is changed too', async () => {
		const seen = post(tom, 'A quiet Sunday');
		await seen.getByLabel('Like or comment').click();
		await seen.getByRole('button', { name: 'Comment' }).click();
		await seen.getByLabel(/^Comment on Mei/).fill('Wiht rain');
		await seen.getByRole('button', { name: 'Send' }).click();
		await seen.getByRole('link', { name: 'Edit your comment' }).click();
		await words(tom).fill('With rain');
		await tom.accessible('changing a comment');
		await tom.page.getByRole('button', { name: 'Save' }).click();
		const comment = tom.page.locator('li.hit');
		await comment.getByText('With rain').waitFor();
		await comment.getByRole('link', { name: 'edited' }).waitFor();
	});

	test('a delete is asked once, shown at once, and can be undone for ten seconds', async () => {
		await write(mei, 'Said too quickly');
		const id = (await post(mei, 'Said too quickly').locator('a.when').getAttribute('href')).split('/').pop();
		const remove = async () => {
			await post(mei, 'Said too quickly').getByRole('button', { name: 'Delete' }).click();
			await mei.page.getByRole('group', { name: 'Delete this everywhere?' }).getByRole('button', { name: 'Delete' }).click();
			await post(mei, 'Said too quickly').waitFor({ state: 'detached' });
		};
		await remove();
		await mei.accessible('ten seconds to undo');
		await mei.page.getByRole('button', { name: /^Undo/ }).click();
		await post(mei, 'Said too quickly').waitFor();
		await client.get(`/api/v1/statuses/${id}`);
		await remove();
		await mei.page.goto('/friends'); // leaving the page does not undo it
		await mei.page.getByRole('heading', { name: /friend/ }).first().waitFor();
		let gone = false;
		for (let i = 0; i < 40 && !gone; i++) {
			gone = (await mei.context.request.get(`/api/v1/statuses/${id}`)).status() === 404;
			await mei.page.waitForTimeout(50);
		}
		assert.ok(gone, 'it is deleted');
	});

	test('#words lead to what else carries them; one Chinese character finds a post', async () => {
		await write(tom, '柿子熟了 #果园');
		await post(tom, '柿子熟了').getByRole('link', { name: '#果园' }).click();
		await tom.page.getByRole('heading', { name: 'Posts, newest first' }).waitFor();
		await tom.accessible('a tag');
		await tom.page.getByLabel('People, posts and tags').fill('熟');
		await tom.page.getByRole('status').getByText('1 found').waitFor();
		await tom.accessible('what was found');
		await tom.page.locator('a.when').click();
		await post(tom, '柿子熟了').waitFor();
		await tom.page.goBack();
		assert.equal(await tom.page.getByLabel('People, posts and tags').inputValue(), '熟');
	});

	test('later notices of a post one took part in are switched off and on again', async () => {
		await tom.page.goto('/');
		await post(tom, 'A quiet Sunday').locator('a.when').click();
		await tom.page.getByRole('button', { name: 'No more notices of this' }).click();
		await tom.page.getByText('You hear no more of this post.').waitFor();
		await tom.accessible('a post one hears no more of');
		await tom.page.reload();
		await tom.page.getByRole('button', { name: 'Notices of this again' }).click();
		await tom.page.getByText('You hear of this post again.').waitFor();
	});

	test('my profile as a friend and as a stranger sees it', async () => {
		await mei.page.goto('/people/mei');
		await mei.page.getByText('Said too quickly').waitFor({ state: 'detached' });
		await mei.page.getByRole('link', { name: 'view as…' }).click();
		await mei.page.getByText('This is what a stranger sees of you.').waitFor();
		await mei.page.getByText('No post of yours.').waitFor();
		await mei.accessible('my profile as a stranger');
		await mei.page.getByLabel('See it as another friend').fill('tom');
		await mei.page.getByRole('button', { name: 'Tom' }).click();
		await mei.page.getByText('This is what Tom sees of you.').waitFor();
		await mei.page.getByText('A quiet Sunday').waitFor();
		assert.equal(await mei.page.getByText('Persimmons').count(), 0, 'what is for me alone is not there');
		await mei.accessible('my profile as a friend');
		await mei.page.getByRole('link', { name: 'As yourself again' }).click();
		await mei.page.getByText('Persimmons').first().waitFor();
	});

	test('more than ten comments are folded; a link to one of them opens and marks it', async () => {
		await write(mei, 'Count to twelve');
		const id = (await post(mei, 'Count to twelve').locator('a.when').getAttribute('href')).split('/').pop();
		const ids = [];
		for (let i = 1; i <= 12; i++) ids.push((await client.post('/api/v1/statuses', { status: `number ${i}`, in_reply_to_id: id })).id);
		await mei.page.goto(`/posts/${id}`);
		await mei.page.getByText('number 12').waitFor();
		assert.equal(await mei.page.getByText('number 2', { exact: true }).count(), 0);
		await mei.accessible('folded comments');
		await mei.page.getByRole('button', { name: 'Show 2 earlier comments' }).click();
		await mei.page.getByText('number 2', { exact: true }).waitFor();
		await mei.page.goto(`/posts/${id}#c${ids[0]}`);
		await mei.page.reload();
		await mei.page.locator('li.hit').getByText('number 1', { exact: true }).waitFor();
		await mei.accessible('a marked comment');
	});

	test('nothing went wrong in all of it', () => {
		for (const visitor of [mei, tom]) visitor.unharmed();
	});
});
