"""What is looked at: for every route of the server that reads, somebody who reads it and knows by the rules what must come.

An observer is a generator: it yields requests, gets answers and leaves checks with its Look. `pick` chooses what to look at;
what it gives is part of the log. Tokens, ids, statuses and accounts are checked in every answer by the Look itself.
"""

import html
import io
import urllib.parse
import zipfile

import canary
import rules
from wire import API, KITH, RENDITIONS, Request

OBSERVERS = {}
LIMITS = (1, 2, 5, 20, 40)


class Observer:
    def __init__(self, routes, weight, who, own, pick, watch):
        self.routes, self.weight, self.who, self.own, self.pick, self.watch = routes, weight, who, own, pick, watch

    def run(self, o, a):
        """The generator, behind the gate: who may not come in gets its status and nothing else."""
        for_gate = self.watch(o, a)
        try:
            request = next(for_gate)
        except StopIteration:
            return
        while True:
            answer = yield request
            if answer.status in (401, 403) or o.gate(self.who, self.own) is not None and not o.during:
                status = answer.status
                o.check(request, lambda: None if o.gate(self.who, self.own) == status
                        else f"{status}, must be {o.gate(self.who, self.own) or 200}")
                return
            try:
                request = for_gate.send(answer)
            except StopIteration:
                return


def observer(weight, *routes, who="member", own=False, pick=lambda w, rng, v: {}):
    def register(watch):
        OBSERVERS[watch.__name__] = Observer(routes, weight, who, own, pick, watch)
        return watch

    return register


def ok(o, request, answer):
    if answer.status == 200:
        return True
    o.check(request, lambda: f"{answer.status} {answer.body[:200]!r}")
    return False


# ---- picks


def near(w, rng, v):
    f = w.facts
    blocked = [u for u in f.people if v is not None and f.blocked(v, u)]
    if blocked and rng.random() < 0.25:
        return rng.choice(blocked)
    known = [u for u in f.people if v is not None and (not f.apart(v, u) or f.blocked(v, u))]
    return rng.choice(known) if known and rng.random() < 0.7 else rng.choice(list(f.people))


def a_person(w, rng, v):
    return {"to": near(w, rng, v)}


def a_piece(w, rng, v):
    f = w.facts
    recent = w.recent[-12:]
    if recent and rng.random() < 0.5:
        return {"piece": rng.choice(recent)}
    return {"piece": rng.choice(list(f.posts) if rng.random() < 0.6 or not f.comments else list(f.comments))}


def a_post(w, rng, v):
    recent = [key for key in w.recent[-12:] if key in w.facts.posts]
    return {"post": rng.choice(recent) if recent and rng.random() < 0.5 else rng.choice(list(w.facts.posts))}


def a_tag(w, rng, v):
    own = [t.key for t in w.facts.tags.values() if t.owner == v]
    pool = own if own and rng.random() < 0.85 else list(w.facts.tags)
    return {"tag": rng.choice(pool)} if pool else None


def a_page(w, rng, v):
    cursor = rng.choices((None, "max_id", "since_id", "min_id"), (5, 3, 1, 1))[0]
    return {"limit": rng.choice(LIMITS), "cursor": cursor, "at": rng.choice(list(w.facts.posts))}


def a_page_of(pick):
    def picked(w, rng, v):
        more = pick(w, rng, v)
        return None if more is None else {**more, **a_page(w, rng, v)}

    return picked


# ---- pages of posts


def query(o, a):
    cursor = f"&{a['cursor']}={o.w.sid[a['at']]}" if a.get("cursor") else ""
    return f"limit={a['limit']}{cursor}"


def newest_first(o, posts):
    return sorted((o.w.sid[p.key] for p in posts), key=int, reverse=True)


