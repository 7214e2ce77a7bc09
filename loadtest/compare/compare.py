"""Measures proxies in turns, so that the machine's noise hits all of them, and prints medians. See run.sh."""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
import measure as used  # noqa: E402

PRICES = ROOT / "conf" / "prices.json"
# Below the ports that clients are given (32768..60999).
JSON_BACKEND, SSE_BACKEND = 21000, 21001
PATH = "/v1/chat/completions"
# 40 events in a second; a stream that stays open half a minute.
SHORT, LONG = PATH + "?events=40&gap=25", PATH + "?events=30&gap=1000"
CONNECTIONS, RATE = 32, 400
OURS, TWO, OLD, ADMIN = "rollout-proxy", "rollout-proxy, two loops", "rollout-proxy, old", 50
HEAP = "-XX:+UseSerialGC -Xmx512m"
ANY = ssl._create_unverified_context()
BARE = "vertx-http-proxy"
PARTS = ("json", "sse", "loops", "collectors", "http2", "large", "streams")
# What the parts measure beside each other; the others measure all.
LOOPS, HTTP2 = (OURS, TWO), (OURS, BARE, "Vert.x pipe", "nginx")
# By the heap of the image's task in deploy/terraform, 70 % of 2 GB.
COLLECTORS = {f"{OURS}, {flag}": f"-XX:+Use{flag}GC -Xmx1433m" for flag in ("Serial", "Parallel", "G1")}
LARGE, LARGE_BYTES = (OURS, BARE, "Vert.x pipe", "nginx"), 100 << 20


def classes(folder):
    return ["-cp", f"{folder}/target/classes:{folder}/target/lib/*"]


