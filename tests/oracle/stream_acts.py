"""What befalls live streams: they open, they close, the server begins again under them."""

import signal

from acts import Operation, operation


@operation(1)
class CloseStream(Operation):
    """A reader goes away, as a phone does."""

    def choose(self, w, rng):
        return {"op": self.name, "stream": rng.choice(list(w.watch.open))} if len(w.watch.open) > 3 else None

    def me(self, w, a):
        return None

    def perform(self, w, a):
        if a["stream"] in w.watch.open:
            w.watch.open.pop(a["stream"]).close()


@operation(3)
class OpenStream(Operation):
    """A live stream, which is read from then on; sometimes by who comes back and wants to hear what they missed."""

    def choose(self, w, rng):
        if len(w.watch.open) > 7:
            return None
        return super().choose(w, rng)

    def by(self, w, rng):
        """Often somebody who was here before."""
        away = sorted(w.watch.last.keys() - {stream.session.person for stream in w.watch.open.values()})
        back = [s for u in away if w.facts.active(u) for s in w.live_sessions(u)]
        return rng.choice(back) if back and rng.random() < 0.6 else super().by(w, rng)

    def pick(self, w, rng, me):
        return {"tongue": rng.choice(("page", "page", "events", "notices", "socket")), "back": rng.random() < 0.7}

    def perform(self, w, a):
        status = w.watch.begin(f"w{a['n']}", w.sessions[a["by"]], a["tongue"], a["back"])
        assert status in (101, 200, 429), status


@operation(1)
class Restart(Operation):
    def choose(self, w, rng):
        return {"op": self.name, "how": rng.choice(("TERM", "KILL"))} if rng.random() < 0.6 else None

    def me(self, w, a):
        return None

    def perform(self, w, a):
        w.watch.drop()
        w.server.restart(getattr(signal, "SIG" + a["how"]))
