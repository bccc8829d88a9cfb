// `kith hash`: pictures in, hashes and codes out, through the confined process.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ROOT, run } from './support/kith.mjs';
import { png } from './support/picture.mjs';

const SUITE = join(ROOT, '../shared/data/pdq');
const BITS_OFF = 2; // decoders differ by as much

let scratch;

before(async () => {
	scratch = await mkdtemp(join(tmpdir(), 'kith-hash-'));
});

after(() => rm(scratch, { recursive: true, force: true }));

const hash = (files, args = []) => run(['hash', ...args, ...files], { cwd: scratch });
const rows = (text) => text.split('\n').filter(Boolean).map((line) => line.split('\t'));

function distance(a, b) {
	let bits = 0;
	for (let x = BigInt(`0x${a}`) ^ BigInt(`0x${b}`); x > 0n; x >>= 1n) bits += Number(x & 1n);
	return bits;
}

/** Rows of '#' and ' ' with `px` pixels a square and a quiet zone. */
function code(rows, px = 6) {
	const side = (rows.length + 8) * px;
	const dark = (x, y) => rows[Math.floor(y / px) - 4]?.[Math.floor(x / px) - 4] === '#';
	return png({ width: side, height: side, paint: (x, y) => (dark(x, y) ? 0 : 255) });
}

const ADDRESS = 'https://kith.example/i/7';
const ADDRESS_CODE = [
	'####### ##   #### #######',
	'#     # ###   #   #     #',
	'# ### #   #  # ## # ### #',
	'# ### # # #### ## # ### #',
	'# ### # # #### ## # ### #',
	'#     #  ##       #     #',
	'####### # # # # # #######',
	'         ##     #        ',
	'#     ## # #  #  #  ## ##',
	'# #  # ## # #### #### ###',
	'#  ## #  #  ### ##### #  ',
	'######          ## ## # #',
	' #  # ### #  # ## # ##   ',
	'#####  #        #### ##  ',
	' #  ###### ####   #  # ##',
	'  ##    ###  ## #  ##   #',
	' # ## # #  # #  ##### # #',
	'          #  ## #   #####',
	'####### #  ## ### # ##  #',
	'#     #  ## #  ##   #  # ',
	'# ### #  # # ## ##### ## ',
	'# ### #  ###  ##      # #',
	'# ### #  # #  ####    ## ',
	'#     #  # # ## ##   ### ',
	'####### # ### ##  ## ####',
];
const CONTACT = '加我微信 kith2026';
const CONTACT_CODE = [
	'####### ##   #  # #######',
	'#     # #  ###  # #     #',
	'# ### #  # ## #   # ### #',
	'# ### #   ## #    # ### #',
	'# ### # #     ### # ### #',
	'#     # ####### # #     #',
	'####### # # # # # #######',
	'         ### #           ',
	'#### ##   ### # ## ##  ##',
	'## #   # #   ### ##   #  ',
	'###   #  # ##  ##   ##  #',
	'  ## #  # ##    # ##    #',
	'#    ### ## #  # ## #  # ',
	'##  ## ## #  #  # ####  #',
	' #   ##  #   #  ###  # ##',
	'  # #  # ###### #     ## ',
	'  ### # ## # # ###### #  ',
	'           # #  #   # ###',
	'#######       ### # # # #',
	'#     # #  ### ##   #  # ',
	'# ### #   ##  ####### # #',
	'# ### # # #  ###  ###    ',
	'# ### # # # #    ##   # #',
	'#     # # ##  # #    ####',
	'####### # ## ## # # ##  #',
];

test('one line a picture, in order', async () => {
	const files = ['one.png', 'two.png', 'a name with spaces.png'];
	for (const [seed, file] of files.entries()) await writeFile(join(scratch, file), png({ width: 300, height: 200, seed: seed + 1 }));
	const { code, out, err } = await hash(files);
	assert.equal(err, '');
	assert.equal(code, 0);
	assert.deepEqual(rows(out).map(([file]) => file), files);
	for (const [, pdq, quality] of rows(out)) {
		assert.match(pdq, /^[0-9a-f]{64}$/);
		assert.ok(Number(quality) >= 0 && Number(quality) <= 100);
	}
	const again = await hash(files);
	assert.equal(again.out, out, 'equal pictures, equal hashes');
});

