// review.tsx - the steward's desk: what is held, oldest first, with release and keep.

import { useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad } from "../app";
import { Empty, Failed, Field, Form, FormErr, Loading } from "../parts/form";
import { Icon } from "../parts/icon";
import { Clock, Law, Marked, Reasons, StateTag } from "../parts/measure";
import { Face, Name } from "../parts/person";
import { useLang } from "../parts/words";
import { left, when } from "../pure/time";

function Queue({ all, current }: { all: api.Review[]; current: string }) {
	const { t } = useApp();
	return (
		<nav class="panel queue" aria-label={t.review.queue}>
			<h2>{t.review.queue}</h2>
			<ul class="rows">
				{all.map((it) => <QueueLine key={it.measure.id} it={it} current={current} />)}
			</ul>
		</nav>
	);
}

function QueueLine({ it, current }: { it: api.Review; current: string }) {
	const { t } = useApp();
	const { measure } = it;
	const { attr } = useLang(measure.object.text);
	const end = measure.ends_at ? new Date(measure.ends_at) : null;
	return (
		<li>
			<a href={`/review?id=${measure.id}`}
				aria-current={measure.id === current ? "true" : undefined}>
				<p class="b cut" lang={attr}>{measure.object.text}</p>
				<p class="small soft num">
					{measure.object.type === "comment" ? t.review.kind.comment : t.review.kind.post}{t.comma}<span class="mono">{measure.rule.id}</span>
					{end && <>{t.comma}{t.review.left(left(end, new Date(), t.time))}</>}
				</p>
			</a>
		</li>
	);
}

function Case({ it }: { it: api.Review }) {
	const { t } = useApp();
	const { measure, account } = it;
	return (
		<div class="stack">
			<header class="panel pad stack">
				<p class="line">
					<span class="tag bad"><span class="mono">{measure.rule.id}</span></span>
					<StateTag measure={measure} />
					<span class="soft end num">
						{t.review.since(when(new Date(measure.starts_at), t.time.locale))}
					</span>
				</p>
				<div class="line">
					<Face who={account} size="s" />
					<p><Name who={account} /> <span class="soft">@{account.username}</span></p>
				</div>
			</header>
			<section class="panel" aria-labelledby="ev">
				<h2 id="ev">{t.review.text}</h2>
				<div class="pad">
					<Marked measure={measure} />
					<p class="small soft">{t.review.looked}</p>
				</div>
			</section>
			<section class="panel" aria-labelledby="tr">
				<h2 id="tr">{t.review.why}</h2>
				<div class="pad">
					<Reasons measure={measure} />
					<Law measure={measure} />
					<p class="num">{t.review.score} <b>{measure.score.toFixed(2)}</b>{" · "}
						{t.review.malice} <b>{measure.malice.toFixed(2)}</b></p>
				</div>
			</section>
		</div>
	);
}

function Decision({ it, done }: { it: api.Review; done: () => void }) {
	const { t, say } = useApp();
	const doing = useDoing();
	const [note, set_note] = useState("");
	const decide = (release: boolean) => doing.run(async () => {
		try {
			await api.decide(it.measure.id, release, note.trim());
			say({ text: release ? t.review.released : t.review.kept });
		} catch (e) {
			if (!(e instanceof api.ApiError) || (e.status !== 409 && e.status !== 404))
				throw e;
			say({ text: t.review.decided });
		}
		done();
	});
	return (
		<Form class="panel stick" send={() => {}} aria-labelledby="de">
			<h2 id="de">{t.review.decision}</h2>
			<div class="pad">
				<Clock measure={it.measure} steward />
				<Field label={t.review.note} name="note" value={note} set={set_note} rows={4} max={500}
					hint={t.review.note_hint} error={doing.error} />
				<FormErr error={doing.error} fields={["note"]} />
				<div>
					<button type="button" class="btn go full" disabled={doing.busy}
						onClick={() => decide(true)}>
						<Icon name="check" />{t.review.release}
					</button>
					<p class="hint">{t.review.release_hint}</p>
				</div>
				<div>
					<button type="button" class="btn full" disabled={doing.busy}
						onClick={() => decide(false)}>
						<Icon name="lock" />{t.review.keep}
					</button>
					<p class="hint">{t.review.keep_hint}</p>
				</div>
			</div>
		</Form>
	);
}

export function Review({ query }: { query: URLSearchParams }) {
	const { t } = useApp();
	const { data, error, set, reload } = useLoad("review", api.review);
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const it = data.find((r) => r.measure.id === query.get("id")) ?? data[0];
	if (!it)
		return <Empty title={t.review.none} text={t.review.none_more} />;
	const done = () => {
		set((all) => all.filter((r) => r.measure.id !== it.measure.id));
		document.getElementById("main")?.focus({ preventScroll: true });
	};
	return (
		<div class="desk">
			<Queue all={data} current={it.measure.id} />
			<Case it={it} />
			<Decision key={it.measure.id} it={it} done={done} />
		</div>
	);
}