def page_of(o, a, posts):
    ids, at = newest_first(o, posts), int(o.w.sid[a["at"]])
    if a.get("cursor") == "max_id":
        ids = [i for i in ids if int(i) < at]
    elif a.get("cursor") == "since_id":
        ids = [i for i in ids if int(i) > at]
    elif a.get("cursor") == "min_id":
        return [i for i in ids if int(i) > at][-a["limit"]:]
    return ids[: a["limit"]]


def judge_page(o, request, answer, a, posts, of=lambda item: item["id"]):
    if ok(o, request, answer):
        o.same(request, [of(item) for item in answer.json], lambda: page_of(o, a, posts()))


def all_pages(o, path, of=lambda item: item["id"], most=40):
    """Follows the links to the end; gives the last request and everything listed."""
    listed = []
    for _ in range(most):
        request = Request("GET", path)
        answer = yield request
        if not ok(o, request, answer):
            return request, None
        listed += [of(item) for item in answer.json]
        path = answer.link("next")
        if path is None:
            return request, None if o.during else listed
    o.check(request, lambda: "pages without end")
    return request, None


@observer(10, "GET /api/v1/timelines/home", pick=a_page)
def home(o, a):
    request = Request("GET", f"{API}/timelines/home?{query(o, a)}")
    judge_page(o, request, (yield request), a, lambda: o.f.home(o.v))


@observer(3, "GET /api/v1/timelines/home", pick=lambda w, rng, v: {"limit": rng.choice((7, 40))})
def home_to_the_end(o, a):
    request, listed = yield from all_pages(o, f"{API}/timelines/home?limit={a['limit']}")
    if listed is not None:
        o.same(request, listed, lambda: newest_first(o, o.f.home(o.v)))


@observer(8, "GET /api/kith/v1/moments", pick=a_page)
def moments(o, a):
    a = {**a, "cursor": a["cursor"] and "max_id"}
    request = Request("GET", f"{KITH}/moments?{query(o, a)}")
    answer = yield request
    judge_page(o, request, answer, a, lambda: o.f.home(o.v), lambda m: m["status"]["id"])
    if answer.status == 200:
        for moment in answer.json:
            judge_moment(o, request, moment, 10)


@observer(6, "GET /api/kith/v1/statuses/:id/moment", pick=a_post)
def moment_of_one(o, a):
    request = Request("GET", f"{KITH}/statuses/{o.w.sid[a['post']]}/moment")
    answer = yield request
    if answer.status == 200:
        judge_moment(o, request, answer.json, 500)
    judge_seen(o, request, answer, o.f.posts[a["post"]])


def told_in_page(o, request, answer, wanted):
    """Of a page of HTML: the words of all that must be in it are."""
    def judge():
        body = html.unescape(answer.body.decode())
        missing = [p.key for p in wanted() if o.own_token(p) not in body]
        return f"{' '.join(missing)} not on the page" if missing else None

    o.check(request, judge)


@observer(3, "GET /plain", own=True, pick=lambda w, rng, v: {})
def plain_home(o, a):
    if o.session.kind != "browser":
        return
    request = Request("GET", "/plain")
    answer = yield request
    if ok(o, request, answer):
        told_in_page(o, request, answer, lambda: [o.f.posts[o.w.key_of(i)] for i in newest_first(o, o.f.home(o.v))[:10]])


@observer(3, "GET /plain/posts/:id", own=True, pick=a_post)
def plain_post(o, a):
    if o.session.kind != "browser":
        return
    post = o.f.posts[a["post"]]
    request = Request("GET", f"/plain/posts/{o.w.sid[a['post']]}")
    answer = yield request
    status, fault = answer.status, f"{answer.status}"
    o.check(request, lambda: None if (status == 200) == o.f.see(o.v, post) and status in (200, 404) else fault)
    if status == 200:
        told_in_page(o, request, answer, lambda: [post, *o.f.thread(o.v, post)] if o.f.see(o.v, post) else [])


