// settings.tsx - how friends see me, how far back, language, password, sessions, invitations.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useDoing, useLoad, useMe } from "../app";
import { Failed, Field, Form, FormErr, Loading } from "../parts/form";
import { Icon } from "../parts/icon";
import { ago, day } from "../pure/time";
import { length_of } from "../pure/words";
import { go } from "../route";
import { signature } from "./feed";
import { PASSWORD_MIN } from "./join";

const RANGES: api.Range[] = ["3d", "month", "half-year", "all"];

function Profile() {
	const { t, set_me, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const [display_name, set_name] = useState(me.display_name);
	const [note, set_note] = useState(signature(me));
	const send = () => doing.run(async () => {
		set_me(await api.update_account({ display_name: display_name.trim(), note }));
		say({ text: t.saved });
	});
	return (
		<Form class="sheet pad stack" send={send} aria-labelledby="p">
			<h2 id="p">{t.settings.profile}</h2>
			<Field label={t.settings.name} name="display_name" value={display_name} set={set_name}
				auto="name" max={60} error={doing.error}
				wrong={display_name.trim() ? null : t.door.empty} />
			<Field label={t.settings.signature} name="note" value={note} set={set_note} max={500}
				hint={t.settings.signature_hint} error={doing.error} />
			<FormErr error={doing.error} fields={["display_name", "note"]} />
			<button class="btn" disabled={doing.busy || !display_name.trim()}>{t.save}</button>
		</Form>
	);
}

function RangeChoice() {
	const { t, set_me, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const choose = (kith_range: api.Range) => doing.run(async () => {
		set_me(await api.update_account({ kith_range }));
		say({ text: t.saved });
	});
	return (
		<section class="sheet pad stack" aria-labelledby="w">
			<h2 id="w">{t.settings.range}</h2>
			<fieldset class="opts">
				<legend class="sr">{t.settings.range_legend}</legend>
				{RANGES.map((range) => (
					<label class="opt" key={range}>
						<input type="radio" name="range" checked={me.kith_range === range}
							onChange={() => choose(range)} />
						<span>{t.settings.ranges[range]}
							{range === me.kith_range && <small>{t.settings.range_hint}</small>}</span>
					</label>
				))}
			</fieldset>
			<FormErr error={doing.error} />
		</section>
	);
}

function Language() {
	const { t, set_lang } = useApp();
	const choices = [
		{ lang: "en", name: "English", attr: "en" }, { lang: "zh", name: "中文", attr: "zh-Hans" },
	];
	return (
		<section class="sheet pad stack" aria-labelledby="l">
			<h2 id="l">{t.settings.language}</h2>
			<fieldset class="line">
				<legend class="sr">{t.settings.language_legend}</legend>
				{choices.map(({ lang, name, attr }) => (
					<label class="chip" key={lang}>
						<input class="sr" type="radio" name="lang" checked={t.lang.startsWith(lang)}
							onChange={() => set_lang(lang)} />
						<span lang={attr}>{name}</span>
					</label>
				))}
			</fieldset>
		</section>
	);
}

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

function Sessions() {
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
	const end = (which: api.Session[]) => doing.run(async () => {
		for (const { id } of which) {
			await api.end_session(id);
			set((all) => all.filter((s) => s.id !== id));
		}
		say({ text: t.settings.ended });
	});
	const others = data.filter((s) => !s.current);
	return (
		<section class="sheet" aria-labelledby="s">
			<div class="head"><h2 id="s">{t.settings.sessions}</h2></div>
			<ul class="rows">
				{data.map((s) => (
					<li class="row" key={s.id}>
						<Icon name="laptop" />
						<div>
							<p><b>{title(s)}</b>{" "}
								{s.current && <span class="tag good">{t.settings.this_one}</span>}</p>
							<p class="soft small">{t.settings.kinds[s.kind]}
								{s.last_used_at && <> · {t.settings.used(at(s.last_used_at))}</>}
								{" · "}{t.settings.since(day(new Date(s.created_at), now, t.time.locale))}</p>
						</div>
						{!s.current && (
							<button type="button" class="btn" disabled={doing.busy}
								aria-label={t.settings.end_name(title(s))} onClick={() => end([s])}>
								{t.settings.end}
							</button>
						)}
					</li>
				))}
			</ul>
			<div class="pad stack">
				<FormErr error={doing.error} />
				{others.length > 1 && (
					<button type="button" class="btn stop" disabled={doing.busy} onClick={() => end(others)}>
						{t.settings.end_others}
					</button>
				)}
			</div>
		</section>
	);
}

function Password() {
	const { t, say } = useApp();
	const me = useMe();
	const doing = useDoing();
	const [current, set_current] = useState("");
	const [password, set_password] = useState("");
	const [tried, set_tried] = useState(false);
	const short = length_of(password) < PASSWORD_MIN;
	const send = () => {
		set_tried(true);
		if (!current || short)
			return;
		doing.run(async () => {
			await api.change_password(current, password);
			set_current("");
			set_password("");
			set_tried(false);
			say({ text: t.settings.changed });
		});
	};
	return (
		<Form class="sheet pad stack" send={send} aria-labelledby="pw">
			<h2 id="pw">{t.settings.password}</h2>
			<input class="sr" type="text" autoComplete="username" value={me.username} readOnly tabIndex={-1}
				aria-hidden="true" />
			<Field label={t.settings.current} name="current" type="password" value={current}
				set={set_current} auto="current-password" error={doing.error}
				wrong={tried && !current ? t.door.empty : null} />
			<Field label={t.settings.new_password} name="password" type="password" value={password}
				set={set_password} auto="new-password" error={doing.error}
				hint={`${t.door.password_short(PASSWORD_MIN)} ${t.settings.password_hint}`}
				wrong={tried && short ? t.door.password_short(PASSWORD_MIN) : null} />
			<FormErr error={doing.error} fields={["current", "password"]} />
			<button class="btn" disabled={doing.busy}>{t.settings.change}</button>
		</Form>
	);
}

function InviteLink({ url }: { url: string }) {
	const { t, say } = useApp();
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		box.current?.querySelector("input")?.select();
	}, [url]);
	const copy = async () => {
		// Not there on plain http; the link is selected, so the keyboard can copy it.
		await navigator.clipboard?.writeText(url);
		say({ text: t.copied });
	};
	return (
		<div class="slip g stack" ref={box}>
			<Field label={t.settings.invite_link} name="url" value={url} set={() => {}} mono read_only
				hint={t.settings.invite_once} />
			{"clipboard" in navigator && (
				<button type="button" class="btn" onClick={copy}>{t.copy}</button>
			)}
		</div>
	);
}

