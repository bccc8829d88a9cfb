// main.tsx - the frame around every view: bar, tabs, foot, the toast, and who is signed in.

import { render, type ComponentChildren } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import * as api from "./api";
import { AppContext, forget, may_use, overdue, sentence, useApp, type App, type Counts, type Toast } from "./app";
import { useAnnounced } from "./announced";
import { add_to_feed, ask_early, drop_early } from "./circle";
import { UNDO_MS } from "./gone";
import {
	draft, fresh_key, keep_draft, keep_here, keep_theme, theme as kept_theme, was_here, type Theme, type Waiting,
} from "./keep";
import { send_waiting, waiting_count } from "./outbox";
import { Nothing } from "./parts/form";
import { Icon, Rings, type IconName } from "./parts/icon";
import { lazy } from "./parts/lazy";
import { path_of } from "./parts/person";
import { SignOut } from "./parts/sign-out";
import { worded } from "./parts/worded";
import { day } from "./pure/time";
import { usePulse } from "./pulse";
import { current, go, listen, scroll_back, type Name, type Route } from "./route";
import { choose_text, first_key, text_for, type Text } from "./text/text";
import { Feed } from "./views/feed";
import { Friends } from "./views/friends";
import { Notices } from "./views/notices";
import { Person } from "./views/person";
import { PostPage } from "./views/post";
import { SignIn } from "./views/sign-in";

// Views fetched when they are first opened: the order's and the stewards' by themselves with their words, the rest together.
const more = () => import("./views/more");
const Edit = lazy(async () => (await more()).Edit);
const GroupPage = lazy(async () => (await more()).GroupPage);
const Groups = lazy(async () => (await more()).Groups);
const History = lazy(async () => (await more()).History);
const Join = lazy(async () => (await more()).Join);
const Reset = lazy(async () => (await more()).Reset);
const Search = lazy(async () => (await more()).Search);
const Settings = lazy(async () => (await more()).Settings);
const Tags = lazy(async () => (await more()).Tags);
const Write = lazy(async () => (await more()).Write);
const order = () => import("./views/order");
const Held = worded(["order"], async () => (await order()).Held);
const Juries = worded(["order"], async () => (await order()).Juries);
const Report = worded(["order"], async () => (await order()).Report);
const Rules = worded(["order"], async () => (await order()).Rules);
const Console = worded(["order", "console"], async () => (await import("./views/console")).Console);

// Asked for before there are words to show: on a slow line that saves two rounds.
let early_me: ReturnType<typeof api.own_account> | null = null;

function ask_before_words(): void {
	early_me = api.own_account();
	early_me.catch(() => {}); // whoever takes it hears of it
	if (was_here() && current().name === "feed")
		ask_early();
}

function take_me() {
	const it = early_me;
	early_me = null;
	return it;
}

const OPEN: Name[] = ["sign-in", "join", "reset"];
/** All a sealed person may reach. */
const SEALED: Name[] = ["held"];

function title(t: Text, name: Name): string {
	switch (name) {
	case "sign-in": return t.door.sign_in;
	case "join": return t.door.accept;
	case "reset": return t.door.reset_title;
	case "feed": return t.feed.title;
	case "write": return t.write.title;
	case "friends": return t.friends.title;
	case "person": return t.person.title;
	case "post": return t.post.comments;
	case "tags": return t.tags.title;
	case "notices": return t.notices.title;
	case "held": return t.notices.title;
	case "report": return t.order.report;
	case "juries": return t.order.juries;
	case "rules": return t.order.rules;
	case "review": return t.order.console;
	case "settings": return t.settings.title;
	case "groups": return t.groups.title;
	case "group": return t.groups.one;
	case "search": return t.search.title;
	case "nothing": return t.nothing.title;
	}
}