def judge_moment(o, request, moment, most):
    likers, comments = {u["id"] for u in moment["likers"]}, [c["id"] for c in moment["comments"]]

    def judge():
        post = o.f.posts.get(o.w.key_of(moment["status"]["id"]))
        if post is None:
            return f"a moment of {moment['status']['id']}, which is no post"
        liked, said = ids_of(o, o.f.likers(o.v, post)), oldest_first(o, o.f.thread(o.v, post))[-most:]
        if likers != liked:
            return f"{post.key}: likers {o.names(likers)}, must be {o.names(liked)}"
        if comments != said:
            return f"{post.key}: comments {o.names(comments)}, must be {o.names(said)}"

    o.check(request, judge)


def ids_of(o, people):
    return {o.w.sid[u] for u in people}


def oldest_first(o, pieces):
    return sorted((o.w.sid[c.key] for c in pieces), key=int)


def judge_seen(o, request, answer, piece, own=False):
    """200 to whom the door lets see it, else what is said of what does not exist."""
    status, body = answer.status, answer.body
    absent = status == 404 and body == o.w.absent

    def judge():
        if o.f.see_piece(o.v, piece) and (not own or o.v == piece.author):
            return None if status == 200 else f"{piece.key}: {status} {body[:200]!r}, but it is to be seen"
        return None if absent else f"{piece.key}: {status} {body[:200]!r}, but it is not to be seen"

    o.check(request, judge)


@observer(4, "GET /api/v1/timelines/list/:id", pick=a_page_of(a_tag))
def tag_feed(o, a):
    tag = o.f.tags[a["tag"]]
    request = Request("GET", f"{API}/timelines/list/{o.w.sid[a['tag']]}?{query(o, a)}")
    answer = yield request
    judge_owned(o, request, answer, tag)
    if answer.status == 200:
        judge_page(o, request, answer, a, lambda: o.f.tag_feed(o.v, a["tag"]))


def judge_owned(o, request, answer, tag):
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent

    def judge():
        if tag.owner == o.v and not tag.deleted:
            return None if status == 200 else f"{status} for one's own tag"
        return None if absent else f"{status} {answer.body[:200]!r} for a tag that is not to be seen"

    o.check(request, judge)


@observer(6, "GET /api/v1/accounts/:id/statuses", pick=a_page_of(a_person))
def album(o, a):
    request = Request("GET", f"{API}/accounts/{o.w.sid[a['to']]}/statuses?{query(o, a)}")
    answer = yield request
    if judge_card(o, request, answer, a["to"]):
        judge_page(o, request, answer, a, lambda: o.f.album(o.v, a["to"]))


def judge_card(o, request, answer, u):
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent

    def judge():
        if o.f.card(o.v, u):
            return None if status == 200 else f"{u}: {status} {answer.body[:200]!r}, but there is a card"
        return None if absent else f"{u}: {status} {answer.body[:200]!r}, but there is no card"

    o.check(request, judge)
    return status == 200


@observer(3, "GET /api/v1/favourites", pick=lambda w, rng, v: {"limit": rng.choice((7, 40))})
def favourites(o, a):
    request, listed = yield from all_pages(o, f"{API}/favourites?limit={a['limit']}")
    if listed is not None:
        o.same(request, sorted(listed), lambda: sorted(o.w.sid[p.key] for p in o.f.favourites(o.v)))


# ---- one piece


@observer(8, "GET /api/v1/statuses/:id", pick=a_piece)
def status(o, a):
    piece = o.f.posts.get(a["piece"]) or o.f.comments[a["piece"]]
    request = Request("GET", f"{API}/statuses/{o.w.sid[a['piece']]}")
    judge_seen(o, request, (yield request), piece)


