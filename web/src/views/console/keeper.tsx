// keeper.tsx - what the keeper sets of the order: holidays, the overturn limit, when a member may be a juror; and is told of its clock.

import { useState } from "preact/hooks";

import { useApp, useDoing, useLoad } from "../../app";
import * as order from "../../api/order";
import { Err, Failed, Field, Form, FormErr, Loading } from "../../parts/form";
import { useConsole } from "../../parts/worded";
import { exact } from "../../pure/time";

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const lines_of = (text: string) => text.split("\n").map((it) => it.trim()).filter(Boolean);

function Sheet({ now }: { now: order.OrderSettings }) {
	const { t, say } = useApp();
	const c = useConsole();
	const doing = useDoing();
	const [days, set_days] = useState(now.holidays.join("\n"));
	const [limit, set_limit] = useState(String(now.overturn_limit));
	const [juror, set_juror] = useState(String(now.juror_days));
	const [version, set_version] = useState(now.version);
	const [asked, set_asked] = useState(false);
	const bad = lines_of(days).find((it) => !DAY.test(it) || Number.isNaN(Date.parse(it)));
	const number = (text: string) => (/^\d{1,4}$/.test(text.trim()) ? null : c.number_bad);
	const send = () => {
		set_asked(true);
		if (bad || number(limit) || number(juror))
			return;
		doing.run(async () => {
			const saved = await order.set_order({
				holidays: lines_of(days), overturn_limit: Number(limit), juror_days: Number(juror), version,
			});
			set_version(saved.version);
			say({ text: t.saved });
		});
	};
	const load = () => doing.run(async () => {
		const theirs = await order.order_settings();
		set_days(theirs.holidays.join("\n"));
		set_limit(String(theirs.overturn_limit));
		set_juror(String(theirs.juror_days));
		set_version(theirs.version);
		set_asked(false);
	});
	const late = doing.error?.field === "version";
	return (
		<div class="desk one">
			<Form class="panel" send={send} aria-labelledby="order-settings">
				<h2 id="order-settings">{c.settings}</h2>
				<div class="pad">
					<Field label={c.holidays} name="holidays" rows={8} mono value={days} set={set_days} hint={c.holidays_hint}
						wrong={asked && bad ? c.holidays_bad(bad) : null} error={doing.error} />
					<Field label={c.limit} name="overturn_limit" value={limit} set={set_limit} hint={c.limit_hint}
						wrong={asked ? number(limit) : null} error={doing.error} />
					<Field label={c.juror_days} name="juror_days" value={juror} set={set_juror}
						wrong={asked ? number(juror) : null} error={doing.error} />
					{late && <Err text={c.settings_late} />}
					<FormErr error={doing.error} fields={["holidays", "overturn_limit", "juror_days", "version"]} />
					<div class="line">
						<button class="btn go" disabled={doing.busy || late}>{t.save}</button>
						{late && <button type="button" class="btn" disabled={doing.busy} onClick={load}>{c.settings_load}</button>}
					</div>
				</div>
			</Form>
		</div>
	);
}

export function OrderSettings() {
	const { data, error, reload } = useLoad("order settings", order.order_settings);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	return data ? <Sheet now={data} /> : <Loading />;
}

/** The server's clock is not believed. */
export function Doubted() {
	const { t } = useApp();
	const day = (at: string) => exact(new Date(at), t.time.locale);
	const c = useConsole();
	const clock = useLoad("order settings", order.order_settings).data?.clock;
	if (!clock)
		return null;
	return <p class="err panel pad" role="status">{c.doubted(day(clock.wall), day(clock.order))} <code>kith order clock --is-right</code></p>;
}
