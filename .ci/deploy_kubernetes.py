"""The chart of deploy/helm and the manifests that are made of it: deploy_kubernetes.py STEP TREE PLACE HELM

HELM is a folder with Helm's library, or the jar that has it, see helm.py. The steps:
mean    renders the chart with each set of values, and looks at what the objects mean, and those of deploy/kubernetes and
        deploy/kubernetes-raft: against the configuration, the image and each other. Leaves all objects in PLACE/objects.json for
        the API's schema, and configurations with their paths below PLACE for the proxy's own check
refuse  impossible values are refused, and what lies beside them is taken
made    the manifests are what the chart renders
write   makes them anew
all     mean, refuse and made
Ends with 1 and a sentence for each problem.
"""

import contextlib
import glob
import json
import os
import re
import shutil
import sys
import tempfile

import yaml

import expectations
from expectations import check, is_
from helm import Helm, Refused
from kubernetes_meaning import USUAL, Tree, at, configuration, mean

CHART = os.path.join("deploy", "helm", "rollout-proxy")
VALUES = os.path.join("deploy", "helm", "values")
# Made of the chart: the folder, and the file of values.
MADE = {"kubernetes": "directory", "kubernetes-raft": "raft"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

EVERYTHING = {
    "name": "ai-edge", "release": "edge", "namespace": "ai", "voters": 5, "least": 6, "most": None,
    "image": "registry.example.com/ai/rollout-proxy@sha256:" + "0123456789abcdef" * 4, "pull": "Always", "pull_secrets": [{"name": "registry"}],
    "channels": [{"type": "slack", "url": "${SLACK_URL}"}], "provider": "canary", "urls": ["https://ai.example.com", "https://old.example.com"],
    "secret": "ai-edge-secrets", "members_secret": "ai-edge-members",
    "env": {"SLACK_URL": {"name": "alerts", "key": "slack-url"}, "TZ": "Europe/Paris"},
    "grace": 150, "memory": "2Gi", "processors": "2", "storage": "2Gi", "class": "fast",
    "service": "LoadBalancer", "service_annotations": {"example.com/internal": "true"}, "hosts": ["ai-admin.example.com"],
    "clients": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}],
    "operators": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
    "issuer": {"kind": "ClusterIssuer", "name": "members"}, "monitor": {"interval": "30s", "labels": {"release": "prometheus"}},
    "ingress": {"class": "nginx-internal", "host": "ai.example.com", "secret": "ai-example-com", "silence": "900"},
    "route": {"host": "ai.example.com", "gateway": {"name": "edge", "namespace": "gateways"}},
    "pod": {
        "serviceAccountName": "ai-edge", "priorityClassName": "serving", "nodeSelector": {"kubernetes.io/arch": "amd64"},
        "tolerations": [{"key": "serving", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
            {"matchExpressions": [{"key": "example.com/spot", "operator": "DoesNotExist"}]}]}}}},
    "pod_labels": {"team": "ai"}, "pod_annotations": {"example.com/owner": "ai"},
}
# A claim that is there, two replicas, and what is around it by its defaults.
BESIDE = {
    "replicas": 2, "autoscaling": {"enabled": False}, "cluster": {"lease": "directory", "tls": {"certManager": {"enabled": True, "issuer": "members"}}},
    "state": {"existingClaim": "nfs"}, "image": {"tag": "0.2.1"}, "networkPolicy": {"enabled": False}, "podMonitor": {"enabled": True},
    "ingress": {"enabled": True, "host": "ai.example.com"}, "httpRoute": {"enabled": True, "host": "ai.example.com", "gateway": {"name": "edge"}},
}
# By its name: the values (of a file, or these), and what they are to mean beside what is usual.
SETS = {
    "defaults": ({}, {}),
    "one": ("one", {"lease": None, "least": 1, "most": None}),
    "directory": ("directory", {"lease": "directory", "class": "shared"}),
    "raft": ("raft", {}),
    "everything": ("everything", EVERYTHING),
    "beside": (BESIDE, {
        "name": "canary-eu-rollout-proxy", "release": "canary.eu", "namespace": "ai", "lease": "directory", "claim": "nfs", "least": 2, "most": None, "image": "rollout-proxy:0.2.1",
        "policy": False, "issuer": {"kind": "Issuer", "name": "members"}, "monitor": {"interval": "15s"},
        "ingress": {"class": "nginx", "host": "ai.example.com", "secret": None, "silence": "600"}, "route": {"host": "ai.example.com", "gateway": {"name": "edge"}}}),
}


