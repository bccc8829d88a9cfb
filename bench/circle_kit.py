"""What the benches of a running server share: the server itself, its own CPU, a client, wrk, and nginx as a bound.

CPU is the server process's own (/proc/PID/task/*/schedstat), so a busy machine changes it little; wall-clock figures on a shared machine are
for orientation. Everything listens on the loopback and ends by itself.
"""

import atexit
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import struct
import subprocess
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORDS = "the tea was warm and the garden wet when we came home from the long walk along the water 今天天气很好我们去湖边走走拍了好多照片".split()


def token(i):
    return f"bench-token-{i:05}"


def cpu_s(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError):
            total += int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
    return total / 1e9


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def handle(i):
    return f"p{i:05}"


def write_circle(path, people, posts, friends):
    """A load file: person 0 knows everybody, the others their neighbours on a ring; the newest 4,000 posts are talked about,
    and the oldest, person 0's only one, has 500 comments."""
    r = random.Random(1)
    end = int(time.time() * 1000) - 3600_000
    with open(path, "w") as f:
        def put(**row):
            f.write(json.dumps(row, ensure_ascii=False) + "\n")

        for i in range(people):
            put(type="person", handle=handle(i), display_name=f"Person {i}", token=token(i))
        for i in range(1, people):
            put(type="friendship", a=handle(0), b=handle(i), at=end)
        for i in range(1, people):
            for k in range(1, friends // 2 + 1):
                j = 1 + (i - 1 + k) % (people - 1)
                put(type="friendship", a=handle(i), b=handle(j), at=end)
        put(type="post", key="long", author=handle(0), text="a long talk 长谈", at=end - (posts + 600) * 1000)
        for c in range(500):
            put(type="comment", key=f"long{c}", post="long", author=handle(1 + c % (people - 1)), text=f"word {c} 第{c}句", at=end - (posts + 500 - c) * 1000)
        for n in range(posts):
            text = " ".join(r.choice(WORDS) for _ in range(r.randrange(8, 40)))
            put(type="post", key=f"k{n}", author=handle(r.randrange(1, people)), text=text, at=end - (posts - n) * 1000)
            if n > posts - 4000:
                for c in range(3):
                    put(type="comment", key=f"k{n}c{c}", post=f"k{n}", author=handle(r.randrange(1, people)), text="well said", at=end - (posts - n) * 1000)
                for c in range(5):
                    put(type="like", post=f"k{n}", author=handle(r.randrange(1, people)), at=end)


def load(kith, file, data):
    subprocess.run([kith, "load", "--no-screen", "--data", str(data), str(file)], check=True, stdout=subprocess.DEVNULL)


def png(width, height, seed, grain=4):
    """Coarse noise over a slope of colour: it fills as many bytes as a photograph with leaves in it."""
    r, rows = random.Random(seed), []
    for y in range(0, height, grain):
        noise = r.randbytes(width // grain + 1)
        row = b"".join(bytes((n // 3 + y * 120 // height, n // 4 + 90, n // 3 + 60)) * grain for n in noise)[: width * 3]
        rows += [b"\0" + row] * min(grain, height - y)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(b"".join(rows), 1)) + chunk(b"IEND", b"")


class Server:
    def __init__(self, kith, data, *more, listen="127.0.0.1:0"):
        before = time.monotonic()
        self.process = subprocess.Popen([kith, "serve", "--data", data, "--listen", listen, *more], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.process.kill)  # of a bench that ends before it stops this
        line = self.process.stdout.readline()
        self.ready_s = time.monotonic() - before
        self.pid = self.process.pid
        self.origin = line.split()[-1]
        self.port = None if listen.startswith("unix:") else int(self.origin.rsplit(":", 1)[1])

    def settle(self, seconds=300):
        """Until what is done once after a start is done: threads that end take their CPU out of `cpu_s`. Gives the seconds it took."""
        before = time.monotonic()
        while time.monotonic() - before < seconds:
            names = set()
            for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
                with contextlib.suppress(FileNotFoundError):
                    names.add((task / "comm").read_text().strip())
            if not names & {"kith-warm", "kith-past"}:
                return time.monotonic() - before
            time.sleep(0.05)
        raise SystemExit("the server does not settle")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(30) != 0:
            raise SystemExit("the server did not end well")


class Client:
    def __init__(self, port, address="127.0.0.1"):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))

    def send(self, method, path, i, body=None, kind="application/json"):
        """Status and content of the answer, whatever it is."""
        headers = {"Authorization": f"Bearer {token(i)}"}
        if body is not None:
            headers["Content-Type"] = kind
        self.http.request(method, path, body=body, headers=headers)
        answer = self.http.getresponse()
        return answer.status, answer.read()

    def ask(self, method, path, i, body=None, kind="application/json"):
        status, content = self.send(method, path, i, body, kind)
        if status != 200:
            raise SystemExit(f"{method} {path}: {status} {content[:200]}")
        return content

    def bring(self, i, picture):
        """A picture of theirs, as the server describes it."""
        form = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + picture + b"\r\n--edge--\r\n"
        return json.loads(self.ask("POST", "/api/v2/media", i, form, "multipart/form-data; boundary=edge"))


def wrk(url, connections, *more, seconds=5):
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *more, url], stdout=subprocess.PIPE, text=True, check=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if bad:
        raise SystemExit(f"{url}: {bad.group(1)} answers were errors")
    return int(re.search(r"(\d+) requests in", out).group(1)), float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def measured(pid, work):
    before = cpu_s(pid)
    requests, rate = work()
    return (cpu_s(pid) - before) / requests * 1000, rate


def show(what, figure, bound):
    print(f"{what:58} {figure:>22}   {bound}", flush=True)


@contextlib.contextmanager
def nginx_serving(folder, content, name):
    """One nginx process that serves these bytes: its id, and where they are."""
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / name).write_bytes(content)
    port = free_port()
    (folder / "nginx.conf").write_text(f"""daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{ access_log off; default_type application/json; keepalive_requests 1000000; sendfile on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}""")
    nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield nginx.pid, f"http://127.0.0.1:{port}/{name}"
    finally:
        nginx.terminate()
        nginx.wait(10)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}")


def static_bytes(folder, content, name, seconds=5):
    """nginx serving the same bytes: CPU ms a request, and how many a second."""
    with nginx_serving(folder, content, name) as (pid, url):
        return measured(pid, lambda: wrk(url, 16, seconds=seconds))
