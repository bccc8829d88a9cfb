// invites.tsx - invitations a steward or the keeper gives out.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../../api";
import { useApp, useDoing, useLoad } from "../../app";
import { Failed, Field, Form, FormErr } from "../../parts/form";
import { day } from "../../pure/time";

function InviteLink({ url }: { url: string }) {
	const { t, say } = useApp();
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		box.current?.querySelector("input")?.select();
	}, [url]);
	const copy = async () => {
		// Not there on plain http; the link is selected, so the keyboard can copy it.
		await navigator.clipboard?.writeText(url);
		say({ text: t.copied });
	};
	return (
		<div class="slip g stack" ref={box}>
			<Field label={t.settings.invite_link} name="url" value={url} set={() => {}} mono read_only
				hint={t.settings.invite_once} />
			{"clipboard" in navigator && (
				<button type="button" class="btn" onClick={copy}>{t.copy}</button>
			)}
		</div>
	);
}

export function Invites() {
	const { t } = useApp();
	const doing = useDoing();
	const { data, error, set, reload } = useLoad("invites", api.invites);
	const [uses, set_uses] = useState("1");
	const [days, set_days] = useState("14");
	const [url, set_url] = useState<string | null>(null);
	const send = () => doing.run(async () => {
		const made = await api.make_invite(Number(uses), Number(days));
		set_url(made.url ?? null);
		set((all) => [made, ...all]);
	});
	const until = (it: api.Invite) => day(new Date(it.expires_at), new Date(), t.time.locale);
	return (
		<section class="sheet pad stack" aria-labelledby="i">
			<h2 id="i">{t.settings.invites}</h2>
			<Form class="stack" send={send} aria-labelledby="i">
				<Field label={t.settings.invite_uses} name="uses" type="number" value={uses} set={set_uses}
					error={doing.error} />
				<Field label={t.settings.invite_days} name="days" type="number" value={days} set={set_days}
					error={doing.error} />
				<FormErr error={doing.error} fields={["uses", "days"]} />
				<button class="btn" disabled={doing.busy}>{t.settings.invite_make}</button>
			</Form>
			{url && <InviteLink url={url} />}
			{error && !data && <Failed error={error} again={reload} />}
			{data?.length === 0 && <p class="soft">{t.settings.invite_none}</p>}
			{data?.map((it) => (
				<div class="row sent" key={it.id}>
					<div>{t.settings.invite_left(it.uses_left, until(it))}</div>
					<button type="button" class="btn quiet" disabled={doing.busy}
						aria-label={t.settings.invite_end_name(until(it))}
						onClick={() => doing.run(async () => {
							await api.end_invite(it.id);
							set((all) => all.filter((one) => one.id !== it.id));
						})}>
						{t.settings.invite_end}
					</button>
				</div>
			))}
		</section>
	);
}
