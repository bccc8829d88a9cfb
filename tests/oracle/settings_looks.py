"""What is set for oneself: filters, markers, preferences; and what apps know and there is none of."""

from looks import judge_in, observer, ok, one_of
from wire import API, Request

PLAIN = ("/api/v1/markers", "/api/v1/preferences")


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
