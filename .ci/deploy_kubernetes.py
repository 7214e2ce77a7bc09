"""The manifests of deploy/kubernetes: deploy_kubernetes.py TREE PLACE

Writes the objects to PLACE/objects.json for the API's schema, and the configuration to PLACE/configuration with its paths
below PLACE, for the proxy's own check. Then looks at what the manifests mean, against the configuration, the image and each
other, as deploy_meaning.py does. Ends with 1 and a sentence for each problem.
"""

import glob
import json
import os
import re
import sys

import yaml

from expectations import check, counted, is_, problems, within

TREE, PLACE = sys.argv[1:]
NAME = "rollout-proxy"
LABELS = {"app.kubernetes.io/name": NAME}


def read(*path):
    with open(os.path.join(TREE, *path), encoding="utf-8") as file:
        return file.read()


def at(tree, *path):
    """The value at a path; None where it is not there."""
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


objects = []
for file in sorted(glob.glob(os.path.join(TREE, "deploy", "kubernetes", "*.yaml"))):
    with open(file, encoding="utf-8") as text:
        objects += [each for each in yaml.safe_load_all(text) if each]


def named(kind, name=NAME):
    found = [each for each in objects if each.get("kind") == kind and at(each, "metadata", "name") == name]
    is_(f"{kind} {name}", len(found), 1, "there once")
    return found[0] if found else {}


for each in objects:
    where = f"{each.get('kind')} {at(each, 'metadata', 'name')}"
    is_(f"{where}: namespace", at(each, "metadata", "namespace"), NAME, "as prometheus/kubernetes.yml has it")
    is_(f"{where}: labels", at(each, "metadata", "labels"), LABELS)

# The configuration, as the proxy merges it.
overlays = {key: json.loads(text) for key, text in sorted(at(named("ConfigMap"), "data").items())}
config = {}
for key, overlay in overlays.items():
    check(key.endswith(".json"), "ConfigMap: key", key, "a name that ends in .json: others are no overlays")
    config.update(overlay)
reference = read("docs", "configuration.md")


def default(key):
    """A default of the reference, as a number."""
    return int(re.search(rf"^\| `{re.escape(key)}` \|[^|]*\| `(\d+)` \|", reference, re.M)[1])


workload = named("StatefulSet")
pod = at(workload, "spec", "template", "spec")
container = at(pod, "containers", 0)
is_("containers", len(at(pod, "containers")), 1)
is_("StatefulSet: selector", at(workload, "spec", "selector", "matchLabels"), LABELS)
is_("pod: labels", at(workload, "spec", "template", "metadata", "labels"), LABELS)
is_("StatefulSet: replicas", at(workload, "spec", "replicas"), None, "the autoscaler's: each apply would undo it")
is_("updateStrategy", at(workload, "spec", "updateStrategy", "type"), "RollingUpdate")
is_("podManagementPolicy", at(workload, "spec", "podManagementPolicy"), "Parallel", "no replica waits for another at the start")
within("minReadySeconds", at(workload, "spec", "minReadySeconds"), 5, 60, "as long as members need to find each other")
within("terminationGracePeriodSeconds", at(pod, "terminationGracePeriodSeconds"), 5 + 110 + 3, 180, "longer than drain.delay and drain.timeout")
is_("automountServiceAccountToken", at(pod, "automountServiceAccountToken"), False, "nobody asks the API")
is_("enableServiceLinks", at(pod, "enableServiceLinks"), False, "variables of services would be taken for the proxy's")

# Who it runs as: the image's user, with nothing else.
user = int(re.search(r"^USER (\d+):(\d+)$", read("Dockerfile"), re.M)[1])
group = int(re.search(r"^USER (\d+):(\d+)$", read("Dockerfile"), re.M)[2])
security = at(pod, "securityContext")
is_("runAsUser", at(security, "runAsUser"), user, "the image's")
is_("runAsGroup", at(security, "runAsGroup"), group, "the image's")
is_("fsGroup", at(security, "fsGroup"), group, "or it could not read its secrets, nor write its state")
is_("fsGroupChangePolicy", at(security, "fsGroupChangePolicy"), "OnRootMismatch", "not all files at each start")
is_("runAsNonRoot", at(security, "runAsNonRoot"), True)
is_("seccompProfile", at(security, "seccompProfile", "type"), "RuntimeDefault")
own = at(container, "securityContext")
is_("allowPrivilegeEscalation", at(own, "allowPrivilegeEscalation"), False)
is_("readOnlyRootFilesystem", at(own, "readOnlyRootFilesystem"), True)
is_("capabilities.drop", at(own, "capabilities", "drop"), ["ALL"])

