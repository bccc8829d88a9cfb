"""What decides about a person or a piece in one word: the keeper's seal, a steward's answer to a hold."""

import rules
from acts import Operation, operation
from measures import settle_hold
from wire import KITH, Request


@operation(2)
class Seal(Operation):
    """The keeper, at the shell: seals somebody whose account is in other hands, at once, or lifts any seal."""

    def choose(self, w, rng):
        here = [u for u, p in w.facts.people.items() if p.state != "erased"]
        sealed = [u for u in here if w.facts.people[u].state == "sealed"]
        if sealed and (len(sealed) > 2 or rng.random() < 0.6):
            return {"op": self.name, "to": rng.choice(sealed), "verb": "unseal"}
        return {"op": self.name, "to": rng.choice(here), "verb": "seal"}

    def me(self, w, a):
        return None

    def perform(self, w, a):
        how = ["--reason", "in other hands", "--seized"] if a["verb"] == "seal" else []
        w.server.command(["account", a["verb"], w.facts.people[a["to"]].handle, *how])

    def done(self, w, a, answer):
        if a["verb"] == "unseal":  # whoever put it
            for m in w.facts.measures.values():
                if m.person == a["to"] and m.kind == "seal" and m.state in ("active", "kept", "proposed"):
                    m.state = "released"
        person = w.facts.people[a["to"]]
        person.by_keeper = a["verb"] == "seal" and (person.by_keeper or person.state != "sealed")
        person.state = "sealed" if a["verb"] == "seal" else "active"
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
