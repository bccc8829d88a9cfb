// Run by `npm test`, which bundles src/pure first.

import assert from "node:assert/strict";
import test from "node:test";

import * as pure from "./.built/pure.mjs";

const bytes = (text) => new TextEncoder().encode(text).length;
const shape = (made) => made.map((p) => [p.text, p.marks.join("+"), p.ends.join("+")]);

test("a text without spans is one plain piece", () => {
	assert.deepEqual(shape(pure.pieces("hello", [])), [["hello", "", ""]]);
	assert.deepEqual(pure.pieces("", []), []);
});

test("byte offsets land on the right characters in Chinese and emoji", () => {
	const text = "薇❤芯 zh4ng，😀 ok";
	const from = bytes("薇❤芯 ");
	const made = pure.pieces(text, [[[from, from + bytes("zh4ng")]]]);
	assert.deepEqual(shape(made), [["薇❤芯 ", "", ""], ["zh4ng", "1", "1"], ["，😀 ok", "", ""]]);
	const face = bytes("薇❤芯 zh4ng，");
	assert.equal(pure.pieces(text, [[[face, face + 4]]])[1].text, "😀");
});

test("an offset inside a character moves outwards and never cuts it", () => {
	for (const [from, to] of [[1, 4], [2, 5], [0, 4], [1, 6]])
		assert.deepEqual(shape(pure.pieces("芯片x", [[[from, to]]])), [["芯片", "1", "1"], ["x", "", ""]]);
});

test("overlapping marks share a piece and each number is written once where it ends", () => {
	const made = pure.pieces("abcdef", [[[0, 4]], [[2, 6]]]);
	assert.deepEqual(shape(made), [["ab", "1", ""], ["cd", "1+2", "1"], ["ef", "2", "2"]]);
});

test("two spans of one reason carry the same number", () => {
	const made = pure.pieces("abc", [[], [[0, 1], [2, 3]]]);
	assert.deepEqual(shape(made), [["a", "2", "2"], ["b", "", ""], ["c", "2", "2"]]);
});

test("spans beyond the end or empty are ignored or cut, and the text stays whole", () => {
	for (const span of [[5, 99], [-3, 2], [2, 2], [4, 1], [50, 60]]) {
		const made = pure.pieces("héllo", [[span]]);
		assert.equal(made.map((p) => p.text).join(""), "héllo");
	}
});

const words = {
	locale: "en-GB",
	just_now: "just now",
	minutes: (n) => `${n} min`,
	hours: (n) => `${n} h`,
	yesterday: (clock) => `Yesterday ${clock}`,
	span: (d, h, m) => `${d}d ${h}h ${m}m`,
};
const now = new Date(2026, 4, 16, 9, 36);

test("a time is named by how far away it is", () => {
	const rows = [
		[new Date(2026, 4, 16, 9, 35, 30), "just now"],
		[new Date(2026, 4, 16, 9, 40), "just now"],
		[new Date(2026, 4, 16, 9, 12), "24 min"],
		[new Date(2026, 4, 16, 7, 30), "2 h"],
		[new Date(2026, 4, 15, 21, 5), "Yesterday 21:05"],
		[new Date(2026, 4, 13, 12, 0), "Wednesday"],
		[new Date(2026, 4, 2, 12, 0), "2 May"],
		[new Date(2025, 4, 2, 12, 0), "2 May 2025"],
	];
	for (const [at, said] of rows)
		assert.equal(pure.ago(at, now, words), said);
});

test("the exact time names day and minute in both languages", () => {
	const at = new Date(2026, 4, 16, 9, 12);
	assert.equal(pure.exact(at, "en-GB"), "Saturday 16 May 2026, 09:12");
	assert.equal(pure.exact(at, "zh-CN"), "2026年5月16日星期六 09:12");
	assert.equal(pure.when(at, "en-GB"), "Sat 16 May, 09:12");
});

test("a clock shows what is left and never goes below nothing", () => {
	assert.equal(pure.left(new Date(2026, 4, 18, 14, 0), now, words), "2d 4h 24m");
	assert.equal(pure.left(new Date(2026, 4, 1), now, words), "0d 0h 0m");
	const start = new Date(2026, 4, 16);
	const end = new Date(2026, 4, 18);
	assert.equal(pure.left_share(start, end, new Date(2026, 4, 17)), 50);
	assert.equal(pure.left_share(start, end, new Date(2026, 5, 1)), 0);
	assert.equal(pure.left_share(end, end, now), 0);
});

test("addresses become links that show their host, and the text stays whole", () => {
	const rows = [
		["see https://example.org/a?b=1.", "https://example.org/a?b=1", "example.org"],
		["（http://例え.jp/路径）好", "http://xn--r8jz45g.jp/%E8%B7%AF%E5%BE%84", "xn--r8jz45g.jp"],
		["HTTPS://Example.org:8443/x, yes", "https://example.org:8443/x", "example.org:8443"],
		["看 https://a.example/x，再说", "https://a.example/x", "a.example"],
	];
	for (const [text, href, host] of rows) {
		const made = pure.links(text);
		assert.equal(made.map((p) => p.text).join(""), text);
		assert.deepEqual(made.filter((p) => p.href).map((p) => [p.href, p.host]), [[href, host]]);
	}
});

test("nothing but http and https is ever a link", () => {
	for (const text of ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "http://", "a@b.example"])
		assert.ok(pure.links(text).every((p) => p.href === null), text);
});

test("the language of a text is that of its greater part", () => {
	const rows = [
		["First swim of the year", "en"],
		["昨晚停电，整条巷子一下子静了", "zh-Hans"],
		["這個時候還沒有人來", "zh-Hant"],
		["こんにちは世界", "ja"],
		["12:30 …", null],
		["Three days by the sea with my mother. 妈妈说得对。", "en"],
	];
	for (const [text, lang] of rows)
		assert.equal(pure.lang_of(text), lang, text);
});

test("runs of the other script are set apart and joined are the text again", () => {
	const made = pure.runs("the rounds, then 《茉莉花》 in parts. 妈妈说得对。", "en");
	assert.equal(made.map((r) => r.text).join(""), "the rounds, then 《茉莉花》 in parts. 妈妈说得对。");
	assert.deepEqual(made.filter((r) => r.lang).map((r) => [r.text, r.lang]), [
		["茉莉花》", "zh-Hans"], ["妈妈说得对。", "zh-Hans"],
	]);
	const other = pure.runs("皮要薄。Saved her a plate. 好", "zh-Hans");
	assert.deepEqual(other.filter((r) => r.lang).map((r) => r.text), ["Saved her a plate"]);
});

test("the length of a text is counted in code points", () => {
	assert.equal(pure.length_of("a😀芯"), 3);
});