@observer(7, "GET /api/v1/statuses/:id/context", pick=a_piece)
def context(o, a):
    piece = o.f.posts.get(a["piece"]) or o.f.comments[a["piece"]]
    request = Request("GET", f"{API}/statuses/{o.w.sid[a['piece']]}/context")
    answer = yield request
    judge_seen(o, request, answer, piece)
    if answer.status == 200:
        above, below = ([s["id"] for s in answer.json[side]] for side in ("ancestors", "descendants"))
        o.same(request, above, lambda: [o.w.sid[p.key] for p in chain(o, piece)])
        o.same(request, below, lambda: oldest_first(o, under(o, piece)))


def chain(o, piece):
    """The post, and what a comment answers, from the top; ends where one is hidden."""
    if isinstance(piece, rules.Post):
        return []
    above, c = [], piece
    while (c := o.f.stands_under(o.v, c)) is not None:
        above.insert(0, c)
    return [piece.post, *above]


def under(o, piece):
    if isinstance(piece, rules.Post):
        return o.f.thread(o.v, piece)

    def is_under(c):
        while (c := o.f.stands_under(o.v, c)) is not None:
            if c is piece:
                return True
        return False

    return [c for c in o.f.thread(o.v, piece.post) if is_under(c)]


@observer(3, "GET /api/v1/statuses/:id/source", pick=a_piece)
def source(o, a):
    """What its author would edit."""
    piece = o.f.posts.get(a["piece"]) or o.f.comments[a["piece"]]
    request = Request("GET", f"{API}/statuses/{o.w.sid[a['piece']]}/source")
    answer = yield request
    judge_seen(o, request, answer, piece, own=True)
    if answer.status == 200:
        o.same(request, answer.json["text"], lambda: o.f.present(piece).text)


@observer(3, "GET /api/v1/statuses/:id/history", pick=a_piece)
def history(o, a):
    piece = o.f.posts.get(a["piece"]) or o.f.comments[a["piece"]]
    request = Request("GET", f"{API}/statuses/{o.w.sid[a['piece']]}/history")
    answer = yield request
    judge_seen(o, request, answer, piece)
    if answer.status == 200:
        o.same(request, [version["kith_text"] for version in answer.json], lambda: [version.text for version in o.f.shown(piece)])


@observer(5, "GET /api/v1/statuses/:id/favourited_by", pick=a_piece)
def favourited_by(o, a):
    piece = o.f.posts.get(a["piece"]) or o.f.comments[a["piece"]]
    request = Request("GET", f"{API}/statuses/{o.w.sid[a['piece']]}/favourited_by?limit=80")
    answer = yield request
    judge_seen(o, request, answer, piece)
    if answer.status == 200:
        got = [u["id"] for u in answer.json]
        likers = (lambda: o.f.likers(o.v, piece)) if isinstance(piece, rules.Post) else set
        o.same(request, sorted(got), lambda: sorted(ids_of(o, likers())))


@observer(1, "GET /api/v1/statuses/:id/reblogged_by", pick=a_piece)
def reblogged_by(o, a):
    piece = o.f.posts.get(a["piece"]) or o.f.comments[a["piece"]]
    request = Request("GET", f"{API}/statuses/{o.w.sid[a['piece']]}/reblogged_by")
    answer = yield request
    judge_seen(o, request, answer, piece)
    if answer.status == 200:
        o.same(request, answer.json, lambda: [])


# ---- people


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
    from look import differ
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


# ---- tags


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


# ---- groups


def a_group(w, rng, v):
    own = [g for g in w.facts.groups if v is not None and w.facts.see_group(v, g)]
    pool = own if own and rng.random() < 0.7 else list(w.facts.groups)
    return {"group": rng.choice(pool)} if pool else None


@observer(3, "GET /api/kith/v1/groups")
def groups(o, a):
    request = Request("GET", f"{KITH}/groups")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, {g["id"] for g in answer.json}, lambda: {o.w.sid[g] for g in o.f.groups if o.f.see_group(o.v, g)})


@observer(4, "GET /api/kith/v1/groups/:id", pick=a_group)
def group(o, a):
    request = Request("GET", f"{KITH}/groups/{o.w.sid[a['group']]}")
    judge_in(o, request, (yield request), lambda: o.f.see_group(o.v, a["group"]))


