"""What is looked at of the order: by whom a measure is on, whom a case is about, who reported, who decides, and by everybody.

A case is judged as a whole: its pieces are those that wait in it, without audience, names, likes and comments; nobody in it is a person
but its subject, who wrote copies, and whom the shown words name.
"""

import json

import canary
import docket
import rules
from looks import judge_in, observer, ok
from wire import KITH, Answer, Request

BUSY = 429  # some looks are bounded by the minute
AUDIT = ("/api/kith/v1/audit/key", "/api/kith/v1/audit/roots", "/api/kith/v1/audit/consistency?from=2026-01-01&to=2026-01-02", "/audit",
         "/api/kith/v1/transparency", "/transparency")
PERSON = ("handle", "name", "person")


def of_tokens(answer):
    tokens, ids = canary.found(answer.body)
    return tokens, ids


def people_in(o, answer):
    """Everybody that bytes in an answer name."""
    tokens, ids = of_tokens(answer)
    named = {o.w.meanings[t][1] for t in tokens if o.w.meanings.get(t, ("",))[0] in ("handle", "name")}
    return named | {o.w.things[i][1] for i in ids if o.w.things.get(i, ("",))[0] == "person"}


# ---- what was done to oneself


def a_measure(w, rng, v):
    own = [m.key for m in w.facts.measures.values() if m.person == v]
    pool = own if own and rng.random() < 0.6 else list(w.facts.measures)
    return {"measure": rng.choice(pool)} if pool else None


@observer(2, "GET /api/kith/v1/measures/:id/receipts", who="sealed too", pick=a_measure)
def receipts(o, a):
    """From the log, by whom they concern; of salted hashes and numbers alone."""
    m = o.f.measures[a["measure"]]
    o.exempt = lambda meaning: meaning[0] == "measure" and o.f.measures[meaning[1]].person == o.v
    request = Request("GET", f"{KITH}/measures/{o.w.sid[a['measure']]}/receipts")
    answer = yield request
    if answer.status == BUSY:
        return
    judge_in(o, request, answer, lambda: m.person == o.v)
    if answer.status == 200:
        tokens, _ = of_tokens(answer)
        o.same(request, tokens, set)


@observer(4, "GET /api/kith/v1/measures/:id", who="sealed too", pick=a_measure)
def measure(o, a):
    """One's own, with the words it is about; another's is not there."""
    m = o.f.measures[a["measure"]]
    own = [p for p in (*o.f.posts.values(), *o.f.comments.values()) if p.author == o.v]
    o.exempt = lambda meaning: any(rules.belongs(p, meaning) for p in own)
    request = Request("GET", f"{KITH}/measures/{o.w.sid[a['measure']]}")
    answer = yield request
    judge_in(o, request, answer, lambda: m.person == o.v)
    if answer.status == 200:
        it = answer.json
        in_force = it["in_force"]
        o.same(request, it["kind"], lambda: m.kind)
        o.same(request, it["state"] == "withdrawn", lambda: m.state == "withdrawn")
        o.check(request, lambda: None if in_force == m.in_force(o.f.now_ms) or m.piece is not None and o.f.gone(m.piece)
                else f"in force {in_force}, state {it['state']}, must be {m.state}")


@observer(2, "GET /api/kith/v1/accesses", who="sealed too")
def accesses(o, a):
    """Days, roles and one's own measures: nobody is named."""
    request = Request("GET", f"{KITH}/accesses")
    answer = yield request
    if ok(o, request, answer):
        o.exempt = lambda meaning: meaning[0] == "measure" and o.f.measures[meaning[1]].person == o.v
        o.same(request, {key for it in answer.json for key in it}, lambda: {"day", "role", "measure"} if answer.json else set())
        mine = {str(o.w.sid[key]) for key, m in o.f.measures.items() if m.person == o.v and key in o.w.sid}
        strangers = {str(o.w.sid[key]) for key, m in o.f.measures.items() if m.person != o.v and key in o.w.sid}
        got = {it["measure"] for it in answer.json if it["measure"]}
        o.check(request, lambda: f"measures of others: {got & strangers - mine}" if got & strangers - mine else None)


