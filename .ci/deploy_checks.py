"""Checks of what is under deploy/, one part a call: deploy_checks.py PART TREE [WORK]

TREE is the checkout or a copy of it that was broken on purpose, WORK a folder for files in between. Ends with 1 and a
sentence for each problem. Needs Debian's python3-botocore and python3-yaml.
"""

import json
import os
import re
import subprocess
import sys

import yaml

PART, TREE, *REST = sys.argv[1:]
DEPLOY = os.path.join(TREE, "deploy")
problems = []


def wrong(text):
    problems.append(text)


def expect(name, actual, expected):
    if actual != expected:
        wrong(f"{name}: {json.dumps(actual)} (expected: {json.dumps(expected)})")


def read(*path):
    with open(os.path.join(TREE, *path), encoding="utf-8") as file:
        return file.read()


# What the placeholders of ecs/ may stand for. Terraform's references stand for the same, see `module`.
SAMPLES = {
    "AWS_ACCOUNT": "111122223333",
    "AWS_REGION": "eu-west-1",
    "ECR_REPO": "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    "VERSION": "0.2.0",
    "AZURE_DEEPSEEK_ENDPOINT": "https://deepseek.example.com",
    "AZURE_LLAMA_ENDPOINT": "https://llama.example.com",
    "AZURE_MISTRAL_ENDPOINT": "https://mistral.example.com",
    "AZURE_PHI_ENDPOINT": "https://phi.example.com",
    "AI_LEGACY_URL": "https://legacy.example.com",
    "AI_ROUTER_API_KEY_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ai-router/api-key-a1b2c3",
    "CLIENT_KEY_SHA256_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rollout-proxy/client-key-a1b2c3",
    "ADMIN_TOKEN_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rollout-proxy/admin-token-a1b2c3",
    "MEMBERS_AUTHORITY_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rollout-proxy/members-authority-a1b2c3",
    "MEMBERS_CERTIFICATE_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rollout-proxy/members-certificate-a1b2c3",
    "MEMBERS_KEY_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rollout-proxy/members-key-a1b2c3",
    "ENVIRONMENT": "production",
    "VPC_CIDR": "10.0.0.0/16",
    "EFS_ID": "fs-0123456789abcdef0",
    "EFS_ACCESS_POINT": "fsap-0123456789abcdef0",
    "SUBNET_A": "subnet-0123456789abcdef0",
    "SUBNET_B": "subnet-0123456789abcdef1",
    "ROUTER_SECURITY_GROUP": "sg-0123456789abcdef0",
    "PROXY_SECURITY_GROUP": "sg-0123456789abcdef1",
    "TARGET_GROUP_ARN": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/huntaze-rollout-proxy/0123456789abcdef",
    "ROUTER_REGISTRY_ARN": "arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-0123456789abcdef",
    "PROXY_REGISTRY_ARN": "arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-fedcba9876543210",
}


FILES = "/run/secrets/rollout-proxy-cluster"
# Tasks are one rollout: each by its address in the VPC, all by the name that Cloud Map has for them.
CLUSTER = {
    "name": "rollout-proxy", "bind": SAMPLES["VPC_CIDR"], "port": 7800, "lease": "directory",
    "discovery": {"dns": "proxy.huntaze.internal"},
    "tls": {"certificate": f"{FILES}/tls.crt", "key": f"{FILES}/tls.key", "ca": f"{FILES}/ca.crt"},
}
# By which people know where an alert comes from, and services for people on call which incident it is.
ALERTS = {"environment": SAMPLES["ENVIRONMENT"], "links": {"dashboard": "http://proxy.huntaze.internal:9090"}}


def filled(text, name):
    def value(found):
        if found[1] not in SAMPLES:
            wrong(f"{name}: ${{{found[1]}}}: no such placeholder (expected: one of {', '.join(SAMPLES)})")
            return ""
        return SAMPLES[found[1]]

    return re.sub(r"\$\{(\w+)\}", value, text)


def ecs_file(name):
    return json.loads(filled(read("deploy/ecs", name), f"ecs/{name}"))


def dockerfile():
    text = read("Dockerfile")
    check = re.search(r"^HEALTHCHECK .*?\n\s*CMD (\[.*\])$", text, re.M)
    return {"user": re.search(r"^USER (\S+)$", text, re.M)[1], "check": ["CMD", *json.loads(check[1])]}


