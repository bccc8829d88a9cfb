"""What waits about somebody, and the cases it waits in, for the oracle: kept from the words of the rules alone.

What waits for stewards (a held piece, a seal to be confirmed, a report, a complaint, an appeal without a jury, an expert's answer that
nobody read) is an item of the open case of its subject: there is one open case a person, opened by its first item and over with its
last. A party to a case is whom it is about, who wrote what an item is on, what that stands under or a copy of it, and who reported.
"""

from dataclasses import dataclass, field

from wire import now_ms


def written_by(piece):
    """Who wrote it, and what it stands under; of no piece, nobody."""
    if piece is None:
        return ()
    return (piece.author, piece.post.author) if hasattr(piece, "post") else (piece.author,)


@dataclass(eq=False)
class Measure:
    key: str
    person: str
    piece: object = None  # Post or Comment; None: the person
    version: object = None  # a change of the piece; None: the piece
    decided: bool = False
    kind: str = "hold"
    state: str = "active"  # active, kept, released, overturned, proposed; withdrawn: with what it was on
    order: int = 0  # in which they began: by the server's number
    family: int = 0  # pieces of one family say the same
    steward: bool = False  # somebody decided it; else the policy did
    by: str | None = None  # who began it
    starts_ms: int = 0

    def in_force(self, now_ms):
        return self.state in ("active", "kept") and self.starts_ms <= now_ms

    def subject(self):
        return self.person

    def sides(self):
        return written_by(self.piece)

    def waits(self):
        return self.state == "proposed" if self.kind != "hold" else not self.decided and self.state == "active"

    def keeps_back(self):
        """It is held, and stays so when a steward kept it."""
        return self.kind == "hold" and self.state in ("active", "kept")


@dataclass(eq=False)
class Report:
    key: str
    reporter: str
    target: str
    piece: object  # Post or Comment; None: the person
    category: str
    state: str = "open"  # open, right, not_confirmed, bad_faith

    def subject(self):
        return self.target

    def sides(self):
        return (self.reporter, *written_by(self.piece))

    def waits(self):
        return self.state == "open"


@dataclass(eq=False)
class Complaint:
    """From outside, by nobody here."""

    key: str
    about: str | None  # whose piece its words lead to, when there is one
    category: str
    secret: str
    named: str | None = None  # the post whose address it holds
    piece: object = None  # that post, where its author is here
    answer: str | None = None

    def subject(self):
        return self.about

    def sides(self):
        return written_by(self.piece)

    def waits(self):
        return self.answer is None


@dataclass(eq=False)
class Appeal:
    key: str
    measure: Measure
    state: str = "open"  # open, kept, overturned, lapsed; withdrawn: with what it was about
    nth: int = 1
    way: str = "steward"  # or jury, or nobody

    def subject(self):
        return self.measure.person

    def sides(self):
        return written_by(self.measure.piece)

    def waits(self):
        return self.state == "open" and self.way == "steward"

    def unsure(self):
        """Within a second it may come from its jury to a steward, or end with its measure: its subject is asked (Run.operate)."""
        return self.state == "open" and (self.way == "jury" or self.measure.state in ("released", "overturned", "withdrawn"))


@dataclass(eq=False)
class Testimony:
    """What an expert answered: it is read by the next decision."""

    person: str
    read: bool = False

    def subject(self):
        return self.person

    def sides(self):
        return ()

    def waits(self):
        return not self.read


@dataclass(eq=False)
class Case:
    number: int  # in the order in which they were opened
    person: str | None  # None: of a complaint that leads to nobody here
    since_ms: int = 0  # it was opened between
    until_ms: int = 0
    items: dict = field(default_factory=dict)  # item -> does it wait
    into: "Case | None" = None  # part of an older one now

    def open(self):
        return self.into is None and any(self.items.values())

    def sure(self):
        """Is it open or over whatever the program does in the next second?"""
        return any(waits for item, waits in self.items.items() if not is_unsure(item)) or not any(is_unsure(item) for item in self.items)

    def root(self):
        return self if self.into is None else self.into.root()

    def waiting(self, kind):
        return [item for item, waits in self.items.items() if waits and isinstance(item, kind)]

    def of_kind(self, kind):
        return [item for item in self.items if isinstance(item, kind)]

    def parties(self):
        return {self.person, *(side for item in self.items for side in (item.subject(), *item.sides()))} - {None}


def is_unsure(item):
    return isinstance(item, Appeal) and item.unsure()


