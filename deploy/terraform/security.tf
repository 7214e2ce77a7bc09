locals {
  # Who may reach whom: name of the group, and the groups that may come in, by port.
  ingress = {
    "alb from the API gateway" = { to = aws_security_group.alb.id, from = aws_security_group.api_gateway.id, port = 443 }
    "proxy from the alb"       = { to = aws_security_group.proxy.id, from = aws_security_group.alb.id, port = 8080 }
    "proxy from the proxy"     = { to = aws_security_group.proxy.id, from = aws_security_group.proxy.id, port = 7800 }
    "router from the proxy"    = { to = aws_security_group.router.id, from = aws_security_group.proxy.id, port = 8000 }
    "state from the proxy"     = { to = aws_security_group.state.id, from = aws_security_group.proxy.id, port = 2049 }
  }
}

resource "aws_security_group" "api_gateway" {
  name        = "${var.name}-api-gateway"
  description = "The API gateway's VPC link"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "alb" {
  name        = "${var.name}-alb"
  description = "The load balancer"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "proxy" {
  name        = "${var.name}-rollout-proxy"
  description = "The proxy"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "router" {
  name        = "${var.name}-ai-router"
  description = "The router"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "state" {
  name        = "${var.name}-rollout-proxy-state"
  description = "The state directory"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.ingress
  description                  = each.key
  security_group_id            = each.value.to
  referenced_security_group_id = each.value.from
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each                     = toset(var.client_security_group_ids)
  description                  = "a client inside the VPC"
  security_group_id            = aws_security_group.alb.id
  referenced_security_group_id = each.key
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_ingress_rule" "operator" {
  for_each                     = toset(var.operator_security_group_ids)
  description                  = "an operator"
  security_group_id            = aws_security_group.proxy.id
  referenced_security_group_id = each.key
  ip_protocol                  = "tcp"
  from_port                    = 9090
  to_port                      = 9090
}

# What goes out inside the VPC goes to the next group only.
resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = local.ingress
  description                  = each.key
  security_group_id            = each.value.from
  referenced_security_group_id = each.value.to
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# The proxy reaches legacy, the router reaches Azure, and both ECR, Secrets Manager and CloudWatch: by names, over TLS.
resource "aws_vpc_security_group_egress_rule" "out" {
  for_each          = { proxy = aws_security_group.proxy.id, router = aws_security_group.router.id }
  description       = "out, over TLS"
  security_group_id = each.value
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# A legacy backend that listens elsewhere.
resource "aws_vpc_security_group_egress_rule" "legacy" {
  count             = local.legacy_port == 443 ? 0 : 1
  description       = "legacy"
  security_group_id = aws_security_group.proxy.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = local.legacy_port
  to_port           = local.legacy_port
}

# Alerts that are mails, and what else is named.
resource "aws_vpc_security_group_egress_rule" "more" {
  for_each          = toset([for port in concat(module.settings.alert_ports, var.egress_ports) : tostring(port) if !contains([443, local.legacy_port], port)])
  description       = "out to ${each.key}"
  security_group_id = aws_security_group.proxy.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}

locals {
  legacy      = regex("^(?P<scheme>https?)://[^/:]+(:(?P<port>[0-9]+))?", var.ai_legacy_url)
  legacy_port = local.legacy.port == null ? (local.legacy.scheme == "https" ? 443 : 80) : tonumber(local.legacy.port)
}