function View({ route }: { route: Route }) {
	const { key, query } = route;
	switch (route.name) {
	case "sign-in": return <SignIn query={query} />;
	case "join": return <Join key={key} code={key} />;
	case "reset": return <Reset token={key} />;
	case "feed": return <Feed />;
	case "write": return query.has("edit")
		? <Edit key={route.visit} id={query.get("edit")!} /> : <Write key={route.visit} query={query} />;
	case "friends": return <Friends />;
	case "person": return <Person key={key} handle={key} as={query.get("as")} />;
	case "post": return query.has("history")
		? <History key={key} id={key} /> : <PostPage key={key} id={key} hash={route.hash} />;
	case "tags": return <Tags />;
	case "notices": return <Notices />;
	case "held": return <Held query={query} />;
	case "report": return <Report query={query} />;
	case "juries": return <Juries query={query} />;
	case "rules": return <Rules query={query} />;
	case "review": return <Console query={query} />;
	case "settings": return <Settings />;
	case "groups": return <Groups />;
	case "group": return <GroupPage key={key} id={key} />;
	case "search": return <Search query={query} />;
	case "nothing": return <Nothing />;
	}
}

// Views one goes back from, and where to.
const BACK: Partial<Record<Name, string>> = {
	write: "/", post: "/", held: "/notices", tags: "/friends", settings: "/me", groups: "/friends",
	group: "/groups", search: "/", report: "/settings", juries: "/notices", rules: "/",
};
// Their own content begins with the heading.
const OWN_HEADING: Name[] = ["feed", "post", "held", "report", "juries", "person", "group", "sign-in", "join", "reset", "nothing"];

function Bar({ route }: { route: Route }) {
	const { t, me, circle, set_lang } = useApp();
	const { name } = route;
	const member = me && !me.kith_sealed;
	const back = member ? BACK[name] : undefined;
	const words = name === "write" && route.query.has("edit") ? t.edit.title : title(t, name);
	const heading = OWN_HEADING.includes(name) ? <p class="b">{words}</p> : <h1 class="b">{words}</h1>;
	const steward = member && me.kith_role !== "member";
	return (
		<header class="bar">
			{back
				? <a class="icon" href={back === "/me" ? path_of(me!) : back}
					aria-label={name === "write" ? t.write.back : name === "held" ? t.held.back : t.frame.back}>
					<Icon name="back" /></a>
				: <a class="mark" href="/"><Rings />{circle}</a>}
			{name !== "feed" && !OPEN.includes(name) && heading}
			<span class="end line">
				{!me && (
					<button type="button" class="btn quiet" lang={t.other_lang}
						onClick={() => set_lang(t.other_lang)}>{t.other_name}</button>
				)}
				{member && name === "feed" && <>
					<a class="icon" href="/search" aria-label={t.search.title}><Icon name="search" /></a>
					<a class="icon" href="/?write" aria-label={t.write.title}><Icon name="camera" /></a>
				</>}
				{steward && name !== "review" && (
					<a class="icon" href="/review" aria-label={t.frame.review}><Icon name="scales" /></a>
				)}
				{member && name === "person" && route.key === me.username && (
					<a class="icon" href="/settings" aria-label={t.frame.settings}><Icon name="pen" /></a>
				)}
			</span>
		</header>
	);
}

function Tab(
	{ href, here, icon, n = 0, write = false, children }: {
		href: string; here: boolean; icon: IconName; n?: number; write?: boolean;
		children: ComponentChildren;
	},
) {
	const { t } = useApp();
	return (
		<li>
			<a href={href} class={write ? "write" : undefined} aria-current={here ? "page" : undefined}>
				<Icon name={icon} />{children}
				{n > 0 && <span class="count">{n > 99 ? "99+" : n}<span class="sr">{t.frame.new_count}</span>
				</span>}
			</a>
		</li>
	);
}

function Tabs({ route }: { route: Route }) {
	const { t, me, counts } = useApp();
	const { name } = route;
	const mine = path_of(me!);
	return (
		<nav class="tabs" aria-label={t.frame.main}>
			<ul>
				<Tab href="/" icon="circle" here={["feed", "post", "search"].includes(name)}>{t.frame.circle}</Tab>
				<Tab href="/friends" icon="friends" n={counts.requests}
					here={["friends", "tags", "groups", "group"].includes(name)}>{t.frame.friends}</Tab>
				<Tab href="/?write" icon="plus" here={name === "write"} write>{t.frame.write}</Tab>
				<Tab href="/notices" icon="bell" n={counts.notices}
					here={name === "notices" || name === "held"}>{t.frame.notices}</Tab>
				<Tab href={mine} icon="person" here={name === "settings"
					|| (name === "person" && route.key === me!.username)}>{t.frame.me}</Tab>
			</ul>
		</nav>
	);
}

