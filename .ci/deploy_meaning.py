"""What the files under deploy/ mean, against what they are for: deploy_meaning.py TREE TERRAFORM.JSON

TREE is the checkout or a copy that was broken on purpose, TERRAFORM.JSON the root module as hcl_json.mjs writes it. No
line is compared with a copy of itself: each expectation comes from the configuration, the image, the code, another file,
or from what AWS, Prometheus or Alertmanager make of the value, which the sentence says. Ends with 1 and a sentence for
each problem.
"""

import json
import os
import re
import sys

import yaml

from expectations import check, counted, is_, problems, within

TREE, ROOT = sys.argv[1:]


def read(*path):
    with open(os.path.join(TREE, *path), encoding="utf-8") as file:
        return file.read()


with open(ROOT, encoding="utf-8") as root:
    TF = json.load(root)


class Block(dict):
    """A block of Terraform: a missing attribute is None, a nested block the one of its kind."""

    def __init__(self, where, body):
        super().__init__(body)
        self.where = where

    def __missing__(self, key):
        return None

    def inner(self, name, index=0):
        found = self[name]
        if isinstance(found, list) and len(found) > index and isinstance(found[index], dict):
            return Block(f"{self.where}.{name}", found[index])
        check(False, f"{self.where}.{name}", found, "a block")
        return Block(f"{self.where}.{name}", {})

    def all(self, **expected):
        for key, value in expected.items():
            is_(f"{self.where}.{key}", self[key], value)

    def within(self, key, least, most, why):
        within(f"{self.where}.{key}", self[key], least, most, why)


def resource(kind, name, section="resource"):
    found = TF.get(section, {}).get(kind, {}).get(name)
    check(bool(found), f"{kind}.{name}", found, "to be there")
    return Block(f"{kind}.{name}", found[0] if found else {})


def module(name):
    found = TF["module"].get(name)
    check(bool(found), f"module.{name}", found, "to be there")
    return Block(f"module.{name}", found[0] if found else {})


LOCALS = {key: value for block in TF["locals"] for key, value in block.items()}
CONF = json.loads(read("conf/proxy.json"))
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h|d)", text).groups()
    return int(number) * UNITS[unit]


DRAIN = seconds(CONF["drain"]["delay"]) + seconds(CONF["drain"]["timeout"])
DATA, ADMIN = CONF["server"]["port"], CONF["admin"]["port"]
MEMBERS = int(re.search(r"^\| `cluster\.port` \|[^|]*\| `(\d+)` \|", read("docs", "configuration.md"), re.M)[1])
ROUTER = 8000  # the seed's
ALB = ["${aws_security_group.alb.id}"]
SUBNETS = "${var.private_subnet_ids}"
DIMENSIONS = {"LoadBalancer": "${aws_lb.this.arn_suffix}", "TargetGroup": "${aws_lb_target_group.proxy.arn_suffix}"}


# AWS's policies with TLS 1.3 and nothing below 1.2 (Elastic Load Balancing, Security policies).
TLS_POLICIES = {f"ELBSecurityPolicy-TLS13-1-{end}" for end in ("3-2021-06", "2-2021-06", "2-Res-2021-06", "2-Ext2-2021-06", "2-Ext1-2021-06")}


def balancer():
    lb = resource("aws_lb", "this")
    lb.all(internal=True, load_balancer_type="application", subnets=SUBNETS, security_groups=ALB,
           drop_invalid_header_fields=True, desync_mitigation_mode="strictest", enable_deletion_protection=True)
    idle = max(seconds(CONF["providers"][name].get("idle", "60s")) for name in ("foundry", "legacy"))
    lb.within("idle_timeout", idle + 10, 600, "longer than providers.*.idle, so that the proxy cuts and says why")
    logs = Block("aws_lb.this.access_logs", (lb["dynamic"] or {}).get("access_logs", [{}])[0])
    is_("aws_lb.this.access_logs", logs.inner("content")["enabled"], True)
    is_("aws_lb.this.access_logs.bucket", logs.inner("content")["bucket"], "${access_logs.value}")
    is_("aws_lb.this.access_logs.for_each", logs["for_each"], '${var.access_log_bucket == "" ? [] : [var.access_log_bucket]}')
    group = resource("aws_lb_target_group", "proxy")
    group.all(target_type="ip", protocol="HTTP", port=DATA, vpc_id="${var.vpc_id}",
              load_balancing_algorithm_type="least_outstanding_requests")
    group.within("deregistration_delay", DRAIN, 300, f"at least the drain's {DRAIN:.0f} s, or streams are cut")
    group.inner("stickiness").all(enabled=False, type="lb_cookie")
    health = group.inner("health_check")
    health.all(path="/readyz", port="traffic-port", protocol="HTTP", matcher="200")
    health.within("interval", 5, 10, "AWS's least, and soon enough for drain.delay")
    health.within("timeout", 2, (health["interval"] or 0) - 1, "below the interval")
    health.within("healthy_threshold", 2, 3, "AWS's least is 2")
    health.within("unhealthy_threshold", 2, 3, "one lost probe is no reason, many are too late")
    listener = resource("aws_lb_listener", "https")
    listener.all(protocol="HTTPS", port=443, certificate_arn="${var.certificate_arn}", load_balancer_arn="${aws_lb.this.arn}")
    check(listener["ssl_policy"] in TLS_POLICIES, "aws_lb_listener.https.ssl_policy", listener["ssl_policy"], "one with TLS 1.3 and nothing below 1.2")
    listener.inner("default_action").all(type="forward", target_group_arn="${aws_lb_target_group.proxy.arn}")
    resource("aws_wafv2_web_acl_association", "this").all(
        count='${var.web_acl_arn == "" ? 0 : 1}', resource_arn="${aws_lb.this.arn}", web_acl_arn="${var.web_acl_arn}")


