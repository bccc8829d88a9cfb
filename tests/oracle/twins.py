"""Twin worlds: the same people do the same things on two servers, and on one of them more happens that a viewer may not see.

Whatever the viewer asks, both must answer alike once ids, times and addresses are renamed: status, headers, length, order,
counts, pages and bytes. This finds what a search for forbidden words cannot: a number, a gap, an order, an empty page.

    python3 tests/oracle/twins.py --seed 7
"""

import argparse
import contextlib
import random
import re
import sys
import time
import urllib.parse

import operations
import routes
import rules
import wire
from canary import ID, Mint
from run import Run
from streams import Stream
from wire import API, KITH, RENDITIONS, Request

SETTLING = ("ask", "accept", "decline", "end", "block", "unblock", "hide", "hidemine", "maketag", "tagpeople", "untagpeople", "publish",
            "answer", "like", "unlike", "change", "delete", "makegroup", "invitetogroup", "joingroup", "leavegroup", "upload", "wear",
            "rename", "hush", "filter", "mark", "decide")
GOING_ON = ("publish", "answer", "like", "unlike", "change", "delete", "upload")  # nothing that lets the viewer see more
SETTLING_ROWS, GOING_ON_ROWS = 160, 48
HIDDEN_FROM = 1_000_000  # numbers of rows that only one world has
EDGES_PAST_MS = 70_000  # a world begins so long ago that nothing leaves a range while it is looked at
PAGES_MOST = 60
HEARD_S = 0.5
TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?|\d\d:\d\d:\d\d|1[6-9]\d{11}(?!\d)")
UNEQUAL = {b"date", b"content-length"}  # a length is looked at after renaming
PRESENT = {b"etag"}  # there or not

# What there is to read: rows of the table of routes, filled with every thing both worlds have. `*`: page by page to the end.
ONCE = ("/api/v1/instance", "/api/v2/instance", "/api/v1/instance/rules", "/api/v1/custom_emojis", "/api/v1/announcements", "/healthz", "/readyz",
        "/.well-known/nodeinfo", "/nodeinfo/2.0", "/.well-known/oauth-authorization-server", "/oauth/userinfo", "/api/v1/apps/verify_credentials",
        "/api/v1/streaming/health", "/oauth/authorize", "/api/kith/v1/sessions", "/api/kith/v1/factors", "/api/kith/v1/invites", "/api/kith/v1/export",
        "/api/kith/v1/export/file", "/api/v1/accounts/verify_credentials", "/api/v1/follow_requests", "/api/kith/v1/requests", "/api/v1/lists",
        "/api/kith/v1/groups", "/api/v1/timelines/public", "/api/v1/notifications/unread_count", "/api/v1/preferences", "/api/v1/bookmarks",
        "/api/v1/scheduled_statuses", "/api/v1/push/subscription", "/api/v1/conversations", "/api/v1/followed_tags", "/api/v1/filters",
        "/api/v2/filters", "/api/kith/v1/measures", "/api/kith/v1/review", "/", "/sign-in", "/friends", "/tags", "/notices", "/held", "/report",
        "/api/kith/v1/reports", "/api/kith/v1/accesses", "/api/kith/v1/standing", "/api/kith/v1/appeals",
        "/api/kith/v1/cases", "/api/kith/v1/order/appeals", "/api/kith/v1/order/figures", "/api/kith/v1/order/settings", "/api/kith/v1/policies", "/policies", "/complaint", "/api/kith/v1/transparency",
        "/transparency",
        "/api/kith/v1/audit/consistency", "/juries", "/rules", "/review", "/settings", "/search", "/groups", "/worker.js", "/plain", "/plain/sign-in")
PAGED = ("/api/v1/timelines/home", "/api/kith/v1/moments", "/api/v1/favourites", "/api/v1/notifications", "/api/v1/blocks", "/api/v1/mutes",
         "/api/v1/follow_requests")
OF_PERSON = ("/api/v1/accounts/:id", "/api/v1/accounts/:id/followers", "/api/v1/accounts/:id/following", "/api/v1/accounts/:id/lists",
             "/api/v1/accounts/:id/statuses*")
