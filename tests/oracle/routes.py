"""The server's own table of routes, read from its source: what is there must be looked at or done by somebody here."""

import os
import re

import observers
import operations
from wire import ROOT

TABLE = os.path.join(ROOT, "src", "api", "routes.c")
ROW = re.compile(r'^\s*\{\s*(GET|POST|PUT|PATCH|DELETE),\s*"([^"]+)",', re.MULTILINE)

# Routes that change nothing of what anybody sees, or are tried elsewhere, each with its reason.
ELSEWHERE = {
    "POST /oauth/sign-in": "a form that makes the same session as POST /api/kith/v1/session; tests/masto.test.mjs",
    "POST /oauth/revoke": "ends an app's token as DELETE /api/kith/v1/session does; tests/masto.test.mjs",
    "POST /api/kith/v1/reset": "a one-time link from the shell; tests/cli.test.mjs",
    "POST /api/kith/v1/signup": "every world begins with it (world.py)",
    "POST /api/kith/v1/audience": "tests/privacy.test.mjs compares its number with who sees the post",
    **{route: "passkeys need an authenticator; tests/factors.test.mjs has one" for route in (
        "POST /api/kith/v1/session/passkey/options", "POST /api/kith/v1/session/passkey", "POST /api/kith/v1/factors/passkeys/options",
        "POST /api/kith/v1/factors/passkeys", "DELETE /api/kith/v1/factors/passkeys/:id")},
    **{route: "the forms of the page without script do what their routes do; tests/browser_plain.test.mjs" for route in (
        "POST /plain/sign-in", "POST /plain/sign-in/second", "POST /plain/sign-out")},
    "POST /oauth/sign-in/second": "a form that does what POST /api/kith/v1/session/second does; tests/factors.test.mjs",
    "POST /api/kith/v1/import": "makes one's own posts and pictures, which the worlds make by their own routes; tests/archive.test.mjs",
    "POST /api/kith/v1/screen": "stores nothing and shows nothing but what was sent; src/api",
}


def table():
    with open(TABLE, encoding="utf-8") as f:
        return [f"{method} {path}" for method, path in ROW.findall(f.read())]


STREAMS = {"GET /api/v1/streaming", "GET /api/v1/streaming/:stream", "GET /api/v1/streaming/:stream/:part", "GET /api/kith/v1/live"}


def looked_at():
    """Streams are read all the time (streams.py)."""
    return STREAMS | {route for o in observers.OBSERVERS.values() for route in o.routes}


def done():
    return {route for o in operations.OPERATIONS.values() for route in o.routes}


def faults():
    """Routes nobody here knows, and names here that are no routes."""
    known, there = looked_at() | done() | ELSEWHERE.keys(), set(table())
    return ([f"{route} has no observer" for route in there if route.startswith("GET ") and route not in looked_at()]
            + [f"{route} has neither operation nor observer" for route in there - known if not route.startswith("GET ")]
            + [f"{route} is no route of the table" for route in known - there])
