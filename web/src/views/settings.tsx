// settings.tsx - how friends see me, my keys, whom I keep away, how the page looks, and leaving; each a part of its own.

import { useEffect } from "preact/hooks";

import { overdue, useApp, useMe } from "../app";
import { SignOut } from "../parts/sign-out";
import { worded } from "../parts/worded";
import { Invites } from "./settings/invites";
import { Keys } from "./settings/keys";
import { Erase, Take } from "./settings/leaving";
import { Language, Look } from "./settings/look";
import { Password } from "./settings/password";
import { Apart, Filters } from "./settings/people";
import { OwnPictures, Profile, Question, RangeChoice } from "./settings/profile";
import { Sessions } from "./settings/sessions";

const JurorChoice = worded(["order"], async () => (await import("./order")).JurorChoice);

function Out() {
	const { t } = useApp();
	return (
		<section class="sheet pad stack" aria-label={t.settings.more}>
			<p class="line"><a class="btn" href="/tags">{t.settings.tags}</a>
				<a class="btn" href="/groups">{t.groups.title}</a>
				<a class="btn" href="/held">{t.held.title}</a>
				<a class="btn" href="/report">{t.order.reports}</a></p>
			<SignOut class="btn stop" />
			<p class="hint">{t.settings.out_hint}</p>
		</section>
	);
}

export function Settings() {
	const me = useMe();
	useEffect(() => {
		if (location.hash)
			document.getElementById(location.hash.slice(1))?.scrollIntoView();
	}, []);
	if (overdue(me))
		return (
			<>
				<Keys />
				<Password />
				<Sessions />
				<section class="sheet pad"><SignOut class="btn stop" /></section>
				<Erase />
			</>
		);
	return (
		<>
			<Profile />
			<OwnPictures />
			<RangeChoice />
			<Question />
			<Sessions />
			<Keys />
			<Password />
			<Apart />
			<Filters />
			<Language />
			<Look />
			{me.kith_role !== "member" && <Invites />}
			<JurorChoice link />
			<Take />
			<Out />
			<Erase />
		</>
	);
}