def gateway():
    resource("aws_apigatewayv2_api", "this").all(protocol_type="HTTP")
    resource("aws_apigatewayv2_vpc_link", "this").all(subnet_ids=SUBNETS, security_group_ids=["${aws_security_group.api_gateway.id}"])
    calls = resource("aws_apigatewayv2_integration", "proxy")
    calls.all(integration_type="HTTP_PROXY", integration_method="ANY", connection_type="VPC_LINK",
              integration_uri="${aws_lb_listener.https.arn}", connection_id="${aws_apigatewayv2_vpc_link.this.id}")
    task = module("proxy_task")["environment"]
    first = re.search(r'TO_FIRST_CONTENT\s*=\s*"(\w+)"', str(task))
    reserve = re.search(r'FALLBACK_RESERVE\s*=\s*"(\w+)"', str(task))
    calls.within("timeout_milliseconds", 1000 * seconds(first[1]) + 1000, 30000, "AWS's most, and longer than TO_FIRST_CONTENT")
    within("module.proxy_task: FALLBACK_RESERVE", seconds(reserve[1]), 8, seconds(first[1]) / 2, "legacy's part of TO_FIRST_CONTENT")
    is_("aws_apigatewayv2_integration.proxy.tls_config", calls.inner("tls_config")["server_name_to_verify"], "${var.load_balancer_name}")
    resource("aws_apigatewayv2_route", "all").all(
        route_key="$default", target="integrations/${aws_apigatewayv2_integration.proxy.id}",
        authorization_type="${var.api_authorizer.type}", authorizer_id="${var.api_authorizer.id}")
    stage = resource("aws_apigatewayv2_stage", "default")
    stage.all(name="$default", auto_deploy=True)
    logs = stage.inner("access_log_settings")
    logs.all(destination_arn="${aws_cloudwatch_log_group.api_gateway.arn}")
    for value in ("requestId", "httpMethod", "path", "status", "responseLatency", "integrationErrorMessage"):
        check(re.search(rf'"\$context\.{value}"', str(logs["format"])), "aws_apigatewayv2_stage.default.format", logs["format"], f"AWS's $context.{value}")
    resource("aws_cloudwatch_log_group", "api_gateway").all(retention_in_days="${var.log_retention_days}")


def scaling():
    scaled = LOCALS["scaled"]
    is_("local.scaled", scaled, {
        name: {"service": "${aws_ecs_service.%s.name}" % own, "count": "${var.%s_count}" % own}
        for name, own in (("ai-router", "router"), ("rollout-proxy", "proxy"))})
    target = resource("aws_appautoscaling_target", "this")
    target.all(for_each="${local.scaled}", service_namespace="ecs", scalable_dimension="ecs:service:DesiredCount",
               resource_id="service/${aws_ecs_cluster.this.name}/${each.value.service}",
               min_capacity="${each.value.count.min}", max_capacity="${each.value.count.max}")
    policy = resource("aws_appautoscaling_policy", "cpu")
    policy.all(for_each="${aws_appautoscaling_target.this}", policy_type="TargetTrackingScaling",
               service_namespace="${each.value.service_namespace}", scalable_dimension="${each.value.scalable_dimension}",
               resource_id="${each.value.resource_id}")
    rule = policy.inner("target_tracking_scaling_policy_configuration")
    rule.within("target_value", 50, 80, "percent: room for a burst until a task is there, and no task for nothing")
    rule.within("scale_out_cooldown", 30, 120, "out fast")
    rule.within("scale_in_cooldown", 2 * DRAIN, 900, "in slowly: each task that goes drains its streams")
    is_("aws_appautoscaling_policy.cpu.metric", rule.inner("predefined_metric_specification")["predefined_metric_type"], "ECSServiceAverageCPUUtilization")
    resource("aws_cloudwatch_metric_alarm", "cpu").within(
        "threshold", (rule["target_value"] or 0) + 5, 95, "above the target of autoscaling")


