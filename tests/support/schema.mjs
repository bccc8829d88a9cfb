// Judges answers of Mastodon-compatible routes by the OpenAPI description in ../shared/api, where there is one.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const FILE = join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), '../shared/api/mastodon-openapi.json');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export const SKIP = existsSync(FILE) ? false : 'the OpenAPI description ../shared/api/mastodon-openapi.json is absent';

const description = SKIP ? { paths: {}, components: {} } : JSON.parse(readFileSync(FILE, 'utf8'));
const ajv = new Ajv2020.default({ strict: false, allErrors: true, formats: { 'iso-639-1': /^[a-z]{2,3}(-.+)?$/ } });
addFormats.default(ajv);
ajv.addSchema({ $id: 'mastodon', components: description.components });

// Where the description leaves an answer out, or has one object for a list of them: what Mastodon's own documentation says.
const DOCUMENTED = {
	'GET /api/v1/filters': { type: 'array' },
	'GET /api/v1/instance/rules': { type: 'array' },
	'GET /api/v1/preferences': {
		type: 'object',
		required: [
			'posting:default:visibility',
			'posting:default:sensitive',
			'posting:default:language',
			'reading:expand:media',
			'reading:expand:spoilers',
		],
	},
};

// Read by people: a page of HTML, also when something is wrong.
const PAGES = ['GET /oauth/authorize'];

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const operations = Object.entries(description.paths).flatMap(([path, item]) =>
	METHODS.filter((method) => item[method]).map((method) => ({
		name: `${method.toUpperCase()} ${path}`,
		method: method.toUpperCase(),
		pattern: new RegExp('^' + path.split(/\{\w+\}/).map(escaped).join('([^/]+)') + '$'),
		holes: path.split('{').length,
		responses: item[method].responses,
	})),
);
// `/accounts/search` is its own path, not `/accounts/{id}`
operations.sort((a, b) => a.holes - b.holes);

const compiled = new Map();

function pointed(node) {
	if (Array.isArray(node)) return node.map(pointed);
	if (node === null || typeof node !== 'object') return node;
	return Object.fromEntries(
		Object.entries(node).map(([key, value]) =>
			key === '$ref' ? [key, 'mastodon' + value] : [key, pointed(value)],
		),
	);
}

function validator(operation, status) {
	const name = `${operation.name} ${status}`;
	if (!compiled.has(name)) {
		const left = DOCUMENTED[operation.name];
		const response = operation.responses[status];
		const schema = status === 200 && left ? left : response?.content?.['application/json']?.schema;
		compiled.set(name, schema ? ajv.compile(pointed(schema)) : null);
	}
	return compiled.get(name);
}

/** Operations whose answer was judged, and how often. */
export const judged = new Map();

/** Name of the operation a request is, or null for a route that is not of the description. */
export function operationOf(method, path) {
	const bare = path.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*$/s, '');
	return operations.find((operation) => operation.method === method && operation.pattern.test(bare)) ?? null;
}

/** The operation of a row of the route table ("/api/v1/lists/:id") whose answer has a shape in the description; else undefined. */
export function described(method, path) {
	const operation = operationOf(method, path.replace(/:\w+/g, '1'));
	return operation && validator(operation, 200) ? operation.name : undefined;
}

/** Throws when an answer of a compatible route is not as the description says. */
export function check(answer) {
	if (SKIP) return;
	const operation = operationOf(answer.method, answer.path);
	if (!operation || PAGES.includes(operation.name)) return;
	const validate = validator(operation, answer.status);
	if (!validate) return;
	const type = answer.headers.get('content-type') ?? '';
	if (!type.startsWith('application/json')) {
		throw new Error(`${operation.name} ${answer.status}: answered as ${type || 'nothing'}, not JSON`);
	}
	const name = `${operation.name} ${answer.status}`;
	judged.set(name, (judged.get(name) ?? 0) + 1);
	if (!validate(answer.json)) {
		const faults = validate.errors.slice(0, 8).map((fault) => `  ${fault.instancePath || '/'} ${fault.message}`);
		throw new Error(`${name} is not as the OpenAPI description says:\n${faults.join('\n')}\n${answer.text.slice(0, 1500)}`);
	}
}
