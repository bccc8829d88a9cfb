"""One look of one viewer at the server: what is asked, and what is checked of every answer whatever its route.

Checks are kept as functions and judged afterwards, in every state of the facts that held while the answer was made; only
what fails in all of them is a fault.
"""

import hashlib
import re

import canary
import rules

SHOWN = 300  # bytes of an answer in a fault


class Look:
    def __init__(self, world, session, name, row):
        self.w, self.f, self.session, self.v = world, world.facts, session, session.person
        self.name, self.row = name, row
        self.checks = []
        self.exempt = lambda meaning: False
        self.during = row.get("during", False)  # looked at while an operation was under way: two answers may be of two states
        self.words_alone = False  # posts are shown without what others did
        self.cards_alone = False  # people are shown without their signature, whatever they are to the viewer
        self.answers = []

    # ---- what the rules of getting in say

    def gate(self, who, own):
        """The status that must come, or None when the route is open to this viewer."""
        if who == "anyone":
            return None
        if not self.session.live or self.v is None:
            return 401
        person = self.f.people[self.v]
        if person.state != "active" and who != "sealed too":
            return 403
        if own and self.session.kind == "app":
            return 403
        if who in ("steward", "keeper") and person.role == "member" or who == "keeper" and person.role != "keeper":
            return 403
        return None

    # ---- judging

    def take(self, request, answer):
        self.answers.append(answer)
        tokens, ids = canary.found(answer.head + b"\n" + answer.body)
        for t in tokens:
            self.check(request, lambda t=t: self.judge_token(t))
        for i in ids & self.w.things.keys():
            self.check(request, lambda i=i: self.judge_id(i))
        self.codes(request, answer)
        self.headers(request, answer)
        if answer.body[:4] == b"RIFF" or answer.body[:3] == b"\xff\xd8\xff":
            self.check(request, lambda: self.judge_picture(hashlib.sha256(answer.body).digest()))
        if answer.body[:1] in b"[{" and answer.body and b"json" in (answer.header("Content-Type") or "").encode():
            self.walk(request, answer.json)

    def codes(self, request, answer):
        """Keys of code apps and recovery codes are told once, by the act that makes them."""
        if self.name == "second":
            return
        shown = [f"a code of {u}" for u, s in self.w.second.items() for x in (s["secret"], *s["codes"]) if x.encode() in answer.body]
        if shown:
            self.check(request, lambda: shown[0])

    def headers(self, request, answer):
        """What is somebody's own is kept by no cache."""
        kept = answer.header("Cache-Control") or ""
        kind = answer.header("Content-Type") or ""
        if self.v is not None and "json" in kind and "no-store" not in kept:
            self.check(request, lambda: f"Cache-Control: {kept} on what is somebody's own")
        if kind.startswith("image/") and "/media/" in str(request):
            if kept != "private, no-cache" or "sandbox" not in (answer.header("Content-Security-Policy") or ""):
                self.check(request, lambda: f"Cache-Control: {kept} on a picture, or no sandbox")

    def judge_picture(self, digest):
        keys = self.w.drawn.get(digest)
        if keys is None:
            return "a picture nobody brought"
        if not any(self.f.see_picture(self.viewer(), self.f.pictures[m]) or self.exempt(("picture", m)) for m in keys):
            return f"picture {' '.join(keys)} shown"

    def check(self, request, function):
        self.checks.append((request, function))

    def judge_token(self, token):
        meaning = self.w.meanings.get(token)
        if meaning is None:
            return f"token {token.decode()} is nobody's"
        if not self.w.may_show(self.viewer(), meaning) and not self.exempt(meaning):
            return f"token {token.decode()} ({describe(meaning)}) shown"

    def judge_id(self, sid):
        kind, key = self.w.things[sid]
        if not self.w.may_id(self.viewer(), kind, key) and not self.exempt((kind, key)):
            return f"id {sid.decode()} ({kind} {key}) shown"

    def viewer(self):
        """A session that has ended is nobody's."""
        return self.v if self.session.live else None

    def judge(self, checks):
        faults = []
        for request, function in checks:
            fault = function()
            if fault:
                faults.append(((request, function), fault))
        return faults

    # ---- statuses and accounts, wherever they stand

    def walk(self, request, value):
        if isinstance(value, dict):
            if "kith_text" in value and "favourites_count" in value:
                self.check(request, lambda: self.judge_status(value))
            elif "members_count" in value:
                self.check(request, lambda: self.judge_group(value))
            elif "acct" in value and "display_name" in value:
                self.check(request, lambda: self.judge_account(value))
            for inner in value.values():
                self.walk(request, inner)
        elif isinstance(value, list):
            for inner in value:
                self.walk(request, inner)

    def judge_status(self, s):
        f, v = self.f, self.v
        kind, key = self.w.things.get(s["id"].encode(), (None, None))
        if kind not in ("post", "comment") or v is None:
            return f"status {s['id']} is none the facts know"
        piece = f.posts[key] if kind == "post" else f.comments[key]
        if piece.deleted or self.exempt((kind, key)):
            return None
        own = v == piece.author
        if self.words_alone:
            want = {"favourites_count": 0, "replies_count": 0, "favourited": False}
        elif kind == "post":
            want = {"favourites_count": len(f.likers(v, piece)), "replies_count": len(f.thread(v, piece)),
                    "favourited": f.see_like(v, piece, v), "in_reply_to_id": None, "kith_post_id": None}
        else:
            above = f.stands_under(v, piece) or piece.post
            want = {"favourites_count": 0, "replies_count": len(f.answers(v, piece)), "favourited": False,
                    "in_reply_to_id": self.w.sid[above.key], "kith_post_id": self.w.sid[piece.post.key]}
        want["pictures"] = [self.w.sid[m] for m in piece.pictures] if kind == "post" else []
        g = piece.audience.group if kind == "post" and not self.words_alone else None
        want["group"] = self.w.sid[g] if g and f.in_group(v, g) else None
        want["muted"] = kind == "post" and not self.words_alone and (v, piece.key) in f.hushed
        want["kith_text"] = f.present(piece).text
        # words that took the place of held ones may count as a change or not: nobody saw those
        want["edited"] = None if any(w.refused for w in piece.versions) else len(f.shown(piece)) > 1
        got = {name: s.get(name) for name in want}
        got["group"] = None if self.words_alone else s["kith_group"] and s["kith_group"]["id"]
        got["pictures"] = [m["id"] for m in s["media_attachments"]]
        got["edited"] = None if want["edited"] is None else s["edited_at"] is not None
        want["account"], got["account"] = self.w.sid[piece.author], s["account"]["id"]
        want["private"] = not own
        got["private"] = s["kith_state"] is None and s["kith_audience"] is None and s["kith_pending"] is None
        want["content"] = canary.TOKEN.findall(want["kith_text"].encode())
        got["content"] = canary.TOKEN.findall(re.sub(r"<[^>]*>", "", s["content"]).encode())
        if (kind == "comment" and own) or self.words_alone:
            want.pop("private")
        wrong = self.judge_order(s, piece)
        if wrong:
            return f"{key}: {wrong}"
        named = {self.w.sid[u] for u in piece.mentions if f.card(v, u)}
        if not {m["id"] for m in s["mentions"]} <= named:
            return f"{key}: mentions {s['mentions']}, may be {sorted(named)}"
        return differ(key, got, want)

    def judge_order(self, s, piece):
        """What is said of a piece's measures, and under which copy it is folded."""
        f, v, said, fold = self.f, self.v, s["kith_measures"], s["kith_fold"]
        kinds = sorted(x["kind"] for x in said)
        if v == piece.author and not self.words_alone:
            want = sorted((m.kind, self.w.sid[m.key]) for m in f.on_piece(piece, ("hold", "label", "fold")))
            if sorted((x["kind"], x["id"]) for x in said) != want:
                return f"measures {said}, must be {want}"
            return self.judge_fold(fold, f.on_piece(piece, ("fold",)), [f.first_copies(v, m) for m in f.on_piece(piece, ("fold",))])
        if any(x.keys() != {"kind", "rule"} or x["rule"].keys() != {"id", "clause", "text", "policy"} for x in said):
            return f"measures {said}, which says more than is for others"
        on = f.on_piece(piece)
        first = {m.key: {None} if self.words_alone else f.first_copies(v, m) for m in on}
        folds = [first[m.key] for m in on if m.kind == "fold"]
        least, most = (sum(test(firsts) for firsts in folds) for test in (lambda x: None not in x, lambda x: x != {None}))
        if len(kinds) != kinds.count("label") + kinds.count("fold") or not least <= kinds.count("fold") <= most:
            return f"measures {kinds}, must be {least} to {most} folds and labels"
        of = [m for m in on if m.kind == "fold"]
        return self.judge_labels(kinds.count("label"), on, first) or self.judge_fold(fold, of, folds if "fold" in kinds else [])

    def judge_labels(self, labels, on, first):
        """Whether a piece earns one by itself is the program's to say, and then said to all alike."""
        sure = [m for m in on if self.w.alone.get(m.key) or (m.kind == "label" and (m.steward or None not in first[m.key]))]
        unknown = [m for m in on if m not in sure and (m.key not in self.w.alone or m.kind == "label" and first[m.key] != {None})]
        if not len(sure) <= labels <= len(sure) + len(unknown):
            return f"{labels} labels, must be {len(sure)} to {len(sure) + len(unknown)}"
        told = len(unknown) == 1 and not self.during and not self.name.startswith("stream")
        if told and (unknown[0].kind == "fold" or first[unknown[0].key] == {None}):
            self.w.alone[unknown[0].key] = labels > len(sure)
        return None

    def judge_fold(self, fold, of, firsts):
        """`firsts`: of each fold, what it may lie under."""
        may = set().union(*firsts) if firsts else {None}
        got = (fold["first"], fold["account"]["id"]) if fold else None
        want = {p and (self.w.sid[p.key], self.w.sid[p.author]) for p in may}
        if got and got in want and len(of) == 1:
            self.f.kin.add((of[0].key, self.w.key_of(got[0])))
        return None if got in want else f"folded under {self.names(got)}, must be under one of {want}"

    def judge_group(self, g):
        f, v = self.f, self.v
        kind, key = self.w.things.get(g["id"].encode(), (None, None))
        if kind != "group" or not f.see_group(v, key):
            return f"group {g['id']} ({key}) is not to be seen"
        owner, by = f.group_owner(key), f.invitation(v, key)
        inside = f.in_group(v, key)
        want = {"role": "owner" if v == owner else "member" if inside else "invited",
                "members_count": len(f.group_members(v, key)),
                "owner": self.w.sid[owner] if owner and f.card(v, owner) else None,
                "invited_by": None if inside else self.w.sid[by]}
        got = {"role": g["role"], "members_count": g["members_count"], "owner": g["owner"] and g["owner"]["id"],
               "invited_by": None if inside else g["invited_by"] and g["invited_by"]["id"]}
        return differ(key, got, want)

    def judge_account(self, a):
        f, v = self.f, self.v
        kind, key = self.w.things.get(a["id"].encode(), (None, None))
        if kind != "person":
            return f"account {a['id']} is nobody's"
        u = f.people[key]
        friends = len(f.friend_list(v)) if v == key and "source" in a else 0
        want = {"username": u.handle, "acct": u.handle, "display_name": u.name, "followers_count": friends, "following_count": friends}
        known = v == key or (v is not None and f.card(v, key))
        want["kith_question"] = f"Where is {u.question}?" if u.question else None
        if not known or self.cards_alone:
            want.pop("kith_question")
        worn = {"avatar": u.avatar if known else None,
                "header": u.cover if v == key or (v is not None and f.profile(v, key)) else None}
        got = {name: a[name] for name in want}
        for side, m in worn.items():
            if not self.cards_alone:
                got_id = re.search(r"/media/(\d+)/", a[side])
                want[side], got[side] = self.w.sid[m] if m else None, got_id and got_id.group(1)
        note = u.note if v == key or (v is not None and f.profile(v, key)) else ""
        if not self.cards_alone:
            want["note"], got["note"] = bool(note), bool(a["note"])
        return differ(key, got, want)

    # ---- helpers of observers

    def same(self, request, got, want):
        """`want` is a function: it is asked in every state."""
        self.check(request, lambda: None if got == want() else f"shows {self.names(got)}, must be {self.names(want())}")

    def names(self, value):
        if isinstance(value, (list, tuple, set, frozenset)):
            return "[" + " ".join(str(self.names(x)) for x in (sorted(value) if isinstance(value, (set, frozenset)) else value)) + "]"
        return self.w.key_of(value) or value if isinstance(value, str) else value

    def own_token(self, piece):
        """The word that stands in the present version of a piece and nowhere else."""
        words = [t.decode() for t in canary.TOKEN.findall(self.f.present(piece).text.encode())]
        return next(t for t in words if self.w.meanings[t.encode()][0] == "words")

    def missing(self, request, answer):
        """Absent and hidden are the same bytes."""
        if answer.status != 404 or answer.body != self.w.absent:
            text = f"{answer.status} {answer.body[:SHOWN]!r} for what is not to be seen"
            self.check(request, lambda: text)


def differ(key, got, want):
    wrong = [f"{name} {got[name]!r}, must be {want[name]!r}" for name in want if got[name] != want[name]]
    return f"{key}: " + "; ".join(wrong) if wrong else None


def describe(meaning):
    kind, about = meaning[0], meaning[1]
    if isinstance(about, (rules.Post, rules.Comment)):
        about = f"{about.key} by {about.author}"
    return f"{kind} of {about}"
