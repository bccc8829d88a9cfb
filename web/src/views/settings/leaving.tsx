// leaving.tsx - taking everything along, and being erased.

import { useEffect } from "preact/hooks";

import * as api from "../../api";
import { useApp, useDoing, useLoad } from "../../app";
import { Failed, FormErr, Loading } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { when } from "../../pure/time";
import { go } from "../../route";
import { WithPassword } from "./keys";

const LOOK_MS = 2000;

/** Looks again while the archive is being packed. */
export function Take() {
	const { t } = useApp();
	const doing = useDoing();
	const { data, error, set, reload } = useLoad("archive", api.archive);
	const making = data?.state === "making";
	useEffect(() => {
		if (!making)
			return;
		const timer = setInterval(reload, LOOK_MS);
		return () => clearInterval(timer);
	}, [making]);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const make = () => doing.run(async () => {
		const made = await api.make_archive();
		set(() => made);
	});
	return (
		<section class="sheet pad stack" aria-labelledby="take">
			<h2 id="take">{t.leaving.take}</h2>
			<p>{t.leaving.take_about}</p>
			<div role="status">
				{making && <label class="lab">{t.leaving.packing}<progress /></label>}
				{data.state === "failed" && <p class="bad">{t.leaving.failed}</p>}
				{data.state === "ready" && data.expires_at && <p>{t.leaving.ready(
					when(new Date(data.expires_at), t.time.locale), ((data.bytes ?? 0) / 1e6).toFixed(1))}</p>}
			</div>
			<FormErr error={doing.error} />
			<div class="line">
				{data.state === "ready" && <a class="btn go" href={api.ARCHIVE_FILE} download="kith.zip">
					<Icon name="down" />{t.leaving.download}</a>}
				<button type="button" class="btn" disabled={doing.busy || making} onClick={make}>
					{data.state === "ready" ? t.leaving.again : t.leaving.pack}</button>
			</div>
		</section>
	);
}

export function Erase() {
	const { t, set_me } = useApp();
	return (
		<section class="sheet pad stack" aria-labelledby="erase">
			<h2 id="erase">{t.leaving.erase}</h2>
			<p>{t.leaving.erase_about}</p>
			<p class="b">{t.leaving.stays}</p>
			<ul class="dots">{t.leaving.stays_list.map((line) => <li key={line}>{line}</li>)}</ul>
			<WithPassword stop label={t.leaving.erase_go} act={async (password) => {
				await api.erase_account(password);
				go("/sign-in", true);
				set_me(null);
			}} />
		</section>
	);
}