class Lab:
    def __init__(self, folder, old, only):
        self.folder, self.processes, self.old, self.only = folder, [], old, only

    def file(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def start(self, name, command, port, scheme="http"):
        log = open(self.folder / f"{name}.log", "w", encoding="utf-8")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
        self.processes.append(process)
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{scheme}://127.0.0.1:{port}/health", timeout=5, context=ANY) as answer:
                    if answer.status == 200:
                        return process
            except OSError:
                pass
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"compare: {name} did not start: {(self.folder / (name + '.log')).read_text()[-2000:]}")

    def log(self, name):
        """Where a Java process of that name tells its garbage collections."""
        return self.folder / f"{name}.gc"

    def java(self, name, *arguments, flags=HEAP):
        return ["java", *flags.split(), f"-Xlog:gc:file={self.log(name)}:time:filecount=0", *arguments]

    def stop(self, processes=None):
        for process in processes or self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in processes or self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def nginx(self, name, body):
        return ["nginx", "-p", str(self.folder), "-c", self.file(f"{name}.conf", f"""
daemon off; pid {self.folder}/{name}.pid; error_log stderr; worker_processes 1; worker_rlimit_nofile {limit()};
events {{ worker_connections {limit()}; }}
http {{ access_log off; keepalive_requests 100000000; client_body_temp_path {self.folder}/{name}.body; proxy_temp_path {self.folder}/{name}.proxy;
fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
{body} }}""")]

    def certificate(self):
        """(certificate, key) of 127.0.0.1."""
        names = str(self.folder / "certificate.pem"), str(self.folder / "key.pem")
        if not os.path.exists(names[0]):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=IP:127.0.0.1", "-out", names[0], "-keyout", names[1]], check=True, capture_output=True)
        return names

    def ours(self, name, jar, port, backend, loops=1, tls=(), flags=HEAP):
        """(command, port) of a jar of ours; its admin port is ADMIN above."""
        # In a directory of its own, for all that happens there wakes the watch of the configuration.
        (self.folder / f"conf-{port}").mkdir(exist_ok=True)
        proxy = self.file(f"conf-{port}/proxy.json", json.dumps({
            "server": {"host": "127.0.0.1", "port": port, "eventLoops": loops, "maxBodyBytes": 2 * LARGE_BYTES, **({"tls": {"certificate": tls[0], "key": tls[1]}} if tls else {})}, "admin": {"port": port + ADMIN}, "provider": "foundry",
            "providers": {"foundry": {"url": f"http://127.0.0.1:{backend}", "pool": {"maxConnections": 12000}},
                          "legacy": {"url": f"http://127.0.0.1:{backend}"}},
            "prices": str(PRICES), "state": {"dir": ""}, "drain": {"delay": "0s", "timeout": "2s"}}))
        return self.java(name, "-jar", str(jar), "run", "--config", proxy, flags=flags), port

    def proxies(self, base, backend, names=(), tls=()):
        """name -> (command, port), each before the same backend: those of the names, or all but those that are this proxy otherwise started.

        tls is a certificate and its key, with which those of HTTP2 listen.
        """
        haproxy = self.file(f"haproxy-{base}.cfg", f"""
global
  maxconn {limit() // 2 - 200}
  nbthread 1
defaults
  mode http
  option http-no-delay
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend f
  bind 127.0.0.1:{base + 2}
  default_backend b
backend b
  server s 127.0.0.1:{backend}
""")
        secure = f" ssl http2; ssl_certificate {tls[0]}; ssl_certificate_key {tls[1]}" if tls else ""
        every = {
            OURS: self.ours(f"ours-{base}", ROOT / "target/rollout-proxy.jar", base, backend, 1, tls),
            "nginx": (self.nginx(f"nginx-{base}", f"upstream b {{ server 127.0.0.1:{backend}; keepalive 512; keepalive_requests 100000000; }}"
                                 f"server {{ listen 127.0.0.1:{base + 1} backlog=8192{secure}; client_max_body_size 0; proxy_request_buffering off; location / {{ proxy_pass http://b; proxy_http_version 1.1;"
                                 " proxy_set_header Connection ''; proxy_buffering off; } }"), base + 1),
            "HAProxy": (["haproxy", "-f", haproxy], base + 2),
            BARE: (self.java(f"bare-{base}", *classes(HERE / "bare"), "loadtest.Bare", str(base + 3), str(backend), *tls), base + 3),
            "Vert.x pipe": (self.java(f"pipe-{base}", *classes(HERE / "bare"), "loadtest.VertxPipe", str(base + 6), str(backend), *tls), base + 6),
            "Netty's codecs": (self.java(f"codecs-{base}", *classes(HERE / "bare"), "loadtest.NettyPipe", str(base + 7), str(backend), "codecs"), base + 7),
            "raw Netty": (self.java(f"raw-{base}", *classes(HERE / "bare"), "loadtest.NettyPipe", str(base + 8), str(backend), "raw"), base + 8),
            "Spring Cloud Gateway": (self.java(f"spring-{base}", "-Dreactor.netty.ioWorkerCount=1", *classes(HERE / "spring"), "loadtest.Gateway",
                                               f"--server.port={base + 4}", "--server.address=127.0.0.1",
                                               "--spring.cloud.gateway.server.webflux.httpclient.pool.type=elastic",
                                               "--spring.cloud.gateway.server.webflux.routes[0].id=all",
                                               f"--spring.cloud.gateway.server.webflux.routes[0].uri=http://127.0.0.1:{backend}",
                                               "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/**"), base + 4),
            TWO: self.ours(f"two-{base}", ROOT / "target/rollout-proxy.jar", base + 9, backend, 2),
        }
        for at, (name, flags) in enumerate(COLLECTORS.items()):
            every[name] = self.ours(f"collector{at}-{base}", ROOT / "target/rollout-proxy.jar", base + 10 + at, backend, flags=flags)
        if self.old:
            every[OLD] = self.ours(f"old-{base}", self.old, base + 5, backend)
        if self.only - set(every):
            raise SystemExit(f"compare: --only {'; '.join(sorted(self.only - set(every)))} (expected: some of {'; '.join(every)})")
        chosen = names or [name for name in every if name != TWO and name not in COLLECTORS]
        return {name: every[name] for name in chosen if not self.only or name in self.only}

    def client(self, port, path, stream, total, gap_micros):
        return subprocess.Popen(["java", "-Xmx512m", *classes(HERE.parent / "backend"), "loadtest.Client", str(port), path,
                                 str(stream).lower(), str(total), str(gap_micros)], stdout=subprocess.PIPE, text=True)