test('codes are read, Chinese ones too', async () => {
	await writeFile(join(scratch, 'address.png'), code(ADDRESS_CODE));
	await writeFile(join(scratch, 'contact.png'), code(CONTACT_CODE, 3));
	const { out } = await hash(['address.png', 'contact.png']);
	assert.deepEqual(rows(out).map(([, , , said]) => said), [ADDRESS, CONTACT]);
	const json = await hash(['address.png', 'contact.png'], ['--json']);
	const lines = json.out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
	assert.deepEqual(lines.map((line) => line.qr), [[ADDRESS], [CONTACT]]);
	assert.deepEqual(lines.map((line) => [line.file, line.pdq, String(line.quality)]), rows(out).map((row) => row.slice(0, 3)));
});

test('what cannot be read is told, and the others go on', async () => {
	await writeFile(join(scratch, 'good.png'), png());
	await writeFile(join(scratch, 'page.jpg'), '<!doctype html><script>alert(1)</script>');
	await writeFile(join(scratch, 'cut.png'), png().subarray(0, 150));
	await writeFile(join(scratch, 'moving.png'), png({ chunks: [['acTL', '\0\0\0\x02\0\0\0\0']] }));
	await writeFile(join(scratch, 'empty.png'), '');
	const files = ['page.jpg', 'cut.png', 'moving.png', 'empty.png', 'absent.png', '.', 'good.png'];
	const { code, out, err } = await hash(files);
	assert.equal(code, 1);
	assert.deepEqual(rows(out).map(([file]) => file), ['good.png']);
	assert.deepEqual(err.trim().split('\n'), [
		'kith: page.jpg: Only JPEG, PNG and WebP pictures can be read.',
		'kith: cut.png: This picture is damaged or cut short.',
		'kith: moving.png: Moving pictures cannot be shown here; a still one can.',
		'kith: empty.png: Only JPEG, PNG and WebP pictures can be read.',
		'kith: absent.png: No such file or directory',
		'kith: .: this is no file',
	]);
});

test('a file name or a code cannot break the line', async () => {
	await writeFile(join(scratch, 'two\nlines\t.png'), png());
	const { out } = await hash(['two\nlines\t.png']);
	assert.equal(rows(out).length, 1);
	assert.equal(rows(out)[0][0], 'two lines .png');
});

test('help has an example; wrong usage is exit 2', async () => {
	const help = await hash(['--help']);
	assert.equal(help.code, 0);
	assert.match(help.out, /^usage: kith hash .*example: kith hash /s);
	assert.equal((await hash([])).code, 2);
	assert.equal((await hash(['--wrong'])).code, 2);
});

test('nobody starts the darkroom by hand', async () => {
	const { code, err } = await run(['darkroom']);
	assert.equal(code, 2);
	assert.match(err, /there is no command darkroom/);
});

describe('the PDQ suite of ThreatExchange', { skip: existsSync(SUITE) ? false : '../shared/data is not here' }, () => {
	test(`hashes are within ${BITS_OFF} bits of the published ones`, async () => {
		const [, ...expected] = (await readFile(join(SUITE, 'expected.tsv'), 'utf8')).trim().split('\n').map((line) => line.split('\t'));
		assert.ok(expected.length > 0);
		const { code, out, err } = await hash(expected.map(([file]) => join(SUITE, file)));
		assert.equal(code, 0, err);
		for (const [n, [, pdq, quality]] of rows(out).entries()) {
			const [file, want] = expected[n];
			assert.ok(distance(pdq, want) <= BITS_OFF, `${file}: ${pdq}, not ${want}`);
			assert.ok(Number(quality) >= 50);
		}
	});
});