version = re.search(r"^ARG VERSION|VERSION:-([\d.]+)", read("deploy", "compose.yaml"), re.M)[1]
is_("container: name", at(container, "name"), NAME)
is_("image", at(container, "image"), f"{NAME}:{version}", "as in compose.yaml")
memory = at(container, "resources", "limits", "memory")
is_("memory", at(container, "resources", "requests", "memory"), memory, "the limit: what is promised to nobody else is never taken away")
check(memory in ("1Gi", "2Gi", "4Gi"), "resources.limits.memory", memory, "1Gi to 4Gi, of which the heap is 70 %")
check(at(container, "resources", "requests", "cpu") in ("1", "2"), "resources.requests.cpu", at(container, "resources", "requests", "cpu"), "1 or 2: each core is an event loop")
is_("resources.limits.cpu", at(container, "resources", "limits", "cpu"), None, "throttled event loops are slow answers")

# Spread over nodes, and over zones.
spread = at(pod, "topologySpreadConstraints") or []
is_("topologySpreadConstraints", sorted(each["topologyKey"] for each in spread), ["kubernetes.io/hostname", "topology.kubernetes.io/zone"])
for each in spread:
    is_(f"{each['topologyKey']}: maxSkew", each["maxSkew"], 1)
    is_(f"{each['topologyKey']}: whenUnsatisfiable", each["whenUnsatisfiable"], "ScheduleAnyway", "better crowded than missing")
    is_(f"{each['topologyKey']}: labelSelector", at(each, "labelSelector", "matchLabels"), LABELS)

# Ports: the configuration's.
ports = {each["name"]: each["containerPort"] for each in at(container, "ports")}
expected_ports = {
    "http": at(config, "server", "port") or default("server.port"),
    "metrics": at(config, "admin", "port") or default("admin.port"),
    "members": at(config, "cluster", "port") or default("cluster.port"),
}
is_("container ports", ports, expected_ports, "as the configuration has them")
is_("admin.host", at(config, "admin", "host"), "0.0.0.0", "kubelet and Prometheus come from outside")
for probe, path, least, most in (
    ("startupProbe", "/livez", 30, 300),
    ("readinessProbe", "/readyz", 2, 4),
    ("livenessProbe", "/livez", 15, 60),
):
    of = at(container, probe)
    is_(f"{probe}: path", at(of, "httpGet", "path"), path)
    is_(f"{probe}: port", at(of, "httpGet", "port"), "metrics", "health is told on the admin port")
    within(f"{probe}: periodSeconds × failureThreshold", (at(of, "periodSeconds") or 0) * (at(of, "failureThreshold") or 0), least, most, "soon, not for one slow answer, and readiness within drain.delay")
    within(f"{probe}: failureThreshold", at(of, "failureThreshold"), 2, 60, "not at the first one")
    within(f"{probe}: timeoutSeconds", at(of, "timeoutSeconds"), 2, 5, "a second is short on a busy node")
is_("probes", sorted(key for key in container if key.endswith("Probe")), ["livenessProbe", "readinessProbe", "startupProbe"])

# The command line, and what it reads.
args = at(container, "args")
is_("args", args[:2], ["run", "--config"])
mounts = {each["mountPath"]: each for each in at(container, "volumeMounts")}
volumes = {each["name"]: each for each in at(pod, "volumes")}
is_("volumes that are mounted", sorted(each["name"] for each in mounts.values()), sorted(volumes))


def volume_at(path):
    """The volume that a path of the container lies in."""
    inside = [each for each in mounts if path == each or path.startswith(each + "/")]
    return volumes.get(mounts[inside[0]]["name"], {}) if inside else {}


def read_only(path):
    return any((path + "/").startswith(each + "/") and of.get("readOnly") is True for each, of in mounts.items())


