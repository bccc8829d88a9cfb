"""What the program and a steward do about a piece or a person: how measures begin in the facts and when they are over."""

import rules
from wire import KITH

FOREVER_MS = 1 << 60


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
            m.state = "withdrawn"


def gone_end(w):
    """Nobody decides about what is gone any more, nor about what stands under it; what was decided stays."""
    for m in w.facts.measures.values():
        if m.kind in ("hold", "label", "fold") and m.state == "active" and w.facts.gone(m.piece):
            m.state = "withdrawn"


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


def notice_ends(w, hold):
    """With a hold that was kept goes what the program told its author of it."""
    for m in w.facts.measures.values():
        if hold.kind == "hold" and m.kind == "notice" and not m.steward and m.piece is hold.piece and m.state == "active":
            m.state = hold.state if hold.state == "overturned" else "released"


def overturn(w, m):
    """Undone entirely."""
    if m.kind == "hold":
        settle_hold(w, m, False)
    m.state = "overturned"
    notice_ends(w, m)
    if m.kind == "seal":
        w.facts.seal_ends(m.person)
