# The Python router, as its design document deploys it.
module "router_task" {
  source             = "./modules/taskdef"
  family             = "ai-router"
  container_name     = "ai-router"
  image              = "${aws_ecr_repository.this["ai-router"].repository_url}:${var.router_tag}"
  cpu                = 512
  memory             = 1024
  ports              = [8000]
  environment        = var.azure_endpoints
  secrets            = { AI_ROUTER_API_KEY = aws_secretsmanager_secret.router_api_key.arn }
  health_check       = { command = ["CMD-SHELL", "curl -f http://localhost:8000/health"], interval = 30, timeout = 5, retries = 3 }
  log_group          = aws_cloudwatch_log_group.this["ai-router"].name
  region             = var.region
  execution_role_arn = aws_iam_role.execution["ai-router"].arn
  task_role_arn      = aws_iam_role.task["ai-router"].arn
}

resource "aws_ecs_task_definition" "router" {
  family                   = "ai-router"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = "512"
  memory                   = "1024"
  execution_role_arn       = aws_iam_role.execution["ai-router"].arn
  task_role_arn            = aws_iam_role.task["ai-router"].arn
  container_definitions    = module.router_task.container_definitions
  runtime_platform {
    cpu_architecture        = "X86_64"
    operating_system_family = "LINUX"
  }
}

resource "aws_ecs_service" "router" {
  name                               = "ai-router"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.router.arn
  desired_count                      = var.router_count.min
  launch_type                        = "FARGATE"
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
    security_groups  = [aws_security_group.router.id]
    assign_public_ip = false
  }
  service_registries {
    registry_arn = aws_service_discovery_service.this["router"].arn
  }
  lifecycle {
    # Autoscaling's affair.
    ignore_changes = [desired_count]
  }
}
