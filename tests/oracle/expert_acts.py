"""What is asked of somebody outside about a piece in a case, and answered once, by a link."""

import urllib.parse

import rules
from acts import Operation, operation
from case_acts import OfCase
from wire import KITH, Request


@operation(3, "POST /api/kith/v1/cases/:id/links")
class AskExpert(OfCase):
    of_over = (404, 409, 422)

    def pick(self, w, rng, me):
        to = self.somebody(w, rng, me)
        items = [x for x in w.facts.waiting(to) if getattr(x, "piece", None) is not None and not w.facts.gone(x.piece)] if to else []
        if not items:
            return None
        item = rng.choice(items)
        which = {"measure": item.key} if isinstance(item, rules.Measure) else {"piece": item.piece.key}
        return {"to": to, **which, "token": w.mint.token()}

    def of_steward(self, w, a):
        f = w.facts
        if "measure" in a:
            m = f.measures[a["measure"]]
            return (200, 409, 422) if not m.decided and not f.gone(m.piece) else (404, 409, 422)
        piece = f.posts.get(a["piece"]) or f.comments[a["piece"]]
        waits = any(r.piece is piece and r.state == "open" for r in f.reports.values()) and not f.gone(piece)
        return (200, 409, 422) if waits else (404, 409, 422)

    def perform(self, w, a):
        w.means(a["token"], "expert", self.case(w, a) or rules.Case(0, a["to"]))
        which = {"measure_id": w.sid[a["measure"]]} if "measure" in a else {"status_id": w.sid[a["piece"]]}
        self.answer = w.ask(w.sessions[a["by"]], Request("POST", f"{KITH}/cases/{self.find(w, a)}/links", {"whom": f"The maker {a['token']}", **which}))
        return self.answer

    def done(self, w, a, answer):
        w.links.append({"secret": answer.json["url"].rsplit("/", 1)[1], "measure": a.get("measure"), "piece": a.get("piece"), "to": a["to"],
                        "case": self.case(w, a), "answered": False})
        w.act()


@operation(1, "POST /evidence/:secret")
class Testify(Operation):
    """Whoever holds the link, once."""

    def choose(self, w, rng):
        return {"op": self.name, "link": rng.randrange(len(w.links)), "token": w.mint.token(), "say": rng.choice(("so", "not", "unsure"))} if w.links else None

    def me(self, w, a):
        return None

    def possible(self, w, a):
        """A link about who has left is gone, as the observer of evidence says."""
        return a["link"] < len(w.links) and w.facts.people[w.links[a["link"]]["to"]].state != "erased"

    def statuses(self, w, a):
        return (200, 429)

    def perform(self, w, a):
        link = w.links[a["link"]]
        w.means(a["token"], "expert", link["case"])
        body = urllib.parse.urlencode({"answer": a["say"], "words": f"The seam {a['token']}"}).encode()
        return w.ask(w.sessions["nobody"], Request("POST", f"/evidence/{link['secret']}", body, "application/x-www-form-urlencoded"))

    def done(self, w, a, answer):
        link = w.links[a["link"]]
        if w.facts.asked_of(link) is not None:  # else the page says that it is over
            link["answered"] = True
            w.facts.put(rules.Testimony(link["to"]), link["case"].root())
        w.act()
