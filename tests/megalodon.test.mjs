// The npm client megalodon, a second and independent one, drives the client API against a running server.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import generator, { detector } from 'megalodon';
import { Kith, PASSWORD, ROOT } from './support/kith.mjs';
import { Browser, consent } from './support/oauth.mjs';
import { png } from './support/picture.mjs';
import { asked, FAMILY } from './support/served.mjs';

const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';
const PICTURE = png({ width: 32, height: 24 });
let kith, ada, bo, cy, meAda, meBo, meCy;

const data = async (answer) => (await answer).data;

/** It uploads streams: a file it is. */
async function pictureFile() {
	await writeFile(join(kith.dir, 'grey.png'), PICTURE);
	return createReadStream(join(kith.dir, 'grey.png'));
}

before(async () => {
	kith = await Kith.start();
	await kith.account('ada', { name: 'Ada' });
	await kith.load([
		{ type: 'person', handle: 'bo', display_name: 'Bo' },
		{ type: 'person', handle: 'cy', display_name: 'Cy' },
		{ type: 'friendship', a: 'ada', b: 'bo' },
	]);
	const arrive = async (handle) => {
		const api = generator('mastodon', kith.url, await kith.token(handle));
		return [api, await data(api.verifyAccountCredentials())];
	};
	[[ada, meAda], [bo, meBo], [cy, meCy]] = await Promise.all(['ada', 'bo', 'cy'].map(arrive));
});

after(() => kith?.stop());

test('megalodon knows the server for one that speaks the Mastodon API', async () => {
	assert.equal(await detector(kith.url), 'mastodon');
});

test('megalodon registers an app and gets a token by the code the page shows', async () => {
	const anyone = generator('mastodon', kith.url);
	const app = await anyone.registerApp('Desk', { scopes: ['read', 'write', 'follow'], redirect_uris: OUT_OF_BAND });
	assert.equal(app.name, 'Desk');
	assert.ok(app.url, 'it makes the address of the consent page');
	const { done } = await consent(new Browser(kith.url), app.url, { handle: 'ada', password: PASSWORD });
	const code = /<code[^>]*>([^<]+)<\/code>/.exec(done.html)?.[1];
	assert.ok(code, done.html);
	const token = await anyone.fetchAccessToken(app.client_id, app.client_secret, code, OUT_OF_BAND);
	assert.equal(token.token_type, 'Bearer');
	const desk = generator('mastodon', kith.url, token.access_token);
	assert.equal((await data(desk.verifyAccountCredentials())).username, 'ada');
	assert.equal((await data(desk.verifyAppCredentials())).name, 'Desk');
	await assert.rejects(anyone.fetchAccessToken(app.client_id, app.client_secret, code, OUT_OF_BAND), 'a code works once');
	await desk.revokeToken(app.client_id, app.client_secret, token.access_token);
	await assert.rejects(desk.verifyAccountCredentials(), (e) => e.response.status === 401);
});

test('megalodon reads the instance, emojis, preferences and the rest of a start', async () => {
	const instance = await data(ada.getInstance());
	assert.ok(instance.configuration.statuses.max_characters >= 2000);
	assert.deepEqual(await data(ada.getInstanceCustomEmojis()), []);
	assert.deepEqual(await data(ada.getInstanceAnnouncements()), []);
	const preferences = await data(ada.getPreferences());
	assert.equal(preferences['posting:default:visibility'], 'private');
	for (const none of [ada.getBookmarks(), ada.getConversationTimeline(), ada.getFollowedTags(), ada.getFilters()]) {
		assert.deepEqual(await data(none), []);
	}
	assert.equal((await data(ada.updateCredentials({ display_name: 'Ada M.' }))).display_name, 'Ada M.');
});

