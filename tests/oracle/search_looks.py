"""Posts found by a word or a hashtag, and the hashtags themselves."""

import urllib.parse

import canary
from looks import a_page_of, a_post, judge_page, newest_first, observer, ok, query
from wire import API, Request
from world import WORDS, WORDS_ZH


@observer(3, "GET /api/v1/timelines/tag/:tag", pick=a_page_of(lambda w, rng, v: {"word": rng.choice(w.hashtags)}))
def hashtag_feed(o, a):
    a = {**a, "cursor": a["cursor"] and "max_id"}
    request = Request("GET", f"{API}/timelines/tag/{a['word']}?{query(o, a)}")
    judge_page(o, request, (yield request), a, lambda: o.f.with_hashtag(o.v, a["word"]))


def words_to_find(w, rng, v):
    """One post's own token, or a word of many posts."""
    if rng.random() < 0.6:
        p = w.facts.posts[a_post(w, rng, v)["post"]]
        return {"q": next(t.decode() for t in canary.TOKEN.findall(p.versions[-1].text.encode()))}
    return {"q": rng.choice((*WORDS, *WORDS_ZH, "urda", "lett", "雪"))}


@observer(5, "GET /api/v2/search", pick=words_to_find)
def search_posts(o, a):
    request = Request("GET", f"/api/v2/search?type=statuses&limit=40&q={urllib.parse.quote(a['q'])}")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, [s["id"] for s in answer.json["statuses"]], lambda: newest_first(o, o.f.with_words(o.v, a["q"]))[:40])


@observer(2, "GET /api/v2/search", pick=lambda w, rng, v: {"q": rng.choice(w.hashtags)})
def search_hashtags(o, a):
    request = Request("GET", f"/api/v2/search?type=hashtags&q={a['q']}")
    answer = yield request
    if ok(o, request, answer):
        o.same(request, [h["name"] for h in answer.json["hashtags"]], lambda: [a["q"]] if o.f.with_hashtag(o.v, a["q"]) else [])
