"""What people do: each operation chooses for itself, is sent as one request, and changes the facts when the server said yes.

An operation is a row of a log: a dictionary of plain words, so that a log can be written down, cut short and played again.
Keys of things made carry the number of the row that made them; a row whose things are missing is skipped.
"""

import base64
import hashlib
import hmac
import io
import struct
import time
import zipfile

import canary
import rules
from look import Look
from wire import Request, now_ms

OPERATIONS = {}
API, KITH = "/api/v1", "/api/kith/v1"
HELD = (
    "原单复刻包包手表，1:1顶级高仿，专柜品质，海外代购直邮可验货。加薇❤信：z j y 8 8 6 6，备注朋友圈优惠，一件代发招代理 {}",
    "EARN $5000/week from home, no experience!! Pay a $99 joining fee, recruit 3 friends, get 20% commission on three levels of"
    " your downline. Add W.h.a.t.s.A.p.p +1 2 0 2 5 5 5 0 1 0 0 NOW {}",
    "下周飞东京代购，化妆品包包都可以带，价格比专柜便宜，{} 有小票，要的私聊我",  # passes alone; as others' copy it is folded
)
RENDITIONS = [f"{size}.{kind}" for size in ("small", "middle", "large") for kind in ("webp", "jpeg")]
FOREVER_MS = 1 << 60
TRIED_ANYWAY = 0.1  # share of attempts at what the rules refuse


def operation(weight, *routes):
    """Registers a class under its name in the log. `routes`: rows of the server's table that it exercises."""

    def register(cls):
        cls.name, cls.weight, cls.routes = cls.__name__.lower(), weight, routes
        OPERATIONS[cls.name] = cls()
        return cls

    return register


def known(w, row):
    """Whether everything a row names is there: in a log cut short it may not be."""
    f = w.facts
    pools = {"to": (f.people,), "who": (f.people,), "people": (f.people,), "post": (f.posts,), "comment": (f.comments,),
             "piece": (f.posts, f.comments), "pieces": (f.posts, f.comments), "appeal": (f.appeals,), "complaint": (f.complaints,), "report": (f.reports,),
             "measures": (f.measures,), "tag": (f.tags,), "measure": (f.measures,), "group": (f.groups,), "picture": (f.pictures,), "pictures": (f.pictures,), "again": (f.pictures,), "session": (w.sessions,),
             "by": (w.sessions,), "at": (f.posts,)}
    for name, value in row.items():
        for key in value if isinstance(value, (list, tuple)) else (value,):
            if key is not None and name in pools and not any(key in pool for pool in pools[name]):
                return False
    return True


class Operation:
    session_kinds = ("shell", "browser", "app")
    cards_alone = False  # it answers with people without their signature

    def by(self, w, rng):
        sessions = [s for s in w.live_sessions(kinds=self.session_kinds) if w.facts.people[s.person].state == "active"]
        return rng.choice(sessions) if sessions else None

    def choose(self, w, rng):
        """The row, without its number; None when there is nothing to do it to."""
        session = self.by(w, rng)
        more = session and self.pick(w, rng, session.person)
        return None if more is None else {"op": self.name, "by": session.key, **more}

    def possible(self, w, a):
        return known(w, a) and ("by" not in a or w.sessions[a["by"]].live)

    def me(self, w, a):
        return w.sessions[a["by"]].person

    def statuses(self, w, a):
        """What the server may answer."""
        return (200,) if self.allowed(w, a) else (404,)

    def allowed(self, w, a):
        return True

    def exempt(self, w, a):
        """What its own answer may show beside what the facts before or after it allow."""
        return lambda m: m[0] in ("person", "post", "comment") and m[1] in a.values()  # an id that was sent

    def perform(self, w, a):
        return w.ask(w.sessions[a["by"]], self.request(w, a))

    def more_looks(self, w, a):
        """What else it brought to be judged."""
        return []

    def done(self, w, a, answer):
        pass


def anybody(w, rng, me):
    """Mostly somebody near."""
    near = [u for u in w.facts.people if u != me and not w.facts.apart(me, u)]
    if near and rng.random() < 0.6:
        return rng.choice(near)
    return rng.choice([u for u in w.facts.people if u != me])


def a_post(w, rng, me, own=None):
    posts = [p for p in w.facts.posts.values() if not p.deleted or rng.random() < 0.05]
    if own:
        posts = [p for p in posts if p.author == me]
    elif rng.random() > TRIED_ANYWAY:
        posts = [p for p in posts if w.facts.see(me, p)]
    return rng.choice(posts[-30:] if posts and rng.random() < 0.7 else posts) if posts else None


# ---- between people


class BetweenPeople(Operation):
    def pick(self, w, rng, me):
        return {"to": anybody(w, rng, me)}

    def allowed(self, w, a):
        return w.facts.card(self.me(w, a), a["to"])

    def statuses(self, w, a):
        """What may be done to a sealed person, who has no card, is left open."""
        return (200,) if self.allowed(w, a) else (404,) if w.facts.active(a["to"]) else (200, 404)

    def request(self, w, a):
        return Request("POST", f"{API}/accounts/{w.sid[a['to']]}/{self.verb}", {})


@operation(14, "POST /api/v1/accounts/:id/follow")
class Ask(BetweenPeople):
    def pick(self, w, rng, me):
        f = w.facts
        ended = [u for u in f.people if u != me and f.tie(u, me) and not f.tie(me, u)]
        asked = [a for a, b in f.requests if b == me]
        far = [u for u in f.people if u != me and f.apart(me, u)]
        for pool, share in ((ended, 0.3), (asked, 0.1), (far, 1)):
            if pool and rng.random() < share:
                return self.words(w, rng, rng.choice(pool))
        return self.words(w, rng, anybody(w, rng, me))

    def words(self, w, rng, to):
        return {"to": to, "token": w.mint.token(), "answer": rng.choice((None, "right", "wrong"))}

    def request(self, w, a):
        return Request("POST", f"{API}/accounts/{w.sid[a['to']]}/follow", {
            "kith_word": f"We met by the {a['token']}", **({"kith_answer": self.answer(w, a)} if a["answer"] else {})})

    def statuses(self, w, a):
        me = self.me(w, a)
        if w.facts.on(me, "no_friends") and self.allowed(w, a) and not w.facts.tie(me, a["to"]):
            return (403,)
        return (403, *super().statuses(w, a)) if w.facts.on(me, "no_friends") else super().statuses(w, a)

    def answer(self, w, a):
        return w.facts.people[a["to"]].answer.upper() + " " if a["answer"] == "right" else "no idea"

    def done(self, w, a, answer):
        f, me, to = w.facts, self.me(w, a), a["to"]
        w.act()
        if (to, me) in f.requests:
            befriend(w, to, me)
        elif f.tie(me, to):
            pass  # already counted: changes nothing
        elif f.tie(to, me):
            f.ties.add((me, to))
        else:  # asking again changes the word; asked again without an answer, it stays as it was
            asked = f.people[to].question != ""
            if not asked:
                f.answered[me, to] = None
            elif a["answer"]:
                f.answered[me, to] = a["answer"] == "right"
            elif (me, to) not in f.requests or f.answered[me, to] is None:
                f.answered[me, to] = False
            f.requests[me, to] = a["token"]
            w.means(a["token"], "word", (me, to), a["token"])


def befriend(w, a, b):
    """b accepts a."""
    f = w.facts
    f.requests.pop((a, b), None)
    f.requests.pop((b, a), None)
    f.ties |= {(a, b), (b, a)}


@operation(10, "POST /api/v1/follow_requests/:id/authorize")
class Accept(BetweenPeople):
    verb = "authorize"

    def pick(self, w, rng, me):
        asked = [a for a, b in w.facts.requests if b == me]
        return {"to": rng.choice(asked)} if asked else {"to": anybody(w, rng, me)} if rng.random() < 0.05 else None

    def allowed(self, w, a):
        return (a["to"], self.me(w, a)) in w.facts.requests and super().allowed(w, a)

    def statuses(self, w, a):
        return (403,) if self.verb == "authorize" and w.facts.on(self.me(w, a), "no_friends") else super().statuses(w, a)

    def request(self, w, a):
        return Request("POST", f"{API}/follow_requests/{w.sid[a['to']]}/{self.verb}", {})

    def done(self, w, a, answer):
        w.act()
        befriend(w, a["to"], self.me(w, a))


@operation(2, "POST /api/v1/follow_requests/:id/reject")
class Decline(Accept):
    verb = "reject"

    def done(self, w, a, answer):
        w.act()
        w.facts.requests.pop((a["to"], self.me(w, a)))


@operation(7, "POST /api/v1/accounts/:id/unfollow", "POST /api/v1/accounts/:id/remove_from_followers")
class End(BetweenPeople):
    """Ends the friendship, or withdraws the request."""

    def pick(self, w, rng, me):
        asked = [b for a, b in w.facts.requests if a == me]
        tied = [u for u in w.facts.people if w.facts.tie(me, u)]
        pool = asked if asked and rng.random() < 0.3 else tied
        return {"to": rng.choice(pool), "verb": rng.choice(("unfollow", "remove_from_followers"))} if pool else None

    def allowed(self, w, a):
        me, to = self.me(w, a), a["to"]
        return super().allowed(w, a) or w.facts.tie(me, to) or (me, to) in w.facts.requests

    def request(self, w, a):
        return Request("POST", f"{API}/accounts/{w.sid[a['to']]}/{a['verb']}", {})

    def done(self, w, a, answer):
        w.act()
        w.facts.ties.discard((self.me(w, a), a["to"]))
        w.facts.requests.pop((self.me(w, a), a["to"]), None)


