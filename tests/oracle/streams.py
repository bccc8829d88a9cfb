"""Open streams: read all the time, every event judged when it comes, and looked for when it must.

Three tongues: our own page's events (/api/kith/v1/live), Mastodon's events in a body, Mastodon's WebSocket. Whatever the
tongue, what comes is cut into events and searched for tokens and ids like any answer.
"""

import base64
import json
import os
import socket
import time

from look import Look
from wire import Answer, Broken

TONGUES = {
    "page": "/api/kith/v1/live",
    "events": "/api/v1/streaming/user",
    "notices": "/api/v1/streaming/user/notification",
    "socket": "/api/v1/streaming?stream=user",
}
GONE = ("gone", "delete")
CLOSED_WITHIN_S = 1.5  # the rule says 1 s; the rest is the machine's
TOLD_WITHIN_S = 5


class Stream:
    def __init__(self, key, session, tongue, server, after=None):
        self.key, self.session, self.tongue = key, session, tongue
        self.buffer = b""
        self.ended = False
        self.over_since = None  # when its right to be open ended
        self.due = []  # (event, key of the piece, until when)
        self.heard = set()  # (event, the server's id)
        self.socket = socket.create_connection(("127.0.0.1", server.port), 10)
        head = [f"GET {TONGUES[tongue]} HTTP/1.1", f"Host: {server.host}", *session.headers]
        if after:
            head.append(f"Last-Event-ID: {after}")
        if tongue == "socket":
            head += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                     "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        self.socket.sendall("\r\n".join(head).encode() + b"\r\n\r\n")
        while b"\r\n\r\n" not in self.buffer:
            part = self.socket.recv(4096)
            if not part:
                raise Broken("a stream closed before its head")
            self.buffer += part
        self.head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.status = int(self.head[9:12])
        self.chunked = b"chunked" in self.head.lower()
        self.body = b""
        self.last = None  # id of the last event
        self.socket.setblocking(False)

    def good(self):
        return self.status == (101 if self.tongue == "socket" else 200)

    def close(self):
        self.ended = True
        self.socket.close()

    def take(self):
        """What has come since the last time: [(event, raw bytes)]."""
        while not self.ended:
            try:
                part = self.socket.recv(1 << 16)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                part = b""
            if not part:
                self.close()
                break
            self.buffer += part
        return list(self.frames() if self.tongue == "socket" else self.blocks())

    def blocks(self):
        """Server-sent events."""
        if self.chunked:
            while True:
                line, found, rest = self.buffer.partition(b"\r\n")
                if not found:
                    break
                size = int(line.split(b";")[0] or b"0", 16)
                if len(rest) < size + 2:
                    break
                self.body += rest[:size]
                self.buffer = rest[size + 2:]
                if size == 0:
                    self.close()
                    break
        else:
            self.body, self.buffer = self.body + self.buffer, b""
        while b"\n\n" in self.body:
            block, self.body = self.body.split(b"\n\n", 1)
            fields = dict(line.split(b":", 1) for line in block.split(b"\n") if b":" in line and not line.startswith(b":"))
            self.last = fields.get(b"id", self.last or b"").strip()
            if b"event" in fields:
                yield fields[b"event"].strip().decode(), fields.get(b"data", b"").strip(), block

    def frames(self):
        """Frames of a WebSocket, which the server sends unmasked."""
        while len(self.buffer) >= 2:
            code, size, at = self.buffer[0] & 15, self.buffer[1] & 127, 2
            if size == 126:
                size, at = int.from_bytes(self.buffer[2:4], "big"), 4
            elif size == 127:
                size, at = int.from_bytes(self.buffer[2:10], "big"), 10
            if len(self.buffer) < at + size:
                return
            data, self.buffer = self.buffer[at:at + size], self.buffer[at + size:]
            if code == 8:
                self.close()
                return
            if code == 1:
                message = json.loads(data)
                yield message["event"], message.get("payload", "").encode(), data


def told(stream, event, data):
    """The id an event is about, or None."""
    if event in ("moment", "changed", "gone"):
        return json.loads(data)["id"]
    if event == "delete":
        return data.decode()
    if event in ("update", "status.update"):
        return json.loads(data)["id"]
    return None


