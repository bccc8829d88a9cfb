// held.tsx - what was done about me and mine, each with its statement of reasons; for who is sealed, all there is.

import * as api from "../../api";
import { useApp, useDoing, useLoad, useMe } from "../../app";
import * as order from "../../api/order";
import { HeldLine } from "../../parts/comments";
import { Empty, Failed, FormErr, Loading } from "../../parts/form";
import { Standing } from "../../parts/ladder";
import { Statement, StateTag, is_over } from "../../parts/measure";
import { useLang } from "../../parts/words";
import { useOrder } from "../../parts/worded";
import { when } from "../../pure/time";
import { useTold } from "../../pulse";
import { go } from "../../route";
import { Erase, Take } from "../settings/leaving";

/** So many are opened by themselves: below a hundred statements nobody finds where they stand. */
const OPEN_AT_ONCE = 5;

function Closed({ measure: m, reload }: { measure: api.Measure; reload: () => void }) {
	const { t } = useApp();
	const o = useOrder();
	const { attr } = useLang(m.object.text);
	return (
		<details class="sheet">
			<summary class="line pad">
				<StateTag measure={m} />
				{is_over(m) && <span class="b">{o.tags[m.kind]}</span>}
				<span class="soft">{when(new Date(m.starts_at), t.time.locale)}</span>
				{m.object.text && <span class="cut" lang={attr}>{m.object.text}</span>}
			</summary>
			<Statement measure={m} main={false} gone={reload} changed={reload} />
		</details>
	);
}

/** Days and roles: names are not told. */
function Looks() {
	const o = useOrder();
	const { data } = useLoad("accesses", order.accesses);
	if (!data || data.length === 0)
		return null;
	return (
		<details class="panel" id="looks">
			<summary class="line pad b">{o.looks}</summary>
			<div class="pad">
				<p class="soft">{o.looks_hint}</p>
				<ul class="rows">
					{data.map((it) => (
						<li>
							{it.day}: {o.look_roles[it.role]}
							{it.measure ? <>, <a href={`/held?id=${it.measure}`}>{o.look_at}</a></> : `, ${o.look_case}`}
						</li>
					))}
				</ul>
			</div>
		</details>
	);
}

function All() {
	const o = useOrder();
	const me = useMe();
	const more = useDoing();
	const { data, error, set, reload } = useLoad("all measures", () => order.measures());
	useTold(reload);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const now = data.items.filter((m) => !is_over(m));
	const past = data.items.filter(is_over);
	return (
		<>
			{now.length !== 1 && <h1 class="sr">{o.measures}</h1>}
			{now.length === 0 && <Empty title={o.none} text={o.none_more} />}
			{now.slice(0, OPEN_AT_ONCE).map((m) => (
				<Statement key={m.id} measure={m} main={now.length === 1} gone={reload} changed={reload} />
			))}
			{now.slice(OPEN_AT_ONCE).map((m) => <Closed key={m.id} measure={m} reload={reload} />)}
			<Standing current={now.map((m) => m.kind)} />
			<Looks />
			{me.kith_sealed && <><Take /><Erase /></>}
			{past.length > 0 && (
				<section aria-labelledby="past">
					<div class="head"><h2 id="past">{o.earlier}</h2></div>
					{past.map((m) => <Closed key={m.id} measure={m} reload={reload} />)}
				</section>
			)}
			<FormErr error={more.error} />
			{data.next && (
				<div class="pad">
					<button type="button" class="btn full" disabled={more.busy} onClick={() => more.run(async () => {
						const next = await order.measures(data.next);
						set((d) => ({ items: [...d.items, ...next.items], next: next.next }));
					})}>{o.more}</button>
				</div>
			)}
		</>
	);
}

function ToAll() {
	const o = useOrder();
	return <p class="pad"><a class="btn" href="/held">{o.all}</a></p>;
}

function One({ id }: { id: string }) {
	const { data, error, reload } = useLoad(`measure ${id}`, () => order.measure(id));
	useTold(reload);
	if (error && !data)
		return <><Failed error={error} again={reload} /><ToAll /></>;
	if (!data)
		return <Loading />;
	return <><Statement measure={data} main gone={() => go("/held", true)} changed={reload} /><ToAll /></>;
}

export function Held({ query }: { query: URLSearchParams }) {
	const id = query.get("id");
	return id && /^\d+$/.test(id) ? <One key={id} id={id} /> : <All />;
}

/** What is shown at once when the answer to writing is "held". */
export function HeldAnswer({ status }: { status: api.Status }) {
	const { data, error, reload } = useLoad(`measures ${status.id}`, () => order.measures());
	useTold(reload);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	const pending = status.kith_pending?.measure_id;
	const measure = data?.items.find((m) => (pending ? m.id === pending : m.object.id === status.id));
	if (!data)
		return <Loading />;
	if (!measure)
		return <div class="sheet pad"><HeldLine state="held" /></div>;
	return <><Statement measure={measure} main gone={() => go("/", true)} changed={reload} /><ToAll /></>;
}
