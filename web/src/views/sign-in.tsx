// sign-in.tsx - the door for members, and the words every newcomer should read first.

import { useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing } from "../app";
import { Field, Form, FormErr } from "../parts/form";
import { Rings } from "../parts/icon";
import { go } from "../route";

/** Where to go after signing in: an address of this server and no other. */
export function next_of(query: URLSearchParams): string {
	const next = query.get("next") ?? "/";
	try {
		const url = new URL(next, location.origin);
		return url.origin === location.origin ? url.pathname + url.search + url.hash : "/";
	} catch {
		return "/";
	}
}

/** Enters: inside the page, or by loading it where the server has a page of its own (consent). */
export function enter(next: string): void {
	if (next.startsWith("/oauth/"))
		location.assign(next);
	else
		go(next, true);
}

export function SignInForm({ next, id }: { next: string; id?: string }) {
	const { t, set_me } = useApp();
	const [handle, set_handle] = useState("");
	const [password, set_password] = useState("");
	const [tried, set_tried] = useState(false);
	const doing = useDoing();
	const missing = (value: string) => (tried && !value ? t.door.empty : null);
	const send = () => {
		set_tried(true);
		if (!handle.trim() || !password)
			return;
		doing.run(async () => {
			set_me(await api.sign_in(handle.trim().replace(/^@/, ""), password));
			enter(next);
		});
	};
	return (
		<Form class="stack" send={send} aria-labelledby={id}>
			<Field label={t.door.handle} name="handle" value={handle} set={set_handle}
				auto="username" wrong={missing(handle)} error={doing.error} />
			<Field label={t.door.password} name="password" type="password" value={password}
				set={set_password} auto="current-password" wrong={missing(password)} error={doing.error} />
			<FormErr error={doing.error} fields={["handle", "password"]} />
			<button class="btn go full" disabled={doing.busy}>{t.door.sign_in}</button>
		</Form>
	);
}

export function HouseWords() {
	const { t } = useApp();
	return (
		<aside class="slip stack" aria-label={t.door.house_title}>
			<p class="who"><Rings /> {t.door.house_title}</p>
			<p>{t.door.house_keeper}<strong>{t.door.house_reads}</strong>{t.door.house_stays}</p>
			<p>{t.door.house_screen}</p>
		</aside>
	);
}

export function SignIn({ query }: { query: URLSearchParams }) {
	const { t, circle } = useApp();
	return (
		<div class="pad stack wide">
			<h1 id="in">{t.door.sign_in_title(circle)}</h1>
			<div class="sheet panel pad"><SignInForm next={next_of(query)} id="in" /></div>
			<p class="soft">{t.door.no_invite}</p>
			<HouseWords />
		</div>
	);
}
