"""A world: the facts, the server they are of, and what joins the two: which id and which token stands for what.

A meaning says what bytes found in an answer would tell: ("words", piece, version), ("name", person, name), … A world
answers which meanings a viewer may read now, by the rules alone.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime

import rules
from canary import Mint
from streams import Watch
from wire import Request, now_ms

PEOPLE = 22
GROUPS = 3
SIGNED_UP = 4  # people with a password, a browser and an app
TIE_SHARE = 0.34
# Drawn anew for each piece: no two say nearly the same, so that what folds is what was written to fold.
WORDS = tuple("""apples window bicycle Thursday uncle snow garden train lantern river supper bread letter drawer choir beans street rain soup
    yesterday quietly blue morning under old crust lamps sang slept walked found painted kettle bridge yellow harbour piano cousin attic
    goose ladder mittens pond sparrow umbrella violin walnut""".split())
WORDS_ZH = tuple("""风筝 孩子 外婆 热汤 周末 下雨 桥边 老屋 晚饭 写信 唱歌 种豆 面条 街灯 早晨 河岸 睡着了 笑了 院子 火车 小猫 木梯 雪地 雨伞 河灯 核桃 麻雀 阁楼
    钢琴 口琴""".split())


@dataclass
class Session:
    key: str
    person: str | None
    headers: list
    kind: str = "shell"  # shell, browser, app; nobody
    id: str | None = None
    live: bool = True


@dataclass
class Told:
    """Something a person was told of when it happened, and must find among the notices while they may."""

    person: str
    kind: str
    piece: str
    by: str
    serial: int
    dismissed: bool = False


@dataclass
class World:
    server: object
    seed: int
    facts: rules.Facts = field(default_factory=rules.Facts)
    sid: dict = field(default_factory=dict)  # key -> the server's id
    things: dict = field(default_factory=dict)  # the server's id, as bytes -> (kind, key)
    meanings: dict = field(default_factory=dict)  # token, as bytes -> meaning
    sessions: dict = field(default_factory=dict)
    told: list = field(default_factory=list)
    serial: int = 0  # order of acts
    passwords: dict = field(default_factory=dict)
    second: dict = field(default_factory=dict)  # person -> {secret, codes} of a code app
    absent: bytes | None = None  # what the server says of what is not there
    recent: list = field(default_factory=list)  # keys of pieces that something happened to lately
    notice_ids: dict = field(default_factory=dict)  # the server's id of a notice -> whose it is
    invites: list = field(default_factory=list)  # {id, code, by, gone}
    filters: dict = field(default_factory=dict)  # key -> {id, owner, words: [ids]}
    apps: list = field(default_factory=list)  # ids of client apps
    hashtags: list = field(default_factory=list)
    files: dict = field(default_factory=dict)  # key of a picture -> the file that was sent
    marks: dict = field(default_factory=dict)  # path of a picture -> its ETag
    drawn: dict = field(default_factory=dict)  # digest of what is served of a picture -> keys of pictures
    alone: dict = field(default_factory=dict)  # key of a measure -> does its piece earn a label by itself, as the first who was told says
    lines: dict = field(default_factory=dict)  # the server's id of a case that a steward was told of -> (opened at, whose as it says)
    bound: dict = field(default_factory=dict)  # the server's id of a case -> the case
    asked_ms: int = 0  # when who appeals was asked last
    decisions: list = field(default_factory=list)  # of stewards, to be taken back: {by, case, deed, did}
    seats: dict = field(default_factory=dict)  # the server's number of a juror's seat -> whose, as that one was told
    willing: set = field(default_factory=set)  # to be a juror
    links: list = field(default_factory=list)  # to experts: {secret, case, measure, piece}
    settings_version: int = 0  # of what the keeper has set for the order

    def __post_init__(self):
        self.watch = Watch(self)
        self.rng = random.Random(f"world {self.seed}")
        self.mint = Mint(random.Random(f"tokens {self.seed}"))
        self.agents = Mint(random.Random(f"agents {self.seed}"))  # apart: a log played again must not meet its own tokens
        self.hashtags = [self.mint.token() for _ in range(6)]
        for tag in self.hashtags:
            self.means(tag, "hashtag", tag)
        self.sessions["nobody"] = Session("nobody", None, [], "nobody")

    # ---- names for things

    def named(self, kind, key, sid):
        self.sid[key] = sid
        self.things[sid.encode()] = (kind, key)

    def key_of(self, sid):
        return self.things.get(sid.encode(), (None, None))[1] if isinstance(sid, str) else None

    def means(self, token, *meaning):
        self.meanings[token.encode()] = meaning
        return token

    def case(self, line):
        """A case that a steward was told of; gives the server's id of it. Its number tells nothing: it has gaps."""
        whose = line["subject"] and self.key_of(line["subject"]["id"])
        opened = datetime.fromisoformat(line["opened_at"].replace("Z", "+00:00"))
        self.lines.setdefault(line["id"], (round(opened.timestamp() * 1000), whose))
        self.named("case", line["id"], line["id"])
        return line["id"]

    def case_of(self, sid):
        """The case that was opened then, about whom it says."""
        if sid not in self.bound:
            at, whose = self.lines[sid]
            was = [c for c in self.facts.cases if c.since_ms <= at <= c.until_ms and c not in self.bound.values()
                   and (c.person == whose or whose is None and self.facts.people[c.person].state == "erased")]
            if len(was) != 1:
                return None
            self.bound[sid] = was[0]
        return self.bound[sid]

    @property
    def cases(self):
        """Those that a steward was told of: number -> the server's id."""
        return {case.number: sid for sid in self.lines if (case := self.case_of(sid)) is not None}

    def seats_of(self, u):
        return [sid for sid, of in self.seats.items() if of == u]

    def act(self):
        self.serial += 1
        return self.serial

    def sentence(self, rng, token):
        if rng.random() < 0.25:
            return "".join(rng.sample(WORDS_ZH, 4)) + f"，{token}，" + "".join(rng.sample(WORDS_ZH, 4))
        return " ".join((*rng.sample(WORDS, 4), token, *rng.sample(WORDS, 4)))

    def ask_appeals(self):
        """Which way an appeal goes, and when it is over, is its jury's and the clock's: whoever appeals is asked."""
        for u in sorted({x.measure.person for x in self.facts.appeals.values() if x.unsure()}):
            for session in self.live_sessions(u)[:1]:
                answer = self.ask(session, Request("GET", "/api/kith/v1/appeals?limit=80"))
                for it in answer.json if answer.status == 200 else ():
                    x = self.facts.appeals[self.key_of(it["id"])]
                    if x.unsure():
                        x.state, x.way = it["state"], it["way"]
        self.facts.before_ms, self.asked_ms = self.asked_ms, now_ms()
        self.facts.follow()

    # ---- what bytes may be shown

    def may_show(self, v, meaning):
        f, kind, about = self.facts, meaning[0], meaning[1]
        if kind == "words":
            return v is not None and f.see_version(v, about, meaning[2])
        if kind == "handle":
            return self.may_know(v, about) or (v is not None and self.named_to(v, about))
        if kind == "name":
            return f.people[about].name == meaning[2] and self.may_know(v, about)
        if kind == "note":
            return f.people[about].note == meaning[2] and (v == about or (v is not None and f.profile(v, about)))
        if kind == "title":
            tag = f.tags.get(about)
            return tag is not None and not tag.deleted and tag.title == meaning[2] and v == tag.owner
        if kind == "word":
            a, b = about
            return f.requests.get((a, b)) == meaning[2] and v in (a, b) and f.card(a, b)
        if kind == "question":
            return f.people[about].question == meaning[2] and self.may_know(v, about)
        if kind == "own":  # a browser's name, a filter's words
            return v == about
        if kind == "app":  # with which pieces are written
            return v == about or any(p.author == about and f.see_piece(v, p) for p in (*f.posts.values(), *f.comments.values()))
        if kind == "steward's note":  # to whom it was said, by whom; and who decides about that person's later cases. Never to who reported
            return v in (about, meaning[2]) or self.on_the_desk(v, about)
        if kind == "bad faith":  # why, to those whose reports it was said of, and never to whom they reported
            return v in about or v == meaning[2] or any(self.on_the_desk(v, u) for u in (*about, meaning[3]))
        if kind == "report":  # its words
            return v == about.reporter or f.in_view(v, about)
        if kind == "complaint":  # to the stewards alone; what it is about also to who has the secret
            return meaning[2] != "contact" and f.officer(v) and (about.about is None or f.in_view(v, about))
        if kind == "answer outside":  # to all whose complaints were answered at once; they have the secret
            return f.officer(v) and any(c.about is None or f.in_view(v, c) for c in about)
        if kind == "appeal":
            return v == about.measure.person or f.in_view(v, about)
        if kind == "juror's note":  # unsigned to whom it is about, and then after the end alone
            return v == about or any(x.measure.person == v and x.way == "jury" and (x.state != "open" or x.unsure()) for x in f.appeals.values())
        if kind == "expert":  # whom a steward asks, and what they said
            return f.officer(v) and not f.party(v, about.root())
        if kind == "hashtag":
            return v is not None and bool(f.with_hashtag(v, about))
        if kind == "alt":
            m = f.pictures[about]
            return m.about == meaning[2] and v is not None and (f.see_picture(v, m))
        if kind in ("group title", "group about"):
            group = f.groups[about]
            return meaning[2] in (group.title, group.about) and v is not None and f.see_group(v, about)
        return False  # "answer": in one's own archive alone; "nobody": passwords, metadata of pictures, names of files

    def on_the_desk(self, v, u):
        """What was done to u before is for those of the order's people who look at a case of theirs."""
        return bool(self.facts.shown_cases(v, u))

    def may_know(self, v, u):
        """Handle and name of u. A sealed person knows their own."""
        return v == u or (v is not None and self.facts.card(v, u))

    def named_to(self, v, u):
        """Words v may read name u by the handle: they are their author's words."""
        handle = self.facts.people[u].handle
        pieces = [*self.facts.posts.values(), *self.facts.comments.values()]
        return any(handle in w.text and self.facts.see_version(v, piece, w) for piece in pieces for w in piece.versions)

    def may_id(self, v, kind, key):
        f = self.facts
        if kind == "person":
            return self.may_know(v, key) or (v is not None and self.tied_by_own(v, key))
        if v is None:
            return False
        if kind == "post":
            return f.see(v, f.posts[key])
        if kind == "comment":
            return f.see_comment(v, f.comments[key])
        if kind == "tag":
            tag = f.tags[key]
            return v == tag.owner and (not tag.deleted or any(
                key in audience.tags for p in f.posts.values() if p.author == v for audience in (p.audience, *p.earlier)))
        if kind == "group":
            return f.see_group(v, key) or any(p.author == v and p.audience.group == key for p in f.posts.values())
        if kind == "picture":
            m = f.pictures[key]
            return f.see_picture(v, m) or (v == m.owner and m.use in ("avatar", "cover"))  # the sealed know their own
        if kind == "measure":
            return v == f.measures[key].person or self.on_the_desk(v, f.measures[key].person)
        if kind == "report":
            return v == f.reports[key].reporter or f.in_view(v, f.reports[key])
        if kind == "complaint":
            return f.officer(v) and (f.complaints[key].about is None or f.in_view(v, f.complaints[key]))
        if kind == "appeal":
            return v == f.appeals[key].measure.person or self.on_the_desk(v, f.appeals[key].measure.person)
        if kind == "seat":
            return v == self.seats[key]
        if kind == "case":
            case = self.case_of(key)
            return f.officer(v) and case is not None and case.into is None and not f.party(v, case)
        return True

    def tied_by_own(self, v, u):
        """v's own words carry u's id: an audience v chose, somebody v answered. v put it there."""
        f = self.facts
        return any(u in audience.people for p in f.posts.values() if p.author == v for audience in (p.audience, *p.earlier)) or any(
            c.author == v and not c.deleted and u in (c.post.author, c.answers and c.answers.author)
            for c in f.comments.values())

    # ---- notices

    def tell(self, kind, piece, by):
        """Writes down who may be told of this now, just after it happened."""
        for v in self.facts.people:
            if any(k == kind and p is piece and u == by for k, p, u in self.facts.notices(v)):
                self.told.append(Told(v, kind, piece.key, by, self.serial))

    def tell_comment(self, c):
        for v in self.facts.people:
            if v != c.author and self.facts.see_comment(v, c):
                kind = self.facts.comment_notice(v, c)
                if kind:
                    self.told.append(Told(v, kind, c.key, c.author, self.serial))

    # ---- sessions

    def session(self, key, person, headers, kind, sid=None):
        agent = self.means(self.agents.token(), "own", person) if person else "nobody"
        self.sessions[key] = Session(key, person, [*headers, f"User-Agent: {agent}/1.0"], kind, sid)
        return self.sessions[key]

    def live_sessions(self, person=None, kinds=("shell", "browser", "app")):
        return [s for s in self.sessions.values()
                if s.live and s.person is not None and s.kind in kinds and person in (None, s.person)]

    def ask(self, session, request):
        return self.server.ask([(request, session.headers)])[0]

    def get(self, session, path):
        answer = self.ask(session, Request("GET", path))
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        return answer.json