def alarm(name, **expected):
    found = resource("aws_cloudwatch_metric_alarm", name)
    found.all(alarm_actions="${var.alarm_topic_arns}", **expected)
    check(re.fullmatch(r"(rollout-proxy|\$\{each\.key\})-(unhealthy|none-healthy|errors|balancer-errors|cpu|\$\{each\.key\})", str(found["alarm_name"])),
          f"aws_cloudwatch_metric_alarm.{name}.alarm_name", found["alarm_name"], "the name by which people know it")
    return found


def alarms():
    kinds = set(re.findall(r"^\| `(\w+)` \|", read_docs("alerts.md"), re.M))
    patterns = {}
    for name, entry in LOCALS["log_alarms"].items():
        found = re.fullmatch(r"\{ \$\.\['event\.action'\] = \"(\w+)\" \}", entry["pattern"])
        check(found and (not kinds or found[1] in kinds), f"local.log_alarms.{name}", entry["pattern"], "event.action of a kind of docs/alerts.md")
        if found:
            patterns[name] = found[1]
    is_("local.log_alarms", patterns, {kind.replace("_", "-"): kind for kind in ("rollback", "state_not_durable", "state_damaged")},
        "what nobody may sleep through")
    metric = resource("aws_cloudwatch_log_metric_filter", "this")
    metric.all(for_each="${local.log_alarms}", pattern="${each.value.pattern}", log_group_name='${aws_cloudwatch_log_group.this["rollout-proxy"].name}')
    made = metric.inner("metric_transformation")
    made.all(name="${each.key}", value="1", default_value="0")
    log = alarm("log", for_each="${local.log_alarms}", namespace=made["namespace"], statistic="Sum", threshold=1,
                metric_name="${aws_cloudwatch_log_metric_filter.this[each.key].metric_transformation[0].name}",
                comparison_operator="GreaterThanOrEqualToThreshold", treat_missing_data="notBreaching")
    log.within("period", 10, 60, "within a minute")
    is_("aws_cloudwatch_metric_alarm.log.evaluation_periods", log["evaluation_periods"], 1)
    unhealthy = alarm("unhealthy", namespace="AWS/ApplicationELB", metric_name="UnHealthyHostCount", dimensions=DIMENSIONS,
                      statistic="Maximum", comparison_operator="GreaterThanThreshold", threshold=0, treat_missing_data="notBreaching")
    within("aws_cloudwatch_metric_alarm.unhealthy: time", (unhealthy["period"] or 0) * (unhealthy["evaluation_periods"] or 0), DRAIN + 30, 600, "longer than a drain")
    none = alarm("none", namespace="AWS/ApplicationELB", metric_name="HealthyHostCount", dimensions=DIMENSIONS, statistic="Minimum",
                 comparison_operator="LessThanThreshold", threshold=1, evaluation_periods=1, treat_missing_data="breaching")
    none.within("period", 10, 60, "nobody is served: within a minute")
    errors = alarm("errors", comparison_operator="GreaterThanThreshold", treat_missing_data="notBreaching")
    errors.within("threshold", 1, 10, "percent")
    errors.within("evaluation_periods", 2, 5, "minutes in a row")
    query = errors.inner("metric_query")
    query.all(id="percent", return_data=True)
    formula = re.fullmatch(r"IF\(requests > (\d+), 100 \* errors / requests, 0\)", str(query["expression"]))
    check(formula and 5 <= int(formula[1]) <= 100, "aws_cloudwatch_metric_alarm.errors.expression", query["expression"],
          "percent of errors, where there are 5 to 100 requests a minute and more")
    dynamic = Block("aws_cloudwatch_metric_alarm.errors.metric_query", errors["dynamic"]["metric_query"][0])
    is_("aws_cloudwatch_metric_alarm.errors.metrics", dynamic["for_each"], {"errors": "HTTPCode_Target_5XX_Count", "requests": "RequestCount"})
    content = dynamic.inner("content")
    content.all(id="${metric_query.key}")
    content.inner("metric").all(namespace="AWS/ApplicationELB", metric_name="${metric_query.value}", dimensions=DIMENSIONS, stat="Sum", period=60)
    own = alarm("balancer", namespace="AWS/ApplicationELB", metric_name="HTTPCode_ELB_5XX_Count",
                dimensions={"LoadBalancer": "${aws_lb.this.arn_suffix}"}, statistic="Sum", period=60,
                comparison_operator="GreaterThanThreshold", treat_missing_data="notBreaching")
    own.within("threshold", 1, 50, "answers a minute")
    own.within("evaluation_periods", 1, 5, "minutes in a row")
    cpu = alarm("cpu", for_each="${local.scaled}", namespace="AWS/ECS", metric_name="CPUUtilization", statistic="Average", period=60,
                dimensions={"ClusterName": "${aws_ecs_cluster.this.name}", "ServiceName": "${each.value.service}"},
                comparison_operator="GreaterThanThreshold", treat_missing_data="missing")
    cpu.within("evaluation_periods", 5, 15, "minutes: longer than autoscaling takes")


