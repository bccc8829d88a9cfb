"""Who sees what, a second time: the predicates of the product's rules ("The circle", who sees what) in Python.

Written from the words of the rules and never from the program, so that the two can be wrong only in different ways.
The rules are about one post with its likes and comments. Everything is answered for all combinations of ties and
blocks at once: a fact is a big integer with one bit a combination, `&` is "and", `|` is "or".
"""

import itertools

PEOPLE = range(4)
AUTHOR = 0
DAY_MS = 24 * 3600 * 1000
RANGE_DAYS = {"3d": 3, "month": 30, "half-year": 183, "all": None}
ORDERED = [(a, b) for a in PEOPLE for b in PEOPLE if a != b]
PAIRS = list(itertools.combinations(PEOPLE, 2))


def column(k, bits):
    """The combinations in which fact k of `bits` facts holds: bit x is set where bit k of x is."""
    width = 1 << k
    n = ((1 << width) - 1) << width  # one period: 2^k zeros, 2^k ones
    length = 2 * width
    while length < 1 << bits:
        n |= n << length
        length *= 2
    return n


class Relations:
    """Ties and blocks in every combination: 18 facts with blocks of pairs, 24 with blocks by one of the two."""

    def __init__(self, bits):
        self.bits = bits
        self.always = (1 << (1 << bits)) - 1
        self.never = 0
        self.ties = {pair: column(k, bits) for k, pair in enumerate(ORDERED)}
        self.blocked = {}
        for k, pair in enumerate(PAIRS if bits == 18 else ORDERED):
            column_k = column(len(ORDERED) + k, bits)
            for way in (pair, pair[::-1]):  # what the rules ask is "a block either way", never by whom
                self.blocked[way] = self.blocked.get(way, 0) | column_k
        self.unblocked = {pair: self.always ^ held for pair, held in self.blocked.items()}

    def yes(self, truth):
        return self.always if truth else self.never

    def tie(self, a, b):
        return self.ties.get((a, b), self.never)

    def no_block(self, a, b):
        return self.unblocked.get((a, b), self.always)


class World:
    """One config over all relations. Method names are those of the rules."""

    def __init__(self, relations, config):
        self.r = relations
        self.c = config
        self.seen = {}
        self.acts = {}

    def active(self, a):
        return a not in self.c.get("sealed", ())

    def friends(self, a, b):
        if a == b or not (self.active(a) and self.active(b)):
            return self.r.never
        return self.r.tie(a, b) & self.r.tie(b, a) & self.r.no_block(a, b)

    def not_apart(self, a, b):
        return self.r.tie(a, b) | self.r.tie(b, a)

    def admitted(self, v):
        """A narrowed post is for nobody whom it was not for before."""
        return self.let_in(self.c, v) and ("before" not in self.c or self.let_in(self.c["before"], v))

    @staticmethod
    def let_in(audience, v):
        """One audience, tags evaluated now. A deleted tag never widens: it goes on excluding, and admits nobody."""
        kind, tag, named = audience["audience"], audience.get("list", ()), audience.get("people", ())
        if kind == "friends":
            return True
        if kind == "only":
            return v in named or (v in tag and not audience.get("list_deleted"))
        if kind == "except":
            return not (v in named or v in tag)
        assert kind == "self", kind
        return False

    def for_group(self):
        return self.c["audience"] == "group"

    def member(self, a):
        """In the group the post is for, now."""
        return a in self.c["group"]

    def in_range(self):
        days = RANGE_DAYS[self.c["range"]]
        return days is None or self.c["age_ms"] <= days * DAY_MS

    def see(self, v):
        if v not in self.seen:
            self.seen[v] = self._see(v)
        return self.seen[v]

    def _see(self, v):
        if not self.active(v) or self.c["deleted"]:
            return self.r.never
        if v == AUTHOR:
            return self.r.always
        if self.c["held"] or not self.active(AUTHOR):
            return self.r.never
        if self.for_group():
            both = self.member(v) and self.member(AUTHOR)
            return self.r.no_block(v, AUTHOR) if both else self.r.never
        if v in self.c.get("hides_from", ()):
            return self.r.never
        if not self.in_range() or not self.admitted(v):
            return self.r.never
        return self.friends(v, AUTHOR)

    def act(self, v, u):
        if (v, u) not in self.acts:
            self.acts[v, u] = self._act(v, u)
        return self.acts[v, u]

    def _act(self, v, u):
        if not self.active(u):
            return self.r.never
        seen = self.see(v) & self.r.no_block(v, u) & self.r.no_block(u, AUTHOR)
        if self.for_group():
            return seen & self.r.yes(self.member(u))
        if v == u or u == AUTHOR:
            return seen
        near = self.not_apart(u, AUTHOR)
        return seen & near if v == AUTHOR else seen & near & self.friends(v, u)

    def like(self, v, u):
        """What u liked; whether u did is not a matter of the rules."""
        return self.act(v, u)

    def comment(self, v, which):
        comment = self.c["comments"][which]
        if comment["deleted"]:
            return self.r.never
        seen, by = self.see(v), comment["author"]
        if v == by:
            return seen
        if comment["held"]:
            return self.r.never
        seen &= self.act(v, by)
        if not comment.get("answers_first"):
            return seen
        answered = self.c["comments"][0]["author"]
        return seen if answered in (v, AUTHOR) else seen & self.act(v, answered)

    def card(self, v, u):
        if not (self.active(v) and self.active(u)):
            return self.r.never
        return self.r.no_block(v, u)

    def profile(self, v, u):
        """Beyond the card: the rule says no more than this, and is asked about somebody whose card may be seen."""
        return self.r.always if v == u else self.r.tie(v, u)


def review(role, active, held, own_piece, own_post):
    """May this person look at a held piece: one of the order's people, and no party to it."""
    in_office = active and role in ("steward", "keeper")
    return in_office and held in ("now", "kept") and not own_piece and not own_post
