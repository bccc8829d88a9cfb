// keys.tsx - a second factor: a code app, passkeys, and the recovery codes for when both are lost.

import { useState } from "preact/hooks";

import * as api from "../../api";
import { useApp, useDoing, useLoad, useMe } from "../../app";
import { Failed, Field, Form, FormErr, Loading } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { Called } from "../../parts/person";
import { make_passkey, passkeys_here } from "../../passkey";
import { ago, day } from "../../pure/time";

/** Shown once: ten codes to keep on paper. */
function Codes({ codes, close }: { codes: string[]; close: () => void }) {
	const { t, say } = useApp();
	return (
		<div class="slip g stack" role="status">
			<p class="b">{t.keys.codes_title}</p>
			<p>{t.keys.codes_about}</p>
			<ol class="codes mono">{codes.map((code) => <li key={code}>{code}</li>)}</ol>
			<div class="line">
				{"clipboard" in navigator && <button type="button" class="btn" onClick={async () => {
					await navigator.clipboard.writeText(codes.join("\n"));
					say({ text: t.copied });
				}}>{t.copy}</button>}
				<button type="button" class="btn" onClick={close}>{t.keys.codes_kept}</button>
			</div>
		</div>
	);
}

interface PartProps {
	factors: api.Factors;
	/** Something changed; codes where new ones came with it. */
	changed: (codes?: string[]) => void;
}

/** What takes a key away asks for the password: the browser may be somebody else's by now. */
export function WithPassword({ label, describe, act, stop = false }: {
	label: string; describe?: string; act: (password: string) => Promise<void>; stop?: boolean;
}) {
	const { t } = useApp();
	const me = useMe();
	const doing = useDoing();
	const [open, set_open] = useState(false);
	const [password, set_password] = useState("");
	if (!open)
		return <button type="button" class={stop ? "btn stop" : "btn quiet end"} aria-label={describe}
			onClick={() => set_open(true)}>{label}</button>;
	return (
		<Form class="stack wordy" send={() => password && doing.run(async () => {
			await act(password);
			set_open(false);
			set_password("");
		})}>
			<input class="sr" type="text" autoComplete="username" value={me.username} readOnly tabIndex={-1}
				aria-hidden="true" />
			<Field label={t.keys.password} name="password" type="password" value={password} set={set_password}
				auto="current-password" error={doing.error} />
			<FormErr error={doing.error} fields={["password"]} />
			<div class="line">
				<button class={stop ? "btn stop" : "btn"} disabled={doing.busy || !password}>{label}</button>
				<button type="button" class="btn" onClick={() => set_open(false)}>{t.cancel}</button>
			</div>
		</Form>
	);
}

function CodeApp({ factors, changed }: PartProps) {
	const { t, say } = useApp();
	const doing = useDoing();
	const [begun, set_begun] = useState<{ secret: string; uri: string } | null>(null);
	const [code, set_code] = useState("");
	if (factors.totp)
		return (
			<li class="row"><Icon name="phone" /><div><b>{t.keys.app}</b>
				<p class="soft small">{t.keys.app_on}</p></div>
			<WithPassword label={t.keys.remove} describe={t.keys.remove_app} act={async (password) => {
				await api.end_totp(password);
				changed();
			}} /></li>
		);
	if (!begun)
		return (
			<li class="row"><Icon name="phone" /><div><b>{t.keys.app}</b>
				<p class="soft small">{t.keys.app_about}</p><FormErr error={doing.error} /></div>
			<button type="button" class="btn end" disabled={doing.busy}
				onClick={() => doing.run(async () => set_begun(await api.begin_totp()))}>{t.keys.app_add}</button></li>
		);
	return (
		<li class="pad">
			<Form class="stack" send={() => doing.run(async () => {
				const { recovery } = await api.confirm_totp(code.replace(/\s/g, ""));
				say({ text: t.keys.app_added });
				changed(recovery);
			})}>
				<p class="b">{t.keys.app}</p>
				<p>{t.keys.app_how}</p>
				<p><a class="btn" href={begun.uri}>{t.keys.app_open}</a></p>
				<p>{t.keys.app_secret} <span class="mono breaks">{begun.secret.replace(/(.{4})/g, "$1 ").trim()}</span></p>
				<Field label={t.keys.code} name="code" value={code} set={set_code} auto="one-time-code" max={10} mono
					error={doing.error} />
				<FormErr error={doing.error} fields={["code"]} />
				<div class="line"><button class="btn go" disabled={doing.busy || !code.trim()}>{t.keys.app_confirm}</button>
					<button type="button" class="btn" onClick={() => set_begun(null)}>{t.cancel}</button></div>
			</Form>
		</li>
	);
}