@observer(2, "GET /api/kith/v1/standing", who="sealed too")
def standing(o, a):
    request = Request("GET", f"{KITH}/standing")
    answer = yield request
    if ok(o, request, answer):
        points = answer.json["points"]

        def judge():
            """Nobody has points on whom nobody decided anything."""
            decided = [m for m in o.f.measures.values() if m.person == o.v and (m.state == "kept" or m.kind == "notice")]
            abused = any(r.reporter == o.v and r.state == "bad_faith" for r in o.f.reports.values())
            return f"{points} points for nothing" if points and not decided and not abused else None

        o.check(request, judge)


# ---- reports


@observer(4, "GET /api/kith/v1/reports", pick=lambda w, rng, v: {"limit": rng.choice((3, 80))})
def reports(o, a):
    """One's own alone, newest first, with what became of each."""
    o.exempt = lambda m: (m[0] in PERSON and (o.v, m[1]) in o.f.blocks) or m[0] in ("post", "comment") and any(
        r.reporter == o.v and r.piece is not None and r.piece.key == m[1] for r in o.f.reports.values())
    request = Request("GET", f"{KITH}/reports?limit={a['limit']}")
    answer = yield request
    if not ok(o, request, answer):
        return
    got = [(x["target_account"] and x["target_account"]["id"], x["status_id"], x["category"], x["outcome"]) for x in answer.json]

    def shown(r):
        """Of who has gone only what was reported and what became of it."""
        seen = o.f.card(o.v, r.target) or ((o.v, r.target) in o.f.blocks and o.f.active(r.target))
        return (o.w.sid[r.target] if seen else None, o.w.sid[r.piece.key] if r.piece else None, r.category, None if r.state == "open" else r.state)

    def judge():
        want = [shown(r) for r in reversed([r for r in o.f.reports.values() if r.reporter == o.v])][: a["limit"]]
        if sorted(got, key=str) != sorted(want, key=str):
            return f"{got}, must be {want}"

    o.check(request, judge)


# ---- cases


def in_case(o, sid):
    """What a case shows a steward beside what they may see anyhow: its subject and those of similar ones
    also behind a block, the words that wait in it, and numbers
    of pieces about which something was done. Judged with the facts of the moment."""
    f = o.f

    def exempt(meaning):
        case = o.w.case_of(sid)
        if case is None or f.party(o.v, case):
            return False
        kind, about = meaning[0], meaning[1]
        shown = [*f.case_pieces(case), *f.held_pieces(case)]
        if kind in PERSON:  # whom it is about, and whom what waits in it is by and stands under
            return bool(f.shown_cases(o.v, about)) or any(about in f.sides(p) for p in shown) or kind == "handle" and any(about in p.mentions for p in shown)
        if kind == "app":
            return about == case.person and bool(shown)
        if kind in ("post", "comment"):
            return any(about == p.key for p in told_of(f, case)) or any(about == p.post.key for p in shown if isinstance(p, rules.Comment)) or any(
                about == x.named for x in case.of_kind(rules.Complaint))
        return any(rules.belongs(p, meaning) for p in shown)

    return exempt


def told_of(f, case):
    """Pieces whose numbers are in it: of what it is about, and of what was done to its subject before."""
    return [p for p in (*(docket.piece_of(item) for item in case.items), *(m.piece for m in f.measures.values() if m.person == case.person)) if p is not None]


ITEMS = {"measures": rules.Measure, "reports": rules.Report, "complaints": rules.Complaint, "appeals": rules.Appeal, "answers": rules.Testimony}


def judge_line(o, request, line):
    """Whose case it is, whether it is open, and how much is in it: to none of its parties."""
    sid, subject = o.w.case(line), line["subject"] and o.w.key_of(line["subject"]["id"])
    state, items = line["state"], line["items"]

    def shown():
        case = o.w.case_of(sid)
        if case is None:
            return f"a case {sid} that nothing opened"
        hidden = o.f.party(o.v, case) or case.into is not None
        return f"case {case.number} of {case.person}, to which {o.v} is a party, or which is part of case {case.root().number}" if hidden else None

    def whose():
        person = o.w.case_of(sid).person
        must = None if person is None or o.f.people[person].state == "erased" else person
        return f"case {o.w.case_of(sid).number} of {subject}, must be of {must}" if subject != must else None

    def is_open():
        case = o.w.case_of(sid)
        if case.sure() and (state == "open") != case.open():
            return f"case {case.number} of {case.person} is {state}, of it waits {[x for x, waits in case.items.items() if waits]}"

    def inside():
        count = {kind: len(o.w.case_of(sid).of_kind(of)) for kind, of in ITEMS.items()}
        return f"items {items} in case {o.w.case_of(sid).number}, must be {count}" if items != count else None

    for check in (shown, whose, is_open, inside):
        o.check(request, check if check is shown else lambda check=check: o.w.case_of(sid) and check())
    return sid


