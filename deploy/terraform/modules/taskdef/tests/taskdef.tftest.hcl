# terraform test: needs neither a provider nor an account.

variables {
  family             = "rollout-proxy"
  container_name     = "rollout-proxy"
  image              = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/rollout-proxy:0.2.0"
  cpu                = 1024
  memory             = 2048
  ports              = [8080, 9090]
  environment        = { AI_PROVIDER = "canary", AI_ROUTER_URL = "http://router.huntaze.internal:8000" }
  secrets            = { ADMIN_TOKEN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rollout-proxy/admin-token-a1b2c3" }
  health_check       = { command = ["CMD", "/opt/jre/bin/java", "healthcheck"], interval = 10, timeout = 5, retries = 3, start_period = 20 }
  log_group          = "/ecs/rollout-proxy"
  region             = "eu-west-1"
  execution_role_arn = "arn:aws:iam::111122223333:role/rollout-proxy-execution"
  task_role_arn      = "arn:aws:iam::111122223333:role/rollout-proxy-task"
}

run "proxy" {
  command = plan
  variables {
    user                     = "10001:10001"
    readonly_root_filesystem = true
    stop_timeout             = 120
    open_files               = 65536
    scratch                  = ["/tmp", "/var/tmp"]
    state                    = { path = "/data", file_system_id = "fs-0123456789abcdef0", access_point_id = "fsap-0123456789abcdef0" }
  }
  assert {
    condition     = local.task_definition.cpu == "1024" && local.task_definition.memory == "2048"
    error_message = "A task's cpu and memory are texts: ${jsonencode([local.task_definition.cpu, local.task_definition.memory])}."
  }
  assert {
    condition     = local.task_definition.networkMode == "awsvpc" && jsonencode(local.task_definition.requiresCompatibilities) == "[\"FARGATE\"]"
    error_message = "Fargate needs the network mode awsvpc."
  }
  assert {
    condition     = local.container.stopTimeout == 120
    error_message = "stopTimeout: ${local.container.stopTimeout} (expected: 120, so that a drain of 115 s is not cut)."
  }
  assert {
    condition     = local.container.readonlyRootFilesystem && local.container.user == "10001:10001"
    error_message = "The container has to run as 10001:10001 on a read-only file system."
  }
  assert {
    condition     = jsonencode(local.container.ulimits) == jsonencode([{ name = "nofile", softLimit = 65536, hardLimit = 65536 }])
    error_message = "ulimits: ${jsonencode(local.container.ulimits)}."
  }
  assert {
    condition     = jsonencode([for point in local.container.mountPoints : "${point.sourceVolume} ${point.containerPath}"]) == jsonencode(["tmp /tmp", "var-tmp /var/tmp", "state /data"])
    error_message = "mountPoints: ${jsonencode(local.container.mountPoints)}."
  }
  assert {
    condition     = jsonencode(jsondecode(output.task_definition).volumes[2].efsVolumeConfiguration) == jsonencode({ fileSystemId = "fs-0123456789abcdef0", transitEncryption = "ENABLED", authorizationConfig = { accessPointId = "fsap-0123456789abcdef0", iam = "ENABLED" } })
    error_message = "The state is on EFS, encrypted on its way, through the access point: ${output.task_definition}."
  }
  assert {
    condition     = jsonencode(local.container.secrets) == jsonencode([{ name = "ADMIN_TOKEN", valueFrom = var.secrets["ADMIN_TOKEN"] }])
    error_message = "secrets: ${jsonencode(local.container.secrets)}."
  }
  assert {
    condition     = jsonencode([for entry in local.container.environment : entry.name]) == jsonencode(["AI_PROVIDER", "AI_ROUTER_URL"])
    error_message = "environment: ${jsonencode(local.container.environment)}."
  }
  assert {
    condition     = jsonencode(local.container.healthCheck) == jsonencode({ command = ["CMD", "/opt/jre/bin/java", "healthcheck"], interval = 10, timeout = 5, retries = 3, startPeriod = 20 })
    error_message = "healthCheck: ${jsonencode(local.container.healthCheck)}."
  }
  assert {
    condition     = local.container.logConfiguration.logDriver == "awslogs" && local.container.logConfiguration.options.mode == "blocking"
    error_message = "The log goes to CloudWatch, and no line of it is dropped."
  }
  assert {
    condition     = jsondecode(output.container_definitions) == jsondecode(output.task_definition).containerDefinitions
    error_message = "Both outputs have to be of one container."
  }
}

# What is not asked for is left out: ECS takes no null.
run "plain" {
  command = plan
  variables {
    health_check = { command = ["CMD-SHELL", "curl -f http://localhost:8000/health"], interval = 30, timeout = 5, retries = 3 }
  }
  assert {
    condition     = length(setintersection(keys(local.container), ["command", "user", "stopTimeout", "ulimits", "mountPoints", "dependsOn"])) == 0 && length(local.files) == 0
    error_message = "keys: ${jsonencode(keys(local.container))}."
  }
  assert {
    condition     = !contains(keys(local.task_definition), "volumes") && !contains(keys(local.container.healthCheck), "startPeriod")
    error_message = "Volumes or a start period that nobody asked for."
  }
}

run "files" {
  command = plan
  variables {
    user = "10001:10001"
    files = {
      image   = "public.ecr.aws/docker/library/busybox:1.37"
      path    = "/run/secrets/members"
      secrets = { "tls.key" = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-a1b2c3", "ca.crt" = "arn:aws:ssm:eu-west-1:111122223333:parameter/ca" }
    }
  }
  assert {
    condition     = jsonencode(local.files[0].command) == jsonencode(["sh", "-c", "umask 077 && printenv CA_CRT > /run/secrets/members/ca.crt && printenv TLS_KEY > /run/secrets/members/tls.key && chown -R 10001:10001 /run/secrets/members"])
    error_message = "command: ${jsonencode(local.files[0].command)}."
  }
  assert {
    condition     = jsonencode(local.files[0].secrets) == jsonencode([{ name = "CA_CRT", valueFrom = var.files.secrets["ca.crt"] }, { name = "TLS_KEY", valueFrom = var.files.secrets["tls.key"] }])
    error_message = "secrets: ${jsonencode(local.files[0].secrets)}."
  }
  assert {
    condition     = !local.files[0].essential && jsonencode(local.container.dependsOn) == jsonencode([{ containerName = "files", condition = "SUCCESS" }])
    error_message = "The container waits for its files, and goes on without who wrote them."
  }
  assert {
    condition     = jsonencode(local.container.mountPoints) == jsonencode([{ sourceVolume = "files", containerPath = "/run/secrets/members", readOnly = true }]) && contains(output.volumes, "files")
    error_message = "mountPoints: ${jsonencode(local.container.mountPoints)}."
  }
  assert {
    condition     = local.files[0].logConfiguration.options.awslogs-stream-prefix == "files" && length(jsondecode(output.container_definitions)) == 2
    error_message = "Both containers are in the definition, each with a log of its own."
  }
}

run "file_names_for_a_shell" {
  command = plan
  variables {
    files = { image = "busybox:1.37", path = "/run/files", secrets = { "$(id)" = "arn:aws:ssm:eu-west-1:111122223333:parameter/x" } }
  }
  expect_failures = [var.files]
}

run "a_secret_instead_of_the_arn_of_a_file" {
  command = plan
  variables {
    files = { image = "busybox:1.37", path = "/run/files", secrets = { key = "-----BEGIN PRIVATE KEY-----" } }
  }
  expect_failures = [var.files]
}

run "memory_that_fargate_lacks" {
  command = plan
  variables { memory = 1024 }
  expect_failures = [var.memory]
}

run "memory_between_gibibytes" {
  command = plan
  variables { memory = 2500 }
  expect_failures = [var.memory]
}

run "cpu_that_fargate_lacks" {
  command = plan
  variables {
    cpu    = 768
    memory = 2048
  }
  expect_failures = [var.cpu]
}

run "image_without_a_tag" {
  command = plan
  variables { image = "rollout-proxy" }
  expect_failures = [var.image]
}

run "secret_in_the_environment" {
  command = plan
  variables { environment = { AI_ROUTER_API_KEY = "0123" } }
  expect_failures = [var.environment]
}

run "secret_instead_of_its_arn" {
  command = plan
  variables { secrets = { ADMIN_TOKEN = "0123456789abcdef0123456789abcdef" } }
  expect_failures = [var.secrets]
}

run "root" {
  command = plan
  variables { user = "0:0" }
  expect_failures = [var.user]
}

run "user_by_name" {
  command = plan
  variables { user = "rollout" }
  expect_failures = [var.user]
}

run "stop_timeout_over_fargates" {
  command = plan
  variables { stop_timeout = 300 }
  expect_failures = [var.stop_timeout]
}

run "check_without_a_kind" {
  command = plan
  variables { health_check = { command = ["/opt/jre/bin/java", "healthcheck"] } }
  expect_failures = [var.health_check]
}

run "check_too_often" {
  command = plan
  variables { health_check = { command = ["CMD", "true"], interval = 1 } }
  expect_failures = [var.health_check]
}

run "port_twice" {
  command = plan
  variables { ports = [8080, 8080] }
  expect_failures = [var.ports]
}

run "state_without_an_access_point" {
  command = plan
  variables { state = { path = "/data", file_system_id = "fs-0123456789abcdef0", access_point_id = "" } }
  expect_failures = [var.state]
}

run "scratch_over_the_root" {
  command = plan
  variables { scratch = ["/"] }
  expect_failures = [var.scratch]
}

run "few_open_files" {
  command = plan
  variables { open_files = 256 }
  expect_failures = [var.open_files]
}

run "role_by_name" {
  command = plan
  variables { task_role_arn = "rollout-proxy-task" }
  expect_failures = [var.task_role_arn]
}

run "region_that_is_a_zone" {
  command = plan
  variables { region = "eu-west-1a" }
  expect_failures = [var.region]
}
