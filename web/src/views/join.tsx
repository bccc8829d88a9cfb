// join.tsx - an invitation accepted: name, handle, password, and in.

import { useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad } from "../app";
import { Failed, Field, Form, FormErr, Loading } from "../parts/form";
import { Called } from "../parts/person";
import { day } from "../pure/time";
import { length_of } from "../pure/words";
import { enter, HouseWords, SignInForm } from "./sign-in";

// As in src/model/limits.h.
export const PASSWORD_MIN = 8;
const HANDLE = /^(?:[a-z0-9_.]{2,30}|[\p{Script=Han}0-9_.]{2,30})$/iu;

/** What a handle could have been: "xiao man" gives "xiaoman"; empty when nothing is left. */
function nearest(handle: string): string {
	const bare = handle.normalize("NFKC").replace(/[^\p{Script=Han}a-z0-9_.]/giu, "").toLowerCase();
	return HANDLE.test(bare) ? bare : "";
}

function useFaults(handle: string, name: string, password: string, tried: boolean) {
	const { t } = useApp();
	if (!tried)
		return { handle: null, name: null, password: null, any: false };
	const faults = {
		handle: HANDLE.test(handle) ? null : t.door.handle_bad(nearest(handle)),
		name: name.trim() ? null : t.door.empty,
		password: length_of(password) >= PASSWORD_MIN ? null : t.door.password_short(PASSWORD_MIN),
	};
	return { ...faults, any: Boolean(faults.handle ?? faults.name ?? faults.password) };
}

function JoinForm({ code, by, until }: { code: string; by: string; until: string }) {
	const { t, set_me } = useApp();
	const [name, set_name] = useState("");
	const [handle, set_handle] = useState("");
	const [password, set_password] = useState("");
	const [tried, set_tried] = useState(false);
	const faults = useFaults(handle.trim(), name, password, tried);
	const doing = useDoing();
	const right = HANDLE.test(handle.trim()) && name.trim() !== ""
		&& length_of(password) >= PASSWORD_MIN;
	const send = () => {
		set_tried(true);
		if (right)
			doing.run(async () => {
				set_me(await api.sign_up(code, handle.trim(), name.trim(), password));
				enter("/");
			});
	};
	const gone = doing.error?.field === "invite" ? t.door.invite_gone : null;
	return (
		<Form class="sheet panel pad stack" send={send} aria-labelledby="join">
			<h2 id="join">{t.door.accept}</h2>
			<Field label={t.door.code} name="invite" value={code} set={() => {}} mono read_only
				wrong={gone} hint={t.door.code_hint(by, until)} />
			<Field label={t.door.name} name="display_name" value={name} set={set_name} auto="name"
				max={60} wrong={faults.name} error={doing.error} />
			<Field label={t.door.handle} name="handle" value={handle} set={set_handle} auto="username"
				wrong={faults.handle} error={doing.error} hint={t.door.handle_hint} />
			<Field label={t.door.password} name="password" type="password" value={password}
				set={set_password} auto="new-password" wrong={faults.password} error={doing.error}
				hint={`${t.door.password_short(PASSWORD_MIN)} ${t.door.password_hint}`} />
			<FormErr error={doing.error} fields={["invite", "display_name", "handle", "password"]} />
			<button class="btn go full" disabled={doing.busy}>{t.door.join}</button>
		</Form>
	);
}

function Member() {
	const { t } = useApp();
	return (
		<details class="sheet panel pad">
			<summary class="line b">{t.door.member}</summary>
			<SignInForm next="/" />
		</details>
	);
}

export function Join({ code }: { code: string }) {
	const { t, circle } = useApp();
	const { data, error, reload } = useLoad(`invite ${code}`, () => api.invitation(code));
	if (error && error.status === 404)
		return (
			<div class="pad stack wide">
				<h1>{t.door.invite_gone}</h1>
				<p>{t.door.invite_gone_more}</p>
				<Member />
			</div>
		);
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const until = day(new Date(data.expires_at), new Date(), t.time.locale);
	return (
		<div class="pad stack wide">
			<section class="stack" aria-labelledby="t">
				<div><p class="soft">{t.door.invited_from}</p>
					<p class="b"><Called name={data.invited_by} /></p></div>
				<h1 id="t">{t.door.join_title(circle)}</h1>
				<p class="soft">{t.door.join_about}</p>
			</section>
			<JoinForm code={code} by={data.invited_by} until={until} />
			<Member />
			<HouseWords />
		</div>
	);
}
