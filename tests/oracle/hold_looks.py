"""What was done about pieces: the list of it for whom it is on, and the desk where holds wait."""

import rules
from looks import observer, ok
from wire import KITH, Request


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
