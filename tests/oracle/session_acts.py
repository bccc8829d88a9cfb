"""Ways in and out: passwords and second factors, browsers and apps, invitations, the end of a session."""

import base64
import hashlib
import hmac
import html
import re
import struct
import time
import urllib.parse

from acts import Operation, operation
from picture_acts import form
from wire import API, KITH, Request


@operation(1, "POST /api/kith/v1/session")
class SignIn(Operation):
    def choose(self, w, rng):
        if not w.passwords:
            return None
        who = rng.choice(sorted(w.passwords))
        return {"op": self.name, "who": who, "token": w.mint.token()}

    def possible(self, w, a):
        return a["who"] in w.passwords

    def perform(self, w, a):
        nobody, who = w.sessions["nobody"], a["who"]
        answer = w.ask(nobody, Request("POST", f"{KITH}/session", {
            "handle": w.facts.people[who].handle, "password": w.passwords[who]}))
        if who not in w.second or answer.status != 200:
            return answer
        assert answer.header("Set-Cookie") is None and "id" not in answer.json, answer.body  # half a sign-in is none
        for code in (totp(w.second[who]["secret"]), w.second[who]["codes"].pop()):
            ticket = {"ticket": answer.json["kith_second"]["ticket"]}
            done = w.ask(nobody, Request("POST", f"{KITH}/session/second", {**ticket, "code" if len(code) == 6 else "recovery": code}))
            if done.status == 200:  # a code of one half minute is good once
                break
        return done

    def me(self, w, a):
        return a["who"]

    def done(self, w, a, answer):
        cookie = answer.header("Set-Cookie").split(";")[0]
        s = w.session(f"s{a['n']}", a["who"], [f"Origin: {w.server.url}", f"Cookie: {cookie}"], "browser")
        if w.facts.active(a["who"]):
            s.id = current_session(w, s)


def totp(secret, now_s=None):
    """RFC 6238 with what every app takes for granted: SHA-1, 30 seconds, 6 digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    count = int((time.time() if now_s is None else now_s) // 30)
    mac = hmac.new(key, struct.pack(">Q", count), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7fffffff) % 1_000_000:06d}"


@operation(1, "POST /api/kith/v1/factors/totp", "POST /api/kith/v1/factors/totp/confirm", "DELETE /api/kith/v1/factors/totp",
           "POST /api/kith/v1/factors/recovery", "POST /api/kith/v1/session/second")
class Second(Operation):
    """A code app as a second factor; new recovery codes; without it again."""

    session_kinds = ("browser",)

    def pick(self, w, rng, me):
        if me not in w.passwords:
            return None
        return {"how": rng.choice(("off", "codes")) if me in w.second else "on"}

    def possible(self, w, a):
        return super().possible(w, a) and (a["how"] == "on") != (self.me(w, a) in w.second)

    def perform(self, w, a):
        session, me = w.sessions[a["by"]], self.me(w, a)
        password = {"password": w.passwords[me]}
        if a["how"] == "off":
            return w.ask(session, Request("DELETE", f"{KITH}/factors/totp", password))
        if a["how"] == "codes":
            return w.ask(session, Request("POST", f"{KITH}/factors/recovery", password))
        made = w.ask(session, Request("POST", f"{KITH}/factors/totp", {}))
        assert made.status == 200, made.body
        self.secret = made.json["secret"]
        return w.ask(session, Request("POST", f"{KITH}/factors/totp/confirm", {"code": totp(self.secret)}))

    def done(self, w, a, answer):
        me = self.me(w, a)
        if a["how"] == "off":
            del w.second[me]
        elif a["how"] == "codes":
            w.second[me]["codes"] = list(answer.json["recovery"])
        else:
            w.second[me] = {"secret": self.secret, "codes": list(answer.json["recovery"])}
            end_others(w, me, a["by"])
        w.act()


def end_others(w, me, but):
    for s in w.live_sessions(me):
        s.live = s.key == but


def current_session(w, session):
    return next(s["id"] for s in w.get(session, f"{KITH}/sessions") if s["current"])


@operation(2, "POST /oauth/token", "POST /oauth/authorize", "POST /api/v1/apps")
class TakeApp(Operation):
    """A person lets an app in, as a browser goes through it; or takes a token from the shell."""

    def choose(self, w, rng):
        browsers = [s for s in w.live_sessions(kinds=("browser",)) if w.facts.active(s.person)]
        if browsers and rng.random() < 0.5:
            return {"op": self.name, "by": rng.choice(browsers).key, "token": w.mint.token()}
        who = rng.choice([u for u in w.facts.people if w.facts.active(u)])
        return {"op": self.name, "who": who, "token": w.mint.token()}

    def me(self, w, a):
        return a.get("who") or super().me(w, a)

    def perform(self, w, a):
        if "who" in a:
            token = w.server.command(["token", "create", w.facts.people[a["who"]].handle])
            return self.come_in(w, a, token, "shell")
        w.means(a["token"], "app", self.me(w, a))
        out = "urn:ietf:wg:oauth:2.0:oob"
        nobody, browser = w.sessions["nobody"], w.sessions[a["by"]]
        app = w.ask(nobody, Request("POST", f"{API}/apps", {"client_name": a["token"], "redirect_uris": out, "scopes": "read write follow"}))
        w.apps.append(app.json["client_id"])
        page = w.ask(browser, Request("GET", "/oauth/authorize?response_type=code&scope=read+write+follow&redirect_uri="
                                      + out + "&client_id=" + app.json["client_id"]))
        code = consent(w, browser, page, app)
        tokens = w.ask(nobody, Request("POST", "/oauth/token", {
            "grant_type": "authorization_code", "code": code, "client_id": app.json["client_id"],
            "client_secret": app.json["client_secret"], "redirect_uri": out}))
        return self.come_in(w, a, tokens.json["access_token"], "app")

    def come_in(self, w, a, token, kind):
        s = w.session(f"s{a['n']}", self.me(w, a), [f"Authorization: Bearer {token}"], kind)
        if kind == "shell":
            s.id = current_session(w, s)
        return w.ask(s, Request("GET", f"{API}/accounts/verify_credentials"))


def consent(w, browser, page, app):
    """Sends the page's one form as it stands; gives the code it shows."""
    form = re.search(rb'<form[^>]*\saction="([^"]*)"[^>]*>(.*?)</form>', page.body, re.DOTALL)
    assert form, page.body[:500]
    fields = {}
    for tag in re.findall(rb"<input[^>]*>", form.group(2)):
        name = re.search(rb'\sname="([^"]*)"', tag)
        value = re.search(rb'\svalue="([^"]*)"', tag)
        if name and b'type="hidden"' in tag:
            fields[name.group(1).decode()] = html.unescape(value.group(1).decode()) if value else ""
    button = re.search(rb'<button[^>]*\sname="([^"]*)"[^>]*\svalue="([^"]*)"', form.group(2))
    if button:
        fields[button.group(1).decode()] = button.group(2).decode()
    body = urllib.parse.urlencode(fields).encode()
    done = w.ask(browser, Request("POST", html.unescape(form.group(1).decode()), body, "application/x-www-form-urlencoded"))
    assert done.status == 200, (done.status, done.body[:800])
    code = re.search(rb"<code[^>]*>([^<]+)</code>", done.body)
    assert code, done.body[:1500]
    return html.unescape(code.group(1).decode())


