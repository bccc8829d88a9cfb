// sessions.tsx - where I am signed in, with the way to end each from here.

import * as api from "../../api";
import { useApp, useDoing, useLoad } from "../../app";
import { Failed, FormErr, Loading } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { ago, day } from "../../pure/time";

const SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux"];
const BROWSERS: [string, string][] = [
	["Firefox/", "Firefox"], ["Edg/", "Edge"], ["OPR/", "Opera"], ["MicroMessenger", "WeChat"],
	["Chrome/", "Chrome"], ["Safari/", "Safari"],
];

/** "Linux, Firefox" from a User-Agent; null when it says nothing we know. */
function device(agent: string | null): string | null {
	const system = SYSTEMS.find((name) => agent?.includes(name));
	const browser = BROWSERS.find(([sign]) => agent?.includes(sign))?.[1];
	return [system, browser].filter(Boolean).join(", ") || null;
}

export function Sessions() {
	const { t, say } = useApp();
	const doing = useDoing();
	const { data, error, set, reload } = useLoad("sessions", api.sessions);
	const now = new Date();
	if (error && !data)
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const title = (s: api.Session) => s.app || device(s.user_agent) || t.settings.kinds[s.kind];
	const at = (time: string) => ago(new Date(time), now, t.time);
	const end = (which: api.Session) => doing.run(async () => {
		await api.end_session(which.id);
		set((all) => all.filter((s) => s.id !== which.id));
		say({ text: t.settings.ended });
	});
	const end_others = () => doing.run(async () => {
		await api.end_other_sessions();
		set((all) => all.filter((s) => s.current));
		say({ text: t.settings.ended });
	});
	const others = data.filter((s) => !s.current);
	return (
		<section class="sheet" aria-labelledby="s">
			<div class="head"><h2 id="s">{t.settings.sessions}</h2></div>
			<ul class="rows">
				{data.map((s) => (
					<li class="row" key={s.id}>
						<Icon name={/Android|iPhone|iPad/.test(s.user_agent ?? "") || s.kind === "app" ? "phone" : "laptop"} />
						<div>
							<p><b>{title(s)}</b>{" "}
								{s.current && <span class="tag good">{t.settings.this_one}</span>}</p>
							<p class="soft small">{t.settings.kinds[s.kind]}
								{s.last_used_at && <> · {t.settings.used(at(s.last_used_at))}</>}
								{" · "}{t.settings.since(day(new Date(s.created_at), now, t.time.locale))}</p>
						</div>
						{!s.current && (
							<button type="button" class="btn" disabled={doing.busy}
								aria-label={t.settings.end_name(title(s))} onClick={() => end(s)}>
								{t.settings.end}
							</button>
						)}
					</li>
				))}
			</ul>
			<div class="pad stack">
				<FormErr error={doing.error} />
				{others.length > 0 && (
					<button type="button" class="btn stop" disabled={doing.busy} onClick={end_others}>
						{t.settings.end_others}
					</button>
				)}
			</div>
		</section>
	);
}
