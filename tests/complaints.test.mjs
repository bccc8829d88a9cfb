// Complaints from outside against a running server: pages without script, and what they tell nobody.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kith } from './support/kith.mjs';
import { HELD } from './support/texts.mjs';

let kith, seller, steward, post;
const secrets = [];

before(async () => {
	kith = await Kith.start();
	({ seller } = await kith.people(['seller', 'friend'], [['seller', 'friend']]));
	steward = await kith.account('warden', { role: 'steward' });
	post = await seller.say('SECRET words for friends');
});

after(() => kith?.stop());

const form = (fields) => new URLSearchParams(fields);
const whole = (about) => ({ category: 'counterfeit', contact: 'legal@brand.example', about, evidence: 'Trade mark 4711' });

test('the form is a page in both languages, without script', async () => {
	for (const [language, lang, words] of [['en', 'en', 'within five'], ['zh-CN,zh;q=0.9', 'zh-Hans', '五个工作日'],
		['fr-FR, ZH;q=0.9, en;q=0.8', 'zh-Hans', '五个工作日'], ['fr, en-GB, zh', 'en', 'within five'], ['fr', 'en', 'within five']]) {
		const page = (await kith.anyone().send('GET', '/complaint', undefined, { 'accept-language': language })).must(200);
		assert.match(page.headers.get('content-type'), /^text\/html/);
		assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
		assert.ok(page.text.includes(`<html lang="${lang}">`) && page.text.includes(words));
		assert.doesNotMatch(page.text, /<script|\son\w+=/);
		for (const name of ['category', 'contact', 'about', 'evidence']) {
			assert.match(page.text, new RegExp(`<label for="${name}">`));
			assert.match(page.text, new RegExp(`name="${name}"`));
		}
	}
});

test('a complaint is sent by the form, and what is wrong is said beside what was written', async () => {
	const wrong = await kith.anyone().send('POST', '/complaint', form({ ...whole('a <fake> "bag"'), category: '' }));
	assert.match(wrong.must(422).text, /choose one/);
	assert.ok(wrong.text.includes('a &lt;fake&gt; &quot;bag&quot;') && wrong.text.includes('Trade mark 4711') && wrong.text.includes('legal@brand.example'));
	const empty = await kith.anyone().send('POST', '/complaint', form({ ...whole('x'), evidence: ' ' }), { 'accept-language': 'zh' });
	assert.match(empty.must(422).text, /凭什么/);
	assert.ok(empty.text.includes('value="counterfeit" selected'));
	const page = (await kith.anyone().send('POST', '/complaint', form(whole('fakes, for months')), { origin: kith.url })).must(200);
	const [, secret] = /href="\/complaint\/([\w-]{43})"/.exec(page.text);
	const state = (await kith.anyone().send('GET', `/complaint/${secret}`)).must(200);
	assert.ok(state.text.includes('fakes, for months') && state.text.includes('Nobody has answered yet'));
	assert.match(state.text, /To be answered by: <time datetime="[^"]+Z">\d{4}-\d\d-\d\d \d\d:\d\d UTC</);
	assert.ok(!state.text.includes('brand.example') && !state.text.includes('4711'), 'contact and evidence are not shown by the link');
	assert.equal(state.headers.get('x-robots-tag'), 'noindex');
	assert.equal(state.headers.get('cache-control'), 'no-store');
	assert.equal((await kith.anyone().send('GET', `/complaint/${secret}x`)).must(404).text.includes('fakes'), false);
	const again = (await kith.anyone().send('POST', '/complaint', form(whole('y')))).must(429);
	assert.ok(again.headers.get('retry-after'), 'three a minute from one address');
});

test('what went wrong is said in the language of the browser', async () => {
	const absent = `/complaint/${'x'.repeat(43)}`;
	for (const [language, lang, words] of [['en', 'en', 'Nothing here that you can see.'], ['zh-CN', 'zh-Hans', '这里没有您看得到的东西。']]) {
		const page = (await kith.anyone().send('GET', absent, undefined, { 'accept-language': language })).must(404);
		assert.ok(page.text.includes(`<html lang="${lang}">`) && page.text.includes(words), page.text);
		assert.doesNotMatch(page.text, lang === 'en' ? /[\u4e00-\u9fff]/ : /Nothing|Back/);
	}
	const wrong = (await kith.anyone().send('GET', '/audit?before=long-ago', undefined, { 'accept-language': 'zh' })).must(422);
	assert.ok(wrong.text.includes('这不是一个日子，像 2026-05-16 这样。'), 'what is at fault is named');
});

test('another page cannot make a browser complain', async () => {
	(await kith.anyone().send('POST', '/complaint', form(whole('x')), { origin: 'https://elsewhere.example' })).must(403);
	(await kith.anyone().send('POST', '/api/kith/v1/complaints', whole('x'), { origin: 'https://elsewhere.example' })).refused(403);
});

