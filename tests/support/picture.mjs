// Pictures drawn here, and forms that carry them.
import { crc32 as zlibCrc, deflateSync } from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
	for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
	return n >>> 0;
});
const crc32 = zlibCrc ?? ((bytes) => ~bytes.reduce((crc, byte) => table[(crc ^ byte) & 255] ^ (crc >>> 8), -1) >>> 0);

function chunk(kind, data) {
	const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
	const out = Buffer.alloc(8 + body.length);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(crc32(body) >>> 0, 4 + body.length);
	return out;
}

const wavy = (seed) => (x, y, i) => y * 3 + (i >> 1) * ((seed % 7) + 1) + seed * 31;

/** A PNG whose look follows from `seed`, or from `paint(x, y, i)`: byte i of row y, 1 to 3 * width. `chunks` are more of it: [kind, bytes]
 * before the pixels. */
export function png({ width = 96, height = 64, seed = 1, paint = wavy(seed), chunks = [] } = {}) {
	const row = 1 + 3 * width;
	const pixels = Buffer.alloc(row * height);
	for (let y = 0; y < height; y++) {
		for (let i = 1; i < row; i++) pixels[y * row + i] = paint(Math.floor((i - 1) / 3), y, i) & 255;
	}
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2], 8);
	return Buffer.concat([
		Buffer.from('89504e470d0a1a0a', 'hex'),
		chunk('IHDR', head),
		...chunks.map(([kind, bytes]) => chunk(kind, Buffer.from(bytes))),
		chunk('IDAT', deflateSync(pixels)),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

/** The same JPEG with more segments after its beginning: [marker, bytes]. */
export function jpegWith(jpeg, segments) {
	const parts = segments.map(([marker, bytes]) => {
		const head = Buffer.from([0xff, marker, 0, 0]);
		head.writeUInt16BE(bytes.length + 2, 2);
		return Buffer.concat([head, Buffer.from(bytes)]);
	});
	return Buffer.concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);
}

/** A form with files: {name: bytes or text}; bytes become a file. */
export function form(fields, { type = 'image/png', name = 'picture.png' } = {}) {
	const data = new FormData();
	for (const [key, value] of Object.entries(fields)) {
		if (typeof value === 'string') data.append(key, value);
		else data.append(key, new Blob([value], { type }), name);
	}
	return data;
}

/** Sends one; gives its MediaAttachment. */
export async function bring(client, options = {}, description) {
	const fields = { file: Buffer.isBuffer(options) ? options : png(options) };
	if (description !== undefined) fields.description = description;
	return (await client.send('POST', '/api/v2/media', form(fields))).must(200).json;
}

/** All its addresses, without the origin. */
export function addresses(media) {
	return Object.values(media.kith_sources).flatMap((size) => [new URL(size.webp).pathname, new URL(size.jpeg).pathname]);
}