def seconds(text):
    return int(text[:-1]) * {"s": 1, "m": 60}[text[-1]]


def ecs():
    """The files of ecs/ against AWS's own model, the seed, the image and the configuration."""
    import botocore.session
    import botocore.validate

    model = botocore.session.Session().get_service_model("ecs")
    for name, operation in (
        ("router.task.json", "RegisterTaskDefinition"),
        ("proxy.task.json", "RegisterTaskDefinition"),
        ("router.service.json", "CreateService"),
        ("proxy.service.json", "CreateService"),
    ):
        shape = model.operation_model(operation).input_shape
        report = botocore.validate.ParamValidator().validate(ecs_file(name), shape)
        if report.has_errors():
            wrong(f"ecs/{name}: {report.generate_report()}")
    router, proxy = ecs_file("router.task.json"), ecs_file("proxy.task.json")
    # The design document's own values.
    (container,) = router["containerDefinitions"]
    for key, value in {
        "name": "ai-router",
        "image": f"{SAMPLES['ECR_REPO']}/ai-router:latest",
        "cpu": 512,
        "memory": 1024,
        "healthCheck": {
            "command": ["CMD-SHELL", "curl -f http://localhost:8000/health"],
            "interval": 30, "timeout": 5, "retries": 3},
    }.items():
        expect(f"ecs/router.task.json: {key}", container.get(key), value)
    expect("ecs/router.task.json: ports", [port["containerPort"] for port in container["portMappings"]], [8000])
    expect(
        "ecs/router.task.json: environment",
        [entry["name"] for entry in container["environment"]],
        [f"AZURE_{model}_ENDPOINT" for model in ("DEEPSEEK", "LLAMA", "MISTRAL", "PHI")])

    container, files = proxy["containerDefinitions"]
    image = dockerfile()
    drain = json.loads(read("conf/proxy.json"))["drain"]
    takes = seconds(drain["delay"]) + seconds(drain["timeout"])
    if not takes < container.get("stopTimeout", 30) <= 120:
        wrong(f"ecs/proxy.task.json: stopTimeout: {container.get('stopTimeout')} (expected: over the drain's {takes} s, at most 120)")
    for key, value in {
        "user": image["user"], "readonlyRootFilesystem": True,
        "ulimits": [{"name": "nofile", "softLimit": 65536, "hardLimit": 65536}],
    }.items():
        expect(f"ecs/proxy.task.json: {key}", container.get(key), value)
    expect("ecs/proxy.task.json: healthCheck.command", container["healthCheck"]["command"], image["check"])
    expect("ecs/proxy.task.json: secrets", [entry["name"] for entry in container["secrets"]], ["ADMIN_TOKEN", "AI_ROUTER_API_KEY", "CLIENT_KEY_SHA256"])
    no_open_door()
    read_by_file = set(re.findall(r"\$\{(\w+):", read("deploy/image/proxy.json")))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", read("docs/configuration.md"), re.M))
    for entry in container["environment"] + container["secrets"]:
        if entry["name"] not in read_by_file | documented:
            wrong(f"ecs/proxy.task.json: {entry['name']}: nobody reads it (expected: one of {', '.join(sorted(read_by_file | documented))})")
    for name, task in (("router", router), ("proxy", proxy)):
        for entry in task["containerDefinitions"][0]["environment"]:
            if re.search("KEY|TOKEN|SECRET|PASSWORD", entry["name"]):
                wrong(f"ecs/{name}.task.json: {entry['name']}: in environment (expected: in secrets)")
    (volume,) = [volume for volume in proxy["volumes"] if "efsVolumeConfiguration" in volume]
    expect("ecs/proxy.task.json: state's transitEncryption", volume["efsVolumeConfiguration"]["transitEncryption"], "ENABLED")
    mounts = {mount["containerPath"]: mount["sourceVolume"] for mount in container["mountPoints"]}
    expect("ecs/proxy.task.json: mountPoints", mounts, {"/data": volume["name"], "/tmp": "tmp", FILES: "files"})
    expect("ecs/proxy.task.json: mounts that cannot be written", [mount["sourceVolume"] for mount in container["mountPoints"] if mount["readOnly"]], ["files"])
    expect("ecs/proxy.task.json: ports", [port["containerPort"] for port in container["portMappings"]], [8080, 9090, CLUSTER["port"]])
    document = json.loads(next((entry["value"] for entry in container["environment"] if entry["name"] == "ROLLOUT_CONFIG"), "{}"))
    expect("ecs/proxy.task.json: ROLLOUT_CONFIG", document, {"alerts": ALERTS, "cluster": CLUSTER})
    # Its files are there before it starts, written by one that ends, and readable for its user alone.
    expect("ecs/proxy.task.json: dependsOn", container.get("dependsOn"), [{"containerName": files["name"], "condition": "SUCCESS"}])
    expect("ecs/proxy.task.json: files: essential", files["essential"], False)
    expect("ecs/proxy.task.json: files: readonlyRootFilesystem", files["readonlyRootFilesystem"], True)
    expect("ecs/proxy.task.json: files: mountPoints", files["mountPoints"], [{"sourceVolume": "files", "containerPath": FILES, "readOnly": False}])
    names = {os.path.basename(path): re.sub("[^A-Z]", "_", os.path.basename(path).upper()) for path in CLUSTER["tls"].values()}
    expect("ecs/proxy.task.json: files: secrets", [entry["name"] for entry in files["secrets"]], sorted(names.values()))
    expect("ecs/proxy.task.json: files: command", files["command"], ["sh", "-c", " && ".join(
        ["umask 077", *(f"printenv {names[name]} > {FILES}/{name}" for name in sorted(names)), f"chown -R {image['user']} {FILES}"])])
    for name in ("router", "proxy"):
        deployment = ecs_file(f"{name}.service.json")["deploymentConfiguration"]
        expect(f"ecs/{name}.service.json: deploymentConfiguration", deployment, {
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "minimumHealthyPercent": 100, "maximumPercent": 200})
    (balancer,) = ecs_file("proxy.service.json")["loadBalancers"]
    expect("ecs/proxy.service.json: container", (balancer["containerName"], balancer["containerPort"]), (container["name"], 8080))


