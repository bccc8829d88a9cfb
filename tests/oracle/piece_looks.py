"""One post or comment: itself, what is around it, its earlier words, who liked it."""

import rules
from looks import a_piece, ids_of, judge_seen, observer, oldest_first
from wire import API, Request


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
