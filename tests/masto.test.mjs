// The npm client masto drives the whole of the client API against a running server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createOAuthAPIClient, createRestAPIClient, MastoHttpError } from 'masto';
import { Kith, PASSWORD } from './support/kith.mjs';
import { png } from './support/picture.mjs';
import { authorizeAddress, Browser, consent, pkce } from './support/oauth.mjs';
import { asked, FAMILY } from './support/served.mjs';

const REDIRECT = 'https://phone.example/back';
const SCOPES = 'read write follow push';
const PICTURE = png({ width: 32, height: 24 });
let kith, ada, bo, cy, meAda, meBo, meCy;

async function arrive(handle) {
	const api = createRestAPIClient({ url: kith.url, accessToken: await kith.token(handle) });
	return [api, await api.v1.accounts.verifyCredentials()];
}

async function befriend([a, meA], [b, meB]) {
	await a.v1.accounts.$select(meB.id).follow();
	await b.v1.followRequests.$select(meA.id).authorize();
}

before(async () => {
	kith = await Kith.start();
	await kith.account('ada', { name: 'Ada' });
	await kith.load(['bo', 'cy'].map((handle) => ({ type: 'person', handle, display_name: handle.toUpperCase() })));
	[[ada, meAda], [bo, meBo], [cy, meCy]] = await Promise.all(['ada', 'bo', 'cy'].map(arrive));
	await befriend([ada, meAda], [bo, meBo]);
});

after(() => kith?.stop());

test('masto registers an app, and gets a token by the code flow with PKCE through the consent page', async () => {
	const anyone = createRestAPIClient({ url: kith.url });
	const app = await anyone.v1.apps.create({ clientName: 'Phone <b>', redirectUris: REDIRECT, scopes: SCOPES, website: 'https://phone.example' });
	assert.equal(app.name, 'Phone <b>');
	const { verifier, challenge } = pkce();
	const address = authorizeAddress(app.clientId, { redirect: REDIRECT, scope: SCOPES, challenge, state: 'a b&c' });
	const { page, done, location } = await consent(new Browser(kith.url), address, { handle: 'ada', password: PASSWORD });
	assert.match(page.html, /Phone &lt;b&gt;/);
	assert.equal(done.status, 303, done.html);
	const back = new URL(location);
	assert.equal(back.origin + back.pathname, REDIRECT);
	assert.equal(back.searchParams.get('state'), 'a b&c');
	const oauth = createOAuthAPIClient({ url: kith.url });
	const ask = {
		grantType: 'authorization_code',
		clientId: app.clientId,
		clientSecret: app.clientSecret,
		redirectUri: REDIRECT,
		code: back.searchParams.get('code'),
		scope: SCOPES,
	};
	await assert.rejects(oauth.token.create({ ...ask, codeVerifier: pkce().verifier }), MastoHttpError);
	const again = await consent(new Browser(kith.url), address, { handle: 'ada', password: PASSWORD });
	const token = await oauth.token.create({ ...ask, code: new URL(again.location).searchParams.get('code'), codeVerifier: verifier });
	assert.equal(token.tokenType, 'Bearer');
	const phone = createRestAPIClient({ url: kith.url, accessToken: token.accessToken });
	assert.equal((await phone.v1.accounts.verifyCredentials()).acct, 'ada');
	assert.equal((await phone.v1.apps.verifyCredentials()).name, 'Phone <b>');
	await oauth.revoke({ clientId: app.clientId, clientSecret: app.clientSecret, token: token.accessToken });
	await assert.rejects(phone.v1.accounts.verifyCredentials(), (e) => e instanceof MastoHttpError && e.statusCode === 401);
});

test('an app gets its own token by client credentials, which reads nobody', async () => {
	const app = await createRestAPIClient({ url: kith.url }).v1.apps.create({ clientName: 'Reader', redirectUris: REDIRECT, scopes: 'read' });
	const token = await createOAuthAPIClient({ url: kith.url }).token.create({
		grantType: 'client_credentials',
		clientId: app.clientId,
		clientSecret: app.clientSecret,
		redirectUri: REDIRECT,
		scope: 'read',
	});
	const api = createRestAPIClient({ url: kith.url, accessToken: token.accessToken });
	assert.equal((await api.v1.apps.verifyCredentials()).name, 'Reader');
	await assert.rejects(async () => api.v1.timelines.home.list(), (e) => [401, 403].includes(e.statusCode));
});

