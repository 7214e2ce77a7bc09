"""Measures five proxies in turns, so that the machine's noise hits all of them, and prints medians. See run.sh."""
import argparse
import json
import os
import pathlib
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PRICES = ROOT / "conf" / "prices.json"
TICKS = os.sysconf("SC_CLK_TCK")
# Below the ports that clients are given (32768..60999).
JSON_BACKEND, SSE_BACKEND = 21000, 21001
PATH = "/v1/chat/completions"
# 40 events in a second; a stream that stays open half a minute.
SHORT, LONG = PATH + "?events=40&gap=25", PATH + "?events=30&gap=1000"
CONNECTIONS, RATE = 32, 400
OURS, OLD, ADMIN = "rollout-proxy", "rollout-proxy, old", 50
JVM = ["-Xmx512m"]


def classes(folder):
    return ["-cp", f"{folder}/target/classes:{folder}/target/lib/*"]


def family(pid):
    """A process and its workers."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [each for child in children for each in family(int(child))]


def cpu_seconds(pid):
    fields = (pathlib.Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split() for each in family(pid))
    return sum(int(field[11]) + int(field[12]) for field in fields) / TICKS


def rss_kb(pid):
    return sum(int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{each}/status").read_text())[1]) for each in family(pid))


def allocated_kb(admin):
    """What a proxy of ours has allocated until its last garbage collection."""
    with urllib.request.urlopen(f"http://127.0.0.1:{admin}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    return float(re.search(r"^rollout_jvm_gc_memory_allocated_bytes_total(?:{.*})? (\S+)", text, re.M)[1]) / 1024


class Lab:
    def __init__(self, folder, old, only):
        self.folder, self.processes, self.old, self.only = folder, [], old, only

    def file(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def start(self, name, command, port):
        log = open(self.folder / f"{name}.log", "w", encoding="utf-8")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
        self.processes.append(process)
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                    if answer.status == 200:
                        return process
            except OSError:
                pass
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"compare: {name} did not start: {(self.folder / (name + '.log')).read_text()[-2000:]}")

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

    def ours(self, jar, port, backend):
        """(command, port) of a jar of ours; its admin port is ADMIN above."""
        # In a directory of its own, for all that happens there wakes the watch of the configuration.
        (self.folder / f"conf-{port}").mkdir(exist_ok=True)
        proxy = self.file(f"conf-{port}/proxy.json", json.dumps({
            "server": {"host": "127.0.0.1", "port": port, "eventLoops": 1}, "admin": {"port": port + ADMIN}, "provider": "foundry",
            "providers": {"foundry": {"url": f"http://127.0.0.1:{backend}", "pool": {"maxConnections": 12000}},
                          "legacy": {"url": f"http://127.0.0.1:{backend}"}},
            "prices": str(PRICES), "state": {"dir": ""}, "drain": {"delay": "0s", "timeout": "2s"}}))
        return ["java", *JVM, "-jar", str(jar), "run", "--config", proxy], port

    def proxies(self, base, backend):
        """name -> (command, port), each before the same backend."""
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
        every = {
            OURS: self.ours(ROOT / "target/rollout-proxy.jar", base, backend),
            "nginx": (self.nginx(f"nginx-{base}", f"upstream b {{ server 127.0.0.1:{backend}; keepalive 512; keepalive_requests 100000000; }}"
                                 f"server {{ listen 127.0.0.1:{base + 1} backlog=8192; location / {{ proxy_pass http://b; proxy_http_version 1.1;"
                                 " proxy_set_header Connection ''; proxy_buffering off; } }"), base + 1),
            "HAProxy": (["haproxy", "-f", haproxy], base + 2),
            "vertx-http-proxy": (["java", *JVM, *classes(HERE / "bare"), "loadtest.Bare", str(base + 3), str(backend)], base + 3),
            "Spring Cloud Gateway": (["java", *JVM, "-Dreactor.netty.ioWorkerCount=1", *classes(HERE / "spring"), "loadtest.Gateway",
                                      f"--server.port={base + 4}", "--server.address=127.0.0.1",
                                      "--spring.cloud.gateway.server.webflux.httpclient.pool.type=elastic",
                                      "--spring.cloud.gateway.server.webflux.routes[0].id=all",
                                      f"--spring.cloud.gateway.server.webflux.routes[0].uri=http://127.0.0.1:{backend}",
                                      "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/**"], base + 4),
        }
        if self.old:
            every[OLD] = self.ours(self.old, base + 5, backend)
        if self.only - set(every):
            raise SystemExit(f"compare: --only {'; '.join(sorted(self.only - set(every)))} (expected: some of {'; '.join(every)})")
        return {name: each for name, each in every.items() if not self.only or name in self.only}

    def client(self, port, path, stream, total, gap_micros):
        return subprocess.Popen(["java", "-Xmx512m", *classes(HERE.parent / "backend"), "loadtest.Client", str(port), path,
                                 str(stream).lower(), str(total), str(gap_micros)], stdout=subprocess.PIPE, text=True)


def limit():
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65_536)


def wrk(port, seconds):
    text = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / "post.lua"), f"http://127.0.0.1:{port}{PATH}"],
                          capture_output=True, text=True, check=True).stdout
    late = re.search(r"timeout ([1-9]\d*)", text)
    if late:
        print(f"compare: port {port}: {late[1]} answers took over 10 s", file=sys.stderr)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (?!connect 0, read 0, write 0).*", text)
    if bad:
        raise SystemExit(f"compare: port {port}: {bad[0]} (expected: none)")
    return int(re.search(r"(\d+) requests in", text)[1])


def result(client, name):
    out = client.communicate(timeout=180)[0]
    answer = json.loads(out)
    if answer["failed"]:
        print(f"compare: {name}: {answer['failed']} of {answer['failed'] + answer['completed']} failed: {answer['reason']}", file=sys.stderr)
    return answer


def measure(lab, options, stream):
    """name -> medians of CPU in microseconds, p50 and p99."""
    backend = SSE_BACKEND if stream else JSON_BACKEND
    proxies = lab.proxies(22100 if stream else 22000, backend)
    running = {name: (lab.start(f"{name}-{stream}", command, port), port) for name, (command, port) in proxies.items()}
    total = (150 if stream else RATE) * options.seconds
    gap = 1_000_000 * options.seconds // total
    figures = {name: {"cpu": [], "p50": [], "p99": [], "kb": []} for name in ["none", *running]}
    for name, (_, port) in running.items():
        if stream:
            result(lab.client(port, SHORT, True, 200 * options.warm, 5_000), name)
        else:
            wrk(port, options.warm)
    for _ in range(options.rounds):
        for name in figures:
            process, port = running.get(name, (None, backend))
            if process and not stream:
                cpu, allocated = cost_of(name, process, port, options.seconds)
                figures[name]["cpu"].append(cpu)
                figures[name]["kb"].append(allocated)
            before = cpu_seconds(process.pid) if process else 0
            answer = result(lab.client(port, SHORT if stream else PATH, stream, total, gap), name)
            if process and stream:
                figures[name]["cpu"].append(1e6 * (cpu_seconds(process.pid) - before) / max(1, answer["completed"]))
            figures[name]["p50"].append(answer["p50"])
            figures[name]["p99"].append(answer["p99"])
    lab.stop([process for process, _ in running.values()])
    return {name: {key: statistics.median(values) if values else 0 for key, values in row.items()} for name, row in figures.items()}


def cost_of(name, process, port, seconds):
    """Microseconds of CPU, and kilobytes allocated where the proxy is ours, per request under wrk."""
    ours = name in (OURS, OLD)
    before, allocated = cpu_seconds(process.pid), allocated_kb(port + ADMIN) if ours else 0
    requests = wrk(port, seconds)
    cpu = 1e6 * (cpu_seconds(process.pid) - before) / requests
    return cpu, (allocated_kb(port + ADMIN) - allocated) / requests if ours else 0


def hold(lab, count):
    """name -> memory before, with all streams open, and streams that broke."""
    rows = {}
    for name, (command, port) in lab.proxies(22200, SSE_BACKEND).items():
        process = lab.start(f"{name}-{count}", command, port)
        result(lab.client(port, SHORT, True, 100, 10_000), name)
        before = rss_kb(process.pid)
        client, most = lab.client(port, LONG, True, count, 8_000_000 // count), before
        while client.poll() is None:
            most = max(most, rss_kb(process.pid))
            time.sleep(0.5)
        rows[name] = (before, most, result(client, name)["failed"])
        lab.stop([process])
    return rows


def table(title, unit, rows):
    base = next(name for name in ("nginx", OLD, *rows) if name in rows and name != "none")
    print(f"\n**{title}**\n\n| | CPU per {unit}, µs | × {base} | kB allocated | p50 added, ms | p99 added, ms |\n|---|---|---|---|---|---|")
    for name, row in rows.items():
        if name != "none":
            added = [(row[key] - rows["none"][key]) / 1000 for key in ("p50", "p99")]
            allocated = f"{row['kb']:.1f}" if row["kb"] else "–"
            print(f"| {name} | {row['cpu']:.0f} | {row['cpu'] / rows[base]['cpu']:.2f} | {allocated} | {added[0]:.2f} | {added[1]:.2f} |")
    print(f"\nWithout a proxy: p50 {rows['none']['p50'] / 1000:.2f} ms, p99 {rows['none']['p99'] / 1000:.2f} ms.", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="run.sh")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8, help="of each measurement")
    parser.add_argument("--warm", type=int, default=30, help="seconds of load before the first round, for the JIT compilers")
    parser.add_argument("--streams", type=int, default=1000, help="streams open at a time; 0 leaves this out")
    parser.add_argument("--parts", default="json,sse,streams", help="which measurements are made")
    parser.add_argument("--old", type=pathlib.Path, metavar="JAR", help="another version of this proxy, to be measured as well")
    parser.add_argument("--only", default="", metavar="NAMES", help="the proxies that are measured, with semicolons between")
    options = parser.parse_args()
    if options.old and not options.old.is_file():
        parser.error(f"--old: {options.old} (expected: a jar)")
    options.old = options.old and options.old.resolve()
    parts = set(options.parts.split(","))
    if parts - {"json", "sse", "streams"}:
        parser.error(f"--parts: {options.parts} (expected: some of json,sse,streams)")
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
            lab.start("json", lab.nginx("json", f"server {{ listen 127.0.0.1:{JSON_BACKEND} backlog=8192; location / {{ default_type application/json;"
                                                f" return 200 '{answer}'; }} }}"), JSON_BACKEND)
            lab.start("sse", ["java", "-Xmx1g", *classes(HERE.parent / "backend"), "loadtest.Backend", str(SSE_BACKEND), str(PRICES), "1", "fixed", "0"],
                      SSE_BACKEND)
            print(f"{options.rounds} rounds of {options.seconds} s in turns after {options.warm} s of warming each; medians; one event loop or worker each;"
                  f" {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
            if "json" in parts:
                table(f"JSON, 1 KB in and out: CPU under wrk with {CONNECTIONS} connections, latency at {RATE} requests/s", "request", measure(lab, options, False))
            if "sse" in parts:
                table("SSE, 40 events in a second, 150 streams/s: latency of the first event", "stream", measure(lab, options, True))
            if "streams" in parts and options.streams:
                print(f"\n**{options.streams} streams open at a time**\n\n| | RSS before, MB | RSS with all open, MB | kB per stream | broken |\n|---|---|---|---|---|")
                for name, (before, most_kb, broken) in hold(lab, options.streams).items():
                    print(f"| {name} | {before / 1024:.0f} | {most_kb / 1024:.0f} | {(most_kb - before) / options.streams:.1f} | {broken} |")
        finally:
            lab.stop()


if __name__ == "__main__":
    main()