function Invites() {
	const { t } = useApp();
	const doing = useDoing();
	const { data, error, set, reload } = useLoad("invites", api.invites);
	const [uses, set_uses] = useState("1");
	const [days, set_days] = useState("14");
	const [url, set_url] = useState<string | null>(null);
	const send = () => doing.run(async () => {
		const made = await api.make_invite(Number(uses), Number(days));
		set_url(made.url ?? null);
		set((all) => [made, ...all]);
	});
	const until = (it: api.Invite) => day(new Date(it.expires_at), new Date(), t.time.locale);
	return (
		<section class="sheet pad stack" aria-labelledby="i">
			<h2 id="i">{t.settings.invites}</h2>
			<Form class="stack" send={send} aria-labelledby="i">
				<Field label={t.settings.invite_uses} name="uses" type="number" value={uses} set={set_uses}
					error={doing.error} />
				<Field label={t.settings.invite_days} name="days" type="number" value={days} set={set_days}
					error={doing.error} />
				<FormErr error={doing.error} fields={["uses", "days"]} />
				<button class="btn" disabled={doing.busy}>{t.settings.invite_make}</button>
			</Form>
			{url && <InviteLink url={url} />}
			{error && !data && <Failed error={error} again={reload} />}
			{data?.length === 0 && <p class="soft">{t.settings.invite_none}</p>}
			{data?.map((it) => (
				<div class="row sent" key={it.id}>
					<div>{t.settings.invite_left(it.uses_left, until(it))}</div>
					<button type="button" class="btn quiet" disabled={doing.busy}
						aria-label={t.settings.invite_end_name(until(it))}
						onClick={() => doing.run(async () => {
							await api.end_invite(it.id);
							set((all) => all.filter((one) => one.id !== it.id));
						})}>
						{t.settings.invite_end}
					</button>
				</div>
			))}
		</section>
	);
}

export function SignOut(p: { class: string }) {
	const { t, set_me } = useApp();
	const doing = useDoing();
	const out = () => doing.run(async () => {
		await api.sign_out();
		go("/sign-in", true);
		set_me(null);
	});
	return (
		<>
			<FormErr error={doing.error} />
			<button type="button" class={p.class} disabled={doing.busy} onClick={out}>
				{t.settings.sign_out}
			</button>
		</>
	);
}

function Out() {
	const { t } = useApp();
	return (
		<section class="sheet pad stack" aria-label={t.settings.more}>
			<p class="line"><a class="btn" href="/tags">{t.settings.tags}</a>
				<a class="btn" href="/held">{t.held.title}</a></p>
			<SignOut class="btn stop" />
			<p class="hint">{t.settings.out_hint}</p>
		</section>
	);
}

export function Settings() {
	const me = useMe();
	return (
		<>
			<Profile />
			<RangeChoice />
			<Language />
			<Sessions />
			<Password />
			{me.kith_role !== "member" && <Invites />}
			<Out />
		</>
	);
}