@observer(6, "GET /api/kith/v1/cases", who="steward", own=True, pick=lambda w, rng, v: {"state": rng.choice(("open", "open", "decided"))})
def cases(o, a):
    f = o.f
    o.exempt, o.cards_alone = lambda m: m[0] in PERSON and bool(f.shown_cases(o.v, m[1])), True
    request = Request("GET", f"{KITH}/cases?state={a['state']}&limit=80")
    answer = yield request
    if not ok(o, request, answer):
        return
    got = [judge_line(o, request, line) for line in answer.json]
    texts = {t.decode() for t in of_tokens(answer)[0] if o.w.meanings[t][0] not in PERSON}
    o.same(request, texts, set)  # nothing that anybody wrote

    def judge():
        there = [c for c in f.cases if c.into is None and not f.party(o.v, c)]
        may = {c.number for c in there if not c.sure() or c.open() == (a["state"] == "open")}
        must = {c.number for c in there if c.number in may and c.sure() and f.party(o.v, c) is False}
        have = [case and case.number for case in map(o.w.case_of, got)]
        if len(set(have)) != len(have) or not must <= set(have) <= may:
            return f"cases {have}, must be {sorted(must)}"

    o.check(request, judge)


def a_case(w, rng, v):
    if not w.cases:
        return None
    return {"number": rng.choice(list(w.cases)[-12:] if rng.random() < 0.7 else list(w.cases))}


@observer(7, "GET /api/kith/v1/cases/:id", who="steward", own=True, pick=a_case)
def case(o, a):
    sid = o.w.cases.get(a["number"])
    if sid is None:
        return
    o.exempt, o.cards_alone = in_case(o, sid), True
    request = Request("GET", f"{KITH}/cases/{sid}")
    answer = yield request
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent

    def judge():
        case = o.w.case_of(sid)
        party = o.f.party(o.v, case)
        if party is None and absent:
            return None
        hidden = party or case.into is not None
        return None if (absent if hidden else status == 200) else f"{status} for {o.v}, parties {sorted(case.parties())}, part of {case.into and case.into.number}"

    o.check(request, judge)
    if answer.status == 200:
        judge_case(o, request, answer, sid)


def judge_case(o, request, answer, sid):
    f, it = o.f, answer.json
    statuses = [x["status"] for side in ("measures", "pieces", "appeals") for x in it[side] if x["status"]]
    shown = {s["id"] for s in statuses}
    reports = sorted(((r["category"], r["status_id"], r["state"]) for r in it["reports"]), key=str)

    def bare():
        for s in statuses:
            kind, key = o.w.things[s["id"].encode()]
            under = o.w.sid[f.comments[key].post.key] if kind == "comment" else None  # of what it answers there, nothing
            if (s["kith_audience"] or s["favourites_count"] or s["replies_count"] or s["mentions"] or s["kith_group"]
                    or s["in_reply_to_id"] not in (None, under)):
                return f"of {key} more than its words: {s}"

    def pieces():
        case = o.w.case_of(sid)
        if case is None:
            return f"a case {sid} that nothing opened"
        must = {o.w.sid[p.key] for p in f.case_pieces(case)}
        may = must | {o.w.sid[p.key] for p in f.held_pieces(case)}
        return None if must <= shown <= may or not case.sure() and shown <= may else f"pieces {o.names(shown)}, must be {o.names(must)}"

    def reported():
        case = o.w.case_of(sid)
        if case is None:
            return f"a case {sid} that nothing opened"
        due = sorted(((r.category, r.piece and o.w.sid[r.piece.key], r.state) for r in case.of_kind(rules.Report)), key=str)
        return None if reports == due else f"reports {reports}, must be {due}"

    judge_line(o, request, it)
    o.check(request, bare)
    o.check(request, pieces)
    o.check(request, reported)
    for line in it["similar"]:
        judge_line(o, request, line)
    nobody_else(o, request, it, sid)