def limit():
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65_536)


def wrk(port, seconds):
    """The requests that were answered in that time."""
    text = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / "post.lua"), f"http://127.0.0.1:{port}{PATH}"],
                          capture_output=True, text=True, check=True).stdout
    late = re.search(r"timeout ([1-9]\d*)", text)
    if late:
        print(f"compare: port {port}: {late[1]} answers took over 10 s", file=sys.stderr)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (?!connect 0, read 0, write 0).*", text)
    if bad:
        raise SystemExit(f"compare: port {port}: {bad[0]} (expected: none)")
    return int(re.search(r"(\d+) requests in", text)[1])


def h2load(port, seconds, body):
    """The same over HTTP/2 and TLS: four connections with eight streams each."""
    text = subprocess.run(["h2load", "-t1", "-c4", "-m8", f"-D{seconds}", "-d", body, "-H", "content-type: application/json", f"https://127.0.0.1:{port}{PATH}"],
                          capture_output=True, text=True, check=True).stdout
    codes = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", text)
    if not codes or int(codes[1]) == 0 or any(int(codes[i]) for i in (2, 3, 4)):
        raise SystemExit(f"compare: port {port}: {codes and codes[0] or text} (expected: 2xx alone)")
    return int(codes[1])


def transfers(port, seconds, arguments):
    """How often curl was through in about that time, at least twice."""
    end, count = time.monotonic() + seconds, 0
    while count < 2 or time.monotonic() < end:
        subprocess.run(["curl", "-sS", "--fail", "--max-time", "60", "-o", "/dev/null", *[each.replace("PORT", str(port)) for each in arguments]], check=True)
        count += 1
    return count


def result(client, name):
    out = client.communicate(timeout=180)[0]
    answer = json.loads(out)
    if answer["failed"]:
        print(f"compare: {name}: {answer['failed']} of {answer['failed'] + answer['completed']} failed: {answer['reason']}", file=sys.stderr)
    return answer


def measure(lab, options, proxies, drive, latency=None, direct=None, scheme="http"):
    """name -> medians: microseconds of processor time by kind of thread and in all, kB allocated, milliseconds of latency and of pauses.

    drive(port, seconds) is the load under which the processor time is taken, and returns (its requests, its latencies or None);
    latency(port) tells them at a fixed rate otherwise. direct is the backend's port.
    """
    running = {name: (lab.start(f"{name}-{port}", command, port, scheme), port) for name, (command, port) in proxies.items()}
    logs = {name: gc_log(command) for name, (command, _) in proxies.items()}
    figures = {name: {key: [] for key in ("cpu", *used.KINDS, "kb", "p50", "p99")} for name in ["none", *running]}
    spans = {name: [] for name in running}
    for _, port in running.values():
        drive(port, options.warm)
    for _ in range(options.rounds):
        for name, row in figures.items():
            process, port = running.get(name, (None, direct))
            times = None
            if process:
                before, begin = used.Cpu(process.pid), time.time()
                count, times = drive(port, options.seconds)
                end = time.time()
                for kind, each in used.Cpu(process.pid).since(before).items():
                    row[kind].append(1e6 * each / count)
                row["kb"].append(used.allocated_a_second(used.collections(logs[name]), begin, end) * (end - begin) / count / 1024)
                spans[name].append((begin, end))
            elif direct and not latency:
                times = drive(direct, options.seconds)[1]
            if latency and port:
                begin = time.time()
                times = latency(port)
                spans.get(name, []).append((begin, time.time()))
            if times:
                row["p50"].append(times["p50"] / 1000)
                row["p99"].append(times["p99"] / 1000)
    lab.stop([process for process, _ in running.values()])
    medians = {name: {key: statistics.median(values) if values else 0 for key, values in row.items()} for name, row in figures.items()}
    for name, times in spans.items():
        pauses = [each for each in used.collections(logs[name]) if any(begin <= each[0] <= end for begin, end in times)]
        medians[name]["pause"] = used.pause_p90(pauses, 0, float("inf"))
    return medians


def gc_log(command):
    return next((pathlib.Path(each.split("file=")[1].split(":")[0]) for each in command if each.startswith("-Xlog:gc")), None)