OF_PIECE = ("/api/v1/statuses/:id", "/api/v1/statuses/:id/context", "/api/v1/statuses/:id/source", "/api/v1/statuses/:id/history",
            "/api/v1/statuses/:id/favourited_by", "/api/v1/statuses/:id/reblogged_by", "/api/kith/v1/statuses/:id/moment", "/plain/posts/:id",
            "/posts/:id", "/api/v1/polls/:id")
OF_TAG = ("/api/v1/lists/:id", "/api/v1/lists/:id/accounts", "/api/v1/timelines/list/:id*")
OF_GROUP = ("/api/kith/v1/groups/:id", "/api/kith/v1/groups/:id/members", "/api/kith/v1/groups/:id/timeline*", "/groups/:id")
OF_PICTURE = ("/api/v1/media/:id",)
OF_FILTER = ("/api/v2/filters/:id", "/api/v2/filters/:id/keywords", "/api/v2/filters/:id/statuses")
WITH_A_WORD = {"/join/:code": "/join/x", "/reset/:token": "/reset/x", "/assets/:file": "/assets/avatar.svg", "/api/kith/v1/invites/:code": "/api/kith/v1/invites/x",
               "/complaint/:secret": "/complaint/x", "/evidence/:secret": "/evidence/x", "/evidence/:secret/:nth": "/evidence/x/1",
               "/api/kith/v1/complaints/:secret": "/api/kith/v1/complaints/x", "/api/kith/v1/policies/:hash": "/api/kith/v1/policies/x",
               "/api/kith/v1/policies/:hash/me": "/api/kith/v1/policies/x/me", "/api/kith/v1/cases/:id": "/api/kith/v1/cases/1",
               "/api/kith/v1/measures/:id": "/api/kith/v1/measures/1", "/api/kith/v1/measures/:id/receipts": "/api/kith/v1/measures/1/receipts",
               "/api/kith/v1/appeals/:id": "/api/kith/v1/appeals/1", "/api/kith/v1/draws/:id": "/api/kith/v1/draws/1",
               "/api/kith/v1/juries/:id": "/api/kith/v1/juries/1", "/api/kith/v1/juries/:id/pictures/:nth": "/api/kith/v1/juries/1/pictures/1",
               "/api/v2/filters/keywords/:id": "/api/v2/filters/keywords/1", "/api/v1/notifications/:id": "/api/v1/notifications/1"}
# Keys and hashes are others in every world, and so are jurors' numbers and what they are asked to try them.
OF_ITS_OWN = {"/api/kith/v1/audit/key", "/api/kith/v1/audit/roots", "/audit", "/api/kith/v1/juror", "/api/kith/v1/juries", "/api/kith/v1/jurors"}
CURSORS = ("max_id", "since_id", "min_id")


class Differ(Exception):
    """What the viewer is told differs between the worlds."""


class Unfit(Exception):
    """The worlds are no twins for this viewer: the test is at fault, not the server."""


@contextlib.contextmanager
def at_one_time(ms):
    """Both worlds begin at the same instant."""
    now, wire.now_ms = wire.now_ms, lambda: ms
    try:
        yield
    finally:
        wire.now_ms = now


