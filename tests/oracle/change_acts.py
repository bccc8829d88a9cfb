"""What becomes of what was published: other words, a narrower audience, its end; and what nobody can do to it."""

import rules
from acts import OPERATIONS, Operation, known, operation
from measures import FOREVER_MS, begin, gone_end, hold_of, told_of, words_end
from publish_acts import Like, Writes, audience_json, some_audience
from wire import API, Request


@operation(8, "PUT /api/v1/statuses/:id")
class Change(Writes):
    """Other words, which may have to wait, or a narrower audience; sometimes a wider one, which is refused."""

    def pick(self, w, rng, me):
        f = w.facts
        own = [p for p in (*f.posts.values(), *f.comments.values()) if not p.deleted and (p.author == me or rng.random() < 0.003)]
        if not own:
            return None
        piece = rng.choice(own[-12:] if rng.random() < 0.6 else own)
        if isinstance(piece, rules.Comment) or rng.random() < 0.5:
            return {"piece": piece.key, "token": w.mint.token(), "held": 2 if rng.random() < 0.15 else 0}
        wider = rng.random() < 0.15
        audience = self.wider(w, rng, piece) if wider else self.narrower(w, rng, piece)
        return {"piece": piece.key, "audience": audience, "wider": wider} if audience else None

    def narrower(self, w, rng, p):
        f, now = w.facts, p.audience
        friends = sorted(f.friend_list(p.author))
        living = [t for t in now.tags if not f.tags[t].deleted]
        if now.kind == "friends":
            return some_audience(w, rng, p.author) if rng.random() < 0.9 else {"kind": "self", "tags": [], "people": []}
        if now.kind == "only" and rng.random() < 0.8:
            names = [*((t, "tags") for t in living), *((u, "people") for u in now.people if u in friends)]
            some = rng.sample(names, rng.randrange(1, len(names) + 1)) if names else []
            return some and {"kind": "only", **{side: [x for x, of in some if of == side] for side in ("tags", "people")}}
        if now.kind == "except" and rng.random() < 0.5:
            let_in = [u for u in friends if f.lets_in(p, u)]
            return let_in and {"kind": "only", "tags": [], "people": rng.sample(let_in, rng.randrange(1, min(4, len(let_in)) + 1))}
        if now.kind == "except" and rng.random() < 0.8:
            more = [u for u in friends if u not in now.people]
            return more and {"kind": "except", "tags": living, "people": [*now.people, rng.choice(more)]}
        return {"kind": "self", "tags": [], "people": []} if rng.random() < 0.2 else None

    def wider(self, w, rng, p):
        if p.audience.kind in ("only", "self", "except"):
            return {"kind": "friends", "tags": [], "people": []}
        return None

    def piece(self, w, a):
        return {**w.facts.posts, **w.facts.comments}[a["piece"]]

    def possible(self, w, a):
        f, audience = w.facts, a.get("audience") or {"tags": (), "people": ()}
        return known(w, a) and w.sessions[a["by"]].live and all(t in f.tags for t in audience["tags"])

    def statuses(self, w, a):
        piece, me, f = self.piece(w, a), self.me(w, a), w.facts
        if not f.see_piece(me, piece):
            return (200, 404) if me == piece.author and not piece.deleted else (404,)
        if me != piece.author:
            return (403, 404)
        if "token" in a and f.on(me, "freeze"):
            return (403,)
        if piece.hold is not None and piece.hold.kept:
            return (409, 422) if "token" in a else (200, 409, 422)
        if a.get("wider"):
            return (422,)
        audience = a.get("audience") or {"tags": (), "people": (), "kind": "self"}
        sure = ("audience" not in a or audience["kind"] == "self" or p_plain(f, piece, audience))
        return (200,) if sure and len(piece.versions) < 20 else (200, 409, 422)

    def request(self, w, a):
        piece, change = self.piece(w, a), {}
        if "token" in a:
            change["status"] = self.text(w, {**a, "mentions": piece.mentions}) + "".join(f" #{t}" for t in getattr(piece, "hashtags", ()))
        if "audience" in a:
            change["kith_audience"] = audience_json(w, a["audience"])
        return Request("PUT", f"{API}/statuses/{w.sid[a['piece']]}", change)

    def done(self, w, a, answer):
        f, piece = w.facts, self.piece(w, a)
        if "audience" in a:
            piece.earlier.append(piece.audience)
            audience = a["audience"]
            piece.audience = rules.Audience(audience["kind"], tuple(audience["tags"]), tuple(audience["people"]), audience.get("group"))
        if "token" in a:
            self.reword(w, a, answer, piece)
        w.act()

    def reword(self, w, a, answer, piece):
        f = w.facts
        whole, waits = f.waits(piece), answer.json["kith_pending"]
        if a["held"]:
            f.alike.setdefault(a["held"], set()).add(piece)
        for m in f.measures.values():
            if m.piece is piece and not m.decided and (m.version is not None or whole):
                m.decided, m.state = True, "withdrawn"
        f.follow()  # before the new words are judged
        for old in piece.versions:
            if whole or old is f.pending(piece):
                old.refused = True  # it was never shown
        version = rules.Version(waits["text"] if waits else answer.json["kith_text"], w.serial)
        piece.versions.append(version)
        w.means(a["token"], "words", piece, version)
        if waits:
            version.hold = rules.Hold(FOREVER_MS)
            self.measure(w, a, piece, waits["measure_id"], version)
        elif whole:
            held = hold_of(w, w.sessions[a["by"]], answer)
            piece.hold = held and held[0]
            if held:
                self.measure(w, a, piece, held[1])
        if not waits:
            words_end(w, piece)
            told_of(w, a, answer, piece)

    def measure(self, w, a, piece, sid, version=None):
        begin(w, rules.Measure(f"m{a['n']}", piece.author, piece, version, family=a["held"]), sid)


