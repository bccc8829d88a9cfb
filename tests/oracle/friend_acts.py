"""What people do to each other: ask, accept and decline, end a friendship, block, hide."""

from acts import Operation, anybody, operation
from wire import API, KITH, Request


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
