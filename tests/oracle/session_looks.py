"""Ways in: one's sessions, second factors, archive and app; invitations, and the page that asks for an app."""

import io
import zipfile

from looks import observer, ok
from wire import API, KITH, Request


@observer(2, "GET /api/kith/v1/sessions", own=True)
def sessions(o, a):
    request = Request("GET", f"{KITH}/sessions")
    answer = yield request
    if ok(o, request, answer):
        got = {s["id"] for s in answer.json}
        o.same(request, {s.id for s in o.w.live_sessions(o.v) if s.id} <= got, lambda: True)
        o.same(request, {s.id for s in o.w.sessions.values() if s.id and (s.person != o.v or not s.live)} & got, set)


@observer(1, "GET /api/kith/v1/factors", own=True)
def factors(o, a):
    request = Request("GET", f"{KITH}/factors")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, answer.json["totp"], lambda: o.v in o.w.second)


@observer(1, "GET /api/kith/v1/export", "GET /api/kith/v1/export/file", who="sealed too", own=True)
def export(o, a):
    """One's own archive or none; what is in it is judged when it is made (leave_acts.py), and may be older than the facts now."""
    o.exempt = lambda m: True
    request = Request("GET", f"{KITH}/export")
    answer = yield request
    if ok(o, request, answer):
        fetch = Request("GET", f"{KITH}/export/file")
        answer = yield fetch
        if answer.status == 200:
            with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
                actor = archive.read("actor.json")
            o.same(fetch, o.f.people[o.v].handle.encode() in actor, lambda: True)
        elif answer.status != 404:
            fault = f"{answer.status}"
            o.check(fetch, lambda: fault)


@observer(1, "GET /api/kith/v1/invites", who="steward", own=True)
def invites(o, a):
    request = Request("GET", f"{KITH}/invites")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, {i["id"] for i in answer.json}, lambda: {i["id"] for i in o.w.invites if i["by"] == o.v and not i["gone"]})


@observer(1, "GET /api/kith/v1/invites/:code", who="anyone",
          pick=lambda w, rng, v: {"invite": rng.randrange(len(w.invites))} if w.invites else None)
def invitation(o, a):
    invite = o.w.invites[a["invite"]]
    o.exempt = lambda m: m[0] == "name" and m[1] == invite["by"] and o.f.people[m[1]].name == m[2] and not invite["gone"]
    request = Request("GET", f"{KITH}/invites/{invite['code']}")
    answer = yield request
    o.same(request, answer.status == 200, lambda: not invite["gone"] and o.f.active(invite["by"]))


@observer(1, "GET /oauth/authorize", who="anyone", pick=lambda w, rng, v: {"app": rng.randrange(len(w.apps))} if w.apps else None)
def consent_page(o, a):
    app = o.w.apps[a["app"]]
    o.exempt = lambda m: m[0] == "app"  # the name of an app is shown to whom it asks
    request = Request("GET", "/oauth/authorize?response_type=code&scope=read&redirect_uri=urn:ietf:wg:oauth:2.0:oob&client_id=" + app)
    yield request


@observer(1, "GET /api/v1/apps/verify_credentials")
def own_app(o, a):
    o.exempt = lambda m: m[0] == "app" and o.session.kind == "app"  # its own, also when it has been put out
    request = Request("GET", f"{API}/apps/verify_credentials")
    yield request
