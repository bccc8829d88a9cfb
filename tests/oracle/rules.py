"""Who sees what, for the oracle: plain facts, and the predicates of the product's rules over them.

Written from the words of the rules, never from the program, and for reading beside them: no cache, no index, nothing
kept that could be reckoned. A viewer is a person's key; None is somebody who is not signed in. What a rule leaves open
is said where it is decided. A fact is changed by ledger.py alone, after the server acknowledged what changed it.
"""

from dataclasses import dataclass, field

from docket import Appeal, Case, Complaint, Docket, Measure, Report, Testimony, written_by

DAY_MS = 24 * 3600 * 1000
RANGE_DAYS = {"3d": 3, "month": 30, "half-year": 183, "all": None}


@dataclass
class Person:
    key: str
    handle: str
    name: str
    role: str = "member"
    note: str = ""
    state: str = "active"  # active, sealed, erased
    by_keeper: bool = False  # sealed from the shell: no measure of these stands for it
    range: str = "all"
    question: str = ""
    answer: str = ""
    invited_by: str | None = None
    avatar: str | None = None
    cover: str | None = None
    hides_from: set = field(default_factory=set)  # these do not see mine
    hides: set = field(default_factory=set)  # I do not want theirs in my feed


@dataclass
class Tag:
    key: str
    owner: str
    title: str
    members: set = field(default_factory=set)
    deleted: bool = False


@dataclass
class Audience:
    kind: str = "friends"  # friends, only, except, self, group
    tags: tuple = ()
    people: tuple = ()
    group: str | None = None


@dataclass
class Hold:
    """A piece or a change of one that the order keeps back: until a time, or for good once a steward kept it."""

    until_ms: int
    kept: bool = False

    def holds(self, now_ms):
        return self.kept or now_ms < self.until_ms


@dataclass
class Version:
    text: str
    at: int  # in the order of acts
    hold: Hold | None = None
    refused: bool = False  # never shown, never will be


@dataclass(eq=False)
class Post:
    key: str
    author: str
    audience: Audience
    versions: list
    at_ms: int
    at: int  # in the order of acts
    hold: Hold | None = None
    deleted: bool = False
    earlier: list = field(default_factory=list)  # audiences it had before it was narrowed: they must admit as well
    shut_out: set = field(default_factory=set)  # in a tag it excluded, when that tag was deleted
    pictures: list = field(default_factory=list)
    hashtags: list = field(default_factory=list)
    mentions: list = field(default_factory=list)  # people its words name, whoever they are
    comments: list = field(default_factory=list)  # Comment, oldest first
    likes: dict = field(default_factory=dict)  # person -> at


@dataclass(eq=False)
class Comment:
    key: str
    post: Post
    author: str
    versions: list
    at: int
    answers: "Comment | None" = None
    hold: Hold | None = None
    deleted: bool = False
    mentions: list = field(default_factory=list)
    at_ms: int = 0


@dataclass
class Group:
    key: str
    owner: str
    title: str
    about: str = ""
    members: dict = field(default_factory=dict)  # person -> at which act they came in
    invited: dict = field(default_factory=dict)  # person -> who invited them
    deleted: bool = False


@dataclass
class Picture:
    key: str
    owner: str
    about: str = ""
    post: str | None = None
    use: str = "none"  # none, post, avatar, cover; gone: taken off or back


ON_PERSONS = ("notice", "fewer", "no_friends", "freeze", "seal")
FEWER_A_DAY = 3


