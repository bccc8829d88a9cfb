// reset.tsx - a new password by the keeper's one-time link.

import { useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing } from "../app";
import { Field, Form, FormErr } from "../parts/form";
import { length_of } from "../pure/words";
import { PASSWORD_MIN } from "./join";
import { SignInForm } from "./sign-in";

export function Reset({ token }: { token: string }) {
	const { t } = useApp();
	const [password, set_password] = useState("");
	const [tried, set_tried] = useState(false);
	const [done, set_done] = useState(false);
	const doing = useDoing();
	const short = length_of(password) < PASSWORD_MIN;
	if (done)
		return (
			<div class="pad stack wide">
				<h1>{t.door.sign_in}</h1>
				<p class="slip g" role="status">{t.door.reset_done}</p>
				<div class="sheet panel pad"><SignInForm next="/" /></div>
			</div>
		);
	const send = () => {
		set_tried(true);
		if (!short)
			doing.run(async () => {
				await api.reset(token, password);
				set_done(true);
			});
	};
	return (
		<div class="pad stack wide">
			<h1 id="t">{t.door.reset_title}</h1>
			<p>{t.door.reset_about}</p>
			<Form class="sheet panel pad stack" send={send} aria-labelledby="t">
				<Field label={t.door.new_password} name="password" type="password" value={password}
					set={set_password} auto="new-password" error={doing.error}
					wrong={tried && short ? t.door.password_short(PASSWORD_MIN) : null}
					hint={`${t.door.password_short(PASSWORD_MIN)} ${t.door.password_hint}`} />
				<FormErr error={doing.error} fields={["password"]} />
				<button class="btn go full" disabled={doing.busy}>{t.door.reset_go}</button>
			</Form>
		</div>
	);
}
