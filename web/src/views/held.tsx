// held.tsx - my pieces that are held or labelled, each with its statement of reasons.

import * as api from "../api";
import { useApp, useLoad, useMe } from "../app";
import { Empty, Failed, Loading } from "../parts/form";
import { StateTag, Statement } from "../parts/measure";
import { useLang } from "../parts/words";
import { when } from "../pure/time";
import { Erase, Take } from "./settings/leaving";

function Past({ measure, reload }: { measure: api.Measure; reload: () => void }) {
	const { t } = useApp();
	const { attr } = useLang(measure.object.text);
	return (
		<details class="sheet">
			<summary class="line pad">
				<StateTag measure={measure} />
				<span class="soft">{when(new Date(measure.starts_at), t.time.locale)}</span>
				<span class="cut" lang={attr}>{measure.object.text}</span>
			</summary>
			<Statement measure={measure} main={false} gone={reload} />
		</details>
	);
}

export function Held() {
	const { t } = useApp();
	const me = useMe();
	const { data, error, reload } = useLoad("measures", api.measures);
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const active = data.filter((m) => m.state === "active");
	const past = data.filter((m) => m.state !== "active");
	return (
		<>
			{active.length !== 1 && <h1 class="sr">{t.held.title}</h1>}
			{active.length === 0 && <Empty title={t.held.none} text={t.held.none_more} />}
			{active.map((m) => (
				<Statement key={m.id} measure={m} main={active.length === 1} gone={reload} />
			))}
			{me.kith_sealed && <><Take /><Erase /></>}
			{past.length > 0 && (
				<section aria-labelledby="past">
					<div class="head"><h2 id="past">{t.held.earlier}</h2></div>
					{past.map((m) => <Past key={m.id} measure={m} reload={reload} />)}
				</section>
			)}
		</>
	);
}
