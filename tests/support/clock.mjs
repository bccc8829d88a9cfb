// A server whose wall clock the test sets (libfaketime). Its other clock goes on as it is, as a real one's does when somebody sets the time.
import { readdirSync, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kith } from './kith.mjs';

function library() {
	for (const folder of readdirSync('/usr/lib')) {
		const file = join('/usr/lib', folder, 'faketime/libfaketimeMT.so.1');
		if (existsSync(file)) return file;
	}
	return null;
}

const LIBRARY = library();
export const SKIP = LIBRARY ? false : 'no libfaketime (Debian: faketime)';

export class ClockedKith {
	/** `at`: "2026-05-04 09:00:00", UTC; it goes on from there. */
	static async start(at, options = {}) {
		const clocked = new ClockedKith();
		clocked.folder = await mkdtemp(join(tmpdir(), 'kith-clock-'));
		clocked.env = {
			LD_PRELOAD: LIBRARY,
			FAKETIME_TIMESTAMP_FILE: join(clocked.folder, 'now'),
			FAKETIME_DONT_FAKE_MONOTONIC: '1',
			FAKETIME_NO_CACHE: '1',
			TZ: 'UTC',
		};
		await clocked.#set(at);
		clocked.kith = await Kith.start({ ...options, env: { ...options.env, ...clocked.env } });
		return clocked;
	}

	#set(at) {
		return writeFile(this.env.FAKETIME_TIMESTAMP_FILE, `@${at}\n`);
	}

	/** While it runs: a clock that jumps. */
	async jump(at) {
		await this.#set(at);
	}

	/** Stopped, and started again at another time: a clock that went on. Clients stay good. */
	async restart(at) {
		await this.kith.stop({ keep: true });
		await this.#set(at);
		await this.kith.again(this.env);
	}

	async stop() {
		await this.kith.stop();
		await rm(this.folder, { recursive: true, force: true });
	}
}