def judge_in(o, request, answer, inside):
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent
    o.check(request, lambda: None if (status == 200 if inside() else absent)
            else f"{status} {answer.body[:200]!r}, and it is {'' if inside() else 'not '}to be seen")


@observer(3, "GET /api/kith/v1/groups/:id/members", pick=a_group)
def group_members(o, a):
    request = Request("GET", f"{KITH}/groups/{o.w.sid[a['group']]}/members")
    answer = yield request
    judge_in(o, request, answer, lambda: o.f.in_group(o.v, a["group"]))
    if answer.status == 200:
        o.same(request, [m["account"]["id"] for m in answer.json], lambda: [o.w.sid[u] for u in o.f.group_members(o.v, a["group"])])


@observer(6, "GET /api/kith/v1/groups/:id/timeline", pick=a_page_of(a_group))
def group_feed(o, a):
    request = Request("GET", f"{KITH}/groups/{o.w.sid[a['group']]}/timeline?{query(o, a)}")
    answer = yield request
    judge_in(o, request, answer, lambda: o.f.in_group(o.v, a["group"]))
    if answer.status == 200:
        judge_page(o, request, answer, a, lambda: o.f.group_feed(o.v, a["group"]))


# ---- notices


OF_THE_ORDER = ("invited", "reported", "rule_down", "jury", "measure", "measure_over")


@observer(7, "GET /api/v1/notifications", "GET /api/v1/notifications/unread_count",
          pick=lambda w, rng, v: {"limit": rng.choice((7, 40))})
def notices(o, a):
    count = Request("GET", f"{API}/notifications/unread_count")
    answer = yield count
    # invitations to groups are given to who asks for them
    unread = answer.json["count"] if ok(o, count, answer) else None
    request, listed = yield from all_pages(o, f"{API}/notifications?limit={a['limit']}", of=lambda n: n)
    if listed is None:
        return
    for n in listed:
        o.w.notice_ids[n["id"]] = o.v
        o.check(request, lambda n=n: judge_notice(o, n))
    ids = [int(n["id"]) for n in listed]
    o.same(request, ids, lambda: sorted(ids, reverse=True))
    shown = {(n["account"]["id"], n["status"] and n["status"]["id"]) for n in listed}
    for t in o.w.told:
        if t.person == o.v and not t.dismissed:
            o.check(request, lambda t=t: judge_told(o, t, shown))
    if unread is not None and unread < 80:
        o.same(request, unread, lambda: len(listed))


def judge_notice(o, n):
    """Is it something that may be told now? Words and names in it are checked as everywhere."""
    f, v, kind = o.f, o.v, n["kith_kind"]
    by, key = o.w.key_of(n["account"]["id"]), n["status"] and o.w.key_of(n["status"]["id"])
    if kind == "request":
        return None if (by, v) in f.requests else f"a request of {by} that is not open"
    if kind in ("accepted", "held", "decided", *OF_THE_ORDER):
        return None
    if key is None:
        return f"a notice {kind} of nothing"
    piece = f.posts.get(key) or f.comments[key]
    if kind == "like":
        good = isinstance(piece, rules.Post) and piece.author == v and f.see_like(v, piece, by)
    elif kind == "mention":
        good = v in piece.mentions and f.see_piece(v, piece) and piece.author == by
    else:
        good = isinstance(piece, rules.Comment) and piece.author == by and f.see_comment(v, piece)
    return None if good else f"a notice {kind} of {key} by {by}"


def judge_told(o, t, shown):
    f = o.f
    piece = f.posts.get(t.piece) or f.comments[t.piece]
    if t.kind == "like":
        due = f.see_like(t.person, piece, t.by)
    elif t.kind == "also":
        due = f.see_comment(t.person, piece) and f.took_part(t.person, piece.post, piece.at)
    else:
        due = f.see_piece(t.person, piece)
    if due and (o.w.sid[t.by], o.w.sid[t.piece]) not in shown:
        return f"no notice {t.kind} of {t.piece} by {t.by}"


