// sign-out.tsx - the way out, from the settings and for whoever is sealed.

import * as api from "../api";
import { useApp, useDoing } from "../app";
import { delete_now } from "../gone";
import { go } from "../route";
import { FormErr } from "./form";

export function SignOut(p: { class: string }) {
	const { t, set_me } = useApp();
	const doing = useDoing();
	const out = () => doing.run(async () => {
		await delete_now();
		await api.sign_out();
		go("/sign-in", true);
		set_me(null);
	});
	return (
		<>
			<FormErr error={doing.error} />
			<button type="button" class={p.class} disabled={doing.busy} onClick={out}>
				{t.settings.sign_out}
			</button>
		</>
	);
}
