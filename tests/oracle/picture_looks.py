"""Pictures: the file in each form, and what its owner reads of it."""

from looks import judge_in, observer
from wire import API, RENDITIONS, Request


def a_picture(w, rng, v):
    pictures = list(w.facts.pictures)
    return {"picture": rng.choice(pictures[-8:] if rng.random() < 0.5 else pictures), "name": rng.choice(RENDITIONS),
            "marked": rng.random() < 0.3} if pictures else None


@observer(8, "GET /media/:id/:name", pick=a_picture)
def picture(o, a):
    """Also with the mark of what one has already: the door comes before the comparison."""
    m = o.f.pictures[a["picture"]]
    path = f"/media/{o.w.sid[a['picture']]}/{a['name']}"
    post = o.f.posts.get(m.post)

    def reviewed():
        """None: both will do."""
        return o.f.at_hand(o.v, post) if m.use == "post" and o.v not in o.f.sides(post) else False

    o.exempt = lambda meaning: meaning == ("picture", m.key) and reviewed() is not False
    mark = [f"If-None-Match: {o.w.marks[path]}"] if a["marked"] and path in o.w.marks else []
    request = Request("GET", path, headers=mark)
    answer = yield request
    status, absent = answer.status, answer.status == 404 and answer.body == o.w.absent
    if status == 200:
        o.w.marks[path] = answer.header("ETag")

    def judge():
        if reviewed() is None and absent and not o.f.see_picture(o.v, m):
            return None
        if o.f.see_picture(o.v, m) or reviewed() is not False:
            return None if status == (304 if mark else 200) else f"{status} for a picture that is to be seen"
        return None if absent else f"{status} {answer.head!r} for {m.key} of {m.owner}, {m.use} of {m.post}, which is not to be seen"

    o.check(request, judge)


@observer(2, "GET /api/v1/media/:id", pick=a_picture)
def own_picture(o, a):
    m = o.f.pictures[a["picture"]]
    request = Request("GET", f"{API}/media/{o.w.sid[a['picture']]}")
    answer = yield request
    judge_in(o, request, answer, lambda: m.owner == o.v and o.f.see_picture(o.v, m))
