"""Starts backends and proxy, lets Gatling send, disturbs, checks the books, and tells the CPU. See run.sh."""
import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import quota
import scaling

HERE = pathlib.Path(__file__).resolve().parent
PRICES = HERE.parent / "conf" / "prices.json"
FOUNDRY, LEGACY, PROXY, ADMIN = (f"http://127.0.0.1:{port}" for port in (28000, 28001, 28080, 29090))
RUNS = {"steady": 20, "spike": 30, "soak": 300, "failover": 20, "rollback": 20, "reload": 20, "scale": 1_200}
# The model of those who leave in the middle: its cost can only be estimated.
LEFT = "DeepSeek-R1"
TICKS = os.sysconf("SC_CLK_TCK")
TERRAFORM = HERE.parent / "deploy" / "terraform"


def terraform(name):
    return (TERRAFORM / f"{name}.tf").read_text(encoding="utf-8")


POLICY = scaling.read_policy(terraform("autoscaling"))


def ask(url, method="GET", body=None):
    """Status and body, whatever the status."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def ledger(url):
    return json.loads(ask(url + "/ledger")[1])


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def meter(name):
    """The sum of a meter's series."""
    lines = ask(ADMIN + "/metrics")[1].splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(re.escape(name) + r"[ {]", line))


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.processes, self.failures = options, folder, [], []
        self.seen, self.gatling = {}, None
        self.quotas = quota.choose(["proxy", "foundry"]) if options.name == "scale" else quota.Shares([])
        self.config = folder / "proxy.json"

    def expect(self, holds, sentence):
        print(("ok      " if holds else "FAILED  ") + sentence, flush=True)
        if not holds:
            self.failures.append(sentence)

    def start(self, name, command, url):
        log = open(self.folder / f"{name}.log", "w", encoding="utf-8")
        process = subprocess.Popen(self.quotas.within(name, command), stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
        self.processes.append(process)
        for _ in range(300):
            try:
                if ask(url)[0] == 200:
                    return process
            except OSError:
                pass
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"run: {name} did not start: {(self.folder / (name + '.log')).read_text()[-2000:]}")

    def stop(self):
        self.end_gatling()
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.quotas.remove()

    def write_config(self, revision):
        settings = {
            "server": {"host": "127.0.0.1", "port": 28080}, "admin": {"port": 29090},
            "providers": {"foundry": {"url": FOUNDRY}, "legacy": {"url": LEGACY}},
            "prices": str(PRICES), "state": {"dir": ""}, "drain": {"delay": "0s", "timeout": "5s"},
            "alerts": {"cooldown": f"{5 + revision % 2}m"}, "timeouts": {"stream": f"{15 + revision}m"},
        }
        part = self.config.with_suffix(".part")
        part.write_text(json.dumps(settings), encoding="utf-8")
        part.replace(self.config)

    def backend(self, name, port, seed, url):
        classes = f"{HERE}/backend/target/classes:{HERE}/backend/target/lib/*"
        return self.start(name, ["java", *self.processors(), "-Xmx256m", "-cp", classes, "loadtest.Backend", str(port), str(PRICES),
                                 str(seed), "real", str(self.options.skew_ledger)], url + "/health")

    def processors(self):
        """A task of at most one vCPU has one processor; the quota comes later, so that a start is no part of it."""
        return ["-XX:ActiveProcessorCount=1"] if self.options.name == "scale" else []

    def disturb(self):
        """What happens half-way, after the traffic has begun."""
        # In scale all of it goes to Foundry, so that the router's load is what the proxy's is.
        while ledger(FOUNDRY if self.options.name == "scale" else LEGACY)["started"] == 0:
            time.sleep(0.1)
        self.seen["cpu"], self.seen["since"] = cpu_seconds(self.proxy.pid), time.time()
        self.seen["requests"] = meter("rollout_caller_requests_total")
        run, seconds = self.options.name, self.options.seconds
        if run == "scale":
            try:
                self.measure()
                self.seen["done"] = True
            finally:
                self.quotas.free()
                self.end_gatling()
            return
        if run == "reload":
            for revision in range(1, max(3, seconds // 2)):
                self.write_config(revision)
                self.seen.setdefault("reloads", []).append(ask(ADMIN + "/api/v1/config/reload", "POST", {}))
                time.sleep(1.5)
            self.config.write_text('{"server": {"prot": 1}}', encoding="utf-8")
            self.seen["refused"] = ask(ADMIN + "/api/v1/config/reload", "POST", {})
            self.write_config(revision)
            self.seen["done"] = True
            return
        time.sleep(seconds / 2)
        self.seen["rss"] = rss_mb(self.proxy.pid)
        if run == "failover":
            self.seen["open"] = ledger(FOUNDRY)["open"]
            self.foundry.kill()
        elif run == "rollback":
            self.seen["answer"] = ask(ADMIN + "/api/v1/canary/rollback", "POST", {"reason": "load test"})[0]
            time.sleep(0.25)
            self.seen["atFoundry"] = ledger(FOUNDRY)
        self.seen["done"] = True

    def measure(self):
        """Reads the CPU of both, period by period, until the policy has added a task to each, or the load is over."""
        options = self.options
        variables = terraform("variables")
        parts = {"proxy": ("rollout-proxy", "proxy", self.proxy), "foundry": ("ai-router", "router", self.foundry)}
        self.services = {}
        time.sleep(options.warm)
        for part, (service, file, process) in parts.items():
            task = scaling.read_service(terraform(file), variables, f"{file}_count")
            vcpus = task.cpu / 1024 * options.cpu_part
            self.quotas.limit(part, vcpus)
            self.services[service] = {"task": task, "vcpus": vcpus, "process": process, "measured": [], "actions": []}
        print(f"        {self.quotas.sentence}: " + ", ".join(f"{name} {each['vcpus']:g} vCPU" for name, each in self.services.items())
              + ("" if options.cpu_part == 1 else f" ({options.cpu_part:g} of its task's)"))
        if options.period != scaling.PERIOD_SECONDS:
            print(f"        SHORTENED: a minute is {options.period} s here, for the alarms and the cooldowns, too; with so little before it, much of the CPU is the JIT compilers'")
        print("        minute" + "".join(f"{name:>15}" for name in self.services) + "     requests/s")
        asked = meter("rollout_caller_requests_total")
        at, used = time.monotonic(), {name: cpu_seconds(each["process"].pid) for name, each in self.services.items()}
        for minute in range(1, options.seconds // options.period + 1):
            time.sleep(max(0, at + options.period - time.monotonic()))
            now = time.monotonic()
            for name, each in self.services.items():
                spent = cpu_seconds(each["process"].pid)
                each["measured"].append(100 * (spent - used[name]) / (now - at) / each["vcpus"])
                each["actions"] = scaling.replay(POLICY, each["task"], each["measured"])
                used[name] = spent
            try:
                total = meter("rollout_caller_requests_total")
            except OSError:
                total = asked  # Too busy to answer; the next minute tells.
            print(f"        {minute:6}" + "".join(f"{each['measured'][-1]:13.1f} %" for each in self.services.values())
                  + f"{(total - asked) / (now - at):15.1f}", flush=True)
            at, asked = now, total
            if all(each["actions"] for each in self.services.values()):
                break

    def end_gatling(self):
        if self.gatling is not None and self.gatling.poll() is None:
            os.killpg(self.gatling.pid, signal.SIGTERM)

    def check_scaling(self):
        for name, each in self.services.items():
            out = next((action for action in each["actions"] if action.after > action.before), None)
            highest = max(each["measured"], default=0)
            self.expect(out is not None, f"{name}: " + (
                f"AWS would have gone from {out.before} to {out.after} tasks after minute {out.minute}:"
                f" {', '.join(f'{percent:.1f} %' for percent in out.because)} (target: {POLICY.target:g} %)" if out else
                f"no task was added; at most {highest:.1f} % in a minute (expected: {scaling.HIGH_PERIODS} in a row over {POLICY.target:g} %)"))
            if out and self.options.period == scaling.PERIOD_SECONDS:
                below = [percent for percent in each["measured"][:out.minute] if percent <= POLICY.target]
                self.expect(below, f"{name}: minutes before that were not over it: {len(below)} (expected: at least 1)")
        print("        Not shown here, AWS alone can: how soon CloudWatch has the figures, how long a task takes to start and to be healthy,\n"
              "        how the load balancer spreads what is open already, what Fargate's processors do, and what the real router's CPU is.")

    def run(self):
        options = self.options
        self.write_config(0)
        self.foundry = self.backend("foundry", 28000, 1, FOUNDRY)
        self.backend("legacy", 28001, 2, LEGACY)
        self.proxy = self.start("proxy", ["java", *self.processors(), "-Xmx512m", "-jar", str(HERE.parent / "target/rollout-proxy.jar"), "run",
                                          "--config", str(self.config), "--canary", "100" if options.name == "scale" else "50"], ADMIN + "/readyz")
        gatling = self.gatling = subprocess.Popen(
            ["mvn", "-q", "-B", "-ntp", "-f", str(HERE / "pom.xml"), "gatling:test", "-Dgatling.simulationClass=loadtest.ChatSimulation",
             f"-Dgatling.runDescription={options.name}",
             f"-Dgatling.jvmArgs=-Xmx1g,-Drun={options.name},-Drate={options.rate},-Dseconds={options.seconds},"
             f"-Dwarm={options.warm},-DfirstTokenMillis={options.first_token_ms},-Dproxy={PROXY}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            # A group of its own: Maven starts a process for the simulation.
            start_new_session=True)
        # Gatling first: the disturbance of scale ends it.
        disturbance = threading.Thread(target=self.disturb, daemon=True)
        disturbance.start()
        self.processes.append(gatling)
        text, _ = gatling.communicate(timeout=options.warm + options.seconds + 120)
        (self.folder / "gatling.log").write_text(text, encoding="utf-8")
        for line in text.splitlines():
            if re.search(r": (true|false) \(actual|Please open|Reports generated|file://", line):
                print(line)
        disturbance.join(35)
        if options.name == "scale":
            # It is ended on the way, and its answers are slow because there is too little CPU: nothing of it is asserted.
            self.expect("done" in self.seen, "the CPU was measured until it was enough")
            if "done" in self.seen:
                self.check_scaling()
            return
        if gatling.returncode != 0 and ": false (actual" not in text:
            print(text[-3000:])
        self.expect(gatling.returncode == 0, f"Gatling's assertions (exit code {gatling.returncode}, expected: 0)")
        self.expect("done" in self.seen, "what was to happen half-way has happened")
        if "done" in self.seen:
            self.check(text)

    def check(self, text):
        run, seen = self.options.name, self.seen
        used = cpu_seconds(self.proxy.pid) - seen["cpu"]
        requests = meter("rollout_caller_requests_total") - seen["requests"]
        each = used / max(1, requests)
        overheads = meter("rollout_proxy_overhead_seconds_sum") / max(1, meter("rollout_proxy_overhead_seconds_count"))
        print(f"        {requests:.0f} requests cost the proxy {used:.2f} s of CPU, {each * 1000:.2f} ms each (start-up's compiling included);"
              f" {POLICY.target:g} % of one vCPU is reached at {POLICY.target / 100 / each:.0f} requests/s; own time {overheads * 1000:.2f} ms on average;"
              f" RSS {rss_mb(self.proxy.pid):.0f} MB")
        self.expect(meter("rollout_access_log_dropped_total") == 0, "no line of the access log was dropped")
        self.books()
        if run == "failover":
            cut = self.failed_ends(text)
            self.expect(cut <= seen["open"], f"{cut} streams were cut (expected: at most the {seen['open']} that Foundry had open)")
            self.expect(meter("rollout_fallbacks_total") > 0, "legacy stepped in")
        elif run == "rollback":
            later = ledger(FOUNDRY)["started"] - seen["atFoundry"]["started"]
            self.expect(seen["answer"] == 200, f"the rollback was taken (status {seen['answer']}, expected: 200)")
            self.expect(later == 0, f"{later} requests reached Foundry later than 250 ms after it (expected: 0)")
            self.expect(seen["atFoundry"]["started"] > 0, "Foundry had traffic before it")
        elif run == "reload":
            answers = [status for status, _ in seen["reloads"]]
            self.expect(set(answers) == {200}, f"{len(answers)} reloads were answered {sorted(set(answers))} (expected: 200)")
            revision = json.loads(ask(ADMIN + "/api/v1/config")[1])["revision"]
            self.expect(revision >= len(answers), f"revision {revision} is in force (expected: at least {len(answers)})")
            self.expect(seen["refused"][0] == 422, f"a broken file was answered {seen['refused'][0]} (expected: 422)")
        elif run == "soak":
            grown = rss_mb(self.proxy.pid) / seen["rss"]
            self.expect(grown < 1.25, f"memory at the end is {grown:.2f} of that half-way (expected: less than 1.25)")

    @staticmethod
    def failed_ends(text):
        # Gatling prints its counts every few seconds, and once more at the end.
        counts = re.findall(r"> end\s*\|[^|]*\|[^|]*\|\s*([\d,-]+)", text)
        if not counts:
            raise SystemExit("run.py: Gatling told nothing of \"end\" (expected: a line of counts)")
        return 0 if counts[-1] == "-" else int(counts[-1].replace(",", ""))

    def books(self):
        """The proxy's books against the backends' ledgers, model by model, to the nano-dollar."""
        killed = self.options.name == "failover"
        rows = {row["model"]: row for row in json.loads(ask(ADMIN + "/api/v1/costs?by=model")[1])["rows"]}
        owed = {}
        for url in [LEGACY] if killed else [FOUNDRY, LEGACY]:
            for model, row in ledger(url)["models"].items():
                sums = owed.setdefault(model, dict.fromkeys(row, 0))
                for key, value in row.items():
                    sums[key] += value
        if killed:
            # Foundry's ledger died with it: legacy's alone must not exceed the books.
            for model, row in owed.items():
                self.expect(rows.get(model, {"costNanoUsd": 0})["costNanoUsd"] >= row["costNanoUsd"], f"{model}: legacy's ledger is in the books")
            return
        compared = [model for model in owed if model != LEFT]
        self.expect(len(compared) >= 2, f"models in the ledger: {', '.join(compared)} (expected: at least 2)")
        for model in compared:
            kept, row = rows.get(model, {}), owed[model]
            self.expect(all(kept.get(key) == row[key] for key in ("costNanoUsd", "inputTokens", "outputTokens")),
                        f"{model}: {kept.get('costNanoUsd')} nano-dollars in the books for {row['requests']} answers (the ledger says {row['costNanoUsd']})")


def main():
    parser = argparse.ArgumentParser(prog="run.sh")
    parser.add_argument("name", choices=RUNS)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--rate", type=int,
                        help="people a second (15); a spike is five times that, scale climbs to it (130 for a whole vCPU) in half of its time")
    parser.add_argument("--warm", type=int, default=60, help="scale: seconds of load ahead, without a quota, for the JIT compilers")
    parser.add_argument("--period", type=int, default=scaling.PERIOD_SECONDS, help="scale: seconds of a minute, less than 60 for a try")
    parser.add_argument("--cpu-part", type=float, default=1, help="scale: the part of a task's CPU that each process has, for small machines")
    parser.add_argument("--first-token-ms", type=int, default=2500, help="the SLA: the 95th percentile of the first token")
    parser.add_argument("--skew-ledger", type=int, default=0, help="tokens left out of the ledger, to see the check fail")
    options = parser.parse_args()
    options.seconds = options.seconds or RUNS[options.name]
    options.rate = options.rate or (max(1, round(130 * options.cpu_part)) if options.name == "scale" else 15)
    options.warm = options.warm if options.name == "scale" else 0
    if not (0 <= options.warm <= 600 and 0.05 <= options.cpu_part <= 1 and 2 <= options.period <= 60):
        parser.error("warm: 0..600, cpu-part: 0.05..1, period: 2..60")
    if not (4 <= options.seconds <= 86_400 and 1 <= options.rate <= 200):
        parser.error("seconds: 4..86400, rate: 1..200")
    with tempfile.TemporaryDirectory(prefix="rollout-load.") as folder:
        bench = Bench(options, pathlib.Path(folder))
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            bench.run()
        finally:
            bench.stop()
    if bench.failures:
        print(f"{options.name}: {len(bench.failures)} checks failed", file=sys.stderr)
        sys.exit(1)
    print(f"{options.name}: all held")


if __name__ == "__main__":
    main()