# ---- the beginning: people, friendships, and moments of every age, some about to leave somebody's range


def begin(server, seed):
    w = World(server, seed)
    names = [f"u{i}" for i in range(PEOPLE)]
    lines = [load_person(w, key, i) for i, key in enumerate(names[SIGNED_UP:])]
    for key in names[:SIGNED_UP]:
        sign_up(w, key)
    load(w, lines)
    lines = load_friendships(w, names)
    load_groups(w, names, lines)
    pieces = load_moments(w, names, lines)
    load(w, lines)
    learn_ids(w, names, pieces)
    call_jurors(w, names)
    w.absent = w.ask(w.sessions[f"{names[-1]}.0"], Request("GET", "/api/v1/statuses/999999999999")).body
    return w


def call_jurors(w, names):
    """Most are willing to judge, however new they are here: so that there are juries."""
    keeper = next(w.sessions[f"{u}.0"] for u in names if w.facts.people[u].role == "keeper")
    w.settings_version = w.ask(keeper, Request("PUT", "/api/kith/v1/order/settings", {"version": 0, "juror_days": 0})).json["version"]
    for key in names:
        if w.facts.people[key].role == "member" and w.rng.random() < 0.85:
            answer = w.ask(w.sessions[f"{key}.0"], Request("PUT", "/api/kith/v1/juror", {"willing": True}))
            assert answer.status == 200, answer.body
            w.willing.add(key)