/** Seconds there still are to undo; counted here, so that only this line is drawn anew. */
function Seconds() {
	const [left, set_left] = useState(UNDO_MS / 1000);
	useEffect(() => {
		const timer = setInterval(() => set_left((n) => Math.max(0, n - 1)), 1000);
		return () => clearInterval(timer);
	}, []);
	const { t } = useApp();
	return <>{t.undo}<span aria-hidden="true">{t.seconds(left)}</span></>;
}

/** One message at a time; it leaves by itself after ten seconds, or by its button. */
function ToastLine({ toast, close }: { toast: Toast | null; close: () => void }) {
	const { t } = useApp();
	useEffect(() => {
		if (!toast)
			return;
		const timer = setTimeout(close, UNDO_MS);
		return () => clearTimeout(timer);
	}, [toast]);
	const act = toast?.undo ?? toast?.again;
	return (
		<div class="toasts" role="status">
			{toast && (
				<div class="toast">
					<span>{toast.text}</span>
					{act && (
						<button type="button" class="btn" onClick={() => {
							close();
							act();
						}}>{toast.undo ? <Seconds /> : t.again}</button>
					)}
					<button type="button" class="icon" aria-label={t.close} onClick={close}>
						<Icon name="x" />
					</button>
				</div>
			)}
		</div>
	);
}

function Offline({ waiting }: { waiting: number }) {
	const { t } = useApp();
	const at = api.kept_at();
	const clock = at && new Date(at).toLocaleTimeString(t.time.locale, { hour: "2-digit", minute: "2-digit" });
	return (
		<div class="slip x flat line" role="status">
			<Icon name="off" />
			<p><b>{t.frame.offline}</b> {clock ? t.frame.as_of(clock) : t.frame.offline_more}
				{waiting > 0 && <> {t.frame.waiting(waiting)}</>}</p>
		</div>
	);
}

/** Keeper and steward are told until they have a second factor. */
function SecondDue() {
	const { t, me } = useApp();
	const from = me?.kith_second_factor_from;
	if (!me || me.kith_second_factor !== "due")
		return null;
	return (
		<div class="slip w flat line">
			<span class="who"><Rings /></span>
			<p>{from && !overdue(me) ? t.frame.second_from(day(new Date(from), new Date(), t.time.locale)) : t.frame.second_due}{" "}
				<a href="/settings#keys">{t.frame.second_set}</a></p>
		</div>
	);
}

/** Rules that are announced and would judge something of mine otherwise. */
function RulesAnnounced() {
	const { t, me } = useApp();
	const { it, close } = useAnnounced(may_use(me) ? me.id : null);
	if (!it)
		return null;
	return (
		<div class="slip flat line">
			<span class="who"><Rings /></span>
			<p>{t.order.announced(it.n)} <a href={`/rules?version=${it.hash}`}>{t.order.announced_look}</a></p>
			<button type="button" class="icon" aria-label={t.order.announced_close} onClick={close}><Icon name="x" /></button>
		</div>
	);
}

/** After every move: the title, the focus and the place on the page are those of the new view. */
function useArrival(route: Route, t: Text, circle: string, unread: number): void {
	const first = useRef(true);
	useEffect(() => {
		const here = route.name === "feed" ? circle : `${title(t, route.name)} · ${circle}`;
		document.title = unread > 0 ? `(${unread}) ${here}` : here;
		document.documentElement.lang = t.lang;
	}, [route, t, circle, unread]);
	useLayoutEffect(() => {
		const top = route.top ?? (first.current ? null : 0);
		if (top !== null)
			scroll_back(top);
		// The composer puts the cursor into its own field.
		if (!first.current && route.name !== "write")
			document.getElementById("main")?.focus({ preventScroll: true });
		first.current = false;
	}, [route.visit]);
}

/** The house's public pages, which need no account. */
function Foot({ member }: { member: boolean }) {
	const { t } = useApp();
	return (
		<footer class="foot">
			<a href={member ? "/rules" : "/policies"}>{t.order.rules}</a>{" · "}
			<a href="/transparency">{t.order.transparency}</a>{" · "}
			<a href="/audit">{t.order.audit}</a>{" · "}
			<a href="/complaint">{t.order.complaint}</a>{" · "}{t.frame.foot}
		</footer>
	);
}