test('megalodon posts, comments, likes, reads the context and deletes', async () => {
	const post = await data(ada.postStatus('Soup is on', { visibility: 'public' }));
	assert.equal(post.visibility, 'private');
	const comment = await data(bo.postStatus('On my way', { in_reply_to_id: post.id }));
	assert.deepEqual((await data(ada.getStatusContext(post.id))).descendants.map((s) => s.id), [comment.id]);
	assert.equal((await data(bo.favouriteStatus(post.id))).favourited, true);
	assert.deepEqual((await data(ada.getStatusFavouritedBy(post.id))).map((a) => a.id), [meBo.id]);
	assert.deepEqual((await data(bo.getFavourites())).map((s) => s.id), [post.id]);
	assert.equal((await data(bo.unfavouriteStatus(post.id))).favourited, false);
	assert.equal((await data(ada.getStatusSource(post.id))).text, 'Soup is on');
	await assert.rejects(bo.reblogStatus(post.id), (e) => e.response.status === 422);
	await ada.deleteStatus(post.id);
	await assert.rejects(bo.getStatus(post.id), (e) => e.response.status === 404);
});

test('megalodon sends a picture and posts it', async () => {
	const media = await data(ada.uploadMedia(createReadStream(join(ROOT, 'demo/pictures/hills.png')), { description: 'a hill' }));
	assert.equal(media.description, 'a hill');
	const status = await data(ada.postStatus('look', { media_ids: [media.id] }));
	assert.equal(status.media_attachments[0].id, media.id);
	assert.equal((await data(bo.getStatus(status.id))).media_attachments[0].description, 'a hill');
	await ada.deleteStatus(status.id);
});

test('megalodon pages home by max_id, and reads album, public and list timelines', async () => {
	const made = [];
	for (let n = 0; n < 5; n++) made.unshift((await data(ada.postStatus(`Step ${n}`))).id);
	const first = await bo.getHomeTimeline({ limit: 2 });
	assert.deepEqual(first.data.map((s) => s.id), made.slice(0, 2));
	assert.match(first.headers.link, /rel="next"/);
	const second = await data(bo.getHomeTimeline({ limit: 2, max_id: made[1] }));
	assert.deepEqual(second.map((s) => s.id), made.slice(2, 4));
	assert.deepEqual((await data(bo.getAccountStatuses(meAda.id, { limit: 3 }))).map((s) => s.id), made.slice(0, 3));
	assert.deepEqual(await data(bo.getPublicTimeline()), []);
	const list = await data(bo.createList('Poets'));
	await bo.addAccountsToList(list.id, [meAda.id]);
	assert.deepEqual((await data(bo.getAccountsInList(list.id))).map((a) => a.id), [meAda.id]);
	assert.deepEqual((await data(bo.getListTimeline(list.id, { limit: 2 }))).map((s) => s.id), made.slice(0, 2));
	assert.deepEqual((await data(bo.getLists())).map((l) => l.title), ['Poets']);
	await bo.deleteAccountsFromList(list.id, [meAda.id]);
	await bo.deleteList(list.id);
	assert.deepEqual(await data(bo.getLists()), []);
});

test('megalodon asks, accepts, rejects, ends, blocks and mutes', async () => {
	assert.equal((await data(cy.followAccount(meAda.id))).requested, true);
	assert.deepEqual((await data(ada.getFollowRequests())).map((a) => a.id), [meCy.id]);
	assert.equal((await data(ada.rejectFollowRequest(meCy.id))).followed_by, false);
	await cy.followAccount(meBo.id);
	assert.equal((await data(bo.acceptFollowRequest(meCy.id))).following, true);
	assert.equal((await data(cy.getRelationship(meBo.id))).following, true);
	assert.ok((await data(cy.getAccountFollowing(meCy.id))).some((a) => a.id === meBo.id));
	assert.equal((await data(cy.unfollowAccount(meBo.id))).following, false);
	assert.equal((await data(cy.muteAccount(meBo.id, true))).muting, true);
	assert.deepEqual((await data(cy.getMutes())).map((a) => a.id), [meBo.id]);
	assert.equal((await data(cy.unmuteAccount(meBo.id))).muting, false);
	assert.equal((await data(cy.blockAccount(meBo.id))).blocking, true);
	assert.deepEqual((await data(cy.getBlocks())).map((a) => a.id), [meBo.id]);
	await assert.rejects(bo.getAccount(meCy.id), (e) => e.response.status === 404);
	assert.equal((await data(cy.unblockAccount(meBo.id))).blocking, false);
});

