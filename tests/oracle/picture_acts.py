"""What people do with pictures: upload, describe, take back, wear."""

import hashlib
import random

import canary
import rules
from acts import TRIED_ANYWAY, Operation, operation
from wire import API, RENDITIONS, Request


def form(fields, files):
    """A multipart body; files: (field, name, bytes)."""
    edge = b"----kith-oracle"
    parts = [b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (edge, k.encode(), v.encode())
             for k, v in fields.items()]
    parts += [b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: image/png\r\n\r\n%s\r\n'
              % (edge, k.encode(), name.encode(), data) for k, name, data in files]
    return b"".join(parts) + b"--%s--\r\n" % edge, "multipart/form-data; boundary=" + edge.decode()


def drawing(w, a):
    """The bytes of a row's picture: its own, or the same file as another one."""
    if a.get("again"):
        return w.files[a["again"]]
    return canary.png(random.Random(a["token"]), a["token"])


def learn_drawings(w, key):
    """Its owner fetches each form it is served in, so that the bytes are known wherever they turn up."""
    session = w.live_sessions(w.facts.pictures[key].owner)[0]
    for name in RENDITIONS:
        answer = w.ask(session, Request("GET", f"/media/{w.sid[key]}/{name}"))
        assert answer.status == 200, (name, answer.status, answer.body[:200])
        w.drawn.setdefault(hashlib.sha256(answer.body).digest(), set()).add(key)


@operation(7, "POST /api/v2/media", "POST /api/v1/media")
class Upload(Operation):
    def pick(self, w, rng, me):
        again = rng.choice(list(w.files)) if w.files and rng.random() < 0.1 else None
        return {"token": w.mint.token(), "file": w.mint.token(), "about": w.mint.token(), "again": again, "v": rng.choice((1, 2))}

    def possible(self, w, a):
        return super().possible(w, a) and (a["again"] is None or a["again"] in w.files)

    def request(self, w, a):
        for token in (a["token"], a["file"]):
            w.means(token, "nobody", None)
        body, kind = form({"description": f"You see {a['about']}"}, [("file", a["file"] + ".png", drawing(w, a))])
        return Request("POST", f"/api/v{a['v']}/media", body, kind)

    def done(self, w, a, answer):
        key = f"i{a['n']}"
        w.files[key] = drawing(w, a)
        w.facts.pictures[key] = rules.Picture(key, self.me(w, a), a["about"])
        w.means(a["about"], "alt", key, a["about"])
        w.named("picture", key, answer.json["id"])
        w.act()
        learn_drawings(w, key)


class OfPicture(Operation):
    def pick(self, w, rng, me):
        pool = [m.key for m in w.facts.pictures.values() if m.owner == me and m.use == "none"]
        if rng.random() < TRIED_ANYWAY:
            pool = list(w.facts.pictures)
        return {"picture": rng.choice(pool), **self.more(w, rng)} if pool else None

    def more(self, w, rng):
        return {}

    def statuses(self, w, a):
        m = w.facts.pictures[a["picture"]]
        if m.owner != self.me(w, a) or m.use == "gone":
            return (404,)
        return (200,) if m.use == "none" else (404, 422)

    def path(self, w, a):
        return f"{API}/media/{w.sid[a['picture']]}"


@operation(1, "PUT /api/v1/media/:id")
class Describe(OfPicture):
    def more(self, w, rng):
        return {"token": w.mint.token()}

    def request(self, w, a):
        return Request("PUT", self.path(w, a), {"description": f"Now {a['token']}"})

    def done(self, w, a, answer):
        w.facts.pictures[a["picture"]].about = a["token"]
        w.means(a["token"], "alt", a["picture"], a["token"])
        w.act()


@operation(1, "DELETE /api/v1/media/:id")
class TakeBack(OfPicture):
    def request(self, w, a):
        return Request("DELETE", self.path(w, a))

    def done(self, w, a, answer):
        w.facts.pictures[a["picture"]].use = "gone"
        w.act()


@operation(3, "PATCH /api/v1/accounts/update_credentials")
class Wear(OfPicture):
    """A picture of mine as my picture or my cover."""

    def more(self, w, rng):
        return {"side": rng.choice(("avatar", "cover"))}

    def statuses(self, w, a):
        worn = getattr(w.facts.people[self.me(w, a)], a["side"]) == a["picture"]  # already: nothing changes
        return (200,) if worn or super().statuses(w, a) == (200,) else (404, 422)

    def request(self, w, a):
        return Request("PATCH", f"{API}/accounts/update_credentials", {f"kith_{a['side']}_id": w.sid[a["picture"]]})

    def done(self, w, a, answer):
        me = w.facts.people[self.me(w, a)]
        take_off(w, me, a["side"])
        setattr(me, a["side"], a["picture"])
        w.facts.pictures[a["picture"]].use = a["side"]


def take_off(w, person, side):
    worn = getattr(person, side)
    if worn:
        w.facts.pictures[worn].use = "gone"
    setattr(person, side, None)
    w.act()


@operation(1, "DELETE /api/v1/profile/avatar", "DELETE /api/v1/profile/header")
class TakeOff(Operation):
    def pick(self, w, rng, me):
        worn = [side for side in ("avatar", "cover") if getattr(w.facts.people[me], side)]
        return {"side": rng.choice(worn)} if worn else None

    def request(self, w, a):
        return Request("DELETE", f"{API}/profile/{'avatar' if a['side'] == 'avatar' else 'header'}")

    def done(self, w, a, answer):
        take_off(w, w.facts.people[self.me(w, a)], a["side"])
