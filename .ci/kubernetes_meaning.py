"""What objects of Kubernetes mean: plain manifests and what a chart has rendered, by one set of expectations."""

import json
import os
import re

import yaml

from expectations import check, is_, within


def at(tree, *path):
    """The value at a path; None where it is not there."""
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


class Tree:
    """The files that the objects are held against."""

    def __init__(self, place):
        self.place = place
        self.reference = self.read("docs", "configuration.md")
        self.document = self.read("docs", "kubernetes.md")
        self.user, self.group = map(int, re.search(r"^USER (\d+):(\d+)$", self.read("Dockerfile"), re.M).groups())
        self.prices = re.search(r"COPY .*conf/prices.json (/app/conf)/", self.read("Dockerfile"))[1] + "/prices.json"
        self.version = re.search(r"^ARG VERSION|VERSION:-([\d.]+)", self.read("deploy", "compose.yaml"), re.M)[1]
        self.discovery = yaml.safe_load(self.read("deploy", "prometheus", "kubernetes.yml"))["scrape_configs"][0]

    def read(self, *path):
        with open(os.path.join(self.place, *path), encoding="utf-8") as file:
            return file.read()

    def default(self, key):
        """A default of the reference, as a number."""
        return int(re.search(rf"^\| `{re.escape(key)}` \|[^|]*\| `(\d+)` \|", self.reference, re.M)[1])

    def secret_keys(self):
        """The keys of the configuration that are secrets, but for hashes."""
        rows = re.findall(r"^\| `([^`]+)` \| ([^|]*)secret \|", self.reference, re.M)
        return [(key, kind.startswith("object")) for key, kind in rows if not key.endswith("sha256")]


def merged(below, above):
    """As the proxy merges overlays."""
    result = dict(below)
    for key, value in above.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
    return result


# By default; a set of objects says what it has otherwise.
USUAL = {
    "name": "rollout-proxy", "release": "rollout-proxy", "namespace": "rollout-proxy", "helm": True,
    "lease": "raft", "voters": 3, "least": 3, "most": 9, "cpu": 70,
    "image": None, "pull": "IfNotPresent", "pull_secrets": None, "provider": "legacy", "urls": ["http://ai-router:8000", "http://legacy-ai:8000"],
    "channels": None, "secret": None, "members_secret": None, "env": {}, "grace": 120, "memory": "1Gi", "processors": "1",
    "storage": "1Gi", "class": None, "claim": None, "service": "ClusterIP", "service_annotations": None, "hosts": [],
    "clients": [{"podSelector": {}}, {"namespaceSelector": {"matchLabels": {"rollout-proxy/clients": "true"}}}],
    "operators": [{"namespaceSelector": {"matchLabels": {"rollout-proxy/operators": "true"}}}],
    "policy": True, "issuer": None, "monitor": None, "ingress": None, "route": None,
    "pod": {}, "pod_labels": {}, "pod_annotations": None,
}


def configuration(objects):
    """The overlays of the ConfigMap by their names."""
    found = next((each for each in objects if each.get("kind") == "ConfigMap"), {})
    return {key: json.loads(text) for key, text in sorted((at(found, "data") or {}).items())}