function Frame({ route, offline, waiting, toast }: {
	route: Route; offline: boolean; waiting: number; toast: Toast | null;
}) {
	const { t, me, circle, counts, say } = useApp();
	useArrival(route, t, circle, counts.notices);
	const open = OPEN.includes(route.name);
	const member = me && !me.kith_sealed && !open;
	const sealed = me?.kith_sealed && !open;
	const wide = !member || route.name === "review";
	const sheet = ["feed", "person", "post", "group"].includes(route.name) && member;
	return (
		<div class={wide ? "frame wide" : "frame"}>
			<a class="skip" href="#main">{t.frame.skip}</a>
			<Bar route={route} />
			{member && <Tabs route={route} />}
			<main id="main" tabIndex={-1} class={sheet ? "sheet" : undefined}>
				{offline && <Offline waiting={waiting} />}
				{member && <SecondDue />}
				{member && route.name === "feed" && <RulesAnnounced />}
				{sealed && <div class="slip x flat line"><p>{t.held.sealed}</p>
					<SignOut class="btn end" /></div>}
				<View key={me?.id ?? ""} route={route} />
			</main>
			<Foot member={Boolean(member)} />
			<ToastLine toast={toast} close={() => say(null)} />
		</div>
	);
}

function useCounts(me: api.Me | null | undefined, heed: (e: unknown) => unknown) {
	const [counts, set_counts] = useState<Counts>({ requests: 0, notices: 0 });
	const id = may_use(me) ? me.id : null;
	const refresh = useCallback(() => {
		if (!id)
			return;
		Promise.all([api.requests(), api.unread_notices()]).then(
			([asking, unread]) => set_counts({ requests: asking.length, notices: unread.count }),
			heed,
		);
	}, [id, heed]);
	useEffect(() => {
		set_counts({ requests: 0, notices: 0 });
		refresh();
	}, [refresh]);
	return { counts, set_counts, refresh };
}

/** From what the browser says, and from whether the server answers. */
function useOffline(): boolean {
	const [offline, set_offline] = useState(!navigator.onLine);
	useEffect(() => {
		api.on_reach((reached) => set_offline(!reached));
		const on = () => set_offline(false);
		const off = () => set_offline(true);
		addEventListener("online", on);
		addEventListener("offline", off);
		return () => {
			removeEventListener("online", on);
			removeEventListener("offline", off);
			api.on_reach(() => {});
		};
	}, []);
	return offline;
}

