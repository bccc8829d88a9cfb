// figures.tsx - how much comes in, how long it waits, how often a rule is overturned; each plot with its sentence.

import { useMemo, useState } from "preact/hooks";

import { useApp, useLoad } from "../../app";
import * as order from "../../api/order";
import { Failed, Loading } from "../../parts/form";
import { Plot } from "../../parts/plot";
import { useConsole } from "../../parts/worded";
import { day } from "../../pure/time";

const PERIODS = [30, 90, 365];
const USUAL_LIMIT = 20;

function Inflow({ it, days }: { it: order.Figures; days: number }) {
	const { t } = useApp();
	const c = useConsole();
	const x = useMemo(() => it.days.map((d) => Date.parse(d) / 1000), [it]);
	const sum = it.inflow.reduce((a, b) => a + b, 0);
	const most = Math.max(0, ...it.inflow);
	const top = it.days[it.inflow.indexOf(most)] ?? "";
	const week = it.inflow.slice(-7).reduce((a, b) => a + b, 0);
	const says = c.inflow_says(sum, days, most, top && day(new Date(top), new Date(), t.time.locale), week);
	return (
		<figure class="panel pad stack">
			<figcaption class="stack"><h2>{c.inflow}</h2><p>{says}</p></figcaption>
			{sum > 0 && <Plot label={`${c.inflow}. ${says}`} x={x} y={it.inflow} names={null} />}
		</figure>
	);
}

function Age({ it }: { it: order.Figures }) {
	const { t } = useApp();
	const c = useConsole();
	const y = useMemo(() => [it.age.p50, it.age.p90].map((h) => Math.round(h * 10) / 10), [it]);
	const x = useMemo(() => [0, 1], []);
	const span = (hours: number) => {
		const whole = Math.round(hours);
		return t.time.span(Math.floor(whole / 24), whole % 24, Math.max(1, Math.round(hours * 60)));
	};
	const says = it.age.p90 > 0 ? c.age_says(span(it.age.p50), span(it.age.p90)) : c.age_none;
	return (
		<figure class="panel pad stack">
			<figcaption class="stack"><h2>{c.age}</h2><p>{says}</p></figcaption>
			{y.some((hours) => hours > 0) && <Plot label={`${c.age}. ${says}`} x={x} y={y} names={c.age_labels} unit={c.age_unit} />}
		</figure>
	);
}

function Rate({ it, limit }: { it: order.Figures; limit: number }) {
	const c = useConsole();
	const shown = useMemo(() => it.rules.filter((r) => r.decided > 0).slice(0, 8), [it]);
	const x = useMemo(() => shown.map((_, i) => i), [shown]);
	const y = useMemo(() => shown.map((r) => Math.round(100 * r.overturned / r.decided)), [shown]);
	const top = shown.reduce<order.RuleFigures | null>((a, b) =>
		(a && a.overturned / a.decided >= b.overturned / b.decided ? a : b), null);
	const says = top?.overturned === 0 ? c.rate_zero(limit) : top ? c.rate_says(top.rule, Math.round(100 * top.overturned / top.decided), top.decided, limit) : c.rate_none(limit);
	return (
		<figure class="panel pad stack">
			<figcaption class="stack"><h2>{c.rate}</h2><p>{says}</p></figcaption>
			{shown.length > 0 && <Plot label={`${c.rate}. ${says}`} x={x} y={y} names={shown.map((r) => r.rule)} unit=" %"
				limit={{ at: limit, name: `${limit} %` }} />}
		</figure>
	);
}

function PerRule({ it }: { it: order.Figures }) {
	const c = useConsole();
	const head = c.columns;
	return (
		<section class="panel" aria-labelledby="per-rule">
			<h2 id="per-rule">{c.table}</h2>
			<div class="pad">
				<div class="scroll" role="group" aria-label={c.table_caption} tabIndex={0}>
					<table>
						<caption class="sr">{c.table_caption}</caption>
						<thead><tr><th scope="col">{head.rule}</th><th scope="col" class="n">{head.caught}</th>
							<th scope="col" class="n">{head.appealed}</th><th scope="col" class="n">{head.decided}</th>
							<th scope="col" class="n">{head.overturned}</th><th scope="col" class="n">{head.milder}</th><th scope="col" class="n">{head.rate}</th></tr></thead>
						<tbody>
							{it.rules.map((r) => (
								<tr key={r.rule}>
									<th scope="row"><span class="mono">{r.rule}</span>{" "}
										{r.down && <span class="tag wait">{c.down}</span>}</th>
									<td class="n">{r.caught}</td><td class="n">{r.appealed}</td><td class="n">{r.decided}</td>
									<td class="n">{r.overturned}</td><td class="n">{r.milder}</td>
									<td class="n">{r.decided > 0 ? `${Math.round(100 * r.overturned / r.decided)} %` : "–"}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			</div>
		</section>
	);
}

export function Figures() {
	const c = useConsole();
	const [days, set_days] = useState(90);
	const { data, error, reload } = useLoad(`figures ${days}`, () => order.figures(days));
	const limit = useLoad("order settings", order.order_settings).data?.overturn_limit ?? USUAL_LIMIT;
	if (error && !data)
		return <Failed error={error} again={reload} />;
	return (
		<div class="desk one" aria-busy={data ? undefined : true}>
			<div class="stack">
				<h1 class="sr">{c.figures}</h1>
				<div class="line" role="group" aria-label={c.period}>
					{PERIODS.map((n) => (
						<button type="button" class="chip" key={n} aria-pressed={n === days} onClick={() => set_days(n)}>
							{c.period_days(n)}</button>
					))}
				</div>
				{!data && <Loading />}
				{data && (
					<>
						<Inflow it={data} days={days} />
						<div class="two"><Age it={data} /><Rate it={data} limit={limit} /></div>
						<PerRule it={data} />
					</>
				)}
			</div>
		</div>
	);
}
