"""What people set for themselves: names, range, question, filters, what they hear no more of, how far they have read."""

import rules
from acts import Operation, a_post, operation
from wire import API, Request


@operation(1, "POST /api/v1/polls/:id/votes", "POST /api/v1/push/subscription", "PUT /api/v1/push/subscription",
           "DELETE /api/v1/push/subscription")
class NotHere(Operation):
    """What apps know and there is none of."""

    def pick(self, w, rng, me):
        return {"how": rng.choice(("POST /polls/1/votes", "POST /push/subscription", "PUT /push/subscription", "DELETE /push/subscription"))}

    def statuses(self, w, a):
        return (403, 404, 422)

    def request(self, w, a):
        method, path = a["how"].split()
        return Request(method, API + path, {})


@operation(3, "PATCH /api/v1/accounts/update_credentials")
class SetRange(Operation):
    def pick(self, w, rng, me):
        return {"range": rng.choice(tuple(rules.RANGE_DAYS))}

    def request(self, w, a):
        return Request("PATCH", f"{API}/accounts/update_credentials", {"kith_range": a["range"]})

    def done(self, w, a, answer):
        w.facts.people[self.me(w, a)].range = a["range"]
        w.act()


@operation(1, "PATCH /api/v1/accounts/update_credentials")
class SetQuestion(Operation):
    """What a friend alone can answer; or no more."""

    def pick(self, w, rng, me):
        if w.facts.people[me].question and rng.random() < 0.3:
            return {"token": None}
        return {"token": w.mint.token(), "answer": w.mint.token()}

    def request(self, w, a):
        change = {"kith_question": f"Where is {a['token']}?", "kith_answer": a["answer"]} if a["token"] else {"kith_question": ""}
        return Request("PATCH", f"{API}/accounts/update_credentials", change)

    def done(self, w, a, answer):
        me = w.facts.people[self.me(w, a)]
        me.question, me.answer = (a["token"], a["answer"]) if a["token"] else ("", "")
        if a["token"]:
            w.means(a["token"], "question", me.key, a["token"])
            w.means(a["answer"], "answer", me.key)
        w.act()


@operation(2, "POST /api/v1/statuses/:id/mute", "POST /api/v1/statuses/:id/unmute")
class Hush(Operation):
    """Later comments by others on a post are told no more; or again."""

    def pick(self, w, rng, me):
        p = a_post(w, rng, me)
        return p and {"post": p.key, "verb": "unmute" if (me, p.key) in w.facts.hushed else "mute"}

    def allowed(self, w, a):
        return w.facts.see(self.me(w, a), w.facts.posts[a["post"]])

    def request(self, w, a):
        return Request("POST", f"{API}/statuses/{w.sid[a['post']]}/{a['verb']}", {})

    def done(self, w, a, answer):
        hushed = w.facts.hushed
        (hushed.add if a["verb"] == "mute" else hushed.discard)((self.me(w, a), a["post"]))
        w.act()


@operation(2, "POST /api/v2/filters", "PUT /api/v2/filters/:id", "DELETE /api/v2/filters/:id", "POST /api/v2/filters/:id/keywords",
           "PUT /api/v2/filters/keywords/:id", "DELETE /api/v2/filters/keywords/:id")
