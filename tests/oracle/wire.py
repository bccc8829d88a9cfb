"""One server in a directory of its own, and a few connections to it that stay open. Bytes in, bytes out."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
API, KITH = "/api/v1", "/api/kith/v1"
RENDITIONS = [f"{size}.{kind}" for size in ("small", "middle", "large") for kind in ("webp", "jpeg")]
READY_S = 30
ANSWER_S = 20
CONNECTIONS = 8
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def program():
    return os.environ.get("KITH") or os.path.join(ROOT, "build", "kith")


class Broken(Exception):
    """The server did not answer as HTTP, or did not start."""


class Request:
    __slots__ = ("method", "path", "body", "kind", "headers")

    def __init__(self, method, path, body=None, kind="application/json", headers=()):
        self.method, self.path, self.kind, self.headers = method, path, kind, headers
        self.body = json.dumps(body).encode() if isinstance(body, (dict, list)) else body

    def bytes(self, host, headers):
        head = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", *headers, *self.headers]
        if self.body is not None:
            head += [f"Content-Type: {self.kind}", f"Content-Length: {len(self.body)}"]
        elif self.method != "GET":
            head.append("Content-Length: 0")
        return "\r\n".join(head).encode() + b"\r\n\r\n" + (self.body or b"")

    def __str__(self):
        return f"{self.method} {self.path}"


class Answer:
    """sent_ms, read_ms: the interval in which it was made."""

    __slots__ = ("status", "head", "body", "sent_ms", "read_ms", "_json")

    def __init__(self, head, body, sent_ms, read_ms):
        self.status, self.head, self.body = int(head[9:12]), head, body
        self.sent_ms, self.read_ms, self._json = sent_ms, read_ms, None

    @property
    def json(self):
        if self._json is None:
            self._json = json.loads(self.body)
        return self._json

    def header(self, name):
        m = re.search(rb"\r\n" + name.encode() + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return m and m.group(1).decode("latin-1")

    def header_names(self):
        return sorted(line.split(b":")[0].lower() for line in self.head.split(b"\r\n")[1:] if line)

    def link(self, rel):
        """Path and query of a Link, or None."""
        m = re.search(r'<https?://[^/>]*([^>]*)>; *rel="' + rel + '"', self.header("Link") or "")
        return m and m.group(1)


def now_ms():
    return int(time.time() * 1000)


class Connection:
    def __init__(self, address):
        self.address = address
        self.socket = None

    def send(self, data):
        if self.socket is None:
            self.socket = socket.create_connection(self.address, ANSWER_S)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_ms = now_ms()
        self.socket.sendall(data)

    def read(self):
        """One answer, whole."""
        data = b""
        while b"\r\n\r\n" not in data:
            data = self.more(data)
        head, body = data.split(b"\r\n\r\n", 1)
        if head[9:12] in (b"204", b"304"):
            return Answer(head, b"", self.sent_ms, now_ms())
        length = LENGTH.search(head)
        if length is None:
            raise Broken(f"an answer without a length: {head!r}")
        parts, left = [body], int(length.group(1)) - len(body)
        while left > 0:
            part = self.socket.recv(min(left, 1 << 18))
            if not part:
                raise Broken("cut off in the middle of an answer")
            parts.append(part)
            left -= len(part)
        answer = Answer(head, b"".join(parts), self.sent_ms, now_ms())
        if b"\r\nConnection: close" in head:
            self.close()
        return answer

    def more(self, data):
        part = self.socket.recv(1 << 16)
        if not part:
            raise Broken("the server closed the connection without an answer")
        return data + part

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None


class Server:
    def __init__(self, kith=None, env=None):
        self.program = kith or program()
        self.env = {**os.environ, **(env or {})}
        self.dir = tempfile.mkdtemp(prefix="kith-oracle-")
        self.log_path = os.path.join(self.dir, "stderr.log")
        with socket.socket() as s:  # a port that stays the same over restarts: it is part of the server's origin
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self.child = None
        self.connections = [Connection(("127.0.0.1", self.port)) for _ in range(CONNECTIONS)]
        self.start()

    def start(self):
        data = os.path.join(self.dir, "data")
        with open(self.log_path, "ab") as log:
            self.child = subprocess.Popen([self.program, "serve", "--listen", self.host, "--data", data, "--trusted-proxy", "127.0.0.1"],
                                          cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=log)
        line = self.child.stdout.readline()
        if b"ready on" not in line:
            raise Broken(f"the server did not start: {line!r}\n{self.log()[-2000:].decode('utf-8', 'replace')}")

    def end(self, how=signal.SIGTERM):
        """SIGTERM must drain and exit 0; SIGKILL leaves the directory as it is."""
        for connection in self.connections:
            connection.close()
        self.child.send_signal(how)
        code = self.child.wait(READY_S)
        self.child.stdout.close()
        if how == signal.SIGTERM and code != 0:
            raise Broken(f"SIGTERM ended in {code}\n{self.log()[-2000:].decode('utf-8', 'replace')}")

    def restart(self, how=signal.SIGTERM):
        self.end(how)
        self.start()

    def close(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
            self.child.stdout.close()
        for connection in self.connections:
            connection.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def log(self):
        with open(self.log_path, "rb") as f:
            return f.read()

    def metrics(self):
        """What the listener for figures says, whole."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(ANSWER_S)
            s.connect(os.path.join(self.dir, "data", "metrics.sock"))
            s.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            data = b""
            while part := s.recv(1 << 16):
                data += part
        return data

    def command(self, args, text=""):
        done = subprocess.run([self.program, *args, "--data", os.path.join(self.dir, "data")], cwd=ROOT, env=self.env,
                              input=text.encode(), capture_output=True, timeout=60, check=False)
        if done.returncode != 0:
            raise Broken(f"kith {' '.join(args)}: {done.returncode} {done.stderr.decode()}")
        return done.stdout.decode().strip()

    def ask(self, requests):
        """[(Request, headers)] on as many connections at once as there are; answers in the order asked."""
        answers = []
        for at in range(0, len(requests), CONNECTIONS):
            part = requests[at:at + CONNECTIONS]
            for connection, (request, headers) in zip(self.connections, part):
                self.put(connection, request.bytes(self.host, headers))
            for connection, _ in zip(self.connections, part):
                answers.append(connection.read())
        return answers

    def put(self, connection, data):
        try:
            connection.send(data)
        except OSError:  # it had been closed while idle
            connection.close()
            connection.send(data)
