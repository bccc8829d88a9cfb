// Debian's chromium, driven by playwright-core; every page is watched for console errors and policy violations.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { PASSWORD } from './kith.mjs';

const EXECUTABLE = process.env.CHROMIUM || '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const SKIP = existsSync(EXECUTABLE) ? false : `no browser at ${EXECUTABLE}`;

export async function launch() {
	return chromium.launch({
		executablePath: EXECUTABLE,
		args: [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
}

/** One person's browser: a context of its own, whose page must stay without faults. */
export class Visitor {
	static async open(browser, url, options = {}) {
		const visitor = new Visitor();
		visitor.url = url;
		visitor.faults = [];
		visitor.asked = [];
		visitor.context = await browser.newContext({ baseURL: url, locale: 'en-GB', serviceWorkers: 'block', ...options });
		await visitor.context.addInitScript(() => {
			document.addEventListener('securitypolicyviolation', (e) => {
				console.error(`policy violation: ${e.violatedDirective} ${e.blockedURI}`);
			});
		});
		const page = await visitor.context.newPage();
		page.setDefaultTimeout(15_000);
		page.on('console', (message) => {
			if (message.type() === 'error' && !visitor.#awaited(message)) visitor.faults.push(`${message.text()} ${message.location().url}`);
		});
		page.on('pageerror', (error) => visitor.faults.push(String(error)));
		page.on('request', (request) => visitor.asked.push(request.url()));
		visitor.page = page;
		return visitor;
	}

	// chromium writes a line for every answer of 400 and more, also those the page handles as it should: a visit
	// without a session asks who it is and hears 401
	#awaited(message) {
		return /status of 401/.test(message.text()) && new URL(message.location().url).pathname.endsWith('/verify_credentials');
	}

	/** Signed in as a person of the tests, without the form. */
	async sign_in(handle) {
		const answer = await this.context.request.post('/api/kith/v1/session', {
			data: { handle, password: PASSWORD },
			headers: { Origin: this.url },
		});
		assert.equal(answer.status(), 200, await answer.text());
	}

	/** The same with a token somebody has already: no password is hashed. */
	async come_in(token) {
		await this.context.addCookies([{ name: 'kith_session', value: token, url: this.url, httpOnly: true }]);
	}

	/** A JPEG drawn here: `words` on a colour of their own, as setInputFiles takes it. */
	async picture(name, { width = 640, height = 480, hue = 30 } = {}) {
		const url = await this.page.evaluate(([name, width, height, hue]) => {
			const canvas = Object.assign(document.createElement('canvas'), { width, height });
			const pen = canvas.getContext('2d');
			const wash = pen.createLinearGradient(0, 0, width, height);
			wash.addColorStop(0, `hsl(${hue} 60% 35%)`);
			wash.addColorStop(1, `hsl(${hue + 60} 70% 75%)`);
			pen.fillStyle = wash;
			pen.fillRect(0, 0, width, height);
			pen.fillStyle = '#fff';
			pen.font = `${height / 6}px sans-serif`;
			pen.fillText(name, width / 10, height / 2);
			return canvas.toDataURL('image/jpeg', 0.9);
		}, [name, width, height, hue]);
		return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(url.split(',')[1], 'base64') };
	}

	/** Errors that were asked for are taken off the list; anything else stays on it. */
	forgive(pattern) {
		this.faults = this.faults.filter((fault) => !pattern.test(fault));
	}

	/** Nothing went wrong so far, and nothing was asked of another server. */
	unharmed() {
		assert.deepEqual(this.faults, []);
		const elsewhere = this.asked.filter((url) => !url.startsWith(this.url) && !/^(data|blob):/.test(url));
		assert.deepEqual(elsewhere, []);
	}

	/** No violation that axe can find on what is shown now. */
	async accessible(what) {
		// by the debugger's way in: the page's own policy rightly takes no script but its own
		await this.page.evaluate(AXE);
		const violations = await this.page.evaluate(async () => {
			const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
			return violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((n) => n.html).slice(0, 3).join('\n    ')}`);
		});
		assert.deepEqual(violations, [], `axe on ${what}`);
	}

	/** What was asked for is there: nothing is loading any more. (The network is never idle: a stream is open.) */
	async settled() {
		const there = () => document.querySelector('main') && !document.querySelector('.sk, [aria-busy=true]');
		await this.page.waitForFunction(there).catch(async (e) => {
			throw new Error(`${this.page.url()} is still loading: ${await this.page.locator('body').innerText()}`, { cause: e });
		});
		await this.page.waitForTimeout(150);
	}

	/** Nothing sticks out sideways. */
	async fits(what) {
		const wide = await this.page.evaluate(() => {
			const most = document.documentElement.clientWidth;
			const out = [...document.querySelectorAll('body *')].filter((e) => {
				const box = e.getBoundingClientRect();
				return box.width > 1 && box.height > 1 && box.right > most + 1 && getComputedStyle(e).position !== 'fixed';
			});
			return { scroll: document.documentElement.scrollWidth, most, out: out.slice(0, 4).map((e) => e.outerHTML.slice(0, 120)) };
		});
		assert.ok(wide.scroll <= wide.most, `${what} scrolls sideways: ${JSON.stringify(wide)}`);
	}

	close() {
		return this.context.close();
	}
}