@observer(2, "GET /api/v1/notifications/:id",
          pick=lambda w, rng, v: {"notice": rng.choice(list(w.notice_ids))} if w.notice_ids else None)
def one_notice(o, a):
    request = Request("GET", f"{API}/notifications/{a['notice']}")
    answer = yield request
    if answer.status == 200:
        o.check(request, lambda: judge_notice(o, answer.json))
        o.same(request, o.w.notice_ids.get(a["notice"]), lambda: o.v)
    else:
        o.missing(request, answer)


# ---- the order


@observer(2, "GET /api/kith/v1/measures", who="sealed too")
def measures(o, a):
    """Reasons stay to be read by whom they are about, with the words, also when the piece is gone."""
    own = [p for p in (*o.f.posts.values(), *o.f.comments.values()) if p.author == o.v]
    o.exempt = lambda m: any(rules.belongs(p, m) for p in own)
    request = Request("GET", f"{KITH}/measures")
    answer = yield request
    if ok(o, request, answer):
        got = {m["id"] for m in answer.json}
        o.check(request, lambda: judge_measures(o, got))


MEASURES_A_PAGE = 40


def judge_measures(o, got):
    own = {o.w.sid[m.key] for m in o.f.measures.values() if m.person == o.v}
    others = {o.w.sid[m.key] for m in o.f.measures.values() if m.person != o.v} & got
    if others:
        return f"measures {o.names(others)}, on others"
    missing = own - got
    return f"no measures {o.names(missing)}" if missing and len(got) < MEASURES_A_PAGE else None


@observer(5, "GET /api/kith/v1/review", who="steward", own=True)
def review(o, a):
    def on_the_desk(meaning):
        kind, about = meaning[0], meaning[1]
        waiting = [p for p in (*o.f.posts.values(), *o.f.comments.values()) if o.f.review(o.v, p) is not False]
        if kind in ("handle", "name", "person", "app"):
            return any(about in (p.author, *p.mentions, *parties(p)) for p in waiting)
        return any(rules.belongs(p, meaning) or (kind in ("post", "comment") and about in above(p)) for p in waiting)

    o.exempt, o.cards_alone = on_the_desk, True
    request = Request("GET", f"{KITH}/review")
    answer = yield request
    if ok(o, request, answer):
        got = sorted(entry["status"]["id"] for entry in answer.json)

        def judge():
            waiting = [p for p in (*o.f.posts.values(), *o.f.comments.values()) if o.f.pending(p) or p.hold and not p.hold.kept]
            may = [o.w.sid[p.key] for p in waiting if o.f.review(o.v, p) is not False]
            must = [o.w.sid[p.key] for p in waiting if o.f.review(o.v, p)]
            if len(set(got)) != len(got) or not set(must) <= set(got) <= set(may):
                return f"shows {o.names(got)}, must be {o.names(must)}"

        o.check(request, judge)


def parties(piece):
    return (piece.post.author, piece.answers.author if piece.answers else None) if isinstance(piece, rules.Comment) else ()


def above(piece):
    return (piece.post.key, piece.answers.key if piece.answers else None) if isinstance(piece, rules.Comment) else ()


# ---- keys


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


# ---- what tells nothing of anybody

OPEN = ("/api/v1/streaming/health", "/healthz", "/readyz", "/.well-known/nodeinfo", "/nodeinfo/2.0", "/api/v1/instance", "/api/v2/instance",
        "/api/v1/instance/rules", "/.well-known/oauth-authorization-server")
EMPTY_FOR_ALL = ("/api/v1/custom_emojis", "/api/v1/announcements")
EMPTY = ("/api/v1/timelines/public", "/api/v1/bookmarks", "/api/v1/conversations", "/api/v1/followed_tags",
         "/api/v1/scheduled_statuses")
