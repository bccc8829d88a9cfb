// build.mjs - makes dist/ (the page) or test/.built/ (the pure helpers and the worker, for node --test).
//
// Calls the esbuild command rather than its library, so that it works after `npm ci --ignore-scripts`. The page is
// cut into parts: what every visit needs, one catalogue per language, and views that are fetched when they are first
// opened. The service worker is told all their names.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const esbuild = join(here, "node_modules", ".bin", "esbuild");

// What the stewards' console alone fetches: no other device keeps it.
const CONSOLE = ["src/views/console.tsx", "src/views/console/figures.tsx", "src/text/en/console.ts", "src/text/zh/console.ts"];

function bundle(entry, ...more) {
	execFileSync(
		esbuild,
		[entry, "--bundle", "--target=es2021", "--log-level=warning", "--charset=utf8", ...more],
		{ cwd: here, stdio: "inherit" },
	);
}

function fresh(dir) {
	rmSync(join(here, dir), { recursive: true, force: true });
	mkdirSync(join(here, dir), { recursive: true });
}

const dist = (name) => join(here, "dist", name);

const metafile = join(here, "node_modules", ".parts.json");
const parts = () => JSON.parse(readFileSync(metafile, "utf8")).outputs;
const bare = (path) => path.slice("dist/".length);

/** The part that begins with a file, and all it imports at once. */
function with_imports(outputs, path, found = new Set()) {
	if (!found.has(path)) {
		found.add(path);
		for (const it of outputs[path].imports)
			if (it.kind === "import-statement")
				with_imports(outputs, it.path, found);
	}
	return found;
}
const begun_by = (outputs, file) => Object.keys(outputs).find((path) => outputs[path].entryPoint === file);

/** Parts that app.js itself imports: the page names them at once, so that they need no second round. */
function first_parts(outputs) {
	return outputs["dist/app.js"].imports.filter((it) => it.kind === "import-statement").map((it) => bare(it.path));
}

/** Names of the parts that nothing but the console comes to. */
function console_parts(outputs) {
	const all = (files) => files.flatMap((file) => [...with_imports(outputs, begun_by(outputs, file))]);
	const begins = Object.values(outputs).map((it) => it.entryPoint).filter((it) => it && !CONSOLE.includes(it));
	const shared = new Set(all(begins));
	return new Set(all(CONSOLE).filter((path) => !shared.has(path)).map(bare));
}

// Budgets in bytes of gzip, DESIGN 8. What is fetched later and the worker are told, not bound.
function budgets() {
	const outputs = parts();
	const opening = new Set(["src/main.tsx", "src/text/zh.ts"]
		.flatMap((file) => [...with_imports(outputs, begun_by(outputs, file))]).map(bare));
	const desk = console_parts(outputs);
	const script = (name) => name.endsWith(".js");
	return [
		{ what: "HTML + CSS", most: 30 * 1024, pick: (name) => /\.(html|css)$/.test(name) },
		{ what: "JavaScript the circle opens with, in one language", most: 60 * 1024, pick: (name) => opening.has(name) },
		{
			what: "JavaScript a member may fetch later, in all languages", most: Infinity,
			pick: (name) => script(name) && !opening.has(name) && !desk.has(name),
		},
		{ what: "JavaScript of the stewards' console, in all languages", most: Infinity, pick: (name) => desk.has(name) },
	];
}

function page() {
	fresh("dist");
	bundle(
		"app=src/main.tsx", "--outdir=dist", "--minify", "--format=esm", "--splitting", "--chunk-names=[name]-[hash]",
		"--jsx=automatic", "--jsx-import-source=preact", `--metafile=${metafile}`,
	);
	bundle("src/kith.css", "--outfile=dist/app.css", "--minify");
	const outputs = parts();
	const preload = first_parts(outputs)
		.map((name) => `\t<link rel="modulepreload" href="/assets/${name}">\n`).join("");
	const index = readFileSync(join(here, "src", "index.html"), "utf8");
	writeFileSync(dist("index.html"), index.replace("</head>", `${preload}</head>`));
	cpSync(join(here, "src", "manifest.webmanifest"), dist("manifest.webmanifest"));
	for (const file of readdirSync(join(here, "src", "icons")))
		cpSync(join(here, "src", "icons", file), dist(file));
	const desk = console_parts(outputs);
	const shell = readdirSync(dist("")).filter((name) => name !== "index.html" && !desk.has(name)).sort();
	const hash = createHash("sha256");
	for (const name of ["index.html", ...shell])
		hash.update(readFileSync(dist(name)));
	bundle(
		"src/worker.ts", "--outfile=dist/worker.js", "--minify", "--format=iife",
		`--define:SHELL=${JSON.stringify(shell)}`, `--define:EDITION=${JSON.stringify(hash.digest("hex").slice(0, 12))}`,
	);
}

// Prints what each part weighs; false when one is over.
function within_budget() {
	let fits = true;
	for (const { what, most, pick } of budgets()) {
		const bytes = readdirSync(dist("")).filter(pick).map((name) => readFileSync(dist(name)));
		const raw = bytes.reduce((sum, b) => sum + b.length, 0);
		const packed = bytes.reduce((sum, b) => sum + gzipSync(b, { level: 9 }).length, 0);
		const over = packed > most ? ", OVER" : "";
		console.log(`${what}: ${raw} bytes, ${packed} gzip, ${most < Infinity ? `budget ${most}` : "no budget"}${over}`);
		fits &&= packed <= most;
	}
	return fits;
}

if (process.argv.includes("--test")) {
	fresh("test/.built");
	bundle("src/pure/pure.ts", "--outfile=test/.built/pure.mjs", "--format=esm");
	bundle("src/worker.ts", "--outfile=test/.built/worker.js", "--format=iife", "--define:SHELL=[]", '--define:EDITION="test"');
} else {
	page();
	if (!within_budget())
		process.exit(1);
}
