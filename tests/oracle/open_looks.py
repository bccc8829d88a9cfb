"""What tells nothing of anybody: it is open to all, or empty for everybody."""

from looks import observer, ok, one_of
from wire import Request

OPEN = ("/api/v1/streaming/health", "/healthz", "/readyz", "/.well-known/nodeinfo", "/nodeinfo/2.0", "/api/v1/instance", "/api/v2/instance",
        "/api/v1/instance/rules", "/.well-known/oauth-authorization-server")
EMPTY_FOR_ALL = ("/api/v1/custom_emojis", "/api/v1/announcements")
EMPTY = ("/api/v1/timelines/public", "/api/v1/bookmarks", "/api/v1/conversations", "/api/v1/followed_tags",
         "/api/v1/scheduled_statuses")


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
