"""What is the keeper's alone: the settings of the order, and its rules."""

from acts import Operation, operation
from wire import KITH, Request


@operation(1, "PUT /api/kith/v1/order/settings")
class Govern(Operation):
    """The keeper's alone."""

    session_kinds = ("shell", "browser")

    def by(self, w, rng):
        office = [s for s in w.live_sessions(kinds=self.session_kinds) if w.facts.officer(s.person)]
        return rng.choice(office) if office and rng.random() < 0.9 else super().by(w, rng)

    def pick(self, w, rng, me):
        return {"limit": rng.randrange(10, 60), "late": rng.random() < 0.3}

    def statuses(self, w, a):
        if w.facts.people[self.me(w, a)].role != "keeper":
            return (403,)
        return (409,) if a["late"] else (200,)

    def request(self, w, a):
        looked_at = w.settings_version - 1 if a["late"] else w.settings_version
        return Request("PUT", f"{KITH}/order/settings", {"version": looked_at, "overturn_limit": a["limit"], "juror_days": 0})

    def done(self, w, a, answer):
        assert answer.json["version"] == w.settings_version + 1, answer.json
        w.settings_version += 1
        w.act()


@operation(1, "POST /api/kith/v1/policies", "DELETE /api/kith/v1/policies/:hash")
class Enact(Operation):
    """Rules are the keeper's, and must be rules: nobody here changes them."""

    session_kinds = ("shell", "browser")

    def pick(self, w, rng, me):
        return {"how": rng.choice(("POST", "DELETE"))}

    def statuses(self, w, a):
        return (403,) if w.facts.people[self.me(w, a)].role != "keeper" else (422,) if a["how"] == "POST" else (404,)

    def request(self, w, a):
        return (Request("POST", f"{KITH}/policies", {"source": "nothing that is a rule"}) if a["how"] == "POST"
                else Request("DELETE", f"{KITH}/policies/{'0' * 32}"))
