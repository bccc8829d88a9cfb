// What Lighthouse says of the feed and of the sign-in page, on a phone: node bench/page/page.mjs [KITH]
//
// A fresh demonstration circle, a signed-in member, Lighthouse's own simulated slow 4G. Scores swing with the machine: the worst of three
// runs is shown beside the median. Budgets: client-api-and-ui.md, gates.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as chromeLauncher from 'chrome-launcher';
import lighthouse from 'lighthouse';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const KITH = process.argv[2] ?? join(ROOT, 'build/kith');
const RUNS = 3;
const PASSWORD = 'correct horse battery';
const dir = await mkdtemp(join(tmpdir(), 'kith-page-'));
const run = (args, input = '') => execFileSync(KITH, [...args, '--data', join(dir, 'data')], { input }).toString();

run(['load', '--recent', join(ROOT, 'demo/circle.jsonl')]);
run(['account', 'create', 'looker', '--password-stdin'], PASSWORD + '\n');
const server = spawn(KITH, ['serve', '--data', join(dir, 'data'), '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
const [line] = await once(server.stdout, 'data');
const url = /http:\S+/.exec(line.toString())[0];

/** A session of Lin's, who has friends and pictures in her feed. */
async function signIn() {
	const link = run(['account', 'reset', 'lin', '--url', url]).trim().split('/').pop();
	const ask = (path, body) => fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify(body) });
	const reset = await ask('/api/kith/v1/reset', { token: link, password: PASSWORD });
	if (reset.status !== 200) throw new Error(await reset.text());
	const session = await ask('/api/kith/v1/session', { handle: 'lin', password: PASSWORD });
	return session.headers.get('set-cookie').split(';')[0];
}

const chrome = await chromeLauncher.launch({
	chromePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
	chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function judge(name, path, headers) {
	const results = [];
	for (let i = 0; i < RUNS; i++) {
		const { lhr } = await lighthouse(url + path, {
			port: chrome.port,
			output: 'json',
			logLevel: 'error',
			onlyCategories: ['performance', 'accessibility', 'best-practices'],
			extraHeaders: headers,
		});
		results.push(lhr);
	}
	const score = (key) => results.map((lhr) => Math.round(lhr.categories[key].score * 100));
	const value = (key) => results.map((lhr) => lhr.audits[key].numericValue);
	const show = (what, list, budget, digits = 0) => console.log(`${`${name}, ${what}`.padEnd(42)} ${median(list).toFixed(digits).padStart(8)}   worst ${(budget.startsWith('>') ? Math.min(...list) : Math.max(...list)).toFixed(digits)}, budget ${budget}`);
	show('performance', score('performance'), '>= 95');
	show('accessibility', score('accessibility'), '>= 100');
	show('best practices', score('best-practices'), '>= 95');
	show('largest paint, ms', value('largest-contentful-paint'), '<= 1800');
	show('blocked, ms', value('total-blocking-time'), '<= 50');
	show('shift', value('cumulative-layout-shift'), '<= 0.05', 3);
	for (const key of ['accessibility', 'best-practices']) {
		for (const { id, weight } of results[0].categories[key].auditRefs) {
			const audit = results[0].audits[id];
			if (weight > 0 && audit.score !== null && audit.score < 1) console.log(`  ${id}: ${audit.title}`);
		}
	}
}

try {
	await judge('sign-in', '/sign-in', {});
	await judge('feed', '/', { Cookie: await signIn() });
} finally {
	await chrome.kill();
	server.kill('SIGTERM');
	await once(server, 'exit');
	await rm(dir, { recursive: true, force: true });
}
