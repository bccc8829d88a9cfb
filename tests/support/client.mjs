// A small client of HTTP that judges each answer by the schema as it comes in.
import assert from 'node:assert/strict';
import { check } from './schema.mjs';

export class Answer {
	constructor(method, path, response, bytes) {
		this.method = method;
		this.path = path;
		this.status = response.status;
		this.headers = response.headers;
		this.bytes = bytes;
		this.text = bytes.toString('utf8');
	}

	get json() {
		return JSON.parse(this.text);
	}

	/** Addresses of the Link header by their rel. */
	get links() {
		const found = {};
		for (const [, address, rel] of (this.headers.get('link') ?? '').matchAll(/<([^>]*)>;\s*rel="(\w+)"/g)) {
			found[rel] = address;
		}
		return found;
	}

	/** The status that is wanted, or an assertion that shows what came instead. */
	must(status) {
		assert.equal(this.status, status, `${this.method} ${this.path}: ${this.status} ${this.text.slice(0, 600)}`);
		return this;
	}

	/** An error answer: its status, its JSON shape, and the field it names (none when `field` is null). */
	refused(status, field) {
		this.must(status);
		assert.match(this.headers.get('content-type') ?? '', /^application\/json/);
		assert.equal(typeof this.json.error, 'string', this.text);
		assert.equal(typeof this.json.error_description, 'string', this.text);
		// In English alone: what the wire refuses before a route is asked (a body too large, a target that is none), and a policy's faults.
		if (status !== 400 && status !== 413 && this.json.field !== 'source') assert.match(this.json.kith_zh ?? '', /\p{Script=Han}/u, `in Chinese too: ${this.text}`);
		if (field !== undefined) assert.equal(this.json.field ?? null, field, this.text);
		return this.json;
	}
}

export class Client {
	constructor(url, { token, handle, cookie } = {}) {
		Object.assign(this, { url, token, handle, cookie });
	}

	/** Sends as it is told and gives the Answer, whatever its status. `body`: an object is sent as JSON. */
	async send(method, path, body, headers = {}) {
		const all = { ...headers };
		if (this.token) all.authorization = `Bearer ${this.token}`;
		if (this.cookie) all.cookie = this.cookie;
		let payload = body;
		if (body !== undefined && (Array.isArray(body) || Object.getPrototypeOf(body) === Object.prototype)) {
			payload = JSON.stringify(body);
			all['content-type'] ??= 'application/json';
		}
		const address = path.startsWith('http') ? path : this.url + path;
		const response = await fetch(address, { method, headers: all, body: payload, redirect: 'manual' });
		const answer = new Answer(method, path, response, Buffer.from(await response.arrayBuffer()));
		check(answer);
		return answer;
	}

	async #json(method, path, body) {
		return (await this.send(method, path, body)).must(200).json;
	}

	get(path) {
		return this.#json('GET', path);
	}

	post(path, body = {}) {
		return this.#json('POST', path, body);
	}

	put(path, body) {
		return this.#json('PUT', path, body);
	}

	patch(path, body) {
		return this.#json('PATCH', path, body);
	}

	delete(path, body) {
		return this.#json('DELETE', path, body);
	}

	/** A post, or a comment when `more` has in_reply_to_id. */
	say(status, more = {}) {
		return this.post('/api/v1/statuses', { status, ...more });
	}

	/** Asks `other` and has them accept. */
	async befriend(other) {
		await this.post(`/api/v1/accounts/${other.id}/follow`);
		await other.post(`/api/v1/follow_requests/${this.id}/authorize`);
	}

	async homeIds() {
		return (await this.get('/api/v1/timelines/home?limit=40')).map((status) => status.id);
	}

	async albumIds(person) {
		return (await this.get(`/api/v1/accounts/${person.id}/statuses?limit=40`)).map((status) => status.id);
	}

	async commentIds(post) {
		return (await this.get(`/api/v1/statuses/${post.id}/context`)).descendants.map((status) => status.id);
	}

	async likerIds(post) {
		return (await this.get(`/api/v1/statuses/${post.id}/favourited_by`)).map((account) => account.id);
	}

	/** Status code of reading one piece. */
	async sees(piece) {
		return (await this.send('GET', `/api/v1/statuses/${piece.id}`)).status;
	}
}