def files():
    """Prints the command of the container that writes files, as a script; both it and ROLLOUT_CONFIG have their paths in a folder."""
    (place,) = REST
    written = os.path.join(place, "members")
    os.makedirs(written, exist_ok=True)
    container, maker = ecs_file("proxy.task.json")["containerDefinitions"]
    # Nobody but root gives a file to another user.
    owner = f"{os.getuid()}:{os.getgid()}"
    print(maker["command"][2].replace(FILES, written).replace(dockerfile()["user"], owner))
    document = next(entry["value"] for entry in container["environment"] if entry["name"] == "ROLLOUT_CONFIG")
    with open(os.path.join(place, "rollout-config.json"), "w", encoding="utf-8") as file:
        file.write(document.replace(FILES, written))


def no_open_door():
    """Whoever reaches a port behind which the proxy adds a key of its own has to show one."""
    for name in ("image", "compose"):
        auth = json.loads(read(f"deploy/{name}/proxy.json")).get("auth", {})
        expect(f"{name}/proxy.json: auth.required", auth.get("required"), True)
        expect(f"{name}/proxy.json: auth.open", auth.get("open", False), False)
        expect(f"{name}/proxy.json: auth.keys", [key["sha256"] for key in auth.get("keys", [])], ["${CLIENT_KEY_SHA256:}"])
    for file, needed in {
        "apigateway.tf": "authorization_type = var.api_authorizer.type",
        "alb.tf": "web_acl_arn  = var.web_acl_arn",
        "proxy.tf": "CLIENT_KEY_SHA256 = aws_secretsmanager_secret.client_key.arn",
    }.items():
        if needed not in read(f"deploy/terraform/{file}"):
            wrong(f"terraform/{file}: {needed}: missing (expected: it keeps strangers from paid models)")


