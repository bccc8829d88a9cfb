// What the pictures need: colours out of a blurhash, and where a picture stands while fingers move it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { blur_pixels, hashtags, settled, swipe, zoomed } from "./.built/pure.mjs";

const PLACE = { width: 400, height: 800 };

test("a blurhash of one component is one colour", () => {
	// "00" no further components, then the average colour in four digits: 0xff0000 = 16711680.
	const red = blur_pixels("00TI:j", 2, 2);
	assert.deepEqual([...red.slice(0, 4)], [255, 0, 0, 255]);
	assert.deepEqual([...red.slice(12)], [255, 0, 0, 255]);
});

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const digits = (v, n) => {
	let text = "";
	for (let i = 1; i <= n; i++)
		text += DIGITS[Math.floor(v / 83 ** (n - i)) % 83];
	return text;
};
const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const srgb = (v) => Math.round((v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055) * 255);

// The other half of the algorithm, written here from its description: `colour(x, y)` in 0..1, coded with 3 x 3 parts.
function coded(colour, size) {
	const factors = [];
	for (let j = 0; j < 3; j++)
		for (let i = 0; i < 3; i++) {
			const sum = [0, 0, 0];
			for (let y = 0; y < size; y++)
				for (let x = 0; x < size; x++) {
					const base = (i || j ? 2 : 1) * Math.cos(Math.PI * i * x / size) * Math.cos(Math.PI * j * y / size);
					colour(x / size, y / size).forEach((v, c) => {
						sum[c] += base * linear(v) / (size * size);
					});
				}
			factors.push(sum);
		}
	const [dc, ...ac] = factors;
	const most = Math.max(...ac.flat().map(Math.abs));
	const step = Math.max(0, Math.min(82, Math.floor(most * 166 - 0.5)));
	const part = (v) => Math.max(0, Math.min(18, Math.floor(
		Math.sign(v) * Math.sqrt(Math.abs(v) / ((step + 1) / 166)) * 9 + 9.5)));
	return digits(2 + 2 * 9, 1) + digits(step, 1) + digits((srgb(dc[0]) << 16) + (srgb(dc[1]) << 8) + srgb(dc[2]), 4)
		+ ac.map(([r, g, b]) => digits(part(r) * 361 + part(g) * 19 + part(b), 2)).join("");
}

test("what was coded comes back in its colours, near enough for a blur", () => {
	const colour = (x, y) => [0.2 + 0.6 * x, 0.3 + 0.4 * y, 0.7 - 0.4 * x];
	const pixels = blur_pixels(coded(colour, 32), 32, 32);
	for (const [x, y] of [[4, 4], [16, 16], [27, 6], [6, 27], [26, 26]])
		colour(x / 32, y / 32).forEach((v, c) => {
			const got = pixels[(y * 32 + x) * 4 + c];
			assert.ok(Math.abs(got - v * 255) < 22, `(${x}, ${y}) channel ${c}: ${got}, about ${Math.round(v * 255)}`);
		});
});

test("what is no blurhash has no colours", () => {
	for (const hash of ["", "abc", "00TI:", "LEHV6nWB2yk8pyo0adR*.7kCMdn", "00TI:\u00e9"])
		assert.equal(blur_pixels(hash, 4, 4), null, hash);
});

test("a picture never leaves its place, and is never smaller than it", () => {
	const size = { width: 400, height: 300 };
	assert.deepEqual(settled({ scale: 0.4, x: 50, y: 50 }, PLACE, size), { scale: 1, x: 0, y: 0 });
	assert.deepEqual(settled({ scale: 2, x: 900, y: -900 }, PLACE, size), { scale: 2, x: 200, y: 0 });
	assert.equal(settled({ scale: 50, x: 0, y: 0 }, PLACE, size).scale, 6);
});

test("what is under the fingers stays under them", () => {
	const at = { x: 100, y: -40 };
	const before = { scale: 1.5, x: 20, y: 10 };
	const after = zoomed(before, 2, at);
	const under = (s) => [(at.x - s.x) / s.scale, (at.y - s.y) / s.scale];
	assert.deepEqual(under(after), under(before));
	assert.equal(zoomed(before, 0.1, at).scale, 1);
});

test("a swipe is far, and along; down it means to leave", () => {
	assert.equal(swipe(-120, 10, 400), "next");
	assert.equal(swipe(120, -10, 400), "before");
	assert.equal(swipe(-30, 0, 400), null);
	assert.equal(swipe(-90, 200, 400), "leave");
	assert.equal(swipe(-90, -200, 400), null);
});

test("a word behind # is a link where the server takes it for a tag", () => {
	const cut = (text, names) => hashtags(text, names).map((p) => (p.tag ? `[${p.tag}]` : p.text)).join("");
	assert.equal(cut("ripe #柿子 and #Honey!", ["柿子", "honey"]), "ripe [柿子] and [honey]!");
	assert.equal(cut("＃柿子", ["柿子"]), "[柿子]");
	assert.equal(cut("no #1 here", []), "no #1 here");
	assert.equal(cut("", ["a"]), "");
});
