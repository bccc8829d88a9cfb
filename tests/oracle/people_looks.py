"""People, as one another's: cards, friends, requests, blocks, the album as somebody else sees it, and the tags one gave them."""

from look import differ
from looks import a_page, a_person, a_tag, ids_of, judge_card, judge_in, judge_owned, near, observer, ok, page_of, query
from wire import API, KITH, Request


@observer(4, "GET /api/v1/accounts/:id", pick=a_person)
def card(o, a):
    request = Request("GET", f"{API}/accounts/{o.w.sid[a['to']]}")
    judge_card(o, request, (yield request), a["to"])


@observer(2, "GET /api/v1/accounts/lookup", pick=a_person)
def lookup(o, a):
    request = Request("GET", f"{API}/accounts/lookup?acct={o.f.people[a['to']].handle}")
    judge_card(o, request, (yield request), a["to"])


@observer(3, "GET /api/v1/accounts/search", "GET /api/v2/search",
          pick=lambda w, rng, v: {"to": near(w, rng, v), "by": rng.choice(("handle", "name")), "v2": rng.random() < 0.5})
def search_people(o, a):
    word = getattr(o.f.people[a["to"]], a["by"])
    request = Request("GET", f"/api/v2/search?type=accounts&q={word}" if a["v2"] else f"{API}/accounts/search?q={word}")
    answer = yield request
    if ok(o, request, answer):
        accounts = answer.json["accounts"] if a["v2"] else answer.json
        o.same(request, [u["id"] for u in accounts], lambda: [o.w.sid[a["to"]]] if o.f.card(o.v, a["to"]) else [])


@observer(3, "GET /api/v1/accounts/:id/followers", "GET /api/v1/accounts/:id/following",
          pick=lambda w, rng, v: {"to": v if v and rng.random() < 0.6 else near(w, rng, v), "side": rng.choice(("followers", "following"))})
def friend_list(o, a):
    request = Request("GET", f"{API}/accounts/{o.w.sid[a['to']]}/{a['side']}?limit=80")
    answer = yield request
    if judge_card(o, request, answer, a["to"]):
        o.same(request, {u["id"] for u in answer.json}, lambda: ids_of(o, o.f.friend_list(o.v)) if a["to"] == o.v else set())


@observer(3, "GET /api/v1/accounts/relationships", pick=lambda w, rng, v: {"people": sorted({near(w, rng, v) for _ in range(4)})})
def relationships(o, a):
    request = Request("GET", f"{API}/accounts/relationships?" + "&".join(f"id[]={o.w.sid[u]}" for u in a["people"]))
    answer = yield request
    # it holds nothing but what the viewer did, and names nobody: also of whom the viewer blocked, and of the sealed
    o.exempt = lambda m: m[0] == "person" and ((o.v, m[1]) in o.f.blocks or not o.f.blocked(o.v, m[1]))
    if ok(o, request, answer):
        for r in answer.json:
            o.check(request, lambda r=r: judge_relationship(o, r))
        got = [r["id"] for r in answer.json]
        sealed = lambda: {o.w.sid[u] for u in a["people"] if not o.f.active(u)}  # with or without: the rules leave it open
        o.check(request, lambda: None if [i for i in got if i not in sealed()] == [
            o.w.sid[u] for u in a["people"] if o.f.active(u) and ((o.v, u) in o.f.blocks or not o.f.blocked(o.v, u))]
            else f"shows {o.names(got)} of {a['people']}")


def judge_relationship(o, r):
    f, v, u = o.f, o.v, o.w.key_of(r["id"])
    if u is None:
        return "a relationship to nobody"
    want = {"following": f.tie(v, u), "followed_by": f.tie(v, u), "requested": (v, u) in f.requests,
            "requested_by": (u, v) in f.requests and f.active(u), "blocking": (v, u) in f.blocks, "blocked_by": False,
            "muting": u in f.people[v].hides, "kith_hide_mine": u in f.people[v].hides_from}
    return differ(f"{v} to {u}", {name: r[name] for name in want}, want)


def blocked_by_me(o):
    """Whom I blocked, I know."""
    return lambda meaning: meaning[0] in ("handle", "name", "person") and (o.v, meaning[1]) in o.f.blocks