@operation(4, "POST /api/v1/accounts/:id/block")
class Block(BetweenPeople):
    verb = "block"

    def pick(self, w, rng, me):
        """Sometimes somebody of the same group, where a block has the most to do."""
        near = {u for g in w.facts.groups if w.facts.in_group(me, g) for u in w.facts.members_now(g)} - {me}
        return {"to": rng.choice(sorted(near))} if near and rng.random() < 0.4 else super().pick(w, rng, me)

    def statuses(self, w, a):
        return (200,) if self.allowed(w, a) else (200, 404)

    def done(self, w, a, answer):
        f, me, to = w.facts, self.me(w, a), a["to"]
        w.act()
        f.blocks.add((me, to))
        for pair in ((me, to), (to, me)):
            f.ties.discard(pair)
            f.requests.pop(pair, None)


@operation(2, "POST /api/v1/accounts/:id/unblock")
class Unblock(BetweenPeople):
    verb = "unblock"

    def pick(self, w, rng, me):
        blocked = [b for a, b in w.facts.blocks if a == me]
        return {"to": rng.choice(blocked)} if blocked else None

    def statuses(self, w, a):
        return (200,) if (self.me(w, a), a["to"]) in w.facts.blocks else (200, 404)

    def done(self, w, a, answer):
        w.act()
        w.facts.blocks.discard((self.me(w, a), a["to"]))


class Hiding(BetweenPeople):
    """What one hid one may see to again, also of somebody one blocked since."""

    def allowed(self, w, a):
        f, me, to = w.facts, self.me(w, a), a["to"]
        return super().allowed(w, a) or (to in self.mine(f.people[me]) and f.active(to) and (to, me) not in f.blocks)


@operation(3, "POST /api/v1/accounts/:id/mute", "POST /api/v1/accounts/:id/unmute")
class Hide(Hiding):
    """Theirs, out of my feed; and back."""

    def mine(self, person):
        return person.hides

    def pick(self, w, rng, me):
        to = anybody(w, rng, me)
        return {"to": to, "verb": "unmute" if to in w.facts.people[me].hides else "mute"}

    def request(self, w, a):
        return Request("POST", f"{API}/accounts/{w.sid[a['to']]}/{a['verb']}", {})

    def done(self, w, a, answer):
        hides = w.facts.people[self.me(w, a)].hides
        (hides.add if a["verb"] == "mute" else hides.discard)(a["to"])
        w.act()


@operation(3, "POST /api/kith/v1/accounts/:id/hide_mine", "DELETE /api/kith/v1/accounts/:id/hide_mine")
class HideMine(Hiding):
    def mine(self, person):
        return person.hides_from

    def pick(self, w, rng, me):
        to = anybody(w, rng, me)
        return {"to": to, "off": to in w.facts.people[me].hides_from}

    def request(self, w, a):
        return Request("DELETE" if a["off"] else "POST", f"{KITH}/accounts/{w.sid[a['to']]}/hide_mine", {})

    def done(self, w, a, answer):
        hides = w.facts.people[self.me(w, a)].hides_from
        (hides.discard if a["off"] else hides.add)(a["to"])
        w.act()


# ---- tags


class OfTag(Operation):
    def pick(self, w, rng, me):
        tags = [t for t in w.facts.tags.values() if t.owner == me and not t.deleted]
        if rng.random() < TRIED_ANYWAY / 2:
            tags = list(w.facts.tags.values())
        if not tags:
            return None
        more = self.more(w, rng, me)
        return more if more is None else {"tag": rng.choice(tags).key, **more}

    def more(self, w, rng, me):
        return {}

    def allowed(self, w, a):
        tag = w.facts.tags[a["tag"]]
        return tag.owner == self.me(w, a) and not tag.deleted

    def path(self, w, a):
        return f"{API}/lists/{w.sid[a['tag']]}"


@operation(5, "POST /api/v1/lists")
class MakeTag(Operation):
    def pick(self, w, rng, me):
        return {"token": w.mint.token()}

    def request(self, w, a):
        return Request("POST", f"{API}/lists", {"title": f"Tag {a['token']}"})

    def done(self, w, a, answer):
        key = f"t{a['n']}"
        w.facts.tags[key] = rules.Tag(key, self.me(w, a), a["token"])
        w.means(a["token"], "title", key, a["token"])
        w.named("tag", key, answer.json["id"])
        w.act()


@operation(1, "PUT /api/v1/lists/:id")
class RenameTag(OfTag):
    def more(self, w, rng, me):
        return {"token": w.mint.token()}

    def request(self, w, a):
        return Request("PUT", self.path(w, a), {"title": f"Tag {a['token']}"})

    def done(self, w, a, answer):
        w.facts.tags[a["tag"]].title = a["token"]
        w.means(a["token"], "title", a["tag"], a["token"])
        w.act()


@operation(2, "DELETE /api/v1/lists/:id")
class DeleteTag(OfTag):
    def pick(self, w, rng, me):
        used = [t for p in w.facts.posts.values() if p.author == me and p.audience.kind == "except"
                for t in p.audience.tags if not w.facts.tags[t].deleted]
        return {"tag": rng.choice(used)} if used and rng.random() < 0.7 else super().pick(w, rng, me)

    def request(self, w, a):
        return Request("DELETE", self.path(w, a))

    def done(self, w, a, answer):
        tag = w.facts.tags[a["tag"]]
        for p in w.facts.posts.values():
            if any(audience.kind == "except" and tag.key in audience.tags for audience in (p.audience, *p.earlier)):
                p.shut_out |= tag.members
        tag.deleted = True
        w.act()


@operation(10, "POST /api/v1/lists/:id/accounts")
class TagPeople(OfTag):
    def pick(self, w, rng, me):
        """Sometimes somebody a narrowed post names, into a tag that its earlier audience left out."""
        f = w.facts
        late = [(t, u) for p in f.posts.values() if p.author == me and not p.deleted for audience in p.earlier
                if audience.kind == "except" for t in audience.tags if not f.tags[t].deleted
                for u in p.audience.people if u in f.friend_list(me) and u not in f.tags[t].members]
        if late and rng.random() < 0.5:
            tag, person = rng.choice(late)
            return {"tag": tag, "people": [person]}
        return super().pick(w, rng, me)

    def more(self, w, rng, me):
        friends = sorted(w.facts.friend_list(me))
        return {"people": rng.sample(friends, rng.randrange(1, min(4, len(friends)) + 1))} if friends else None

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/accounts", {"account_ids": [w.sid[u] for u in a["people"]]})

    def statuses(self, w, a):
        if not self.allowed(w, a):
            return (404,)
        friends = w.facts.friend_list(self.me(w, a))
        return (200,) if all(u in friends for u in a["people"]) else (200, 404, 422)

    def done(self, w, a, answer):
        w.facts.tags[a["tag"]].members |= set(a["people"])
        w.act()


@operation(4, "DELETE /api/v1/lists/:id/accounts")
class UntagPeople(OfTag):
    def pick(self, w, rng, me):
        tags = [t for t in w.facts.tags.values() if t.owner == me and not t.deleted and t.members]
        if not tags:
            return None
        tag = rng.choice(tags)
        return {"tag": tag.key, "people": [rng.choice(sorted(tag.members))]}

    def request(self, w, a):
        return Request("DELETE", self.path(w, a) + "/accounts", {"account_ids": [w.sid[u] for u in a["people"]]})

    def done(self, w, a, answer):
        w.facts.tags[a["tag"]].members -= set(a["people"])
        w.act()


# ---- moments


def mentions_of(w, rng, me, share=0.3):
    return [anybody(w, rng, me)] if rng.random() < share else []


def naming(w, people):
    return "".join(f" @{w.facts.people[u].handle}" for u in people)


def audience_json(w, audience):
    if audience["kind"] == "group":
        return {"kind": "group", "group": w.sid[audience["group"]]}
    return {"kind": audience["kind"], "lists": [w.sid[t] for t in audience["tags"]],
            "people": [w.sid[u] for u in audience["people"]]}


def some_audience(w, rng, me):
    f = w.facts
    groups = [g for g in f.groups if f.in_group(me, g)]
    if groups and rng.random() < 0.35:
        return {"kind": "group", "tags": [], "people": [], "group": rng.choice(groups)}
    tags = [t.key for t in f.tags.values() if t.owner == me and not t.deleted]
    friends = sorted(f.friend_list(me))
    kind = rng.choices(("friends", "only", "except", "self"), (5, 3, 3, 1))[0]
    if kind in ("friends", "self") or not (tags or friends):
        return {"kind": kind if kind != "only" and kind != "except" else "friends", "tags": [], "people": []}
    some = rng.sample(tags, rng.randrange(1, min(2, len(tags)) + 1)) if tags and rng.random() < 0.8 else []
    people = rng.sample(friends, min(len(friends), 1 + rng.randrange(2))) if friends and (not some or rng.random() < 0.3) else []
    return {"kind": kind if some or people else "self", "tags": some, "people": people}


def hold_of(w, session, answer):
    """The hold of a piece that came back held, and the number of its measure, which its author reads."""
    if answer.json.get("kith_state") != "held":
        return None
    measures = w.get(session, f"{KITH}/measures")
    measure = next(m for m in measures if m["object"]["id"] == answer.json["id"] and m["kind"] == "hold" and m["state"] == "active")
    return rules.Hold(FOREVER_MS), measure["id"]