test('whether what is named is here tells nobody, and its author’s case it is', async () => {
	const answers = [];
	for (const id of [post.id, String(BigInt(post.id) + 999n)]) {
		const answer = (await kith.anyone().send('POST', '/api/kith/v1/complaints', whole(`see ${kith.url}/posts/${id}`))).must(200);
		assert.deepEqual([answer.json.state, answer.json.late, answer.json.answer, answer.json.answered_at], ['open', false, null, null]);
		assert.equal(answer.json.url, `${kith.url}/complaint/${answer.json.secret}`);
		const { secret, url, about, at, due_at, ...rest } = answer.json;
		answers.push(rest);
		secrets.push(secret);
		const shown = (await kith.anyone().send('GET', `/api/kith/v1/complaints/${secret}`)).must(200);
		assert.ok(!/SECRET|seller|brand\.example|4711/.test(shown.text));
		assert.equal(shown.json.about, `see ${kith.url}/posts/${id}`);
		assert.equal(Date.parse(shown.json.due_at) - Date.parse(shown.json.at) >= 5 * 86_400_000, true);
	}
	assert.deepEqual(answers[0], answers[1]);
	const cases = await steward.get('/api/kith/v1/cases');
	assert.equal(cases.filter((line) => line.subject?.id === seller.id).length, 1);
	assert.equal(cases.filter((line) => line.subject === null && line.items.complaints === 1).length, 2);
	(await kith.anyone().send('POST', '/api/kith/v1/complaints', { ...whole('x'), category: 'personal_data' })).refused(422, 'category');
});

test('a complaint opens the post it names to a steward, and tells its author nothing', async () => {
	const [line] = (await steward.get('/api/kith/v1/cases')).filter((it) => it.subject?.id === seller.id);
	const shown = (await steward.send('GET', `/api/kith/v1/cases/${line.id}`)).must(200);
	assert.equal(shown.json.complaints[0].evidence, 'Trade mark 4711');
	assert.deepEqual(shown.json.pieces.map((it) => [it.status.id, it.rule]), [[post.id, 'fraud.counterfeit']]);
	assert.ok(shown.text.includes('SECRET words'), 'to be judged it has to be read');
	assert.equal(await steward.sees(post), 404);
	for (const path of ['/api/v1/notifications?kith=true', '/api/kith/v1/measures']) {
		assert.ok(!/complaint|4711/.test((await seller.send('GET', path)).must(200).text), path);
	}
});

test('ninety complaints from many addresses hide no case, and every one is reached', async () => {
	const house = await Kith.start({ args: ['--trusted-proxy', '127.0.0.1'] });
	try {
		const { seller } = await house.people(['seller'], []);
		const steward = await house.account('warden', { role: 'steward' });
		for (let i = 0; i < 90; i++) {
			(await house.anyone().send('POST', '/api/kith/v1/complaints', whole(`fakes, number ${i}`), { 'x-forwarded-for': `203.0.113.${i}` })).must(200);
		}
		const post = await seller.say(Object.values(HELD)[0]);
		assert.equal(post.kith_state, 'held');
		const seen = [];
		let pages = 0;
		for (let path = '/api/kith/v1/cases?limit=40'; path; pages++) {
			const answer = (await steward.send('GET', path)).must(200);
			seen.push(...answer.json);
			path = /<[^>]*?(\/api\/[^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
		}
		assert.equal(pages, 3);
		assert.equal(seen[0].subject.id, seller.id);
		assert.deepEqual([seen.length, new Set(seen.map((it) => it.id)).size], [91, 91]);
		assert.deepEqual(seen.map((it) => it.outside), [false, ...Array(90).fill(true)]);
		const opened = seen.slice(1).map((it) => it.due_at);
		assert.deepEqual(opened, opened.slice().sort(), 'their own clock, the earliest first');
		assert.equal((await steward.get('/api/kith/v1/cases?from=inside')).length, 1);
		assert.equal((await steward.get('/api/kith/v1/cases?from=outside')).length, 40);
		(await steward.send('GET', '/api/kith/v1/cases?from=above')).refused(422, 'from');
		(await steward.send('GET', '/api/kith/v1/cases?max_id=4711')).refused(404);
	} finally {
		await house.stop();
	}
});

test('the secret is nowhere but in the answer', async () => {
	assert.equal(secrets.length, 2);
	for (const name of readdirSync(kith.dir).filter((it) => /^kith\.db|\.log$/.test(it))) {
		const bytes = readFileSync(join(kith.dir, name));
		assert.ok(!secrets.some((secret) => bytes.includes(secret)), name);
	}
	assert.ok(!secrets.some((secret) => kith.log.includes(secret)) && !kith.log.includes('brand.example'));
});

test('one address uses up what it has, and nobody else’s', async () => {
	const house = await Kith.start({ args: ['--trusted-proxy', '127.0.0.1'] });
	const send = (from, path = '/api/kith/v1/complaints', language = 'en') =>
		house.anyone().send('POST', path, path === '/complaint' ? form(whole('fakes')) : whole('fakes'),
			{ 'x-forwarded-for': `6.6.6.6, ${from}`, 'accept-language': language });
	const over = (answer) => {
		const wait = Number(answer.must(429).headers.get('retry-after'));
		assert.ok(wait > 7000 && wait <= 7200, `in ${wait} s`);
		return answer;
	};
	try {
		for (const from of ['203.0.113.7', '2001:db8:1:2::a']) {
			for (const path of ['/api/kith/v1/complaints', '/api/kith/v1/complaints', '/api/kith/v1/complaints', '/complaint', '/complaint'])
				(await send(from, path)).must(200);
		}
		assert.match(over(await send('203.0.113.7', '/complaint')).text, /from your address.*value="legal@brand.example"/s);
		assert.match(over(await send('2001:db8:1:2:ffff::b', '/complaint', 'zh')).text, /从您的地址/); // of the same /64
		for (const from of ['203.0.113.8', '2001:db8:1:3::a']) (await send(from)).must(200);
		assert.ok(!/203\.0\.113|2001:db8/.test(house.log));
		const bytes = readdirSync(house.dir).filter((it) => /^kith\.db|\.log$/.test(it)).map((it) => readFileSync(join(house.dir, it), 'latin1'));
		assert.ok(!bytes.some((it) => /203\.0\.113|2001:db8/.test(it)), 'no address is written down');
	} finally {
		await house.stop();
	}
});