class Docket:
    """Part of the facts."""

    def __init__(self):
        self.measures = {}
        self.reports = {}
        self.complaints = {}
        self.appeals = {}
        self.cases = []
        self.before_ms = 0  # what happens now began then
        self.alike = {}  # number of a family -> pieces that say or said the same

    def numbered(self, number):
        return self.cases[number - 1] if 0 < number <= len(self.cases) else None

    def open_case(self, person):
        return next((c for c in self.cases if c.person == person and person is not None and c.open()), None)

    def cases_of(self, person):
        """Those that are there."""
        return [c for c in self.cases if c.person == person and c.into is None]

    def waiting(self, person):
        """What waits for stewards about somebody."""
        case = self.open_case(person)
        return [item for item, waits in case.items.items() if waits] if case else []

    def put(self, item, case=None):
        """Into this case, or the open one of whom it is about, which is made when there is none."""
        case = case or self.open_case(item.subject())
        if case is None:
            case = Case(len(self.cases) + 1, item.subject(), self.before_ms, now_ms())
            self.cases.append(case)
        case.items[item] = True
        return case

    def follow(self):
        """After what happened: what waits is in a case, and what is settled waits no more."""
        placed = {item for case in self.cases for item in case.items}
        for item in (*self.measures.values(), *self.reports.values(), *self.complaints.values(), *self.appeals.values()):
            if item not in placed and item.waits():
                self.put(item)
        for case in self.cases:
            for item, waits in case.items.items():
                case.items[item] = waits and item.waits()

    def reopen(self, case, items):
        """A decision is taken back: what it was about waits again there, with what came since."""
        other = self.open_case(case.person)
        if other is not None and other is not case:
            case.items.update(other.items)
            other.items, other.into = {}, case
        for item in items:
            case.items[item] = item.waits()

    def offences(self, person):
        """At most so many: kept measures on pieces, and notices that somebody gave, those of reports in bad faith among them. Those that counted nothing are among them."""
        kept = sum(m.person == person and (m.steward if m.kind == "notice" else m.piece is not None and m.state == "kept") for m in self.measures.values())
        return kept + sum(r.reporter == person and r.state == "bad_faith" for r in self.reports.values())

    def forget(self, person):
        """Who is gone: open reports on them are, and of the rest complaints alone are owed an answer."""
        for case in self.cases:
            if case.person == person:
                case.items = {item: waits and isinstance(item, Complaint) for item, waits in case.items.items()
                              if not (isinstance(item, Report) and item.state == "open")}

    def asked_of(self, link):
        """The piece that an expert was asked about, while it waits in that case and nobody has answered; else None."""
        for item in link["case"].root().waiting((Measure, Report)):
            key = item.key if link["measure"] else item.piece and item.piece.key
            if key == (link["measure"] or link["piece"]) and not link["answered"] and not self.gone(item.piece):
                return item.piece
        return None

    # ---- whose eyes they are for

    def party(self, s, case):
        """Is s a party to this case? None: they wrote what may be a copy of what is in it. Which pieces are copies is the program's to say: it
        knows by likeness, and for a time, and tells nobody but those who may look at the case."""
        if s in case.parties():
            return True
        pieces = {piece_of(item) for item in case.items} - {None}
        return None if any(pieces & alike and any(p.author == s for p in alike) for alike in self.alike.values()) else False

    def shown_cases(self, s, person):
        """Of this person, to one of the order's people: none to which they are a party."""
        return [c for c in self.cases_of(person) if not self.party(s, c)] if self.officer(s) else []

    def in_view(self, s, item):
        """Is it in a case that s may look at?"""
        return any(item in c.items for c in self.shown_cases(s, item.subject()))

    def case_pieces(self, case):
        """Pieces that a look at it must show: what waits there."""
        pieces = [piece_of(item) for item, waits in case.items.items() if waits]
        return [p for p in pieces if p is not None and not self.gone(p)]

    def held_pieces(self, case):
        """And what it was about that is held still."""
        measures = [item.measure if isinstance(item, Appeal) else item for item in case.items if isinstance(item, (Appeal, Measure))]
        return [m.piece for m in measures if m.keeps_back() and m.piece is not None and not self.gone(m.piece)]

    def at_hand(self, s, piece):
        """May s look at it because it waits in some case? None: see party."""
        parts = [self.party(s, c) for c in self.cases if self.officer(s) and piece in self.case_pieces(c)]
        return True if False in parts else None if None in parts else False


def piece_of(item):
    return item.measure.piece if isinstance(item, Appeal) else getattr(item, "piece", None)
