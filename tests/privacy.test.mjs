// Who sees what, over HTTP: each person's whole view of a small circle, and that hidden and absent are the same bytes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Kith } from './support/kith.mjs';

let kith, at;

before(async () => {
	kith = await Kith.start();
	// ada's friends are bo, cy, fay; bo and cy are no friends of each other, bo and fay are
	at = await kith.people(
		['ada', 'bo', 'cy', 'fay', 'eve', 'zed'],
		[['ada', 'bo'], ['ada', 'cy'], ['ada', 'fay'], ['bo', 'fay']],
	);
});

after(() => kith?.stop());

/** Every way in which a post could come to `who`: none of them may show `word`. */
async function assertHidden(who, author, post, word) {
	const absent = (await who.send('GET', '/api/v1/statuses/999999999999')).must(404);
	for (const [method, path, body] of [
		['GET', ''], ['GET', '/context'], ['GET', '/source'], ['GET', '/history'], ['GET', '/favourited_by'], ['GET', '/reblogged_by'],
		['POST', '/favourite', {}], ['POST', '/unfavourite', {}], ['DELETE', ''],
	]) {
		const answer = await who.send(method, `/api/v1/statuses/${post.id}${path}`, body);
		assert.equal(answer.status, 404, `${who.handle}: ${method} ${path} ${answer.text}`);
		assert.equal(answer.text, absent.text, `${who.handle}: ${method} ${path} must answer as if it did not exist`);
		assert.deepEqual(names(answer), names(absent));
	}
	(await who.send('GET', `/api/kith/v1/statuses/${post.id}/moment`)).must(404);
	(await who.send('POST', '/api/v1/statuses', { status: 'me too', in_reply_to_id: post.id })).must(404);
	for (const path of [
		'/api/v1/timelines/home?limit=40', '/api/kith/v1/moments?limit=40', '/api/v1/notifications', '/api/v1/favourites',
		'/api/v1/timelines/public', `/api/v2/search?q=${word}`, `/api/v1/accounts/${author.id}/statuses`,
	]) {
		const answer = await who.send('GET', path);
		assert.ok(!answer.text.includes(word), `${who.handle}: ${path} shows it`);
		assert.ok(!answer.text.includes(`"${post.id}"`), `${who.handle}: ${path} names it`);
	}
}

const names = (answer) => [...answer.headers.keys()].filter((name) => name !== 'date').sort();

async function assertShown(who, author, post, word) {
	assert.equal(await who.sees(post), 200, `${who.handle} sees it`);
	assert.ok((await who.homeIds()).includes(post.id), `${who.handle} has it at home`);
	assert.ok((await who.albumIds(author)).includes(post.id), `${who.handle} finds it in the album`);
	assert.ok((await who.get('/api/kith/v1/moments?limit=40')).some((moment) => moment.status.id === post.id));
	assert.ok((await who.get(`/api/v1/statuses/${post.id}`)).content.includes(word));
}

let counter = 0;
const secret = () => `canary${++counter}x${Math.floor(1e9 * Math.random()).toString(36)}`;

test('friends see a post; a stranger and nobody do not', async () => {
	const word = secret();
	const post = await at.ada.say(`For friends ${word}`);
	for (const who of [at.ada, at.bo, at.cy, at.fay]) await assertShown(who, at.ada, post, word);
	for (const who of [at.eve, at.zed]) await assertHidden(who, at.ada, post, word);
	const nobody = await kith.anyone().send('GET', `/api/v1/statuses/${post.id}`);
	assert.equal(nobody.text, (await kith.anyone().send('GET', '/api/v1/statuses/999999999999')).text);
	assert.ok([401, 404].includes(nobody.status));
	for (const path of [`/posts/${post.id}`, '/people/ada', '/']) {
		const page = (await kith.anyone().send('GET', path)).must(200);
		assert.ok(!page.text.includes(word));
	}
});