test('masto reads what the server says of itself', async () => {
	const v2 = await ada.v2.instance.fetch();
	assert.equal(typeof v2.title, 'string');
	assert.ok(v2.configuration.statuses.maxCharacters >= 2000);
	assert.equal(v2.registrations.enabled, false);
	const v1 = await ada.v1.instance.fetch();
	assert.equal(v1.stats.userCount, 0);
	assert.deepEqual(await ada.v1.customEmojis.list(), []);
	assert.deepEqual(await ada.v1.announcements.list(), []);
	const preferences = await ada.v1.preferences.fetch();
	assert.equal(preferences['posting:default:visibility'], 'private');
});

test('masto changes the own account', async () => {
	const changed = await ada.v1.accounts.updateCredentials({ displayName: 'Ada L.', note: 'first <programmer> & friend' });
	assert.equal(changed.displayName, 'Ada L.');
	assert.equal(changed.source.note, 'first <programmer> & friend');
	assert.ok(changed.note.includes('&lt;programmer&gt; &amp; friend'), changed.note);
	assert.equal((await bo.v1.accounts.$select(meAda.id).fetch()).displayName, 'Ada L.');
});

test('masto posts, reads, comments, reads the context and deletes', async () => {
	const post = await ada.v1.statuses.create({ status: 'Tea <at> four?\nYes & no.', visibility: 'public', language: 'en' });
	assert.equal(post.visibility, 'private');
	assert.equal(post.account.id, meAda.id);
	assert.ok(!post.content.includes('<at>'), post.content);
	assert.equal((await bo.v1.statuses.$select(post.id).fetch()).id, post.id);
	assert.equal((await ada.v1.statuses.$select(post.id).source.fetch()).text, 'Tea <at> four?\nYes & no.');
	assert.equal((await ada.v1.statuses.$select(post.id).history.list()).length, 1);
	const comment = await bo.v1.statuses.create({ status: 'With pleasure', inReplyToId: post.id });
	const answer = await ada.v1.statuses.create({ status: 'Good', inReplyToId: comment.id });
	assert.equal(answer.inReplyToAccountId, meBo.id);
	const context = await bo.v1.statuses.$select(post.id).context.fetch();
	assert.deepEqual(context.descendants.map((c) => c.id), [comment.id, answer.id]);
	const above = await bo.v1.statuses.$select(answer.id).context.fetch();
	assert.deepEqual(above.ancestors.map((c) => c.id), [post.id, comment.id]);
	assert.equal((await ada.v1.statuses.$select(post.id).fetch()).repliesCount, 2);
	const gone = await ada.v1.statuses.$select(post.id).remove();
	assert.equal(gone.text, 'Tea <at> four?\nYes & no.');
	for (const piece of [post, comment, answer]) {
		await assert.rejects(bo.v1.statuses.$select(piece.id).fetch(), (e) => e.statusCode === 404);
	}
});

test('masto sends pictures, describes one, posts them, and wears one', async () => {
	const file = (seed) => new Blob([png({ seed })], { type: 'image/png' });
	const media = await ada.v2.media.create({ file: file(1), description: 'a hill' }, { skipPolling: false });
	assert.equal(media.type, 'image');
	assert.equal(media.description, 'a hill');
	assert.equal((await ada.v1.media.$select(media.id).fetch()).url, media.url);
	assert.equal((await ada.v1.media.$select(media.id).update({ description: 'a kite' })).description, 'a kite');
	const second = await ada.v2.media.create({ file: file(2) });
	const status = await ada.v1.statuses.create({ status: '', mediaIds: [second.id, media.id] });
	assert.deepEqual(status.mediaAttachments.map((m) => m.id), [second.id, media.id]);
	assert.equal((await bo.v1.statuses.$select(status.id).fetch()).mediaAttachments[1].description, 'a kite');
	const changed = await ada.v1.statuses.$select(status.id).update({ status: 'one', mediaIds: [media.id], mediaAttributes: [{ id: media.id, description: 'a boat' }] });
	assert.deepEqual(changed.mediaAttachments.map((m) => m.description), ['a boat']);
	const album = await bo.v1.accounts.$select(meAda.id).statuses.list({ onlyMedia: true });
	assert.deepEqual(album.map((s) => s.id), [status.id]);
	const me = await ada.v1.accounts.updateCredentials({ avatar: file(3), header: file(4) });
	assert.match(me.avatar, /\/media\/\d+\/middle\.jpeg$/);
	assert.match(me.header, /\/media\/\d+\/middle\.jpeg$/);
	await ada.v1.statuses.$select(status.id).remove();
});