/** Where this person belongs instead, if not here. */
function elsewhere(me: api.Me | null | undefined, route: Route): string | null {
	if (me === undefined)
		return null;
	if (me === null && !OPEN.includes(route.name)) {
		const here = location.pathname + location.search;
		return here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`;
	}
	if (me?.kith_sealed && !SEALED.includes(route.name) && !OPEN.includes(route.name))
		return "/held";
	if (me && overdue(me) && route.name !== "settings" && !OPEN.includes(route.name))
		return "/settings";
	return null;
}

/** Who is signed in: asked at the start, and anew when the page comes out of the back-forward cache. */
function useSession() {
	const [me, put_me] = useState<api.Me | null | undefined>(undefined);
	const [down, set_down] = useState(false);
	const last = useRef<string | null>(null);
	const set_me = useCallback((next: api.Me | null) => {
		keep_here(next !== null);
		if (!next)
			drop_early();
		const left = last.current !== (next?.id ?? null) && last.current !== null;
		if (left)
			api.end_asking();
		if (last.current !== (next?.id ?? null))
			forget();
		if (left || !next)
			navigator.serviceWorker?.controller?.postMessage("signed-out");
		last.current = next?.id ?? null;
		put_me(next);
	}, []);
	const heed = useCallback((e: unknown) => {
		const it = e instanceof api.ApiError ? e : new api.ApiError(-1, String(e));
		if (it.status === 401)
			set_me(null);
		return it;
	}, []);
	const begin = useCallback(() => {
		set_down(false);
		(take_me() ?? api.own_account()).then(set_me, (e: unknown) => {
			// Where it was stopped, that is known in the meantime.
			if (!(e instanceof DOMException))
				set_down(heed(e).status !== 401);
		});
	}, []);
	useEffect(() => {
		begin();
		const shown = (e: PageTransitionEvent) => e.persisted && begin();
		addEventListener("pageshow", shown);
		return () => removeEventListener("pageshow", shown);
	}, []);
	return { me, set_me, heed, down, begin };
}

/** The theme that was chosen here; the sheet follows an attribute. */
function useTheme() {
	const [theme, set_theme] = useState<Theme | null>(kept_theme);
	useLayoutEffect(() => {
		if (theme)
			document.documentElement.dataset["theme"] = theme;
		else
			delete document.documentElement.dataset["theme"];
	}, [theme]);
	const choose = useCallback((next: Theme | null) => {
		keep_theme(next);
		set_theme(next);
	}, []);
	return { theme, choose };
}

/** Posts that wait for a connection: sent at the start and whenever there is one again. */
function useWaiting(me: api.Me | null | undefined, offline: boolean, t: Text, say: App["say"]) {
	const [waiting, set_waiting] = useState(0);
	const id = may_use(me) ? me.id : null;
	const refresh = useCallback(() => set_waiting(id ? waiting_count(id) : 0), [id]);
	useEffect(() => {
		refresh();
		if (!id || offline)
			return;
		const refused = (it: Waiting, e: api.ApiError) => {
			const now = draft(id);
			const words = [now?.text, it.draft.status].filter(Boolean).join("\n\n");
			keep_draft(id, { ...now, text: words, key: fresh_key(), saved_at: Date.now() });
			say({ text: `${t.write.refused} ${sentence(t, e)}` });
		};
		const sent = (status: api.Status) => {
			add_to_feed(status);
			say({ text: status.kith_state === "held" ? t.post.held : t.write.sent });
		};
		send_waiting(id, sent, refused).then(refresh, refresh);
	}, [id, offline, refresh]);
	return { waiting, refresh };
}

function Page({ first }: { first: Text }) {
	const { me, set_me, heed, down, begin } = useSession();
	const [text, set_text] = useState(first);
	const { theme, choose } = useTheme();
	const [route, set_route] = useState(current);
	const [circle, set_circle] = useState("kith");
	const [toast, say] = useState<Toast | null>(null);
	const offline = useOffline();
	const { counts, set_counts, refresh } = useCounts(me, heed);
	const held = useWaiting(me, offline, text, say);
	usePulse({ me, heed, refresh_counts: refresh, set_counts }, begin);
	useEffect(() => listen(set_route), []);
	useEffect(() => {
		// Without an answer the circle is simply called kith.
		api.instance().then((it) => set_circle(it.title), () => {});
	}, []);
	// Its buttons act for whom it was said to.
	useEffect(() => say(null), [me?.id]);
	const move = elsewhere(me, route);
	useEffect(() => {
		if (move)
			go(move, true);
	}, [move]);

	const app: App = useMemo(() => ({
		me, set_me, circle, t: text, set_lang: (lang) => void choose_text(lang).then(set_text, heed), theme,
		set_theme: choose, counts, set_counts, refresh_counts: refresh, refresh_waiting: held.refresh, say, heed,
	}), [me, circle, text, theme, counts, refresh, held.refresh, heed]);
	if (down)
		return (
			<main class="empty stack">
				<p role="alert">{text.wrong.offline}</p>
				<p><button type="button" class="btn" onClick={begin}>{text.again}</button></p>
			</main>
		);
	if (me === undefined || move)
		return <p class="pad soft" role="status">{text.loading}</p>;
	return (
		<AppContext.Provider value={app}>
			<Frame route={route} offline={offline} waiting={held.waiting} toast={toast} />
		</AppContext.Provider>
	);
}

/** Without its catalogue the page has no words of its own to say so in. */
const NO_WORDS = "Not connected. 没连上网。";

const root = document.getElementById("app")!;
ask_before_words();
text_for(first_key()).then(
	(first) => render(<Page first={first} />, root),
	() => {
		root.textContent = NO_WORDS;
	},
);
// Not there on plain http outside this machine; the page works without.
navigator.serviceWorker?.register("/worker.js", { scope: "/" }).catch(() => {});
