# This installation's changes of the image's configuration.
module "settings" {
  source      = "./modules/settings"
  limits      = var.limits
  stages      = var.stages
  channels    = var.channels
  environment = coalesce(var.environment, var.name)
  # Commands in alerts ask the admin port: the image has no shell in which they could ask 127.0.0.1.
  links   = merge({ dashboard = "http://proxy.${aws_service_discovery_private_dns_namespace.this.name}:9090" }, { for key, value in var.links : key => value if value != null })
  prices  = var.prices
  keys    = var.keys
  secrets = var.settings_secrets
  cluster = {
    name    = "rollout-proxy"
    network = data.aws_vpc.this.cidr_block
    port    = 7800
    dns     = "proxy.${aws_service_discovery_private_dns_namespace.this.name}"
    files   = "/run/secrets/rollout-proxy-cluster"
  }
}

data "aws_vpc" "this" {
  id = var.vpc_id
}

module "proxy_task" {
  source         = "./modules/taskdef"
  family         = "rollout-proxy"
  container_name = "rollout-proxy"
  image          = "${aws_ecr_repository.this["rollout-proxy"].repository_url}:${var.proxy_tag}"
  cpu            = 1024
  memory         = 2048
  ports          = [8080, 9090, 7800]
  environment = merge({
    ADMIN_HOST          = "0.0.0.0"
    ADMIN_NAME          = "proxy.${aws_service_discovery_private_dns_namespace.this.name}"
    AI_FALLBACK_ENABLED = "true"
    AI_LEGACY_URL       = var.ai_legacy_url
    AI_PROVIDER         = var.ai_provider
    AI_ROUTER_URL       = "http://router.${aws_service_discovery_private_dns_namespace.this.name}:8000"
    # The API gateway waits 30 s: legacy's part of them begins after 16.
    FALLBACK_RESERVE = "12s"
    TO_FIRST_CONTENT = "28s"
  }, module.settings.environment)
  secrets = merge({
    ADMIN_TOKEN       = aws_secretsmanager_secret.admin_token.arn
    AI_ROUTER_API_KEY = aws_secretsmanager_secret.router_api_key.arn
    CLIENT_KEY_SHA256 = aws_secretsmanager_secret.client_key.arn
  }, var.settings_secrets)
  files = {
    image = var.files_image
    path  = "/run/secrets/rollout-proxy-cluster"
    secrets = {
      "ca.crt"  = aws_secretsmanager_secret.members_authority.arn
      "tls.crt" = aws_secretsmanager_secret.members_certificate.arn
      "tls.key" = aws_secretsmanager_secret.members_key.arn
    }
  }
  health_check = {
    command      = ["CMD", "/opt/jre/bin/java", "@/app/healthcheck.options", "-jar", "/app/rollout-proxy.jar", "healthcheck"]
    interval     = 10
    timeout      = 5
    retries      = 3
    start_period = 20
  }
  user                     = "10001:10001"
  readonly_root_filesystem = true
  # The drain takes up to 115 s.
  stop_timeout = 120
  # Two for each stream.
  open_files         = 65536
  scratch            = ["/tmp"]
  state              = { path = "/data", file_system_id = aws_efs_file_system.state.id, access_point_id = aws_efs_access_point.state.id }
  log_group          = aws_cloudwatch_log_group.this["rollout-proxy"].name
  region             = var.region
  execution_role_arn = aws_iam_role.execution["rollout-proxy"].arn
  task_role_arn      = aws_iam_role.task["rollout-proxy"].arn
}

resource "aws_ecs_task_definition" "proxy" {
  family                   = "rollout-proxy"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = "1024"
  memory                   = "2048"
  execution_role_arn       = aws_iam_role.execution["rollout-proxy"].arn
  task_role_arn            = aws_iam_role.task["rollout-proxy"].arn
  container_definitions    = module.proxy_task.container_definitions
  runtime_platform {
    cpu_architecture        = "X86_64"
    operating_system_family = "LINUX"
  }
  dynamic "volume" {
    for_each = module.proxy_task.volumes
    content {
      name = volume.value
    }
  }
  volume {
    name = "state"
    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.state.id
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = aws_efs_access_point.state.id
        iam             = "ENABLED"
      }
    }
  }
}

resource "aws_ecs_service" "proxy" {
  name                               = "rollout-proxy"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.proxy.arn
  desired_count                      = var.proxy_count.min
  launch_type                        = "FARGATE"
  health_check_grace_period_seconds  = 30
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [aws_security_group.proxy.id]
    assign_public_ip = false
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.proxy.arn
    container_name   = "rollout-proxy"
    container_port   = 8080
  }
  service_registries {
    registry_arn = aws_service_discovery_service.this["proxy"].arn
  }
  lifecycle {
    # Autoscaling's affair.
    ignore_changes = [desired_count]
  }
  # A task cannot start before its state can be mounted, nor be checked before the listener uses its target group.
  depends_on = [aws_efs_mount_target.state, aws_lb_listener.https]
}
