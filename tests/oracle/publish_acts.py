"""What people publish: moments for an audience, comments on them, likes. Some words are such as the policy holds."""

import random
from datetime import datetime

import rules
from acts import TRIED_ANYWAY, Operation, a_post, anybody, operation
from measures import begin, hold_of, told_of
from wire import API, Request
from world import comment, post

HELD = (
    "原单复刻包包手表，1:1顶级高仿，专柜品质，海外代购直邮可验货。加薇❤信：z j y 8 8 6 6，备注朋友圈优惠，一件代发招代理 {}",
    "EARN $5000/week from home, no experience!! Pay a $99 joining fee, recruit 3 friends, get 20% commission on three levels of"
    " your downline. Add W.h.a.t.s.A.p.p +1 2 0 2 5 5 5 0 1 0 0 NOW {}",
    "下周飞东京代购，化妆品包包都可以带，价格比专柜便宜，{} 有小票，要的私聊我",  # passes alone; as others' copy it is folded
)


def mentions_of(w, rng, me, share=0.3):
    return [anybody(w, rng, me)] if rng.random() < share else []


def naming(w, people):
    return "".join(f" @{w.facts.people[u].handle}" for u in people)


def audience_json(w, audience):
    if audience["kind"] == "group":
        return {"kind": "group", "group": w.sid[audience["group"]]}
    return {"kind": audience["kind"], "lists": [w.sid[t] for t in audience["tags"]],
            "people": [w.sid[u] for u in audience["people"]]}


def some_audience(w, rng, me):
    f = w.facts
    groups = [g for g in f.groups if f.in_group(me, g)]
    if groups and rng.random() < 0.35:
        return {"kind": "group", "tags": [], "people": [], "group": rng.choice(groups)}
    tags = [t.key for t in f.tags.values() if t.owner == me and not t.deleted]
    friends = sorted(f.friend_list(me))
    kind = rng.choices(("friends", "only", "except", "self"), (5, 3, 3, 1))[0]
    if kind in ("friends", "self") or not (tags or friends):
        return {"kind": kind if kind != "only" and kind != "except" else "friends", "tags": [], "people": []}
    some = rng.sample(tags, rng.randrange(1, min(2, len(tags)) + 1)) if tags and rng.random() < 0.8 else []
    people = rng.sample(friends, min(len(friends), 1 + rng.randrange(2))) if friends and (not some or rng.random() < 0.3) else []
    return {"kind": kind if some or people else "self", "tags": some, "people": people}


class Writes(Operation):
    """A post or a comment; some are such as the policy holds."""

    def piece(self, w, a, answer, key):
        f, held = w.facts, None
        piece = self.make(w, a, key, answer)
        w.named("comment" if isinstance(piece, rules.Comment) else "post", key, answer.json["id"])
        piece.versions[0].text = answer.json["kith_text"]
        piece.mentions = list(a["mentions"])
        if a["held"]:
            f.families.setdefault(a["held"], []).append((piece, piece.versions[0]))
            f.alike.setdefault(a["held"], set()).add(piece)
        held = hold_of(w, w.sessions[a["by"]], answer)
        if held:
            piece.hold = held[0]
            begin(w, rules.Measure(f"m{a['n']}", piece.author, piece, family=a["held"]), held[1])
        told_of(w, a, answer, piece)
        return piece

    def text(self, w, a):
        text = HELD[a["held"] - 1].format(a["token"]) if a["held"] else w.sentence(random.Random(a["token"]), a["token"])
        return text + naming(w, a["mentions"])

    def held(self, rng):
        return rng.choice((1, 2, 3, 3)) if rng.random() < 0.1 else 0

    def kept_from(self, w, a, comments):
        """What a measure on the writer answers; None: nothing."""
        f, me = w.facts, self.me(w, a)
        if f.on(me, "freeze"):
            return (403,)
        written, there = f.written_lately(me, comments)
        if f.on(me, "fewer") and written >= rules.FEWER_A_DAY:
            return (429,) if there >= rules.FEWER_A_DAY else (200, 429)
        return None


