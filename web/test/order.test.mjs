// What a steward's draft becomes when it is sent. Run by `npm test`, which bundles src/pure first.

import assert from "node:assert/strict";
import test from "node:test";

import { FRESH, days_fit, decides, decision_of } from "./.built/pure.mjs";

const measure = (id, state = "active") => ({ measure: { id, kind: "hold", state } });
const appeal = (id, state = "open", may = true) => ({ appeal: { id, state, way: "steward" }, measure: { id: "1" }, may });
const one = (more = {}) => ({
	version: 7, subject: { id: "9" }, measures: [], pieces: [], appeals: [], reports: [], complaints: [], ...more,
});

test("an untouched draft decides nothing", () => {
	const made = decision_of(one({ measures: [measure("1")], reports: [{ state: "open" }] }), FRESH);
	assert.equal(decides(made), false);
	assert.deepEqual(made, {
		version: 7, note: "", measures: [], pieces: [], appeals: [], confirm: [], complaints: [], person: null, reports: null, bad_faith: null,
	});
});

test("a decision carries the version that was looked at, and the reason without its edges", () => {
	const made = decision_of(one({ measures: [measure("1"), measure("2")] }),
		{ ...FRESH, note: " It promises money. \n", measures: { 1: "release" } });
	assert.equal(made.version, 7);
	assert.equal(made.note, "It promises money.");
	assert.deepEqual(made.measures, [{ id: "1", do: "release" }]);
	assert.equal(decides(made), true);
});

test("what somebody else settled meanwhile falls out of the draft, the rest stays", () => {
	const draft = {
		...FRESH, measures: { 1: "keep", 2: "label" }, appeals: { 5: "overturn", 6: "keep", 7: "keep" },
		complaints: { 3: "It is gone.", 4: "Nothing of yours is here." }, reports: "right",
	};
	const made = decision_of(one({
		measures: [measure("1", "released"), measure("2")], appeals: [appeal("5", "kept"), appeal("6"), appeal("7", "open", false)],
		complaints: [{ id: "3", answer: "Said by another." }, { id: "4", answer: null }], reports: [{ state: "right" }],
	}), draft);
	assert.deepEqual(made.measures, [{ id: "2", do: "label" }]);
	assert.deepEqual(made.appeals, [{ id: "6", do: "keep" }]);
	assert.deepEqual(made.complaints, [{ id: "4", answer: "Nothing of yours is here." }]);
	assert.equal(made.reports, null);
});

test("what is done to a reported piece names its rule, and answers the reports on it", () => {
	const draft = { ...FRESH, pieces: { 5: "hold", 6: "label", 8: "hold" }, piece_rules: { 6: "order.other" }, reports: "not_confirmed" };
	const made = decision_of(one({
		pieces: [{ status: { id: "5" }, rule: "fraud.counterfeit" }, { status: { id: "6" }, rule: "fraud.counterfeit" }],
		reports: [{ id: "1", state: "open", status_id: "5" }],
	}), draft);
	assert.deepEqual(made.pieces, [{ id: "5", do: "hold", rule: "fraud.counterfeit" }, { id: "6", do: "label", rule: "order.other" }]);
	assert.equal(made.reports, null);
	assert.equal(decides(made), true);
});

test("bad faith is of the reports that are ticked, the others have their outcome", () => {
	const draft = { ...FRESH, reports: "right", bad: { 1: true, 2: false, 4: true, 9: true }, bad_note: " made up " };
	const it = one({ reports: [{ id: "1", state: "open" }, { id: "2", state: "open" }, { id: "3", state: "open" }, { id: "4", state: "right" }] });
	const made = decision_of(it, draft);
	assert.deepEqual(made.bad_faith, { reports: ["1"], note: "made up" });
	assert.equal(made.reports, "right");
	assert.equal(decides({ ...made, reports: null }), true);
	// Where no other waits there is nothing else to find.
	assert.equal(decision_of(one({ reports: [{ id: "1", state: "open" }] }), draft).reports, null);
});

test("only a proposed seal is confirmed, and only when it is ticked", () => {
	const it = one({ measures: [measure("1", "proposed"), measure("2", "proposed"), measure("3")] });
	assert.deepEqual(decision_of(it, { ...FRESH, confirm: { 1: true, 2: false, 3: true } }).confirm, ["1"]);
});

test("a step on the person needs a person, and days of 1 to 365 or none", () => {
	const draft = { ...FRESH, person: "freeze", days: "14" };
	assert.deepEqual(decision_of(one(), draft).person, { kind: "freeze", days: 14 });
	assert.equal(decision_of(one({ subject: null }), draft).person, null);
	for (const [days, fits] of [["1", true], ["365", true], ["0", false], ["366", false], ["", true], ["2.5", false], ["-3", false]])
		assert.equal(days_fit(days), fits, days);
});

test("an answer to a complaint of blanks alone is none", () => {
	const it = one({ complaints: [{ id: "3" }, { id: "4" }] });
	assert.deepEqual(decision_of(it, { ...FRESH, complaints: { 3: "  ", 4: "It is gone now." } }).complaints,
		[{ id: "4", answer: "It is gone now." }]);
});