def person(w, key, role="member"):
    handle, name = w.mint.token(), w.mint.token()
    w.facts.people[key] = rules.Person(key, handle, name, role)
    w.means(handle, "handle", key)
    w.means(name, "name", key, name)
    return w.facts.people[key]


def load_person(w, key, i):
    p = person(w, key, ("keeper", "steward", "steward")[i] if i < 3 else "member")
    token = f"token-of-{p.handle}-0123456789abcdef0123456789"
    w.session(f"{key}.0", key, [f"Authorization: Bearer {token}"], "shell")
    return {"type": "person", "handle": p.handle, "display_name": p.name, "token": token, "role": p.role}


def sign_up(w, key):
    p = person(w, key)
    code = w.server.command(["invite", "create", "--uses", "1"]).rsplit("/", 1)[1]
    w.passwords[key] = w.means(w.mint.token(), "nobody", None) + " horse battery"
    session = w.session(f"{key}.0", key, [f"Origin: {w.server.url}"], "browser")
    answer = w.ask(session, Request("POST", "/api/kith/v1/signup", {
        "invite": code, "handle": p.handle, "display_name": p.name, "password": w.passwords[key]}))
    assert answer.status == 200, answer.body
    session.headers.append("Cookie: " + answer.header("Set-Cookie").split(";")[0])
    w.named("person", key, answer.json["id"])