class Facts(Docket):
    def __init__(self):
        super().__init__()
        self.now_ms = 0
        self.people = {}
        self.ties = set()  # (a, b): a counts b as a friend
        self.blocks = set()  # (a, b): a blocks b
        self.requests = {}  # (a, b): the word a sends b
        self.answered = {}  # (a, b): True right, False open, None nothing was asked
        self.hushed = set()  # (v, post): later comments by others are not told
        self.tags = {}
        self.posts = {}
        self.comments = {}
        self.groups = {}
        self.pictures = {}
        self.kin = set()  # (key of a measure, key of an earlier piece of its family), as somebody was shown
        self.families = {}  # number -> (piece, first version) of what says the same, in the order in which they were written

    # ---- between people

    def active(self, a):
        return a is not None and self.people[a].state == "active"

    def tie(self, a, b):
        return (a, b) in self.ties

    def blocked(self, a, b):
        return (a, b) in self.blocks or (b, a) in self.blocks

    def apart(self, a, b):
        return not self.tie(a, b) and not self.tie(b, a)

    def friends(self, a, b):
        return (self.tie(a, b) and self.tie(b, a) and not self.blocked(a, b)
                and self.active(a) and self.active(b))

    # ---- posts

    def waits(self, piece):
        """Held or hidden: only its author and those who review it see it."""
        return piece.hold is not None and piece.hold.holds(self.now_ms)

    def in_range(self, p):
        days = RANGE_DAYS[self.people[p.author].range]
        return days is None or self.now_ms - p.at_ms <= days * DAY_MS

    def admits(self, audience, v):
        """Tag lists as they are now. A deleted tag admits nobody; whom it shut out is kept in Post.shut_out."""
        named = v in audience.people or any(
            v in self.tags[t].members and not self.tags[t].deleted for t in audience.tags)
        if audience.kind == "friends":
            return True
        if audience.kind == "only":
            return named
        if audience.kind == "except":
            return not named
        return False  # self

    def see(self, v, p):
        if not self.active(v) or p.deleted:
            return False
        if v == p.author:
            return True
        if self.waits(p) or not self.active(p.author):
            return False
        if p.audience.kind == "group":
            return self.for_group(v, p)
        return (self.friends(v, p.author) and v not in self.people[p.author].hides_from and self.in_range(p)
                and self.lets_in(p, v))

    def lets_in(self, p, v):
        """The audience and all it had before."""
        return all(self.admits(audience, v) for audience in (p.audience, *p.earlier)) and v not in p.shut_out

    def members_now(self, g):
        group = self.groups[g]
        return () if group.deleted else group.members

    def act(self, v, p, u):
        """May v see what u did on p?"""
        if not self.see(v, p) or not self.active(u) or self.blocked(v, u) or self.blocked(u, p.author):
            return False
        if p.audience.kind == "group":
            return u in self.members_now(p.audience.group)
        return v == u or u == p.author or (
            not self.apart(u, p.author) and (v == p.author or self.friends(v, u)))

    def see_comment(self, v, c):
        if c.deleted or not self.see(v, c.post):
            return False
        if v == c.author:
            return True
        if self.waits(c) or not self.act(v, c.post, c.author):
            return False
        if c.answers is None:
            return True
        answered = c.answers.author
        return v == answered or answered == c.post.author or self.act(v, c.post, answered)

    def see_like(self, v, p, u):
        return u in p.likes and self.act(v, p, u)

    def see_piece(self, v, piece):
        return self.see_comment(v, piece) if isinstance(piece, Comment) else self.see(v, piece)

    # ---- versions: a change that waits or was refused is its author's to read

    def shown(self, piece):
        return [w for w in piece.versions if not w.refused and not (w.hold and w.hold.holds(self.now_ms))]

    def pending(self, piece):
        """A change that waits beside the words that show."""
        return next((w for w in piece.versions if w.hold and not w.refused and w.hold.holds(self.now_ms)), None)

    def present(self, piece):
        """The version that shows. A held piece has one version that waits with it."""
        return self.shown(piece)[-1] if self.shown(piece) else piece.versions[0]

    def see_version(self, v, piece, version):
        return self.see_piece(v, piece) and (v == piece.author or version in self.shown(piece))

    # ---- people

    def card(self, v, u):
        """Handle, name and picture."""
        return self.active(v) and self.active(u) and not self.blocked(v, u)

    def profile(self, v, u):
        """Cover, signature, album."""
        return self.card(v, u) and (v == u or self.tie(v, u))

    def friend_list(self, v):
        """Mine alone; whoever ended it stays in it, so that it tells nothing."""
        return {u for u in self.people if self.tie(v, u) and self.card(v, u)}

    def view_as(self, v, u):
        """My posts as my own settings let u see them, the friendship taken as mutual; u None: a stranger."""
        if u is None:
            return []
        return [p for p in self.posts.values() if p.author == v and not p.deleted and not self.waits(p)
                and (self.for_group(u, p) if p.audience.kind == "group" else
                     u not in self.people[v].hides_from and self.in_range(p) and self.lets_in(p, u))]

    def for_group(self, u, p):
        members = self.members_now(p.audience.group)
        return u in members and p.author in members and not self.blocked(u, p.author)

    # ---- pictures

    def see_picture(self, v, m):
        if m.use == "gone" or not self.active(v):
            return False
        if m.use == "post":
            return self.see(v, self.posts[m.post])
        if m.use == "avatar":
            return self.card(v, m.owner)
        if m.use == "cover":
            return self.profile(v, m.owner)
        return v == m.owner

    # ---- the order

    def officer(self, s):
        return s is not None and self.active(s) and self.people[s].role in ("steward", "keeper")

    def gone(self, piece):
        return piece.deleted or (isinstance(piece, Comment) and piece.post.deleted)

    def review(self, s, piece):
        """May s look at a piece because it is held: one of the order's people, and no party to it or to the case it waits in. None: see party."""
        if (not self.officer(s) or not (self.waits(piece) or self.pending(piece) is not None) or self.gone(piece)
                or s in self.sides(piece)):
            return False
        parts = [self.party(s, c) for c in self.cases for m in c.waiting(Measure) if m.piece is piece]
        return False if True in parts else None if None in parts else True

    def sides(self, piece):
        return written_by(piece)

    def on(self, person, kind):
        """What the order did to this person, in force."""
        return [m for m in self.measures.values() if m.person == person and m.piece is None and m.kind == kind and m.in_force(self.now_ms)]

    def seal_ends(self, person):
        """One seal was taken away: they are back unless another is in force."""
        p = self.people[person]
        if p.state == "sealed" and not p.by_keeper and not self.on(person, "seal"):
            p.state = "active"

    def on_piece(self, piece, kinds=("label", "fold")):
        return sorted((m for m in self.measures.values() if m.piece is piece and m.version is None and m.kind in kinds
                       and m.in_force(self.now_ms)), key=lambda m: m.order)

    def written_lately(self, person, comments):
        """Posts, or comments, of the last 24 hours: (all, those that are there still)"""
        pieces = [c for c in self.comments.values()] if comments else list(self.posts.values())
        lately = [p for p in pieces if p.author == person and self.now_ms - p.at_ms < DAY_MS]
        return len(lately), len([p for p in lately if not self.gone(p)])

    # ---- folds

    def copies(self, family, first):
        """(since, piece): what was first, while it says the same, and what bears a label or fold of this family."""
        return ([(0, first)] if first is not None else []) + sorted(
            ((m.order, m.piece) for m in self.measures.values() if m.family == family and m.kind in ("label", "fold")
             and m.piece is not None and m.in_force(self.now_ms)), key=lambda c: c[0])

    def first_copies(self, v, m):
        """Under which earlier copy v may find this one folded; None: under none, or under one of the same author. More than one where it
        is the program's to say which pieces are of one family and with which it began: it knows by likeness, and for a time. Whoever was
        shown one under the other has told us (`kin`), and it holds for everybody."""
        before = [p for p, words in self.families.get(m.family, ()) if p is not m.piece and self.present(p) is words]
        began = [p for p in before if (m.key, p.key) in self.kin and not any(x.piece is p and x.family == m.family for x in self.measures.values())]
        return set().union(*(self.first_copy(v, m, first) for first in began or (*before, None)))

    def first_copy(self, v, m, first):
        may = set()
        for since, piece in self.copies(m.family, first):
            if since >= m.order or piece.deleted:
                continue
            if isinstance(m.piece, Comment):
                here = piece is m.piece.post or (isinstance(piece, Comment) and piece.post is m.piece.post)
            else:
                here = isinstance(piece, Post) and piece.author not in self.people[v].hides
            if here and self.see_piece(v, piece):
                may.add(piece if piece.author != m.person else None)
                if piece is first or (m.key, piece.key) in self.kin:
                    return may
        return may | {None}

    # ---- groups

    def invitation(self, v, g):
        """Who invites v, while they are in the group and may be seen; else None."""
        group = self.groups[g]
        by = None if group.deleted else group.invited.get(v)
        return by if by is not None and by in group.members and self.card(v, by) else None

    def in_group(self, v, g):
        return self.active(v) and v in self.members_now(g)

    def see_group(self, v, g):
        """Title and about: members, and whom somebody invites."""
        return self.active(v) and (self.in_group(v, g) or self.invitation(v, g) is not None)

    def group_owner(self, g):
        """Who made it or was handed it; while they are sealed or gone, the active member who has been there longest."""
        group = self.groups[g]
        if self.active(group.owner) and group.owner in group.members:
            return group.owner
        return next((u for u in sorted(group.members, key=group.members.get) if self.active(u)), None)

    def group_members(self, v, g):
        """Those whose card v sees, the longest-standing first; to members alone."""
        members = self.groups[g].members
        return [u for u in sorted(members, key=members.get) if self.card(v, u)] if self.in_group(v, g) else []

    # ---- what is made of these; order is the reader's matter (newest first, by the server's ids)

    def home(self, v):
        """Group posts too, of whom v counts as friends, and one's own."""
        return [p for p in self.posts.values() if self.see(v, p) and p.author not in self.people[v].hides
                and (p.author == v or self.tie(v, p.author))]

    def album(self, v, u):
        if not self.profile(v, u):
            return []
        return [p for p in self.posts.values() if p.author == u and self.see(v, p)]

    def tag_feed(self, v, t):
        """One's own tag: the home feed narrowed to its people."""
        tag = self.tags[t]
        return [p for p in self.home(v) if p.author in tag.members and p.author != v]

    def group_feed(self, v, g):
        if not self.in_group(v, g):
            return []
        return [p for p in self.posts.values() if p.audience.kind == "group" and p.audience.group == g and self.see(v, p)]

    def thread(self, v, p):
        return [c for c in p.comments if self.see_comment(v, c)]

    def likers(self, v, p):
        return {u for u in p.likes if self.see_like(v, p, u)}

    def stands_under(self, v, c):
        """The comment c answers, where v may see it; else c stands under the post."""
        return c.answers if c.answers and self.see_comment(v, c.answers) else None

    def answers(self, v, c):
        return [d for d in c.post.comments if d.answers is c and self.see_comment(v, d)]

    def favourites(self, v):
        return [p for p in self.posts.values() if self.see_like(v, p, v)]

    def with_words(self, v, words):
        """Posts v may see whose words hold these, case folded; those of the order are not among them."""
        return [p for p in self.posts.values() if self.see(v, p) and words.lower() in self.present(p).text.lower()]

    def with_hashtag(self, v, tag):
        return [p for p in self.posts.values() if tag in p.hashtags and self.see(v, p)]

    def inviter(self, v, u):
        """Who invited u to this server, where v may see that card."""
        by = self.people[u].invited_by
        return by if by is not None and self.card(v, by) else None

    def requests_to(self, v):
        return {a for a, b in self.requests if b == v and self.card(v, a)}

    def requests_of(self, v):
        return {b for a, b in self.requests if a == v and self.card(v, b)}

    # ---- notices, derived: what v may be told of now (whoever did it, the piece it is about, in words of the rules)

    def notices(self, v):
        for p in self.posts.values():
            if not self.see(v, p):
                continue
            if p.author == v:
                yield from (("like", p, u) for u in p.likes if u != v and self.see_like(v, p, u))
            elif v in p.mentions:
                yield "mention", p, p.author
            for c in p.comments:
                if c.author != v and self.see_comment(v, c):
                    kind = self.comment_notice(v, c)
                    if kind:
                        yield kind, c, c.author

    def comment_notice(self, v, c):
        if c.answers is not None and c.answers.author == v:
            return "reply"
        if v in c.mentions:
            return "mention"
        if (v, c.post.key) in self.hushed:
            return None
        if c.post.author == v:
            return "comment"
        return "also" if self.took_part(v, c.post, c.at) else None

    def took_part(self, v, p, before):
        """By words: a like alone asks for no news. The rules leave this open."""
        return any(c.author == v and c.at < before and not c.deleted for c in p.comments)

    # ---- what one may write, asked before the writing

    def may_comment(self, v, p, answers=None):
        return self.see(v, p) and (answers is None or self.see_comment(v, answers))


def belongs(piece, meaning):
    """Is it of this piece what bytes in an answer mean: its words, its id, its pictures, whom it names?"""
    about = meaning[1]
    return (about is piece or about == piece.key or about in getattr(piece, "pictures", ()) or about in getattr(piece, "hashtags", ())
            or (meaning[0] == "handle" and about in piece.mentions))