def mean(tree, objects, **otherwise):
    """Looks at everything that one set of objects means; returns its configuration."""
    want = {**USUAL, **otherwise}
    name, namespace = want["name"], want["namespace"]
    selector = {"app.kubernetes.io/name": "rollout-proxy", "app.kubernetes.io/instance": want["release"]}
    labels = {**selector, "app.kubernetes.io/version": tree.version}
    if want["helm"]:
        labels |= {"app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": f"rollout-proxy-{tree.version}"}
    shared = want["lease"] == "directory"
    seen = []

    def named(kind, of=name):
        found = [each for each in objects if each.get("kind") == kind and at(each, "metadata", "name") == of]
        is_(f"{kind} {of}", len(found), 1, "there once")
        seen.extend(found)
        return found[0] if found else {}

    def absent(kind):
        is_(kind, [at(each, "metadata", "name") for each in objects if each.get("kind") == kind], [], "none")

    for each in objects:
        where = f"{each.get('kind')} {at(each, 'metadata', 'name')}"
        is_(f"{where}: namespace", at(each, "metadata", "namespace"), namespace)
        own = (want["monitor"] or {}).get("labels", {}) if each.get("kind") == "PodMonitor" else {}
        is_(f"{where}: labels", at(each, "metadata", "labels"), {**labels, **own})

    # The configuration, as the proxy merges it.
    overlays = configuration([named("ConfigMap")])
    config = {}
    for key, overlay in overlays.items():
        check(key.endswith(".json"), "ConfigMap: key", key, "a name that ends in .json: others are no overlays")
        config = merged(config, overlay)
    is_("ConfigMap: keys", list(overlays), ["10-proxy.json", *(["20-cluster.json"] if want["lease"] else []), "90-configuration.json"], "what is set by hand lies on top")

    workload = named("StatefulSet")
    pod = at(workload, "spec", "template", "spec")
    container = at(pod, "containers", 0)
    is_("containers", len(at(pod, "containers") or []), 1)
    is_("StatefulSet: selector", at(workload, "spec", "selector", "matchLabels"), selector, "labels that never change")
    is_("pod: labels", at(workload, "spec", "template", "metadata", "labels"), {**selector, **want["pod_labels"]})
    is_("pod: annotations", at(workload, "spec", "template", "metadata", "annotations"), want["pod_annotations"], "no checksum: the configuration is taken up without a restart")
    is_("StatefulSet: replicas", at(workload, "spec", "replicas"), None if want["most"] else want["least"], "the autoscaler's, where there is one: each apply would undo it")
    is_("updateStrategy", at(workload, "spec", "updateStrategy", "type"), "RollingUpdate")
    is_("podManagementPolicy", at(workload, "spec", "podManagementPolicy"), "Parallel", "no replica waits for another at the start")
    within("minReadySeconds", at(workload, "spec", "minReadySeconds"), 5, 60, "as long as members need to find each other")
    within("terminationGracePeriodSeconds", at(pod, "terminationGracePeriodSeconds"), 5 + 110 + 3, 180, "longer than drain.delay and drain.timeout")
    is_("terminationGracePeriodSeconds", at(pod, "terminationGracePeriodSeconds"), want["grace"])
    is_("automountServiceAccountToken", at(pod, "automountServiceAccountToken"), False, "nobody asks the API")
    is_("enableServiceLinks", at(pod, "enableServiceLinks"), False, "variables of services would be taken for the proxy's")
    for key in ("serviceAccountName", "priorityClassName", "nodeSelector", "tolerations", "affinity"):
        is_(f"pod: {key}", at(pod, key), want["pod"].get(key))

    # Who it runs as: the image's user, with nothing else.
    security = at(pod, "securityContext")
    is_("runAsUser", at(security, "runAsUser"), tree.user, "the image's")
    is_("runAsGroup", at(security, "runAsGroup"), tree.group, "the image's")
    is_("fsGroup", at(security, "fsGroup"), tree.group, "or it could not read its secrets, nor write its state")
    is_("fsGroupChangePolicy", at(security, "fsGroupChangePolicy"), "OnRootMismatch", "not all files at each start")
    is_("runAsNonRoot", at(security, "runAsNonRoot"), True)
    is_("seccompProfile", at(security, "seccompProfile", "type"), "RuntimeDefault")
    own = at(container, "securityContext")
    is_("allowPrivilegeEscalation", at(own, "allowPrivilegeEscalation"), False)
    is_("readOnlyRootFilesystem", at(own, "readOnlyRootFilesystem"), True)
    is_("capabilities.drop", at(own, "capabilities", "drop"), ["ALL"])

    is_("container: name", at(container, "name"), "rollout-proxy")
    is_("image", at(container, "image"), want["image"] or f"rollout-proxy:{tree.version}", "as in compose.yaml")
    is_("imagePullPolicy", at(container, "imagePullPolicy"), want["pull"])
    is_("imagePullSecrets", at(pod, "imagePullSecrets"), want["pull_secrets"])
    memory = at(container, "resources", "limits", "memory")
    is_("memory", at(container, "resources", "requests", "memory"), memory, "the limit: what is promised to nobody else is never taken away")
    is_("resources.limits.memory", memory, want["memory"], "of which the heap is 70 %")
    is_("resources.requests.cpu", at(container, "resources", "requests", "cpu"), want["processors"], "each core is an event loop")
    is_("resources.limits.cpu", at(container, "resources", "limits", "cpu"), None, "throttled event loops are slow answers")

    # Spread over nodes, and over zones.
    spread = at(pod, "topologySpreadConstraints") or []
    is_("topologySpreadConstraints", sorted(at(each, "topologyKey") for each in spread), ["kubernetes.io/hostname", "topology.kubernetes.io/zone"])
    for each in spread:
        is_(f"{at(each, 'topologyKey')}: maxSkew", at(each, "maxSkew"), 1)
        is_(f"{at(each, 'topologyKey')}: whenUnsatisfiable", at(each, "whenUnsatisfiable"), "ScheduleAnyway", "better crowded than missing")
        is_(f"{at(each, 'topologyKey')}: labelSelector", at(each, "labelSelector", "matchLabels"), selector)

    # Ports: the configuration's.
    ports = {at(each, "name"): at(each, "containerPort") for each in at(container, "ports") or []}
    expected_ports = {
        "http": at(config, "server", "port") or tree.default("server.port"),
        "metrics": at(config, "admin", "port") or tree.default("admin.port"),
    }
    if want["lease"]:
        expected_ports["members"] = at(config, "cluster", "port") or tree.default("cluster.port")
    is_("container ports", ports, expected_ports, "as the configuration has them")
    is_("usual ports", list(expected_ports.values()), [tree.default(f"{each}.port") for each in ("server", "admin", "cluster")][:len(expected_ports)], "those of the documents")
    is_("server.host", at(config, "server", "host"), "0.0.0.0", "clients come from outside")
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
    is_("probes", sorted(key for key in container or {} if key.endswith("Probe")), ["livenessProbe", "readinessProbe", "startupProbe"])

    # The command line, and what it reads.
    args = at(container, "args") or [""]
    is_("args", args[:2], ["run", "--config"])
    mounts = {at(each, "mountPath"): each for each in at(container, "volumeMounts") or []}
    volumes = {at(each, "name"): each for each in at(pod, "volumes") or []}
    templates = at(workload, "spec", "volumeClaimTemplates") or []
    for each in templates:
        check(at(each, "metadata", "name") not in volumes, "volumeClaimTemplates", at(each, "metadata", "name"), "no volume of that name beside it")
        volumes[at(each, "metadata", "name")] = {"template": each}
    is_("volumes that are mounted", sorted(str(at(each, "name")) for each in mounts.values()), sorted(map(str, volumes)))

    def volume_at(path):
        """The volume that a path of the container lies in."""
        inside = [each for each in mounts if path == each or path.startswith(each + "/")]
        return volumes.get(at(mounts[inside[0]], "name"), {}) if inside else {}

    def read_only(path):
        return any((path + "/").startswith(each + "/") and of.get("readOnly") is True for each, of in mounts.items())

    is_("--config", at(volume_at(args[-1]), "configMap", "name"), name, "the ConfigMap's overlays")
    check(read_only(args[-1]), "--config", args[-1], "a mount that is readOnly")
    secret_files = {path: want["secret"] or name for path in re.findall(r"\$\{file:([^}]+)\}", json.dumps(overlays))}
    is_("secret files", sorted(map(os.path.basename, secret_files)), ["admin-token", "client-key-sha256", "router-api-key"])
    if want["lease"]:
        members = [at(config, "cluster", "tls", key) for key in ("certificate", "key", "ca")]
        is_("cluster.tls", [os.path.basename(str(each)) for each in members], ["tls.crt", "tls.key", "ca.crt"], "as cert-manager names them")
        secret_files |= {str(path): want["members_secret"] or f"{name}-cluster" for path in members}
    for path, of in secret_files.items():
        secret = at(volume_at(path), "secret")
        is_(f"{path}: Secret", at(secret, "secretName"), of)
        is_(f"{path}: defaultMode", at(secret, "defaultMode"), 0o440, "its user's group reads it, nobody else")
        check(read_only(path), path, path, "on a mount that is readOnly")
        check(os.path.basename(path) in tree.document, "docs/kubernetes.md", os.path.basename(path), "a command that makes it")
    directory = at(config, "state", "dir") or ""
    check(not read_only(directory), "state.dir", directory, "a mount that can be written")
    if shared:
        is_("state.dir", at(volume_at(directory), "persistentVolumeClaim", "claimName"), want["claim"] or f"{name}-state")
        is_("volumeClaimTemplates", templates, [], "with the lease directory all share one")
    else:
        is_("state.dir", at(volume_at(directory), "template", "metadata", "name"), "state", "a disk of its own for each")
        is_("volumeClaimTemplates: labels", at(templates, 0, "metadata", "labels"), selector)
        check(at(workload, "spec", "persistentVolumeClaimRetentionPolicy") in (None, {"whenDeleted": "Retain", "whenScaled": "Retain"}),
              "persistentVolumeClaimRetentionPolicy", at(workload, "spec", "persistentVolumeClaimRetentionPolicy"), "Retain: a voter's disk stays")
    if not shared or not want["claim"]:
        claim = named("PersistentVolumeClaim", f"{name}-state") if shared else at(templates, 0)
        is_("accessModes", at(claim, "spec", "accessModes"), ["ReadWriteMany" if shared else "ReadWriteOnce"], "shared by all replicas on whatever node, or one replica's")
        is_("storage", at(claim, "spec", "resources", "requests", "storage"), want["storage"], "history.maxBytes is 64 MiB, all else less")
        is_("storageClassName", at(claim, "spec", "storageClassName"), want["class"])
        if shared:
            is_("claim: annotations", at(claim, "metadata", "annotations"), {"helm.sh/resource-policy": "keep"} if want["helm"] else None, "the state outlives the release")
    else:
        absent("PersistentVolumeClaim")
    if not shared:
        absent("PersistentVolumeClaim")
    is_("/tmp", sorted(volume_at("/tmp")), ["emptyDir", "name"])
    is_("/tmp: sizeLimit", at(volume_at("/tmp"), "emptyDir", "sizeLimit"), "16Mi", "as in compose.yaml")
    is_("prices", at(config, "prices"), tree.prices, "the image's")
    is_("provider", at(config, "provider"), want["provider"], "legacy, until somebody begins")
    is_("providers", [at(config, "providers", each, "url") for each in ("foundry", "legacy")], want["urls"])
    is_("alerts.channels", at(config, "alerts", "channels"), want["channels"])
    is_("auth.required", at(config, "auth", "required"), True, "the proxy adds the router's key")
    is_("auth.keys", [at(each, "id") for each in at(config, "auth", "keys") or []], ["clients"])
    hosts = ["localhost", "127.0.0.1", f"{name}-admin", f"{name}-admin.{namespace}.svc", *want["hosts"]]
    is_("admin.allowedHosts", at(config, "admin", "allowedHosts"), hosts, "by which operators come")
    is_("alerts.links.dashboard", at(config, "alerts", "links", "dashboard"), f"http://{name}-admin.{namespace}.svc:9090", "whom the commands in alerts ask")
    is_("admin.token", os.path.basename(str(at(config, "admin", "token")).rstrip("}")), "admin-token")
    is_("X-API-Key", at(config, "providers", "foundry", "headers", "X-API-Key"), "${file:/run/secrets/rollout-proxy/router-api-key}")
    is_("auth.keys: sha256", at(config, "auth", "keys", 0, "sha256"), "${file:/run/secrets/rollout-proxy/client-key-sha256}")

    # The cluster: each member by its pod's address, all by one name.
    variables = {at(each, "name"): each for each in at(container, "env") or []}
    fields = {"POD_IP": "status.podIP", "POD_NAME": "metadata.name"}
    own = {key: at(variables, key, "valueFrom", "fieldRef", "fieldPath") for key in fields if key in variables}
    others = {key: at(of, "valueFrom", "secretKeyRef") or at(of, "value") for key, of in variables.items() if key not in fields}
    is_("variables", others, want["env"])
    cluster = at(config, "cluster") or {}
    if not want["lease"]:
        is_("cluster", cluster, {}, "one replica is none")
        is_("variables", own, {})
        is_("serviceName", at(workload, "spec", "serviceName"), name)
    else:
        bound = re.fullmatch(r"\$\{(\w+)\}", str(cluster.get("bind")))
        is_("cluster.bind", own.get(bound and bound[1]), "status.podIP", "the address that the others reach")
        is_("cluster.lease", cluster.get("lease"), want["lease"])
        is_("cluster.name", cluster.get("name"), name)
        headless = named("Service", at(cluster, "discovery", "dns"))
        is_("serviceName", at(workload, "spec", "serviceName"), at(headless, "metadata", "name"))
        is_("clusterIP of the members", at(headless, "spec", "clusterIP"), "None", "a name of all their addresses")
        is_("publishNotReadyAddresses", at(headless, "spec", "publishNotReadyAddresses"), True, "one that is not ready is a member")
        if shared:
            is_("raft", [cluster.get("voters"), cluster.get("member"), own.get("POD_NAME")], [None, None, None], "nobody votes with the lease directory")
        else:
            is_("cluster.voters", cluster.get("voters"), [f"{name}-{i}" for i in range(want["voters"])], "the first pods' names")
            check(want["voters"] in (3, 5) and want["voters"] <= want["least"], "cluster.voters", want["voters"], "three or five, of the replicas that are always there")
            member = re.fullmatch(r"\$\{(\w+)\}", str(cluster.get("member")))
            is_("cluster.member", own.get(member and member[1]), "metadata.name", "the pod's own name")

    # Services.
    wanted = {name: ("http", "http"), f"{name}-admin": ("admin", "metrics")}
    if want["lease"]:
        wanted[f"{name}-members"] = ("members", "members")
    is_("Services", sorted(at(each, "metadata", "name") for each in objects if each.get("kind") == "Service"), sorted(wanted))
    for service, (port, target) in wanted.items():
        of = named("Service", service)
        is_(f"{service}: selector", at(of, "spec", "selector"), selector)
        is_(f"{service}: ports", [(at(each, "name"), at(each, "port"), at(each, "targetPort")) for each in at(of, "spec", "ports") or []], [(port, expected_ports[target], target)])
        clients = service == name
        is_(f"{service}: type", at(of, "spec", "type"), want["service"] if clients else None)
        is_(f"{service}: annotations", at(of, "metadata", "annotations"), want["service_annotations"] if clients else None)
        if target != "members":
            is_(f"{service}: only ready ones", at(of, "spec", "publishNotReadyAddresses"), None)
            is_(f"{service}: clusterIP", at(of, "spec", "clusterIP"), None)

    # Who reaches which port.
    if want["policy"]:
        policy = at(named("NetworkPolicy"), "spec")
        is_("NetworkPolicy: podSelector", at(policy, "podSelector", "matchLabels"), selector)
        is_("policyTypes", at(policy, "policyTypes"), ["Ingress"])
        reached = {at(rule, "ports", 0, "port"): at(rule, "from") for rule in at(policy, "ingress") or []}
        is_("NetworkPolicy: ports", sorted(map(str, reached)), sorted(ports), "each once, by its name")
        if want["lease"]:
            is_("members are reached by", reached.get("members"), [{"podSelector": {"matchLabels": selector}}], "their own kind alone")
        is_("metrics are reached by", reached.get("metrics"), want["operators"])
        is_("clients", reached.get("http"), want["clients"])
    else:
        absent("NetworkPolicy")

    # How many.
    if want["lease"]:
        disruption = at(named("PodDisruptionBudget"), "spec")
        is_("maxUnavailable", at(disruption, "maxUnavailable"), 1, "one after the other")
        is_("PodDisruptionBudget: selector", at(disruption, "selector", "matchLabels"), selector)
    else:
        absent("PodDisruptionBudget")
    if want["most"]:
        scaler = at(named("HorizontalPodAutoscaler"), "spec")
        is_("scaleTargetRef", at(scaler, "scaleTargetRef"), {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name})
        within("minReplicas", at(scaler, "minReplicas"), 3, 9, "of two one that is missing would be over a third, and hold the promotion")
        is_("minReplicas", at(scaler, "minReplicas"), want["least"])
        is_("maxReplicas", at(scaler, "maxReplicas"), want["most"], "more than the least")
        metric = at(scaler, "metrics", 0)
        is_("metrics", [at(metric, "type"), at(metric, "resource", "name"), at(metric, "resource", "target", "type")], ["Resource", "cpu", "Utilization"])
        is_("averageUtilization", at(metric, "resource", "target", "averageUtilization"), want["cpu"], "of the CPU that was asked for")
        down = at(scaler, "behavior", "scaleDown")
        within("stabilizationWindowSeconds", at(down, "stabilizationWindowSeconds"), 300, 1800, "a short quiet time takes nobody away")
        is_("scaleDown", [[at(each, "type"), at(each, "value")] for each in at(down, "policies") or []], [["Pods", 1]], "one at a time")
        within("scaleDown: periodSeconds", at(down, "policies", 0, "periodSeconds"), at(pod, "terminationGracePeriodSeconds") or 0, 600, "the next when the last one has drained")
    else:
        absent("HorizontalPodAutoscaler")
    _around(tree, want, named, absent, selector, ports, cluster)
    is_("objects", sorted(f"{each.get('kind')} {at(each, 'metadata', 'name')}" for each in objects), sorted({f"{each.get('kind')} {at(each, 'metadata', 'name')}" for each in seen}), "no other ones, each once")
    return config