def begin(w, measure, sid):
    """A measure that the server has begun under this number."""
    measure.order = int(sid)
    w.facts.measures[measure.key] = measure
    w.named("measure", measure.key, sid)


def told_of(w, a, answer, piece):
    """Labels and folds the program began with these words: its author is told of each."""
    for i, told in enumerate(answer.json["kith_measures"]):
        if told["kind"] != "hold":
            begin(w, rules.Measure(f"m{a['n']}.{i}", piece.author, piece, decided=True, kind=told["kind"], family=a.get("held") or 0), told["id"])


def words_end(w, piece):
    """With its words what was done about them is over."""
    for m in w.facts.measures.values():
        if m.piece is piece and m.kind in ("label", "fold") and m.state in ("active", "kept"):
            m.state = "released"


def gone_end(w):
    """Nobody decides about what is gone any more, nor about what stands under it; what was decided stays."""
    for m in w.facts.measures.values():
        if m.kind in ("hold", "label", "fold") and m.state == "active" and w.facts.gone(m.piece):
            m.state = "released"


class Writes(Operation):
    """A post or a comment; some are such as the policy holds."""

    def piece(self, w, a, answer, key):
        f, held = w.facts, None
        piece = self.make(w, a, key, answer)
        w.named("comment" if isinstance(piece, rules.Comment) else "post", key, answer.json["id"])
        piece.versions[0].text = answer.json["kith_text"]
        piece.mentions = list(a["mentions"])
        if a["held"]:
            f.families.setdefault(a["held"], []).append((piece, piece.versions[0]))
            f.alike.setdefault(a["held"], set()).add(piece)
        held = hold_of(w, w.sessions[a["by"]], answer)
        if held:
            piece.hold = held[0]
            begin(w, rules.Measure(f"m{a['n']}", piece.author, piece, family=a["held"]), held[1])
        told_of(w, a, answer, piece)
        return piece

    def text(self, w, a):
        import random
        from world import World
        text = HELD[a["held"] - 1].format(a["token"]) if a["held"] else World.sentence(w, random.Random(a["token"]), a["token"])
        return text + naming(w, a["mentions"])

    def held(self, rng):
        return rng.choice((1, 2, 3, 3)) if rng.random() < 0.1 else 0

    def kept_from(self, w, a, comments):
        """What a measure on the writer answers; None: nothing."""
        f, me = w.facts, self.me(w, a)
        if f.on(me, "freeze"):
            return (403,)
        written, there = f.written_lately(me, comments)
        if f.on(me, "fewer") and written >= rules.FEWER_A_DAY:
            return (429,) if there >= rules.FEWER_A_DAY else (200, 429)
        return None


@operation(22, "POST /api/v1/statuses")
class Publish(Writes):
    def pick(self, w, rng, me):
        mentions = mentions_of(w, rng, me)
        spare = [m.key for m in w.facts.pictures.values() if m.owner == me and m.use == "none"]
        pictures = rng.sample(spare, rng.randrange(1, min(3, len(spare)) + 1)) if spare and rng.random() < 0.8 else []
        if rng.random() < 0.01 and w.facts.pictures:
            pictures = [rng.choice(list(w.facts.pictures))]
        return {"token": w.mint.token(), "audience": some_audience(w, rng, me), "mentions": mentions,
                "held": 3 if rng.random() < 0.06 else self.held(rng),  # more of what is copied: who sees which copy is what folds are about
                "hashtags": [rng.choice(w.hashtags)] if rng.random() < 0.25 else [], "pictures": pictures}

    def possible(self, w, a):
        f, audience = w.facts, a["audience"]
        if audience.get("group"):
            return super().possible(w, a) and audience["group"] in f.groups and f.in_group(self.me(w, a), audience["group"])
        return (super().possible(w, a) and all(t in f.tags and not f.tags[t].deleted for t in audience["tags"])
                and all(u in f.friend_list(self.me(w, a)) for u in audience["people"]))

    def request(self, w, a):
        return Request("POST", f"{API}/statuses", {
            "status": self.text(w, a) + "".join(f" #{tag}" for tag in a["hashtags"]),
            "kith_audience": audience_json(w, a["audience"]), "media_ids": [w.sid[m] for m in a["pictures"]]})

    def statuses(self, w, a):
        pictures = [w.facts.pictures[m] for m in a["pictures"]]
        kept_from = self.kept_from(w, a, comments=False)
        if kept_from:
            return kept_from if not pictures else (*kept_from, 404, 422)
        return (200,) if all(m.owner == self.me(w, a) and m.use == "none" for m in pictures) else (404, 422)

    def make(self, w, a, key, answer):
        from world import post
        audience = rules.Audience(a["audience"]["kind"], tuple(a["audience"]["tags"]), tuple(a["audience"]["people"]), a["audience"].get("group"))
        return post(w, key, self.me(w, a), audience, created_ms(answer), a["token"])

    def done(self, w, a, answer):
        p = self.piece(w, a, answer, f"p{a['n']}")
        p.hashtags, p.pictures = a["hashtags"], a["pictures"]
        for m in p.pictures:
            w.facts.pictures[m].use, w.facts.pictures[m].post = "post", p.key
        if p.mentions:
            w.tell("mention", p, p.author)


def created_ms(answer):
    from datetime import datetime
    return int(datetime.fromisoformat(answer.json["created_at"].replace("Z", "+00:00")).timestamp() * 1000)


@operation(26, "POST /api/v1/statuses")
class Answer(Writes):
    """A comment on a post, or on another comment of it."""

    def pick(self, w, rng, me):
        p = a_post(w, rng, me)
        if p is None:
            return None
        comments = [c for c in p.comments if w.facts.see_comment(me, c) or rng.random() < TRIED_ANYWAY]
        answered = rng.choice(comments).key if comments and rng.random() < 0.5 else None
        return {"post": p.key, "comment": answered, "token": w.mint.token(), "mentions": mentions_of(w, rng, me, 0.15),
                "held": self.held(rng)}

    def allowed(self, w, a):
        f = w.facts
        return f.may_comment(self.me(w, a), f.posts[a["post"]], a["comment"] and f.comments[a["comment"]])

    def statuses(self, w, a):
        return self.kept_from(w, a, comments=True) or (200,) if self.allowed(w, a) else (404,)

    def request(self, w, a):
        return Request("POST", f"{API}/statuses", {"status": self.text(w, a), "in_reply_to_id": w.sid[a["comment"] or a["post"]]})

    def make(self, w, a, key, answer):
        from world import comment
        f = w.facts
        c = comment(w, key, f.posts[a["post"]], self.me(w, a), a["token"], a["comment"] and f.comments[a["comment"]])
        c.at_ms = created_ms(answer)
        return c

    def done(self, w, a, answer):
        w.tell_comment(self.piece(w, a, answer, f"c{a['n']}"))


@operation(16, "POST /api/v1/statuses/:id/favourite")
class Like(Operation):
    def pick(self, w, rng, me):
        p = a_post(w, rng, me)
        return p and {"post": p.key}

    def allowed(self, w, a):
        return w.facts.see(self.me(w, a), w.facts.posts[a["post"]])

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['post']]}/favourite", {})

    def done(self, w, a, answer):
        p, me = w.facts.posts[a["post"]], self.me(w, a)
        if me not in p.likes:
            p.likes[me] = w.act()
            w.tell("like", p, me)


@operation(4, "POST /api/v1/statuses/:id/unfavourite")
class Unlike(Like):
    def pick(self, w, rng, me):
        liked = [p for p in w.facts.posts.values() if me in p.likes]
        return {"post": rng.choice(liked).key} if liked else None

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['post']]}/unfavourite", {})

    def done(self, w, a, answer):
        w.facts.posts[a["post"]].likes.pop(self.me(w, a), None)
        w.act()


