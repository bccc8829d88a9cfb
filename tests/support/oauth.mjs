// The OAuth code flow as a browser goes through it: the consent page's own forms, a cookie, redirects.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';

/** A PKCE pair (RFC 7636, S256). */
export function pkce() {
	const verifier = randomBytes(32).toString('base64url');
	return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'" };
const plain = (html) => html.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (entity) => entities[entity]);

/** The one form of a page: where it goes and what its hidden fields hold. */
export function formOf(html) {
	const form = /<form[^>]*\saction="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(html);
	assert.ok(form, `no form on the page: ${html.slice(0, 400)}`);
	const fields = {};
	for (const [input] of form[2].matchAll(/<input[^>]*>/g)) {
		const name = /\sname="([^"]*)"/.exec(input);
		if (name && /\stype="hidden"/.test(input)) fields[name[1]] = plain(/\svalue="([^"]*)"/.exec(input)?.[1] ?? '');
	}
	return { action: plain(form[1]), fields, html: form[2] };
}

/** A browser without script: keeps the session cookie, sends its Origin with forms, follows nothing by itself. */
export class Browser {
	constructor(url) {
		this.url = url;
		this.cookie = '';
	}

	async #go(method, address, body, headers = {}) {
		const response = await fetch(new URL(address, this.url), {
			method,
			body,
			redirect: 'manual',
			headers: { ...headers, ...(this.cookie && { cookie: this.cookie }) },
		});
		const line = response.headers.get('set-cookie');
		if (line) this.cookie = line.split(';')[0];
		return { status: response.status, headers: response.headers, html: await response.text() };
	}

	open(address) {
		return this.#go('GET', address);
	}

	submit(form, more = {}, origin = this.url) {
		return this.#go('POST', form.action, new URLSearchParams({ ...form.fields, ...more }), { origin });
	}
}

export function authorizeAddress(app, { redirect, scope, challenge, state }) {
	const query = new URLSearchParams({ response_type: 'code', client_id: app, redirect_uri: redirect, scope });
	if (challenge) {
		query.set('code_challenge', challenge);
		query.set('code_challenge_method', 'S256');
	}
	if (state) query.set('state', state);
	return `/oauth/authorize?${query}`;
}

/** Opens the address, signs in, and answers the consent page; gives the redirect's address or the page. */
export async function consent(browser, address, { handle, password, decision = 'allow' }) {
	let page = await browser.open(address);
	if (!/name="decision"/.test(page.html)) {
		assert.equal(page.status, 200, page.html);
		const signedIn = await browser.submit(formOf(page.html), { handle, password });
		assert.equal(signedIn.status, 303, signedIn.html);
		page = await browser.open(signedIn.headers.get('location'));
	}
	assert.equal(page.status, 200, page.html);
	const done = await browser.submit(formOf(page.html), { decision });
	return { page, done, location: done.headers.get('location') };
}
