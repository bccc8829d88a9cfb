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

// Budgets in bytes of gzip, DESIGN 8. What is fetched later (the views of more.ts) and the worker are told, not bound.
const BUDGETS = [
	{ what: "HTML + CSS", most: 30 * 1024, pick: (name) => /\.(html|css)$/.test(name) },
	{
		what: "JavaScript the circle opens with, in one language", most: 60 * 1024,
		pick: (name) => /^(app|chunk-.*|zh-.*)\.js$/.test(name),
	},
	{ what: "JavaScript a member may fetch later", most: Infinity, pick: (name) => /^(more-.*|worker)\.js$/.test(name) },
];

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

/** Parts that app.js itself imports: the page names them at once, so that they need no second round. */
function first_parts(meta) {
	const app = meta.outputs["dist/app.js"];
	return app.imports.filter((it) => it.kind === "import-statement").map((it) => it.path.slice("dist/".length));
}

function page() {
	fresh("dist");
	const meta = join(here, "node_modules", ".parts.json");
	bundle(
		"app=src/main.tsx", "--outdir=dist", "--minify", "--format=esm", "--splitting", "--chunk-names=[name]-[hash]",
		"--jsx=automatic", "--jsx-import-source=preact", `--metafile=${meta}`,
	);
	bundle("src/kith.css", "--outfile=dist/app.css", "--minify");
	const preload = first_parts(JSON.parse(readFileSync(meta, "utf8")))
		.map((name) => `\t<link rel="modulepreload" href="/assets/${name}">\n`).join("");
	const index = readFileSync(join(here, "src", "index.html"), "utf8");
	writeFileSync(dist("index.html"), index.replace("</head>", `${preload}</head>`));
	cpSync(join(here, "src", "manifest.webmanifest"), dist("manifest.webmanifest"));
	for (const file of readdirSync(join(here, "src", "icons")))
		cpSync(join(here, "src", "icons", file), dist(file));
	const shell = readdirSync(dist("")).filter((name) => name !== "index.html").sort();
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
	for (const { what, most, pick } of BUDGETS) {
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