test('masto likes and unlikes; a boost is refused with a sentence', async () => {
	const post = await ada.v1.statuses.create({ status: 'Rain at last' });
	assert.equal((await bo.v1.statuses.$select(post.id).favourite()).favourited, true);
	assert.equal((await ada.v1.statuses.$select(post.id).fetch()).favouritesCount, 1);
	assert.deepEqual((await ada.v1.statuses.$select(post.id).favouritedBy.list()).map((a) => a.id), [meBo.id]);
	assert.deepEqual((await bo.v1.favourites.list()).map((s) => s.id), [post.id]);
	const undone = await bo.v1.statuses.$select(post.id).unfavourite();
	assert.deepEqual([undone.favourited, undone.favouritesCount], [false, 0]);
	assert.deepEqual(await ada.v1.statuses.$select(post.id).rebloggedBy.list(), []);
	await assert.rejects(bo.v1.statuses.$select(post.id).reblog(), (e) => e.statusCode === 422 && e.message.length > 10);
});

test('masto pages the home timeline and the album by their Link headers, newest first, without a gap', async () => {
	const made = [];
	for (let n = 0; n < 7; n++) made.unshift((await ada.v1.statuses.create({ status: `Page ${n}` })).id);
	for (const listing of [bo.v1.timelines.home, bo.v1.accounts.$select(meAda.id).statuses]) {
		const seen = [];
		for await (const page of listing.list({ limit: 3 })) {
			assert.ok(page.length <= 3);
			seen.push(...page.map((status) => status.id));
			if (seen.length > 100) break;
		}
		assert.deepEqual(seen.slice(0, 7), made);
		assert.equal(new Set(seen).size, seen.length);
	}
	const older = await bo.v1.timelines.home.list({ maxId: made[3], limit: 2 });
	assert.deepEqual(older.map((s) => s.id), [made[4], made[5]]);
	const newest = await bo.v1.timelines.home.list({ sinceId: made[2] });
	assert.deepEqual(newest.map((s) => s.id), [made[0], made[1]]);
	const next = await bo.v1.timelines.home.list({ minId: made[4], limit: 2 });
	assert.deepEqual(next.map((s) => s.id), [made[2], made[3]]);
	assert.deepEqual(await bo.v1.timelines.public.list(), []);
	assert.deepEqual(await bo.v1.timelines.tag.$select('tea').list(), []);
});

test('masto asks for a friend, who accepts, and both follow', async () => {
	const asked = await cy.v1.accounts.$select(meAda.id).follow();
	assert.deepEqual([asked.requested, asked.following], [true, false]);
	const waiting = await ada.v1.followRequests.list();
	assert.deepEqual(waiting.map((a) => a.id), [meCy.id]);
	const accepted = await ada.v1.followRequests.$select(meCy.id).authorize();
	assert.deepEqual([accepted.following, accepted.followedBy], [true, true]);
	const [mine] = await cy.v1.accounts.relationships.fetch({ id: [meAda.id] });
	assert.deepEqual([mine.requested, mine.following, mine.followedBy], [false, true, true]);
	assert.ok((await ada.v1.accounts.$select(meAda.id).following.list()).some((a) => a.id === meCy.id));
	assert.deepEqual(await bo.v1.accounts.$select(meAda.id).followers.list(), []);
	const ended = await ada.v1.accounts.$select(meCy.id).unfollow();
	assert.equal(ended.following, false);
	const [theirs] = await cy.v1.accounts.relationships.fetch({ id: [meAda.id] });
	assert.deepEqual([theirs.following, theirs.followedBy], [true, true], 'nobody is told of being unfriended');
});