# Terraform's references, and what they stand for here.
REFERENCES = {
    r'aws_ecr_repository\.this\["([\w-]+)"\]\.repository_url': lambda m: f"{SAMPLES['ECR_REPO']}/{m[1]}",
    r"aws_secretsmanager_secret\.router_api_key\.arn": "AI_ROUTER_API_KEY_ARN",
    r"aws_secretsmanager_secret\.admin_token\.arn": "ADMIN_TOKEN_ARN",
    r"aws_secretsmanager_secret\.client_key\.arn": "CLIENT_KEY_SHA256_ARN",
    r"aws_service_discovery_private_dns_namespace\.this\.name": lambda m: "huntaze.internal",
    r"aws_efs_file_system\.state\.id": "EFS_ID",
    r"aws_efs_access_point\.state\.id": "EFS_ACCESS_POINT",
    r'aws_cloudwatch_log_group\.this\["([\w-]+)"\]\.name': lambda m: f"/ecs/{m[1]}",
    r'aws_iam_role\.(execution|task)\["([\w-]+)"\]\.arn': lambda m: f"arn:aws:iam::{SAMPLES['AWS_ACCOUNT']}:role/{m[2]}-{m[1]}",
    # Nothing differs from the image's configuration but that tasks are one rollout, whose alerts have a name; the rest is seen by `settings`.
    r"module\.settings\.environment": lambda m: {"ROLLOUT_CONFIG": json.dumps({"alerts": ALERTS, "cluster": CLUSTER}, sort_keys=True, separators=(",", ":"))},
    r"aws_secretsmanager_secret\.members_(\w+)\.arn": lambda m: SAMPLES[f"MEMBERS_{m[1].upper()}_ARN"],
    r"var\.files_image": lambda m: re.search(r'"files_image" \{.*?default +=\s+"([^"]+)"', read("deploy/terraform/variables.tf"), re.S)[1],
    r"var\.settings_secrets": lambda m: {},
    r"var\.region": "AWS_REGION",
    r"var\.proxy_tag": "VERSION",
    r"var\.router_tag": lambda m: "latest",
    r"var\.ai_legacy_url": "AI_LEGACY_URL",
    r"var\.ai_provider": lambda m: "canary",
    r"var\.azure_endpoints": lambda m: {name: value for name, value in SAMPLES.items() if name.startswith("AZURE_")},
}


