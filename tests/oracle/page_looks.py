"""The page itself: its paths and its files, which are the same for everybody."""

from looks import observer
from wire import Request

PAGES = ("/complaint", "/plain/sign-in", "/worker.js", "/search", "/groups", "/", "/sign-in", "/friends", "/tags", "/notices", "/held", "/report", "/juries",
         "/rules", "/review", "/settings")


@observer(1, *(f"GET {path}" for path in PAGES), "GET /join/:code", "GET /reset/:token", "GET /people/:handle",
          "GET /posts/:id", "GET /assets/:file", "GET /groups/:id", who="anyone",
          pick=lambda w, rng, v: {"path": rng.choice((*PAGES, "/assets/avatar.svg", "/assets/none.js", "/join/x", "/reset/x",
                                                      f"/people/{rng.choice(list(w.facts.people.values())).handle}", "/posts/1", "/groups/1"))})
def page(o, a):
    o.exempt = lambda m: False
    request = Request("GET", a["path"])
    yield request
