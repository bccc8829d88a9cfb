// leaving.tsx - taking everything along, bringing it in from elsewhere, and being erased.

import { useEffect, useRef, useState } from "preact/hooks";

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
		return error.status === 404 ? null : <Failed error={error} again={reload} />;
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

export function Bring() {
	const { t, say } = useApp();
	const doing = useDoing();
	const file = useRef<HTMLInputElement>(null);
	const [share, set_share] = useState<number | null>(null);
	const [done, set_done] = useState<api.Imported | null>(null);
	const send = (it: File) => doing.run(async () => {
		try {
			const made = await api.import_archive(it, set_share);
			set_done(made);
			say({ text: t.leaving.brought });
		} finally {
			set_share(null);
		}
	});
	return (
		<section class="sheet pad stack" aria-labelledby="bring">
			<h2 id="bring">{t.leaving.bring}</h2>
			<p>{t.leaving.bring_about}</p>
			<input type="file" accept=".zip,application/zip" hidden ref={file} onChange={(e) => {
				const [it] = e.currentTarget.files ?? [];
				if (it)
					send(it);
				e.currentTarget.value = "";
			}} />
			<div><button type="button" class="btn" disabled={doing.busy} onClick={() => file.current?.click()}>
				{t.leaving.bring_go}</button></div>
			{share !== null && <label class="hint num">{t.pictures.sending(Math.round(share * 100))}
				<progress max={1} value={share} /></label>}
			<FormErr error={doing.error} />
			{done && <p class="slip g" role="status">{t.leaving.brought_all(done)}</p>}
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
