// rules.tsx - the rules as public acts: their versions, what each changes in words, and what would change for me.

import type { Both } from "../../api";
import { useApp, useLoad } from "../../app";
import * as order from "../../api/order";
import { Empty, Failed, Loading } from "../../parts/form";
import { Icon, Rings } from "../../parts/icon";
import { useBoth } from "../../parts/measure";
import { useLang } from "../../parts/words";
import { useOrder } from "../../parts/worded";
import { day, when } from "../../pure/time";

function StateTags({ it }: { it: order.PolicyLine }) {
	const o = useOrder();
	const shade = it.state === "in_force" ? "good" : it.state === "announced" ? "wait" : "soft";
	return (
		<>
			<span class={`tag ${shade}`}>{o.rules.states[it.state]}</span>
			{it.urgent && <span class="tag wait"><Icon name="warn" />{o.rules.urgent}</span>}
		</>
	);
}

/** When it was published, and from when it binds. */
function Dates({ it }: { it: order.PolicyLine }) {
	const { t } = useApp();
	const o = useOrder();
	const date = (at: string) => day(new Date(at), new Date(), t.time.locale);
	return (
		<p class="soft small">{it.published_at && <>{o.rules.published(date(it.published_at))}{" · "}</>}
			{it.state === "in_force" && it.binds_at && <>{o.rules.since(date(it.binds_at))}{" · "}</>}
			<span class="mono">{it.hash.slice(0, 8)}</span></p>
	);
}

function Notes({ it }: { it: order.PolicyLine }) {
	const { t } = useApp();
	const o = useOrder();
	return (
		<>
			{it.state === "announced" && it.binds_at && <p>{o.rules.binds(when(new Date(it.binds_at), t.time.locale))}</p>}
			{it.urgent && it.urgent_until && <p>{o.rules.urgent_about(day(new Date(it.urgent_until), new Date(), t.time.locale))}</p>}
			{it.down.length > 0 && (
				<div class="slip fine">
					<p class="who"><Rings /> {o.rules.down}</p>
					<p><span class="mono">{it.down.join(", ")}</span></p>
					<p>{o.rules.down_about}</p>
				</div>
			)}
		</>
	);
}

function Changes({ policy }: { policy: order.Policy }) {
	const o = useOrder();
	const both = useBoth();
	return (
		<section class="sheet pad stack" aria-labelledby="diff">
			<h2 id="diff">{o.rules.diff}</h2>
			{policy.diff.length === 0 && <p class="soft">{o.rules.no_diff}</p>}
			<ul class="stack">
				{policy.diff.map((it) => (
					<li>
						<p class="line"><span class="tag soft">{o.rules.kinds[it.kind]}</span><span class="mono">{it.what}</span></p>
						<p>{both(it as Both)}</p>
					</li>
				))}
			</ul>
		</section>
	);
}

function Piece({ it }: { it: order.ForMe["changed"][number] }) {
	const o = useOrder();
	const both = useBoth();
	const { attr } = useLang(it.text);
	const act = (word: string) => o.rules.acts[word as keyof typeof o.rules.acts] ?? word;
	return (
		<li class="stack">
			<blockquote class="quote said" lang={attr}><a class="cover-link" href={`/posts/${it.status_id}`}>{it.text}</a></blockquote>
			<p><b>{o.rules.was_will(act(it.was), act(it.will))}</b> {both(it.text_reason)} <span class="mono soft">{it.rule}</span></p>
		</li>
	);
}

function ForMe({ hash }: { hash: string }) {
	const o = useOrder();
	const { data, error, reload } = useLoad(`for me ${hash}`, () => order.policy_for_me(hash));
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	return (
		<section class="sheet pad stack" aria-labelledby="me">
			<h2 id="me">{o.rules.for_me}</h2>
			<p class="soft">{o.rules.for_me_about(data.days, data.pieces)}</p>
			{data.changed.length === 0
				? <p class="slip g">{o.rules.for_me_none}</p>
				: <ul class="stack wide">{data.changed.map((it) => <Piece key={it.status_id} it={it} />)}</ul>}
		</section>
	);
}

/** Whom the version would have hit, by kinds of members. */
function Hit({ it }: { it: order.Rehearsal }) {
	const o = useOrder();
	const rows = Object.entries(it).filter((row): row is [string, Record<string, order.Count>] => typeof row[1] === "object");
	const columns = Object.keys(o.rules.counts) as (keyof typeof o.rules.counts)[];
	return (
		<section class="sheet pad stack" aria-labelledby="reh">
			<h2 id="reh">{o.rules.rehearsal}</h2>
			<p class="soft">{o.rules.rehearsal_about(it.days, String(it.pieces), String(it.changed))}</p>
			<div class="scroll" role="group" aria-label={o.rules.rehearsal_table} tabIndex={0}>
				<table>
					<thead><tr><td />{columns.map((name) => <th scope="col" class="n">{o.rules.counts[name]}</th>)}</tr></thead>
					<tbody>{rows.map(([name, row]) => (
						<tr><th scope="row">{o.rules.cohorts[name] ?? name}</th>{columns.map((column) => <td class="n">{row[column]}</td>)}</tr>
					))}</tbody>
				</table>
			</div>
		</section>
	);
}

function One({ hash }: { hash: string }) {
	const o = useOrder();
	const { data, error, reload } = useLoad(`policy ${hash}`, () => order.policy(hash));
	if (error)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	return (
		<>
			<header class="sheet pad stack">
				<p class="line"><StateTags it={data} /></p>
				<h1>{o.rules.version(data.name, data.version)}</h1>
				<Dates it={data} />
				<Notes it={data} />
				<p><a href="/rules">{o.rules.all}</a></p>
			</header>
			{data.differs_from && <Changes policy={data} />}
			{data.state === "announced" && <ForMe hash={data.hash} />}
			{data.rehearsal && <Hit it={data.rehearsal} />}
			<details class="sheet">
				<summary class="line pad b">{o.rules.source}</summary>
				<pre class="source" tabIndex={0}>{data.source}</pre>
			</details>
		</>
	);
}

function All() {
	const o = useOrder();
	const { data, error, reload } = useLoad("policies", order.policies);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	return (
		<>
			<div class="pad stack"><p>{o.rules.about}</p></div>
			{data.length === 0 && <Empty title={o.rules.none} text={o.rules.about} />}
			{data.length > 0 && (
				<section class="sheet" aria-label={o.rules.all}>
					<ul class="rows">
						{data.map((it) => (
							<li class="row" key={it.hash}>
								<div class="stack">
									<p class="line"><a class="b" href={`/rules?version=${it.hash}`}>{o.rules.version(it.name, it.version)}</a>
										<StateTags it={it} /></p>
									<Dates it={it} />
									<Notes it={it} />
								</div>
							</li>
						))}
					</ul>
				</section>
			)}
			<p class="pad"><a href="/policies">{o.rules.plain}</a></p>
		</>
	);
}

export function Rules({ query }: { query: URLSearchParams }) {
	const hash = query.get("version");
	return hash ? <One key={hash} hash={hash} /> : <All />;
}
