"""What people take along, and their going: the archive of all that is theirs, and its erasure."""

import hashlib
import io
import time
import zipfile

import canary
import rules
from acts import Operation, operation
from group_acts import out_of
from look import Look
from measures import gone_end
from wire import KITH, Request


@operation(2, "POST /api/kith/v1/export")
class TakeAlong(Operation):
    """Everything that is mine, in a zip: each file of it is searched like an answer, and nothing of mine is missing."""

    session_kinds = ("shell", "browser")

    def by(self, w, rng):
        """The sealed too; rather somebody under whose posts is what they may not see."""
        sessions, f = w.live_sessions(kinds=self.session_kinds), w.facts
        hidden = {c.post.author for c in f.comments.values() if not c.deleted and not f.see_comment(c.post.author, c)}
        rather = [s for s in sessions if s.person in hidden]
        return rng.choice(rather if rather and rng.random() < 0.7 else sessions) if sessions else None

    def pick(self, w, rng, me):
        return {}

    def statuses(self, w, a):
        return (200, 429)

    def perform(self, w, a):
        session = w.sessions[a["by"]]
        self.files = {}
        asked = w.ask(session, Request("POST", f"{KITH}/export", {}))
        until = time.monotonic() + 20
        while asked.status == 200 and w.get(session, f"{KITH}/export")["state"] == "making":
            assert time.monotonic() < until, "an archive that is never ready"
            time.sleep(0.01)
        if asked.status == 200:
            answer = w.ask(session, Request("GET", f"{KITH}/export/file"))
            assert answer.status == 200, answer.body[:200]
            with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
                self.files = {name: archive.read(name) for name in archive.namelist()}
        return asked

    def more_looks(self, w, a):
        """The files, as answers to somebody who knows what they did themselves."""
        me = self.me(w, a)
        look = Look(w, w.sessions[a["by"]], "export", a)
        look.exempt = lambda m: self.mine(w, me, m)
        tokens = set()
        for name, data in self.files.items():
            found, ids = canary.found(data)
            tokens |= found
            for t in found:
                look.check(f"export, {name}", lambda t=t: look.judge_token(t))
            for i in ids & w.things.keys():
                look.check(f"export, {name}", lambda i=i: look.judge_id(i))
            digest = hashlib.sha256(data).digest()
            if digest in w.drawn:
                look.check(f"export, {name}", lambda digest=digest: look.judge_picture(digest))
        if self.files:
            look.check("export", lambda: self.missing(w, me, tokens, look))
        return [look]

    def mine(self, w, me, meaning):
        f, (kind, about) = w.facts, meaning[:2]
        pieces = [p for p in (*f.posts.values(), *f.comments.values()) if p.author == me]
        if any(rules.belongs(p, meaning) for p in pieces) or kind == "picture" and f.pictures[about].owner == me:
            return True
        if kind in ("handle", "name") and (me, about) in f.blocks:
            return True
        if kind in ("group", "group title", "group about"):  # being in it is theirs, also while they are sealed
            return me in f.members_now(about)
        if kind in ("answer", "title"):
            return me == (about if kind == "answer" else f.tags[about].owner)
        if kind == "person":  # an id, without a name
            named = {u for t in f.tags.values() if t.owner == me for u in t.members} | f.people[me].hides | f.people[me].hides_from
            reported = any(r.reporter == me and r.target == about for r in f.reports.values())
            return (reported or f.tie(me, about) or (me, about) in f.blocks or (me, about) in f.requests or about in named
                    or any(about in (c.post.author, c.answers and c.answers.author) for c in pieces if isinstance(c, rules.Comment)))
        touched = {c.post.key for c in pieces if isinstance(c, rules.Comment)} | {p.key for p in f.posts.values() if me in p.likes}
        answered = {c.answers.key for c in pieces if isinstance(c, rules.Comment) and c.answers}
        reported = {r.piece.key for r in f.reports.values() if r.reporter == me and r.piece}
        return kind in ("post", "comment") and about in touched | answered | reported

    def missing(self, w, me, tokens, look):
        f = w.facts
        own = [p for p in f.posts.values() if p.author == me and not p.deleted]
        due = [*own, *(c for c in f.comments.values() if c.author == me and not c.deleted and not c.post.deleted)]
        due += [c for p in own for c in f.thread(me, p)] if f.active(me) else []
        gone = [p.key for p in due if look.own_token(p).encode() not in tokens]
        return f"{' '.join(gone)} not in the archive" if gone else None


@operation(1, "DELETE /api/kith/v1/account")
class Erase(Operation):
    """Somebody goes, with everything that is theirs; one in a world."""

    session_kinds = ("browser",)

    def pick(self, w, rng, me):
        late = w.serial > 250 and all(p.state != "erased" for p in w.facts.people.values())
        return {} if late and me in w.passwords and rng.random() < 0.3 else None

    def request(self, w, a):
        return Request("DELETE", f"{KITH}/account", {"password": w.passwords[self.me(w, a)]})

    def done(self, w, a, answer):
        f, me = w.facts, self.me(w, a)
        f.people[me].state = "erased"
        f.ties = {pair for pair in f.ties if me not in pair}
        f.blocks = {pair for pair in f.blocks if me not in pair}
        f.requests = {pair: word for pair, word in f.requests.items() if me not in pair}
        for piece in (*f.posts.values(), *f.comments.values()):
            piece.deleted = piece.deleted or piece.author == me
        for p in f.posts.values():
            p.likes.pop(me, None)
        for tag in f.tags.values():
            tag.deleted = tag.deleted or tag.owner == me
        for m in f.pictures.values():
            m.use = "gone" if m.owner == me else m.use
        for g in f.groups:
            out_of(w, g, me)
        for s in w.live_sessions(me):
            s.live = False
        for m in f.measures.values():
            if m.person == me:
                m.decided, m.state = True, "withdrawn"
        gone_end(w)
        f.forget(me)
        for key in [key for key, r in f.reports.items() if r.target == me and r.state == "open"]:
            del f.reports[key]
        w.filters = {key: x for key, x in w.filters.items() if x["owner"] != me}
        del w.passwords[me]
        w.second.pop(me, None)