class Hidden:
    """What happens in one world alone. Each way takes the people and pieces it finds; none is to be seen by `v`, by the rules."""

    def __init__(self, run, rng, v):
        self.run, self.w, self.f, self.rng, self.v = run, run.w, run.w.facts, rng, v
        self.n, self.made = HIDDEN_FROM, {}

    def do(self, op, by, **more):
        """The number of the row."""
        self.n += 1
        self.run.operate({"n": self.n, "op": op, "by": f"{by}.0", **more})
        return self.n

    def token(self):
        return self.w.mint.token()

    def others(self):
        return [u for u in self.f.people if u != self.v and self.f.active(u)]

    def strangers(self):
        return [u for u in self.others() if self.f.apart(self.v, u)]

    def friends(self):
        return sorted(u for u in self.f.friend_list(self.v) if self.f.friends(self.v, u))

    def seen(self):
        return [p for p in self.f.posts.values() if self.f.see(self.v, p)]

    def publish(self, by, kind="friends", people=(), group=None, held=0, mentions=(), pictures=()):
        """With a hashtag that others use."""
        audience = {"kind": kind, "tags": [], "people": list(people), **({"group": group} if group else {})}
        return "p%d" % self.do("publish", by, token=self.token(), audience=audience, mentions=list(mentions), held=held,
                               hashtags=[self.rng.choice(self.w.hashtags)], pictures=list(pictures))

    def answer(self, by, p, held=0, answered=None, mentions=()):
        return "c%d" % self.do("answer", by, post=p.key, comment=answered, token=self.token(), mentions=list(mentions), held=held)

    def befriend(self, a, b):
        self.do("ask", a, to=b, token=self.token(), answer=None)
        self.do("accept", b, to=a)

    def unrelated(self):
        """Two strangers to the viewer and to one another, of whom neither did anything on what is the other's."""
        def acts(a, b):
            return any(p.author == b and (a in p.likes or any(c.author == a for c in p.comments)) for p in self.f.posts.values())

        pool = [(a, b) for a in self.strangers() for b in self.strangers() if a < b and self.f.apart(a, b) and not self.f.blocked(a, b)
                and not acts(a, b) and not acts(b, a) and not {(a, b), (b, a)} & self.f.requests.keys()]
        return self.rng.choice(pool) if pool else None

    # ---- the ways; each says whether it found anything to do. The first few show for a moment and are gone when it is looked.

    def deleted_post(self):
        pool = self.friends()
        if pool:
            by = self.rng.choice(pool)
            self.do("delete", by, piece=self.publish(by, mentions=[self.v]))
        return bool(pool)

    def deleted_comment(self):
        pool = [(u, p) for p in self.seen() for u in self.friends() if self.f.see(u, p)]
        if pool:
            by, p = self.rng.choice(pool)
            self.do("delete", by, piece=self.answer(by, p, mentions=[self.v]))
        return bool(pool)

    def like_taken_back(self):
        pool = [(u, p) for p in self.seen() for u in self.others() if self.f.see(u, p) and u not in p.likes]
        if pool:
            by, p = self.rng.choice(pool)
            self.do("like", by, post=p.key)
            self.do("unlike", by, post=p.key)
        return bool(pool)

    def post_of_a_stranger(self):
        pool = self.strangers()
        if pool:
            self.publish(self.rng.choice(pool), mentions=[self.v])
        return bool(pool)

    def post_with_a_picture(self):
        pool = self.strangers()
        if pool:
            by = self.rng.choice(pool)
            pictures = ["i%d" % self.do("upload", by, token=self.token(), file=self.token(), about=self.token(), again=None, v=2) for _ in range(2)]
            self.publish(by, pictures=pictures[:1])
        return bool(pool)

    def post_to_oneself(self):
        pool = self.friends()
        if pool:
            self.publish(self.rng.choice(pool), "self", mentions=[self.v])
        return bool(pool)

    def post_without_the_viewer(self):
        pool = self.friends()
        if pool:
            self.publish(self.rng.choice(pool), "except", [self.v])
        return bool(pool)

    def post_to_another(self):
        pool = [(u, x) for u in self.friends() for x in self.f.friend_list(u) if x != self.v]
        if pool:
            by, to = self.rng.choice(sorted(pool))
            self.publish(by, "only", [to])
        return bool(pool)

    def report(self):
        """Of whom the viewer knows, or of the viewer."""
        pool = [(u, p) for p in self.seen() for u in self.others() if u != p.author and self.f.see(u, p)]
        if pool:
            by, p = self.rng.choice(pool)
            self.do("report", by, to=p.author, pieces=[p.key], category="other", token=self.token())
        return bool(pool)

    def held_post(self):
        pool = self.friends()
        if pool:
            self.publish(self.rng.choice(pool), held=1 + self.rng.randrange(2), mentions=[self.v])
        return bool(pool)

    def held_comment(self):
        pool = [(u, p) for p in self.seen() for u in self.friends() if self.f.see(u, p)]
        if pool:
            by, p = self.rng.choice(pool)
            self.answer(by, p, held=1 + self.rng.randrange(2))
        return bool(pool)

    def unseen_comment(self):
        """On what the viewer sees, half the time on the viewer's own, by somebody they do not see there."""
        pool = [(u, p) for p in self.seen() for u in self.others()
                if self.f.see(u, p) and not self.f.see_comment(self.v, rules.Comment("", p, u, [], 0))]
        own = [(u, p) for u, p in pool if p.author in self.friends()]
        if pool:
            by, p = self.rng.choice(own if own and self.rng.random() < 0.5 else pool)
            self.answer(by, p, mentions=[self.v])
        return bool(pool)

    def unseen_answer(self):
        """To a comment that is not seen either."""
        pool = [(u, p, c) for p in self.seen() for c in p.comments if not self.f.see_comment(self.v, c) and not c.deleted
                for u in self.others() if self.f.may_comment(u, p, c) and not self.f.see_comment(self.v, rules.Comment("", p, u, [], 0, c))]
        if pool:
            by, p, c = self.rng.choice(pool)
            self.answer(by, p, answered=c.key)
        return bool(pool)

    def unseen_like(self):
        pool = [(u, p) for p in self.seen() for u in self.others() if self.f.see(u, p) and u not in p.likes and not self.f.act(self.v, p, u)]
        if pool:
            by, p = self.rng.choice(pool)
            self.do("like", by, post=p.key)
        return bool(pool)

    def friendship_of_strangers(self):
        pair = self.unrelated()
        if pair:
            self.befriend(*pair)
        return bool(pair)

    def request_of_strangers(self):
        pair = self.unrelated()
        if pair:
            self.do("ask", pair[0], to=pair[1], token=self.token(), answer=None)
        return bool(pair)

    def block_of_strangers(self):
        pair = self.unrelated()
        if pair:
            self.do("block", pair[0], to=pair[1])
        return bool(pair)

    def group_of_others(self):
        pool = sorted((u, x) for u in self.others() for x in self.f.friend_list(u) if x != self.v and self.f.friends(u, x))
        if pool:
            by, other = self.rng.choice(pool)
            group = "g%d" % self.do("makegroup", by, token=self.token(), about=self.token())
            self.do("invitetogroup", by, group=group, to=other)
            self.do("joingroup", other, group=group)
            post = self.publish(by, "group", group=group)
            self.answer(other, self.f.posts[post])
            self.do("like", other, post=post)
        return bool(pool)

    def tag_with_the_viewer_in_it(self):
        pool = self.friends()
        if pool:
            by = self.rng.choice(pool)
            self.do("tagpeople", by, tag="t%d" % self.do("maketag", by, token=self.token()), people=[self.v])
        return bool(pool)

    def turned_away(self):
        """A friend who wants none of the viewer's in their feed."""
        pool = [u for u in self.friends() if self.v not in self.f.people[u].hides]
        if pool:
            self.do("hide", self.rng.choice(pool), to=self.v, verb="mute")
        return bool(pool)

    def change_that_waits(self):
        """Of what the viewer sees, and goes on to see as it was."""
        pool = [p for p in self.seen() if p.author in self.friends() and len(p.versions) == 1 and self.f.in_range(p)]
        if pool:
            p = self.rng.choice(pool)
            self.do("change", p.author, piece=p.key, token=self.token(), held=2)
        return bool(pool)

    MOMENTARY = (deleted_post, deleted_comment, like_taken_back)
    LASTING = (post_of_a_stranger, post_with_a_picture, post_to_oneself, post_without_the_viewer, post_to_another, held_post, held_comment,
               unseen_comment, unseen_answer, unseen_like, friendship_of_strangers, request_of_strangers, block_of_strangers, group_of_others, report,
               tag_with_the_viewer_in_it, turned_away)
    AT_LAST = (change_that_waits,)  # a later change by the same hand would find it there

    def some(self, ways):
        for way in ways:
            self.made[way.__name__] = self.made.get(way.__name__, 0) + way(self)