@operation(8, "PUT /api/v1/statuses/:id")
class Change(Writes):
    """Other words, which may have to wait, or a narrower audience; sometimes a wider one, which is refused."""

    def pick(self, w, rng, me):
        f = w.facts
        own = [p for p in (*f.posts.values(), *f.comments.values()) if not p.deleted and (p.author == me or rng.random() < 0.003)]
        if not own:
            return None
        piece = rng.choice(own[-12:] if rng.random() < 0.6 else own)
        if isinstance(piece, rules.Comment) or rng.random() < 0.5:
            return {"piece": piece.key, "token": w.mint.token(), "held": 2 if rng.random() < 0.15 else 0}
        wider = rng.random() < 0.15
        audience = self.wider(w, rng, piece) if wider else self.narrower(w, rng, piece)
        return {"piece": piece.key, "audience": audience, "wider": wider} if audience else None

    def narrower(self, w, rng, p):
        f, now = w.facts, p.audience
        friends = sorted(f.friend_list(p.author))
        living = [t for t in now.tags if not f.tags[t].deleted]
        if now.kind == "friends":
            return some_audience(w, rng, p.author) if rng.random() < 0.9 else {"kind": "self", "tags": [], "people": []}
        if now.kind == "only" and rng.random() < 0.8:
            names = [*((t, "tags") for t in living), *((u, "people") for u in now.people if u in friends)]
            some = rng.sample(names, rng.randrange(1, len(names) + 1)) if names else []
            return some and {"kind": "only", **{side: [x for x, of in some if of == side] for side in ("tags", "people")}}
        if now.kind == "except" and rng.random() < 0.5:
            let_in = [u for u in friends if f.lets_in(p, u)]
            return let_in and {"kind": "only", "tags": [], "people": rng.sample(let_in, rng.randrange(1, min(4, len(let_in)) + 1))}
        if now.kind == "except" and rng.random() < 0.8:
            more = [u for u in friends if u not in now.people]
            return more and {"kind": "except", "tags": living, "people": [*now.people, rng.choice(more)]}
        return {"kind": "self", "tags": [], "people": []} if rng.random() < 0.2 else None

    def wider(self, w, rng, p):
        if p.audience.kind in ("only", "self", "except"):
            return {"kind": "friends", "tags": [], "people": []}
        return None

    def piece(self, w, a):
        return {**w.facts.posts, **w.facts.comments}[a["piece"]]

    def possible(self, w, a):
        f, audience = w.facts, a.get("audience") or {"tags": (), "people": ()}
        return known(w, a) and w.sessions[a["by"]].live and all(t in f.tags for t in audience["tags"])

    def statuses(self, w, a):
        piece, me, f = self.piece(w, a), self.me(w, a), w.facts
        if not f.see_piece(me, piece):
            return (200, 404) if me == piece.author and not piece.deleted else (404,)
        if me != piece.author:
            return (403, 404)
        if "token" in a and f.on(me, "freeze"):
            return (403,)
        if piece.hold is not None and piece.hold.kept:
            return (409, 422) if "token" in a else (200, 409, 422)
        if a.get("wider"):
            return (422,)
        audience = a.get("audience") or {"tags": (), "people": (), "kind": "self"}
        sure = ("audience" not in a or audience["kind"] == "self" or p_plain(f, piece, audience))
        return (200,) if sure and len(piece.versions) < 20 else (200, 409, 422)

    def request(self, w, a):
        piece, change = self.piece(w, a), {}
        if "token" in a:
            change["status"] = self.text(w, {**a, "mentions": piece.mentions}) + "".join(f" #{t}" for t in getattr(piece, "hashtags", ()))
        if "audience" in a:
            change["kith_audience"] = audience_json(w, a["audience"])
        return Request("PUT", f"{API}/statuses/{w.sid[a['piece']]}", change)

    def done(self, w, a, answer):
        f, piece = w.facts, self.piece(w, a)
        if "audience" in a:
            piece.earlier.append(piece.audience)
            audience = a["audience"]
            piece.audience = rules.Audience(audience["kind"], tuple(audience["tags"]), tuple(audience["people"]), audience.get("group"))
        if "token" in a:
            self.reword(w, a, answer, piece)
        w.act()

    def reword(self, w, a, answer, piece):
        f = w.facts
        whole, waits = f.waits(piece), answer.json["kith_pending"]
        if a["held"]:
            f.alike.setdefault(a["held"], set()).add(piece)
        for m in f.measures.values():
            if m.piece is piece and not m.decided and (m.version is not None or whole):
                m.decided, m.state = True, "released"
        f.follow()  # before the new words are judged
        for old in piece.versions:
            if whole or old is f.pending(piece):
                old.refused = True  # it was never shown
        version = rules.Version(waits["text"] if waits else answer.json["kith_text"], w.serial)
        piece.versions.append(version)
        w.means(a["token"], "words", piece, version)
        if waits:
            version.hold = rules.Hold(FOREVER_MS)
            self.measure(w, a, piece, waits["measure_id"], version)
        elif whole:
            held = hold_of(w, w.sessions[a["by"]], answer)
            piece.hold = held and held[0]
            if held:
                self.measure(w, a, piece, held[1])
        if not waits:
            words_end(w, piece)
            told_of(w, a, answer, piece)

    def measure(self, w, a, piece, sid, version=None):
        begin(w, rules.Measure(f"m{a['n']}", piece.author, piece, version, family=a["held"]), sid)


def p_plain(f, p, audience):
    """Made of living tags and of friends, so that nothing but the rule of narrowing decides."""
    friends = f.friend_list(p.author)
    return (p.audience.kind != "group" and all(t in f.tags and not f.tags[t].deleted for t in (*audience["tags"], *p.audience.tags))
            and all(u in friends for u in (*audience["people"], *p.audience.people)) and not p.earlier and audience["kind"] != "group"
            and not (p.audience.kind != "friends" and audience["kind"] == "only" and not set(audience["people"]) <= set(p.audience.people)))


@operation(5, "DELETE /api/v1/statuses/:id")
class Delete(Operation):
    def pick(self, w, rng, me):
        own = [p for p in [*w.facts.posts.values(), *w.facts.comments.values()]
               if not p.deleted and (p.author == me or rng.random() < 0.005)]
        return {"piece": rng.choice(own).key} if own else None

    def piece(self, w, a):
        return {**w.facts.posts, **w.facts.comments}[a["piece"]]

    def allowed(self, w, a):
        piece = self.piece(w, a)
        return piece.author == self.me(w, a) and w.facts.see_piece(piece.author, piece)

    def statuses(self, w, a):
        # one's own comment on a post that is out of one's sight: whether it can be deleted is not in the rules
        piece = self.piece(w, a)
        if piece.author == self.me(w, a) and not piece.deleted and not w.facts.see_piece(piece.author, piece):
            return (200, 404)
        if self.allowed(w, a):
            return (200,)
        return (403, 404) if w.facts.see_piece(self.me(w, a), piece) else (404,)

    def exempt(self, w, a):
        """It answers with what it took away."""
        piece = self.piece(w, a)
        return lambda m: rules.belongs(piece, m)

    def request(self, w, a):
        return Request("DELETE", f"{API}/statuses/{w.sid[a['piece']]}")

    def done(self, w, a, answer):
        piece = self.piece(w, a)
        piece.deleted = True
        words_end(w, piece)
        gone_end(w)
        w.act()


UNKEPT = ("bookmark", "unbookmark", "pin", "unpin")


@operation(2, "POST /api/v1/statuses/:id/reblog", "POST /api/v1/statuses/:id/unreblog", "POST /api/v1/statuses/:id/favourite",
           *(f"POST /api/v1/statuses/:id/{verb}" for verb in UNKEPT))
class Refused(Operation):
    """What there is not: passing on, liking a comment."""

    def pick(self, w, rng, me):
        pieces = [*w.facts.posts.values(), *w.facts.comments.values()]
        return {"piece": rng.choice(pieces).key, "verb": rng.choice(("reblog", "unreblog", "favourite", *UNKEPT))}

    def statuses(self, w, a):
        piece = {**w.facts.posts, **w.facts.comments}[a["piece"]]
        if a["verb"] == "favourite" and a["piece"] in w.facts.posts:
            return (200, 404)
        return (422, 404) if w.facts.see_piece(self.me(w, a), piece) else (404, 422)

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['piece']]}/{a['verb']}", {})

    def done(self, w, a, answer):
        if a["piece"] in w.facts.posts and w.facts.see(self.me(w, a), w.facts.posts[a["piece"]]):
            Like.done(OPERATIONS["like"], w, {**a, "post": a["piece"]}, answer)


# ---- groups


class OfGroup(Operation):
    owners = False  # the owner's affair

    def pick(self, w, rng, me):
        pool = [g for g in w.facts.groups if self.fits(w, me, g)]
        if rng.random() < TRIED_ANYWAY:
            pool = list(w.facts.groups)
        if not pool:
            return None
        group = rng.choice(pool)
        more = self.more(w, rng, me, w.facts.groups[group])
        return more if more is None else {"group": group, **more}

    def fits(self, w, me, g):
        return w.facts.group_owner(g) == me and w.facts.in_group(me, g) if self.owners else w.facts.in_group(me, g)

    def more(self, w, rng, me, group):
        return {}

    def statuses(self, w, a):
        f, me, g = w.facts, self.me(w, a), a["group"]
        if self.fits(w, me, g):
            return (200,)
        # somebody of the group who may not is told so; to everybody else there is no such group
        return (403, 404, 422) if f.see_group(me, g) else (404,)

    def path(self, w, a):
        return f"{KITH}/groups/{w.sid[a['group']]}"


@operation(5, "POST /api/kith/v1/groups")
class MakeGroup(Operation):
    def pick(self, w, rng, me):
        if len([g for g in w.facts.groups.values() if not g.deleted]) > 5 and rng.random() < 0.9:
            return None
        return {"token": w.mint.token(), "about": w.mint.token()}

    def request(self, w, a):
        return Request("POST", f"{KITH}/groups", {"title": f"The {a['token']}", "about": f"For {a['about']}"})

    def done(self, w, a, answer):
        key, me = f"g{a['n']}", self.me(w, a)
        w.facts.groups[key] = rules.Group(key, me, a["token"], a["about"], {me: w.act()})
        w.means(a["token"], "group title", key, a["token"])
        w.means(a["about"], "group about", key, a["about"])
        w.named("group", key, answer.json["id"])


@operation(1, "PUT /api/kith/v1/groups/:id")
class ChangeGroup(OfGroup):
    owners = True

    def more(self, w, rng, me, group):
        return {"field": rng.choice(("title", "about")), "token": w.mint.token()}

    def request(self, w, a):
        return Request("PUT", self.path(w, a), {a["field"]: f"Now {a['token']}"})

    def done(self, w, a, answer):
        setattr(w.facts.groups[a["group"]], a["field"], a["token"])
        w.means(a["token"], "group " + a["field"], a["group"], a["token"])
        w.act()