PLAIN = ("/api/v1/markers", "/api/v1/preferences")
PAGES = ("/complaint", "/plain/sign-in", "/worker.js", "/search", "/groups", "/", "/sign-in", "/friends", "/tags", "/notices", "/held", "/report", "/juries",
         "/rules", "/review", "/settings")


def one_of(paths):
    return lambda w, rng, v: {"path": rng.choice(paths)}


@observer(1, *(f"GET {path}" for path in OPEN), who="anyone", pick=one_of(OPEN))
def open_to_all(o, a):
    request = Request("GET", a["path"])
    ok(o, request, (yield request))


@observer(1, *(f"GET {path}" for path in EMPTY_FOR_ALL), who="anyone", pick=one_of(EMPTY_FOR_ALL))
def empty_for_all(o, a):
    request = Request("GET", a["path"])
    answer = yield request
    if ok(o, request, answer):
        o.same(request, answer.json, lambda: [])


@observer(1, *(f"GET {path}" for path in EMPTY), pick=one_of(EMPTY))
def empty(o, a):
    request = Request("GET", a["path"])
    answer = yield request
    if ok(o, request, answer):
        o.same(request, answer.json, lambda: [])


@observer(3, "GET /api/v1/timelines/tag/:tag", pick=a_page_of(lambda w, rng, v: {"word": rng.choice(w.hashtags)}))
def hashtag_feed(o, a):
    a = {**a, "cursor": a["cursor"] and "max_id"}
    request = Request("GET", f"{API}/timelines/tag/{a['word']}?{query(o, a)}")
    judge_page(o, request, (yield request), a, lambda: o.f.with_hashtag(o.v, a["word"]))


def words_to_find(w, rng, v):
    """One post's own token, or a word of many posts."""
    from world import WORDS, WORDS_ZH
    if rng.random() < 0.6:
        p = w.facts.posts[a_post(w, rng, v)["post"]]
        return {"q": next(t.decode() for t in canary.TOKEN.findall(p.versions[-1].text.encode()))}
    return {"q": rng.choice((*WORDS, *WORDS_ZH, "urda", "lett", "雪"))}


@observer(5, "GET /api/v2/search", pick=words_to_find)
def search_posts(o, a):
    request = Request("GET", f"/api/v2/search?type=statuses&limit=40&q={urllib.parse.quote(a['q'])}")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, [s["id"] for s in answer.json["statuses"]], lambda: newest_first(o, o.f.with_words(o.v, a["q"]))[:40])


@observer(2, "GET /api/v2/search", pick=lambda w, rng, v: {"q": rng.choice(w.hashtags)})
def search_hashtags(o, a):
    request = Request("GET", f"/api/v2/search?type=hashtags&q={a['q']}")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, [h["name"] for h in answer.json["hashtags"]], lambda: [a["q"]] if o.f.with_hashtag(o.v, a["q"]) else [])


# ---- pictures


def a_picture(w, rng, v):
    pictures = list(w.facts.pictures)
    return {"picture": rng.choice(pictures[-8:] if rng.random() < 0.5 else pictures), "name": rng.choice(RENDITIONS),
            "marked": rng.random() < 0.3} if pictures else None


@observer(8, "GET /media/:id/:name", pick=a_picture)
def picture(o, a):
    """Also with the mark of what one has already: the door comes before the comparison."""
    m = o.f.pictures[a["picture"]]
    path = f"/media/{o.w.sid[a['picture']]}/{a['name']}"
    post = o.f.posts.get(m.post)

    def reviewed():
        """None: both will do."""
        return o.f.at_hand(o.v, post) if m.use == "post" and o.v not in o.f.sides(post) else False

    o.exempt = lambda meaning: meaning == ("picture", m.key) and reviewed() is not False
    mark = [f"If-None-Match: {o.w.marks[path]}"] if a["marked"] and path in o.w.marks else []
    request = Request("GET", path, headers=mark)
    answer = yield request
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent
    if status == 200:
        o.w.marks[path] = answer.header("ETag")

    def judge():
        if reviewed() is None and absent and not o.f.see_picture(o.v, m):
            return None
        if o.f.see_picture(o.v, m) or reviewed() is not False:
            return None if status == (304 if mark else 200) else f"{status} for a picture that is to be seen"
        return None if absent else f"{status} {answer.head!r} for {m.key} of {m.owner}, {m.use} of {m.post}, which is not to be seen"

    o.check(request, judge)