test('a comment and a like are seen by the author and by friends of both, and counted for them alone', async () => {
	const post = await at.ada.say('Soup or salad?');
	const comment = await at.bo.say('Soup', { in_reply_to_id: post.id });
	await at.bo.post(`/api/v1/statuses/${post.id}/favourite`);
	// fay is a friend of ada and bo, cy of ada alone
	for (const who of [at.ada, at.bo, at.fay]) {
		assert.deepEqual(await who.commentIds(post), [comment.id], who.handle);
		assert.deepEqual(await who.likerIds(post), [at.bo.id], who.handle);
		const { replies_count, favourites_count } = await who.get(`/api/v1/statuses/${post.id}`);
		assert.deepEqual([replies_count, favourites_count], [1, 1], who.handle);
	}
	assert.deepEqual(await at.cy.commentIds(post), []);
	assert.deepEqual(await at.cy.likerIds(post), []);
	const { replies_count, favourites_count } = await at.cy.get(`/api/v1/statuses/${post.id}`);
	assert.deepEqual([replies_count, favourites_count], [0, 0]);
	const moment = await at.cy.get(`/api/kith/v1/statuses/${post.id}/moment`);
	assert.deepEqual([moment.likers, moment.comments], [[], []]);
	await assertHidden(at.cy, at.bo, comment, 'no such word here');
	(await at.cy.send('POST', '/api/v1/statuses', { status: 'hi', in_reply_to_id: comment.id })).must(404);
	const answer = await at.ada.say('Soup it is', { in_reply_to_id: comment.id });
	assert.deepEqual(await at.cy.commentIds(post), [], 'an answer to somebody hidden is hidden');
	assert.deepEqual(await at.fay.commentIds(post), [comment.id, answer.id]);
	const mine = await at.cy.say('Salad', { in_reply_to_id: post.id });
	assert.deepEqual(await at.bo.commentIds(post), [comment.id, answer.id]);
	assert.deepEqual(await at.ada.commentIds(post), [comment.id, answer.id, mine.id]);
	const told = (await at.bo.get('/api/v1/notifications')).filter((notice) => notice.status?.id === mine.id);
	assert.deepEqual(told, [], 'bo is not told of what bo may not see');
	(await at.bo.send('POST', `/api/v1/statuses/${comment.id}/favourite`, {})).refused(422);
});

describe('audiences', () => {
	let family, work;

	before(async () => {
		family = await at.ada.post('/api/v1/lists', { title: 'Family' });
		await at.ada.post(`/api/v1/lists/${family.id}/accounts`, { account_ids: [at.bo.id] });
		work = await at.ada.post('/api/v1/lists', { title: 'Work' });
		await at.ada.post(`/api/v1/lists/${work.id}/accounts`, { account_ids: [at.cy.id] });
	});

	async function publish(kith_audience, yes, no) {
		const word = secret();
		const post = await at.ada.say(`Hear ${word}`, { kith_audience });
		for (const who of yes) await assertShown(who, at.ada, post, word);
		for (const who of no) await assertHidden(who, at.ada, post, word);
		const { people } = await at.ada.post('/api/kith/v1/audience', { kith_audience });
		assert.equal(people, yes.filter((who) => who !== at.ada).length);
		return post;
	}

	test('only a tag', () => publish({ kind: 'only', lists: [family.id], people: [] }, [at.ada, at.bo], [at.cy, at.fay, at.eve]));
	test('only a person', () => publish({ kind: 'only', lists: [], people: [at.fay.id] }, [at.ada, at.fay], [at.bo, at.cy, at.eve]));
	test('only a tag and a person', () =>
		publish({ kind: 'only', lists: [family.id], people: [at.fay.id] }, [at.ada, at.bo, at.fay], [at.cy, at.eve]));
	test('all except a tag', () => publish({ kind: 'except', lists: [family.id], people: [] }, [at.ada, at.cy, at.fay], [at.bo, at.eve]));
	test('all except a person', () =>
		publish({ kind: 'except', lists: [], people: [at.cy.id] }, [at.ada, at.bo, at.fay], [at.cy, at.eve]));
	test('only me', () => publish({ kind: 'self', lists: [], people: [] }, [at.ada], [at.bo, at.cy, at.fay, at.eve]));
	test('naming somebody who is no friend shows them nothing', async () => {
		const word = secret();
		const made = await at.ada.send('POST', '/api/v1/statuses', { status: `To ${word}`, kith_audience: { kind: 'only', lists: [], people: [at.eve.id] } });
		if (made.status !== 200) return made.refused(422, 'kith_audience');
		await assertHidden(at.eve, at.ada, made.json, word);
	});

	test('the audience is the author’s to know', async () => {
		const kith_audience = { kind: 'only', lists: [family.id], people: [] };
		const post = await at.ada.say('Who else?', { kith_audience });
		const { kith_audience: own } = await at.ada.get(`/api/v1/statuses/${post.id}`);
		assert.deepEqual([own.kind, own.lists, own.people], ['only', [family.id], []]);
		const answer = await at.bo.send('GET', `/api/v1/statuses/${post.id}`);
		assert.equal(answer.json.kith_audience, null);
		assert.equal(answer.json.kith_state, null);
		assert.ok(!answer.text.includes('Family') && !answer.text.includes(family.id));
	});

	test('tags are somebody’s own: others find nothing there', async () => {
		const absent = (await at.bo.send('GET', '/api/v1/lists/999999999999')).must(404);
		for (const [method, path, body] of [
			['GET', ''], ['GET', '/accounts'], ['PUT', '', { title: 'Mine' }], ['DELETE', ''], ['POST', '/accounts', { account_ids: [at.fay.id] }],
		]) {
			const answer = await at.bo.send(method, `/api/v1/lists/${family.id}${path}`, body);
			assert.equal(answer.must(404).text, absent.text, `${method} ${path}`);
		}
		(await at.bo.send('GET', `/api/v1/timelines/list/${family.id}`)).must(404);
		const stolen = await at.bo.send('POST', '/api/v1/statuses', { status: 'x', kith_audience: { kind: 'only', lists: [family.id], people: [] } });
		assert.ok([404, 422].includes(stolen.status), stolen.text);
		assert.deepEqual(await at.bo.get(`/api/v1/accounts/${at.ada.id}/lists`), []);
	});

	test('tags are read at the time of reading; a deleted one never widens', async () => {
		const tag = await at.ada.post('/api/v1/lists', { title: 'Rowing' });
		await at.ada.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [at.bo.id] });
		const only = await at.ada.say('Boats at six', { kith_audience: { kind: 'only', lists: [tag.id], people: [at.fay.id] } });
		const except = await at.ada.say('A surprise for bo', { kith_audience: { kind: 'except', lists: [tag.id], people: [] } });
		const views = async () => [await at.bo.sees(only), await at.cy.sees(only), await at.bo.sees(except), await at.cy.sees(except)];
		assert.deepEqual(await views(), [200, 404, 404, 200]);
		await at.ada.post(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [at.cy.id] });
		assert.deepEqual(await views(), [200, 200, 404, 404]);
		await at.ada.delete(`/api/v1/lists/${tag.id}/accounts`, { account_ids: [at.cy.id] });
		assert.deepEqual(await views(), [200, 404, 404, 200]);
		await at.ada.delete(`/api/v1/lists/${tag.id}`);
		assert.deepEqual(await views(), [404, 404, 404, 200]);
		assert.equal(await at.fay.sees(only), 200, 'the person named still does');
		assert.equal(await at.ada.sees(only), 200);
	});
});