def p_plain(f, p, audience):
    """Made of living tags and of friends, so that nothing but the rule of narrowing decides."""
    friends = f.friend_list(p.author)
    return (p.audience.kind != "group" and all(t in f.tags and not f.tags[t].deleted for t in (*audience["tags"], *p.audience.tags))
            and all(u in friends for u in (*audience["people"], *p.audience.people)) and not p.earlier and audience["kind"] != "group"
            and not (p.audience.kind != "friends" and audience["kind"] == "only" and not set(audience["people"]) <= set(p.audience.people)))


@operation(5, "DELETE /api/v1/statuses/:id")
class Delete(Operation):
    def pick(self, w, rng, me):
        own = [p for p in [*w.facts.posts.values(), *w.facts.comments.values()]
               if not p.deleted and (p.author == me or rng.random() < 0.005)]
        return {"piece": rng.choice(own).key} if own else None

    def piece(self, w, a):
        return {**w.facts.posts, **w.facts.comments}[a["piece"]]

    def allowed(self, w, a):
        piece = self.piece(w, a)
        return piece.author == self.me(w, a) and w.facts.see_piece(piece.author, piece)

    def statuses(self, w, a):
        # one's own comment on a post that is out of one's sight: whether it can be deleted is not in the rules
        piece = self.piece(w, a)
        if piece.author == self.me(w, a) and not piece.deleted and not w.facts.see_piece(piece.author, piece):
            return (200, 404)
        if self.allowed(w, a):
            return (200,)
        return (403, 404) if w.facts.see_piece(self.me(w, a), piece) else (404,)

    def exempt(self, w, a):
        """It answers with what it took away."""
        piece = self.piece(w, a)
        return lambda m: rules.belongs(piece, m)

    def request(self, w, a):
        return Request("DELETE", f"{API}/statuses/{w.sid[a['piece']]}")

    def done(self, w, a, answer):
        piece = self.piece(w, a)
        piece.deleted = True
        words_end(w, piece)
        gone_end(w)
        w.act()


UNKEPT = ("bookmark", "unbookmark", "pin", "unpin")


@operation(2, "POST /api/v1/statuses/:id/reblog", "POST /api/v1/statuses/:id/unreblog", "POST /api/v1/statuses/:id/favourite",
           *(f"POST /api/v1/statuses/:id/{verb}" for verb in UNKEPT))
class Refused(Operation):
    """What there is not: passing on, liking a comment."""

    def pick(self, w, rng, me):
        pieces = [*w.facts.posts.values(), *w.facts.comments.values()]
        return {"piece": rng.choice(pieces).key, "verb": rng.choice(("reblog", "unreblog", "favourite", *UNKEPT))}

    def statuses(self, w, a):
        piece = {**w.facts.posts, **w.facts.comments}[a["piece"]]
        if a["verb"] == "favourite" and a["piece"] in w.facts.posts:
            return (200, 404)
        return (422, 404) if w.facts.see_piece(self.me(w, a), piece) else (404, 422)

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['piece']]}/{a['verb']}", {})

    def done(self, w, a, answer):
        if a["piece"] in w.facts.posts and w.facts.see(self.me(w, a), w.facts.posts[a["piece"]]):
            Like.done(OPERATIONS["like"], w, {**a, "post": a["piece"]}, answer)