def at_path(path, value):
    """An object in which a path has a value; a part with [] is a list of one."""
    for part in reversed(path.split(".")):
        name = part.removesuffix("[]")
        value = {name: [value] if part != name else value}
    return value


DIRECTORY = {"cluster": {"lease": "directory"}, "state": {"storageClass": "shared"}}
# Values that do not go, on top of the defaults, and the words by which they are refused.
REFUSED = [
    ({"replicas": 1}, "autoscaling.enabled: true (expected: false where replicas is 1"),
    ({"replicas": 9}, "autoscaling.max: 9 (expected: more than replicas, 9)"),
    ({"replicas": 2}, "replicas: 2 (expected: at least cluster.voters, 3"),
    ({"replicas": 4, "cluster": {"voters": 5}}, "replicas: 4 (expected: at least cluster.voters, 5"),
    ({"cluster": {"voters": 2}}, "cluster.voters"),
    ({"cluster": {"voters": 4}}, "cluster.voters"),
    ({"cluster": {"voters": 30}}, "cluster.voters"),
    ({"cluster": {"lease": "directory"}}, 'state.storageClass: "" (expected: a class whose volumes are ReadWriteMany'),
    ({"cluster": {"lease": "file"}}, "cluster.lease"),
    ({"state": {"existingClaim": "x"}}, 'state.existingClaim: "x" (expected: empty with the lease raft'),
    ({"replicas": 1, "autoscaling": {"enabled": False}, "state": {"existingClaim": "x"}}, "expected: empty where replicas is 1: it has a volume of its own"),
    ({"cluster": {"tls": {"certManager": {"enabled": True}}}}, "cluster.tls.certManager.issuer"),
    ({"cluster": {"tls": {"certManager": {"enabled": True, "issuer": "x", "kind": "Role"}}}}, "certManager.kind"),
    ({"ingress": {"enabled": True}}, "ingress.host"),
    *[({"service": {"type": kind}}, f"networkPolicy.clients: no ipBlock (expected: one with the addresses that come to a Service of type {kind}") for kind in ("LoadBalancer", "NodePort")],
    *[({"configuration": {"alerts": {"channels": [{"type": "log"}, {"type": kind, "key": "${KEY}"}]}}}, "configuration.alerts.environment: none") for kind in ("pagerduty", "opsgenie")],
    ({"httpRoute": {"enabled": True, "host": "x.example.com"}}, "no gateway.name"),
    ({"httpRoute": {"enabled": True, "gateway": {"name": "x"}}}, "httpRoute: no host"),
    *[({"configuration": at_path(path, value)}, f"configuration.{path} (expected: not there") for path, value in (
        ("server.host", "127.0.0.1"), ("server.port", 8081), ("admin.host", "::"), ("admin.port", 9091), ("admin.tls", {}), ("metrics.listener", {}),
        ("state.dir", "/tmp"), ("cluster", {}), ("simulate", {}))],
    ({"replicas": 101, "autoscaling": {"enabled": False}}, "replicas"),
    *[({key: value}, key) for key, value in (
        ("replicas", 0), ("replicas", 3.5), ("fullnameOverride", "Proxy"), ("fullnameOverride", "9proxy"), ("fullnameOverride", "x" * 53),
        ("terminationGracePeriodSeconds", 0), ("terminationGracePeriodSeconds", 3601), ("serviceAccountName", "A"), ("priorityClassName", "a" * 254),
        ("env", {"1X": "y"}), ("env", {"X": 1}), ("env", {"POD_IP": "10.0.0.1"}), ("env", {"POD_NAME": "x"}), ("env", {"X": {"secret": "a"}}), ("env", {"X": {"key": "a"}}),
        ("env", {"X": {"secret": "", "key": "a"}}), ("env", {"X": {"secret": "a", "key": ""}}), ("env", {"X": {"secret": "a", "key": "b", "more": "c"}}))],
    *[(at_path(path, value), path) for path, value in (
        ("image.repository", ""), ("image.tag", "a b"), ("image.digest", "sha256:0"), ("image.digest", "sha256:" + "0" * 640), ("image.pullPolicy", "Sometimes"), ("image.pullSecrets", ["A"]),
        ("autoscaling.max", 1), ("autoscaling.max", 101), ("autoscaling.cpu", 19), ("autoscaling.cpu", 96), ("secrets.existingSecret", "A"),
        ("state.size", "1"), ("state.size", "0Gi"), ("state.storageClass", "A"), ("service.type", "ExternalName"), ("service.annotations", {"a": True}),
        ("admin.hosts", [""]), ("networkPolicy.clients", []), ("networkPolicy.operators", []), ("networkPolicy.clients", [{}]),
        ("podMonitor.interval", "15"), ("podMonitor.interval", "0s"), ("podMonitor.labels", {"a": 1}), ("ingress.className", ""), ("ingress.host", "A b"), ("ingress.host", "a" * 254),
        ("ingress.annotations", {"a": 600}), ("httpRoute.gateway.name", "A"), ("resources.requests", {"cpu": 1}))],
    ({"resources": {"limits": {"memory": None}}}, "memory"),
]
# Values that go, each at the edge of what is refused above.
TAKEN = [
    {"replicas": 100, "autoscaling": {"enabled": False}}, {"replicas": 99, "autoscaling": {"max": 100}}, {"replicas": 5, "cluster": {"voters": 5}},
    {"autoscaling": {"cpu": 20}}, {"autoscaling": {"cpu": 95}}, {"fullnameOverride": "x" * 52}, {"terminationGracePeriodSeconds": 1}, {"terminationGracePeriodSeconds": 3600},
    {**DIRECTORY, "replicas": 2, "autoscaling": {"max": 3}}, {"configuration": {"admin": {"allowedHosts": ["x"], "token": ""}, "state": {"checkpointEvery": "10s"}}},
    {"serviceAccountName": "a" * 253}, {"global": {"any": "thing"}}, {"image": {"pullPolicy": "Never"}}, {"service": {"type": "NodePort"}, "networkPolicy": {"clients": [{"podSelector": {}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}]}}, {"state": {"size": "512Mi"}},
    {"state": {"size": "1Ti"}}, {"podMonitor": {"interval": "1m"}}, {"networkPolicy": {"clients": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}}, {"ingress": {"host": "*.example.com"}},
    {"cluster": {"tls": {"certManager": {"kind": "ClusterIssuer"}}}}, {"service": {"type": "LoadBalancer"}, "networkPolicy": {"enabled": False}},
    {"configuration": {"alerts": {"environment": "production", "channels": [{"type": "pagerduty", "key": "${KEY}"}]}}}, {"configuration": {"alerts": {"channels": [{"type": "slack", "url": "${URL}"}]}}}, {"image": {"repository": "x"}},
    {"env": {"X": {"secret": "a", "key": "b"}}}, {"admin": {"hosts": ["x"]}}, {"ingress": {"host": "a" * 253}},
]
# Objects whose names are whoever's who sets them.
FREE = re.compile(r"^(configuration|env|affinity|nodeSelector|podAnnotations|podLabels|tolerations|global|resources\.\w+|\w+\.annotations|podMonitor\.labels|networkPolicy\.\w+|image\.pullSecrets|admin\.hosts)$")


