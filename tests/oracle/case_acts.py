"""What stewards do about a case: claim it, decide it, take a decision back. What a case is called and which version it has, the steward who
acts reads for themselves; whom the server lets act is then held against the rules."""

import order_looks
import rules
from acts import GONE, Operation, operation
from look import Look
from measures import FOREVER_MS, begin, notice_ends, overturn, settle_hold
from wire import KITH, Request

OUTCOMES = ("right", "not_confirmed")  # in bad faith is said of single reports
LIMITED_AT_ONCE = 4  # people in a world on whom there is a measure: the others must go on living


class OfCase(Operation):
    session_kinds = ("shell", "browser")
    cards_alone = True
    of_over = (409,)  # of a case that is over

    def by(self, w, rng):
        office = [s for s in w.live_sessions(kinds=self.session_kinds) if w.facts.officer(s.person)]
        return rng.choice(office) if office and rng.random() > 0.02 else super().by(w, rng)

    def somebody(self, w, rng, me):
        """Whose case: mostly one that waits, and to which one is no party."""
        f = w.facts
        waits = [c for c in f.cases if c.person is not None and c.open() and f.people[c.person].state != "erased"]
        free = [c for c in waits if f.party(me, c) is False]
        pool = free if free and rng.random() < 0.9 else waits
        return rng.choice(pool).person if pool else None

    def case(self, w, a):
        """Which one is meant (see find): the open one, as far as who acts may see it, or the last one anybody was told of."""
        f, open_one = w.facts, w.facts.open_case(a["to"])
        if open_one is not None and f.officer(self.me(w, a)) and not f.party(self.me(w, a), open_one):
            return open_one
        known = [number for number in w.cases if f.numbered(number).person == a["to"]]
        return f.numbered(max(known)) if known else None

    def statuses(self, w, a):
        me, case = self.me(w, a), self.case(w, a)
        if not w.facts.officer(me):
            return (403,)
        party = case is None or w.facts.party(me, case)
        if party or case.into is not None:
            return (404,)
        if party is None or not case.sure():
            return (*self.of_steward(w, a), *self.of_over, *((404,) if party is None else ()))
        return self.of_steward(w, a) if case.open() else self.of_over

    def exempt(self, w, a):
        """What the case it answers with may show."""
        it = self.answer.json if self.answer.status == 200 else {}
        return order_looks.in_case(Look(w, w.sessions[a["by"]], "case", a), w.case(it)) if "opened_at" in it else lambda m: False

    def whole(self, w, a, answer):
        """A look at the case an act answers with."""
        look = Look(w, w.sessions[a["by"]], "case", a)
        look.cards_alone = True
        if answer.status == 200:
            sid = w.case(answer.json)
            look.exempt = order_looks.in_case(look, sid)
            look.take(self.name, answer)
            order_looks.judge_case(look, self.name, answer, sid)
        return [look]

    def told_notices(self, w, a, new):
        """A kept piece is followed by the program's notice."""
        for i, told in enumerate(new):
            if told["kind"] == "notice" and told["id"].encode() not in w.things:
                kind, key = w.things.get(told["object"]["id"].encode(), (None, None))
                piece = w.facts.posts.get(key) if kind == "post" else w.facts.comments.get(key) if kind == "comment" else None
                if piece is not None and told["decider"] == "policy":
                    begin(w, rules.Measure(f"m{a['n']}.n{i}", a["to"], piece, decided=True, kind="notice", state=told["state"]), told["id"])

    def find(self, w, a):
        """The case of this person, as who acts finds it in the queue; else the last one that anybody was told of."""
        asked = w.ask(w.sessions[a["by"]], Request("GET", f"{KITH}/cases?limit=80"))
        if asked.status == 200:
            for line in asked.json:
                if line["subject"] and w.key_of(line["subject"]["id"]) == a["to"]:
                    return w.case(line)
        known = [number for number in w.cases if w.facts.numbered(number).person == a["to"]]
        return w.cases[max(known)] if known else GONE


