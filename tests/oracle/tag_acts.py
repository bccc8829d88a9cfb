"""What people do with their tags: the names for some of their friends, which an audience is made of."""

import rules
from acts import TRIED_ANYWAY, Operation, operation
from wire import API, Request


class OfTag(Operation):
    def pick(self, w, rng, me):
        tags = [t for t in w.facts.tags.values() if t.owner == me and not t.deleted]
        if rng.random() < TRIED_ANYWAY / 2:
            tags = list(w.facts.tags.values())
        if not tags:
            return None
        more = self.more(w, rng, me)
        return more if more is None else {"tag": rng.choice(tags).key, **more}

    def more(self, w, rng, me):
        return {}

    def allowed(self, w, a):
        tag = w.facts.tags[a["tag"]]
        return tag.owner == self.me(w, a) and not tag.deleted

    def path(self, w, a):
        return f"{API}/lists/{w.sid[a['tag']]}"


@operation(5, "POST /api/v1/lists")
class MakeTag(Operation):
    def pick(self, w, rng, me):
        return {"token": w.mint.token()}

    def request(self, w, a):
        return Request("POST", f"{API}/lists", {"title": f"Tag {a['token']}"})

    def done(self, w, a, answer):
        key = f"t{a['n']}"
        w.facts.tags[key] = rules.Tag(key, self.me(w, a), a["token"])
        w.means(a["token"], "title", key, a["token"])
        w.named("tag", key, answer.json["id"])
        w.act()


@operation(1, "PUT /api/v1/lists/:id")
class RenameTag(OfTag):
    def more(self, w, rng, me):
        return {"token": w.mint.token()}

    def request(self, w, a):
        return Request("PUT", self.path(w, a), {"title": f"Tag {a['token']}"})

    def done(self, w, a, answer):
        w.facts.tags[a["tag"]].title = a["token"]
        w.means(a["token"], "title", a["tag"], a["token"])
        w.act()


@operation(2, "DELETE /api/v1/lists/:id")
class DeleteTag(OfTag):
    def pick(self, w, rng, me):
        used = [t for p in w.facts.posts.values() if p.author == me and p.audience.kind == "except"
                for t in p.audience.tags if not w.facts.tags[t].deleted]
        return {"tag": rng.choice(used)} if used and rng.random() < 0.7 else super().pick(w, rng, me)

    def request(self, w, a):
        return Request("DELETE", self.path(w, a))

    def done(self, w, a, answer):
        tag = w.facts.tags[a["tag"]]
        for p in w.facts.posts.values():
            if any(audience.kind == "except" and tag.key in audience.tags for audience in (p.audience, *p.earlier)):
                p.shut_out |= tag.members
        tag.deleted = True
        w.act()


@operation(10, "POST /api/v1/lists/:id/accounts")
class TagPeople(OfTag):
    def pick(self, w, rng, me):
        """Sometimes somebody a narrowed post names, into a tag that its earlier audience left out."""
        f = w.facts
        late = [(t, u) for p in f.posts.values() if p.author == me and not p.deleted for audience in p.earlier
                if audience.kind == "except" for t in audience.tags if not f.tags[t].deleted
                for u in p.audience.people if u in f.friend_list(me) and u not in f.tags[t].members]
        if late and rng.random() < 0.5:
            tag, person = rng.choice(late)
            return {"tag": tag, "people": [person]}
        return super().pick(w, rng, me)

    def more(self, w, rng, me):
        friends = sorted(w.facts.friend_list(me))
        return {"people": rng.sample(friends, rng.randrange(1, min(4, len(friends)) + 1))} if friends else None

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/accounts", {"account_ids": [w.sid[u] for u in a["people"]]})

    def statuses(self, w, a):
        if not self.allowed(w, a):
            return (404,)
        friends = w.facts.friend_list(self.me(w, a))
        return (200,) if all(u in friends for u in a["people"]) else (200, 404, 422)

    def done(self, w, a, answer):
        w.facts.tags[a["tag"]].members |= set(a["people"])
        w.act()


@operation(4, "DELETE /api/v1/lists/:id/accounts")
class UntagPeople(OfTag):
    def pick(self, w, rng, me):
        tags = [t for t in w.facts.tags.values() if t.owner == me and not t.deleted and t.members]
        if not tags:
            return None
        tag = rng.choice(tags)
        return {"tag": tag.key, "people": [rng.choice(sorted(tag.members))]}

    def request(self, w, a):
        return Request("DELETE", self.path(w, a) + "/accounts", {"account_ids": [w.sid[u] for u in a["people"]]})

    def done(self, w, a, answer):
        w.facts.tags[a["tag"]].members -= set(a["people"])
        w.act()
