"""A run: a seed makes a world and a log of rows; each row is an operation or a look, and everything that comes back is judged.

    python3 tests/oracle/run.py --seed 7 --answers 20000     one world, until so many answers were checked
    python3 tests/oracle/run.py --replay LOG                 plays a log again

A fault says seed, step, viewer, route and what was shown or missing; with --shrink also the shortest log that still does it.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback

import acts
import canary
import observers
import operations
import world
from look import Look
from streams import TOLD_WITHIN_S
from wire import Broken, Server, now_ms

LOOKS = 12  # after each operation
TOGETHER_SHARE = 0.15  # of operations: looked at while they happen
LISTEN_S = 0.004  # until what an operation brings about is on the wire
STEPS_A_WORLD = 700


class Fault(Exception):
    def __init__(self, seed, step, row, viewer, request, text):
        super().__init__(f"seed {seed}, step {step}: {viewer} at {request}: {text}\n    {json.dumps(row, ensure_ascii=False)}")
        self.seed, self.step, self.row, self.request, self.text = seed, step, row, str(request), text


class Run:
    def __init__(self, seed, kith=None, env=None):
        self.seed = seed
        self.server = Server(kith, env)
        try:
            self.w = world.begin(self.server, seed)
        except BaseException:
            self.server.close()
            raise
        self.rng = random.Random(f"run {seed}")
        self.log = []
        self.step = 0
        self.answers = 0
        self.status = {}

    def close(self):
        if hasattr(self, "w"):
            self.w.watch.drop()
        self.server.close()

    def end(self):
        """What is over must have ended, and what is due have come. What the server wrote and counted on the way names nobody and quotes nothing; it drains in peace."""
        until = time.monotonic() + TOLD_WITHIN_S + 1
        while time.monotonic() < until and any(s.over_since or s.due for s in self.w.watch.open.values()):
            time.sleep(0.05)
            self.heard()
        self.w.watch.drop()
        for what, raw in (("the log", self.server.log()), ("the figures", self.server.metrics())):
            tokens, _ = canary.found(raw)
            tokens |= {f"a code of {u}" for u, s in self.w.second.items() for x in (s["secret"], *s["codes"]) if x.encode() in raw}
            if tokens:
                raise Fault(self.seed, self.step, {"n": self.step}, "the keeper", what, f"tokens {sorted(tokens)}")
        self.server.end()

    # ---- rows

    def number(self, row):
        self.step += 1
        row = {"n": self.step, **row}
        self.log.append(row)
        return row

    def start(self, row):
        """A Look with its generator, or None when what it looks at is not there."""
        session = self.w.sessions.get(row["by"])
        if session is None or not acts.known(self.w, row):
            return None
        look = Look(self.w, session, row["look"], row)
        try:
            return look, observers.OBSERVERS[row["look"]].run(look, row)
        except (KeyError, IndexError):
            return None

    def finish(self, looks, first=()):
        """Asks in rounds until every generator is through; `first`: requests that go along in the first round."""
        live, answers, extra = [(look, gen, None) for look, gen in looks], [], list(first)
        while live or extra:
            asked = []
            for look, gen, answer in live:
                try:
                    asked.append((look, gen, gen.send(answer)))
                except StopIteration:
                    pass
            got = self.server.ask([(q, headers) for q, headers in extra] + [(q, look.session.headers) for look, _, q in asked])
            answers += got[: len(extra)]
            got, extra = got[len(extra):], []
            live = []
            for (look, gen, request), answer in zip(asked, got):
                self.answers += 1
                look.take(request, answer)
                live.append((look, gen, answer))
        return answers

    def judge(self, looks, moments):
        """Of all looks: a check that fails in every moment is a fault. `moments`: functions that set the facts."""
        failing = [(look, look.checks, None) for look in looks]
        for moment in moments:
            moment()
            failing = [(look, look.judge(checks), None) for look, checks, _ in failing]
            failing = [(look, [check for check, _ in faults], faults[0][1]) for look, faults, _ in failing if faults]
        if failing:
            look, checks, text = failing[0]
            raise Fault(self.seed, self.step, look.row, f"{look.v or 'nobody'} ({look.session.key})", checks[0][0], text)

    def at(self, ms):
        def moment():
            self.w.facts.now_ms = ms
        return moment

    def look(self, rows):
        looks = [pair for row in rows if (pair := self.start(row))]
        begun = now_ms()
        self.finish(looks)
        self.judge([look for look, _ in looks], [self.at(begun), self.at(now_ms())])

    def heard(self):
        """What open streams said since the last time."""
        self.judge(self.w.watch.looks(), [self.at(now_ms())])

    def operate(self, row, rows=()):
        """The operation, and looks that are under way with it: what they show may be of before or of after."""
        op, w = operations.OPERATIONS[row["op"]], self.w
        self.heard()
        w.facts.now_ms = w.facts.before_ms = begun = now_ms()
        w.watch.remember()
        if not op.possible(w, row):
            self.look(rows)
            return
        expected, session = op.statuses(w, row), w.sessions[row.get("by", "nobody")]
        own = Look(w, session, row["op"], row)
        own.v, own.cards_alone = op.me(w, row), op.cards_alone
        looks = [pair for r in rows if (pair := self.start(r))]
        if looks and type(op).perform is acts.Operation.perform:
            request = op.request(w, row)
            answer = self.finish(looks, [(request, session.headers)])[0]
        else:
            self.finish(looks)
            request = op.routes[0] if op.routes else row["op"]
            answer = op.perform(w, row)
        if answer is not None:
            self.answers += 1
            self.status[row["n"]] = answer.status
            own.take(request, answer)
            if answer.status not in expected:
                raise Fault(self.seed, self.step, row, op.me(w, row), request, f"{answer.status}, must be {expected}: {answer.body[:300]!r}")
            if answer.status == 404 and answer.body != w.absent:
                raise Fault(self.seed, self.step, row, op.me(w, row), request, f"not the bytes of what is absent: {answer.body[:300]!r}")
        own.exempt = op.exempt(w, row)

        def after():
            if answer is None or answer.status == 200:
                op.done(w, row, answer)
                w.facts.follow()
                w.watch.over((op.me(w, row), row["to"]) if row["op"] == "block" else ())
            w.facts.now_ms = now_ms()

        if w.watch.open:
            time.sleep(LISTEN_S)
        self.judge([own, *op.more_looks(w, row), *(look for look, _ in looks), *w.watch.looks()], [self.at(begun), after])
        if row["op"] == "publish" and f"p{row['n']}" in w.facts.posts:
            w.watch.expect(w.facts.posts[f"p{row['n']}"])
        w.ask_appeals()
        self.remember(row)

    def remember(self, row):
        if row["op"] == "tagpeople":
            self.w.recent += [p.key for p in self.w.facts.posts.values() if any(row["tag"] in audience.tags for audience in (p.audience, *p.earlier))]
        for key in (row.get("post"), row.get("comment"), row.get("piece"), f"p{row['n']}", f"c{row['n']}"):
            if key in self.w.facts.posts or key in self.w.facts.comments:
                self.w.recent.append(key)

    # ---- choosing

    def viewers(self, row):
        """Whose eyes matter after this: those it is between, somebody near them, anybody, nobody, ended sessions."""
        w, near = self.w, []
        for u in (operations.OPERATIONS[row["op"]].me(w, row), row.get("to")):
            if u:
                near += [u] + [x for x in w.facts.people if not w.facts.apart(u, x)]
        piece = w.facts.posts.get(row.get("post") or row.get("piece"))
        if piece:
            near += [piece.author, *piece.likes, *(c.author for c in piece.comments)]
        if row["op"] == "tagpeople":
            near += len(near) * row["people"]  # whom it may let in or shut out
        sessions, around = [], near
        for _ in range(4):
            near = around
            blocks = [u for pair in sorted(w.facts.blocks) for u in pair]
            if blocks and self.rng.random() < 0.1:
                near = blocks
            who = self.rng.choice(near) if near and self.rng.random() < 0.75 else self.rng.choice(list(w.facts.people))
            of = w.live_sessions(who)
            if of:
                sessions.append(self.rng.choice(of))
        if self.rng.random() < 0.12:
            sessions.append(self.rng.choice([s for s in w.sessions.values() if not s.live or s.person is None]))
        return sessions

    def looks(self, row, most):
        sessions = self.viewers(row)
        return [observers.choose(self.w, self.rng, self.rng.choice(sessions)) for _ in range(most)] if sessions else []

    def go(self):
        """One step: an operation, and looks during or after it."""
        row = self.number(operations.choose(self.w, self.rng))
        together = self.rng.random() < TOGETHER_SHARE
        during = [self.number({**r, "during": True}) for r in self.looks(row, 7)] if together else []
        self.operate(row, during)
        self.look([self.number(r) for r in self.looks(row, LOOKS)])

    def replay(self, log):
        """Rows that were looked at while an operation was under way go with it again."""
        at = 0
        while at < len(log):
            row, during = log[at], []
            self.step, at = row["n"], at + 1
            while "op" in row and at < len(log) and log[at].get("during"):
                during.append(log[at])
                at += 1
            if "op" in row:
                self.operate(row, during)
            else:
                self.look([row])


# ---- shrinking: the shortest log that still ends in the same kind of fault


class Shrinker:
    """Delta debugging (Zeller and Hildebrandt, 2002) over the rows of a log, each try in a world made anew."""

    def __init__(self, seed, fault, log, seconds, **server):
        self.seed, self.fault, self.server = seed, fault, server
        self.until = time.monotonic() + seconds
        last = fault.row.get("n", fault.step)  # what a stream said has no row of its own: it was heard with the step
        self.last = [row for row in log if row["n"] == last]
        self.log = [row for row in log if row["n"] < fault.step and row["n"] != last]

    def fails(self, rows):
        run = Run(self.seed, **self.server)
        try:
            run.replay(rows + self.last)
        except Fault as fault:
            return fault.row == self.fault.row
        finally:
            run.close()
        return False

    def shortest(self):
        """None when the fault does not come again, not even with everything."""
        rows = [row for row in self.log if "op" in row]
        if not self.fails(rows):
            rows = self.log
            if not self.fails(rows):
                return None
        pieces = 2
        while len(rows) > 1 and time.monotonic() < self.until:
            size = max(1, len(rows) // pieces)
            for at in range(0, len(rows), size):
                fewer = rows[:at] + rows[at + size:]
                if time.monotonic() > self.until or self.fails(fewer):
                    break
            else:
                if size == 1:
                    break
                pieces = min(len(rows), pieces * 2)
                continue
            if time.monotonic() > self.until:
                break
            rows, pieces = fewer, max(2, pieces - 1)
        return rows + self.last


def as_lines(log):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in log)


def report(fault, log, seconds, **server):
    print(fault)
    if seconds > 0:
        log = Shrinker(fault.seed, fault, log, seconds, **server).shortest() or log
    with tempfile.NamedTemporaryFile("w", prefix=f"oracle-{fault.seed}-", suffix=".jsonl", delete=False, encoding="utf-8") as f:
        f.write(as_lines(log))
    print(f"{len(log)} rows in {f.name}; again: tests/oracle/run.py --seed {fault.seed} --replay {f.name}")
    if len(log) <= 40:
        print(as_lines(log), end="")


def broke(seed, run, error):
    """What the harness itself cannot make sense of is a fault of the server too: an answer that is none, or not what was asked."""
    row = run.log[-1] if run is not None and run.log else {"n": 0}
    where = traceback.extract_tb(error.__traceback__)[-1]
    return Fault(seed, row["n"], row, "the harness", f"{where.name}, line {where.lineno}", repr(error))


def explore(seed, answers, seconds, **server):
    """Worlds from `seed` on, until so many answers or seconds. (answers checked, worlds, fault or None, its log)"""
    begun, checked, worlds, run = time.monotonic(), 0, 0, None
    while checked < answers and time.monotonic() - begun < seconds:
        try:
            run = Run(seed + worlds, **server)
            while run.answers + checked < answers and run.step < STEPS_A_WORLD * (LOOKS + 1) and time.monotonic() - begun < seconds:
                run.go()
            run.end()
        except Fault as fault:
            return checked + run.answers, worlds + 1, fault, run.log
        except (AssertionError, LookupError, OSError, StopIteration, TypeError, ValueError, Broken, subprocess.SubprocessError) as error:
            return checked + (run.answers if run else 0), worlds + 1, broke(seed + worlds, run, error), run.log if run else []
        finally:
            if run is not None:
                run.close()
        checked, worlds, run = checked + run.answers, worlds + 1, None
    return checked, worlds, None, None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answers", type=int, default=20000)
    parser.add_argument("--seconds", type=float, default=3600, help="stop then, with what there is")
    parser.add_argument("--shrink", type=float, default=0, metavar="SECONDS", help="time to look for the shortest log of a fault")
    parser.add_argument("--replay", metavar="LOG")
    a = parser.parse_args()
    if a.replay:
        return replay(a.seed, a.replay)
    begun = time.monotonic()
    answers, worlds, fault, log = explore(a.seed, a.answers, a.seconds)
    if fault:
        report(fault, log, a.shrink)
        return 1
    seconds = time.monotonic() - begun
    print(f"{answers} answers, {worlds} worlds from seed {a.seed}, {seconds:.1f} s, {answers / seconds:.0f}/s, no violation")
    return 0


def replay(seed, path):
    with open(path, encoding="utf-8") as f:
        log = [json.loads(line) for line in f]
    run = Run(seed)
    try:
        run.replay(log)
        print(f"{len(log)} rows, {run.answers} answers, no violation")
    except Fault as fault:
        print(fault)
        return 1
    finally:
        run.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
