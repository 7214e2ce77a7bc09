"""Mutation run over deploy/, see .ci/deploy-mutations."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import deploy_kubernetes
import expectations
from helm import Helm
from kubernetes_meaning import Tree

PATTERN = sys.argv[1]
PACKAGES = os.environ.get("DEPLOY_CACHE", "/var/cache/rollout-proxy-deploy")
CHECKS = [sys.executable, ".ci/deploy_checks.py"]
MOST_SURVIVORS = 0.10

# By file: the checks that look at it, cheapest first. "meaning" parses Terraform's files first.
PARTS = {
    r"terraform/[^/]+\.tf$": ["meaning", "schema", "module"],
    r"terraform/modules/taskdef/main\.tf$": ["module", "test"],
    r"terraform/modules/settings/main\.tf$": ["settings"],
    r"ecs/.*\.json$": ["ecs"],
    # The manifests are a copy of what the chart renders: that they are another one is not counted as noticed.
    r"kubernetes(-raft)?/.*\.yaml$": ["kubernetes"],
    r"helm/rollout-proxy/(Chart\.yaml|values\.yaml|templates/.*\.(yaml|tpl|txt))$": ["chart", "refusals"],
    r"helm/rollout-proxy/values\.schema\.json$": ["refusals"],
    r"helm/values/(one|directory|raft|everything)\.yaml$": ["chart"],
    r"prometheus/rules\.yml$": ["promtool", "rules", "meaning"],
    r"prometheus/\w+\.yml$": ["prometheus"],
    r"alertmanager/.*\.yml$": ["amtool", "meaning", "rules"],
    r"compose\.yaml$": ["compose"],
}
# Words for people, and what a comment says: no machine reads them.
WORDS = re.compile(r"^\s*(#|//|\{\{/\*|description|error_message|alarm_description|summary:|description:|sid\b|Sid\b|text\b|name: '|label )|\btext = ")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).returncode


def fails(part, tree, work):
    if part == "meaning":
        parsed = os.path.join(work, "terraform.json")
        with open(parsed, "w", encoding="utf-8") as out:
            done = subprocess.run(["node", ".ci/hcl_json.mjs", os.path.join(tree, "deploy/terraform"), PACKAGES], stdout=out, stderr=subprocess.DEVNULL, check=False)
        return done.returncode != 0 or run(sys.executable, ".ci/deploy_meaning.py", tree, parsed) != 0
    if part == "schema":
        return run("node", ".ci/check_terraform.mjs", os.path.join(tree, "deploy/terraform"), PACKAGES) != 0
    if part in ("kubernetes", "chart", "refusals"):
        return not kubernetes_is_good(part, tree, os.path.join(work, part))
    if part == "module":
        shutil.rmtree(os.path.join(work, "module"), ignore_errors=True)
        return shutil.which("terraform") is not None and run(*CHECKS, "module", tree, os.path.join(work, "module")) != 0
    if part == "settings":
        shutil.rmtree(os.path.join(work, "settings"), ignore_errors=True)
        return shutil.which("terraform") is not None and run(*CHECKS, "settings", tree, os.path.join(work, "settings")) != 0
    if part == "test":
        copy = os.path.join(work, "test")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(os.path.join(tree, "deploy/terraform/modules/taskdef"), copy)
        terraform = ["terraform", f"-chdir={copy}"]
        return shutil.which("terraform") is not None and (
            run(*terraform, "init", "-backend=false", "-input=false") != 0 or run(*terraform, "test") != 0)
    if part == "promtool":
        rules = os.path.join(tree, "deploy/prometheus")
        return run("promtool", "check", "rules", f"{rules}/rules.yml") != 0 or run("promtool", "test", "rules", f"{rules}/rules_test.yml") != 0
    if part == "amtool":
        return run("amtool", "check-config", os.path.join(tree, "deploy/alertmanager/alertmanager.yml")) != 0
    if part == "compose":
        return run("docker-compose", "-f", os.path.join(tree, "deploy/compose.yaml"), "config", "-q") != 0 or run(*CHECKS, "compose", tree) != 0
    return run(*CHECKS, part, tree) != 0


# Helm's library and its renderings stay in this process.
helm = []


def kubernetes_is_good(part, place, work):
    """The steps of deploy_kubernetes.py, and the API's schema for what none of them has found."""
    expectations.problems.clear()
    os.makedirs(work, exist_ok=True)
    if not helm:
        library = subprocess.run([".ci/chart", "--library"], capture_output=True, text=True, check=True).stdout.strip()
        helm.append(Helm(library, work))
    tree = Tree(place)
    if part == "kubernetes":
        objects = deploy_kubernetes.plain(tree)
    else:
        charts = deploy_kubernetes.Charts(helm[0], place, os.path.join(work, "rendering"))
        if part == "refusals":
            with deploy_kubernetes.named(part):
                deploy_kubernetes.refusals(tree, charts)
            return not expectations.problems
        objects = deploy_kubernetes.meanings(tree, charts)
    if expectations.problems:
        return False
    file = os.path.join(work, "objects.json")
    with open(file, "w", encoding="utf-8") as out:
        json.dump([each for of in objects.values() for each in of], out)
    return run("node", ".ci/check_kubernetes.mjs", file, PACKAGES) == 0


