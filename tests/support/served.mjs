// Which routes the server has, from its own table, and which of them were asked, from its own counters.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { ROOT } from './kith.mjs';

/** "GET /api/v1/statuses/:id", in the order of the table. */
export const SERVED = [...readFileSync(join(ROOT, 'src/api/routes.c'), 'utf8').matchAll(/^\s*\{ (GET|POST|PUT|PATCH|DELETE), "([^"]+)"/gm)].map(
	([, method, path]) => `${method} ${path}`,
);

/** The part of them that is Mastodon's. */
export const FAMILY = SERVED.filter((name) => /^\w+ \/(api\/v\d\/|oauth\/|\.well-known\/|nodeinfo\/)/.test(name));

function metrics(kith) {
	return new Promise((done, fail) => {
		const request = http.get({ socketPath: join(kith.dir, 'metrics.sock'), path: '/metrics' }, (answer) => {
			const parts = [];
			answer.on('data', (part) => parts.push(part));
			answer.on('end', () => done(Buffer.concat(parts).toString()));
		});
		request.on('error', fail);
	});
}

/** Names of the routes that were asked since the server started. */
export async function asked(kith) {
	return new Set([...(await metrics(kith)).matchAll(/route="([^"]+)"/g)].map(([, name]) => name));
}
