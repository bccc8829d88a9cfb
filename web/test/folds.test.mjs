// Copies put together. Run by `npm test`, which bundles src/pure first.

import assert from "node:assert/strict";
import test from "node:test";

import { put_together } from "./.built/pure.mjs";

const post = (id, who, first = null) => ({
	status: { id, account: { id: who }, kith_fold: first && { first, account: { id: "?" } } },
});
const shape = (items, me = "me") => put_together(items, me)
	.map((p) => [p.id, p.post?.status.id ?? null, p.copies.map((m) => m.status.id).join(" ")]);

test("what is no copy stays where it is", () => {
	assert.deepEqual(shape([post("3", "a"), post("2", "b"), post("1", "a")]), [["3", "3", ""], ["2", "2", ""], ["1", "1", ""]]);
	assert.deepEqual(shape([]), []);
});

test("copies stand under the first, in the order of the list", () => {
	assert.deepEqual(
		shape([post("5", "c", "1"), post("4", "x"), post("3", "b", "1"), post("2", "y"), post("1", "a")]),
		[["4", "4", ""], ["2", "2", ""], ["1", "1", "5 3"]],
	);
});

test("where the first is not in the list they take the place of the topmost", () => {
	assert.deepEqual(
		shape([post("5", "x"), post("4", "c", "1"), post("3", "y"), post("2", "b", "1")]),
		[["5", "5", ""], ["1", null, "4 2"], ["3", "3", ""]],
	);
});

test("a place keeps its name when the first comes", () => {
	const before = shape([post("4", "c", "1")]);
	const after = shape([post("4", "c", "1"), post("1", "a")]);
	assert.deepEqual([before[0][0], after[0][0]], ["1", "1"]);
	assert.deepEqual(after, [["1", "1", "4"]]);
});

test("one's own writing is never put away", () => {
	assert.deepEqual(shape([post("2", "me", "1"), post("1", "a")]), [["2", "2", ""], ["1", "1", ""]]);
});

test("two families do not mix", () => {
	assert.deepEqual(
		shape([post("6", "d", "2"), post("5", "c", "1"), post("2", "b"), post("1", "a")]),
		[["2", "2", "6"], ["1", "1", "5"]],
	);
});

test("what is put away takes nobody in: what the server said of it is old", () => {
	assert.deepEqual(shape([post("3", "c", "2"), post("2", "b", "1"), post("1", "a")]), [["3", "3", ""], ["1", "1", "2"]]);
});