test('masto refuses a request, blocks, unblocks, mutes and unmutes', async () => {
	await bo.v1.accounts.$select(meCy.id).follow();
	const refused = await cy.v1.followRequests.$select(meBo.id).reject();
	assert.deepEqual([refused.requestedBy, refused.followedBy], [false, false]);
	assert.deepEqual(await cy.v1.followRequests.list(), []);
	assert.equal((await bo.v1.accounts.$select(meCy.id).block()).blocking, true);
	assert.deepEqual((await bo.v1.blocks.list()).map((a) => a.id), [meCy.id]);
	await assert.rejects(cy.v1.accounts.$select(meBo.id).fetch(), (e) => e.statusCode === 404);
	assert.equal((await bo.v1.accounts.$select(meCy.id).unblock()).blocking, false);
	assert.equal((await ada.v1.accounts.$select(meBo.id).mute()).muting, true);
	assert.deepEqual((await ada.v1.mutes.list()).map((a) => a.id), [meBo.id]);
	assert.equal((await ada.v1.accounts.$select(meBo.id).unmute()).muting, false);
});

test('masto keeps tags as lists, and a post for one of them', async () => {
	const list = await ada.v1.lists.create({ title: 'Family' });
	await ada.v1.lists.$select(list.id).accounts.create({ accountIds: [meBo.id] });
	assert.deepEqual((await ada.v1.lists.$select(list.id).accounts.list()).map((a) => a.id), [meBo.id]);
	assert.deepEqual((await ada.v1.accounts.$select(meBo.id).lists.list()).map((l) => l.id), [list.id]);
	assert.equal((await ada.v1.lists.$select(list.id).update({ title: 'Kin' })).title, 'Kin');
	assert.deepEqual((await ada.v1.lists.list()).map((l) => l.title), ['Kin']);
	const post = await bo.v1.statuses.create({ status: 'For the list timeline' });
	assert.ok((await ada.v1.timelines.list.$select(list.id).list()).some((s) => s.id === post.id));
	await ada.v1.lists.$select(list.id).accounts.remove({ accountIds: [meBo.id] });
	assert.deepEqual(await ada.v1.lists.$select(list.id).accounts.list(), []);
	await ada.v1.lists.$select(list.id).remove();
	await assert.rejects(ada.v1.lists.$select(list.id).fetch(), (e) => e.statusCode === 404);
});

test('masto reads notifications, counts them, keeps a marker and clears them', async () => {
	await bo.v1.notifications.clear();
	const post = await bo.v1.statuses.create({ status: 'Notice me' });
	await ada.v1.statuses.$select(post.id).favourite();
	const comment = await ada.v1.statuses.create({ status: 'Noticed', inReplyToId: post.id });
	const notices = await bo.v1.notifications.list();
	assert.deepEqual(notices.map((n) => [n.type, n.account.id, n.status?.id]), [
		['mention', meAda.id, comment.id],
		['favourite', meAda.id, post.id],
	]);
	assert.deepEqual((await bo.v1.notifications.list({ types: ['favourite'] })).map((n) => n.type), ['favourite']);
	assert.equal((await bo.v1.notifications.$select(notices[0].id).fetch()).id, notices[0].id);
	assert.equal((await bo.v1.notifications.unreadCount.fetch()).count, 2);
	const marker = await bo.v1.markers.create({ notifications: { lastReadId: notices[0].id } });
	assert.equal(marker.notifications.lastReadId, notices[0].id);
	assert.equal((await bo.v1.markers.fetch({ timeline: ['notifications'] })).notifications.lastReadId, notices[0].id);
	await bo.v1.notifications.$select(notices[1].id).dismiss();
	assert.equal((await bo.v1.notifications.list()).length, 1);
	await bo.v1.notifications.clear();
	assert.deepEqual(await bo.v1.notifications.list(), []);
});

test('masto finds accounts', async () => {
	assert.deepEqual((await ada.v1.accounts.search.list({ q: 'bo' })).map((a) => a.id), [meBo.id]);
	assert.equal((await ada.v1.accounts.lookup({ acct: 'bo' })).id, meBo.id);
	const found = await ada.v2.search.list({ q: 'bo', type: 'accounts' });
	assert.deepEqual([found.accounts.map((a) => a.id), found.statuses, found.hashtags], [[meBo.id], [], []]);
	assert.deepEqual((await ada.v1.accounts.search.list({ q: 'nobody-at-all' })), []);
});