@observer(2, "GET /api/v1/media/:id", pick=a_picture)
def own_picture(o, a):
    m = o.f.pictures[a["picture"]]
    request = Request("GET", f"{API}/media/{o.w.sid[a['picture']]}")
    answer = yield request
    judge_in(o, request, answer, lambda: m.owner == o.v and o.f.see_picture(o.v, m))


@observer(1, "GET /api/v1/polls/:id")
def poll(o, a):
    request = Request("GET", f"{API}/polls/1")
    o.missing(request, (yield request))


@observer(1, "GET /api/v1/push/subscription", own=True)  # an app here has no scope for it
def push(o, a):
    request = Request("GET", f"{API}/push/subscription")
    o.missing(request, (yield request))


def a_filter(w, rng, v):
    return {"filter": rng.choice(list(w.filters)), "words": rng.choice(("", "/keywords", "/statuses", "one"))} if w.filters else None


@observer(2, "GET /api/v1/filters", "GET /api/v2/filters", pick=lambda w, rng, v: {"of": rng.choice((1, 2))})
def filters(o, a):
    request = Request("GET", f"/api/v{a['of']}/filters")
    answer = yield request
    if ok(o, request, answer) and a["of"] == 2:
        o.same(request, {x["id"] for x in answer.json}, lambda: {x["id"] for x in o.w.filters.values() if x["owner"] == o.v})


@observer(2, "GET /api/v2/filters/:id", "GET /api/v2/filters/:id/keywords", "GET /api/v2/filters/:id/statuses",
          "GET /api/v2/filters/keywords/:id", pick=a_filter)
def one_filter(o, a):
    x = o.w.filters.get(a["filter"])
    if x is None or a["words"] == "one" and not x["words"]:
        return
    path = f"keywords/{x['words'][0]}" if a["words"] == "one" else x["id"] + a["words"]
    request = Request("GET", f"/api/v2/filters/{path}")
    judge_in(o, request, (yield request), lambda: x["owner"] == o.v and a["filter"] in o.w.filters)


@observer(1, *(f"GET {path}" for path in PLAIN), pick=one_of(PLAIN))
def plain(o, a):
    o.exempt = lambda m: m[0] == "post"  # a marker is what its owner said they had read
    request = Request("GET", a["path"])
    ok(o, request, (yield request))


@observer(1, *(f"GET {path}" for path in PAGES), "GET /join/:code", "GET /reset/:token", "GET /people/:handle",
          "GET /posts/:id", "GET /assets/:file", "GET /groups/:id", who="anyone",
          pick=lambda w, rng, v: {"path": rng.choice((*PAGES, "/assets/avatar.svg", "/assets/none.js", "/join/x", "/reset/x",
                                                      f"/people/{rng.choice(list(w.facts.people.values())).handle}", "/posts/1", "/groups/1"))})
def page(o, a):
    o.exempt = lambda m: False
    request = Request("GET", a["path"])
    yield request


def choose(w, rng, session):
    while True:
        name = rng.choices(list(OBSERVERS), [o.weight for o in OBSERVERS.values()])[0]
        a = OBSERVERS[name].pick(w, rng, session.person)
        if a is not None:
            return {"look": name, "by": session.key, **a}


import order_looks  # noqa: E402,F401 - the order: rows of the same table, in a file of their own