@operation(1, "DELETE /api/kith/v1/groups/:id")
class DeleteGroup(OfGroup):
    owners = True

    def pick(self, w, rng, me):
        return super().pick(w, rng, me) if rng.random() < 0.3 else None

    def request(self, w, a):
        return Request("DELETE", self.path(w, a))

    def done(self, w, a, answer):
        w.facts.groups[a["group"]].deleted = True
        w.act()


@operation(10, "POST /api/kith/v1/groups/:id/invite")
class InviteToGroup(OfGroup):
    def more(self, w, rng, me, group):
        friends = [u for u in sorted(w.facts.friend_list(me)) if u not in group.members and u not in group.invited]
        return {"to": rng.choice(friends)} if friends else None

    def statuses(self, w, a):
        f, me, group = w.facts, self.me(w, a), w.facts.groups[a["group"]]
        plain = a["to"] in f.friend_list(me) and a["to"] not in group.members and a["to"] not in group.invited
        return super().statuses(w, a) if plain or not f.in_group(me, a["group"]) else (200, 403, 404, 422)

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/invite", {"account_id": w.sid[a["to"]]})

    def done(self, w, a, answer):
        group = w.facts.groups[a["group"]]
        if a["to"] not in group.members:
            group.invited[a["to"]] = self.me(w, a)
        w.act()


@operation(10, "POST /api/kith/v1/groups/:id/accept")
class JoinGroup(OfGroup):
    def by(self, w, rng):
        """Mostly somebody who is invited."""
        invited = {u for g in w.facts.groups for u in w.facts.groups[g].invited if w.facts.invitation(u, g)}
        sessions = [s for u in sorted(invited) for s in w.live_sessions(u)]
        return rng.choice(sessions) if sessions and rng.random() < 0.9 else super().by(w, rng)

    def fits(self, w, me, g):
        return w.facts.invitation(me, g) is not None

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/accept", {})

    def statuses(self, w, a):
        inside = w.facts.in_group(self.me(w, a), a["group"])
        return (200, 403, 404, 409, 422) if inside else super().statuses(w, a)

    def done(self, w, a, answer):
        group, me = w.facts.groups[a["group"]], self.me(w, a)
        if me not in group.members:
            group.members[me] = w.act()
            group.invited.pop(me, None)


@operation(3, "POST /api/kith/v1/groups/:id/leave")
class LeaveGroup(OfGroup):
    """Declines an invitation too; the last one out ends the group."""

    def fits(self, w, me, g):
        return w.facts.see_group(me, g)

    def statuses(self, w, a):
        f, me, g = w.facts, self.me(w, a), a["group"]
        if f.in_group(me, g) and f.group_owner(g) == me and len(f.groups[g].members) > 1:
            return (422, 200)
        return super().statuses(w, a)

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/leave", {})

    def done(self, w, a, answer):
        out_of(w, a["group"], self.me(w, a))


def out_of(w, g, u):
    """Out of a group, or no more invited; whom they invited is invited no more, also when they come back."""
    group = w.facts.groups[g]
    group.members.pop(u, None)
    group.invited = {v: by for v, by in group.invited.items() if u not in (v, by)}
    group.deleted = group.deleted or not group.members
    w.act()


@operation(3, "POST /api/kith/v1/groups/:id/remove")
class RemoveFromGroup(OfGroup):
    owners = True

    def more(self, w, rng, me, group):
        others = [u for u in (*group.members, *group.invited) if u != me]
        return {"to": rng.choice(others)} if others else None

    def statuses(self, w, a):
        return (*super().statuses(w, a), 404, 422)

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/remove", {"account_id": w.sid[a["to"]]})

    def done(self, w, a, answer):
        out_of(w, a["group"], a["to"])


@operation(2, "POST /api/kith/v1/groups/:id/hand_over")
class HandOver(RemoveFromGroup):
    def more(self, w, rng, me, group):
        others = [u for u in group.members if u != me]
        return {"to": rng.choice(others)} if others else None

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/hand_over", {"account_id": w.sid[a["to"]]})

    def done(self, w, a, answer):
        w.facts.groups[a["group"]].owner = a["to"]
        w.act()


# ---- pictures


def form(fields, files):
    """A multipart body; files: (field, name, bytes)."""
    edge = b"----kith-oracle"
    parts = [b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (edge, k.encode(), v.encode())
             for k, v in fields.items()]
    parts += [b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: image/png\r\n\r\n%s\r\n'
              % (edge, k.encode(), name.encode(), data) for k, name, data in files]
    return b"".join(parts) + b"--%s--\r\n" % edge, "multipart/form-data; boundary=" + edge.decode()


def drawing(w, a):
    """The bytes of a row's picture: its own, or the same file as another one."""
    import random
    if a.get("again"):
        return w.files[a["again"]]
    return canary.png(random.Random(a["token"]), a["token"])


def learn_drawings(w, key):
    """Its owner fetches each form it is served in, so that the bytes are known wherever they turn up."""
    session = w.live_sessions(w.facts.pictures[key].owner)[0]
    for name in RENDITIONS:
        answer = w.ask(session, Request("GET", f"/media/{w.sid[key]}/{name}"))
        assert answer.status == 200, (name, answer.status, answer.body[:200])
        w.drawn.setdefault(hashlib.sha256(answer.body).digest(), set()).add(key)


@operation(7, "POST /api/v2/media", "POST /api/v1/media")
class Upload(Operation):
    def pick(self, w, rng, me):
        again = rng.choice(list(w.files)) if w.files and rng.random() < 0.1 else None
        return {"token": w.mint.token(), "file": w.mint.token(), "about": w.mint.token(), "again": again, "v": rng.choice((1, 2))}

    def possible(self, w, a):
        return super().possible(w, a) and (a["again"] is None or a["again"] in w.files)

    def request(self, w, a):
        for token in (a["token"], a["file"]):
            w.means(token, "nobody", None)
        body, kind = form({"description": f"You see {a['about']}"}, [("file", a["file"] + ".png", drawing(w, a))])
        return Request("POST", f"/api/v{a['v']}/media", body, kind)

    def done(self, w, a, answer):
        key = f"i{a['n']}"
        w.files[key] = drawing(w, a)
        w.facts.pictures[key] = rules.Picture(key, self.me(w, a), a["about"])
        w.means(a["about"], "alt", key, a["about"])
        w.named("picture", key, answer.json["id"])
        w.act()
        learn_drawings(w, key)


class OfPicture(Operation):
    def pick(self, w, rng, me):
        pool = [m.key for m in w.facts.pictures.values() if m.owner == me and m.use == "none"]
        if rng.random() < TRIED_ANYWAY:
            pool = list(w.facts.pictures)
        return {"picture": rng.choice(pool), **self.more(w, rng)} if pool else None

    def more(self, w, rng):
        return {}

    def statuses(self, w, a):
        m = w.facts.pictures[a["picture"]]
        if m.owner != self.me(w, a) or m.use == "gone":
            return (404,)
        return (200,) if m.use == "none" else (404, 422)

    def path(self, w, a):
        return f"{API}/media/{w.sid[a['picture']]}"


@operation(1, "PUT /api/v1/media/:id")
class Describe(OfPicture):
    def more(self, w, rng):
        return {"token": w.mint.token()}

    def request(self, w, a):
        return Request("PUT", self.path(w, a), {"description": f"Now {a['token']}"})

    def done(self, w, a, answer):
        w.facts.pictures[a["picture"]].about = a["token"]
        w.means(a["token"], "alt", a["picture"], a["token"])
        w.act()


@operation(1, "DELETE /api/v1/media/:id")
class TakeBack(OfPicture):
    def request(self, w, a):
        return Request("DELETE", self.path(w, a))

    def done(self, w, a, answer):
        w.facts.pictures[a["picture"]].use = "gone"
        w.act()


@operation(3, "PATCH /api/v1/accounts/update_credentials")
class Wear(OfPicture):
    """A picture of mine as my picture or my cover."""

    def more(self, w, rng):
        return {"side": rng.choice(("avatar", "cover"))}

    def statuses(self, w, a):
        worn = getattr(w.facts.people[self.me(w, a)], a["side"]) == a["picture"]  # already: nothing changes
        return (200,) if worn or super().statuses(w, a) == (200,) else (404, 422)

    def request(self, w, a):
        return Request("PATCH", f"{API}/accounts/update_credentials", {f"kith_{a['side']}_id": w.sid[a["picture"]]})

    def done(self, w, a, answer):
        me = w.facts.people[self.me(w, a)]
        take_off(w, me, a["side"])
        setattr(me, a["side"], a["picture"])
        w.facts.pictures[a["picture"]].use = a["side"]


def take_off(w, person, side):
    worn = getattr(person, side)
    if worn:
        w.facts.pictures[worn].use = "gone"
    setattr(person, side, None)
    w.act()


@operation(1, "DELETE /api/v1/profile/avatar", "DELETE /api/v1/profile/header")
class TakeOff(Operation):
    def pick(self, w, rng, me):
        worn = [side for side in ("avatar", "cover") if getattr(w.facts.people[me], side)]
        return {"side": rng.choice(worn)} if worn else None

    def request(self, w, a):
        return Request("DELETE", f"{API}/profile/{'avatar' if a['side'] == 'avatar' else 'header'}")

    def done(self, w, a, answer):
        take_off(w, w.facts.people[self.me(w, a)], a["side"])


# ---- oneself


@operation(1, "POST /api/v1/polls/:id/votes", "POST /api/v1/push/subscription", "PUT /api/v1/push/subscription",
           "DELETE /api/v1/push/subscription")
