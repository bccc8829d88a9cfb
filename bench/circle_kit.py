"""What the benches of a running server share: the server itself, its own CPU, a client, wrk, and nginx as a bound.

CPU is the server process's own (/proc/PID/task/*/schedstat), so a busy machine changes it little; wall-clock figures on a shared machine are
for orientation. Everything listens on the loopback and ends by itself.
"""

import contextlib
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


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


class Server:
    def __init__(self, kith, data, *more):
        before = time.monotonic()
        self.process = subprocess.Popen([kith, "serve", "--data", data, "--listen", "127.0.0.1:0", *more], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.ready_s = time.monotonic() - before
        self.pid = self.process.pid
        self.origin = line.split()[-1]
        self.port = int(self.origin.rsplit(":", 1)[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(30) != 0:
            raise SystemExit("the server did not end well")


class Client:
    def __init__(self, port):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, method, path, i, body=None):
        headers = {"Authorization": f"Bearer {token(i)}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.http.request(method, path, body=body, headers=headers)
        answer = self.http.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:200]}")
        return content


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


def static_bytes(folder, content, name, seconds=5):
    """nginx serving the same bytes: CPU ms a request, and how many a second."""
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / name).write_bytes(content)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    (folder / "nginx.conf").write_text(f"""daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{ access_log off; default_type application/json; keepalive_requests 1000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}""")
    nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        return measured(nginx.pid, lambda: wrk(f"http://127.0.0.1:{port}/{name}", 16, seconds=seconds))
    finally:
        nginx.terminate()
        nginx.wait(10)