def hold(lab, count):
    """name -> memory before, with all streams open, and streams that broke."""
    rows = {}
    for name, (command, port) in lab.proxies(22200, SSE_BACKEND).items():
        process = lab.start(f"{name}-{count}", command, port)
        result(lab.client(port, SHORT, True, 100, 10_000), name)
        before = used.rss_kb(process.pid)
        client, most = lab.client(port, LONG, True, count, 8_000_000 // count), before
        while client.poll() is None:
            most = max(most, used.rss_kb(process.pid))
            time.sleep(0.5)
        rows[name] = (before, most, result(client, name)["failed"])
        lab.stop([process])
    return rows


def table(title, unit, rows):
    """Prints them; a dash is what was not measured, or is not there."""
    bases = [name for name in ("nginx", BARE, OLD) if name in rows] or [next(name for name in rows if name != "none")]
    kinds = " | ".join(f"{kind}, µs" for kind in used.KINDS)
    print(f"\n**{title}**\n\n| | CPU per {unit}, µs | {' | '.join(f'× {base}' for base in bases)} | {kinds} | kB allocated | p50 added, ms | p99 added, ms"
          f" | GC pause p90, ms |\n|---{'|---' * (len(bases) + len(used.KINDS) + 5)}|")
    for name, row in rows.items():
        if name != "none":
            added = [row[key] - rows["none"][key] if row[key] else None for key in ("p50", "p99")]
            cells = [f"{row['cpu']:.1f}", *[f"{row['cpu'] / rows[base]['cpu']:.2f}" for base in bases], *[f"{row[kind]:.1f}" for kind in used.KINDS],
                     f"{row['kb']:.1f}" if row["kb"] else "–", *["–" if each is None else f"{each:.2f}" for each in added],
                     f"{row['pause']:.1f}" if row["pause"] else "–"]
            print(f"| {name} | {' | '.join(cells)} |")
    if rows["none"]["p50"]:
        print(f"\nWithout a proxy: p50 {rows['none']['p50']:.2f} ms, p99 {rows['none']['p99']:.2f} ms.", flush=True)
    sys.stdout.flush()


def run(lab, options, parts, large):
    """The tables of the parts that measure processor time."""
    def whole(port):
        return result(lab.client(port, PATH, False, RATE * options.seconds, 1_000_000 // RATE), port)

    def streams(port, seconds):
        answer = result(lab.client(port, SHORT, True, 150 * seconds, 1_000_000 // 150), port)
        return max(1, answer["completed"]), answer

    def requests(port, seconds):
        return wrk(port, seconds), None

    if "json" in parts:
        table(f"JSON, 1 KB in and out: CPU under wrk with {CONNECTIONS} connections, latency at {RATE} requests/s", "request",
              measure(lab, options, lab.proxies(22000, JSON_BACKEND), requests, whole, JSON_BACKEND))
    if "sse" in parts:
        table("SSE, 40 events in a second, 150 streams/s: latency of the first event", "stream",
              measure(lab, options, lab.proxies(22100, SSE_BACKEND), streams, direct=SSE_BACKEND))
    if "loops" in parts:
        table(f"The same JSON by one event loop and by two, under wrk with {CONNECTIONS} connections", "request",
              measure(lab, options, lab.proxies(22300, JSON_BACKEND, LOOPS), requests))
    if "collectors" in parts:
        table("The same JSON by the collectors of the JVM, with the image's heap", "request",
              measure(lab, options, lab.proxies(22600, JSON_BACKEND, tuple(COLLECTORS)), requests, whole, JSON_BACKEND))
    if "http2" in parts:
        body = lab.file("body.json", json.dumps({"model": "Phi-4-mini", "user": "user-7", "messages": [{"role": "user", "content": "a question " * 90}]}))
        table("The same JSON from clients over HTTP/2 and TLS: h2load with 4 connections of 8 streams", "request",
              measure(lab, options, lab.proxies(22400, JSON_BACKEND, HTTP2, lab.certificate()), lambda port, seconds: (h2load(port, seconds, body), None),
                      scheme="https"))
    if "large" in parts:
        for title, arguments in (("Answers of 100 MB", ["http://127.0.0.1:PORT/v1/files/file-1/content"]),
                                 ("Requests of 100 MB", ["-H", "Expect:", "-X", "POST", "-T", str(large), "http://127.0.0.1:PORT/v1/files"])):
            table(title, "transfer", measure(lab, options, lab.proxies(22500, JSON_BACKEND, LARGE),
                                             lambda port, seconds, sent=arguments: (transfers(port, min(seconds, 10), sent), None)))


def main():
    parser = argparse.ArgumentParser(prog="run.sh")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8, help="of each measurement")
    parser.add_argument("--warm", type=int, default=30, help="seconds of load before the first round, for the JIT compilers")
    parser.add_argument("--streams", type=int, default=1000, help="streams open at a time; 0 leaves this out")
    parser.add_argument("--parts", default="json,sse,streams", help=f"which measurements are made, of {','.join(PARTS)}")
    parser.add_argument("--old", type=pathlib.Path, metavar="JAR", help="another version of this proxy, to be measured as well")
    parser.add_argument("--only", default="", metavar="NAMES", help="the proxies that are measured, with semicolons between")
    options = parser.parse_args()
    if options.old and not options.old.is_file():
        parser.error(f"--old: {options.old} (expected: a jar)")
    options.old = options.old and options.old.resolve()
    parts = set(options.parts.split(","))
    if parts - set(PARTS):
        parser.error(f"--parts: {options.parts} (expected: some of {','.join(PARTS)})")
    if "http2" in parts and not shutil.which("h2load"):
        parser.error("--parts: http2 needs h2load (expected: apt-get install nghttp2-client)")
    most = min(10_000, limit() // 2 - 300)
    if options.streams > most:
        print(f"compare: {options.streams} streams need more descriptors than {limit()}; {most} are opened", file=sys.stderr)
        options.streams = most
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit(), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    answer = json.dumps({"id": "chatcmpl-1", "object": "chat.completion", "model": "Phi-4-mini",
                         "choices": [{"index": 0, "message": {"role": "assistant", "content": "word " * 180}, "finish_reason": "stop"}],
                         "usage": {"prompt_tokens": 250, "completion_tokens": 180, "total_tokens": 430}})
    with tempfile.TemporaryDirectory(prefix="rollout-compare.") as folder:
        lab = Lab(pathlib.Path(folder), options.old, set(filter(None, options.only.split(";"))))
        pathlib.Path(folder).chmod(0o755)
        try:
            large = pathlib.Path(folder) / "large"
            with large.open("wb") as out:
                out.truncate(LARGE_BYTES if "large" in parts else 0)
            large.chmod(0o644)
            lab.start("json", lab.nginx("json", f"""sendfile on; server {{ listen 127.0.0.1:{JSON_BACKEND} backlog=8192; client_max_body_size 0;
proxy_request_buffering off; location / {{ default_type application/json; return 200 '{answer}'; }}
location = /v1/files {{ proxy_pass http://127.0.0.1:{SSE_BACKEND}; proxy_http_version 1.1; }}
location = /v1/files/file-1/content {{ default_type application/octet-stream; alias {large}; }} }}"""), JSON_BACKEND)
            lab.start("sse", ["java", "-Xmx1g", *classes(HERE.parent / "backend"), "loadtest.Backend", str(SSE_BACKEND), str(PRICES), "1", "fixed", "0"],
                      SSE_BACKEND)
            print(f"{options.rounds} rounds of {options.seconds} s in turns after {options.warm} s of warming each; medians; one event loop or worker each;"
                  f" {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start", flush=True)
            run(lab, options, parts, large)
            if "streams" in parts and options.streams:
                print(f"\n**{options.streams} streams open at a time**\n\n| | RSS before, MB | RSS with all open, MB | kB per stream | broken |\n|---|---|---|---|---|")
                for name, (before, most_kb, broken) in hold(lab, options.streams).items():
                    print(f"| {name} | {before / 1024:.0f} | {most_kb / 1024:.0f} | {(most_kb - before) / options.streams:.1f} | {broken} |")
        finally:
            lab.stop()


if __name__ == "__main__":
    main()