describe('ends and beginnings', () => {
	let al, ben, guy;
	let post, comment, late;

	before(async () => {
		({ al, ben, guy } = await kith.people(['al', 'ben', 'guy'], [['al', 'ben'], ['al', 'guy'], ['ben', 'guy']]));
		post = await al.say('Before the end');
		comment = await ben.say('I was here', { in_reply_to_id: post.id });
		await ben.post(`/api/v1/statuses/${post.id}/favourite`);
	});

	test('after ben ends it, each loses the other’s posts, al is not told, and what ben did stays', async () => {
		await ben.post(`/api/v1/accounts/${al.id}/unfollow`);
		late = await al.say('After the end');
		for (const piece of [post, late]) await assertHidden(ben, al, piece, 'the end');
		assert.deepEqual(await ben.albumIds(al), []);
		const theirs = await al.send('GET', `/api/v1/accounts/${ben.id}/statuses`);
		assert.deepEqual(theirs.must(200).json, []);
		const [seen] = await al.get(`/api/v1/accounts/relationships?id[]=${ben.id}`);
		assert.deepEqual([seen.following, seen.followed_by, seen.requested, seen.blocked_by], [true, true, false, false]);
		assert.ok((await al.get(`/api/v1/accounts/${al.id}/following`)).some((account) => account.id === ben.id));
		assert.equal((await al.get('/api/v1/notifications')).some((n) => n.account.id === ben.id && !['favourite', 'mention'].includes(n.type)), false);
		for (const who of [al, guy]) {
			assert.deepEqual(await who.commentIds(post), [comment.id], 'one side has ended it: old comments stay');
			assert.deepEqual(await who.likerIds(post), [ben.id]);
		}
		const asked = await al.post(`/api/v1/accounts/${ben.id}/follow`);
		assert.deepEqual([asked.following, asked.requested], [true, false], 'asking again changes nothing');
		assert.deepEqual(await ben.get('/api/v1/follow_requests'), []);
	});

	test('after both ended it, comments and likes vanish', async () => {
		await al.post(`/api/v1/accounts/${ben.id}/unfollow`);
		for (const who of [al, guy]) {
			assert.deepEqual(await who.commentIds(post), []);
			assert.deepEqual(await who.likerIds(post), []);
			assert.equal((await who.get(`/api/v1/statuses/${post.id}`)).replies_count, 0);
		}
	});

	test('friends again: all comes back', async () => {
		await al.befriend(ben);
		assert.equal(await ben.sees(late), 200);
		for (const who of [al, guy, ben]) {
			assert.deepEqual(await who.commentIds(post), [comment.id]);
			assert.deepEqual(await who.likerIds(post), [ben.id]);
		}
	});

	test('a block is both ways, everywhere, from the next answer on; lifting it restores nothing', async () => {
		await al.post(`/api/v1/accounts/${ben.id}/block`);
		await assertHidden(ben, al, post, 'Before the end');
		const absent = (await ben.send('GET', '/api/v1/accounts/999999999999')).must(404);
		for (const [who, other] of [[ben, al], [al, ben]]) {
			const answer = await who.send('GET', `/api/v1/accounts/${other.id}`);
			assert.equal(answer.must(404).text, absent.text);
			(await who.send('GET', `/api/v1/accounts/lookup?acct=${other.handle}`)).must(404);
			assert.deepEqual(await who.get(`/api/v1/accounts/search?q=${other.handle}`), []);
			(await who.send('GET', `/api/v1/accounts/${other.id}/statuses`)).must(404);
		}
		(await ben.send('POST', `/api/v1/accounts/${al.id}/follow`, {})).must(404);
		const [seen] = await ben.get(`/api/v1/accounts/relationships?id[]=${al.id}`);
		assert.ok(!seen || (!seen.blocked_by && !seen.following), 'nobody is told of a block');
		for (const who of [al, guy]) assert.deepEqual(await who.commentIds(post), []);
		await al.post(`/api/v1/accounts/${ben.id}/unblock`);
		assert.equal(await ben.sees(post), 404);
		const [after] = await al.get(`/api/v1/accounts/relationships?id[]=${ben.id}`);
		assert.deepEqual([after.blocking, after.following, after.followed_by], [false, false, false]);
	});

	test('hiding mine and hiding theirs', async () => {
		await guy.post(`/api/kith/v1/accounts/${al.id}/hide_mine`);
		const quiet = await guy.say('Not for al');
		await assertHidden(al, guy, quiet, 'Not for al');
		await guy.delete(`/api/kith/v1/accounts/${al.id}/hide_mine`);
		assert.equal(await al.sees(quiet), 200);
		await al.post(`/api/v1/accounts/${guy.id}/mute`);
		assert.ok(!(await al.homeIds()).includes(quiet.id), 'out of my feed');
		assert.ok((await al.albumIds(guy)).includes(quiet.id), 'and nowhere else');
		await al.post(`/api/v1/accounts/${guy.id}/unmute`);
		assert.ok((await al.homeIds()).includes(quiet.id));
	});

	test('a sealed person disappears with all they did, may read the reasons, and comes back whole', async () => {
		const own = await guy.say('Guy was here');
		const said = await guy.say('A word', { in_reply_to_id: post.id });
		assert.equal((await kith.command(['account', 'seal', 'guy', '--reason', 'in other hands', '--seized'])).code, 0);
		await assertHidden(al, guy, own, 'Guy was here');
		assert.deepEqual(await al.commentIds(post), []);
		for (const [method, path] of [['GET', '/api/v1/timelines/home'], ['GET', `/api/v1/statuses/${own.id}`], ['GET', '/api/kith/v1/moments']]) {
			(await guy.send(method, path)).refused(403);
		}
		(await guy.send('POST', '/api/v1/statuses', { status: 'still here?' })).refused(403);
		assert.equal((await guy.get('/api/v1/accounts/verify_credentials')).kith_sealed, true);
		assert.ok(Array.isArray(await guy.get('/api/kith/v1/measures')));
		assert.equal((await kith.command(['account', 'unseal', 'guy'])).code, 0);
		assert.deepEqual(await al.commentIds(post), [said.id]);
		assert.equal(await al.sees(own), 200);
	});

	test('deleted is gone everywhere at once, also from notices', async () => {
		const piece = await al.say('Soon gone');
		const reply = await guy.say('Why', { in_reply_to_id: piece.id });
		assert.ok((await al.get('/api/v1/notifications')).some((notice) => notice.status?.id === reply.id));
		await al.delete(`/api/v1/statuses/${piece.id}`);
		for (const who of [al, guy]) {
			await assertHidden(who, al, piece, 'Soon gone');
			assert.equal(await who.sees(reply), 404);
			assert.ok(!(await who.get('/api/v1/notifications')).some((notice) => [piece.id, reply.id].includes(notice.status?.id)));
		}
	});

	test('how far back friends see is the author’s to set, in every place', async () => {
		const days = (n) => Date.now() - n * 86_400_000;
		await kith.load([
			{ type: 'post', key: 'old', author: 'al', text: 'Forty days ago', at: days(40) },
			{ type: 'post', key: 'new', author: 'al', text: 'Two days ago', at: days(2) },
		], ['--no-screen']);
		const album = async (who) => (await who.get(`/api/v1/accounts/${al.id}/statuses?limit=40`)).map((status) => status.content);
		const holds = (all, words) => all.some((content) => content.includes(words));
		const old = (await guy.get(`/api/v1/accounts/${al.id}/statuses?limit=40`)).find((status) => status.content.includes('Forty'));
		assert.ok(old, 'everything is seen to begin with');
		for (const [range, seen] of [['half-year', true], ['month', false], ['3d', false], ['all', true]]) {
			await al.patch('/api/v1/accounts/update_credentials', { kith_range: range });
			assert.equal(holds(await album(guy), 'Forty days ago'), seen, range);
			assert.equal(await guy.sees(old), seen ? 200 : 404, range);
			assert.ok(holds(await album(guy), 'Two days ago'), range);
			assert.ok(holds(await album(al), 'Forty days ago'), 'the author always sees all');
		}
	});
});