class NotHere(Operation):
    """What apps know and there is none of."""

    def pick(self, w, rng, me):
        return {"how": rng.choice(("POST /polls/1/votes", "POST /push/subscription", "PUT /push/subscription", "DELETE /push/subscription"))}

    def statuses(self, w, a):
        return (403, 404, 422)

    def request(self, w, a):
        method, path = a["how"].split()
        return Request(method, API + path, {})


@operation(3, "PATCH /api/v1/accounts/update_credentials")
class SetRange(Operation):
    def pick(self, w, rng, me):
        return {"range": rng.choice(tuple(rules.RANGE_DAYS))}

    def request(self, w, a):
        return Request("PATCH", f"{API}/accounts/update_credentials", {"kith_range": a["range"]})

    def done(self, w, a, answer):
        w.facts.people[self.me(w, a)].range = a["range"]
        w.act()


@operation(1, "PATCH /api/v1/accounts/update_credentials")
class SetQuestion(Operation):
    """What a friend alone can answer; or no more."""

    def pick(self, w, rng, me):
        if w.facts.people[me].question and rng.random() < 0.3:
            return {"token": None}
        return {"token": w.mint.token(), "answer": w.mint.token()}

    def request(self, w, a):
        change = {"kith_question": f"Where is {a['token']}?", "kith_answer": a["answer"]} if a["token"] else {"kith_question": ""}
        return Request("PATCH", f"{API}/accounts/update_credentials", change)

    def done(self, w, a, answer):
        me = w.facts.people[self.me(w, a)]
        me.question, me.answer = (a["token"], a["answer"]) if a["token"] else ("", "")
        if a["token"]:
            w.means(a["token"], "question", me.key, a["token"])
            w.means(a["answer"], "answer", me.key)
        w.act()


@operation(2, "POST /api/v1/statuses/:id/mute", "POST /api/v1/statuses/:id/unmute")
class Hush(Operation):
    """Later comments by others on a post are told no more; or again."""

    def pick(self, w, rng, me):
        p = a_post(w, rng, me)
        return p and {"post": p.key, "verb": "unmute" if (me, p.key) in w.facts.hushed else "mute"}

    def allowed(self, w, a):
        return w.facts.see(self.me(w, a), w.facts.posts[a["post"]])

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['post']]}/{a['verb']}", {})

    def done(self, w, a, answer):
        hushed = w.facts.hushed
        (hushed.add if a["verb"] == "mute" else hushed.discard)((self.me(w, a), a["post"]))
        w.act()


@operation(2, "POST /api/v2/filters", "PUT /api/v2/filters/:id", "DELETE /api/v2/filters/:id", "POST /api/v2/filters/:id/keywords",
           "PUT /api/v2/filters/keywords/:id", "DELETE /api/v2/filters/keywords/:id")
class Filter(Operation):
    """A reader's own filters, with words that are nobody else's business; now and then at somebody else's."""

    def pick(self, w, rng, me):
        own = [k for k, x in w.filters.items() if x["owner"] == me or rng.random() < 0.05]
        how = rng.choice(("rename", "delete", "add", "change", "drop")) if own and rng.random() < 0.6 else "make"
        return {"how": how, "filter": rng.choice(own) if how != "make" else None, "token": w.mint.token(), "word": w.mint.token()}

    def possible(self, w, a):
        x = w.filters.get(a["filter"])
        return super().possible(w, a) and (a["how"] == "make" or x is not None and (a["how"] in ("rename", "delete", "add") or bool(x["words"])))

    def allowed(self, w, a):
        return a["how"] == "make" or w.filters[a["filter"]]["owner"] == self.me(w, a)

    def statuses(self, w, a):
        return (200,) if self.allowed(w, a) else (404,)

    def request(self, w, a):
        for token in (a["token"], a["word"]):
            if token.encode() not in w.meanings:
                w.means(token, "own", self.me(w, a))
        x = w.filters.get(a["filter"])
        word = {"keyword": a["word"], "whole_word": False}
        if a["how"] == "make":
            return Request("POST", "/api/v2/filters", {"title": a["token"], "context": ["home"], "filter_action": "warn",
                                                       "keywords_attributes": [word, {"keyword": "river", "whole_word": True}]})
        if a["how"] in ("change", "drop"):
            path = f"/api/v2/filters/keywords/{x['words'][-1]}"
            return Request("PUT", path, word) if a["how"] == "change" else Request("DELETE", path)
        path = f"/api/v2/filters/{x['id']}"
        if a["how"] == "add":
            return Request("POST", path + "/keywords", word)
        return Request("PUT", path, {"title": a["token"]}) if a["how"] == "rename" else Request("DELETE", path)

    def done(self, w, a, answer):
        if a["how"] == "make":
            w.filters[f"f{a['n']}"] = {"id": answer.json["id"], "owner": self.me(w, a),
                                       "words": [word["id"] for word in answer.json["keywords"]]}
        elif a["how"] == "add":
            w.filters[a["filter"]]["words"].append(answer.json["id"])
        elif a["how"] == "drop":
            w.filters[a["filter"]]["words"].pop()
        elif a["how"] == "delete":
            del w.filters[a["filter"]]
        w.act()


@operation(2, "PATCH /api/v1/accounts/update_credentials")
class Rename(Operation):
    """Display name or signature."""

    def pick(self, w, rng, me):
        return {"field": rng.choice(("name", "note")), "token": w.mint.token()}

    def request(self, w, a):
        return Request("PATCH", f"{API}/accounts/update_credentials",
                       {"display_name" if a["field"] == "name" else "note": a["token"]})

    def done(self, w, a, answer):
        me = self.me(w, a)
        setattr(w.facts.people[me], a["field"], a["token"])
        w.means(a["token"], a["field"], me, a["token"])
        w.act()


@operation(1, "POST /api/v1/notifications/clear", "POST /api/v1/notifications/:id/dismiss")
class ClearNotices(Operation):
    def pick(self, w, rng, me):
        return {"which": rng.choice(("clear", "dismiss"))}

    def perform(self, w, a):
        session = w.sessions[a["by"]]
        if a["which"] == "clear":
            return w.ask(session, Request("POST", f"{API}/notifications/clear", {}))
        listed = w.get(session, f"{API}/notifications?limit=40")
        self.dismissed = listed[-1] if listed else None
        return w.ask(session, Request("POST", f"{API}/notifications/{listed[-1]['id'] if listed else 1}/dismiss", {}))

    def statuses(self, w, a):
        return (200, 404) if a["which"] == "dismiss" else (200,)

    def done(self, w, a, answer):
        me = self.me(w, a)
        for t in w.told:
            gone = self.dismissed if a["which"] == "dismiss" else None
            same = gone is None or (gone.get("status") and t.by == w.key_of(gone["account"]["id"])
                                    and w.sid[t.piece] == gone["status"]["id"])
            if t.person == me and same:
                t.dismissed = True
        w.act()


@operation(1, "POST /api/v1/markers")
class Mark(Operation):
    def pick(self, w, rng, me):
        return {"post": rng.choice(list(w.facts.posts))}

    def request(self, w, a):
        return Request("POST", f"{API}/markers", {"home": {"last_read_id": w.sid[a["post"]]}})

    def statuses(self, w, a):
        return (200, 409, 422)


# ---- ways in


@operation(1, "POST /api/kith/v1/session")
class SignIn(Operation):
    def choose(self, w, rng):
        if not w.passwords:
            return None
        who = rng.choice(sorted(w.passwords))
        return {"op": self.name, "who": who, "token": w.mint.token()}

    def possible(self, w, a):
        return a["who"] in w.passwords

    def perform(self, w, a):
        nobody, who = w.sessions["nobody"], a["who"]
        answer = w.ask(nobody, Request("POST", f"{KITH}/session", {
            "handle": w.facts.people[who].handle, "password": w.passwords[who]}))
        if who not in w.second or answer.status != 200:
            return answer
        assert answer.header("Set-Cookie") is None and "id" not in answer.json, answer.body  # half a sign-in is none
        for code in (totp(w.second[who]["secret"]), w.second[who]["codes"].pop()):
            ticket = {"ticket": answer.json["kith_second"]["ticket"]}
            done = w.ask(nobody, Request("POST", f"{KITH}/session/second", {**ticket, "code" if len(code) == 6 else "recovery": code}))
            if done.status == 200:  # a code of one half minute is good once
                break
        return done

    def me(self, w, a):
        return a["who"]

    def done(self, w, a, answer):
        cookie = answer.header("Set-Cookie").split(";")[0]
        s = w.session(f"s{a['n']}", a["who"], [f"Origin: {w.server.url}", f"Cookie: {cookie}"], "browser")
        if w.facts.active(a["who"]):
            s.id = current_session(w, s)


