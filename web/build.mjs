// build.mjs - makes dist/ (the page) or test/.built/ (the pure helpers, for node --test).
//
// Calls the esbuild command rather than its library, so that it works after
// `npm ci --ignore-scripts`. File names are fixed: the server adds the cache validators.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const esbuild = join(here, "node_modules", ".bin", "esbuild");

// Budgets in bytes of gzip, DESIGN 8.
const BUDGETS = [
	{ what: "HTML + CSS", files: ["index.html", "app.css"], most: 30 * 1024 },
	{ what: "JavaScript", files: ["app.js"], most: 60 * 1024 },
];

function bundle(entry, out, ...more) {
	execFileSync(
		esbuild,
		[entry, "--bundle", `--outfile=${out}`, "--target=es2021", "--log-level=warning", ...more],
		{ cwd: here, stdio: "inherit" },
	);
}

function fresh(dir) {
	rmSync(join(here, dir), { recursive: true, force: true });
	mkdirSync(join(here, dir), { recursive: true });
}

function page() {
	fresh("dist");
	bundle(
		"src/main.tsx", "dist/app.js", "--minify", "--format=iife", "--charset=utf8",
		"--jsx=automatic", "--jsx-import-source=preact",
	);
	bundle("src/kith.css", "dist/app.css", "--minify", "--charset=utf8");
	for (const file of ["index.html", "manifest.webmanifest"])
		cpSync(join(here, "src", file), join(here, "dist", file));
	for (const file of readdirSync(join(here, "src", "icons")))
		cpSync(join(here, "src", "icons", file), join(here, "dist", file));
}

// Prints what each part weighs; false when one is over.
function within_budget() {
	let fits = true;
	for (const { what, files, most } of BUDGETS) {
		const bytes = files.map((file) => readFileSync(join(here, "dist", file)));
		const raw = bytes.reduce((sum, b) => sum + b.length, 0);
		const packed = bytes.reduce((sum, b) => sum + gzipSync(b, { level: 9 }).length, 0);
		const over = packed > most ? ", OVER" : "";
		console.log(`${what}: ${raw} bytes, ${packed} gzip, budget ${most}${over}`);
		fits &&= packed <= most;
	}
	return fits;
}

if (process.argv.includes("--test")) {
	fresh("test/.built");
	bundle("src/pure/pure.ts", "test/.built/pure.mjs", "--format=esm");
} else {
	page();
	if (!within_budget())
		process.exit(1);
}