test('the last thing of mine that points to a sealed person can be taken back, and the answer says that it is', async () => {
	const { fin, gus } = await kith.people(['fin', 'gus'], [['fin', 'gus']]);
	const about = async (verb) => (await fin.send('POST', `/api/v1/accounts/${gus.id}/${verb}`, {})).must(200).json;
	await fin.post(`/api/v1/accounts/${gus.id}/block`);
	assert.equal((await kith.command(['account', 'seal', 'gus', '--reason', 'in other hands', '--seized'])).code, 0);
	assert.equal((await about('block')).blocking, true);
	assert.equal((await about('unblock')).blocking, false);
	(await fin.send('POST', `/api/v1/accounts/${gus.id}/unblock`, {})).must(404);
	assert.equal((await kith.command(['account', 'unseal', 'gus'])).code, 0);
	assert.equal((await about('unfollow')).blocking, false);
});

test('a profile’s counts and friends are for oneself alone', async () => {
	const mine = await at.ada.get(`/api/v1/accounts/${at.ada.id}/following?limit=80`);
	assert.deepEqual(mine.map((account) => account.acct).sort(), ['bo', 'cy', 'fay']);
	const own = await at.ada.get('/api/v1/accounts/verify_credentials');
	const album = await at.ada.get(`/api/v1/accounts/${at.ada.id}/statuses?limit=40`);
	assert.deepEqual([own.followers_count, own.statuses_count], [3, album.length]);
	for (const who of [at.bo, at.eve]) {
		for (const list of ['followers', 'following']) assert.deepEqual(await who.get(`/api/v1/accounts/${at.ada.id}/${list}`), []);
		const card = await who.get(`/api/v1/accounts/${at.ada.id}`);
		assert.deepEqual([card.followers_count, card.following_count, card.statuses_count], [0, 0, 0]);
	}
});

test('a mention of somebody outside the audience is plain text: no notice, no error, no way in', async () => {
	const word = secret();
	const post = await at.ada.say(`Do not tell @eve ${word}`);
	assert.deepEqual(post.mentions.map((mention) => mention.acct), []);
	await assertHidden(at.eve, at.ada, post, word);
	const other = secret();
	const direct = await at.ada.say(`@bo alone ${other}`, { visibility: 'direct' });
	assert.equal(direct.visibility, 'direct');
	await assertShown(at.bo, at.ada, direct, other);
	await assertHidden(at.fay, at.ada, direct, other);
});

test('no text, name or token is in the log', () => {
	assert.ok(kith.log.length > 0, 'it keeps a log');
	for (const word of ['canary', 'Soup', 'token-of-', 'Forty days', 'Family']) assert.ok(!kith.log.includes(word), word);
});
