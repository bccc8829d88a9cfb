// groups.tsx - the groups I am in, those I am invited to, and making one.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing } from "../app";
import { Failed, Field, Form, FormErr, Loading } from "../parts/form";
import { load_groups, set_groups, useGroups } from "../parts/groups";
import { Icon } from "../parts/icon";
import { Called, Letter, foreign, name_of } from "../parts/person";
import { go } from "../route";

/** An invitation: what an invited person may see, and the two answers. */
export function Invited(
	{ group, alone = false, done }: { group: api.Group; alone?: boolean; done: (joined: boolean) => void },
) {
	const { t } = useApp();
	const doing = useDoing();
	const answer = (yes: boolean) => doing.run(async () => {
		await (yes ? api.accept_group(group.id) : api.leave_group(group.id));
		await load_groups();
		done(yes);
	});
	return (
		<article class="pad stack" aria-label={group.title}>
			{alone ? <h1><Called name={group.title} /></h1> : <p class="b"><Called name={group.title} /></p>}
			{group.about && <p lang={foreign(group.about, t.lang)}>{group.about}</p>}
			<p class="soft small">{t.groups.owned_by}<Called name={name_of(group.owner)} />
				{group.invited_by && <> · {t.groups.invited_by}<Called name={name_of(group.invited_by)} /></>}</p>
			<FormErr error={doing.error} />
			<div class="line">
				<button type="button" class="btn go" disabled={doing.busy} onClick={() => answer(true)}>
					{t.groups.accept}</button>
				<button type="button" class="btn" disabled={doing.busy} onClick={() => answer(false)}>
					{t.groups.decline}</button>
			</div>
			<p class="hint">{t.groups.accept_hint}</p>
		</article>
	);
}

function Make() {
	const { t } = useApp();
	const doing = useDoing();
	const [title, set_title] = useState("");
	const [about, set_about] = useState("");
	const send = () => {
		if (title.trim())
			doing.run(async () => {
				const made = await api.make_group(title.trim(), about.trim());
				await load_groups();
				go(`/groups/${made.id}`);
			});
	};
	return (
		<details class="sheet">
			<summary class="line pad b"><Icon name="plus" />{t.groups.make}</summary>
			<Form class="pad stack" send={send}>
				<Field label={t.groups.name} name="title" value={title} set={set_title} max={60} error={doing.error} />
				<Field label={t.groups.about} name="about" value={about} set={set_about} max={500} rows={2}
					error={doing.error} hint={t.groups.about_hint} />
				<FormErr error={doing.error} fields={["title", "about"]} />
				<button class="btn go" disabled={doing.busy || !title.trim()}>{t.groups.make_go}</button>
			</Form>
		</details>
	);
}

export function Groups() {
	const { t, say } = useApp();
	const doing = useDoing();
	const groups = useGroups();
	useEffect(() => doing.run(load_groups), []);
	if (doing.error && !groups)
		return <Failed error={doing.error} again={() => doing.run(load_groups)} />;
	if (!groups)
		return <Loading />;
	const invited = groups.filter((g) => g.role === "invited");
	const mine = groups.filter((g) => g.role !== "invited");
	return (
		<>
			{invited.length > 0 && (
				<section class="sheet" aria-labelledby="gi">
					<div class="head"><h2 id="gi">{t.groups.invitations}</h2></div>
					<div class="rows">{invited.map((g) => <Invited key={g.id} group={g} done={(joined) => {
						say({ text: joined ? t.groups.joined : t.groups.declined });
						set_groups(groups.filter((it) => it.id !== g.id || joined));
						if (joined)
							go(`/groups/${g.id}`);
					}} />)}</div>
				</section>
			)}
			<section class="sheet" aria-labelledby="gm">
				<div class="head"><h2 id="gm">{t.groups.mine(mine.length)}</h2></div>
				{mine.length === 0 && <p class="pad soft">{t.groups.none}</p>}
				<ul class="rows">
					{mine.map((g) => (
						<li key={g.id}>
							<a class="row" href={`/groups/${g.id}`}>
								<Letter id={g.id} name={g.title} />
								<span><b><Called name={g.title} /></b>
									<span class="soft small block">{t.groups.members(g.members_count)}</span></span>
							</a>
						</li>
					))}
				</ul>
			</section>
			<Make />
		</>
	);
}