def broken(line):
    """The line with its last value changed: a number tenfold, a switch the other way, another word; None where it has none."""
    if WORDS.search(line):
        return None
    # Deeper means the same.
    indented = re.search(r"nindent \d+", line)
    if indented:
        return line[:indented.start()] + "nindent 0" + line[indented.end():]
    code = line.split(" # ")[0].rstrip("\n")
    rest = line[len(code):]
    switch = re.search(r"\b(true|false)\b(?!.*\b(true|false)\b)", code)
    if switch:
        other = "false" if switch[1] == "true" else "true"
        return code[:switch.start()] + other + code[switch.end():] + rest
    number = list(re.finditer(r"(?<![\w.$-])(\d+)(?![\w.])", code))
    if number:
        last = number[-1]
        return code[:last.start()] + (last[1] + "0" if last[1] != "0" else "7") + code[last.end():] + rest
    duration = list(re.finditer(r"(?<![\w.])(\d+)(s|m|h)\b", code))
    if duration:
        last = duration[-1]
        return code[:last.start()] + last[1] + "00" + last[2] + code[last.end():] + rest
    text = list(re.finditer(r'"([A-Za-z/_.:-][\w/.:*-]*)"', code))
    if text and not code.rstrip().endswith("{"):
        last = text[-1]
        return code[:last.end() - 1] + "x" + code[last.end() - 1:] + rest
    plain = re.match(r"^(\s*-?\s*[\w-]+:\s+)([\w./{}$#|()\[\] -]+)$", code)
    if plain and code.rstrip()[-1:] not in "|>-{":
        return code + "x" + rest
    return None


def main():
    files = subprocess.run(["git", "ls-files", "deploy"], capture_output=True, text=True, check=True).stdout.split()
    chosen = [(name, next(parts for form, parts in PARTS.items() if re.search(form, name)))
              for name in files if PATTERN in name and "rules_test" not in name and any(re.search(form, name) for form in PARTS)]
    survivors, made = [], 0
    with tempfile.TemporaryDirectory() as work:
        tree = os.path.join(work, "tree")
        os.makedirs(os.path.join(tree, "docs"))
        for name in ("deploy", "conf"):
            shutil.copytree(name, os.path.join(tree, name))
        shutil.copy("Dockerfile", tree)
        for name in ("configuration.md", "alerts.md", "kubernetes.md", "runbook.md"):
            shutil.copy(f"docs/{name}", os.path.join(tree, "docs"))
        for name, parts in chosen:
            for part in parts:
                if fails(part, tree, work):
                    sys.exit(f"{name}: {part} fails before anything was broken")
        for name, parts in chosen:
            path = os.path.join(tree, name)
            with open(path, encoding="utf-8") as file:
                lines = file.readlines()
            for at, line in enumerate(lines):
                other = broken(line)
                if other is None or other == line:
                    continue
                made += 1
                with open(path, "w", encoding="utf-8") as file:
                    file.writelines(lines[:at] + [other] + lines[at + 1:])
                if not any(fails(part, tree, work) for part in parts):
                    survivors.append(f"{name}:{at + 1}: {other.strip()}")
                    print(f"survives: {survivors[-1]}", flush=True)
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(lines)
    share = len(survivors) / made if made else 1
    print(f"deploy: {made} lines broken, {len(survivors)} survive ({100 * share:.1f} %, allowed: below {100 * MOST_SURVIVORS:.0f} %)")
    sys.exit(1 if share >= MOST_SURVIVORS else 0)


main()
