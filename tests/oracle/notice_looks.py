"""What somebody was told of: each notice may be told now, and none is missing."""

import rules
from looks import all_pages, observer, ok
from wire import API, Request

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
