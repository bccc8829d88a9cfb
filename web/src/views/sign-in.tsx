// sign-in.tsx - the door for members, and the words every newcomer should read first.

import { useState } from "preact/hooks";

import * as api from "../api";
import { sentence, useApp, useDoing } from "../app";
import { Err, Field, Form, FormErr } from "../parts/form";
import { Icon, Rings } from "../parts/icon";
import { passkeys_here, use_passkey } from "../passkey";
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

/** The step after a right password, where a second factor is set: any one of the ways that were set. */
function SecondStep({ second, entered, again }: {
	second: api.Second; entered: (me: api.Me) => void; again: () => void;
}) {
	const { t } = useApp();
	const doing = useDoing();
	const [way, set_way] = useState(second.methods.includes("totp") ? "totp" : second.methods[0]);
	const [code, set_code] = useState("");
	const send = (proof: Record<string, unknown>) => doing.run(async () => {
		entered(await api.sign_in_second(second.ticket, proof));
	});
	const by_key = () => doing.run(async () => {
		entered(await api.sign_in_second(second.ticket, { passkey: await use_passkey(second.passkey ?? {}) }));
	});
	const ways = second.methods.filter((it) => it !== way && (it !== "passkey" || passkeys_here()));
	const gone = doing.error?.field === "ticket" || doing.error?.status === 404;
	return (
		<div class="stack">
			<p class="b">{t.door.second}</p>
			{way === "passkey"
				? <button type="button" class="btn go full" disabled={doing.busy} onClick={by_key}>
					<Icon name="key" />{t.door.use_passkey}</button>
				: (
					<Form class="stack" send={() => code.trim() && send(
						way === "totp" ? { code: code.replace(/\s/g, "") } : { recovery: code.trim() })}>
						<Field key={way} label={way === "totp" ? t.door.code_app : t.door.code_recovery}
							name={way === "totp" ? "code" : "recovery"} value={code} set={set_code} mono
							auto={way === "totp" ? "one-time-code" : "off"}
							hint={way === "totp" ? t.door.code_app_hint : t.door.code_recovery_hint} error={doing.error} />
						<button class="btn go full" disabled={doing.busy || !code.trim()}>{t.door.sign_in}</button>
					</Form>
				)}
			<FormErr error={doing.error} fields={["code", "recovery"]} />
			<p class="line">
				{!gone && ways.map((it) => (
					<button type="button" class="btn quiet" key={it} onClick={() => {
						set_way(it);
						set_code("");
						doing.clear();
					}}>{t.door.ways[it]}</button>
				))}
				<button type="button" class="btn quiet" onClick={again}>{t.door.again}</button>
			</p>
		</div>
	);
}

/** With a passkey alone: who one is comes with it. */
function ByPasskey({ entered }: { entered: (me: api.Me) => void }) {
	const { t } = useApp();
	const doing = useDoing();
	if (!passkeys_here())
		return null;
	return (
		<>
			<button type="button" class="btn full" disabled={doing.busy} onClick={() => doing.run(async () => {
				entered(await api.sign_in_passkey(await use_passkey(await api.passkey_options())));
			})}><Icon name="key" />{t.door.by_passkey}</button>
			{doing.error && <Err text={doing.error.status === -1 ? t.door.no_passkey : sentence(t, doing.error)} />}
		</>
	);
}

export function SignInForm({ next, id }: { next: string; id?: string }) {
	const { t, set_me } = useApp();
	const [handle, set_handle] = useState("");
	const [password, set_password] = useState("");
	const [tried, set_tried] = useState(false);
	const [second, set_second] = useState<api.Second | null>(null);
	const doing = useDoing();
	const entered = (me: api.Me) => {
		set_me(me);
		enter(next);
	};
	const missing = (value: string) => (tried && !value ? t.door.empty : null);
	const send = () => {
		set_tried(true);
		if (!handle.trim() || !password)
			return;
		doing.run(async () => {
			const answer = await api.sign_in(handle.trim().replace(/^@/, ""), password);
			if ("kith_second" in answer)
				set_second(answer.kith_second);
			else
				entered(answer);
		});
	};
	if (second)
		return <SecondStep second={second} entered={entered} again={() => {
			set_second(null);
			set_password("");
			set_tried(false);
		}} />;
	return (
		<Form class="stack" send={send} aria-labelledby={id}>
			<Field label={t.door.handle} name="handle" value={handle} set={set_handle}
				auto="username" wrong={missing(handle)} error={doing.error} />
			<Field label={t.door.password} name="password" type="password" value={password}
				set={set_password} auto="current-password" wrong={missing(password)} error={doing.error} />
			<FormErr error={doing.error} fields={["handle", "password"]} />
			<button class="btn go full" disabled={doing.busy}>{t.door.sign_in}</button>
			<ByPasskey entered={entered} />
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