@operation(1, "POST /api/kith/v1/invites", "DELETE /api/kith/v1/invites/:id")
class Invite(Operation):
    """An invitation by one of the order's people, or the end of one."""

    session_kinds = ("shell", "browser")

    def pick(self, w, rng, me):
        if w.facts.people[me].role == "member" and rng.random() > 0.05:
            return None
        own = [i for i, invite in enumerate(w.invites) if invite["by"] == me and not invite["gone"]]
        return {"gone": rng.choice(own)} if own and rng.random() < 0.4 else {}

    def possible(self, w, a):
        return super().possible(w, a) and ("gone" not in a or a["gone"] < len(w.invites))

    def statuses(self, w, a):
        return (403,) if w.facts.people[self.me(w, a)].role == "member" else (200,)

    def request(self, w, a):
        if "gone" in a:
            return Request("DELETE", f"{KITH}/invites/{w.invites[a['gone']]['id']}")
        return Request("POST", f"{KITH}/invites", {"uses": 2, "days": 2})

    def done(self, w, a, answer):
        if "gone" in a:
            w.invites[a["gone"]]["gone"] = True
        else:
            made = answer.json
            w.invites.append({"id": made["id"], "code": made["url"].rsplit("/", 1)[1], "by": self.me(w, a), "gone": False})


@operation(2, "DELETE /api/kith/v1/session", "DELETE /api/kith/v1/sessions", "DELETE /api/kith/v1/sessions/:id",
           "POST /api/kith/v1/password")
class SignOut(Operation):
    """Ends a session, from itself or from another; or all others by a new password."""

    def choose(self, w, rng):
        for session in rng.sample(w.live_sessions(), len(w.live_sessions())):
            mine = [s for s in w.live_sessions(session.person) if s is not session]
            if not mine:
                continue
            if session.kind == "browser" and session.person in w.passwords and rng.random() < 0.3:
                return {"op": self.name, "by": session.key, "how": "password", "token": w.mint.token()}
            others = [s for s in mine if s.id]
            if others and session.kind != "app" and w.facts.active(session.person):
                if rng.random() < 0.2:
                    return {"op": self.name, "by": session.key, "how": "others"}
                return {"op": self.name, "by": session.key, "how": "revoke", "session": rng.choice(others).key}
            return {"op": self.name, "by": session.key, "how": "out"}
        return None

    def possible(self, w, a):
        return super().possible(w, a) and ("session" not in a or w.sessions[a["session"]].live)

    def request(self, w, a):
        if a["how"] == "out":
            return Request("DELETE", f"{KITH}/session")
        if a["how"] == "others":
            return Request("DELETE", f"{KITH}/sessions")
        if a["how"] == "revoke":
            return Request("DELETE", f"{KITH}/sessions/{w.sessions[a['session']].id}")
        password = a["token"] + " horse battery"
        return Request("POST", f"{KITH}/password", {"current": w.passwords[self.me(w, a)], "password": password})

    def statuses(self, w, a):
        if w.facts.people[self.me(w, a)].state == "sealed" and a["how"] != "out":
            return (403,)
        return (200,)

    def done(self, w, a, answer):
        me = self.me(w, a)
        if a["how"] == "out":
            w.sessions[a["by"]].live = False
        elif a["how"] == "revoke":
            w.sessions[a["session"]].live = False
        elif a["how"] == "others":
            end_others(w, me, a["by"])
        else:
            w.passwords[me] = w.means(a["token"], "nobody", None) + " horse battery"
            end_others(w, me, a["by"])
        w.act()
