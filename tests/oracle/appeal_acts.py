"""What becomes of an appeal: it is lodged and pleaded, jurors offer themselves and vote."""

import order_looks
import rules
from acts import Operation, operation
from look import Look
from wire import KITH, Request


class OfSubject(Operation):
    """Of who may be sealed."""

    def by(self, w, rng):
        subjects = {m.person for m in w.facts.measures.values() if w.facts.people[m.person].state != "erased"}
        sessions = [s for s in w.live_sessions() if s.person in subjects]
        return rng.choice(sessions) if sessions else None


@operation(5, "POST /api/kith/v1/measures/:id/appeal")
class Appeal(OfSubject):
    def pick(self, w, rng, me):
        own = [m.key for m in w.facts.measures.values() if m.person == me]
        pool = own if rng.random() < 0.9 else list(w.facts.measures)
        return {"measure": rng.choice(pool), "token": w.mint.token(), "facts": rng.random() < 0.3} if pool else None

    def statuses(self, w, a):
        f, m = w.facts, w.facts.measures[a["measure"]]
        if m.person != self.me(w, a):
            return (404,)
        before = [x for x in f.appeals.values() if x.measure is m]
        open_ones = [x for x in f.appeals.values() if x.measure.person == m.person and x.state == "open"]
        if any(x.state == "open" and not x.unsure() for x in before):
            return (200,)
        sure = m.in_force(f.now_ms) and m.kind != "notice" and not before and len(open_ones) < 3 and (m.piece is None or not f.gone(m.piece))
        return (200,) if sure else (200, 422)

    def exempt(self, w, a):
        m = w.facts.measures[a["measure"]]
        return lambda meaning: meaning[0] == "appeal" and meaning[1].measure.person == m.person

    def request(self, w, a):
        return Request("POST", f"{KITH}/measures/{w.sid[a['measure']]}/appeal", {"words": self.words(w, a), **({"facts": "A letter"} if a["facts"] else {})})

    def words(self, w, a):
        """Who appeals names themselves, as people do."""
        return f"It was {a['token']}, says @{w.facts.people[self.me(w, a)].handle}"

    def done(self, w, a, answer):
        f, it = w.facts, answer.json
        if it["id"].encode() in w.things:
            return  # it is open already, and comes back as it is
        key = f"a{a['n']}"
        judged = f.measures[w.key_of(it["measure_id"])]  # what the program told of a kept hold is appealed with the hold
        f.appeals[key] = rules.Appeal(key, judged, way=it["way"], nth=it["nth"])
        w.named("appeal", key, it["id"])
        w.means(a["token"], "appeal", f.appeals[key])
        w.act()


@operation(1, "PUT /api/kith/v1/appeals/:id")
class Plead(OfSubject):
    """Words below those that are there."""

    def pick(self, w, rng, me):
        own = [x.key for x in w.facts.appeals.values() if x.measure.person == me or rng.random() < 0.05]
        return {"appeal": rng.choice(own), "token": w.mint.token()} if own else None

    def statuses(self, w, a):
        x = w.facts.appeals[a["appeal"]]
        if x.measure.person != self.me(w, a):
            return (404,)
        return (200, 409, 422) if x.state == "open" else (409, 422)

    def request(self, w, a):
        return Request("PUT", f"{KITH}/appeals/{w.sid[a['appeal']]}", {"words": f"And {a['token']}"})

    def done(self, w, a, answer):
        w.means(a["token"], "appeal", w.facts.appeals[a["appeal"]])
        w.act()


@operation(5, "PUT /api/kith/v1/juror")
class Serve(Operation):
    session_kinds = ("shell", "browser")

    def pick(self, w, rng, me):
        return {"willing": me not in w.willing or rng.random() < 0.8}

    def statuses(self, w, a):
        return (200, 403, 422, 429)

    def request(self, w, a):
        return Request("PUT", f"{KITH}/juror", {"willing": a["willing"]})

    def done(self, w, a, answer):
        (w.willing.add if a["willing"] else w.willing.discard)(self.me(w, a))
        w.act()


@operation(3, "POST /api/kith/v1/juries/:id/vote", "POST /api/kith/v1/juries/:id/skip")
class Vote(Operation):
    """On what one was asked; now and then on what another was. A vote can be changed for ten minutes: until then nothing comes of it."""

    session_kinds = ("shell", "browser")

    def by(self, w, rng):
        asked = [s for u in sorted(set(w.seats.values())) for s in w.live_sessions(u, self.session_kinds) if w.facts.active(u)]
        return rng.choice(asked) if asked else None

    def pick(self, w, rng, me):
        of = me if rng.random() < 0.9 else rng.choice(sorted(set(w.seats.values())))
        return {"to": of, "nth": rng.randrange(len(w.seats_of(of))), "skip": rng.random() < 0.15, "vote": rng.choice(("keep", "overturn", "milder")),
                "token": w.mint.token()}

    def possible(self, w, a):
        return super().possible(w, a) and a["nth"] < len(w.seats_of(a["to"]))

    def statuses(self, w, a):
        return (200, 409, 422) if a["to"] == self.me(w, a) else (404,)

    def exempt(self, w, a):
        look = Look(w, w.sessions[a["by"]], "vote", a)
        return order_looks.before_a_jury(look)

    def request(self, w, a):
        w.means(a["token"], "juror's note", self.me(w, a))
        path = f"{KITH}/juries/{w.seats_of(a['to'])[a['nth']]}"
        return Request("POST", f"{path}/skip", {}) if a["skip"] else Request("POST", f"{path}/vote", {"vote": a["vote"], "note": f"I find {a['token']}"})

    def done(self, w, a, answer):
        w.act()