def _around(tree, want, named, absent, selector, ports, cluster):
    """What others read: cert-manager, Prometheus, those who let clients in."""
    name, namespace = want["name"], want["namespace"]
    if want["issuer"]:
        certificate = at(named("Certificate", f"{name}-cluster"), "spec")
        is_("Certificate: secretName", at(certificate, "secretName"), want["members_secret"] or f"{name}-cluster", "the one that is mounted")
        is_("Certificate: dnsNames", at(certificate, "dnsNames"), [cluster.get("name")], "cluster.name")
        is_("Certificate: usages", sorted(at(certificate, "usages") or []), ["client auth", "digital signature", "server auth"], "both sides show it")
        is_("Certificate: privateKey", at(certificate, "privateKey"), {"algorithm": "ECDSA", "size": 256, "encoding": "PKCS8", "rotationPolicy": "Always"})
        hours = [int(re.fullmatch(r"(\d+)h", str(at(certificate, key)))[1]) for key in ("duration", "renewBefore")]
        check(hours[0] == 90 * 24 and hours[1] == 30 * 24, "Certificate: duration, renewBefore", hours, "90 days, and 30 before their end")
        is_("Certificate: issuerRef", at(certificate, "issuerRef"), {"group": "cert-manager.io", **want["issuer"]})
    else:
        absent("Certificate")
    if want["monitor"]:
        monitor = at(named("PodMonitor"), "spec")
        is_("PodMonitor: selector", at(monitor, "selector", "matchLabels"), selector)
        is_("PodMonitor: jobLabel", selector.get(at(monitor, "jobLabel")), tree.discovery["job_name"], "the rules and the dashboard go by this job's name")
        endpoint = at(monitor, "podMetricsEndpoints", 0)
        is_("PodMonitor: endpoints", len(at(monitor, "podMetricsEndpoints") or []), 1)
        check(at(endpoint, "port") in ports and at(endpoint, "port") == "metrics", "PodMonitor: port", at(endpoint, "port"), "the name of the admin port")
        is_("PodMonitor: path", at(endpoint, "path"), "/metrics")
        is_("PodMonitor: interval", at(endpoint, "interval"), want["monitor"]["interval"])
        is_("PodMonitor: authorization", at(endpoint, "authorization"), {"type": "Bearer", "credentials": {"name": want["secret"] or name, "key": "admin-token"}})
    else:
        absent("PodMonitor")
    if want["ingress"]:
        ingress = named("Ingress")
        annotations = at(ingress, "metadata", "annotations") or {}
        short = {key.rsplit("/", 1)[-1]: value for key, value in annotations.items() if key.startswith("nginx.ingress.kubernetes.io/")}
        is_("Ingress: annotations", short, {
            "proxy-buffering": "off", "proxy-request-buffering": "off", "proxy-send-timeout": "600", "proxy-body-size": "0", "proxy-read-timeout": want["ingress"]["silence"]},
            "streams are not held, nor cut before the proxy cuts them")
        host = want["ingress"]["host"]
        is_("Ingress: className", at(ingress, "spec", "ingressClassName"), want["ingress"]["class"])
        is_("Ingress: tls", at(ingress, "spec", "tls"), [{"secretName": want["ingress"]["secret"], "hosts": [host]}] if want["ingress"]["secret"] else None)
        is_("Ingress: rules", at(ingress, "spec", "rules"), [{"host": host, "http": {"paths": [{
            "path": "/", "pathType": "Prefix", "backend": {"service": {"name": name, "port": {"name": "http"}}}}]}}])
    else:
        absent("Ingress")
    if want["route"]:
        route = at(named("HTTPRoute"), "spec")
        is_("HTTPRoute: parentRefs", at(route, "parentRefs"), [want["route"]["gateway"]])
        is_("HTTPRoute: hostnames", at(route, "hostnames"), [want["route"]["host"]])
        is_("HTTPRoute: rules", at(route, "rules"), [{"backendRefs": [{"name": name, "port": ports.get("http")}], "timeouts": {"request": "0s"}}], "no timeout: the proxy has its own")
    else:
        absent("HTTPRoute")
    # Prometheus finds them, and the documents have the commands for what is usual.
    kept = {at(each, "source_labels", 0): at(each, "regex") for each in tree.discovery["relabel_configs"] if each.get("action") == "keep"}
    is_("prometheus: label", kept.get("__meta_kubernetes_pod_label_app_kubernetes_io_name"), selector["app.kubernetes.io/name"])
    check(kept.get("__meta_kubernetes_pod_container_port_name") in ports, "prometheus: port", kept, "the name of a port of the container")
    if name == namespace == "rollout-proxy":
        is_("prometheus: namespaces", at(tree.discovery, "kubernetes_sd_configs", 0, "namespaces", "names"), [namespace])
        for label in ("operators", "clients"):
            check(f"rollout-proxy/{label}=true" in tree.document, "docs/kubernetes.md", f"rollout-proxy/{label}", "a command that sets it")
        check(f"DNS:{name}" in tree.document, "docs/kubernetes.md", "the certificate's name", f"DNS:{name}, which cluster.name demands")