class World:
    """One of the two, as the viewer reads it."""

    def __init__(self, run, v):
        self.run, self.w, self.v = run, run.w, v
        self.session = run.w.sessions[f"{v}.0"]
        self.others = {}  # ids of things without a name, in the order in which the viewer met them
        self.stream = None

    def rename(self, data):
        data = data.replace(self.run.server.host.encode(), b"HOST").replace(urllib.parse.quote(self.run.server.host, safe="").encode(), b"HOST")

        def name(m):
            known = self.w.things.get(m.group())
            if known is None:
                return self.others.setdefault(m.group(), b"<thing %d>" % len(self.others))
            return f"<{known[0]} {known[1]}>".encode()

        return TIME.sub(b"<time>", ID.sub(name, data))

    def ask(self, path):
        return self.run.server.ask([(Request("GET", path), self.session.headers)])[0]

    def told(self, answer):
        """An answer as lines that can be compared."""
        if int(answer.header("Content-Length") or len(answer.body)) != len(answer.body):
            raise Differ(f"a length that is not the body's: {answer.head!r}")
        lines = [b"status %d" % answer.status]
        for line in answer.head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() in PRESENT:
                lines.append(name.lower())
            elif name.lower() not in UNEQUAL:
                lines.append(name.lower() + b": " + self.rename(value.strip()))
        text = (answer.header("Content-Type") or "").startswith(("application/json", "text/"))
        return b"\n".join([*sorted(lines[1:]), lines[0], self.rename(answer.body) if text else answer.body])

    def listen(self):
        self.stream = Stream("twin", self.session, "events", self.run.server)

    def heard(self):
        """What the open stream told since it was opened."""
        return b"\n".join(event.encode() + b" " + self.rename(data) for event, data, _ in self.stream.take())