@operation(2, "POST /api/kith/v1/cases/:id/claim", "DELETE /api/kith/v1/cases/:id/claim")
class Claim(OfCase):
    def pick(self, w, rng, me):
        to = self.somebody(w, rng, me)
        return to and {"to": to, "method": rng.choice(("POST", "POST", "DELETE"))}

    def of_steward(self, w, a):
        return (200, 409)  # another one may have it

    def perform(self, w, a):
        self.answer = w.ask(w.sessions[a["by"]], Request(a["method"], f"{KITH}/cases/{self.find(w, a)}/claim", {}))
        return self.answer

    def more_looks(self, w, a):
        look = Look(w, w.sessions[a["by"]], "claim", a)
        if self.answer.status == 200:
            order_looks.judge_line(look, self.name, self.answer.json)
        return [look]


@operation(7, "POST /api/kith/v1/cases/:id/decide")
class Rule(OfCase):
    """About what waits, or part of it; and about the person. All of it happens or nothing."""

    def pick(self, w, rng, me):
        f, to = w.facts, self.somebody(w, rng, me)
        if to is None:
            return None
        items = f.waiting(to)  # of the open case
        kinds = {kind: [x for x in items if isinstance(x, kind)] for kind in (rules.Measure, rules.Report, rules.Appeal, rules.Complaint)}
        holds = [m.key for m in kinds[rules.Measure] if m.kind == "hold" and rng.random() < 0.8]
        seals = [m.key for m in kinds[rules.Measure] if m.state == "proposed" and rng.random() < 0.8]
        complaints = [c.key for c in kinds[rules.Complaint] if rng.random() < 0.8]
        appeals = [x.key for x in kinds[rules.Appeal] if rng.random() < 0.8]
        bare = {x.piece.key: x.piece for x in (*kinds[rules.Report], *kinds[rules.Complaint]) if x.piece is not None and rng.random() < 0.5}
        acts = {key: do for key, piece in bare.items() for do in (rng.choice(("label", "hold")),) if self.may_act(w, to, piece, do)}
        reports = kinds[rules.Report] if rng.random() < 0.8 else []
        bad = [r.key for r in reports if r.key in w.sid and rng.random() < 0.3]
        row = {"to": to, "measures": holds, "do": [rng.choice(("release", "release", "keep", "label")) for _ in holds], "confirm": seals[:1],
               "drop": seals[1:], "complaints": complaints, "appeals": appeals, "upheld": [rng.choice(("keep", "overturn")) for _ in appeals],
               "pieces": list(acts), "acts": list(acts.values()), "rule": rng.choice((None, "order.harassment", "fraud.counterfeit")),
               "reports": rng.choice((*OUTCOMES, None)) if len(bad) < len(reports) else None, "bad": bad, "kind": None, "stale": rng.random() < 0.05,
               "token": w.mint.token(), "why": w.mint.token(), "answer": w.mint.token()}
        limited = {m.person for m in f.measures.values() if m.piece is None and m.kind != "notice" and m.state in ("active", "kept", "proposed")}
        if rng.random() < (0.45 if len(limited) < LIMITED_AT_ONCE or to in limited else 0.05):
            kind = rng.choice(rules.ON_PERSONS)
            seals_now = [u for u in f.people if f.people[u].state == "sealed"]
            row["kind"] = kind if kind != "seal" or len(seals_now) < 2 else "notice"
        decided = holds or seals or complaints or appeals or row["pieces"] or row["reports"] or bad or row["kind"]
        return row if decided else None

    def may_act(self, w, to, piece, do):
        """It was reported or complained of, and is there; what is in force on it is not begun a second time."""
        f = w.facts
        waits = any(isinstance(x, (rules.Report, rules.Complaint)) and x.piece is piece for x in f.waiting(to))
        twice = (piece.hold is not None and piece.hold.holds(f.now_ms) if do == "hold" else
                 any(m.piece is piece and m.kind == "label" and m.state == "active" and m.version is None for m in f.measures.values()))
        return waits and not f.gone(piece) and not twice

    def acted(self, w, a):
        return [(w.facts.posts.get(key) or w.facts.comments[key], do) for key, do in zip(a["pieces"], a["acts"])]

    def possible(self, w, a):
        f = w.facts
        return (super().possible(w, a) and all(c in f.complaints and f.complaints[c].answer is None for c in a["complaints"])
                and all(x in f.appeals and f.appeals[x].state == "open" for x in a["appeals"])
                and all(not f.measures[m].decided and not f.gone(f.measures[m].piece) for m in a["measures"])
                and all(m in f.measures and f.measures[m].state == "proposed" for m in (*a["confirm"], *a["drop"]))
                and all(self.may_act(w, a["to"], piece, do) for piece, do in self.acted(w, a))
                and all(key in w.sid and f.reports[key].state == "open" for key in a["bad"])
                and (not a["reports"] or any(r.target == a["to"] and r.state == "open" and r.key not in a["bad"] for r in f.reports.values()))
                and f.people[a["to"]].state != "erased")

    def of_steward(self, w, a):
        f, me = w.facts, self.me(w, a)
        if a["stale"]:
            return (409,)
        if any(f.measures[m].by == me for m in a["confirm"]):
            return (403,)
        if a["appeals"]:
            return (200, 403, 404, 409)
        if a["kind"] == "notice" or a["kind"] is None or a["kind"] != "seal":
            return (200,)
        return (200, 403, 409, 422)  # sealed already, or nobody to look a second time

    def perform(self, w, a):
        session, case = w.sessions[a["by"]], self.find(w, a)
        seen = w.ask(session, Request("GET", f"{KITH}/cases/{case}"))
        version = seen.json["version"] if seen.status == 200 else 1
        self.known = {m["id"] for m in seen.json["history"]} if seen.status == 200 else set()
        decision = {"version": version - 1 if a["stale"] else version, "note": f"Looked at {a['token']}",
                    "measures": [{"id": w.sid[m], "do": do} for m, do in zip(a["measures"], a["do"])] + [{"id": w.sid[m], "do": "release"} for m in a["drop"]],
                    "confirm": [w.sid[m] for m in a["confirm"]], "reports": a["reports"],
                    "bad_faith": {"reports": [w.sid[key] for key in a["bad"]], "note": f"Because {a['why']}"} if a["bad"] else None,
                    "complaints": [{"id": self.complaint_id(w, seen, c), "answer": f"We say {a['answer']}"} for c in a["complaints"]],
                    "appeals": [{"id": w.sid[x], "do": do} for x, do in zip(a["appeals"], a["upheld"])],
                    "pieces": [{"id": w.sid[key], "do": do, "rule": a["rule"]} for key, do in zip(a["pieces"], a["acts"])],
                    "person": {"kind": a["kind"], "days": 3, "rule": a["rule"]} if a["kind"] else None}
        self.answer = w.ask(session, Request("POST", f"{KITH}/cases/{case}/decide", decision))
        return self.answer

    def more_looks(self, w, a):
        return self.whole(w, a, self.answer)

    def complaint_id(self, w, seen, key):
        """Known to stewards alone: found by what it says."""
        if seen.status == 200:
            for c in seen.json["complaints"]:
                if any(t in c["evidence"] for t, m in ((t.decode(), m) for t, m in w.meanings.items()) if m[0] == "complaint" and m[1].key == key):
                    return c["id"]
        return GONE

    def done(self, w, a, answer):
        f, me, to = w.facts, self.me(w, a), a["to"]
        did = {"measures": [], "begun": [], "confirmed": list(a["confirm"]), "dropped": list(a["drop"]), "reports": [], "complaints": list(a["complaints"]),
               "upheld": []}
        w.means(a["token"], "steward's note", to, me)
        new = [m for m in answer.json["history"] if m["id"] not in self.known]
        for key, do in zip(a["measures"], a["do"]):
            m = f.measures[key]
            settle_hold(w, m, do == "keep")
            did["measures"].append(key)
            if do == "label":
                told = next(x for x in new if x["kind"] == "label" and x["object"]["id"] == w.sid[m.piece.key] and x["id"] not in w.sid.values())
                did["begun"].append(self.begun(w, a, rules.Measure(f"m{a['n']}.l{key}", to, m.piece, decided=True, kind="label", family=m.family,
                                                                   steward=True, by=me), told))
        for piece, do in self.acted(w, a):
            told = next(x for x in new if x["kind"] == do and x["object"]["id"] == w.sid[piece.key] and x["id"] not in w.sid.values())
            family = next((m.family for m in f.measures.values() if m.piece is piece and m.family), 0)
            m = rules.Measure(f"m{a['n']}.p{piece.key}", to, piece, decided=True, kind=do, family=family, steward=True, by=me)
            if do == "hold":
                m.state, piece.hold = "kept", rules.Hold(FOREVER_MS, True)
            did["begun"].append(self.begun(w, a, m, told))
        if a["kind"]:
            told = next(x for x in new if x["kind"] == a["kind"] and x["object"]["type"] == "account")
            m = rules.Measure(f"m{a['n']}.s", to, None, decided=True, kind=a["kind"], steward=True, by=me)
            m.state = told["state"]
            if m.state == "active" and not told["in_force"]:
                m.starts_ms = FOREVER_MS  # a day later: no world is that old
            assert not m.in_force(f.now_ms) or rules.ON_PERSONS.index(a["kind"]) < max(1, f.offences(to)), "first offence mildest"
            did["begun"].append(self.begun(w, a, m, told))
        for key in a["confirm"]:
            f.measures[key].state = "kept"
            if f.measures[key].kind == "seal":
                f.people[to].state = "sealed"
        for key in a["drop"]:
            f.measures[key].state = "released"
        self.reports(w, a, did)
        for key, do in zip(a["appeals"], a["upheld"]):
            self.uphold(w, f.appeals[key], do, did)
        for key in a["complaints"]:
            f.complaints[key].answer = a["answer"]
        if a["complaints"]:
            w.means(a["answer"], "answer outside", [f.complaints[key] for key in a["complaints"]])
        self.told_notices(w, a, new)
        case = w.case_of(w.case(answer.json))
        did["read"] = case.waiting(rules.Testimony)
        for said in did["read"]:
            said.read = True
        w.decisions.append({"by": me, "to": to, "case": case.number, "deed": answer.json["deeds"][0]["id"], "did": did})
        w.act()

    def uphold(self, w, appeal, do, did):
        m = appeal.measure
        did["upheld"].append((appeal.key, m.state, m.decided))
        appeal.state = "kept" if do == "keep" else "overturned"
        if do == "overturn":
            overturn(w, m)
        elif m.kind == "hold" and m.state == "active":
            settle_hold(w, m, True)
        elif m.state == "active":
            m.state = "kept"

    def begun(self, w, a, measure, told):
        begin(w, measure, told["id"])
        return measure.key

    def reports(self, w, a, did):
        f = w.facts
        for r in [r for r in f.reports.values() if r.target == a["to"] and r.state == "open"]:
            on = r.piece is not None and r.piece.key in a["pieces"]
            found = "bad_faith" if r.key in a["bad"] else "right" if on else a["reports"]
            if found:
                r.state = found
                did["reports"].append(r.key)
        if a["bad"]:
            w.means(a["why"], "bad faith", frozenset(f.reports[key].reporter for key in a["bad"]), self.me(w, a), a["to"])