def nobody_else(o, request, it, sid):
    """A person in a case is its subject, or wrote a copy, or is the subject of a similar one, or is named in the shown words."""
    copies = {o.w.key_of(c["account"]["id"]) for c in it["copies"] if c["account"]}
    similar = {o.w.key_of(x["subject"]["id"]) for x in it["similar"] if x["subject"]}
    said = " ".join([x["measure"]["object"]["text"] for side in ("measures", "appeals") for x in it[side]]
                    + [x["status"]["kith_text"] for side in ("measures", "pieces", "appeals") for x in it[side] if x["status"]])
    named = {p.key for p in o.f.people.values() if p.handle in said}
    under = {o.f.comments[key].post.author for key in (o.w.key_of(x["status"]["id"]) for side in ("measures", "pieces", "appeals") for x in it[side]
                                                       if x["status"]) if key in o.f.comments}  # a comment says under whose post it stands
    there = people_in(o, Answer(b"HTTP/1.1 200 OK", json.dumps(it, ensure_ascii=False).encode(), 0, 0))
    beside = there - copies - similar - named - under

    def judge():
        whose = (case := o.w.case_of(sid)) and case.person
        return f"names {sorted(beside - {whose})} in the case of {whose}" if beside - {whose} else None

    o.check(request, judge)


# ---- appeals and juries


@observer(2, "GET /api/kith/v1/appeals", who="sealed too")
def appeals(o, a):
    request = Request("GET", f"{KITH}/appeals?limit=80")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, sorted(x["id"] for x in answer.json), lambda: sorted(o.w.sid[x.key] for x in o.f.appeals.values() if x.measure.person == o.v))
        for x in answer.json:
            judge_appeal(o, request, x)


def judge_appeal(o, request, x):
    """What its jury thinks is told after its end alone, and never who they are."""
    o.check(request, lambda: f"votes {x['votes']}, notes {x['juror_notes']} before the end" if x["state"] == "open" and (x["votes"] or x["juror_notes"]) else None)


@observer(3, "GET /api/kith/v1/appeals/:id", who="sealed too", pick=lambda w, rng, v: {"appeal": rng.choice(list(w.facts.appeals))} if w.facts.appeals else None)
def appeal(o, a):
    it = o.f.appeals[a["appeal"]]
    request = Request("GET", f"{KITH}/appeals/{o.w.sid[a['appeal']]}")
    answer = yield request
    judge_in(o, request, answer, lambda: it.measure.person == o.v)
    if answer.status == 200:
        judge_appeal(o, request, answer.json)
        state = answer.json["state"]
        o.check(request, lambda: None if state == it.state or it.unsure() else f"{state}, must be {it.state}")
        o.check(request, lambda: f"{state}, though what it was about is gone" if it.measure.state == "withdrawn" and state not in ("open", "withdrawn") else None)
        o.same(request, people_in(o, answer) - {o.v}, set)


@observer(1, "GET /api/kith/v1/juror", own=True)
def juror(o, a):
    request = Request("GET", f"{KITH}/juror")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, answer.json["willing"], lambda: o.v in o.w.willing)


def before_a_jury(o):
    """The words of what is appealed and of who appeals, and of a steward where it is on a person: to others than its sides."""
    f, v = o.f, o.v
    open_ones = lambda: [x for x in f.appeals.values() if x.state == "open" and v != x.measure.person]

    def exempt(meaning):
        kind, about = meaning[0], meaning[1]
        if kind in ("words", "hashtag", "alt"):
            return any(x.measure.piece is not None and v not in f.sides(x.measure.piece) and rules.belongs(x.measure.piece, meaning) for x in open_ones())
        if kind == "steward's note":
            return any(x.measure.piece is None and x.measure.person == about for x in open_ones())
        if kind == "bad faith":
            return any(x.measure.piece is None and x.measure.person in about for x in open_ones())
        return kind == "appeal" and about in open_ones()

    return exempt


def blinded(o, request, answer):
    """No name, no handle, no number of a person, a piece or a picture, in whatever it says; nor for whom it was."""
    named = people_in(o, answer)
    things = {o.w.things[i] for i in of_tokens(answer)[1] if i in o.w.things and o.w.things[i][0] != "seat"}
    o.check(request, lambda: f"names {sorted(named)}, {sorted(things)}" if named or things else None)


@observer(5, "GET /api/kith/v1/juries", own=True, pick=lambda w, rng, v: {"limit": rng.choice((3, 80))})
def juries(o, a):
    o.exempt = before_a_jury(o)
    request = Request("GET", f"{KITH}/juries?limit={a['limit']}")
    answer = yield request
    if not ok(o, request, answer):
        return
    for seat in answer.json:
        whose = o.w.seats.setdefault(seat["id"], o.v)
        o.w.named("seat", seat["id"], seat["id"])
        judge_seat(o, request, seat)
        o.same(request, whose, lambda: o.v)
    blinded(o, request, answer)


