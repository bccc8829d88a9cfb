// password.tsx - a new password for the old one.

import { useState } from "preact/hooks";

import * as api from "../../api";
import { useApp, useDoing, useMe } from "../../app";
import { Field, Form, FormErr } from "../../parts/form";
import { length_of } from "../../pure/words";
import { PASSWORD_MIN } from "../join";

export function Password() {
	const { t, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const [current, set_current] = useState("");
	const [password, set_password] = useState("");
	const [tried, set_tried] = useState(false);
	const short = length_of(password) < PASSWORD_MIN;
	const send = () => {
		set_tried(true);
		if (!current || short)
			return;
		doing.run(async () => {
			await api.change_password(current, password);
			set_current("");
			set_password("");
			set_tried(false);
			say({ text: t.settings.changed });
		});
	};
	return (
		<Form class="sheet pad stack" send={send} aria-labelledby="pw">
			<h2 id="pw">{t.settings.password}</h2>
			<input class="sr" type="text" autoComplete="username" value={me.username} readOnly tabIndex={-1}
				aria-hidden="true" />
			<Field label={t.settings.current} name="current" type="password" value={current}
				set={set_current} auto="current-password" error={doing.error}
				wrong={tried && !current ? t.door.empty : null} />
			<Field label={t.settings.new_password} name="password" type="password" value={password}
				set={set_password} auto="new-password" error={doing.error}
				hint={`${t.door.password_short(PASSWORD_MIN)} ${t.settings.password_hint}`}
				wrong={tried && short ? t.door.password_short(PASSWORD_MIN) : null} />
			<FormErr error={doing.error} fields={["current", "password"]} />
			<button class="btn" disabled={doing.busy}>{t.settings.change}</button>
		</Form>
	);
}