test('megalodon reads and clears notifications', async () => {
	await ada.dismissNotifications();
	const post = await data(ada.postStatus('A notice for it'));
	await bo.favouriteStatus(post.id);
	const comment = await data(bo.postStatus('Here', { in_reply_to_id: post.id }));
	const notices = await data(ada.getNotifications());
	assert.deepEqual(notices.map((n) => [n.type, n.status.id]), [['mention', comment.id], ['favourite', post.id]]);
	await ada.dismissNotification(notices[0].id);
	assert.deepEqual((await data(ada.getNotifications())).map((n) => n.type), ['favourite']);
	await ada.dismissNotifications();
	assert.deepEqual(await data(ada.getNotifications()), []);
});

test('megalodon finds accounts', async () => {
	assert.deepEqual((await data(ada.searchAccount('bo'))).map((a) => a.id), [meBo.id]);
	assert.equal((await data(ada.lookupAccount('bo'))).id, meBo.id);
	assert.deepEqual((await data(ada.search('bo', { type: 'accounts' }))).accounts.map((a) => a.id), [meBo.id]);
});

test('megalodon sends a picture, changes a post and marks where it read', async () => {
	const picture = await data(ada.uploadMedia(await pictureFile(), { description: 'grey' }));
	assert.equal((await data(ada.getMedia(picture.id))).id, picture.id);
	assert.equal((await data(ada.updateMedia(picture.id, { description: 'greyer' }))).description, 'greyer');
	const post = await data(ada.postStatus('With a picture', { media_ids: [picture.id] }));
	assert.equal(post.media_attachments.length, 1);
	assert.match((await data(ada.editStatus(post.id, { status: 'With one picture', media_ids: [picture.id] }))).content, /With one picture/);
	assert.deepEqual(await data(ada.getStatusRebloggedBy(post.id)), []);
	await assert.rejects(ada.unreblogStatus(post.id), (e) => e.response.status === 422);
	await ada.saveMarkers({ home: { last_read_id: post.id } });
	assert.equal((await data(ada.getMarkers(['home']))).home.last_read_id, post.id);
});

test('megalodon keeps lists, reads tags and single notices', async () => {
	const list = await data(ada.createList('Walks'));
	assert.equal((await data(ada.getList(list.id))).title, 'Walks');
	assert.equal((await data(ada.updateList(list.id, 'Long walks'))).title, 'Long walks');
	await ada.addAccountsToList(list.id, [meBo.id]);
	assert.deepEqual((await data(ada.getAccountLists(meBo.id))).map((l) => l.id), [list.id]);
	assert.ok((await data(ada.getAccountFollowers(meAda.id))).some((a) => a.id === meBo.id));
	const post = await data(bo.postStatus('Uphill #walks'));
	assert.deepEqual((await data(ada.getTagTimeline('walks'))).map((s) => s.id), [post.id]);
	await ada.favouriteStatus(post.id);
	const [notice] = await data(bo.getNotifications());
	assert.equal((await data(bo.getNotification(notice.id))).id, notice.id);
});

