// What the worker keeps of one person's feed, and that nothing brings it back once it is thrown away.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const CODE = readFileSync(new URL("./.built/worker.js", import.meta.url), "utf8");
const HERE = "https://kith.test";
const WHO = "/api/v1/accounts/verify_credentials";
const FEED = "/api/kith/v1/moments?limit=8";
const json = (it, status = 200) => new Response(JSON.stringify(it), { status });

/** A worker with a cache of its own, whose server answers by `answer`. */
function worker(answer) {
	const kept = new Map();
	const stores = {
		open: async (name) => {
			const all = kept.get(name) ?? new Map();
			kept.set(name, all);
			return {
				match: async (address) => all.get(address)?.clone(),
				put: async (address, it) => void all.set(address, it),
				keys: async () => [...all.keys()].map((path) => new Request(HERE + path)),
				delete: async (request) => all.delete(new URL(request.url).pathname),
			};
		},
		delete: async (name) => kept.delete(name),
		keys: async () => [...kept.keys()],
	};
	const heard = {};
	const self = { addEventListener: (name, f) => (heard[name] = f) };
	vm.runInNewContext(CODE, {
		self, caches: stores, location: new URL(HERE), URL, Headers, Response, Date,
		fetch: (request) => answer(request.url.slice(HERE.length)),
	});
	const work = async (name, event) => {
		const tasks = [];
		let reply;
		heard[name]({ ...event, waitUntil: (it) => tasks.push(it), respondWith: (it) => (reply = it) });
		const got = await reply;
		for (let i = 0; i < tasks.length; i++)
			await tasks[i];
		return got;
	};
	return {
		ask: (path) => work("fetch", { request: new Request(HERE + path) }),
		sign_out: () => work("message", { data: "signed-out" }),
		kept: () => [...kept.get("kith-feed")?.keys() ?? []].sort(),
	};
}

test("the feed is kept, and a sign-out takes it away", async () => {
	const it = worker(async (path) => json(path === WHO ? { id: "1" } : []));
	await it.ask(WHO);
	await it.ask(FEED);
	assert.deepEqual(it.kept(), [FEED, WHO].sort());
	await it.sign_out();
	assert.deepEqual(it.kept(), []);
});

test("an answer that arrives after the sign-out is not kept", async () => {
	let arrive;
	const it = worker(() => new Promise((done) => (arrive = () => done(json([{ id: "9" }])))));
	const asked = it.ask(FEED);
	await it.sign_out();
	arrive();
	assert.equal((await asked).status, 200);
	assert.deepEqual(it.kept(), []);
});

test("an answer of 401 takes away what is kept, also what is still on its way", async () => {
	let arrive;
	const it = worker((path) => path === WHO ? json({}, 401) : new Promise((done) => (arrive = () => done(json([])))));
	const asked = it.ask(FEED);
	await it.ask(WHO);
	arrive();
	await asked;
	assert.deepEqual(it.kept(), []);
});

test("what was kept for one person is gone as soon as another is signed in", async () => {
	let who = "1";
	const it = worker(async (path) => json(path === WHO ? { id: who } : []));
	await it.ask(WHO);
	await it.ask(FEED);
	await it.ask(WHO);
	assert.deepEqual(it.kept(), [FEED, WHO].sort());
	who = "2";
	await it.ask(WHO);
	assert.deepEqual(it.kept(), [WHO]);
});