def read_docs(name):
    path = os.path.join(TREE, "docs", name)
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            return file.read()
    return ""


# The actions of each role, and why: all that is beyond would be an open door, all that is missing a task that does not start.
EXECUTION = {
    "ecr:GetAuthorizationToken": "*",
    "ecr:BatchCheckLayerAvailability": "${aws_ecr_repository.this[each.key].arn}",
    "ecr:BatchGetImage": "${aws_ecr_repository.this[each.key].arn}",
    "ecr:GetDownloadUrlForLayer": "${aws_ecr_repository.this[each.key].arn}",
    "logs:CreateLogStream": "${aws_cloudwatch_log_group.this[each.key].arn}:*",
    "logs:PutLogEvents": "${aws_cloudwatch_log_group.this[each.key].arn}:*",
    "secretsmanager:GetSecretValue": "${each.value}",
}
MOUNT = {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}


def granted(document):
    """Action to resource, of a policy document's statements."""
    actions = {}
    for statement in document["statement"] or []:
        resources = statement.get("resources", [])
        for action in statement.get("actions", []):
            actions[action] = resources if isinstance(resources, str) else resources[0] if len(resources) == 1 else resources
        check(statement.get("effect", "Allow") == "Allow", f"{document.where}: effect", statement.get("effect"), "Allow")
    return actions


def iam():
    assume = resource("aws_iam_policy_document", "assume", "data").inner("statement")
    is_("assume: actions", assume["actions"], ["sts:AssumeRole"])
    assume.inner("principals").all(type="Service", identifiers=["ecs-tasks.amazonaws.com"])
    assume.inner("condition").all(test="StringEquals", variable="aws:SourceAccount", values=["${data.aws_caller_identity.current.account_id}"])
    execution = resource("aws_iam_policy_document", "execution", "data")
    is_("execution role", granted(execution), EXECUTION, "what ECS does before a container runs")
    parameters = resource("aws_iam_policy_document", "parameters", "data")
    is_("parameters", granted(parameters), {"ssm:GetParameters": "${module.settings.parameter_arns}"}, "what settings_secrets names")
    resource("aws_iam_role_policy", "parameters").all(
        role='${aws_iam_role.execution["rollout-proxy"].id}', policy="${data.aws_iam_policy_document.parameters[0].json}",
        count="${length(module.settings.parameter_arns) == 0 ? 0 : 1}")
    check("module.settings.secret_arns" in json.dumps(LOCALS["task_secrets"]["rollout-proxy"]), "local.task_secrets.rollout-proxy", LOCALS["task_secrets"]["rollout-proxy"], "module.settings.secret_arns, too")
    state = resource("aws_iam_policy_document", "state", "data")
    is_("the proxy's role", granted(state), dict.fromkeys(sorted(MOUNT), "${aws_efs_file_system.state.arn}"))
    state.inner("statement").inner("condition").all(
        test="StringEquals", variable="elasticfilesystem:AccessPointArn", values=["${aws_efs_access_point.state.arn}"])
    for name in ("execution", "task"):
        resource("aws_iam_role", name).all(
            for_each="${local.task_secrets}", name="${each.key}-" + name, assume_role_policy="${data.aws_iam_policy_document.assume.json}")
    resource("aws_iam_role_policy", "execution").all(
        role="${aws_iam_role.execution[each.key].id}", policy="${data.aws_iam_policy_document.execution[each.key].json}", for_each="${local.task_secrets}")
    resource("aws_iam_role_policy", "state").all(
        role='${aws_iam_role.task["rollout-proxy"].id}', policy="${data.aws_iam_policy_document.state.json}")
    # Each secret that a task is given is one that its role may read, and none besides.
    for task, own in (("ai-router", "router_task"), ("rollout-proxy", "proxy_task")):
        given = set(re.findall(r"aws_secretsmanager_secret\.(\w+)\.arn", json.dumps([module(own)["secrets"], module(own)["files"]])))
        may = set(re.findall(r"aws_secretsmanager_secret\.(\w+)\.arn", json.dumps(LOCALS["task_secrets"][task])))
        check(bool(given), f"module.{own}.secrets", sorted(given), "at least one")
        is_(f"local.task_secrets.{task}", sorted(may), sorted(given), f"the secrets of module.{own}")


