// blurhash.ts - a picture's blurred colours out of some thirty characters, shown until the picture is there.
//
// Source: Wolt, "BlurHash algorithm", https://github.com/woltapp/blurhash/blob/master/Algorithm.md

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

function number_at(hash: string, from: number, to: number): number {
	let value = 0;
	for (let i = from; i < to; i++)
		value = value * 83 + DIGITS.indexOf(hash[i]!);
	return value;
}

const to_linear = (value: number) => {
	const v = value / 255;
	return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
};

const to_srgb = (value: number) => {
	const v = Math.max(0, Math.min(1, value));
	return Math.round((v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055) * 255);
};

const signed_square = (v: number) => Math.sign(v) * v * v;

type Colour = [number, number, number];

/** How many components across and down; null where this is no blurhash. */
function parts_of(hash: string): [across: number, down: number] | null {
	if (hash.length < 6 || [...hash].some((c) => !DIGITS.includes(c)))
		return null;
	const flag = number_at(hash, 0, 1);
	const across = (flag % 9) + 1;
	const down = Math.floor(flag / 9) + 1;
	return hash.length === 4 + 2 * across * down ? [across, down] : null;
}

function colours_of(hash: string, n: number): Colour[] {
	const most = (number_at(hash, 1, 2) + 1) / 166;
	const first = number_at(hash, 2, 6);
	const made: Colour[] = [[first >> 16, (first >> 8) & 255, first & 255].map(to_linear) as Colour];
	for (let i = 1; i < n; i++) {
		const value = number_at(hash, 4 + i * 2, 6 + i * 2);
		const part = [Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19];
		made.push(part.map((v) => signed_square((v - 9) / 9) * most) as Colour);
	}
	return made;
}

/** RGBA of a `width` × `height` picture; null where `hash` is none. */
export function blur_pixels(hash: string, width: number, height: number): Uint8ClampedArray<ArrayBuffer> | null {
	const parts = parts_of(hash);
	if (!parts)
		return null;
	const [across, down] = parts;
	const colours = colours_of(hash, across * down);
	const pixels = new Uint8ClampedArray(width * height * 4);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const sum: Colour = [0, 0, 0];
			for (let j = 0; j < down; j++)
				for (let i = 0; i < across; i++) {
					const base = Math.cos((Math.PI * x * i) / width) * Math.cos((Math.PI * y * j) / height);
					const colour = colours[i + j * across]!;
					for (let c = 0; c < 3; c++)
						sum[c]! += colour[c]! * base;
				}
			pixels.set([...sum.map(to_srgb), 255], (y * width + x) * 4);
		}
	return pixels;
}
