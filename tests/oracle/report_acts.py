"""What is said against somebody: a report from inside, a complaint from outside."""

import re
import urllib.parse

import rules
from acts import GONE, Operation, anybody, operation
from wire import API, KITH, Request

CATEGORIES = ("counterfeit", "ladder", "fraud", "advertising", "harassment", "other")
COMPLAINTS = ("plagiarism", "counterfeit", "personal-data")


@operation(9, "POST /api/v1/reports")
class Report(Operation):
    """A person, or pieces of theirs; what one sees and, now and then, what one does not see or what is somebody else's."""

    def pick(self, w, rng, me):
        f = w.facts
        if rng.random() < 0.3:
            near = [b for a, b in sorted(f.blocks) if a == me]
            return self.words(w, rng, rng.choice(near) if near and rng.random() < 0.3 else anybody(w, rng, me), [])
        if f.officer(me) and rng.random() < 0.5:  # the order's own people report too, also whom they would have to review
            waits = sorted({m.person for m in f.measures.values() if m.waits() and f.card(me, m.person) and m.person != me})
            if waits:
                return self.words(w, rng, rng.choice(waits), [])
        if rng.random() < 0.25:
            pieces = [*f.posts.values(), *f.comments.values()]
        else:
            posts = [p for p in f.posts.values() if f.see(me, p)]
            pieces = [*posts, *(c for p in posts for c in p.comments if f.see_comment(me, c))]
        pieces = [p for p in pieces if p.author != me or rng.random() < 0.02]
        if not pieces:
            return None
        first = rng.choice(pieces[-40:] if rng.random() < 0.5 else pieces)
        more = [p.key for p in pieces if p.author == first.author and p is not first]
        some = [first.key, *(rng.sample(more, 1) if more and rng.random() < 0.3 else [])]
        return self.words(w, rng, anybody(w, rng, me) if rng.random() < 0.05 else first.author, some)

    def words(self, w, rng, to, pieces):
        return {"to": to, "pieces": pieces, "category": rng.choice(CATEGORIES), "token": w.mint.token()}

    def allowed(self, w, a):
        f, me, to = w.facts, self.me(w, a), a["to"]
        known = f.card(me, to) or ((me, to) in f.blocks and f.active(to))
        return known and all(p.author == to and f.see_piece(me, p) for p in self.pieces(w, a))

    def statuses(self, w, a):
        if a["to"] == self.me(w, a):
            return (422,)
        return super().statuses(w, a)

    def pieces(self, w, a):
        return [w.facts.posts.get(key) or w.facts.comments[key] for key in a["pieces"]]

    def exempt(self, w, a):
        """The card of whom one blocked is on the list of those; ids were sent."""
        me, sent = self.me(w, a), {a["to"], *a["pieces"]}
        return lambda m: (m[0] in ("handle", "name", "person") and (me, m[1]) in w.facts.blocks) or (
            m[0] in ("person", "post", "comment") and m[1] in sent) or m[0] == "report" and w.facts.reports[m[1]].reporter == me

    def request(self, w, a):
        return Request("POST", f"{API}/reports", {"account_id": w.sid[a["to"]], "status_ids": [w.sid[key] for key in a["pieces"]],
                                                  "kith_category": a["category"], "comment": f"I think {a['token']}"})

    def done(self, w, a, answer):
        f, me = w.facts, self.me(w, a)
        made = None
        for i, piece in enumerate(self.pieces(w, a) or [None]):
            if any(r.reporter == me and r.target == a["to"] and r.piece is piece and r.state == "open" for r in f.reports.values()):
                continue  # it is open already, and stays as it is
            key = f"r{a['n']}.{i}"
            f.reports[key] = made = rules.Report(key, me, a["to"], piece, a["category"])
            if i == 0:
                w.named("report", key, answer.json["id"])
        if made is not None:
            w.means(a["token"], "report", made)
        w.act()


@operation(2, "POST /api/kith/v1/complaints", "POST /complaint")
class Complain(Operation):
    """From outside, without an account; with the address of a post of ours, of one that is gone, or of none. All are answered alike."""

    def choose(self, w, rng):
        post = rng.choice(list(w.facts.posts)) if rng.random() < 0.6 else None
        return {"op": self.name, "post": post, "gone": rng.random() < 0.5, "how": rng.choice(("json", "form")), "category": rng.choice(COMPLAINTS),
                "from": f"203.0.113.{rng.randrange(256)}",
                **{part: w.mint.token() for part in ("contact", "about", "evidence")}}

    def me(self, w, a):
        return None

    def statuses(self, w, a):
        return (200, 429)

    def perform(self, w, a):
        at = f"{w.server.url}/posts/{w.sid[a['post']] if a['post'] else GONE}"
        self.said = rules.Complaint(f"o{a['n']}", None, a["category"], "")
        for part in ("contact", "about", "evidence"):
            w.means(a[part], "complaint", self.said, part)
        body = {"category": a["category"], "contact": f"{a['contact']} at the mill", "about": f"{a['about']} {at if a['post'] or a['gone'] else ''}",
                "evidence": f"It says {a['evidence']}"}
        sender = (f"X-Forwarded-For: {a['from']}",)
        if a["how"] == "json":
            return w.ask(w.sessions["nobody"], Request("POST", f"{KITH}/complaints", body, headers=sender))
        return w.ask(w.sessions["nobody"], Request("POST", "/complaint", urllib.parse.urlencode(body).encode(), "application/x-www-form-urlencoded", sender))

    def exempt(self, w, a):
        """Who complains is told what they said themselves."""
        sent = a["post"]
        return lambda m: (m[0] == "complaint" and m[1] is self.said and m[2] == "about") or (m[0] == "post" and m[1] == sent)

    def done(self, w, a, answer):
        f, said = w.facts, self.said
        piece = f.posts[a["post"]] if a["post"] else None
        said.about = piece.author if piece is not None and f.people[piece.author].state != "erased" else None
        said.named, said.piece = a["post"], piece if said.about else None
        said.secret = re.search(rb"/complaint/([A-Za-z0-9_-]+)", answer.body).group(1).decode()
        f.complaints[said.key] = said
        w.act()
