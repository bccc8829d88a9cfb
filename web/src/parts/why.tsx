// why.tsx - what the house says of a piece that goes on showing: why it bears a label, or under whose copy it is folded.

import type { ComponentChildren } from "preact";

import * as api from "../api";
import { useApp, useMe } from "../app";
import { Rings } from "./icon";
import { Called, name_of } from "./person";

function Line({ children }: { children: ComponentChildren }) {
	const { t } = useApp();
	return <p class="slip fine"><span class="who"><Rings /> {t.house}</span> {children}</p>;
}

/** `whole`: on its own page, where no list puts copies together. A hold has a line of its own. */
export function Why({ of: it, whole = false }: { of: api.Status; whole?: boolean }) {
	const { t } = useApp();
	const me = useMe();
	const mine = it.account.id === me.id;
	const said = it.kith_measures ?? [];
	const labels = said.filter((m) => m.kind === "label");
	const fold = said.find((m) => m.kind === "fold");
	const first = it.kith_fold;
	const why = (m: api.Said) => m.id && <> <a class="re" href={`/held?id=${m.id}`}>{t.post.appeal}</a></>;
	return (
		<>
			{labels.map((m) => (
				<Line key={m.rule.id}>{t.lang === "en" ? m.rule.text.en : m.rule.text.zh}
					{m.rule.clause && <> <a class="re" href="/rules">{t.post.rule(m.rule.clause)}</a></>}{why(m)}</Line>
			))}
			{fold && mine && <Line>{first ? t.post.fold_under(name_of(first.account)) : t.post.fold_mine}{why(fold)}</Line>}
			{first && whole && !mine && (
				<Line><Called name={name_of(first.account)} />{t.post.fold_first}{" "}
					<a class="re" href={`/posts/${first.first}`}>{t.post.show}</a></Line>
			)}
		</>
	);
}