@operation(2, "POST /api/kith/v1/cases/:id/undo")
class TakeBackDecision(OfCase):
    """The last decision of somebody, whole."""

    def pick(self, w, rng, me):
        own = [i for i, d in enumerate(w.decisions) if (d["by"] == me or rng.random() < 0.05) and d["did"] is not None
               and w.facts.people[d["to"]].state != "erased"]
        return {"decision": own[-1], "to": w.decisions[own[-1]]["to"]} if own else None

    def possible(self, w, a):
        return super().possible(w, a) and a["decision"] < len(w.decisions) and w.decisions[a["decision"]]["did"] is not None and (
            w.facts.people[a["to"]].state != "erased")

    def case(self, w, a):
        return w.facts.numbered(w.decisions[a["decision"]]["case"])

    def of_steward(self, w, a):
        d = w.decisions[a["decision"]]
        if d["by"] != self.me(w, a):
            return (403,)
        # What another steward has confirmed is both's: nobody takes it back alone. A hold is kept by who began it.
        begun = [w.facts.measures[key] for key in d["did"]["begun"]]
        return (409,) if any(m.state == "kept" and m.kind != "hold" for m in begun) else (200, 409)

    def statuses(self, w, a):
        """Also of a case that is over: it is open again then."""
        case, me = self.case(w, a), self.me(w, a)
        if not w.facts.officer(me):
            return (403,)
        party = w.facts.party(me, case)
        if party or case.into is not None:
            return (404,)
        return (404, *self.of_steward(w, a)) if party is None else self.of_steward(w, a)

    def perform(self, w, a):
        d = w.decisions[a["decision"]]
        self.answer = w.ask(w.sessions[a["by"]], Request("POST", f"{KITH}/cases/{w.cases[d['case']]}/undo", {"deed": d["deed"]}))
        return self.answer

    def more_looks(self, w, a):
        return self.whole(w, a, self.answer)

    def done(self, w, a, answer):
        f, d = w.facts, w.decisions[a["decision"]]
        did, d["did"] = d["did"], None
        for key in did["measures"]:
            self.waits_again(w, f.measures[key])
        for key in did["begun"]:
            m = f.measures[key]
            if m.kind == "hold" and m.keeps_back():
                m.piece.hold, m.state = None, "released"
                notice_ends(w, m)
            m.state = "released" if m.state in ("active", "kept", "proposed") else m.state
        for key in did["confirmed"]:
            f.measures[key].state = "proposed"
        f.seal_ends(d["to"])
        for key in did["dropped"]:
            f.measures[key].state = "proposed"
        for key in did["reports"]:
            self.reported_again(f, f.reports[key])
        for key in did["complaints"]:
            f.complaints[key].answer = None
        for key, state, decided in did["upheld"]:
            self.appealed_again(w, f.appeals[key], state, decided)
        for said in did["read"]:
            said.read = False
        self.told_notices(w, a, answer.json["history"])
        f.reopen(f.numbered(d["case"]), [*(f.measures[key] for key in (*did["measures"], *did["confirmed"], *did["dropped"])),
                                         *(f.reports[key] for key in did["reports"]), *(f.complaints[key] for key in did["complaints"]),
                                         *(f.appeals[key] for key, _, _ in did["upheld"]), *did["read"]])
        w.act()

    def reported_again(self, f, report):
        """Whoever reported the same anew meanwhile has that one open: the older is over, and nothing was found."""
        newer = any(r.reporter == report.reporter and r.target == report.target and r.piece is report.piece and r.state == "open"
                    for r in f.reports.values())
        report.state = "not_confirmed" if newer else "open"

    def appealed_again(self, w, appeal, state, decided):
        appeal.state, m = "open", appeal.measure
        if m.kind == "hold" and not decided:
            self.waits_again(w, m)
        elif m.kind == "hold" and m.version is not None:
            m.version.refused, m.state, m.decided = True, state, True
        elif m.kind == "hold":
            m.piece.hold, m.state, m.decided = rules.Hold(FOREVER_MS, True), state, True
        else:
            m.state = state
            if m.kind == "seal" and m.in_force(w.facts.now_ms):
                w.facts.people[m.person].state = "sealed"

    def waits_again(self, w, m):
        m.decided, m.state = False, "active"
        notice_ends(w, m)
        if m.version is not None:
            m.version.refused, m.version.hold = False, rules.Hold(FOREVER_MS)
        else:
            m.piece.hold = rules.Hold(FOREVER_MS)
