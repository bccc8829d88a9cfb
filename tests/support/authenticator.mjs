// A passkey's authenticator in software, on node:crypto: what a browser's navigator.credentials gives, and on request
// what it never would.
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const PRESENT = 0x01;
const VERIFIED = 0x04;
const NEW = 0x40;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const b64u = (bytes) => Buffer.from(bytes).toString('base64url');

// CBOR (RFC 8949), as much of it as keys and attestations need.
function head(major, n) {
	if (n < 24) return Buffer.from([(major << 5) | n]);
	if (n < 256) return Buffer.from([(major << 5) | 24, n]);
	return Buffer.from([(major << 5) | 25, n >> 8, n & 0xff]);
}
function cbor(value) {
	if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
	if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
	if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
	const pairs = [...value].flatMap(([key, item]) => [cbor(key), cbor(item)]);
	return Buffer.concat([head(5, value.size), ...pairs]);
}

const KINDS = {
	ES256: {
		make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
		cose: ({ x, y }) => [[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]],
		hash: 'sha256',
	},
	EdDSA: {
		make: () => generateKeyPairSync('ed25519'),
		cose: ({ x }) => [[1, 1], [3, -8], [-1, 6], [-2, Buffer.from(x, 'base64url')]],
		hash: null,
	},
	RS256: {
		make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
		cose: ({ n, e }) => [[1, 3], [3, -257], [-1, Buffer.from(n, 'base64url')], [-2, Buffer.from(e, 'base64url')]],
		hash: 'sha256',
	},
};

export class Authenticator {
	/** `origin`: the page it believes to be on. */
	constructor(origin, kind = 'ES256') {
		this.origin = origin;
		this.kind = KINDS[kind];
		this.keys = this.kind.make();
		this.id = randomBytes(32);
		this.count = 0;
	}

	#clientData(type, challenge, wrong) {
		return Buffer.from(
			JSON.stringify({
				type: wrong.type ?? type,
				challenge: wrong.challenge ?? challenge,
				origin: wrong.origin ?? this.origin,
				crossOrigin: wrong.crossOrigin ?? false,
			}),
		);
	}

	#data(rpId, flags, wrong) {
		const count = Buffer.alloc(4);
		count.writeUInt32BE(wrong.count ?? this.count);
		return Buffer.concat([sha256(wrong.rpId ?? rpId), Buffer.from([wrong.flags ?? flags]), count]);
	}

	#credential(response) {
		const id = b64u(this.id);
		return { id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {}, response };
	}

	/** Answers creation options; `wrong` says what to get wrong. */
	create(options, wrong = {}) {
		this.user = options.user.id;
		const length = Buffer.from([this.id.length >> 8, this.id.length & 0xff]);
		const key = cbor(new Map(this.kind.cose(this.keys.publicKey.export({ format: 'jwk' }))));
		const flags = (wrong.flags ?? PRESENT | VERIFIED) | NEW;
		const data = Buffer.concat([this.#data(options.rp.id, flags, { ...wrong, flags }), Buffer.alloc(16), length, this.id, key]);
		const attestation = new Map([['fmt', 'none'], ['attStmt', new Map()], ['authData', data]]);
		return this.#credential({
			clientDataJSON: b64u(this.#clientData('webauthn.create', options.challenge, wrong)),
			attestationObject: b64u(cbor(attestation)),
			transports: ['internal'],
		});
	}

	/** Answers request options. The counter goes up with every signature unless `wrong` has one of its own. */
	get(options, wrong = {}) {
		this.count++;
		const clientData = this.#clientData('webauthn.get', options.challenge, wrong);
		const data = this.#data(options.rpId, PRESENT | VERIFIED, wrong);
		const signed = Buffer.concat([data, sha256(clientData)]);
		const signature = sign(this.kind.hash, signed, (wrong.keys ?? this.keys).privateKey);
		if (wrong.signature) signature[signature.length - 1] ^= 1;
		return this.#credential({
			clientDataJSON: b64u(clientData),
			authenticatorData: b64u(data),
			signature: b64u(signature),
			userHandle: wrong.user ?? this.user,
		});
	}
}

/** The code a code app shows for a base32 secret (RFC 6238), `steps` half-minutes away from now. */
export function totp(secret, steps = 0) {
	const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
	const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
	const mac = createHmac('sha1', key).update(counter).digest();
	const at = mac[19] & 0xf;
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