class Watch:
    """All streams of a world."""

    def __init__(self, w):
        self.w = w
        self.open = {}
        self.last = {}  # person -> id of the last event of our own page
        self.saw = {}  # person -> keys of pieces they could see at some time: whom it may be told that one is gone

    def begin(self, key, session, tongue, back):
        stream = Stream(key, session, tongue, self.w.server, self.last.get(session.person) if back and tongue == "page" else None)
        if stream.good():
            self.open[key] = stream
            self.saw.setdefault(session.person, set())
        else:
            stream.close()
        return stream.status

    def drop(self):
        for stream in self.open.values():
            stream.close()
        self.open = {}

    def remember(self):
        """Before an act: what the readers can see until then; also those who may come back to a stream and be told what they missed."""
        f = self.w.facts
        for v in self.saw:
            self.saw[v].update(p.key for p in f.posts.values() if f.see(v, p))
            self.saw[v].update(c.key for c in f.comments.values() if f.see_comment(v, c))

    def over(self, people=()):
        """After an act: streams that must end now."""
        for stream in self.open.values():
            s = stream.session
            if stream.over_since is None and (not s.live or s.person in people or not self.w.facts.active(s.person)):
                stream.over_since = time.monotonic()
                stream.due = []

    def expect(self, p):
        """A new post must be told to those who have it at home."""
        f = self.w.facts
        for stream in self.open.values():
            v = stream.session.person
            event = "moment" if stream.tongue == "page" else "update"
            if (stream.tongue != "notices" and stream.over_since is None and (event, self.w.sid[p.key]) not in stream.heard
                    and any(q is p for q in f.home(v))):
                stream.due.append((event, p.key, time.monotonic() + TOLD_WITHIN_S))

    def looks(self):
        """What has come, as Looks to be judged; and what should have."""
        looks = []
        for stream in list(self.open.values()):
            look = Look(self.w, stream.session, f"stream {stream.tongue}", {"look": "stream", "by": stream.session.key, "tongue": stream.tongue})
            where = f"{stream.tongue} stream"
            for event, data, raw in stream.take():
                self.judge(look, stream, where, event, data, raw)
            if stream.tongue == "page" and stream.last:
                self.last[stream.session.person] = stream.last.decode()
            self.late(look, stream, where)
            if stream.ended:
                del self.open[stream.key]
            if look.checks:
                looks.append(look)
        return looks

    def judge(self, look, stream, where, event, data, raw):
        saw = self.saw[stream.session.person]
        if event in GONE:
            look.exempt = lambda m: m[0] in ("post", "comment") and m[1] in saw
        before = len(look.checks)
        kind = b"application/json; no-store" if data[:1] in (b"{", b"[") else b"text/event-stream"
        look.take(f"{where}, {event}", Answer(b"HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: " + kind, data or raw, 0, 0))
        exempt, look.exempt = look.exempt, lambda m: False
        look.checks[before:] = [(request, self.with_exempt(look, exempt, check)) for request, check in look.checks[before:]]
        if event == "cases":
            v, request = stream.session.person, f"{where}, {event}"
            look.check(request, lambda: None if look.f.officer(v) else "what waits for stewards told to a member")
        sid = told(stream, event, data)
        stream.heard.add((event, sid))
        stream.due = [(e, key, until) for e, key, until in stream.due if (e, self.w.sid[key]) != (event, sid)]

    def with_exempt(self, look, exempt, check):
        def judged():
            look.exempt = exempt
            try:
                return check()
            finally:
                look.exempt = lambda m: False
        return judged

    def late(self, look, stream, where):
        now = time.monotonic()
        if stream.over_since is not None and not stream.ended and now - stream.over_since > CLOSED_WITHIN_S:
            look.check(where, lambda: f"open {now - stream.over_since:.1f} s after its end")
        for event, key, until in stream.due:
            if now > until and not stream.ended:
                look.check(where, lambda event=event, key=key: f"{event} of {key} has not come"
                           if any(p.key == key for p in look.f.home(stream.session.person)) else None)