def network():
    ports = {"alb from the API gateway": ("api_gateway", "alb", 443), "proxy from the alb": ("alb", "proxy", DATA),
             "proxy from the proxy": ("proxy", "proxy", MEMBERS), "router from the proxy": ("proxy", "router", ROUTER), "state from the proxy": ("proxy", "state", 2049)}
    is_("local.ingress", LOCALS["ingress"], {
        name: {"from": "${aws_security_group.%s.id}" % source, "to": "${aws_security_group.%s.id}" % target, "port": port}
        for name, (source, target, port) in ports.items()}, "443, server.port, cluster.port, the router's 8000, NFS's 2049")
    both = {"ip_protocol": "tcp", "from_port": "${each.value.port}", "to_port": "${each.value.port}", "for_each": "${local.ingress}"}
    resource("aws_vpc_security_group_ingress_rule", "this").all(
        security_group_id="${each.value.to}", referenced_security_group_id="${each.value.from}", **both)
    resource("aws_vpc_security_group_egress_rule", "this").all(
        security_group_id="${each.value.from}", referenced_security_group_id="${each.value.to}", **both)
    for name, group, source, port in (("client", "alb", "client", 443), ("operator", "proxy", "operator", ADMIN)):
        resource("aws_vpc_security_group_ingress_rule", name).all(
            for_each="${toset(var.%s_security_group_ids)}" % source, security_group_id="${aws_security_group.%s.id}" % group,
            referenced_security_group_id="${each.key}", ip_protocol="tcp", from_port=port, to_port=port)
    resource("aws_vpc_security_group_egress_rule", "out").all(
        for_each={"proxy": "${aws_security_group.proxy.id}", "router": "${aws_security_group.router.id}"},
        security_group_id="${each.value}", cidr_ipv4="0.0.0.0/0", ip_protocol="tcp", from_port=443, to_port=443)
    resource("aws_vpc_security_group_egress_rule", "legacy").all(
        count="${local.legacy_port == 443 ? 0 : 1}", security_group_id="${aws_security_group.proxy.id}", cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp", from_port="${local.legacy_port}", to_port="${local.legacy_port}")
    resource("aws_vpc_security_group_egress_rule", "more").all(
        for_each="${toset([for port in concat(module.settings.alert_ports, var.egress_ports) : tostring(port) if !contains([443, local.legacy_port], port)])}",
        security_group_id="${aws_security_group.proxy.id}", cidr_ipv4="0.0.0.0/0", ip_protocol="tcp",
        from_port="${tonumber(each.key)}", to_port="${tonumber(each.key)}")
    for name in ("api_gateway", "alb", "proxy", "router", "state"):
        resource("aws_security_group", name).all(vpc_id="${var.vpc_id}")
    for kind in ("ingress", "egress"):
        is_(f"{kind} rules", sorted(TF["resource"][f"aws_vpc_security_group_{kind}_rule"]),
            {"ingress": ["client", "operator", "this"], "egress": ["legacy", "more", "out", "this"]}[kind], "no other door")


def state():
    files = resource("aws_efs_file_system", "state")
    files.all(encrypted=True, performance_mode="generalPurpose", throughput_mode="elastic")
    resource("aws_efs_mount_target", "state").all(
        for_each="${toset(var.private_subnet_ids)}", file_system_id="${aws_efs_file_system.state.id}", subnet_id="${each.key}",
        security_groups=["${aws_security_group.state.id}"])
    uid = int(re.search(r"^USER (\d+)", read("Dockerfile"), re.M)[1])
    point = resource("aws_efs_access_point", "state")
    point.all(file_system_id="${aws_efs_file_system.state.id}")
    point.inner("posix_user").all(uid=uid, gid=uid)
    directory = point.inner("root_directory")
    check(str(directory["path"]).startswith("/") and directory["path"] != "/", "aws_efs_access_point.state.path", directory["path"], "a directory of its own")
    directory.inner("creation_info").all(owner_uid=uid, owner_gid=uid, permissions="0700")
    policy = str(resource("aws_efs_file_system_policy", "state")["policy"])
    for part, why in (('Effect    = "Allow"', "an allowance"), ('AWS = aws_iam_role.task["rollout-proxy"].arn', "the proxy's role alone"),
                      ('"aws:SecureTransport" = "true"', "encrypted on its way"), ("aws_efs_access_point.state.arn", "through the access point"),
                      ('Version = "2012-10-17"', "the policy language's version"), ("Bool         = {", "a condition"), ("StringEquals = {", "a condition"),
                      ("elasticfilesystem:AccessPointArn", "AWS's key for it"), ("Resource  = aws_efs_file_system.state.arn", "this file system")):
        check(part in policy, "aws_efs_file_system_policy.state", policy, f"{part}: {why}")
    is_("aws_efs_file_system_policy.state.Action", set(re.findall(r"elasticfilesystem:Client\w+", policy)) == MOUNT, True, "mount and write, no root access")
    is_("aws_efs_backup_policy.state", resource("aws_efs_backup_policy", "state").inner("backup_policy")["status"], "DISABLED", "an old state could undo a rollback")


def cluster():
    resource("aws_ecs_cluster", "this").inner("setting").all(name="containerInsights", value="enabled")
    is_("aws_cloudwatch_log_group.this", resource("aws_cloudwatch_log_group", "this")["for_each"], '${toset(["ai-router", "rollout-proxy"])}')
    resource("aws_cloudwatch_log_group", "this").all(name="/ecs/${each.key}", retention_in_days="${var.log_retention_days}")
    resource("aws_service_discovery_private_dns_namespace", "this").all(vpc="${var.vpc_id}", name="${var.name}.internal")
    names = resource("aws_service_discovery_service", "this")
    names.all(for_each='${toset(["router", "proxy"])}', name="${each.key}")
    dns = names.inner("dns_config")
    dns.all(routing_policy="MULTIVALUE", namespace_id="${aws_service_discovery_private_dns_namespace.this.id}")
    dns.inner("dns_records").all(type="A")
    dns.inner("dns_records").within("ttl", 1, 10, "a task that is gone is forgotten within seconds")
    is_("aws_service_discovery_service.this", names.inner("health_check_custom_config")["failure_threshold"], 1)
    images = resource("aws_ecr_repository", "this")
    images.all(for_each='${toset(["ai-router", "rollout-proxy"])}', name="${each.key}",
               image_tag_mutability='${each.key == "ai-router" ? "MUTABLE" : "IMMUTABLE"}')
    is_("aws_ecr_repository.this.scan", images.inner("image_scanning_configuration")["scan_on_push"], True)
    kept = str(resource("aws_ecr_lifecycle_policy", "this")["policy"])
    number = re.search(r"countNumber = (\d+)", kept)
    within("aws_ecr_lifecycle_policy.this: images", int(number[1]) if number else None, 5, 100, "enough to go back to")
    for part in ('tagStatus = "any"', 'countType = "imageCountMoreThan"', 'type = "expire"', "rulePriority = 1"):
        check(part in kept, "aws_ecr_lifecycle_policy.this", kept, part)


def services():
    for own, family, port in (("proxy", "rollout-proxy", DATA), ("router", "ai-router", ROUTER)):
        task = module(f"{own}_task")
        definition = resource("aws_ecs_task_definition", own)
        definition.all(family=family, network_mode="awsvpc", requires_compatibilities=["FARGATE"], cpu=str(task["cpu"]), memory=str(task["memory"]),
                       execution_role_arn='${aws_iam_role.execution["%s"].arn}' % family, task_role_arn='${aws_iam_role.task["%s"].arn}' % family,
                       container_definitions="${module.%s_task.container_definitions}" % own)
        definition.inner("runtime_platform").all(cpu_architecture="X86_64", operating_system_family="LINUX")
        check(port in task["ports"], f"module.{own}_task.ports", task["ports"], f"{port} among them")
        task.all(family=family, container_name=family, log_group='${aws_cloudwatch_log_group.this["%s"].name}' % family, region="${var.region}",
                 execution_role_arn=definition["execution_role_arn"], task_role_arn=definition["task_role_arn"])
        service = resource("aws_ecs_service", own)
        service.all(name=family, cluster="${aws_ecs_cluster.this.id}", task_definition="${aws_ecs_task_definition.%s.arn}" % own, launch_type="FARGATE",
                    desired_count="${var.%s_count.min}" % own, deployment_minimum_healthy_percent=100, deployment_maximum_percent=200,
                    enable_ecs_managed_tags=True, propagate_tags="SERVICE")
        service.inner("deployment_circuit_breaker").all(enable=True, rollback=True)
        service.inner("network_configuration").all(subnets=SUBNETS, security_groups=["${aws_security_group.%s.id}" % own], assign_public_ip=False)
        service.inner("service_registries").all(registry_arn='${aws_service_discovery_service.this["%s"].arn}' % own)
        is_(f"aws_ecs_service.{own}.ignore_changes", service.inner("lifecycle")["ignore_changes"], ["${desired_count}"], "autoscaling's affair")
    proxy, task = resource("aws_ecs_service", "proxy"), module("proxy_task")
    proxy.within("health_check_grace_period_seconds", 10, 120, "a start takes some seconds, a broken one must not take minutes")
    proxy.inner("load_balancer").all(target_group_arn="${aws_lb_target_group.proxy.arn}", container_name=task["container_name"], container_port=DATA)
    is_("aws_ecs_service.proxy.depends_on", sorted(proxy["depends_on"] or []), ["${aws_efs_mount_target.state}", "${aws_lb_listener.https}"])
    is_("module.proxy_task.ports", task["ports"], [DATA, ADMIN, MEMBERS])
    # Each task has one address of the VPC, and all of them are behind one name.
    cluster = module("settings")["cluster"]
    is_("module.settings.cluster.network", cluster["network"], "${data.aws_vpc.this.cidr_block}")
    is_("data.aws_vpc.this.id", resource("aws_vpc", "this", "data")["id"], "${var.vpc_id}")
    is_("module.settings.cluster.dns", cluster["dns"], "proxy.${aws_service_discovery_private_dns_namespace.this.name}")
    is_("module.settings.cluster.port", cluster["port"], MEMBERS, "cluster.port")
    is_("module.settings.cluster.name", cluster["name"], "rollout-proxy", "the name in the certificates, by deploy/README.md")
    is_("module.settings.cluster.files", cluster["files"], (task["files"] or {}).get("path"), "where the task has them")
    links = module("settings")["links"]
    check(f"proxy.${{aws_service_discovery_private_dns_namespace.this.name}}:{ADMIN}" in str(links), "module.settings.links", links, "the admin port by its name, which output.admin has")
    is_("module.settings.environment", module("settings")["environment"], "${coalesce(var.environment, var.name)}", "a name that tells incidents of installations apart")
    is_("module.proxy_task.files.image", (task["files"] or {}).get("image"), "${var.files_image}")
    is_("module.proxy_task.files.secrets", (task["files"] or {}).get("secrets"), {
        name: "${aws_secretsmanager_secret.members_%s.arn}" % of for name, of in (("ca.crt", "authority"), ("tls.crt", "certificate"), ("tls.key", "key"))})
    commands = read("deploy", "README.md")
    for of, name in (("members_authority", "ca.crt"), ("members_certificate", "tls.crt"), ("members_key", "tls.key")):
        secret = resource("aws_secretsmanager_secret", of)
        check(f"--secret-id {secret['name']} --secret-string file://{name}" in commands, "deploy/README.md", secret["name"], f"a command that gives it {name}")
    check("DNS:rollout-proxy" in commands, "deploy/README.md", "the certificate's name", "DNS:rollout-proxy")
    task.within("stop_timeout", DRAIN + 1, 120, "longer than the drain, at most Fargate's 120")
    task.within("open_files", 20000, 1048576, "two for each stream")
    volumes = {volume["name"]: volume for volume in resource("aws_ecs_task_definition", "proxy")["volume"] or []}
    efs = Block("volume.state", volumes.get("state", {})).inner("efs_volume_configuration")
    efs.all(transit_encryption="ENABLED", file_system_id="${aws_efs_file_system.state.id}")
    efs.inner("authorization_config").all(iam="ENABLED", access_point_id="${aws_efs_access_point.state.id}")


def variables():
    counts = {name: Block(f"var.{name}", TF["variable"][name][0])["default"] for name in ("proxy_count", "router_count")}
    for name, count in counts.items():
        within(f"var.{name}.min", (count or {}).get("min"), 2, 4, "two, so that a zone may fail")
        within(f"var.{name}.max", (count or {}).get("max"), 4, 32, "room to grow, and a bound")
    is_("var.ai_provider", TF["variable"]["ai_provider"][0]["default"], "legacy", "nothing goes to Foundry unasked")
    within("var.log_retention_days", TF["variable"]["log_retention_days"][0]["default"], 7, 3653, "days that CloudWatch knows")
    check(TF["variable"]["log_retention_days"][0]["default"] in (7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
          "var.log_retention_days", TF["variable"]["log_retention_days"][0]["default"], "a value that CloudWatch takes")
    for name in ("operator_security_group_ids", "client_security_group_ids", "alarm_topic_arns"):
        is_(f"var.{name}", TF["variable"][name][0]["default"], [], "nobody unasked")
    is_("var.web_acl_arn", TF["variable"]["web_acl_arn"][0]["default"], "")
    is_("var.access_log_bucket", TF["variable"]["access_log_bucket"][0]["default"], "")
    is_("var.api_authorizer", TF["variable"]["api_authorizer"][0]["default"], {"type": "NONE"}, "a type that API Gateway knows; the proxy asks for a key")
    for name in ("proxy_count", "private_subnet_ids", "ai_provider", "ai_legacy_url"):
        check(TF["variable"][name][0].get("validation"), f"var.{name}", None, "a validation")
    for name in ("url", "load_balancer", "admin", "repositories"):
        check(name in TF["output"], f"output.{name}", None, "to be there")
    is_("output.admin", TF["output"]["admin"][0]["value"], "http://proxy.${aws_service_discovery_private_dns_namespace.this.name}:%d" % ADMIN)
    is_("output.url", TF["output"]["url"][0]["value"], "${aws_apigatewayv2_api.this.api_endpoint}")
    is_("output.load_balancer", TF["output"]["load_balancer"][0]["value"], "${aws_lb.this.dns_name}")


def alertmanager():
    config = yaml.safe_load(read("deploy/alertmanager/alertmanager.yml"))
    rules = {alert["alert"]: alert for group in yaml.safe_load(read("deploy/prometheus/rules.yml"))["groups"] for alert in group["rules"]}
    route = config["route"]
    (urgent,) = route["routes"]
    (settled,) = urgent["routes"]
    severities = {alert["labels"]["severity"] for alert in rules.values()}
    is_("alertmanager: severities", sorted(severities), ["critical", "warning"])
    is_("alertmanager: the urgent route", urgent["matchers"], ['severity="critical"'], "a severity that the rules have")
    is_("alertmanager: receivers", [receiver["name"] for receiver in config["receivers"]], [route["receiver"], urgent["receiver"]])
    check(route["receiver"] != urgent["receiver"], "alertmanager: receivers", route["receiver"], "who is on call, apart from the team")
    is_("alertmanager: group_by", route["group_by"], ["alertname", "job"], "one page per alert and installation")
    within("alertmanager: group_wait of what is urgent", seconds(urgent["group_wait"]), 0, 5, "seconds")
    within("alertmanager: group_wait", seconds(route["group_wait"]), 1, 60, "seconds")
    within("alertmanager: group_interval", seconds(route["group_interval"]), 60, 600, "seconds")
    within("alertmanager: repeat_interval", seconds(route["repeat_interval"]), 3600, 86400, "seconds")
    within("alertmanager: repeat_interval of what is urgent", seconds(urgent["repeat_interval"]), 900, seconds(route["repeat_interval"]), "seconds")
    is_("alertmanager: what is settled", settled["matchers"], ['alertname="RolloutRolledBack"'], "the alert that stays until a person begins anew")
    check("RolloutRolledBack" in rules and rules["RolloutRolledBack"]["labels"]["severity"] == "critical", "alertmanager: what is settled", rules.get("RolloutRolledBack"), "a critical alert of rules.yml")
    is_("alertmanager: receiver of what is settled", settled["receiver"], urgent["receiver"])
    is_("alertmanager: group_wait of what is settled", settled["group_wait"], urgent["group_wait"])
    within("alertmanager: repeat_interval of what is settled", seconds(settled["repeat_interval"]), 3 * 86400, 5 * 86400, "seconds: told once, and within what Alertmanager remembers")
    for receiver in config["receivers"]:
        for hook in receiver["webhook_configs"]:
            check(hook["url"].startswith("http") and hook.get("send_resolved") is True, f"alertmanager: {receiver['name']}", hook, "a URL, and the end told, too")
            check(hook["url"].endswith("/" + receiver["name"]), f"alertmanager: {receiver['name']}", hook["url"], "its own address")
    for rule in config["inhibit_rules"]:
        (source,) = rule["source_matchers"]
        (target,) = rule["target_matchers"]
        cause = re.fullmatch(r'alertname="(\w+)"', source)
        effect = re.fullmatch(r'alertname=~?"Rollout(?:\(([\w|]+)\)|(\w+))"', target)
        check(cause and cause[1] in rules, "alertmanager: inhibit_rules", source, "an alert of rules.yml")
        names = [f"Rollout{name}" for name in (effect[1] or effect[2]).split("|")] if effect else []
        check(names and all(name in rules for name in names), "alertmanager: inhibit_rules", target, "alerts of rules.yml")
        check(("=~" in target) == ("(" in target), "alertmanager: inhibit_rules", target, "=~ for a pattern")
        check(rule["equal"][0] == "job" and set(rule["equal"]) <= {"job", "provider"}, "alertmanager: inhibit_rules", rule["equal"], "of the same installation")
        if cause and "Provider" in cause[1]:
            is_("alertmanager: inhibit_rules", rule["equal"], ["job", "provider"], "of the same provider")


for part in (balancer, gateway, scaling, alarms, iam, network, state, cluster, services, variables, alertmanager):
    try:
        part()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, StopIteration) as broken:
        problems.append(f"{part.__name__}: {type(broken).__name__} {broken} (expected: the attribute that it looks at)")
for problem in problems:
    print(f"deploy: {problem}", file=sys.stderr)
print(f"deploy: {counted[0]} meanings, {len(problems)} wrong")
sys.exit(1 if problems else 0)
