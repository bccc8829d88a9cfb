// worker.ts - keeps the page's own files and the last feed on this device, so that both open without a connection.
//
// The files are the same for everybody. The feed is kept only as the server gave it to who is signed in, and thrown
// away at the first answer of 401, at every sign-out and when somebody else is signed in. Pictures are not kept: who may see one is asked each time.

declare const SHELL: string[];
declare const EDITION: string;

interface Waiting extends Event {
	waitUntil: (it: Promise<unknown>) => void;
}
interface Fetching extends Waiting {
	request: Request;
	respondWith: (it: Promise<Response>) => void;
}
interface Told extends Waiting {
	data: unknown;
}
interface Scope {
	addEventListener(name: "install" | "activate", f: (e: Waiting) => void): void;
	addEventListener(name: "fetch", f: (e: Fetching) => void): void;
	addEventListener(name: "message", f: (e: Told) => void): void;
	skipWaiting: () => Promise<void>;
	clients: { claim: () => Promise<void> };
}

const scope = self as unknown as Scope;
const FILES = `kith-files-${EDITION}`;
const FEED = "kith-feed";

// What the circle needs to open: who I am, the name of the circle, the first page of the feed.
const WHO = "/api/v1/accounts/verify_credentials";
const KEPT = [WHO, "/api/v2/instance", "/api/kith/v1/moments?limit=8"];
// What follows that page; only the newest is kept, under its whole address, so that it never follows another.
const FOLLOWS = "/api/kith/v1/moments?limit=12&max_id=";

const address_of = (request: Request) => {
	const { pathname, search } = new URL(request.url);
	return pathname + search;
};

scope.addEventListener("install", (e) => e.waitUntil((async () => {
	const files = await caches.open(FILES);
	await files.addAll(["/", ...SHELL.map((name) => `/assets/${name}`)]);
	await scope.skipWaiting();
})()));

scope.addEventListener("activate", (e) => e.waitUntil((async () => {
	for (const name of await caches.keys())
		if (name.startsWith("kith-files-") && name !== FILES)
			await caches.delete(name);
	await scope.clients.claim();
})()));

// An answer that was asked for before the feed was thrown away must not bring it back.
let thrown = 0;

function throw_away(): Promise<boolean> {
	thrown++;
	return caches.delete(FEED);
}

scope.addEventListener("message", (e) => {
	if (e.data === "signed-out")
		e.waitUntil(throw_away());
});

/** From the server while it answers; else from this device. */
async function file(request: Request, name: string): Promise<Response> {
	try {
		return await fetch(request);
	} catch (e) {
		const kept = await (await caches.open(FILES)).match(name);
		if (!kept)
			throw e;
		return kept;
	}
}

async function kept_answer(address: string): Promise<Response | null> {
	const kept = await (await caches.open(FEED)).match(address);
	if (!kept)
		return null;
	const headers = new Headers(kept.headers);
	headers.set("X-Kith-Kept", String(Date.parse(headers.get("X-Kith-At") ?? "") || 0));
	return new Response(kept.body, { status: 200, headers });
}

/** Whether the answer to who I am names another than the one that is kept. */
async function another(answer: Response): Promise<boolean> {
	const kept = await kept_answer(WHO);
	return kept !== null && (await kept.json()).id !== (await answer.json()).id;
}

async function keep(address: string, answer: Response, since: number): Promise<void> {
	if (since === thrown && address === WHO && await another(answer.clone())) {
		const empty = throw_away();
		since = thrown;
		await empty;
	}
	const headers = new Headers(answer.headers);
	headers.set("X-Kith-At", new Date().toISOString());
	const body = await answer.blob();
	if (since !== thrown)
		return;
	const feed = await caches.open(FEED);
	if (address.startsWith(FOLLOWS))
		for (const old of await feed.keys())
			if (address_of(old).startsWith(FOLLOWS))
				await feed.delete(old);
	if (since === thrown)
		await feed.put(address, new Response(body, { status: 200, headers }));
}

async function answer(e: Fetching, address: string): Promise<Response> {
	const since = thrown;
	let got: Response;
	try {
		got = await fetch(e.request);
	} catch (failed) {
		const kept = await kept_answer(address);
		if (!kept)
			throw failed;
		return kept;
	}
	if (got.status === 401)
		e.waitUntil(throw_away());
	else if (got.ok)
		e.waitUntil(keep(address, got.clone(), since));
	return got;
}

scope.addEventListener("fetch", (e) => {
	const { request } = e;
	if (request.method !== "GET" || new URL(request.url).origin !== location.origin)
		return;
	const address = address_of(request);
	if (KEPT.includes(address) || address.startsWith(FOLLOWS))
		e.respondWith(answer(e, address));
	else if (request.mode === "navigate" && !/^\/(oauth|plain|api|media|policies|transparency|audit|complaint|evidence)\b/.test(address))
		e.respondWith(file(request, "/"));
	else if (address.startsWith("/assets/"))
		e.respondWith(file(request, address));
});