def judge_seat(o, request, seat):
    o.same(request, seat["case"] and seat["case"]["audience_count"], lambda: None)
    o.check(request, lambda: f"others {seat['others']} before one's own vote" if seat["others"] and not seat["vote"] else None)


def a_seat(w, rng, v):
    if not w.seats:
        return None
    own = w.seats_of(v)
    sid = rng.choice(own if own and rng.random() < 0.6 else list(w.seats))
    return {"to": w.seats[sid], "nth": w.seats_of(w.seats[sid]).index(sid), "picture": rng.choice((0, 0, 0, 1))}


@observer(5, "GET /api/kith/v1/juries/:id", "GET /api/kith/v1/juries/:id/pictures/:nth", own=True, pick=a_seat)
def jury(o, a):
    of = o.w.seats_of(a["to"])
    if a["nth"] >= len(of):
        return
    o.exempt = before_a_jury(o)
    request = Request("GET", f"{KITH}/juries/{of[a['nth']]}" + ("/pictures/1" if a["picture"] else ""))
    answer = yield request
    if a["picture"]:
        o.exempt = lambda m: m[0] == "picture" and a["to"] == o.v and any(
            x.measure.piece is not None and m[1] in getattr(x.measure.piece, "pictures", ()) for x in o.f.appeals.values() if x.state == "open")
        if answer.status != 200:
            o.missing(request, answer)
        return
    judge_in(o, request, answer, lambda: a["to"] == o.v)
    if answer.status == 200:
        judge_seat(o, request, answer.json)
        blinded(o, request, answer)


@observer(1, "GET /api/kith/v1/jurors", "GET /api/kith/v1/draws/:id", who="anyone",
          pick=lambda w, rng, v: {"appeal": rng.choice((None, *w.facts.appeals))})
def draws(o, a):
    """Numbers alone, whoever looks."""
    request = Request("GET", f"{KITH}/draws/{o.w.sid[a['appeal']]}" if a["appeal"] else f"{KITH}/jurors")
    answer = yield request
    if answer.status == BUSY:
        return
    o.exempt = lambda m: m == ("appeal", a["appeal"])
    tokens, ids = of_tokens(answer)
    things = {o.w.things[i] for i in ids if i in o.w.things} - {("appeal", a["appeal"])}
    o.same(request, (tokens, things), lambda: (set(), set()))
    if answer.status == 200:
        keys = set().union(*(x.keys() for x in answer.json["walk"])) if a["appeal"] else set()
        o.same(request, keys <= {"number", "state"}, lambda: True)
    elif answer.status != 404:
        fault = f"{answer.status}"
        o.check(request, lambda: fault)


@observer(1, "GET /api/kith/v1/order/appeals", who="steward", own=True)
def waiting_appeals(o, a):
    """Clocks alone: neither whose nor about what, and none that one is a side of."""
    f = o.f
    request = Request("GET", f"{KITH}/order/appeals")
    answer = yield request
    if ok(o, request, answer):
        others = lambda x: o.v not in (x.subject(), *x.sides())
        most = lambda: sum(x.state == "open" and (x.way != "steward" or x.unsure()) and others(x) for x in f.appeals.values())
        o.check(request, lambda: f"{len(answer.json)} appeals, {most()} there are" if len(answer.json) > most() else None)
        o.check(request, lambda: "says more than clocks" if any(set(x) != {"kind", "way", "seats", "filed_at", "due_at"} for x in answer.json) else None)


@observer(1, "GET /api/kith/v1/order/figures", who="steward", own=True)
def figures(o, a):
    request = Request("GET", f"{KITH}/order/figures?days=7")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, set(answer.json), lambda: {"days", "inflow", "age", "rules"})


@observer(1, "GET /api/kith/v1/order/settings", who="steward", own=True)
def settings(o, a):
    request = Request("GET", f"{KITH}/order/settings")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, set(answer.json), lambda: {"holidays", "overturn_limit", "juror_days", "version", "clock"})


# ---- from outside


def a_complaint(w, rng, v):
    return {"complaint": rng.choice(list(w.facts.complaints)), "plain": rng.random() < 0.5, "known": rng.random() < 0.8} if w.facts.complaints else None