is_("--config", at(volume_at(args[2]), "configMap", "name"), NAME, "the ConfigMap's overlays")
check(read_only(args[2]), "--config", args[2], "a mount that is readOnly")
text = json.dumps(overlays)
secret_files = re.findall(r"\$\{file:([^}]+)\}", text) + [config["cluster"]["tls"][key] for key in ("certificate", "key", "ca")]
check(len(secret_files) == 6, "secret files", secret_files, "the admin token, the client's key, the router's key, and three of the cluster")
for path in secret_files:
    secret = at(volume_at(path), "secret")
    name = NAME if "cluster" not in path else f"{NAME}-cluster"
    is_(f"{path}: Secret", at(secret, "secretName"), name)
    is_(f"{path}: defaultMode", at(secret, "defaultMode"), 0o440, "its user's group reads it, nobody else")
    check(read_only(path), path, path, "on a mount that is readOnly")
for key in ("tls.crt", "tls.key", "ca.crt"):
    check(any(path.endswith("/" + key) for path in secret_files), "Secret of the cluster", secret_files, f"{key}, as cert-manager names it")
commands = read("docs", "kubernetes.md")
for path in secret_files:
    check(os.path.basename(path) in commands, "docs/kubernetes.md", os.path.basename(path), "a command that makes it")
is_("state.dir", at(volume_at(config["state"]["dir"]), "persistentVolumeClaim", "claimName"), f"{NAME}-state")
check(not read_only(config["state"]["dir"]), "state.dir", config["state"]["dir"], "a mount that can be written")
is_("/tmp", sorted(volume_at("/tmp")), ["emptyDir", "name"])
is_("/tmp: sizeLimit", at(volume_at("/tmp"), "emptyDir", "sizeLimit"), "16Mi", "as in compose.yaml")
claim = at(named("PersistentVolumeClaim", f"{NAME}-state"), "spec")
is_("accessModes", at(claim, "accessModes"), ["ReadWriteMany"], "all replicas share it, on whatever node")
is_("storage", at(claim, "resources", "requests", "storage"), "1Gi", "history.maxBytes is 64 MiB, all else less")
is_("prices", config["prices"], re.search(r"COPY .*conf/prices.json (/app/conf)/", read("Dockerfile"))[1] + "/prices.json", "the image's")

# The cluster: each member by its pod's address, all by one name.
variables = {each["name"]: each for each in at(container, "env")}
bound = re.fullmatch(r"\$\{(\w+)\}", config["cluster"]["bind"])
is_("cluster.bind", at(variables, bound and bound[1], "valueFrom", "fieldRef", "fieldPath"), "status.podIP", "the address that the others reach")
is_("AI_PROVIDER", at(variables, "AI_PROVIDER", "value"), "legacy", "as it was, until somebody begins")
is_("variables", sorted(variables), ["AI_PROVIDER", "POD_IP"])
is_("cluster.lease", config["cluster"]["lease"], "directory")
is_("cluster.name", config["cluster"]["name"], NAME)
check(f"DNS:{NAME}" in commands, "docs/kubernetes.md", "the certificate's name", f"DNS:{NAME}, which cluster.name demands")
headless = named("Service", config["cluster"]["discovery"]["dns"])
is_("serviceName", at(workload, "spec", "serviceName"), at(headless, "metadata", "name"))
is_("clusterIP of the members", at(headless, "spec", "clusterIP"), "None", "a name of all their addresses")
is_("publishNotReadyAddresses", at(headless, "spec", "publishNotReadyAddresses"), True, "one that is not ready is a member")
wanted = {NAME: ("http", expected_ports["http"]), f"{NAME}-admin": ("metrics", expected_ports["metrics"]), f"{NAME}-members": ("members", expected_ports["members"])}
for service, (target, port) in wanted.items():
    of = at(named("Service", service), "spec")
    is_(f"{service}: selector", at(of, "selector"), LABELS)
    name = "admin" if target == "metrics" else target
    is_(f"{service}: ports", [(each["name"], each["port"], each["targetPort"]) for each in at(of, "ports")], [(name, port, target)])
    if service != f"{NAME}-members":
        is_(f"{service}: only ready ones", at(of, "publishNotReadyAddresses"), None)
        is_(f"{service}: clusterIP", at(of, "clusterIP"), None)
for host in ("localhost", "127.0.0.1", f"{NAME}-admin", f"{NAME}-admin.{NAME}.svc"):
    check(host in config["admin"]["allowedHosts"], "admin.allowedHosts", config["admin"]["allowedHosts"], f"{host}, by which operators come")