def totp(secret, now_s=None):
    """RFC 6238 with what every app takes for granted: SHA-1, 30 seconds, 6 digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    count = int((time.time() if now_s is None else now_s) // 30)
    mac = hmac.new(key, struct.pack(">Q", count), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7fffffff) % 1_000_000:06d}"


@operation(1, "POST /api/kith/v1/factors/totp", "POST /api/kith/v1/factors/totp/confirm", "DELETE /api/kith/v1/factors/totp",
           "POST /api/kith/v1/factors/recovery", "POST /api/kith/v1/session/second")
class Second(Operation):
    """A code app as a second factor; new recovery codes; without it again."""

    session_kinds = ("browser",)

    def pick(self, w, rng, me):
        if me not in w.passwords:
            return None
        return {"how": rng.choice(("off", "codes")) if me in w.second else "on"}

    def possible(self, w, a):
        return super().possible(w, a) and (a["how"] == "on") != (self.me(w, a) in w.second)

    def perform(self, w, a):
        session, me = w.sessions[a["by"]], self.me(w, a)
        password = {"password": w.passwords[me]}
        if a["how"] == "off":
            return w.ask(session, Request("DELETE", f"{KITH}/factors/totp", password))
        if a["how"] == "codes":
            return w.ask(session, Request("POST", f"{KITH}/factors/recovery", password))
        made = w.ask(session, Request("POST", f"{KITH}/factors/totp", {}))
        assert made.status == 200, made.body
        self.secret = made.json["secret"]
        return w.ask(session, Request("POST", f"{KITH}/factors/totp/confirm", {"code": totp(self.secret)}))

    def done(self, w, a, answer):
        me = self.me(w, a)
        if a["how"] == "off":
            del w.second[me]
        elif a["how"] == "codes":
            w.second[me]["codes"] = list(answer.json["recovery"])
        else:
            w.second[me] = {"secret": self.secret, "codes": list(answer.json["recovery"])}
            end_others(w, me, a["by"])
        w.act()


def end_others(w, me, but):
    for s in w.live_sessions(me):
        s.live = s.key == but


def current_session(w, session):
    return next(s["id"] for s in w.get(session, f"{KITH}/sessions") if s["current"])


@operation(2, "POST /oauth/token", "POST /oauth/authorize", "POST /api/v1/apps")
class TakeApp(Operation):
    """A person lets an app in, as a browser goes through it; or takes a token from the shell."""

    def choose(self, w, rng):
        browsers = [s for s in w.live_sessions(kinds=("browser",)) if w.facts.active(s.person)]
        if browsers and rng.random() < 0.5:
            return {"op": self.name, "by": rng.choice(browsers).key, "token": w.mint.token()}
        who = rng.choice([u for u in w.facts.people if w.facts.active(u)])
        return {"op": self.name, "who": who, "token": w.mint.token()}

    def me(self, w, a):
        return a.get("who") or super().me(w, a)

    def perform(self, w, a):
        if "who" in a:
            token = w.server.command(["token", "create", w.facts.people[a["who"]].handle])
            return self.come_in(w, a, token, "shell")
        w.means(a["token"], "app", self.me(w, a))
        out = "urn:ietf:wg:oauth:2.0:oob"
        nobody, browser = w.sessions["nobody"], w.sessions[a["by"]]
        app = w.ask(nobody, Request("POST", f"{API}/apps", {"client_name": a["token"], "redirect_uris": out, "scopes": "read write follow"}))
        w.apps.append(app.json["client_id"])
        page = w.ask(browser, Request("GET", "/oauth/authorize?response_type=code&scope=read+write+follow&redirect_uri="
                                      + out + "&client_id=" + app.json["client_id"]))
        code = consent(w, browser, page, app)
        tokens = w.ask(nobody, Request("POST", "/oauth/token", {
            "grant_type": "authorization_code", "code": code, "client_id": app.json["client_id"],
            "client_secret": app.json["client_secret"], "redirect_uri": out}))
        return self.come_in(w, a, tokens.json["access_token"], "app")

    def come_in(self, w, a, token, kind):
        s = w.session(f"s{a['n']}", self.me(w, a), [f"Authorization: Bearer {token}"], kind)
        if kind == "shell":
            s.id = current_session(w, s)
        return w.ask(s, Request("GET", f"{API}/accounts/verify_credentials"))


def consent(w, browser, page, app):
    """Sends the page's one form as it stands; gives the code it shows."""
    import html
    import re
    import urllib.parse
    form = re.search(rb'<form[^>]*\saction="([^"]*)"[^>]*>(.*?)</form>', page.body, re.DOTALL)
    assert form, page.body[:500]
    fields = {}
    for tag in re.findall(rb"<input[^>]*>", form.group(2)):
        name = re.search(rb'\sname="([^"]*)"', tag)
        value = re.search(rb'\svalue="([^"]*)"', tag)
        if name and b'type="hidden"' in tag:
            fields[name.group(1).decode()] = html.unescape(value.group(1).decode()) if value else ""
    button = re.search(rb'<button[^>]*\sname="([^"]*)"[^>]*\svalue="([^"]*)"', form.group(2))
    if button:
        fields[button.group(1).decode()] = button.group(2).decode()
    body = urllib.parse.urlencode(fields).encode()
    done = w.ask(browser, Request("POST", html.unescape(form.group(1).decode()), body, "application/x-www-form-urlencoded"))
    assert done.status == 200, (done.status, done.body[:800])
    code = re.search(rb"<code[^>]*>([^<]+)</code>", done.body)
    assert code, done.body[:1500]
    return html.unescape(code.group(1).decode())


@operation(1, "POST /api/kith/v1/invites", "DELETE /api/kith/v1/invites/:id")
class Invite(Operation):
    """An invitation by one of the order's people, or the end of one."""

    session_kinds = ("shell", "browser")

    def pick(self, w, rng, me):
        if w.facts.people[me].role == "member" and rng.random() > 0.05:
            return None
        own = [i for i, invite in enumerate(w.invites) if invite["by"] == me and not invite["gone"]]
        return {"gone": rng.choice(own)} if own and rng.random() < 0.4 else {}

    def possible(self, w, a):
        return super().possible(w, a) and ("gone" not in a or a["gone"] < len(w.invites))

    def statuses(self, w, a):
        return (403,) if w.facts.people[self.me(w, a)].role == "member" else (200,)

    def request(self, w, a):
        if "gone" in a:
            return Request("DELETE", f"{KITH}/invites/{w.invites[a['gone']]['id']}")
        return Request("POST", f"{KITH}/invites", {"uses": 2, "days": 2})

    def done(self, w, a, answer):
        if "gone" in a:
            w.invites[a["gone"]]["gone"] = True
        else:
            made = answer.json
            w.invites.append({"id": made["id"], "code": made["url"].rsplit("/", 1)[1], "by": self.me(w, a), "gone": False})


@operation(2, "DELETE /api/kith/v1/session", "DELETE /api/kith/v1/sessions", "DELETE /api/kith/v1/sessions/:id",
           "POST /api/kith/v1/password")
class SignOut(Operation):
    """Ends a session, from itself or from another; or all others by a new password."""

    def choose(self, w, rng):
        for session in rng.sample(w.live_sessions(), len(w.live_sessions())):
            mine = [s for s in w.live_sessions(session.person) if s is not session]
            if not mine:
                continue
            if session.kind == "browser" and session.person in w.passwords and rng.random() < 0.3:
                return {"op": self.name, "by": session.key, "how": "password", "token": w.mint.token()}
            others = [s for s in mine if s.id]
            if others and session.kind != "app" and w.facts.active(session.person):
                if rng.random() < 0.2:
                    return {"op": self.name, "by": session.key, "how": "others"}
                return {"op": self.name, "by": session.key, "how": "revoke", "session": rng.choice(others).key}
            return {"op": self.name, "by": session.key, "how": "out"}
        return None

    def possible(self, w, a):
        return super().possible(w, a) and ("session" not in a or w.sessions[a["session"]].live)

    def request(self, w, a):
        if a["how"] == "out":
            return Request("DELETE", f"{KITH}/session")
        if a["how"] == "others":
            return Request("DELETE", f"{KITH}/sessions")
        if a["how"] == "revoke":
            return Request("DELETE", f"{KITH}/sessions/{w.sessions[a['session']].id}")
        password = a["token"] + " horse battery"
        return Request("POST", f"{KITH}/password", {"current": w.passwords[self.me(w, a)], "password": password})

    def statuses(self, w, a):
        if w.facts.people[self.me(w, a)].state == "sealed" and a["how"] != "out":
            return (403,)
        return (200,)

    def done(self, w, a, answer):
        me = self.me(w, a)
        if a["how"] == "out":
            w.sessions[a["by"]].live = False
        elif a["how"] == "revoke":
            w.sessions[a["session"]].live = False
        elif a["how"] == "others":
            end_others(w, me, a["by"])
        else:
            w.passwords[me] = w.means(a["token"], "nobody", None) + " horse battery"
            end_others(w, me, a["by"])
        w.act()


# ---- the order


@operation(2)
class Seal(Operation):
    """The keeper, at the shell: seals somebody, or lifts it."""

    def choose(self, w, rng):
        here = [u for u, p in w.facts.people.items() if p.state != "erased"]
        sealed = [u for u in here if w.facts.people[u].state == "sealed"]
        if sealed and (len(sealed) > 2 or rng.random() < 0.6):
            return {"op": self.name, "to": rng.choice(sealed), "verb": "unseal"}
        return {"op": self.name, "to": rng.choice(here), "verb": "seal"}

    def me(self, w, a):
        return None

    def perform(self, w, a):
        w.server.command(["account", a["verb"], w.facts.people[a["to"]].handle])

    def done(self, w, a, answer):
        if a["verb"] == "unseal":  # whoever put it
            for m in w.facts.measures.values():
                if m.person == a["to"] and m.kind == "seal" and m.state in ("active", "kept", "proposed"):
                    m.state = "released"
        w.facts.people[a["to"]].state = "sealed" if a["verb"] == "seal" else "active"
        w.act()