def module():
    """The module calls of the root module, evaluated by Terraform itself, against the files of ecs/."""
    (work,) = REST
    root = os.path.join(work, "module-root")
    os.makedirs(root, exist_ok=True)
    text = ""
    for name in ("router", "proxy"):
        block = re.search(rf'^module "{name}_task" \{{.*?^\}}$', read("deploy/terraform", f"{name}.tf"), re.M | re.S)[0]
        for pattern, value in REFERENCES.items():
            def sample(found, value=value):
                return json.dumps(SAMPLES[value] if isinstance(value, str) else value(found))
            block = re.sub(pattern, sample, block)
        block = block.replace("./modules/taskdef", os.path.abspath(os.path.join(DEPLOY, "terraform/modules/taskdef")))
        left = re.search(r"\b(aws_\w+|var|local|data)\.\w+[^\s]*", block)
        if left:
            wrong(f"terraform/{name}.tf: {left[0]}: not known to this check (expected: an entry in REFERENCES)")
        text += f'{block}\noutput "{name}" {{\n  value = module.{name}_task.task_definition\n}}\n'
    if problems:
        return
    with open(os.path.join(root, "main.tf"), "w", encoding="utf-8") as file:
        file.write(text)

    def terraform(*arguments):
        done = subprocess.run(["terraform", f"-chdir={root}", *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            wrong(f"terraform {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    terraform("init", "-backend=false", "-input=false", "-no-color")
    if not problems:
        terraform("apply", "-auto-approve", "-input=false", "-no-color")
    if problems:
        return
    outputs = json.loads(terraform("output", "-json"))
    for name in ("router", "proxy"):
        made, kept = json.loads(outputs[name]["value"]), ecs_file(f"{name}.task.json")
        compare(f"terraform/{name}.tf and ecs/{name}.task.json", made, kept)


def settings():
    """The document that Terraform makes of the root module's own call, with a value for each of its variables."""
    (work,) = REST
    root = os.path.join(work, "settings-root")
    os.makedirs(root, exist_ok=True)
    block = re.search(r'^module "settings" \{.*?^\}$', read("deploy/terraform/proxy.tf"), re.M | re.S)[0]
    block = block.replace("data.aws_vpc.this.cidr_block", json.dumps(SAMPLES["VPC_CIDR"]))
    block = block.replace("${aws_service_discovery_private_dns_namespace.this.name}", "huntaze.internal")
    block = block.replace("./modules/settings", os.path.abspath(os.path.join(DEPLOY, "terraform/modules/settings")))
    values = {
        "limits": {"per_key_per_second": 21, "burst": 42},
        "stages": [{"phase": "small", "percentage": 7, "bake": "3h"}, {"phase": "full", "percentage": 100}],
        "channels": [{"type": "slack", "minSeverity": "critical", "url": "${SLACK_URL}"}, {"type": "log"}],
        "name": "huntaze",
        "environment": "staging",
        "links": {"runbook": "https://wiki.example/#{kind}"},
        "prices": "prices-of-ours.json",
        "keys": [{"id": "app", "sha256": "0" * 64, "tier": "vip", "per_second": 5}],
        "settings_secrets": {"SLACK_URL": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf"},
    }
    names = set(re.findall(r"\bvar\.(\w+)", block))
    expect("terraform/proxy.tf: module settings", sorted(names), sorted(values))
    if "}, module.settings.environment)" not in read("deploy/terraform/proxy.tf"):
        wrong("terraform/proxy.tf: environment: without module.settings.environment (expected: merged into it)")
    if problems:
        return
    # The declarations as they are: a type that drops an attribute would drop it here, too.
    declared = [re.search(rf'^variable "{name}" \{{.*?^\}}$', read("deploy/terraform/variables.tf"), re.M | re.S)[0] for name in sorted(names)]
    with open(os.path.join(root, "main.tf"), "w", encoding="utf-8") as file:
        file.write("\n".join([*declared, block, 'output "environment" {\n  value = module.settings.environment\n}\n']))
    with open(os.path.join(root, "terraform.tfvars.json"), "w", encoding="utf-8") as file:
        json.dump(values, file)
    for arguments in (["init", "-backend=false"], ["apply", "-auto-approve"], ["output", "-json", "environment"]):
        more = [] if arguments[0] == "output" else ["-input=false", "-no-color"]
        done = subprocess.run(["terraform", f"-chdir={root}", *arguments, *more], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            wrong(f"terraform {arguments[0]}: {done.stdout}{done.stderr}")
            return
    document = json.loads(json.loads(done.stdout)["ROLLOUT_CONFIG"])
    expect("terraform/proxy.tf: module settings: cluster", document.get("cluster"), CLUSTER)
    # Its files are not here; what the proxy makes of them is seen by `environment`.
    del document["cluster"]
    with open(os.path.join(work, "rollout-config.json"), "w", encoding="utf-8") as file:
        json.dump(document, file)


def compare(where, made, kept):
    if isinstance(made, dict) and isinstance(kept, dict):
        for key in sorted(made.keys() | kept.keys()):
            compare(f"{where}: {key}", made.get(key), kept.get(key))
    elif isinstance(made, list) and isinstance(kept, list) and len(made) == len(kept):
        for made_item, kept_item in zip(made, kept):
            compare(where, made_item, kept_item)
    elif made != kept:
        wrong(f"{where}: {json.dumps(made)} and {json.dumps(kept)} (expected: the same)")


def compose():
    """What docker-compose cannot know: that the proxy is run as its image and its drain demand."""
    composed("compose.yaml", ["proxy"])
    replicas = ["proxy-1", "proxy-2", "proxy-3"]
    composed("compose.three.yaml", replicas)
    balancer = read("deploy/compose/haproxy.cfg")
    for port in ("8080", "9090"):
        servers = re.findall(rf"^  server (\S+) (\S+):{port}$", balancer, re.MULTILINE)
        expect(f"haproxy.cfg: servers of {port}", servers, [(each, each) for each in replicas])


def composed(file, proxies):
    services = yaml.safe_load(read("deploy/" + file))["services"]
    image = dockerfile()
    for name in proxies:
        proxy = services[name]
        expect(f"{file}: {name}.healthcheck.test", proxy["healthcheck"]["test"], image["check"])
        for key, value in {"user": image["user"], "read_only": True, "cap_drop": ["ALL"], "stop_grace_period": "120s"}.items():
            expect(f"{file}: {name}.{key}", proxy.get(key), value)
    router = services["router"]["healthcheck"]
    expect(f"{file}: router.healthcheck", router, {
        "test": ["CMD-SHELL", "curl -f http://localhost:8000/health"], "interval": "30s", "timeout": "5s", "retries": 3})
    for name, service in services.items():
        for key in ("cpus", "mem_limit", "networks", "restart"):
            if key not in service:
                wrong(f"{file}: {name}.{key}: missing (expected: a limit for every service)")
        if "build" not in service and not re.search(r":[\w.${}:-]+$", service["image"]):
            wrong(f"{file}: {name}.image: {service['image']} (expected: with a tag)")


def alerts():
    for group in yaml.safe_load(read("deploy/prometheus/rules.yml"))["groups"]:
        yield from group["rules"]


def rules():
    """Every alert says what it is, where to read on, and is tested both ways."""
    tests = yaml.safe_load(read("deploy/prometheus/rules_test.yml"))["tests"]
    fires, quiet = set(), set()
    for test in tests:
        for one in test["promql_expr_test"]:
            name = re.search(r'alertname="(\w+)"', one["expr"])[1]
            (fires if one["exp_samples"] else quiet).add(name)
    runbook = os.path.join(TREE, "docs/runbook.md")
    headings = None
    if os.path.exists(runbook):
        headings = {line.lstrip("# ").strip().lower() for line in read("docs/runbook.md").splitlines() if line.startswith("#")}
    names = []
    for alert in alerts():
        name = alert["alert"]
        names.append(name)
        annotations = alert.get("annotations", {})
        for key in ("summary", "description"):
            if len(annotations.get(key, "")) < 10:
                wrong(f"rules.yml: {name}: {key}: missing (expected: a sentence)")
        expect(f"rules.yml: {name}: runbook_url", annotations.get("runbook_url"),
               "{{ $externalLabels.rollout_docs }}/runbook.md#" + name.lower())
        if alert.get("labels", {}).get("severity") not in ("critical", "warning"):
            wrong(f"rules.yml: {name}: severity: {alert.get('labels')} (expected: critical or warning)")
        if name not in fires:
            wrong(f"rules_test.yml: {name}: no test in which it fires")
        if name not in quiet:
            wrong(f"rules_test.yml: {name}: no test in which it is quiet")
        if headings is not None and name.lower() not in headings:
            wrong(f"docs/runbook.md: {name}: no heading of that name, to which the alert points")
    if len(names) != len(set(names)):
        wrong(f"rules.yml: {[name for name in names if names.count(name) > 1]}: more than once")
    for name in (fires | quiet) - set(names):
        wrong(f"rules_test.yml: {name}: no such alert")
    mentioned = re.findall(r"Rollout\w+(?:\([\w|]+\))?", read("deploy/alertmanager/alertmanager.yml"))
    for pattern in mentioned:
        parts = re.fullmatch(r"(\w+)\(([\w|]+)\)", pattern)
        for name in [parts[1] + end for end in parts[2].split("|")] if parts else [pattern]:
            if name not in names:
                wrong(f"alertmanager.yml: {name}: no such alert")


def dashboard():
    return json.loads(read("deploy/grafana/dashboards/rollout-proxy.json"))


def panels(board):
    for panel in board["panels"]:
        yield panel
        yield from panel.get("panels", [])


def expressions():
    """(where, expression) of the dashboard, as Prometheus takes them."""
    board = dashboard()
    for panel in panels(board):
        for target in panel.get("targets", []):
            yield f"panel {panel['title']}", target["expr"]
    for note in board["annotations"]["list"]:
        yield f"annotation {note['name']}", note["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield f"variable {variable['name']}", re.sub(r"label_values\((.*), *\w+\)$", r"\1", variable["query"]["query"])


def plain(expression):
    return (expression.replace("$__rate_interval", "1m").replace("$__range", "1h")
            .replace('"$job"', '"rollout-proxy"').replace('"$instance"', '".*"'))


def grafana():
    """The dashboard's form, and its expressions by promtool."""
    (work,) = REST
    board = dashboard()
    ids = [panel["id"] for panel in panels(board)]
    if len(ids) != len(set(ids)):
        wrong(f"dashboard: panel ids {sorted(i for i in set(ids) if ids.count(i) > 1)}: more than once")
    variables = {variable["name"] for variable in board["templating"]["list"]}
    source = {"type": "prometheus", "uid": "${datasource}"}
    drawn = 0
    for panel in panels(board):
        if panel["type"] == "row":
            continue
        drawn += 1
        title = panel["title"]
        expect(f"dashboard: {title}: datasource", panel["datasource"], source)
        for target in panel["targets"]:
            expect(f"dashboard: {title}: a target's datasource", target["datasource"], source)
            # Both providers are drawn by one expression, in one panel: at one scale.
            if re.search(r'provider="(foundry|legacy)"', target["expr"]):
                wrong(f"dashboard: {title}: {target['expr']}: one provider alone (expected: by (provider), so that both have one scale)")
        grid = panel["gridPos"]
        if grid["x"] + grid["w"] > 24:
            wrong(f"dashboard: {title}: {grid} (expected: within 24 columns)")
    if drawn < 20:
        wrong(f"dashboard: {drawn} panels (expected: at least 20)")
    paired = [panel for panel in panels(board) if any("by (provider" in target["expr"] for target in panel.get("targets", []))]
    if len(paired) < 8:
        wrong(f"dashboard: {len(paired)} panels with both providers (expected: at least 8)")
    for note in board["annotations"]["list"]:
        expect(f"dashboard: annotation {note['name']}: datasource", note["datasource"], source)
    notes = {note["name"] for note in board["annotations"]["list"]}
    if not {"Rollback", "Promotion"} <= notes:
        wrong(f"dashboard: annotations {sorted(notes)} (expected: Rollback and Promotion among them)")
    recorded = []
    for where, expression in expressions():
        for name in re.findall(r"\$\{?(\w+)", expression):
            if name not in variables and not name.startswith("__"):
                wrong(f"dashboard: {where}: ${name}: no such variable")
        recorded.append({"record": f"check:{len(recorded)}", "expr": plain(expression), "labels": {"where": where}})
    path = os.path.join(work, "dashboard-rules.yml")
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump({"groups": [{"name": "dashboard", "rules": recorded}]}, file)
    done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        wrong(f"dashboard: {done.stdout}{done.stderr}")



def metrics():
    """Every metric, label and label's value that rules and dashboard ask for is one that the running proxy has."""
    (scraped,) = REST
    known = {}
    with open(scraped, encoding="utf-8") as file:
        for line in file:
            found = re.match(r"([a-zA-Z_:]\w*)(?:\{(.*)\})? ", line)
            if found and not line.startswith("#"):
                labels = known.setdefault(found[1], {})
                for label, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found[2] or ""):
                    labels.setdefault(label, set()).add(value)
    if len(known) < 40:
        wrong(f"{scraped}: {len(known)} metrics (expected: those of a running proxy, at least 40)")
    asked = [(f"rules.yml: {alert['alert']}", alert["expr"]) for alert in alerts()]
    asked += [(f"dashboard: {where}", plain(expression)) for where, expression in expressions()]
    used = 0
    for where, expression in asked:
        for name, matchers in re.findall(r"\b(rollout_\w+)(?:\{([^}]*)\})?", re.sub(r'job(=~?)"[^"]*"', "", expression)):
            used += 1
            if name not in known:
                wrong(f"{where}: {name}: the running proxy has no such metric")
                continue
            for label, operator, value in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', matchers):
                # Prometheus adds this one.
                if label == "instance":
                    continue
                if label not in known[name]:
                    wrong(f"{where}: {name}: no label {label} (expected: one of {', '.join(sorted(known[name])) or 'none'})")
                elif operator == "=" and value not in known[name][label]:
                    wrong(f"{where}: {name}: no {label}=\"{value}\" (expected: one of {', '.join(sorted(known[name][label]))})")
    print(f"deploy: {used} uses of metrics in {len(asked)} expressions, {len(known)} metrics in the running proxy")


def prometheus():
    """Every file scrapes each replica by its own address, where it listens, with the token, for the rules' job."""
    port = json.loads(read("conf/proxy.json"))["admin"]["port"]
    for name in ("prometheus", "ecs", "kubernetes"):
        where = f"{name}.yml"
        config = yaml.safe_load(read(f"deploy/prometheus/{where}"))
        expect(f"{where}: rule_files", config["rule_files"], ["rules.yml"])
        expect(f"{where}: alertmanagers", config["alerting"]["alertmanagers"], [{"static_configs": [{"targets": ["alertmanager:9093"]}]}])
        docs = config["global"].get("external_labels", {}).get("rollout_docs", "")
        if not docs.startswith("https://"):
            wrong(f"{where}: external_labels.rollout_docs: {docs!r} (expected: a URL, with which each runbook_url begins)")
        jobs = {job["job_name"]: job for job in config["scrape_configs"]}
        job = jobs.get("rollout-proxy")
        if job is None:
            wrong(f"{where}: jobs {sorted(jobs)} (expected: rollout-proxy, by which the rules go)")
            continue
        expect(f"{where}: metrics_path", job.get("metrics_path", "/metrics"), "/metrics")
        expect(f"{where}: authorization", job.get("authorization"),
               {"type": "Bearer", "credentials_file": "/run/secrets/admin_token"})
        if name == "ecs":
            zone = re.search(r'variable "name" \{.*?default\s+= "(\w+)"', read("deploy/terraform/variables.tf"), re.S)[1]
            cluster = read("deploy/terraform/cluster.tf")
            (found,) = job["dns_sd_configs"]
            expect(f"{where}: dns_sd_configs.names", found["names"], [f"proxy.{zone}.internal"])
            expect(f"{where}: dns_sd_configs.type", found.get("type"), "A")
            expect(f"{where}: dns_sd_configs.port", found.get("port"), port)
            if '"${var.name}.internal"' not in cluster or '"MULTIVALUE"' not in cluster:
                wrong("cluster.tf: the name that ecs.yml asks for (expected: proxy.<name>.internal with the addresses of all tasks)")
        elif name == "kubernetes":
            (found,) = job["kubernetes_sd_configs"]
            expect(f"{where}: role", found.get("role"), "pod")
            kept = {rule["source_labels"][0]: rule["regex"] for rule in job["relabel_configs"] if rule.get("action") == "keep"}
            expect(f"{where}: kept", kept, {
                "__meta_kubernetes_pod_label_app_kubernetes_io_name": "rollout-proxy",
                "__meta_kubernetes_pod_container_port_name": "metrics"})
        else:
            expect(f"{where}: targets", job["static_configs"], [{"targets": [f"proxy:{port}"]}])


def ci():
    """The pipelines: what they run is there, is shell, and is all that CI runs."""
    files = {name: yaml.safe_load(read(name)) for name in (".github/workflows/ci.yml", ".gitlab-ci.yml")}
    github, gitlab = files.values()
    scripts = {}
    for name, job in github["jobs"].items():
        scripts[f"github: {name}"] = [step["run"] for step in job["steps"] if "run" in step]
    for name in gitlab["stages"]:
        scripts[f"gitlab: {name}"] = gitlab[name]["script"]
    for place in ("github", "gitlab"):
        every = "\n".join(line for name, lines in scripts.items() if name.startswith(place) for line in lines)
        for needed in (r"(?m)^\.ci/run$", r"--build-arg \"VERSION=\$version\"", r"\bpush \"\$\w+:\$version\"", r"--password-stdin"):
            if not re.search(needed, every):
                wrong(f"{place}: nothing that matches {needed} (expected: all of .ci/run, and the image with its version)")
    expect("github: publish: needs", github["jobs"]["publish"].get("needs"), "run")
    expect("gitlab: stages", gitlab["stages"], ["run", "publish"])
    for name, lines in scripts.items():
        done = subprocess.run(["shellcheck", "-s", "bash", "-"], input="\n".join(lines), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            wrong(f"{name}: {done.stdout}")
        for called in re.findall(r"(?m)^(\.ci/\w+)", "\n".join(lines)):
            if not os.access(called, os.X_OK):
                wrong(f"{name}: {called}: no such program")


PARTS = {part.__name__: part for part in (ecs, files, module, settings, compose, rules, prometheus, grafana, metrics, ci)}
if PART not in PARTS:
    sys.exit(f"{PART}: no such part (expected: one of {', '.join(PARTS)})")
PARTS[PART]()
for problem in problems:
    print(f"deploy: {problem}", file=sys.stderr)
sys.exit(1 if problems else 0)
