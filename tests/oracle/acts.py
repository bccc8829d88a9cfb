"""What an operation is, and the table of them. Each chooses for itself, is sent as one request, and changes the facts when the server said yes.

A row of a log is a dictionary of plain words, so that a log can be written down, cut short and played again. Keys of things made
carry the number of the row that made them; a row whose things are missing is skipped. What people do is in the files `…_acts.py`.
"""

OPERATIONS = {}
TRIED_ANYWAY = 0.1  # share of attempts at what the rules refuse
GONE = "999999999999"  # an id of nothing


def operation(weight, *routes):
    """Registers a class under its name in the log. `routes`: rows of the server's table that it exercises."""

    def register(cls):
        cls.name, cls.weight, cls.routes = cls.__name__.lower(), weight, routes
        OPERATIONS[cls.name] = cls()
        return cls

    return register


def known(w, row):
    """Whether everything a row names is there: in a log cut short it may not be."""
    f = w.facts
    pools = {"to": (f.people,), "who": (f.people,), "people": (f.people,), "post": (f.posts,), "comment": (f.comments,),
             "piece": (f.posts, f.comments), "pieces": (f.posts, f.comments), "appeal": (f.appeals,), "complaint": (f.complaints,), "report": (f.reports,),
             "measures": (f.measures,), "tag": (f.tags,), "measure": (f.measures,), "group": (f.groups,), "picture": (f.pictures,), "pictures": (f.pictures,), "again": (f.pictures,), "session": (w.sessions,),
             "by": (w.sessions,), "at": (f.posts,)}
    for name, value in row.items():
        for key in value if isinstance(value, (list, tuple)) else (value,):
            if key is not None and name in pools and not any(key in pool for pool in pools[name]):
                return False
    return True


class Operation:
    session_kinds = ("shell", "browser", "app")
    cards_alone = False  # it answers with people without their signature

    def by(self, w, rng):
        sessions = [s for s in w.live_sessions(kinds=self.session_kinds) if w.facts.people[s.person].state == "active"]
        return rng.choice(sessions) if sessions else None

    def choose(self, w, rng):
        """The row, without its number; None when there is nothing to do it to."""
        session = self.by(w, rng)
        more = session and self.pick(w, rng, session.person)
        return None if more is None else {"op": self.name, "by": session.key, **more}

    def possible(self, w, a):
        return known(w, a) and ("by" not in a or w.sessions[a["by"]].live)

    def me(self, w, a):
        return w.sessions[a["by"]].person

    def statuses(self, w, a):
        """What the server may answer."""
        return (200,) if self.allowed(w, a) else (404,)

    def allowed(self, w, a):
        return True

    def exempt(self, w, a):
        """What its own answer may show beside what the facts before or after it allow."""
        return lambda m: m[0] in ("person", "post", "comment") and m[1] in a.values()  # an id that was sent

    def perform(self, w, a):
        return w.ask(w.sessions[a["by"]], self.request(w, a))

    def more_looks(self, w, a):
        """What else it brought to be judged."""
        return []

    def done(self, w, a, answer):
        pass


def anybody(w, rng, me):
    """Mostly somebody near."""
    near = [u for u in w.facts.people if u != me and not w.facts.apart(me, u)]
    if near and rng.random() < 0.6:
        return rng.choice(near)
    return rng.choice([u for u in w.facts.people if u != me])


def a_post(w, rng, me, own=None):
    posts = [p for p in w.facts.posts.values() if not p.deleted or rng.random() < 0.05]
    if own:
        posts = [p for p in posts if p.author == me]
    elif rng.random() > TRIED_ANYWAY:
        posts = [p for p in posts if w.facts.see(me, p)]
    return rng.choice(posts[-30:] if posts and rng.random() < 0.7 else posts) if posts else None