class Filter(Operation):
    """A reader's own filters, with words that are nobody else's business; now and then at somebody else's."""

    def pick(self, w, rng, me):
        own = [k for k, x in w.filters.items() if x["owner"] == me or rng.random() < 0.05]
        how = rng.choice(("rename", "delete", "add", "change", "drop")) if own and rng.random() < 0.6 else "make"
        return {"how": how, "filter": rng.choice(own) if how != "make" else None, "token": w.mint.token(), "word": w.mint.token()}

    def possible(self, w, a):
        x = w.filters.get(a["filter"])
        return super().possible(w, a) and (a["how"] == "make" or x is not None and (a["how"] in ("rename", "delete", "add") or bool(x["words"])))

    def allowed(self, w, a):
        return a["how"] == "make" or w.filters[a["filter"]]["owner"] == self.me(w, a)

    def statuses(self, w, a):
        return (200,) if self.allowed(w, a) else (404,)

    def request(self, w, a):
        for token in (a["token"], a["word"]):
            if token.encode() not in w.meanings:
                w.means(token, "own", self.me(w, a))
        x = w.filters.get(a["filter"])
        word = {"keyword": a["word"], "whole_word": False}
        if a["how"] == "make":
            return Request("POST", "/api/v2/filters", {"title": a["token"], "context": ["home"], "filter_action": "warn",
                                                       "keywords_attributes": [word, {"keyword": "river", "whole_word": True}]})
        if a["how"] in ("change", "drop"):
            path = f"/api/v2/filters/keywords/{x['words'][-1]}"
            return Request("PUT", path, word) if a["how"] == "change" else Request("DELETE", path)
        path = f"/api/v2/filters/{x['id']}"
        if a["how"] == "add":
            return Request("POST", path + "/keywords", word)
        return Request("PUT", path, {"title": a["token"]}) if a["how"] == "rename" else Request("DELETE", path)

    def done(self, w, a, answer):
        if a["how"] == "make":
            w.filters[f"f{a['n']}"] = {"id": answer.json["id"], "owner": self.me(w, a),
                                       "words": [word["id"] for word in answer.json["keywords"]]}
        elif a["how"] == "add":
            w.filters[a["filter"]]["words"].append(answer.json["id"])
        elif a["how"] == "drop":
            w.filters[a["filter"]]["words"].pop()
        elif a["how"] == "delete":
            del w.filters[a["filter"]]
        w.act()


@operation(2, "PATCH /api/v1/accounts/update_credentials")
class Rename(Operation):
    """Display name or signature."""

    def pick(self, w, rng, me):
        return {"field": rng.choice(("name", "note")), "token": w.mint.token()}

    def request(self, w, a):
        return Request("PATCH", f"{API}/accounts/update_credentials",
                       {"display_name" if a["field"] == "name" else "note": a["token"]})

    def done(self, w, a, answer):
        me = self.me(w, a)
        setattr(w.facts.people[me], a["field"], a["token"])
        w.means(a["token"], a["field"], me, a["token"])
        w.act()


@operation(1, "POST /api/v1/notifications/clear", "POST /api/v1/notifications/:id/dismiss")
class ClearNotices(Operation):
    def pick(self, w, rng, me):
        return {"which": rng.choice(("clear", "dismiss"))}

    def perform(self, w, a):
        session = w.sessions[a["by"]]
        if a["which"] == "clear":
            return w.ask(session, Request("POST", f"{API}/notifications/clear", {}))
        listed = w.get(session, f"{API}/notifications?limit=40")
        self.dismissed = listed[-1] if listed else None
        return w.ask(session, Request("POST", f"{API}/notifications/{listed[-1]['id'] if listed else 1}/dismiss", {}))

    def statuses(self, w, a):
        return (200, 404) if a["which"] == "dismiss" else (200,)

    def done(self, w, a, answer):
        me = self.me(w, a)
        for t in w.told:
            gone = self.dismissed if a["which"] == "dismiss" else None
            same = gone is None or (gone.get("status") and t.by == w.key_of(gone["account"]["id"])
                                    and w.sid[t.piece] == gone["status"]["id"])
            if t.person == me and same:
                t.dismissed = True
        w.act()


@operation(1, "POST /api/v1/markers")
class Mark(Operation):
    def pick(self, w, rng, me):
        return {"post": rng.choice(list(w.facts.posts))}

    def request(self, w, a):
        return Request("POST", f"{API}/markers", {"home": {"last_read_id": w.sid[a["post"]]}})

    def statuses(self, w, a):
        return (200, 409, 422)