def load(w, lines):
    import json
    w.server.command(["load", "--no-screen", "-"], "".join(json.dumps(line) + "\n" for line in lines))


def load_friendships(w, names):
    lines = []
    for i, a in enumerate(names):
        for b in names[i + 1:]:
            if w.rng.random() < TIE_SHARE:
                w.facts.ties |= {(a, b), (b, a)}
                lines.append({"type": "friendship", "a": w.facts.people[a].handle, "b": w.facts.people[b].handle})
    return lines


def load_groups(w, names, lines):
    for i in range(GROUPS):
        key, title, about = f"lg{i}", w.mint.token(), w.mint.token()
        owner, *others = w.rng.sample(names, w.rng.randrange(6, 10))
        w.facts.groups[key] = rules.Group(key, owner, title, about, {u: i for u in (owner, *sorted(others, key=names.index))})
        w.means(title, "group title", key, title)
        w.means(about, "group about", key, about)
        lines.append({"type": "group", "owner": w.facts.people[owner].handle, "title": title, "about": about,
                      "members": [w.facts.people[u].handle for u in others], "at": 1764806400000})


def load_moments(w, names, lines):
    """Posts with comments and likes, all by people who saw them; a third near the edge of a range."""
    f, now = w.facts, now_ms()
    f.now_ms = now
    pieces = {}
    for i in range(48):
        author, days = w.rng.choice(names), w.rng.choice((3, 30, 183))
        edge_ms = w.rng.randrange(3000, 60000)
        age_ms = days * rules.DAY_MS - edge_ms if i % 3 == 0 else w.rng.randrange(60_000, 250 * rules.DAY_MS)
        audience = rules.Audience("self" if i % 16 == 5 else "friends")
        if i % 5 == 2:
            group = w.rng.choice(list(f.groups.values()))
            audience, author = rules.Audience("group", group=group.key), w.rng.choice(list(group.members))
        p = post(w, f"l{i}", author, audience, now - age_ms, w.mint.token())
        pieces[p.key] = p
        lines.append({"type": "post", "key": p.key, "author": f.people[author].handle, "text": p.versions[0].text,
                      "at": p.at_ms, "audience": {"kind": audience.kind, **({"group": f.groups[audience.group].title} if audience.group else {})}})
        seers = [v for v in names if f.see(v, p)]
        for j in range(w.rng.randrange(4)):
            who = w.rng.choice(seers)
            seen = [c for c in p.comments if f.see_comment(who, c)]
            answered = w.rng.choice(seen) if seen and w.rng.random() < 0.4 else None
            c = comment(w, f"{p.key}c{j}", p, who, w.mint.token(), answered)
            c.at_ms = p.at_ms + 1000 * (j + 1)
            pieces[c.key] = c
            lines.append({"type": "comment", "key": c.key, "post": p.key, "author": f.people[who].handle,
                          "text": c.versions[0].text, "at": c.at_ms,
                          **({"reply_to": answered.key} if answered else {})})
        for who in w.rng.sample(seers, min(len(seers), w.rng.randrange(4))):
            if who != author:
                p.likes[who] = w.act()
                lines.append({"type": "like", "post": p.key, "author": f.people[who].handle, "at": p.at_ms + 500})
    return pieces