@operation(22, "POST /api/v1/statuses")
class Publish(Writes):
    def pick(self, w, rng, me):
        mentions = mentions_of(w, rng, me)
        spare = [m.key for m in w.facts.pictures.values() if m.owner == me and m.use == "none"]
        pictures = rng.sample(spare, rng.randrange(1, min(3, len(spare)) + 1)) if spare and rng.random() < 0.8 else []
        if rng.random() < 0.01 and w.facts.pictures:
            pictures = [rng.choice(list(w.facts.pictures))]
        return {"token": w.mint.token(), "audience": some_audience(w, rng, me), "mentions": mentions,
                "held": 3 if rng.random() < 0.06 else self.held(rng),  # more of what is copied: who sees which copy is what folds are about
                "hashtags": [rng.choice(w.hashtags)] if rng.random() < 0.25 else [], "pictures": pictures}

    def possible(self, w, a):
        f, audience = w.facts, a["audience"]
        if audience.get("group"):
            return super().possible(w, a) and audience["group"] in f.groups and f.in_group(self.me(w, a), audience["group"])
        return (super().possible(w, a) and all(t in f.tags and not f.tags[t].deleted for t in audience["tags"])
                and all(u in f.friend_list(self.me(w, a)) for u in audience["people"]))

    def request(self, w, a):
        return Request("POST", f"{API}/statuses", {
            "status": self.text(w, a) + "".join(f" #{tag}" for tag in a["hashtags"]),
            "kith_audience": audience_json(w, a["audience"]), "media_ids": [w.sid[m] for m in a["pictures"]]})

    def statuses(self, w, a):
        pictures = [w.facts.pictures[m] for m in a["pictures"]]
        kept_from = self.kept_from(w, a, comments=False)
        if kept_from:
            return kept_from if not pictures else (*kept_from, 404, 422)
        return (200,) if all(m.owner == self.me(w, a) and m.use == "none" for m in pictures) else (404, 422)

    def make(self, w, a, key, answer):
        audience = rules.Audience(a["audience"]["kind"], tuple(a["audience"]["tags"]), tuple(a["audience"]["people"]), a["audience"].get("group"))
        return post(w, key, self.me(w, a), audience, created_ms(answer), a["token"])

    def done(self, w, a, answer):
        p = self.piece(w, a, answer, f"p{a['n']}")
        p.hashtags, p.pictures = a["hashtags"], a["pictures"]
        for m in p.pictures:
            w.facts.pictures[m].use, w.facts.pictures[m].post = "post", p.key
        if p.mentions:
            w.tell("mention", p, p.author)


def created_ms(answer):
    return int(datetime.fromisoformat(answer.json["created_at"].replace("Z", "+00:00")).timestamp() * 1000)


@operation(26, "POST /api/v1/statuses")
class Answer(Writes):
    """A comment on a post, or on another comment of it."""

    def pick(self, w, rng, me):
        p = a_post(w, rng, me)
        if p is None:
            return None
        comments = [c for c in p.comments if w.facts.see_comment(me, c) or rng.random() < TRIED_ANYWAY]
        answered = rng.choice(comments).key if comments and rng.random() < 0.5 else None
        return {"post": p.key, "comment": answered, "token": w.mint.token(), "mentions": mentions_of(w, rng, me, 0.15),
                "held": self.held(rng)}

    def allowed(self, w, a):
        f = w.facts
        return f.may_comment(self.me(w, a), f.posts[a["post"]], a["comment"] and f.comments[a["comment"]])

    def statuses(self, w, a):
        return self.kept_from(w, a, comments=True) or (200,) if self.allowed(w, a) else (404,)

    def request(self, w, a):
        return Request("POST", f"{API}/statuses", {"status": self.text(w, a), "in_reply_to_id": w.sid[a["comment"] or a["post"]]})

    def make(self, w, a, key, answer):
        f = w.facts
        c = comment(w, key, f.posts[a["post"]], self.me(w, a), a["token"], a["comment"] and f.comments[a["comment"]])
        c.at_ms = created_ms(answer)
        return c

    def done(self, w, a, answer):
        w.tell_comment(self.piece(w, a, answer, f"c{a['n']}"))


@operation(16, "POST /api/v1/statuses/:id/favourite")
class Like(Operation):
    def pick(self, w, rng, me):
        p = a_post(w, rng, me)
        return p and {"post": p.key}

    def allowed(self, w, a):
        return w.facts.see(self.me(w, a), w.facts.posts[a["post"]])

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['post']]}/favourite", {})

    def done(self, w, a, answer):
        p, me = w.facts.posts[a["post"]], self.me(w, a)
        if me not in p.likes:
            p.likes[me] = w.act()
            w.tell("like", p, me)


@operation(4, "POST /api/v1/statuses/:id/unfavourite")
class Unlike(Like):
    def pick(self, w, rng, me):
        liked = [p for p in w.facts.posts.values() if me in p.likes]
        return {"post": rng.choice(liked).key} if liked else None

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['post']]}/unfavourite", {})

    def done(self, w, a, answer):
        w.facts.posts[a["post"]].likes.pop(self.me(w, a), None)
        w.act()
