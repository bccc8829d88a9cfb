// Streams as raw as they come: server-sent events, and a WebSocket written down to its frames.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';

const WAIT_MS = 5000;

/** What arrives, in order, to be waited for: `next()`, `quiet(ms)`, `closed`. */
class Inbox {
	#items = [];
	#waiting = [];
	#over;

	constructor() {
		this.closed = new Promise((done) => (this.#over = done));
		this.isClosed = false;
	}

	put(item) {
		const waiting = this.#waiting.shift();
		if (waiting) waiting(item);
		else this.#items.push(item);
	}

	end() {
		this.isClosed = true;
		this.#over();
		for (const waiting of this.#waiting.splice(0)) waiting(null);
	}

	/** The next thing, null at the end; an error when nothing comes in time. */
	async next(ms = WAIT_MS) {
		if (this.#items.length > 0) return this.#items.shift();
		if (this.isClosed) return null;
		let timer;
		const late = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error(`nothing in ${ms} ms`)), ms)));
		return Promise.race([new Promise((done) => this.#waiting.push(done)), late]).finally(() => clearTimeout(timer));
	}

	/** All that has come by now, after waiting a little. */
	async rest(ms = 150) {
		await new Promise((done) => setTimeout(done, ms));
		return this.#items.splice(0);
	}

	/** Until the first that fits; what came before it is dropped. */
	async until(fits, ms = WAIT_MS) {
		for (;;) {
			const item = await this.next(ms);
			if (item === null) throw new Error('the stream ended');
			if (fits(item)) return item;
		}
	}
}

function open(url, path, headers) {
	return new Promise((done, fail) => {
		const asked = request(url + path, { headers, agent: false }, (response) => done({ response, status: response.statusCode }));
		asked.on('upgrade', (response, socket, head) => done({ response, status: 101, socket, head }));
		asked.on('error', fail);
		asked.end();
	});
}

async function refusal(response) {
	const bytes = [];
	for await (const piece of response) bytes.push(piece);
	return Buffer.concat(bytes).toString();
}

/** Server-sent events: items are {event, data, id}. A refusal gives {status, text} alone. */
export async function events(url, path, headers = {}) {
	const { response, status } = await open(url, path, { accept: 'text/event-stream', ...headers });
	if (status !== 200) return { status, text: await refusal(response), headers: response.headers };
	const inbox = new Inbox();
	let text = '';
	inbox.status = status;
	inbox.headers = response.headers;
	inbox.lastId = null;
	inbox.close = () => response.destroy();
	response.setEncoding('utf8');
	response.on('data', (piece) => {
		text += piece;
		for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
			const item = {};
			for (const line of text.slice(0, end).split('\n')) {
				const [, name, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
				if (name) item[name] = value;
			}
			if (item.id) inbox.lastId = item.id;
			if (item.data !== undefined) inbox.put({ ...item, data: JSON.parse(item.data) });
		}
	});
	response.on('close', () => inbox.end());
	response.on('error', () => inbox.end());
	return inbox;
}

function frame(text, first = 0x81) {
	const body = Buffer.from(text);
	const mask = randomBytes(4);
	const head = body.length < 126 ? Buffer.from([first, 0x80 | body.length]) : Buffer.from([first, 0xfe, body.length >> 8, body.length & 255]);
	return Buffer.concat([head, mask, body.map((byte, i) => byte ^ mask[i % 4])]);
}

/** A WebSocket: items are the JSON of its text frames, `payload` read once more. `code` is that of the server's close. */
export async function socket(url, path, headers = {}) {
	const { response, status, socket: wire, head } = await open(url, path, {
		connection: 'Upgrade',
		upgrade: 'websocket',
		'sec-websocket-version': '13',
		'sec-websocket-key': randomBytes(16).toString('base64'),
		...headers,
	});
	if (status !== 101) return { status, text: await refusal(response), headers: response.headers };
	const inbox = new Inbox();
	let bytes = head;
	inbox.status = status;
	inbox.headers = response.headers;
	inbox.close = () => wire.destroy();
	inbox.send = (item) => wire.write(frame(JSON.stringify(item)));
	const take = () => {
		while (bytes.length >= 2) {
			let n = bytes[1];
			let at = 2;
			if (n === 126) [n, at] = [bytes.length >= 4 ? bytes.readUInt16BE(2) : Infinity, 4];
			else if (n === 127) [n, at] = [bytes.length >= 10 ? Number(bytes.readBigUInt64BE(2)) : Infinity, 10];
			if (bytes.length < at + n) return;
			const body = bytes.subarray(at, at + n);
			const opcode = bytes[0] & 15;
			bytes = bytes.subarray(at + n);
			if (opcode === 8) {
				inbox.code = body.length >= 2 ? body.readUInt16BE(0) : 1005;
				wire.end(frame(body, 0x88));
			} else if (opcode === 9) {
				wire.write(frame(body, 0x8a));
			} else if (opcode === 1) {
				const item = JSON.parse(body);
				if (item.event !== undefined && item.event !== 'delete') item.payload = JSON.parse(item.payload);
				inbox.put(item);
			}
		}
	};
	wire.on('data', (piece) => {
		bytes = Buffer.concat([bytes, piece]);
		take();
	});
	wire.on('close', () => inbox.end());
	wire.on('error', () => inbox.end());
	take();
	return inbox;
}
