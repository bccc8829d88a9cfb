// juror.tsx - being willing to sit on juries, or no more.

import { useApp, useDoing, useLoad } from "../../app";
import * as order from "../../api/order";
import { Failed, FormErr, Loading } from "../../parts/form";
import { useBoth } from "../../parts/measure";
import { useOrder } from "../../parts/worded";
import { day } from "../../pure/time";

export function JurorChoice({ link }: { link?: boolean }) {
	const { t, say } = useApp();
	const o = useOrder();
	const j = o.jury;
	const both = useBoth();
	const doing = useDoing();
	const { data, error, set, reload } = useLoad("juror", order.juror);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const turn = () => doing.run(async () => {
		const next = await order.be_juror(!data.willing);
		set(() => next);
		say({ text: next.willing ? j.joined : j.left });
	});
	return (
		<section class="sheet pad stack" aria-labelledby="juror">
			<h2 id="juror">{j.willing}</h2>
			<p>{j.willing_about}</p>
			{data.willing && data.since && <p>{j.on(day(new Date(data.since), new Date(), t.time.locale))} {j.record(data.asked, data.skipped)}</p>}
			{data.number && <p>{j.number}: <span class="mono">{data.number}</span><br /><span class="hint">{j.number_hint}</span></p>}
			{!data.may && data.why && <p class="wait" id="juror-why">{both(data.why)}</p>}
			<FormErr error={doing.error} />
			<p class="line">
				<button type="button" class={data.willing ? "btn" : "btn go"} onClick={turn}
					disabled={doing.busy || (!data.willing && !data.may)}
					aria-describedby={!data.may && data.why ? "juror-why" : undefined}>
					{data.willing ? j.leave : j.join}</button>
				{link && <a class="btn" href="/juries">{j.look}</a>}
			</p>
		</section>
	);
}