class Charts:
    """The chart of a tree as Helm renders it."""

    def __init__(self, helm, tree, work):
        self.helm, self.tree, self.work = helm, tree, work
        # The library passes for Kubernetes 1.20, which the chart refuses.
        self.chart = os.path.join(work, "rollout-proxy")
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        shutil.copytree(os.path.join(tree, CHART), self.chart)
        description = os.path.join(self.chart, "Chart.yaml")
        with open(description, encoding="utf-8") as file:
            text = file.read()
        with open(description, "w", encoding="utf-8") as file:
            file.write(re.sub(r"(?m)^kubeVersion:.*\n", "", text))

    def file(self, values):
        if isinstance(values, str):
            return os.path.join(self.tree, VALUES, f"{values}.yaml")
        path = os.path.join(self.work, "values.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(values, file)
        return path

    def render(self, values, release="rollout-proxy", namespace="rollout-proxy"):
        return self.helm.template(self.chart, [self.file(values)], release, namespace)

    def notes(self, values, release="rollout-proxy", namespace="rollout-proxy"):
        return self.helm.install(self.chart, [self.file(values)], release, namespace).partition("NOTES:\n")[2]

    def of_command(self, command):
        """The objects by the values that a command line of Helm's sets."""
        settings = re.findall(r"--set (\S+?)=(\S+)", command)
        files = [os.path.join(self.tree, each) for each in re.findall(r"-f (\S+)", command)]
        return objects_of(self.helm.template(self.chart, files, settings=settings))

    def refusal(self, values):
        """The words by which values are refused; empty where they are not."""
        try:
            self.render(values)
            return ""
        except Refused as refused:
            return str(refused)


def objects_of(text):
    return [each for each in yaml.load_all(text, LOADER) if each]


def made(text, values):
    """The files of plain manifests, by their names: what Helm has rendered, without what only Helm needs."""
    files = {}
    for part in re.split(r"(?m)^---\n", text):
        source = re.match(r"# Source: \S+/(\S+)\n", part)
        if source:
            body = part[source.end():]
            body = re.sub(r"\n  annotations:(\n    #.*)*\n    helm\.sh/.*", "", body)
            body = re.sub(r"\n +(app\.kubernetes\.io/managed-by|helm\.sh/chart): .*", "", body)
            files.setdefault(source[1], []).append(body)
    head = f"# Made of deploy/helm/rollout-proxy with {values}.yaml: .ci/chart writes it anew.\n"
    return {name: head + "---\n".join(parts) for name, parts in files.items()}


@contextlib.contextmanager
def named(name):
    """Says in front of each problem whose it is; what cannot be read is one."""
    before = len(expectations.problems)
    try:
        yield
    except (Refused, yaml.YAMLError, OSError, ValueError, TypeError, AttributeError, KeyError) as failed:
        check(False, type(failed).__name__, str(failed)[:300], "objects that can be read")
    expectations.problems[before:] = [f"{name}: {problem}" for problem in expectations.problems[before:]]


def meanings(tree, charts):
    """Looks at what each set of values means; returns the objects by their sets."""
    objects = {}
    for name, (values, otherwise) in SETS.items():
        with named(name):
            release, namespace = otherwise.get("release", "rollout-proxy"), otherwise.get("namespace", "rollout-proxy")
            objects[name] = objects_of(charts.render(values, release, namespace))
            mean(tree, objects[name], **otherwise)
            notes_tell(charts.notes(values, release, namespace), {**USUAL, **otherwise})
    return objects


def notes_tell(notes, want):
    """Demands that what an installation says has the names that it made."""
    name, namespace = want["name"], want["namespace"]
    words = [
        f"namespace {namespace} ", f"Mode: {want['provider']}.", f"  {want['secret'] or name}: admin-token, client-key-sha256, router-api-key",
        f"kubectl -n {namespace} rollout status statefulset/{name}\n", f"kubectl -n {namespace} port-forward service/{name}-admin 9090\n"]
    if want["lease"]:
        words += [f"{name}, {want['least']} replicas that are one rollout (lease {want['lease']})", f"  {want['members_secret'] or name + '-cluster'}: tls.crt, tls.key, ca.crt; "]
        words += ["cert-manager makes it" if want["issuer"] else f"the DNS name in the certificate is {name}\n"]
    else:
        words += [f"{name}, one replica."]
    for each in words:
        check(each in notes + "\n", "NOTES.txt", notes[:600], each)


def leaves(values, path=""):
    """The paths of values; where names are whoever's, that of the object."""
    if not isinstance(values, dict) or FREE.match(path):
        return [path]
    return [leaf for key, each in values.items() for leaf in leaves(each, f"{path}.{key}" if path else key)]


def documented(tree, charts, defaults):
    """Demands that what the document says of the chart is so."""
    command = re.search(r"^helm install (?:.*\\\n)*.*$", tree.document, re.M)
    objects = charts.of_command(command[0].replace("\\\n", " "))
    mean(tree, objects, image=f"registry.example.com/rollout-proxy:{tree.version}")
    check("helm install rollout-proxy deploy/helm/rollout-proxy -n rollout-proxy " in command[0], "docs/kubernetes.md: helm install", command[0], "the release whose Secrets are made")
    for file in ("one", "directory"):
        check(f"`-f {VALUES}/{file}.yaml`" in tree.document, "docs/kubernetes.md", file, "how it is installed")
    known = leaves(defaults)
    for word in re.findall(r"`(\w+(?:\.\w+)+)`", tree.document):
        if word.split(".")[0] in ("image", "secrets", "cluster", "autoscaling", "podMonitor", "ingress", "httpRoute"):
            check(f"`{word}`" in tree.reference or any(each.startswith(word) for each in known), "docs/kubernetes.md", word, "a value of the chart, or a key of the configuration")
    with open(charts.file("everything"), encoding="utf-8") as file:
        everything = leaves(yaml.load(file, LOADER))
    is_("everything.yaml leaves out", sorted(set(known) - set(everything)), ["autoscaling.cpu", "autoscaling.max", "cluster.lease", "networkPolicy.enabled", "state.existingClaim"], "what does not go with it, or is on anyway")


def refusals(tree, charts):
    """Demands that what does not go is refused, and what goes is taken."""
    for values, words in REFUSED:
        told = charts.refusal(values)
        check(words in told, f"refused: {json.dumps(values)[:120]}", told[:200], words)
    for values in TAKEN:
        is_(f"taken: {json.dumps(values)[:120]}", charts.refusal(values)[:200], "")
    with open(os.path.join(charts.chart, "values.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    with open(os.path.join(charts.chart, "values.yaml"), encoding="utf-8") as file:
        defaults = yaml.load(file, LOADER)

    def misspelt(of, path):
        if "properties" in of and "required" not in of or path == "resources":
            told = charts.refusal(at_path(path + ".misspelt" if path else "misspelt", "x"))
            check("misspelt" in told, f"refused: {path}.misspelt", told[:200], "a value that nobody knows is told")
            for key, each in of["properties"].items():
                misspelt(each, f"{path}.{key}" if path else key)

    misspelt(schema, "")

    def mistyped(value, path):
        if isinstance(value, dict):
            # Helm itself passes over what is no object where the defaults have one, and warns.
            for key, each in ({} if FREE.match(path) else value).items():
                mistyped(each, f"{path}.{key}" if path else key)
        else:
            told = charts.refusal(at_path(path, [[7]] if not isinstance(value, list) else "x"))
            check(path in told, f"refused: {path} of another type", told[:200], "its path")

    mistyped(defaults, "")
    documented(tree, charts, defaults)
    secrets = tree.secret_keys()
    check(len(secrets) >= 11, "docs/configuration.md", len(secrets), "at least eleven keys that are secrets")
    for key, fields in secrets:
        path = key + (".X-Key" if fields else "")
        told = charts.refusal({"configuration": at_path(path, "as-it-is")})
        check(f"configuration.{path}: a secret in the ConfigMap (expected: \"${{file:" in told, f"refused: a secret in {key}", told[:200], "it is told")
        is_(f"taken: a variable in {key}", charts.refusal({"configuration": at_path(path, "${OF_ENV}")})[:200], "")
    longest = objects_of(charts.render({}, "x" * 51 + "-y"))
    is_("a release of 53 characters", [at(each, "metadata", "name") for each in longest if each.get("kind") == "StatefulSet"], ["x" * 51], "52 for a StatefulSet, and no dash at the end")
    # The chart as it stands wants a newer Kubernetes than the library's.
    try:
        told = charts.helm.template(os.path.join(charts.tree, CHART))
    except Refused as refused:
        told = str(refused)
    check("kubeVersion: >=1.25.0-0 which is incompatible with Kubernetes v1.20.0" in told, "kubeVersion", told[:100], "minReadySeconds is of 1.25")
    try:
        check("Failed: false" in charts.helm.lint(charts.chart), "lint", "", "nothing wrong, nothing warned of")
    except Refused as refused:
        check(False, "lint", str(refused), "nothing wrong, nothing warned of")
    with open(os.path.join(charts.chart, "Chart.yaml"), encoding="utf-8") as file:
        description = yaml.load(file, LOADER)
    is_("Chart.yaml", {key: description.get(key) for key in ("apiVersion", "name", "type", "version", "appVersion")},
        {"apiVersion": "v2", "name": "rollout-proxy", "type": "application", "version": tree.version, "appVersion": tree.version})


def files_of(tree, folder):
    """The names of the manifests that are there."""
    return sorted(os.path.basename(each) for each in glob.glob(os.path.join(tree.place, "deploy", folder, "*.yaml")))


def plain(tree):
    """Looks at what the manifests mean, whoever has written them; returns their objects by their folders."""
    objects = {}
    for folder, values in MADE.items():
        with named(folder):
            objects[folder] = [each for name in files_of(tree, folder) for each in objects_of(tree.read("deploy", folder, name))]
            mean(tree, objects[folder], **{**SETS[values][1], "helm": False})
    return objects


def up_to_date(tree, charts):
    """Demands that the manifests are those of the chart."""
    for folder, values in MADE.items():
        files = made(charts.render(values), values)
        is_(f"deploy/{folder}", files_of(tree, folder), sorted(files), "the files of the chart")
        for name in files_of(tree, folder):
            check(tree.read("deploy", folder, name) == files.get(name), f"deploy/{folder}/{name}", "another one", "what the chart renders; .ci/chart --rewrite writes it")


def write(tree, charts):
    """Makes the manifests anew."""
    for folder, values in MADE.items():
        place = os.path.join(tree.place, "deploy", folder)
        os.makedirs(place, exist_ok=True)
        for name in files_of(tree, folder):
            os.remove(os.path.join(place, name))
        for name, text in made(charts.render(values), values).items():
            with open(os.path.join(place, name), "w", encoding="utf-8") as file:
                file.write(text)


def leave(objects, place):
    """Writes what the other checks read."""
    os.makedirs(place, exist_ok=True)
    with open(os.path.join(place, "objects.json"), "w", encoding="utf-8") as file:
        json.dump([each for of in objects.values() for each in of], file)
    for name, of in objects.items():
        folder = os.path.join(place, "configurations", name)
        os.makedirs(folder, exist_ok=True)
        for key, overlay in configuration(of).items():
            text = json.dumps(overlay)
            moved = text.replace("/run/secrets/", f"{place}/").replace("/app/conf/", f"{place}/").replace('"/data"', f'"{place}/data"')
            with open(os.path.join(folder, key), "w", encoding="utf-8") as file:
                file.write(moved)


def main():
    step, place, work, library = sys.argv[1:]
    tree = Tree(place)
    os.makedirs(work, exist_ok=True)
    with tempfile.TemporaryDirectory() as rendering:
        charts = Charts(Helm(library, work), place, os.path.join(rendering, "chart"))
        if step == "write":
            write(tree, charts)
        if step in ("mean", "all"):
            objects = meanings(tree, charts) | plain(tree)
            leave(objects, work)
        if step in ("refuse", "all"):
            refusals(tree, charts)
        if step in ("made", "all"):
            up_to_date(tree, charts)
    for problem in expectations.problems:
        print(f"deploy: kubernetes: {problem}", file=sys.stderr)
    told = expectations.counted[0]
    print(f"deploy: kubernetes: {step}: {told} expectations, {len(expectations.problems)} wrong")
    least = {"mean": 1000, "refuse": 150, "made": 10, "write": 0, "all": 1200}[step]
    sys.exit(1 if expectations.problems or told < least else 0)


if __name__ == "__main__":
    main()
