"""Posts one after another: the home feed, moments with what is under them, a tag's, somebody's, what one liked; also as pages without script."""

import html

from looks import (a_page, a_page_of, a_person, a_post, a_tag, all_pages, ids_of, judge_card, judge_owned, judge_page, judge_seen, newest_first, observer,
                   ok, oldest_first, query)
from wire import API, KITH, Request


@observer(10, "GET /api/v1/timelines/home", pick=a_page)
def home(o, a):
    request = Request("GET", f"{API}/timelines/home?{query(o, a)}")
    judge_page(o, request, (yield request), a, lambda: o.f.home(o.v))


@observer(3, "GET /api/v1/timelines/home", pick=lambda w, rng, v: {"limit": rng.choice((7, 40))})
def home_to_the_end(o, a):
    request, listed = yield from all_pages(o, f"{API}/timelines/home?limit={a['limit']}")
    if listed is not None:
        o.same(request, listed, lambda: newest_first(o, o.f.home(o.v)))


@observer(8, "GET /api/kith/v1/moments", pick=a_page)
def moments(o, a):
    a = {**a, "cursor": a["cursor"] and "max_id"}
    request = Request("GET", f"{KITH}/moments?{query(o, a)}")
    answer = yield request
    judge_page(o, request, answer, a, lambda: o.f.home(o.v), lambda m: m["status"]["id"])
    if answer.status == 200:
        for moment in answer.json:
            judge_moment(o, request, moment, 10)


@observer(6, "GET /api/kith/v1/statuses/:id/moment", pick=a_post)
def moment_of_one(o, a):
    request = Request("GET", f"{KITH}/statuses/{o.w.sid[a['post']]}/moment")
    answer = yield request
    if answer.status == 200:
        judge_moment(o, request, answer.json, 500)
    judge_seen(o, request, answer, o.f.posts[a["post"]])


def told_in_page(o, request, answer, wanted):
    """Of a page of HTML: the words of all that must be in it are."""
    def judge():
        body = html.unescape(answer.body.decode())
        missing = [p.key for p in wanted() if o.own_token(p) not in body]
        return f"{' '.join(missing)} not on the page" if missing else None

    o.check(request, judge)


@observer(3, "GET /plain", own=True, pick=lambda w, rng, v: {})
def plain_home(o, a):
    if o.session.kind != "browser":
        return
    request = Request("GET", "/plain")
    answer = yield request
    if ok(o, request, answer):
        told_in_page(o, request, answer, lambda: [o.f.posts[o.w.key_of(i)] for i in newest_first(o, o.f.home(o.v))[:10]])


@observer(3, "GET /plain/posts/:id", own=True, pick=a_post)
def plain_post(o, a):
    if o.session.kind != "browser":
        return
    post = o.f.posts[a["post"]]
    request = Request("GET", f"/plain/posts/{o.w.sid[a['post']]}")
    answer = yield request
    status, fault = answer.status, f"{answer.status}"
    o.check(request, lambda: None if (status == 200) == o.f.see(o.v, post) and status in (200, 404) else fault)
    if status == 200:
        told_in_page(o, request, answer, lambda: [post, *o.f.thread(o.v, post)] if o.f.see(o.v, post) else [])


def judge_moment(o, request, moment, most):
    likers, comments = {u["id"] for u in moment["likers"]}, [c["id"] for c in moment["comments"]]

    def judge():
        post = o.f.posts.get(o.w.key_of(moment["status"]["id"]))
        if post is None:
            return f"a moment of {moment['status']['id']}, which is no post"
        liked, said = ids_of(o, o.f.likers(o.v, post)), oldest_first(o, o.f.thread(o.v, post))[-most:]
        if likers != liked:
            return f"{post.key}: likers {o.names(likers)}, must be {o.names(liked)}"
        if comments != said:
            return f"{post.key}: comments {o.names(comments)}, must be {o.names(said)}"

    o.check(request, judge)


@observer(4, "GET /api/v1/timelines/list/:id", pick=a_page_of(a_tag))
def tag_feed(o, a):
    tag = o.f.tags[a["tag"]]
    request = Request("GET", f"{API}/timelines/list/{o.w.sid[a['tag']]}?{query(o, a)}")
    answer = yield request
    judge_owned(o, request, answer, tag)
    if answer.status == 200:
        judge_page(o, request, answer, a, lambda: o.f.tag_feed(o.v, a["tag"]))


@observer(6, "GET /api/v1/accounts/:id/statuses", pick=a_page_of(a_person))
def album(o, a):
    request = Request("GET", f"{API}/accounts/{o.w.sid[a['to']]}/statuses?{query(o, a)}")
    answer = yield request
    if judge_card(o, request, answer, a["to"]):
        judge_page(o, request, answer, a, lambda: o.f.album(o.v, a["to"]))


@observer(3, "GET /api/v1/favourites", pick=lambda w, rng, v: {"limit": rng.choice((7, 40))})
def favourites(o, a):
    request, listed = yield from all_pages(o, f"{API}/favourites?limit={a['limit']}")
    if listed is not None:
        o.same(request, sorted(listed), lambda: sorted(o.w.sid[p.key] for p in o.f.favourites(o.v)))
