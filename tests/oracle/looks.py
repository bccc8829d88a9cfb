"""What an observer is, and the table of them: for every route of the server that reads, somebody who reads it and knows by the rules what must come.

An observer is a generator: it yields requests, gets answers and leaves checks with its Look. `pick` chooses what to look at;
what it gives is part of the log. Tokens, ids, statuses and accounts are checked in every answer by the Look itself. What many
observers pick and judge is here; the observers are in the files `…_looks.py`.
"""

from wire import Request

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


def one_of(paths):
    return lambda w, rng, v: {"path": rng.choice(paths)}


def query(o, a):
    cursor = f"&{a['cursor']}={o.w.sid[a['at']]}" if a.get("cursor") else ""
    return f"limit={a['limit']}{cursor}"


def newest_first(o, posts):
    return sorted((o.w.sid[p.key] for p in posts), key=int, reverse=True)


def oldest_first(o, pieces):
    return sorted((o.w.sid[c.key] for c in pieces), key=int)


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


def ids_of(o, people):
    return {o.w.sid[u] for u in people}


def judge_seen(o, request, answer, piece, own=False):
    """200 to whom the door lets see it, else what is said of what does not exist."""
    status, body = answer.status, answer.body
    absent = status == 404 and body == o.w.absent

    def judge():
        if o.f.see_piece(o.v, piece) and (not own or o.v == piece.author):
            return None if status == 200 else f"{piece.key}: {status} {body[:200]!r}, but it is to be seen"
        return None if absent else f"{piece.key}: {status} {body[:200]!r}, but it is not to be seen"

    o.check(request, judge)


def judge_owned(o, request, answer, tag):
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent

    def judge():
        if tag.owner == o.v and not tag.deleted:
            return None if status == 200 else f"{status} for one's own tag"
        return None if absent else f"{status} {answer.body[:200]!r} for a tag that is not to be seen"

    o.check(request, judge)


def judge_card(o, request, answer, u):
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent

    def judge():
        if o.f.card(o.v, u):
            return None if status == 200 else f"{u}: {status} {answer.body[:200]!r}, but there is a card"
        return None if absent else f"{u}: {status} {answer.body[:200]!r}, but there is no card"

    o.check(request, judge)
    return status == 200


def judge_in(o, request, answer, inside):
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent
    o.check(request, lambda: None if (status == 200 if inside() else absent)
            else f"{status} {answer.body[:200]!r}, and it is {'' if inside() else 'not '}to be seen")
