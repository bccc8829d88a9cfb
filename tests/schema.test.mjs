// Every compatible route, in several states, against the OpenAPI description; and that none of them was forgotten.
//
// The client judges each answer as it comes (support/client.mjs): here is what to ask for.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Kith, PASSWORD } from './support/kith.mjs';
import { described, judged, SKIP } from './support/schema.mjs';
import { bring, form, png } from './support/picture.mjs';
import { FAMILY } from './support/served.mjs';
import { HELD } from './support/texts.mjs';

// Refusals are all they give here: the description has no word for them.
const REFUSED = [
	...['reblog', 'unreblog', 'bookmark', 'unbookmark', 'pin', 'unpin'].map((verb) => `POST /api/v1/statuses/{id}/${verb}`),
	'GET /api/v1/polls/{id}', 'POST /api/v1/polls/{id}/votes',
	...['GET', 'POST', 'PUT', 'DELETE'].map((method) => `${method} /api/v1/push/subscription`),
];
// Read by people, as pages of HTML; or without a body of their own.
const NO_JSON = ['GET /oauth/authorize', 'POST /oauth/revoke'];

describe('answers are as the OpenAPI description says', { skip: SKIP }, () => {
	let kith, ada, bo, cy, warden;

	before(async () => {
		kith = await Kith.start();
		({ ada, bo, cy } = await kith.people(['ada', 'bo', 'cy'], [['ada', 'bo']]));
		warden = await kith.account('warden', { role: 'steward', name: '守 <&>' });
	});

	after(() => kith?.stop());

	test('the server of itself', async () => {
		for (const path of ['/api/v1/instance', '/api/v2/instance', '/api/v1/instance/rules', '/api/v1/custom_emojis', '/api/v1/announcements', '/.well-known/oauth-authorization-server']) {
			await kith.anyone().get(path);
		}
		const metadata = await kith.anyone().get('/.well-known/oauth-authorization-server');
		assert.ok(metadata.code_challenge_methods_supported.includes('S256'));
		assert.equal(metadata.issuer.replace(/\/$/, ''), kith.url);
		const { links } = await kith.anyone().get('/.well-known/nodeinfo');
		assert.equal((await kith.anyone().get(links[0].href)).software.name, 'kith');
	});

	test('apps and tokens', async () => {
		const app = await kith.anyone().post('/api/v1/apps', { client_name: 'A', redirect_uris: ['https://a.example/', 'urn:ietf:wg:oauth:2.0:oob'], scopes: 'read write' });
		assert.deepEqual(app.redirect_uris, ['https://a.example/', 'urn:ietf:wg:oauth:2.0:oob']);
		const { client_id, client_secret } = app;
		for (const body of [
			{ grant_type: 'client_credentials', client_id, client_secret, scope: 'read' },
			new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }),
		]) {
			const { access_token } = (await kith.anyone().send('POST', '/oauth/token', body)).must(200).json;
			const own = Object.assign(kith.anyone(), { token: access_token });
			assert.equal((await own.get('/api/v1/apps/verify_credentials')).name, 'A');
		}
		await ada.get('/api/v1/apps/verify_credentials');
		(await kith.anyone().send('POST', '/api/v1/apps', {})).refused(422);
		const wrong = await kith.anyone().send('POST', '/oauth/token', { grant_type: 'client_credentials', client_id, client_secret: 'wrong' });
		assert.ok([400, 401].includes(wrong.status));
	});

	test('accounts: new, with a signature, a friend, a stranger, a steward', async () => {
		for (const who of [ada, bo, warden]) await who.get('/api/v1/accounts/verify_credentials');
		await ada.patch('/api/v1/accounts/update_credentials', { note: 'Words <one> https://a.example/?a=1&b=2', display_name: 'Ada 😀' });
		for (const who of [bo, cy]) {
			const card = await who.get(`/api/v1/accounts/${ada.id}`);
			assert.equal(card.acct, 'ada');
			assert.equal(card.locked, true);
		}
		await ada.patch('/api/v1/accounts/update_credentials', { note: '' });
		await cy.get(`/api/v1/accounts/${warden.id}`);
		await ada.get('/api/v1/accounts/lookup?acct=bo');
		for (const q of ['b', 'A', '守', 'nobody']) {
			await ada.get(`/api/v1/accounts/search?q=${encodeURIComponent(q)}`);
			await ada.get(`/api/v2/search?q=${encodeURIComponent(q)}`);
		}
		for (const list of ['followers', 'following', 'lists']) for (const id of [ada.id, bo.id, cy.id]) await ada.get(`/api/v1/accounts/${id}/${list}`);
	});

	test('relationships: friends, asked, asking, ended, muted, blocked, oneself', async () => {
		const of = (who, ...others) => who.get('/api/v1/accounts/relationships?' + others.map((other) => `id[]=${other.id}`).join('&'));
		await of(ada, bo, cy, ada, warden);
		await cy.post(`/api/v1/accounts/${ada.id}/follow`, { kith_word: 'Cy from the river' });
		assert.equal((await ada.get('/api/v1/follow_requests'))[0].kith_word, 'Cy from the river');
		const [asking] = await of(ada, cy);
		assert.equal(asking.requested_by, true);
		await of(cy, ada);
		await ada.post(`/api/v1/follow_requests/${cy.id}/reject`);
		await cy.post(`/api/v1/accounts/${ada.id}/follow`);
		await cy.post(`/api/v1/accounts/${ada.id}/unfollow`);
		await cy.post(`/api/v1/accounts/${ada.id}/follow`);
		await ada.post(`/api/v1/follow_requests/${cy.id}/authorize`);
		await ada.post(`/api/v1/accounts/${cy.id}/mute`);
		await ada.get('/api/v1/mutes');
		await ada.post(`/api/v1/accounts/${cy.id}/unmute`);
		await ada.post(`/api/v1/accounts/${cy.id}/remove_from_followers`);
		await of(cy, ada);
		await of(ada, cy);
		await warden.post(`/api/v1/accounts/${cy.id}/block`);
		await warden.get('/api/v1/blocks');
		await of(warden, cy);
		await warden.post(`/api/v1/accounts/${cy.id}/unblock`);
	});

	test('statuses: each audience, a comment, an answer, liked, mentioning, held, kept, deleted', async () => {
		const list = await ada.post('/api/v1/lists', { title: 'Close' });
		await ada.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [bo.id] });
		const posts = [];
		for (const more of [
			{}, { visibility: 'public' }, { visibility: 'direct' }, { language: 'en', sensitive: true, spoiler_text: 'Spoiler' },
			...[['friends', [], []], ['only', [list.id], [bo.id]], ['except', [list.id], []], ['self', [], []]].map(([kind, lists, people]) => ({ kith_audience: { kind, lists, people } })),
		]) {
			posts.push(await ada.say('Hello @bo and @nobody 你好 #tag https://a.example/?x=1&y=2 <b>', more));
		}
		const [post] = posts;
		const comment = await bo.say('A comment', { in_reply_to_id: post.id });
		const answer = await ada.say('An answer', { in_reply_to_id: comment.id });
		await bo.post(`/api/v1/statuses/${post.id}/favourite`);
		for (const who of [ada, bo]) {
			for (const piece of [post, comment, answer]) {
				await who.get(`/api/v1/statuses/${piece.id}`);
				await who.get(`/api/v1/statuses/${piece.id}/context`);
				await who.get(`/api/v1/statuses/${piece.id}/history`);
			}
			await who.get(`/api/v1/statuses/${post.id}/favourited_by`);
			await who.get(`/api/v1/statuses/${post.id}/reblogged_by`);
			await who.get('/api/v1/timelines/home');
			await who.get(`/api/v1/accounts/${ada.id}/statuses`);
			for (const only of ['pinned', 'only_media', 'exclude_replies']) await who.get(`/api/v1/accounts/${ada.id}/statuses?${only}=true`);
			await who.get('/api/v1/favourites');
		}
		await ada.get(`/api/v1/statuses/${post.id}/source`);
		await ada.get(`/api/v1/timelines/list/${list.id}`);
		await bo.post(`/api/v1/statuses/${post.id}/unfavourite`);
		(await bo.send('POST', `/api/v1/statuses/${post.id}/reblog`, {})).refused(422);
		(await bo.send('POST', `/api/v1/statuses/${comment.id}/favourite`, {})).refused(422);
		const held = await ada.say(Object.values(HELD)[0]);
		assert.equal(held.kith_state, 'held');
		await ada.get(`/api/v1/statuses/${held.id}`);
		const [{ measure }] = await warden.get('/api/kith/v1/review');
		await warden.post(`/api/kith/v1/review/${measure.id}/keep`);
		await ada.get(`/api/v1/statuses/${held.id}`);
		const liked = await ada.say('To be liked');
		await bo.post(`/api/v1/statuses/${liked.id}/favourite`);
		const gone = await ada.delete(`/api/v1/statuses/${post.id}`);
		assert.ok(gone.text.startsWith('Hello @bo'));
		(await ada.send('GET', `/api/v1/statuses/${post.id}`)).refused(404);
	});

	test('tags', async () => {
		const list = await ada.post('/api/v1/lists', { title: '家人 <&>' });
		await ada.get('/api/v1/lists');
		await ada.get(`/api/v1/lists/${list.id}`);
		await ada.put(`/api/v1/lists/${list.id}`, { title: 'Kin' });
		await ada.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [bo.id] });
		await ada.get(`/api/v1/lists/${list.id}/accounts`);
		await ada.get(`/api/v1/accounts/${bo.id}/lists`);
		await ada.get(`/api/v1/timelines/list/${list.id}`);
		await ada.delete(`/api/v1/lists/${list.id}/accounts`, { account_ids: [bo.id] });
		assert.deepEqual((await ada.send('DELETE', `/api/v1/lists/${list.id}`)).must(200).json, {});
	});

	test('notifications of every kind, one of them, counted, dismissed, cleared', async () => {
		const kinds = new Set();
		for (const who of [ada, bo, cy]) {
			for (const notice of await who.get('/api/v1/notifications?limit=40')) {
				kinds.add(notice.type);
				await who.get(`/api/v1/notifications/${notice.id}`);
			}
			await who.get('/api/v1/notifications/unread_count');
			await who.get('/api/v1/notifications?types[]=mention&exclude_types[]=favourite');
		}
		for (const kind of ['mention', 'favourite', 'follow', 'moderation_warning']) assert.ok(kinds.has(kind), `${kind} is among ${[...kinds]}`);
		const [first] = await bo.get('/api/v1/notifications');
		await bo.post('/api/v1/markers', { home: { last_read_id: '1' }, notifications: { last_read_id: first.id } });
		await bo.get('/api/v1/markers?timeline[]=home&timeline[]=notifications');
		await cy.get('/api/v1/markers');
		await bo.post(`/api/v1/notifications/${first.id}/dismiss`);
		(await bo.send('GET', `/api/v1/notifications/${first.id}`)).refused(404);
		await bo.post('/api/v1/notifications/clear');
		assert.deepEqual(await bo.get('/api/v1/notifications'), []);
	});

	test('preferences are real, the rest is empty', async () => {
		assert.equal((await ada.get('/api/v1/preferences'))['posting:default:visibility'], 'private');
		for (const path of ['bookmarks', 'conversations', 'followed_tags', 'filters', 'timelines/public', 'timelines/tag/x']) {
			assert.deepEqual(await ada.get(`/api/v1/${path}`), [], path);
		}
		assert.deepEqual(await ada.get('/api/v2/filters'), []);
	});

	test('pictures: sent, described, on posts, worn and taken off', async () => {
		const first = await bring(ada, {}, 'a grey sea');
		for (const path of ['/api/v1/media', '/api/v2/media']) (await ada.send('POST', path, form({ file: png() }))).must(200);
		await ada.get(`/api/v1/media/${first.id}`);
		await ada.put(`/api/v1/media/${first.id}`, { description: 'a sea' });
		const second = await bring(ada);
		await ada.delete(`/api/v1/media/${second.id}`);
		const post = await ada.say('', { media_ids: [first.id] });
		for (const who of [ada, bo]) await who.get(`/api/v1/statuses/${post.id}`);
		for (const part of ['avatar', 'header']) {
			await ada.patch('/api/v1/accounts/update_credentials', { [part === 'avatar' ? 'kith_avatar_id' : 'kith_cover_id']: (await bring(ada)).id });
			await bo.get(`/api/v1/accounts/${ada.id}`);
			await ada.delete(`/api/v1/profile/${part}`);
		}
		(await ada.send('POST', '/api/v2/media', form({ description: 'no file' }, { type: 'text/plain', name: 'x.txt' }))).refused(422);
	});

	test('changes: of words, of words waiting, of the audience, with place and card', async () => {
		const post = await ada.say('First words', { kith_place: 'By the lake', kith_card: { url: 'https://a.example/x', title: 'A <page>', about: 'About it' } });
		await ada.put(`/api/v1/statuses/${post.id}`, { status: 'Second words' });
		await ada.put(`/api/v1/statuses/${post.id}`, { kith_audience: { kind: 'only', lists: [], people: [bo.id] } });
		await ada.put(`/api/v1/statuses/${post.id}`, { status: Object.values(HELD)[0] });
		for (const who of [ada, bo]) {
			await who.get(`/api/v1/statuses/${post.id}`);
			await who.get(`/api/v1/statuses/${post.id}/history`);
			await who.get('/api/v1/timelines/home');
		}
		await ada.get(`/api/v1/statuses/${post.id}/source`);
	});

	test('filters, their words, and what they match', async () => {
		const filter = await bo.post('/api/v2/filters', { title: 'Tea', context: ['home'], expires_in: 600, keywords_attributes: [{ keyword: 'tea' }] });
		await bo.get('/api/v2/filters');
		await bo.get('/api/v1/filters');
		await bo.get(`/api/v2/filters/${filter.id}`);
		await bo.put(`/api/v2/filters/${filter.id}`, { filter_action: 'hide' });
		const word = await bo.post(`/api/v2/filters/${filter.id}/keywords`, { keyword: '茶' });
		for (const path of ['keywords', 'statuses']) await bo.get(`/api/v2/filters/${filter.id}/${path}`);
		await bo.get(`/api/v2/filters/keywords/${word.id}`);
		await bo.put(`/api/v2/filters/keywords/${word.id}`, { keyword: '茶叶' });
		const post = await ada.say('tea 茶叶');
		assert.equal((await bo.get(`/api/v1/statuses/${post.id}`)).filtered.length, 1);
		await bo.delete(`/api/v2/filters/keywords/${word.id}`);
		await bo.delete(`/api/v2/filters/${filter.id}`);
	});

	test('notices of a post switched off, and what there is none of', async () => {
		const post = await ada.say('Much talked of');
		await bo.post(`/api/v1/statuses/${post.id}/mute`);
		await bo.get(`/api/v1/statuses/${post.id}`);
		await bo.post(`/api/v1/statuses/${post.id}/unmute`);
		await ada.get('/api/v1/scheduled_statuses');
		for (const verb of ['bookmark', 'pin']) (await ada.send('POST', `/api/v1/statuses/${post.id}/${verb}`, {})).refused(422);
		for (const path of ['polls/1', 'push/subscription']) (await ada.send('GET', `/api/v1/${path}`)).refused(404);
	});

	test('reports: of a post, of a comment, of a person, by each way to say why', async () => {
		const post = await ada.say('Reported');
		const comment = await bo.say('This one too', { in_reply_to_id: post.id });
		for (const [who, body] of [
			[bo, { account_id: ada.id, status_ids: [post.id], comment: '看看 <b>', category: 'spam' }],
			[ada, { account_id: bo.id, status_ids: [comment.id], rule_ids: ['1'] }],
			[cy, { account_id: warden.id }],
			[cy, { account_id: ada.id, kith_category: 'ladder', forward: true }],
		]) {
			const made = await who.post('/api/v1/reports', body);
			assert.equal(made.target_account.id, body.account_id);
		}
		(await cy.send('POST', '/api/v1/reports', { account_id: ada.id, status_ids: [post.id] })).refused(404);
		(await cy.send('POST', '/api/v1/reports', {})).refused(422, 'account_id');
		assert.equal((await bo.get('/api/kith/v1/reports'))[0].status_id, post.id);
	});

	test('search and userinfo', async () => {
		for (const q of ['words', '茶', '#tag']) await ada.get(`/api/v2/search?q=${encodeURIComponent(q)}`);
		await ada.get('/oauth/userinfo');
	});

	test('refusals: no token, not mine, absent', async () => {
		for (const path of ['accounts/verify_credentials', 'timelines/home', 'notifications', 'lists', `statuses/${1}`, 'follow_requests']) {
			const answer = await kith.anyone().send('GET', `/api/v1/${path}`);
			assert.ok([401, 404].includes(answer.status), path);
		}
		for (const path of ['statuses/1', 'accounts/1', 'lists/1', 'notifications/1', 'accounts/1/statuses']) {
			(await ada.send('GET', `/api/v1/${path}`)).refused(404);
		}
		const session = await kith.anyone().send('POST', '/api/kith/v1/session', { handle: 'warden', password: PASSWORD });
		assert.equal(session.must(200).json.kith_role, 'steward');
	});

	test('no served route of the description went unasked', () => {
		const wanted = new Set(FAMILY.map((name) => described(...name.split(' '))).filter((name) => name && !REFUSED.includes(name) && !NO_JSON.includes(name)));
		assert.deepEqual([...wanted].filter((name) => !judged.has(`${name} 200`)), []);
	});
});
