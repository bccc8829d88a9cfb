"""Groups: which there are for somebody, who is in one, what is said there."""

from looks import a_page_of, judge_in, judge_page, observer, ok, query
from wire import KITH, Request


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