test('megalodon is told plainly of what there is none', async () => {
	const post = await data(ada.postStatus('Mark me'));
	assert.equal((await data(bo.muteStatus(post.id))).muted, true);
	assert.equal((await data(bo.unmuteStatus(post.id))).muted, false);
	for (const verb of ['bookmarkStatus', 'unbookmarkStatus', 'pinStatus', 'unpinStatus']) {
		await assert.rejects(ada[verb](post.id), (e) => e.response.status === 422, verb);
	}
	assert.deepEqual(await data(ada.getScheduledStatuses()), []);
	await assert.rejects(ada.getPoll('1'), (e) => e.response.status === 404);
	await assert.rejects(ada.votePoll('1', [0]), (e) => e.response.status === 404);
	await assert.rejects(ada.getPushSubscription(), (e) => e.response.status === 404);
	await assert.rejects(ada.subscribePushNotification({ endpoint: 'https://push.example/', keys: { p256dh: 'x', auth: 'y' } }), (e) => e.response.status === 422);
	await assert.rejects(ada.updatePushSubscription({ alerts: { mention: true } }), (e) => [404, 422].includes(e.response.status));
	await ada.deletePushSubscription().catch((e) => assert.ok([404, 422].includes(e.response.status)));
});

test('megalodon hears a friend\'s post, its end and a like as they happen', async () => {
	const stream = await bo.userStreaming();
	const heard = [];
	for (const event of ['update', 'delete', 'notification', 'status_update']) stream.on(event, (item) => heard.push([event, item]));
	stream.on('error', (fault) => heard.push(['error', fault]));
	await new Promise((done, fail) => {
		stream.once('connect', done);
		setTimeout(() => fail(new Error('it does not connect')), 5000);
	});
	const until = async (n) => {
		for (let i = 0; heard.length < n && i < 500; i++) await new Promise((done) => setTimeout(done, 10));
		assert.equal(heard.length, n, JSON.stringify(heard));
	};
	const post = await data(ada.postStatus('as it happens'));
	await until(1);
	assert.deepEqual([heard[0][0], heard[0][1].id], ['update', post.id]);
	await ada.deleteStatus(post.id);
	await until(2);
	assert.deepEqual(heard[1], ['delete', post.id]);
	const mine = await data(bo.postStatus('mine'));
	await ada.favouriteStatus(mine.id);
	await until(4);
	assert.deepEqual(heard.slice(2).map(([event]) => event), ['update', 'notification']);
	assert.equal(heard[3][1].account.id, meAda.id);
	stream.stop();
});

test('megalodon reports what it sees', async () => {
	const post = await data(ada.postStatus('Friends in need of work, write to me'));
	const made = await data(bo.report(meAda.id, { status_ids: [post.id], comment: 'a ladder', category: 'violation', rule_ids: [4] }));
	assert.deepEqual([made.category, made.rule_ids, made.status_ids, made.comment], ['violation', ['4'], [post.id], 'a ladder']);
	await assert.rejects(cy.report(meAda.id, { status_ids: [post.id] }), (e) => e.response.status === 404);
});

// What megalodon has no method for, and who asks it instead.
const NOT_BY_MEGALODON = [
	'GET /api/v2/instance', // it asks version 1; tests/masto
	'GET /api/v1/instance/rules', // tests/masto, as all below but the last three
	'DELETE /api/v1/profile/avatar',
	'DELETE /api/v1/profile/header',
	'POST /api/v1/accounts/:id/remove_from_followers',
	'GET /api/v1/statuses/:id/history',
	'POST /api/v1/media',
	'DELETE /api/v1/media/:id',
	'GET /api/v1/notifications/unread_count',
	...FAMILY.filter((name) => name.includes('/api/v2/filters')), // it asks version 1
	'GET /oauth/userinfo', // src/api/api_oauth_test.c
	'GET /.well-known/oauth-authorization-server', // tests/schema
	'POST /oauth/sign-in/second', // tests/factors: a form of the consent page
	...FAMILY.filter((name) => name.includes('/streaming/')), // tests/live: it takes the WebSocket
];

test('megalodon has called every route of its family that is served', async () => {
	const called = await asked(kith);
	assert.deepEqual(FAMILY.filter((name) => !called.has(name) && !NOT_BY_MEGALODON.includes(name)), []);
});