@observer(1, "GET /api/kith/v1/complaints/:secret", "GET /complaint/:secret", who="anyone", pick=a_complaint)
def complaint(o, a):
    """Who holds its secret reads what it is about and the answer: no contact, no evidence, and nothing of ours."""
    it = o.f.complaints[a["complaint"]]
    o.exempt = lambda m: a["known"] and (m[0] == "post" or m[0] == "complaint" and m[1] is it and m[2] == "about"
                                         or m[0] == "answer outside" and it in m[1])
    secret = it.secret if a["known"] else it.secret[::-1]
    request = Request("GET", f"/complaint/{secret}" if a["plain"] else f"{KITH}/complaints/{secret}")
    answer = yield request
    if answer.status == BUSY:
        return
    status, body = answer.status, answer.body

    def judge():
        if not a["known"]:
            return None if status == 404 else f"{status} for a secret that nobody was given"
        answered = it.answer is not None and it.answer.encode() in body
        return None if status == 200 and answered == (it.answer is not None) else f"{status}, answer {it.answer}: {body[:200]!r}"

    o.check(request, judge)


def a_link(w, rng, v):
    return {"link": rng.randrange(len(w.links)), "nth": rng.choice((0, 0, 1, 2))} if w.links else None


@observer(2, "GET /evidence/:secret", "GET /evidence/:secret/:nth", who="anyone", pick=a_link)
def evidence(o, a):
    """The piece's own words and pictures while it waits and nobody has answered: without a name, whoever holds the link."""
    link = o.w.links[a["link"]]
    piece = o.f.measures[link["measure"]].piece if link["measure"] else o.f.posts.get(link["piece"]) or o.f.comments[link["piece"]]

    waits = lambda: o.f.asked_of(link) is not None
    o.exempt = lambda m: waits() and rules.belongs(piece, m) and m[0] in ("words", "picture", "hashtag", "alt")
    request = Request("GET", f"/evidence/{link['secret']}" + (f"/{a['nth']}" if a["nth"] else ""))
    answer = yield request
    if answer.status == BUSY:
        return
    status, words = answer.status, {t for t in of_tokens(answer)[0] if o.w.meanings[t][0] == "words"}
    if not a["nth"]:
        named = people_in(o, answer)
        o.check(request, lambda: f"names {sorted(named)}" if named & ({piece.author} | set(rules.written_by(piece))) else None)
        gone = lambda: status == 404 and o.f.people[link["to"]].state == "erased"
        o.check(request, lambda: None if gone() or status == 200 and waits() == bool(words) else f"{status}, words {len(words)}, waits {waits()}")
    else:
        o.check(request, lambda: None if status == 404 or waits() else f"{status} for a picture behind a link that is over")


# ---- for everybody


def a_policy(w, rng, v):
    return {"nth": rng.randrange(4), "mine": rng.random() < 0.3}


@observer(2, "GET /api/kith/v1/policies", "GET /api/kith/v1/policies/:hash", "GET /api/kith/v1/policies/:hash/me", "GET /policies",
          pick=a_policy, who="anyone")
def policies(o, a):
    """The versions of the rules, for everybody, name nobody; what the next one would change for me is mine alone."""
    page = Request("GET", "/policies")
    yield page
    request = Request("GET", f"{KITH}/policies")
    answer = yield request
    if answer.status == BUSY or not ok(o, request, answer) or a["nth"] >= len(answer.json):
        return
    mine = a["mine"] and o.gate("member", False) is None
    one = Request("GET", f"{KITH}/policies/{answer.json[a['nth']]['hash']}" + ("/me" if mine else ""))
    answer = yield one
    if answer.status == 200 and not mine:
        stranger = o.gate("member", False) is not None
        rehearsal = answer.json["rehearsal"]
        o.check(one, lambda: "whom it would have hit is for members" if stranger and rehearsal is not None and not o.during else None)
        o.same(one, of_tokens(answer)[0], set)
    elif answer.status not in (200, 404, BUSY, 503):
        fault = f"{answer.status}"
        o.check(one, lambda: fault)


@observer(1, *(f"GET {path.split('?')[0]}" for path in AUDIT), who="anyone", pick=lambda w, rng, v: {"path": rng.choice(AUDIT)})
def log(o, a):
    """Its log and its report, hashes and numbers: whoever looks, nothing that names anybody."""
    request = Request("GET", a["path"])
    answer = yield request
    tokens, ids = of_tokens(answer)
    o.same(request, tokens, set)
    o.same(request, {i for i in ids if i in o.w.things}, set)
