#!/usr/bin/env python3
"""What one replica without `cluster` costs, of several jars beside each other.

Usage: loadtest/bars.py [--rounds N] [--requests N] NAME=JAR NAME=JAR [NAME=JAR …]

Each round starts each jar once, in turns, so that noise hits all of them alike: the time and the CPU until it is ready, its
memory then, after --requests requests to warm up its CPU for as many more, and its memory at the end. Only the first
compiler of the JVM is used: the second one's own time would be most of the noise. Medians of the rounds, and each beside
the first jar's. Needs a JDK of 17; the backend and the clients are this script's.
"""

import argparse
import http.client
import http.server
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

CLIENTS = 4
PATIENCE = 120
TICK = os.sysconf("SC_CLK_TCK")
OPTIONS = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
ANSWER = b'{"model":"gpt-4o-mini","output":"hello","usage":{"input_tokens":10,"output_tokens":2}}'
FIGURES = [
    ("start", "ms"), ("start_cpu", "ms CPU"), ("rss", "MB when ready"), ("cpu", "µs CPU a request"), ("rss_end", "MB at the end"),
    ("ports", "listening"), ("jar", "MB jar"),
]


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    do_GET = do_POST = do_HEAD = answer

    def log_message(self, *_):
        pass


def backend():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu(pid):
    """User and system time in seconds."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def rss(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"{pid}: no VmRSS")


def listening(pid):
    inodes = set()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(os.readlink(link))
        except OSError:
            pass
    found = 0
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            found += fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes
    return found


def send(port, count):
    def client(number):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for i in range(count // CLIENTS):
            body = json.dumps({"model": "gpt-4o-mini", "prompt": f"hello {number} {i}"})
            connection.request("POST", "/route", body, {"Content-Type": "application/json", "X-User-ID": f"u{i % 500}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise AssertionError(f"{answer.status} (expected: 200)")

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure(jar, url, requests, folder):
    port, admin = free_port(), free_port()
    path = pathlib.Path(folder) / "proxy.json"
    path.write_text(json.dumps({
        "server": {"host": "127.0.0.1", "port": port, "eventLoops": 2}, "admin": {"port": admin}, "provider": "canary",
        "providers": {"foundry": {"url": url}, "legacy": {"url": url}}, "accessLog": {"enabled": False},
        "drain": {"delay": "0s", "timeout": "1s"},
    }))
    began = time.monotonic()
    process = subprocess.Popen(["java", *OPTIONS, "-jar", jar, "run", "--config", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    break
            except OSError:
                pass
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise AssertionError(f"{jar}: not ready")
            time.sleep(0.005)
        row = {"start": 1000 * (time.monotonic() - began), "start_cpu": 1000 * cpu(process.pid)}
        time.sleep(2)
        row.update(rss=rss(process.pid), ports=listening(process.pid), jar=os.path.getsize(jar) / 1e6)
        send(port, requests)
        before = cpu(process.pid)
        send(port, requests)
        row.update(cpu=1e6 * (cpu(process.pid) - before) / requests, rss_end=rss(process.pid))
        return row
    finally:
        process.kill()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("jars", nargs="+", metavar="NAME=JAR")
    options = parser.parse_args()
    jars = dict(each.split("=", 1) for each in options.jars)
    url = backend()
    rows = {name: [] for name in jars}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            # Another one begins each round.
            names = list(jars)
            for name in names[number % len(names):] + names[:number % len(names)]:
                rows[name].append(measure(jars[name], url, options.requests, folder))
                print(f"round {number + 1}, {name}: {', '.join(f'{k} {v:.1f}' for k, v in rows[name][-1].items())}", file=sys.stderr, flush=True)
    first = next(iter(jars))
    print("| | " + " | ".join(jars) + " |\n|---|" + "---:|" * len(jars))
    for key, unit in FIGURES:
        medians = {name: statistics.median(row[key] for row in rows[name]) for name in jars}
        cells = [f"{medians[name]:.1f}" + ("" if name == first else f" ({100 * (medians[name] / medians[first] - 1):+.1f} %)") for name in jars]
        print(f"| {key}, {unit} | " + " | ".join(cells) + " |")
    print(f"\n{options.rounds} rounds, {options.requests} requests each, load {os.getloadavg()[1]:.0f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