test('masto gets a typed error with the sentence for what is not there', async () => {
	await assert.rejects(ada.v1.statuses.$select('999999999999').fetch(), (e) => {
		assert.ok(e instanceof MastoHttpError);
		assert.equal(e.statusCode, 404);
		return e.message.length > 5;
	});
});

test('masto sends pictures, describes them, posts with them and takes one back', async () => {
	const file = () => new Blob([PICTURE], { type: 'image/png' });
	const first = await ada.v2.media.create({ file: file(), description: 'a grey square' });
	assert.deepEqual([first.type, first.description], ['image', 'a grey square']);
	const second = await ada.v1.media.create({ file: file() });
	assert.equal((await ada.v1.media.$select(first.id).fetch()).id, first.id);
	assert.equal((await ada.v1.media.$select(first.id).update({ description: 'a square' })).description, 'a square');
	await assert.rejects(bo.v1.media.$select(first.id).fetch(), (e) => e.statusCode === 404);
	await ada.v1.media.$select(second.id).remove();
	const post = await ada.v1.statuses.create({ status: '', mediaIds: [first.id] });
	assert.deepEqual(post.mediaAttachments.map((m) => m.description), ['a square']);
	assert.equal((await bo.v1.statuses.$select(post.id).fetch()).mediaAttachments[0].meta.original.width, 32);
	const worn = await ada.v1.accounts.updateCredentials({ avatar: file(), header: file() });
	assert.match(worn.avatar, /\/media\//);
	assert.doesNotMatch((await ada.v1.profile.avatar.remove()).avatar, /\/media\//);
	assert.doesNotMatch((await ada.v1.profile.header.remove()).header, /\/media\//);
});

test('masto changes a post and reads what it said before', async () => {
	const post = await ada.v1.statuses.create({ status: 'Tea at for' });
	const changed = await ada.v1.statuses.$select(post.id).update({ status: 'Tea at four' });
	assert.ok(changed.editedAt);
	const history = await bo.v1.statuses.$select(post.id).history.list();
	assert.deepEqual(history.map((v) => v.content.replace(/<[^>]*>/g, '')), ['Tea at for', 'Tea at four']);
	await assert.rejects(bo.v1.statuses.$select(post.id).update({ status: 'mine now' }), (e) => e.statusCode === 404);
	await assert.rejects(ada.v1.statuses.$select(post.id).unreblog(), (e) => e.statusCode === 422);
});

test('masto keeps filters with words', async () => {
	const made = await bo.v2.filters.create({ title: 'Tea', context: ['home'], filterAction: 'warn', keywordsAttributes: [{ keyword: 'tea', wholeWord: true }] });
	assert.deepEqual((await bo.v2.filters.list()).map((f) => f.id), [made.id]);
	assert.equal((await bo.v2.filters.$select(made.id).fetch()).keywords[0].keyword, 'tea');
	assert.equal((await bo.v2.filters.$select(made.id).update({ title: 'Teas' })).title, 'Teas');
	const word = await bo.v2.filters.$select(made.id).keywords.create({ keyword: '茶', wholeWord: false });
	assert.equal((await bo.v2.filters.$select(made.id).keywords.list()).length, 2);
	assert.equal((await bo.v2.filters.keywords.$select(word.id).fetch()).keyword, '茶');
	assert.equal((await bo.v2.filters.keywords.$select(word.id).update({ keyword: '茶叶' })).keyword, '茶叶');
	const post = await ada.v1.statuses.create({ status: '新到的茶叶' });
	assert.deepEqual((await bo.v1.statuses.$select(post.id).fetch()).filtered.map((f) => f.keywordMatches), [['茶叶']]);
	assert.deepEqual(await bo.v2.filters.$select(made.id).statuses.list(), []);
	assert.deepEqual((await bo.v1.filters.list()).map((f) => f.phrase), ['tea', '茶叶']);
	await bo.v2.filters.keywords.$select(word.id).remove();
	await bo.v2.filters.$select(made.id).remove();
	assert.deepEqual(await bo.v2.filters.list(), []);
});

test('masto searches posts and tags', async () => {
	const post = await ada.v1.statuses.create({ status: '昨天的月亮 #moonrise' });
	assert.deepEqual((await bo.v2.search.list({ q: '月亮', type: 'statuses' })).statuses.map((s) => s.id), [post.id]);
	assert.deepEqual((await bo.v2.search.list({ q: 'moon', type: 'hashtags' })).hashtags.map((t) => t.name), ['moonrise']);
	assert.deepEqual((await bo.v1.timelines.tag.$select('moonrise').list()).map((s) => s.id), [post.id]);
	assert.deepEqual((await cy.v2.search.list({ q: '月亮' })).statuses, []);
});

test('masto switches notices of a post off and on', async () => {
	const post = await ada.v1.statuses.create({ status: 'Talk of the town' });
	assert.equal((await bo.v1.statuses.$select(post.id).mute()).muted, true);
	assert.equal((await bo.v1.statuses.$select(post.id).fetch()).muted, true);
	assert.equal((await bo.v1.statuses.$select(post.id).unmute()).muted, false);
});

test('masto reports a post by a rule of the server, and a person', async () => {
	const rules = await ada.v1.instance.rules.list();
	assert.deepEqual(rules.map((rule) => rule.id), ['1', '2', '3', '4', '5']);
	assert.deepEqual((await ada.v2.instance.fetch()).rules.map((rule) => rule.id), ['1', '2', '3', '4', '5']);
	const post = await ada.v1.statuses.create({ status: 'Best watches' });
	const made = await bo.v1.reports.create({ accountId: meAda.id, statusIds: [post.id], comment: 'not real ones', category: 'violation', ruleIds: ['3'] });
	assert.deepEqual([made.category, made.ruleIds, made.statusIds, made.comment, made.actionTaken, made.targetAccount.id],
		['violation', ['3'], [post.id], 'not real ones', false, meAda.id]);
	assert.equal((await bo.v1.reports.create({ accountId: meCy.id, category: 'spam' })).category, 'spam');
	await assert.rejects(cy.v1.reports.create({ accountId: meAda.id, statusIds: [post.id] }), (e) => e.statusCode === 404);
});

test('masto is told plainly of what there is none', async () => {
	for (const none of [ada.v1.bookmarks, ada.v1.conversations, ada.v1.followedTags]) {
		assert.deepEqual(await none.list(), []);
	}
	await ada.v1.accounts.$select(meCy.id).removeFromFollowers();
	const post = ada.v1.statuses.$select((await ada.v1.statuses.create({ status: 'Mark me' })).id);
	for (const verb of ['bookmark', 'unbookmark', 'pin', 'unpin']) {
		await assert.rejects(post[verb](), (e) => e.statusCode === 422 && e.message.length > 10, verb);
	}
	assert.deepEqual(await ada.v1.scheduledStatuses.list(), []);
	await assert.rejects(ada.v1.polls.$select('1').fetch(), (e) => e.statusCode === 404);
	await assert.rejects(ada.v1.polls.$select('1').votes.create({ choices: [0] }), (e) => e.statusCode === 404);
	await assert.rejects(ada.v1.push.subscription.fetch(), (e) => e.statusCode === 404);
	const wanted = { subscription: { endpoint: 'https://push.example/', keys: { p256dh: 'x', auth: 'y' } }, data: { alerts: {} } };
	await assert.rejects(ada.v1.push.subscription.create(wanted), (e) => e.statusCode === 422);
	await assert.rejects(ada.v1.push.subscription.update({ data: { alerts: {} } }), (e) => [404, 422].includes(e.statusCode));
	await ada.v1.push.subscription.remove().catch((e) => assert.ok([404, 422].includes(e.statusCode)));
});

// What masto has no method for, and who asks it instead.
const NOT_BY_MASTO = [
	'GET /.well-known/nodeinfo', // tests/schema, tests/megalodon
	'GET /nodeinfo/2.0',
	'GET /.well-known/oauth-authorization-server', // tests/schema
	'GET /oauth/userinfo', // src/api/api_oauth_test.c
	'POST /oauth/sign-in/second', // tests/factors: a form of the consent page
	...FAMILY.filter((name) => name.includes('/streaming')), // tests/live, with masto 7: the streams of 8 need Node 22
];

test('masto has called every route of its family that is served', async () => {
	const called = await asked(kith);
	assert.deepEqual(FAMILY.filter((name) => !called.has(name) && !NOT_BY_MASTO.includes(name)), []);
});