function Passkeys({ factors, changed }: PartProps) {
	const { t, say } = useApp();
	const doing = useDoing();
	const [name, set_name] = useState("");
	const now = new Date();
	return (
		<>
			{factors.passkeys.map((key) => (
				<li class="row" key={key.id}><Icon name="key" />
					<div><b>{t.keys.passkey} “<Called name={key.name} />”</b>
						<p class="soft small">{t.keys.added(day(new Date(key.created_at), now, t.time.locale))}
							{key.last_used_at && <> · {t.settings.used(ago(new Date(key.last_used_at), now, t.time))}</>}</p></div>
					<WithPassword label={t.keys.remove} describe={t.keys.remove_passkey(key.name)}
						act={async (password) => {
							await api.end_passkey(key.id, password);
							changed();
						}} /></li>
			))}
			{passkeys_here() && (
				<li class="pad">
					<Form class="stack" send={() => name.trim() && doing.run(async () => {
						const made = await api.add_passkey(name.trim(), await make_passkey(await api.begin_passkey()));
						set_name("");
						say({ text: t.keys.passkey_added });
						changed(made.recovery);
					})}>
						<Field label={t.keys.passkey_name} name="name" value={name} set={set_name} max={60}
							hint={t.keys.passkey_hint} error={doing.error} />
						<FormErr error={doing.error} fields={["name"]} />
						<button class="btn" disabled={doing.busy || !name.trim()}>{t.keys.passkey_add}</button>
					</Form>
				</li>
			)}
		</>
	);
}

export function Keys() {
	const { t, set_me, heed } = useApp();
	const { data, error, reload } = useLoad("factors", api.factors);
	const [codes, set_codes] = useState<string[] | null>(null);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	// Whether a second factor is still due is told with the account.
	const settle = () => void api.own_account().then(set_me, heed);
	const changed = (made?: string[]) => {
		reload();
		// With the account the page may open up and these lines move: not before the codes are kept.
		if (made)
			set_codes(made);
		else
			settle();
	};
	const on = data.totp || data.passkeys.length > 0;
	return (
		<section class="sheet" aria-labelledby="keys">
			<div class="head"><h2 id="keys">{t.keys.title}</h2>
				<span class={on ? "tag good end" : "tag soft end"}>{on && <Icon name="check" />}
					{on ? t.keys.on : t.keys.off}</span></div>
			<p class="pad soft">{data.required && !on
				? data.required_from ? t.keys.due(day(new Date(data.required_from), new Date(), t.time.locale)) : t.keys.due_now
				: t.keys.about}</p>
			{codes && <div class="pad"><Codes codes={codes} close={() => {
				set_codes(null);
				settle();
			}} /></div>}
			<ul class="rows">
				<CodeApp factors={data} changed={changed} />
				<Passkeys factors={data} changed={changed} />
				{on && (
					<li class="row"><Icon name="lock" /><div><b>{t.keys.recovery}</b>
						<p class={data.recovery_left < 4 ? "wait small b" : "soft small"}>{t.keys.left(data.recovery_left)}</p></div>
					<WithPassword label={t.keys.recovery_new} act={async (password) => {
						const made = await api.new_recovery(password);
						changed(made.recovery);
					}} /></li>
				)}
			</ul>
		</section>
	);
}
