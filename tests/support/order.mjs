// A circle with its order and a browser: people who come in without a password, jurors, and what its stories do again and again.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, Visitor } from './chromium.mjs';
import { ClockedKith } from './clock.mjs';
import { Kith } from './kith.mjs';
import { DAY_MS, votes_later } from './later.mjs';
import { HELD } from './texts.mjs';

export const API = '/api/kith/v1';
export const ADS = Object.values(HELD);
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
export const DESKTOP = { viewport: { width: 1366, height: 900 } };
export const JURORS = Array.from({ length: 16 }, (_, i) => `juror${String.fromCharCode(97 + i)}`);

const PEOPLE = [
	{ handle: 'keeper', role: 'keeper', display_name: 'Keeper' }, { handle: 'warden', role: 'steward', display_name: 'Warden' },
	{ handle: 'mei', display_name: 'Mei 梅' }, { handle: 'tom', display_name: 'Tom' },
];

export class Stage {
	#open = new Set();
	#clocked;
	#now;

	/** mei and tom are friends; nobody knows the jurors, who are willing unless `willing` is false. `at`: on a day of the test's own ("2026-05-04 09:00:00"). */
	static async start({ at, willing = true } = {}) {
		const stage = new Stage();
		stage.dir = await mkdtemp(join(tmpdir(), 'kith-order-'));
		stage.#now = at;
		if (at) stage.#clocked = await ClockedKith.start(at, { dir: stage.dir });
		stage.kith = stage.#clocked?.kith ?? (await Kith.start({ dir: stage.dir }));
		stage.clients = await stage.kith.people(
			[...PEOPLE, ...JURORS.map((handle) => ({ handle, display_name: handle.toUpperCase() }))], [['mei', 'tom']]);
		await stage.clients.keeper.put(`${API}/order/settings`, { version: 0, juror_days: 0 });
		if (willing) for (const handle of JURORS) await stage.clients[handle].put(`${API}/juror`, { willing: true });
		stage.browser = await launch();
		return stage;
	}

	async stop() {
		for (const visitor of this.#open) await visitor.close();
		await this.browser?.close();
		await (this.#clocked ?? this.kith)?.stop();
		await rm(this.dir, { recursive: true, force: true });
	}

	/** The server rests and goes on at another time, and so does every page that is opened from then on. */
	async later(at) {
		assert.equal(this.#open.size, 0, 'nobody is looking at it meanwhile');
		const days = (Date.parse(`${at.replace(' ', 'T')}Z`) - Date.parse(`${this.#now.replace(' ', 'T')}Z`)) / DAY_MS;
		this.#now = at;
		await this.#clocked.restart(at);
		if (days >= 29) assert.equal((await this.kith.command(['order', 'clock', '--is-right'])).code, 0, 'a month is confirmed by the keeper');
	}

	/** Votes can be changed for ten minutes and count after that. */
	async votes_stand() {
		assert.equal(this.#open.size, 0, 'nobody is looking at it meanwhile');
		this.kith = await votes_later(this.kith, 11, Object.values(this.clients));
	}

	/** A page of somebody, signed in, or of nobody, which must stay without faults. */
	async visit(handle, options = DESKTOP) {
		const visitor = await Visitor.open(this.browser, this.kith.url, options);
		if (handle) await visitor.come_in(this.clients[handle].token);
		if (this.#now) await visitor.context.clock.setFixedTime(new Date(`${this.#now.replace(' ', 'T')}Z`));
		this.#open.add(visitor);
		return visitor;
	}

	async leave(...visitors) {
		for (const visitor of visitors) {
			visitor.unharmed();
			this.#open.delete(visitor);
			await visitor.close();
		}
	}

	/** Written in the page. */
	async write(visitor, text) {
		await visitor.page.goto('/?write');
		await visitor.page.getByLabel('What you want to say').fill(text);
		await visitor.page.getByRole('button', { name: /^Post/ }).click();
	}

	/** The steward's way to the first case about somebody. */
	async case_of(visitor, name) {
		await visitor.page.goto('/review');
		await visitor.page.getByRole('navigation', { name: /^Queue/ }).getByRole('link').filter({ hasText: name }).first().click();
	}

	async decide(visitor, reason) {
		await visitor.page.getByLabel('Reason to the person').fill(reason);
		await visitor.page.getByRole('button', { name: 'Decide and send the statement' }).click();
		await visitor.page.getByRole('heading', { name: 'What was decided here' }).waitFor();
	}

	/** The hold on a piece: a notice to the person may quote it too. */
	async measure_of(handle, text) {
		return (await this.clients[handle].get(`${API}/measures`)).find((m) => m.kind === 'hold' && m.object.text === text);
	}

	/** Those who are asked by this appeal's draw, in its order: numbers are public, whose they are is not. */
	async seated(appeal) {
		const { walk } = await this.kith.anyone().get(appeal.draw);
		const numbers = Object.fromEntries(await Promise.all(
			JURORS.map(async (handle) => [(await this.clients[handle].get(`${API}/juror`)).number, handle])));
		return walk.filter((it) => it.state === 'seated').map((it) => numbers[it.number]);
	}

	/** Everybody who is asked something votes the same. */
	async vote_all(vote, note) {
		for (const handle of JURORS)
			for (const seat of (await this.clients[handle].get(`${API}/juries`)).filter((it) => it.state === 'asked'))
				await this.clients[handle].post(`${API}/juries/${seat.id}/vote`, { vote, note: `${note}, says ${handle}` });
	}
}

export const statement = (visitor, heading) => visitor.page.locator('.sheet').filter({ has: visitor.page.getByRole('heading', { name: heading }) });
export const article = (visitor, text) => visitor.page.getByRole('article').filter({ hasText: text.slice(0, 12) });