@operation(4, "POST /api/kith/v1/review/:id/release", "POST /api/kith/v1/review/:id/keep")
class Decide(Operation):
    session_kinds = ("shell", "browser")

    def pick(self, w, rng, me):
        if w.facts.people[me].role == "member" and rng.random() > 0.02:
            return None
        waiting = [m.key for m in w.facts.measures.values() if m.kind == "hold" and (not m.decided or rng.random() < 0.05)]
        return {"measure": rng.choice(waiting), "verb": rng.choice(("release", "release", "keep")), "token": w.mint.token()} if waiting else None

    def by(self, w, rng):
        office = [s for s in w.live_sessions(kinds=self.session_kinds) if w.facts.people[s.person].role != "member" and w.facts.active(s.person)]
        return rng.choice(office) if office else None

    def statuses(self, w, a):
        m, me = w.facts.measures[a["measure"]], self.me(w, a)
        if w.facts.people[me].role == "member":
            return (403,)
        if m.decided or m.piece.deleted:
            return (404, 409)
        may = w.facts.review(me, m.piece)
        return (200, 404) if may is None else (200,) if may else (404,)

    def exempt(self, w, a):
        piece = w.facts.measures[a["measure"]].piece
        return lambda m: rules.belongs(piece, m)

    def request(self, w, a):
        return Request("POST", f"{KITH}/review/{w.sid[a['measure']]}/{a['verb']}", {"note": f"Seen {a['token']}"})

    def done(self, w, a, answer):
        m = w.facts.measures[a["measure"]]
        w.means(a["token"], "steward's note", m.person, self.me(w, a))
        settle_hold(w, m, a["verb"] == "keep")
        w.act()


def settle_hold(w, m, keep):
    m.decided, m.state = True, "kept" if keep else "released"
    if m.version is not None:
        m.version.hold, m.version.refused = None, keep
        if not keep:
            words_end(w, m.piece)
    elif keep:
        m.piece.hold.kept = True
    else:
        m.piece.hold = None


@operation(2, "POST /api/kith/v1/export")
class TakeAlong(Operation):
    """Everything that is mine, in a zip: each file of it is searched like an answer, and nothing of mine is missing."""

    session_kinds = ("shell", "browser")

    def by(self, w, rng):
        sessions = w.live_sessions(kinds=self.session_kinds)  # the sealed too
        return rng.choice(sessions) if sessions else None

    def pick(self, w, rng, me):
        return {}

    def statuses(self, w, a):
        return (200, 429)

    def perform(self, w, a):
        session = w.sessions[a["by"]]
        self.files = {}
        asked = w.ask(session, Request("POST", f"{KITH}/export", {}))
        until = time.monotonic() + 20
        while asked.status == 200 and w.get(session, f"{KITH}/export")["state"] == "making":
            assert time.monotonic() < until, "an archive that is never ready"
            time.sleep(0.01)
        if asked.status == 200:
            answer = w.ask(session, Request("GET", f"{KITH}/export/file"))
            assert answer.status == 200, answer.body[:200]
            with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
                self.files = {name: archive.read(name) for name in archive.namelist()}
        return asked

    def more_looks(self, w, a):
        """The files, as answers to somebody who knows what they did themselves."""
        me = self.me(w, a)
        look = Look(w, w.sessions[a["by"]], "export", a)
        look.exempt = lambda m: self.mine(w, me, m)
        tokens = set()
        for name, data in self.files.items():
            found, ids = canary.found(data)
            tokens |= found
            for t in found:
                look.check(f"export, {name}", lambda t=t: look.judge_token(t))
            for i in ids & w.things.keys():
                look.check(f"export, {name}", lambda i=i: look.judge_id(i))
            digest = hashlib.sha256(data).digest()
            if digest in w.drawn:
                look.check(f"export, {name}", lambda digest=digest: look.judge_picture(digest))
        if self.files:
            look.check("export", lambda: self.missing(w, me, tokens, look))
        return [look]

    def mine(self, w, me, meaning):
        f, (kind, about) = w.facts, meaning[:2]
        pieces = [p for p in (*f.posts.values(), *f.comments.values()) if p.author == me]
        if any(rules.belongs(p, meaning) for p in pieces) or kind == "picture" and f.pictures[about].owner == me:
            return True
        if kind in ("handle", "name") and (me, about) in f.blocks:
            return True
        if kind in ("group", "group title", "group about"):  # being in it is theirs, also while they are sealed
            return me in f.members_now(about)
        if kind in ("answer", "title"):
            return me == (about if kind == "answer" else f.tags[about].owner)
        if kind == "person":  # an id, without a name
            named = {u for t in f.tags.values() if t.owner == me for u in t.members} | f.people[me].hides | f.people[me].hides_from
            reported = any(r.reporter == me and r.target == about for r in f.reports.values())
            return (reported or f.tie(me, about) or (me, about) in f.blocks or (me, about) in f.requests or about in named
                    or any(about in (c.post.author, c.answers and c.answers.author) for c in pieces if isinstance(c, rules.Comment)))
        touched = {c.post.key for c in pieces if isinstance(c, rules.Comment)} | {p.key for p in f.posts.values() if me in p.likes}
        answered = {c.answers.key for c in pieces if isinstance(c, rules.Comment) and c.answers}
        reported = {r.piece.key for r in f.reports.values() if r.reporter == me and r.piece}
        return kind in ("post", "comment") and about in touched | answered | reported

    def missing(self, w, me, tokens, look):
        f = w.facts
        own = [p for p in f.posts.values() if p.author == me and not p.deleted]
        due = [*own, *(c for c in f.comments.values() if c.author == me and not c.deleted and not c.post.deleted)]
        due += [c for p in own for c in f.thread(me, p)] if f.active(me) else []
        gone = [p.key for p in due if look.own_token(p).encode() not in tokens]
        return f"{' '.join(gone)} not in the archive" if gone else None


@operation(1, "DELETE /api/kith/v1/account")
class Erase(Operation):
    """Somebody goes, with everything that is theirs; one in a world."""

    session_kinds = ("browser",)

    def pick(self, w, rng, me):
        late = w.serial > 250 and all(p.state != "erased" for p in w.facts.people.values())
        return {} if late and me in w.passwords and rng.random() < 0.3 else None

    def request(self, w, a):
        return Request("DELETE", f"{KITH}/account", {"password": w.passwords[self.me(w, a)]})

    def done(self, w, a, answer):
        f, me = w.facts, self.me(w, a)
        f.people[me].state = "erased"
        f.ties = {pair for pair in f.ties if me not in pair}
        f.blocks = {pair for pair in f.blocks if me not in pair}
        f.requests = {pair: word for pair, word in f.requests.items() if me not in pair}
        for piece in (*f.posts.values(), *f.comments.values()):
            piece.deleted = piece.deleted or piece.author == me
        for p in f.posts.values():
            p.likes.pop(me, None)
        for tag in f.tags.values():
            tag.deleted = tag.deleted or tag.owner == me
        for m in f.pictures.values():
            m.use = "gone" if m.owner == me else m.use
        for g in f.groups:
            out_of(w, g, me)
        for s in w.live_sessions(me):
            s.live = False
        for m in f.measures.values():
            if m.person == me:
                m.decided, m.state = True, "released"
        gone_end(w)
        f.forget(me)
        for key in [key for key, r in f.reports.items() if r.target == me and r.state == "open"]:
            del f.reports[key]
        w.filters = {key: x for key, x in w.filters.items() if x["owner"] != me}
        del w.passwords[me]
        w.second.pop(me, None)


@operation(1)
class CloseStream(Operation):
    """A reader goes away, as a phone does."""

    def choose(self, w, rng):
        return {"op": self.name, "stream": rng.choice(list(w.watch.open))} if len(w.watch.open) > 3 else None

    def me(self, w, a):
        return None

    def perform(self, w, a):
        if a["stream"] in w.watch.open:
            w.watch.open.pop(a["stream"]).close()


@operation(3)
class OpenStream(Operation):
    """A live stream, which is read from then on; sometimes by who comes back and wants to hear what they missed."""

    def choose(self, w, rng):
        if len(w.watch.open) > 7:
            return None
        return super().choose(w, rng)

    def by(self, w, rng):
        """Often somebody who was here before."""
        away = sorted(w.watch.last.keys() - {stream.session.person for stream in w.watch.open.values()})
        back = [s for u in away if w.facts.active(u) for s in w.live_sessions(u)]
        return rng.choice(back) if back and rng.random() < 0.6 else super().by(w, rng)

    def pick(self, w, rng, me):
        return {"tongue": rng.choice(("page", "page", "events", "notices", "socket")), "back": rng.random() < 0.7}

    def perform(self, w, a):
        status = w.watch.begin(f"w{a['n']}", w.sessions[a["by"]], a["tongue"], a["back"])
        assert status in (101, 200, 429), status


@operation(1)
class Restart(Operation):
    def choose(self, w, rng):
        return {"op": self.name, "how": rng.choice(("TERM", "KILL"))} if rng.random() < 0.6 else None

    def me(self, w, a):
        return None

    def perform(self, w, a):
        import signal
        w.watch.drop()
        w.server.restart(getattr(signal, "SIG" + a["how"]))


def choose(w, rng):
    """The next row of the log."""
    while True:
        name = rng.choices(list(OPERATIONS), [o.weight for o in OPERATIONS.values()])[0]
        row = OPERATIONS[name].choose(w, rng)
        if row is not None:
            return row


import order_acts  # noqa: E402,F401 - the order: rows of the same table, in a file of their own