@observer(2, "GET /api/kith/v1/view_as", pick=lambda w, rng, v: {**a_page(w, rng, v), "to": near(w, rng, v) if rng.random() < 0.8 else None})
def view_as(o, a):
    whose = f"account={o.w.sid[a['to']]}" if a["to"] else "stranger=1"
    o.words_alone = o.cards_alone = True
    request = Request("GET", f"{KITH}/view_as?{whose}&{query(o, a)}")
    answer = yield request
    if a["to"]:
        judge_in(o, request, answer, lambda: a["to"] in o.f.friend_list(o.v))
    if answer.status == 200:
        o.same(request, [s["id"] for s in answer.json["statuses"]], lambda: page_of(o, a, o.f.view_as(o.v, a["to"])))


@observer(2, "GET /api/v1/blocks")
def blocks(o, a):
    o.exempt = blocked_by_me(o)
    request = Request("GET", f"{API}/blocks?limit=80")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, {u["id"] for u in answer.json}, lambda: {o.w.sid[b] for b0, b in o.f.blocks if b0 == o.v and o.f.active(b)})


@observer(2, "GET /api/v1/mutes")
def mutes(o, a):
    request = Request("GET", f"{API}/mutes?limit=80")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, {u["id"] for u in answer.json}, lambda: {o.w.sid[u] for u in o.f.people[o.v].hides if o.f.card(o.v, u)})


@observer(4, "GET /api/v1/follow_requests")
def requests_to_me(o, a):
    request = Request("GET", f"{API}/follow_requests?limit=80")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, {u["id"] for u in answer.json}, lambda: ids_of(o, o.f.requests_to(o.v)))
        for u in answer.json:
            o.same(request, u["kith_answered"], lambda u=u: o.f.answered.get((o.w.key_of(u["id"]), o.v)))
            o.same(request, u["kith_invited_by"] and u["kith_invited_by"]["id"],
                   lambda u=u: o.w.sid.get(o.f.inviter(o.v, o.w.key_of(u["id"]))))
            o.same(request, u["kith_word"].split()[-1:], lambda u=u: o.f.requests.get((o.w.key_of(u["id"]), o.v), "").split())


@observer(2, "GET /api/kith/v1/requests")
def my_requests(o, a):
    request = Request("GET", f"{KITH}/requests")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, {r["account"]["id"] for r in answer.json}, lambda: ids_of(o, o.f.requests_of(o.v)))


@observer(2, "GET /api/v1/accounts/verify_credentials", "GET /oauth/userinfo", who="sealed too",
          pick=lambda w, rng, v: {})
def oneself(o, a):
    request = Request("GET", f"{API}/accounts/verify_credentials")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, answer.json["id"], lambda: o.w.sid[o.v])


@observer(1, "GET /oauth/userinfo")
def userinfo(o, a):
    request = Request("GET", "/oauth/userinfo")
    ok(o, request, (yield request))


@observer(3, "GET /api/v1/lists")
def tags(o, a):
    request = Request("GET", f"{API}/lists")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, {t["id"] for t in answer.json},
               lambda: {o.w.sid[t.key] for t in o.f.tags.values() if t.owner == o.v and not t.deleted})


@observer(2, "GET /api/v1/lists/:id", pick=a_tag)
def tag(o, a):
    request = Request("GET", f"{API}/lists/{o.w.sid[a['tag']]}")
    judge_owned(o, request, (yield request), o.f.tags[a["tag"]])


@observer(3, "GET /api/v1/lists/:id/accounts", pick=a_tag)
def tag_members(o, a):
    owned = o.f.tags[a["tag"]]
    request = Request("GET", f"{API}/lists/{o.w.sid[a['tag']]}/accounts?limit=80")
    answer = yield request
    judge_owned(o, request, answer, owned)
    if answer.status == 200:
        o.same(request, {u["id"] for u in answer.json}, lambda: ids_of(o, owned.members & o.f.friend_list(o.v)))


@observer(2, "GET /api/v1/accounts/:id/lists", pick=a_person)
def tags_of(o, a):
    request = Request("GET", f"{API}/accounts/{o.w.sid[a['to']]}/lists")
    answer = yield request
    if judge_card(o, request, answer, a["to"]):
        o.same(request, {t["id"] for t in answer.json}, lambda: {
            o.w.sid[t.key] for t in o.f.tags.values() if t.owner == o.v and not t.deleted and a["to"] in t.members})