def post(w, key, author, audience, at_ms, token, more=""):
    at = w.act()
    version = rules.Version(w.sentence(random.Random(token), token) + more, at)
    w.facts.posts[key] = p = rules.Post(key, author, audience, [version], at_ms, at)
    w.means(token, "words", p, version)
    return p


def comment(w, key, p, author, token, answers=None, more=""):
    at = w.act()
    version = rules.Version(w.sentence(random.Random(token), token) + more, at)
    w.facts.comments[key] = c = rules.Comment(key, p, author, [version], at, answers)
    p.comments.append(c)
    w.means(token, "words", c, version)
    return c


def learn_ids(w, names, pieces):
    f = w.facts
    for key, group in f.groups.items():
        listed = w.get(w.sessions[f"{group.owner}.0"], "/api/kith/v1/groups")
        w.named("group", key, next(g["id"] for g in listed if g["title"] == group.title))
        members = w.get(w.sessions[f"{group.owner}.0"], f"/api/kith/v1/groups/{w.sid[key]}/members")
        joined = {m["account"]["username"]: i for i, m in enumerate(members)}  # all came in at once: the server's order
        group.members = {u: joined[f.people[u].handle] - len(joined) for u in group.members}
    for key in names:
        if key not in w.sid:
            w.named("person", key, w.get(w.sessions[f"{key}.0"], "/api/v1/accounts/verify_credentials")["id"])
    for key in names:
        session = w.sessions[f"{key}.0"]
        for status in w.get(session, f"/api/v1/accounts/{w.sid[key]}/statuses?limit=40"):
            w.named("post", next(k for k, p in pieces.items() if p.versions[0].text == status["kith_text"]), status["id"])
    for key, c in pieces.items():
        if isinstance(c, rules.Comment):
            thread = w.get(w.sessions[f"{c.author}.0"], f"/api/v1/statuses/{w.sid[c.post.key]}/context")["descendants"]
            w.named("comment", key, next(s["id"] for s in thread if s["kith_text"] == c.versions[0].text))
    assert all(p.key in w.sid for p in f.posts.values())
