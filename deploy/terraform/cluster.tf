resource "aws_ecs_cluster" "this" {
  name = var.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = toset(["ai-router", "rollout-proxy"])
  name              = "/ecs/${each.key}"
  retention_in_days = var.log_retention_days
}

# Names inside the VPC: router.huntaze.internal, proxy.huntaze.internal.
resource "aws_service_discovery_private_dns_namespace" "this" {
  name = "${var.name}.internal"
  vpc  = var.vpc_id
}

resource "aws_service_discovery_service" "this" {
  for_each = toset(["router", "proxy"])
  name     = each.key
  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      # A task that is gone has to be forgotten within seconds.
      ttl = 5
    }
  }
  health_check_custom_config {
    failure_threshold = 1
  }
}