class Twins:
    def __init__(self, seed, **server):
        self.rng = random.Random(f"twins {seed}")
        self.runs = []
        try:
            with at_one_time(wire.now_ms() - EDGES_PAST_MS):
                self.runs = [Run(seed, **server)]
                self.runs.append(Run(seed, **server))
            self.plain, self.busy = self.runs
            self.n = self.asked = 0
            self.v = None  # chosen when they have settled
            self.begin(seed)
        except BaseException:
            self.close()
            raise

    def close(self):
        for run in self.runs:
            run.close()

    def begin(self, seed):
        mint = Mint(random.Random(f"hidden {seed}"))
        mint.made = self.plain.w.mint.made  # no word twice in both worlds together
        self.busy.w.mint = mint
        for _ in range(SETTLING_ROWS):
            self.both(SETTLING)
        f = self.plain.w.facts
        self.v = max((u for u in f.people if f.active(u) and f"{u}.0" in self.plain.w.sessions and self.plain.w.sessions[f"{u}.0"].kind == "browser"),
                     key=lambda u: sum(f.see(u, p) for p in f.posts.values()))
        self.of_the_viewer(f)
        self.hidden = Hidden(self.busy, self.rng, self.v)
        self.worlds = [World(run, self.v) for run in self.runs]

    def of_the_viewer(self, f):
        """One of each thing that is somebody's own, so that every route has something to read."""
        w, by = self.plain.w, f"{self.v}.0"
        friends = sorted(f.friend_list(self.v))
        tag = self.act({"op": "maketag", "by": by, "token": w.mint.token()})
        self.act({"op": "tagpeople", "by": by, "tag": f"t{tag}", "people": friends[:3]})
        group = self.act({"op": "makegroup", "by": by, "token": w.mint.token(), "about": w.mint.token()})
        self.act({"op": "invitetogroup", "by": by, "group": f"g{group}", "to": friends[0]})
        self.act({"op": "upload", "by": by, "token": w.mint.token(), "file": w.mint.token(), "about": w.mint.token(), "again": None, "v": 2})
        self.act({"op": "filter", "by": by, "how": "make", "filter": None, "token": w.mint.token(), "word": w.mint.token()})

    def both(self, names):
        """Somebody does something that may be done in both. The viewer sends no advertisement while more happens in one world: that others
        sent the same is a reason their measure gives, by intent."""
        row = None
        while row is None or (row.get("held") and row["by"] == f"{self.v}.0") or not self.may_in_both(row):
            name = self.rng.choices(names, [operations.OPERATIONS[name].weight for name in names])[0]
            row = operations.OPERATIONS[name].choose(self.plain.w, self.rng)
        self.act(row)

    def may_in_both(self, row):
        """What one world hides may keep somebody there from what they do in the other: the viewer would see that it was not done."""
        op = operations.OPERATIONS[row["op"]]
        may = [op.possible(run.w, row) and op.statuses(run.w, row) for run in self.runs]
        return may[0] == may[1]

    def act(self, row):
        """The same in both worlds; the number of the row."""
        self.n += 1
        for run in self.runs:
            run.operate({"n": self.n, **row})
        return self.n

    def go(self):
        self.hidden.some(Hidden.MOMENTARY)
        for world in self.worlds:
            world.listen()
        for i in range(GOING_ON_ROWS):
            self.both(GOING_ON)
            self.hidden.some(Hidden.LASTING[i % 4::4] if i % 3 == 0 else ())
        self.hidden.some(Hidden.AT_LAST)
        self.are_twins()
        self.compare_streams()
        self.compare_all()
        self.compare_hidden()

    # ---- by the rules, the viewer sees the same in both

    def are_twins(self):
        views = []
        for run in self.runs:
            f, v = run.w.facts, self.v
            f.now_ms = wire.now_ms()
            views.append({
                "posts": {p.key: (f.present(p).text, sorted(f.likers(v, p)), [c.key for c in f.thread(v, p)]) for p in f.posts.values() if f.see(v, p)},
                "home": [p.key for p in f.home(v)], "notices": sorted((k, p.key, u) for k, p, u in f.notices(v)),
                "people": (sorted(f.friend_list(v)), sorted(f.requests_to(v)), sorted(f.requests_of(v)), sorted(u for u in f.people if f.card(v, u))),
                "groups": {g: f.group_members(v, g) for g in f.groups if f.see_group(v, g)},
                "measures": sorted(m.key for m in f.measures.values() if m.person == v)})
        for what in views[0]:
            if views[0][what] != views[1][what]:
                raise Unfit(f"{what}: {views[0][what]}\n{views[1][what]}")

    # ---- asking

    def paths(self, world):
        """(row of the table, path, whether page by page); the same in both worlds, in the same order."""
        w, plain = world.w, self.plain.w
        f, sid = plain.facts, w.sid
        for path in ONCE:
            yield path, path, False
        for path in PAGED:
            yield path, f"{path}?limit=3", True
        for row, path in WITH_A_WORD.items():
            yield row, path, False
        for u in f.people:
            yield from self.filled(OF_PERSON, sid[u])
            handle = urllib.parse.quote(f.people[u].handle)
            yield "/api/v1/accounts/lookup", f"{API}/accounts/lookup?acct={handle}", False
            yield "/api/v1/accounts/search", f"{API}/accounts/search?q={handle}", False
            yield "/api/v1/accounts/relationships", f"{API}/accounts/relationships?id[]={sid[u]}", False
            yield "/api/kith/v1/view_as", f"{KITH}/view_as?account_id={sid[u]}", False
            yield "/people/:handle", f"/people/{handle}", False
        for key in (*f.posts, *f.comments):
            yield from self.filled(OF_PIECE, sid[key])
            for cursor in CURSORS:
                yield "/api/v1/timelines/home", f"{API}/timelines/home?limit=5&{cursor}={sid[key]}", False
        for keys, table in ((f.tags, OF_TAG), (f.groups, OF_GROUP), (f.pictures, OF_PICTURE)):
            for key in keys:
                yield from self.filled(table, sid[key])
        for key in f.pictures:
            for name in RENDITIONS:
                yield "/media/:id/:name", f"/media/{sid[key]}/{name}", False
        for key in plain.filters:
            yield from self.filled(OF_FILTER, w.filters[key]["id"])
        for tag in w.hashtags:
            yield "/api/v1/timelines/tag/:tag", f"{API}/timelines/tag/{tag}?limit=3", True
        for kind in ("statuses", "accounts", "hashtags"):
            for q in (*w.hashtags, *(tag[:4] for tag in w.hashtags), "zq", "river", "bread", "garden", "WhatsApp", "放风筝"):
                yield "/api/v2/search", f"/api/v2/search?type={kind}&limit=40&q={urllib.parse.quote(q)}", False
        yield from self.of_notices(world)
        yield "/api/v1/markers", f"{API}/markers?timeline[]=home&timeline[]=notifications", False

    def filled(self, table, sid):
        for row in table:
            path = row.rstrip("*")
            yield path, path.replace(":id", sid) + ("?limit=3" if row.endswith("*") else ""), row.endswith("*")

    def of_notices(self, world):
        for notice in world.ask(f"{API}/notifications?limit=40").json:
            yield "/api/v1/notifications/:id", f"{API}/notifications/{notice['id']}", False

    def compare_all(self):
        rows = set()
        for asked in zip(*(list(self.paths(world)) for world in self.worlds), strict=True):
            rows.add(asked[0][0])
            paths = [path for _, path, _ in asked]
            for _ in range(PAGES_MOST if asked[0][2] else 1):
                answers = [world.ask(path) for world, path in zip(self.worlds, paths)]
                self.same(paths[0], [world.told(answer) for world, answer in zip(self.worlds, answers)])
                paths = [answer.link("next") for answer in answers]
                if paths[0] is None:
                    break
        missing = [route for route in routes.table() if route.startswith("GET ") and route not in routes.STREAMS and route[4:] not in rows | OF_ITS_OWN]
        if missing:
            raise Unfit(f"not asked: {missing}")

    def same(self, what, told):
        self.asked += 1
        if told[0] != told[1]:
            at = next((i for i, (a, b) in enumerate(zip(*told)) if a != b), min(len(t) for t in told))
            shown = "\n".join(f"    {name}: …{t[max(0, at - 200):at + 200].decode('utf-8', 'replace')!r}" for name, t in zip(("without", "with"), told))
            raise Differ(f"{self.v} at {what}: what is hidden shows, from byte {at}\n{shown}")

    def compare_streams(self):
        time.sleep(HEARD_S)
        heard = [world.heard() for world in self.worlds]
        self.same("the stream", heard)
        for world in self.worlds:
            world.stream.close()

    def compare_hidden(self):
        """What one world hides is in the other not there at all: asked for by its number, both say the same."""
        w = self.busy.w
        for table, keys in ((OF_PIECE, (*w.facts.posts, *w.facts.comments)), (OF_GROUP, w.facts.groups), (OF_TAG, w.facts.tags), (OF_PICTURE, w.facts.pictures)):
            for key in keys:
                if key not in self.plain.w.sid:
                    for _, path, _ in self.filled(table, w.sid[key]):
                        self.same(f"{path} ({key})", [world.told(world.ask(path)) for world in self.worlds])


def explore(seed, **server):
    """(answers compared, what was hidden)"""
    twins = Twins(seed, **server)
    try:
        twins.go()
        return twins.asked, twins.hidden.made
    finally:
        twins.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    begun = time.monotonic()
    try:
        asked, made = explore(a.seed)
    except Differ as differ:
        print(f"seed {a.seed}, {differ}")
        return 1
    print(f"seed {a.seed}: {asked} answers alike in {time.monotonic() - begun:.1f} s, {sum(made.values())} things hidden in {len(made)} ways; "
          f"nothing to do for: {[name for name, n in made.items() if n == 0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