is_("auth.required", at(config, "auth", "required"), True, "the proxy adds the router's key")

# Who reaches which port.
policy = at(named("NetworkPolicy"), "spec")
is_("NetworkPolicy: podSelector", at(policy, "podSelector", "matchLabels"), LABELS)
is_("policyTypes", at(policy, "policyTypes"), ["Ingress"])
reached = {at(rule, "ports", 0, "port"): rule["from"] for rule in at(policy, "ingress")}
is_("NetworkPolicy: ports", sorted(reached), sorted(ports), "each once, by its name")
is_("members are reached by", reached.get("members"), [{"podSelector": {"matchLabels": LABELS}}], "their own kind alone")
is_("metrics are reached by", reached.get("metrics"), [{"namespaceSelector": {"matchLabels": {f"{NAME}/operators": "true"}}}])
is_("clients", reached.get("http"), [{"podSelector": {}}, {"namespaceSelector": {"matchLabels": {f"{NAME}/clients": "true"}}}])
for label in ("operators", "clients"):
    check(f"{NAME}/{label}=true" in commands, "docs/kubernetes.md", f"{NAME}/{label}", "a command that sets it")

# How many.
disruption = at(named("PodDisruptionBudget"), "spec")
is_("maxUnavailable", at(disruption, "maxUnavailable"), 1, "one after the other")
is_("PodDisruptionBudget: selector", at(disruption, "selector", "matchLabels"), LABELS)
scaler = at(named("HorizontalPodAutoscaler"), "spec")
is_("scaleTargetRef", at(scaler, "scaleTargetRef"), {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": NAME})
within("minReplicas", at(scaler, "minReplicas"), 3, 9, "of two one that is missing would be over a third, and hold the promotion")
within("maxReplicas", at(scaler, "maxReplicas"), (at(scaler, "minReplicas") or 0) + 1, 30, "more than the least")
metric = at(scaler, "metrics", 0)
is_("metrics", [at(metric, "type"), at(metric, "resource", "name"), at(metric, "resource", "target", "type")], ["Resource", "cpu", "Utilization"])
within("averageUtilization", at(metric, "resource", "target", "averageUtilization"), 50, 80, "of the CPU that was asked for")
down = at(scaler, "behavior", "scaleDown")
within("stabilizationWindowSeconds", at(down, "stabilizationWindowSeconds"), 300, 1800, "a short quiet time takes nobody away")
is_("scaleDown", [[each["type"], each["value"]] for each in at(down, "policies")], [["Pods", 1]], "one at a time")
within("scaleDown: periodSeconds", at(down, "policies", 0, "periodSeconds"), at(pod, "terminationGracePeriodSeconds"), 600, "the next when the last one has drained")

# Prometheus finds them.
discovery = yaml.safe_load(read("deploy", "prometheus", "kubernetes.yml"))["scrape_configs"][0]
is_("prometheus: namespaces", at(discovery, "kubernetes_sd_configs", 0, "namespaces", "names"), [NAME])
kept = {each["source_labels"][0]: each["regex"] for each in discovery["relabel_configs"] if each.get("action") == "keep"}
is_("prometheus: label", kept.get("__meta_kubernetes_pod_label_app_kubernetes_io_name"), LABELS["app.kubernetes.io/name"])
check(kept.get("__meta_kubernetes_pod_container_port_name") in ports, "prometheus: port", kept, "the name of a port of the container")

os.makedirs(os.path.join(PLACE, "configuration"), exist_ok=True)
with open(os.path.join(PLACE, "objects.json"), "w", encoding="utf-8") as file:
    json.dump(objects, file)
for key, overlay in at(named("ConfigMap"), "data").items():
    moved = overlay.replace("/run/secrets/", f"{PLACE}/").replace("/app/conf/", f"{PLACE}/").replace('"/data"', f'"{PLACE}/data"')
    with open(os.path.join(PLACE, "configuration", key), "w", encoding="utf-8") as file:
        file.write(moved)
for problem in problems:
    print(f"deploy: kubernetes: {problem}", file=sys.stderr)
print(f"deploy: kubernetes: {counted[0]} meanings, {len(problems)} wrong")
sys.exit(1 if problems or counted[0] < 100 else 0)
