// notices.tsx - what happened that is meant for me; held pieces first.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad } from "../app";
import { Empty, Failed, FormErr, Loading } from "../parts/form";
import { Rings } from "../parts/icon";
import { Called, Face, Name, Time, path_of } from "../parts/person";
import { Plain, text_of, useLang } from "../parts/words";

function target(it: api.Notice): string {
	if (it.status) {
		const post = it.status.kith_post_id;
		return post ? `/posts/${post}#c${it.status.id}` : `/posts/${it.status.id}`;
	}
	if (it.kith_group)
		return `/groups/${it.kith_group.id}`;
	return it.kith_kind === "request" ? "/friends" : path_of(it.account);
}

/** What the house says by itself, and where it is read whole. */
const HOUSE: Partial<Record<api.Notice["kith_kind"], string>> = {
	held: "/held", decided: "/held", measure: "/held", measure_over: "/held", rule_down: "/rules", jury: "/juries",
};

function house_target(it: api.Notice): string | undefined {
	const place = HOUSE[it.kith_kind];
	if (it.kith_seat)
		return `/juries?id=${it.kith_seat}`;
	return place === "/held" && it.kith_measure_id ? `/held?id=${it.kith_measure_id}` : place;
}

/** A line of the house: no person did this. */
function HouseLine({ it, href }: { it: api.Notice; href: string }) {
	const { t } = useApp();
	return (
		<li class="row">
			<span class="av house"><Rings /></span>
			<div>
				<p class="b">{t.notices.kinds[it.kith_kind]}</p>
				<p class="soft small"><Time at={it.created_at} /> · <a href={href}>
					{it.kith_kind === "jury" ? t.notices.judge : t.notices.look}</a></p>
			</div>
		</li>
	);
}

/** Whether it was acted on, and nothing of what was done to whom. */
function ReportLine({ it }: { it: api.Notice }) {
	const { t } = useApp();
	const acted = it.kith_report?.outcome === "right";
	const text = it.status ? text_of(it.status) : "";
	const { own, attr } = useLang(text);
	return (
		<li class="row">
			<span class="av house"><Rings /></span>
			<div>
				<p class="b">{acted ? t.notices.report_acted : t.notices.kinds.reported}</p>
				{text && <p class="cut" lang={attr}><Plain text={text} lang={own} /></p>}
				<p class="soft small"><Time at={it.created_at} /> · <a href="/report">{t.order.reports}</a></p>
			</div>
		</li>
	);
}

/** Later comments on a post one took part in: off with one tap, here where they arrive. */
function Hush({ status }: { status: api.Status }) {
	const { t, say } = useApp();
	const doing = useDoing();
	const [off, set_off] = useState(status.muted === true);
	const turn = () => doing.run(async () => {
		await api.mute_post(status.kith_post_id ?? status.id, !off);
		set_off(!off);
		say({ text: off ? t.post.hear_done : t.post.hush_done });
	});
	return (
		<button type="button" class="btn quiet" disabled={doing.busy} aria-pressed={off} onClick={turn}>
			{off ? t.post.hear : t.post.hush}
		</button>
	);
}

function Line({ it }: { it: api.Notice }) {
	const { t } = useApp();
	const text = it.status ? text_of(it.status) : "";
	const { own, attr } = useLang(text);
	return (
		<li class="row">
			<Face who={it.account} />
			<div>
				<p><Name who={it.account} />{t.notices.kinds[it.kith_kind] ?? t.notices.something}</p>
				{it.kith_group && <p class="cut b"><Called name={it.kith_group.title} /></p>}
				{text && <p class="cut" lang={attr}><Plain text={text} lang={own} /></p>}
				<p class="soft small"><a class="when" href={target(it)}><Time at={it.created_at} /></a></p>
			</div>
			{it.kith_kind === "also" && it.status && <Hush status={it.status} />}
		</li>
	);
}

function HeldSlips() {
	const { t } = useApp();
	const { data } = useLoad("measures", api.newest_measures);
	const active = data?.filter((m) => m.state === "active" && m.kind === "hold") ?? [];
	return (
		<>
			{active.map((m) => (
				<div class="slip w flat line" key={m.id}>
					<span class="who"><Rings /></span>
					<p>{m.object.type === "post" ? t.notices.held_post : t.notices.held_comment}{" "}
						<a href="/held">{t.notices.look}</a></p>
				</div>
			))}
		</>
	);
}

/** What has been seen is kept on the server, so that other devices know it too. */
function useRead(newest: string | undefined): void {
	const { refresh_counts } = useApp();
	const told = useRef("");
	useEffect(() => {
		if (!newest || newest === told.current)
			return;
		told.current = newest;
		// Unread is a convenience: when it fails the count simply stays.
		api.read_up_to(newest).then(refresh_counts, () => {});
	}, [newest]);
}

export function Notices() {
	const { t } = useApp();
	const more = useDoing();
	const { data, error, set, reload } = useLoad("notices", () => api.notices());
	useRead(data?.items[0]?.id);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	return (
		<>
			<HeldSlips />
			{!data && <Loading />}
			{data && data.items.length === 0
				&& <Empty title={t.notices.none} text={t.notices.none_more} />}
			{data && data.items.length > 0 && (
				<section class="sheet" aria-label={t.notices.title}>
					<ul class="rows">
						{data.items.map((it) => {
							const house = house_target(it);
							return house ? <HouseLine key={it.id} it={it} href={house} />
								: it.kith_kind === "reported" ? <ReportLine key={it.id} it={it} />
								: <Line key={it.id} it={it} />;
						})}
					</ul>
				</section>
			)}
			<FormErr error={more.error} />
			{data?.next && (
				<div class="pad">
					<button type="button" class="btn full" disabled={more.busy}
						onClick={() => more.run(async () => {
							const page = await api.notices(data.next);
							set((d) => ({ items: [...d.items, ...page.items], next: page.next }));
						})}>
						{t.notices.earlier}
					</button>
				</div>
			)}
		</>
	);
}
