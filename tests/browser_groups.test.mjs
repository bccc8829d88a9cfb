// A group's life in a real browser: made, invited to, joined, written in, handed over, left, deleted.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, SKIP, Visitor } from './support/chromium.mjs';
import { Kith } from './support/kith.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' };

describe('groups in chromium', { skip: SKIP }, () => {
	let kith, browser, mei, tom, ann;

	before(async () => {
		kith = await Kith.start();
		const a = await kith.account('mei', { name: 'Mei' });
		for (const handle of ['tom', 'ann']) {
			const b = await kith.account(handle, { name: handle[0].toUpperCase() + handle.slice(1) });
			await a.post(`/api/v1/accounts/${b.id}/follow`);
			await b.post(`/api/v1/follow_requests/${a.id}/authorize`);
		}
		browser = await launch();
		mei = await Visitor.open(browser, kith.url, PHONE);
		tom = await Visitor.open(browser, kith.url, DESKTOP);
		ann = await Visitor.open(browser, kith.url, PHONE);
		for (const [visitor, handle] of [[mei, 'mei'], [tom, 'tom'], [ann, 'ann']]) await visitor.sign_in(handle);
	});

	after(async () => {
		await browser?.close();
		await kith?.stop();
	});

	const post = (visitor, text) => visitor.page.getByRole('article').filter({ hasText: text });

	async function invite(name, full) {
		await mei.page.getByLabel('Name or handle of a friend to invite').fill(name);
		await mei.page.getByRole('button', { name: full }).click();
		await mei.page.getByText(`${full} is invited.`).waitFor();
	}

	test('one is made, and two friends are invited', async () => {
		await mei.page.goto('/friends');
		await mei.page.getByRole('link', { name: 'Groups' }).click();
		await mei.page.getByText('You are in no group yet.').waitFor();
		await mei.accessible('no groups');
		await mei.page.getByText('Make a group').click();
		await mei.page.getByLabel('Name of the group').fill('周四合唱团');
		await mei.page.getByLabel('What it is about').fill('Half past seven, school hall.');
		await mei.accessible('making a group');
		await mei.page.getByRole('button', { name: 'Make the group' }).click();
		await mei.page.getByRole('heading', { level: 1, name: '周四合唱团' }).waitFor();
		await mei.page.getByText('Nothing said here yet').waitFor();
		await mei.page.getByRole('button', { name: 'Invite' }).click();
		await invite('tom', 'Tom');
		await invite('ann', 'Ann');
		await mei.accessible('a group of one');
	});

	test('who is invited sees its name and what it is about, joins by a notice or declines', async () => {
		await tom.page.goto('/notices');
		await tom.page.getByText('invites you to a group').waitFor();
		await tom.accessible('an invitation among the notices');
		await tom.page.locator('a.when').first().click();
		await tom.page.getByText('Half past seven, school hall.').waitFor();
		await tom.accessible('an invitation');
		await tom.page.getByRole('button', { name: 'Join' }).click();
		await tom.page.getByText('2 members, all of whom see everything').waitFor();
		await ann.page.goto('/groups');
		await ann.page.getByRole('button', { name: 'Decline' }).click();
		await ann.page.getByText('Declined. Nobody is told.').waitFor();
		await ann.page.getByText('You are in no group yet.').waitFor();
	});

	test('a post for the group says so before it is sent, and members talk under it', async () => {
		await tom.page.getByRole('link', { name: 'Post to 2 people' }).click();
		await tom.page.getByText('All members of 周四合唱团 will see this: 2 people').waitFor();
		await tom.accessible('writing to a group');
		await tom.page.getByLabel('What you want to say').fill('Order for June: the river song');
		await tom.page.getByRole('button', { name: 'Post to 2 people' }).click();
		await post(tom, 'the river song').waitFor();
		await mei.page.reload();
		const seen = post(mei, 'the river song');
		await seen.getByLabel('Like or comment').click();
		await seen.getByRole('button', { name: 'Comment' }).click();
		await seen.getByText('Seen by all members of 周四合唱团.').waitFor();
		await seen.getByLabel('Comment on Tom’s post').fill('In D?');
		await seen.getByRole('button', { name: 'Send' }).click();
		await seen.getByRole('list', { name: 'Comments' }).getByText('In D?').waitFor();
		await mei.accessible('a group with a post');
		await tom.page.goto('/');
		await post(tom, 'the river song').getByRole('link', { name: '周四合唱团' }).click();
		await post(tom, 'In D?').waitFor();
		await ann.page.goto('/');
		await ann.page.getByRole('heading', { level: 1, name: 'Circle' }).waitFor();
		assert.equal(await post(ann, 'the river song').count(), 0);
	});

	test('its keeper renames it and hands it over; the old keeper leaves, and sees it no more', async () => {
		await mei.page.getByRole('button', { name: 'Group settings' }).click();
		await mei.page.getByLabel('Name of the group').fill('Thursday choir');
		await mei.page.getByText('To leave, hand the group over').waitFor();
		await mei.accessible('the settings of a group');
		await mei.page.getByRole('button', { name: 'Save' }).click();
		await mei.page.getByRole('heading', { level: 1, name: 'Thursday choir' }).waitFor();
		await mei.page.getByRole('button', { name: 'All 2' }).click();
		await mei.page.getByRole('button', { name: 'Hand the group over to Tom' }).click();
		await mei.page.getByRole('group', { name: /Hand the group over to Tom/ }).getByRole('button', { name: 'Hand over' }).click();
		await mei.page.getByText('Handed over.').waitFor();
		await mei.page.getByRole('button', { name: 'Group settings' }).click();
		await mei.page.getByRole('button', { name: 'Leave the group' }).click();
		await mei.page.getByRole('group', { name: /^Leave\?/ }).getByRole('button', { name: 'Leave the group' }).click();
		await mei.page.getByText('You are in no group yet.').waitFor();
		await mei.page.goto('/');
		await mei.page.getByRole('heading', { level: 1, name: 'Circle' }).waitFor();
		assert.equal(await post(mei, 'the river song').count(), 0);
	});

	test('the new keeper deletes it, and its address shows nothing', async () => {
		await tom.page.reload();
		await tom.page.getByRole('button', { name: 'Group settings' }).click();
		const address = tom.page.url();
		await tom.page.getByRole('button', { name: 'Delete the group' }).click();
		await tom.page.getByRole('group', { name: /^Delete/ }).getByRole('button', { name: 'Delete' }).click();
		await tom.page.getByText('The group is deleted.').waitFor();
		await tom.page.goto(address);
		await tom.page.getByText('Nothing here that you can see').first().waitFor();
		tom.forgive(/status of 404/);
	});

	test('nothing went wrong in all of it', () => {
		for (const visitor of [mei, tom, ann]) visitor.unharmed();
	});
});
