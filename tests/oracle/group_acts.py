"""What people do in groups: make, change and end one, invite, join and leave, remove somebody, hand over."""

import rules
from acts import TRIED_ANYWAY, Operation, operation
from wire import KITH, Request


class OfGroup(Operation):
    owners = False  # the owner's affair

    def pick(self, w, rng, me):
        pool = [g for g in w.facts.groups if self.fits(w, me, g)]
        if rng.random() < TRIED_ANYWAY:
            pool = list(w.facts.groups)
        if not pool:
            return None
        group = rng.choice(pool)
        more = self.more(w, rng, me, w.facts.groups[group])
        return more if more is None else {"group": group, **more}

    def fits(self, w, me, g):
        return w.facts.group_owner(g) == me and w.facts.in_group(me, g) if self.owners else w.facts.in_group(me, g)

    def more(self, w, rng, me, group):
        return {}

    def statuses(self, w, a):
        f, me, g = w.facts, self.me(w, a), a["group"]
        if self.fits(w, me, g):
            return (200,)
        # somebody of the group who may not is told so; to everybody else there is no such group
        return (403, 404, 422) if f.see_group(me, g) else (404,)

    def path(self, w, a):
        return f"{KITH}/groups/{w.sid[a['group']]}"


@operation(5, "POST /api/kith/v1/groups")
class MakeGroup(Operation):
    def pick(self, w, rng, me):
        if len([g for g in w.facts.groups.values() if not g.deleted]) > 5 and rng.random() < 0.9:
            return None
        return {"token": w.mint.token(), "about": w.mint.token()}

    def request(self, w, a):
        return Request("POST", f"{KITH}/groups", {"title": f"The {a['token']}", "about": f"For {a['about']}"})

    def done(self, w, a, answer):
        key, me = f"g{a['n']}", self.me(w, a)
        w.facts.groups[key] = rules.Group(key, me, a["token"], a["about"], {me: w.act()})
        w.means(a["token"], "group title", key, a["token"])
        w.means(a["about"], "group about", key, a["about"])
        w.named("group", key, answer.json["id"])


@operation(1, "PUT /api/kith/v1/groups/:id")
class ChangeGroup(OfGroup):
    owners = True

    def more(self, w, rng, me, group):
        return {"field": rng.choice(("title", "about")), "token": w.mint.token()}

    def request(self, w, a):
        return Request("PUT", self.path(w, a), {a["field"]: f"Now {a['token']}"})

    def done(self, w, a, answer):
        setattr(w.facts.groups[a["group"]], a["field"], a["token"])
        w.means(a["token"], "group " + a["field"], a["group"], a["token"])
        w.act()


@operation(1, "DELETE /api/kith/v1/groups/:id")
class DeleteGroup(OfGroup):
    owners = True

    def pick(self, w, rng, me):
        return super().pick(w, rng, me) if rng.random() < 0.3 else None

    def request(self, w, a):
        return Request("DELETE", self.path(w, a))

    def done(self, w, a, answer):
        w.facts.groups[a["group"]].deleted = True
        w.act()


@operation(10, "POST /api/kith/v1/groups/:id/invite")
class InviteToGroup(OfGroup):
    def more(self, w, rng, me, group):
        friends = [u for u in sorted(w.facts.friend_list(me)) if u not in group.members and u not in group.invited]
        return {"to": rng.choice(friends)} if friends else None

    def statuses(self, w, a):
        f, me, group = w.facts, self.me(w, a), w.facts.groups[a["group"]]
        plain = a["to"] in f.friend_list(me) and a["to"] not in group.members and a["to"] not in group.invited
        return super().statuses(w, a) if plain or not f.in_group(me, a["group"]) else (200, 403, 404, 422)

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/invite", {"account_id": w.sid[a["to"]]})

    def done(self, w, a, answer):
        group = w.facts.groups[a["group"]]
        if a["to"] not in group.members:
            group.invited[a["to"]] = self.me(w, a)
        w.act()


@operation(10, "POST /api/kith/v1/groups/:id/accept")
class JoinGroup(OfGroup):
    def by(self, w, rng):
        """Mostly somebody who is invited."""
        invited = {u for g in w.facts.groups for u in w.facts.groups[g].invited if w.facts.invitation(u, g)}
        sessions = [s for u in sorted(invited) for s in w.live_sessions(u)]
        return rng.choice(sessions) if sessions and rng.random() < 0.9 else super().by(w, rng)

    def fits(self, w, me, g):
        return w.facts.invitation(me, g) is not None

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/accept", {})

    def statuses(self, w, a):
        inside = w.facts.in_group(self.me(w, a), a["group"])
        return (200, 403, 404, 409, 422) if inside else super().statuses(w, a)

    def done(self, w, a, answer):
        group, me = w.facts.groups[a["group"]], self.me(w, a)
        if me not in group.members:
            group.members[me] = w.act()
            group.invited.pop(me, None)


@operation(3, "POST /api/kith/v1/groups/:id/leave")
class LeaveGroup(OfGroup):
    """Declines an invitation too; the last one out ends the group."""

    def fits(self, w, me, g):
        return w.facts.see_group(me, g)

    def statuses(self, w, a):
        f, me, g = w.facts, self.me(w, a), a["group"]
        if f.in_group(me, g) and f.group_owner(g) == me and len(f.groups[g].members) > 1:
            return (422, 200)
        return super().statuses(w, a)

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/leave", {})

    def done(self, w, a, answer):
        out_of(w, a["group"], self.me(w, a))


def out_of(w, g, u):
    """Out of a group, or no more invited; whom they invited is invited no more, also when they come back."""
    group = w.facts.groups[g]
    group.members.pop(u, None)
    group.invited = {v: by for v, by in group.invited.items() if u not in (v, by)}
    group.deleted = group.deleted or not group.members
    w.act()


@operation(3, "POST /api/kith/v1/groups/:id/remove")
class RemoveFromGroup(OfGroup):
    owners = True

    def more(self, w, rng, me, group):
        others = [u for u in (*group.members, *group.invited) if u != me]
        return {"to": rng.choice(others)} if others else None

    def statuses(self, w, a):
        return (*super().statuses(w, a), 404, 422)

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/remove", {"account_id": w.sid[a["to"]]})

    def done(self, w, a, answer):
        out_of(w, a["group"], a["to"])


@operation(2, "POST /api/kith/v1/groups/:id/hand_over")
class HandOver(RemoveFromGroup):
    def more(self, w, rng, me, group):
        others = [u for u in group.members if u != me]
        return {"to": rng.choice(others)} if others else None

    def request(self, w, a):
        return Request("POST", self.path(w, a) + "/hand_over", {"account_id": w.sid[a["to"]]})

    def done(self, w, a, answer):
        w.facts.groups[a["group"]].owner = a["to"]
        w.act()
