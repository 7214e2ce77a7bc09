# A Fargate task of one container, as the object that ECS's RegisterTaskDefinition takes. It has no provider, so that it can
# be tested anywhere: terraform test.
terraform {
  required_version = ">= 1.9"
}

locals {
  # Volumes have names; a path such as /var/tmp becomes var-tmp.
  scratch = { for path in var.scratch : replace(trim(path, "/"), "/", "-") => path }

  mount_points = concat(
    [for name, path in local.scratch : { sourceVolume = name, containerPath = path, readOnly = false }],
    var.state == null ? [] : [{ sourceVolume = "state", containerPath = var.state.path, readOnly = false }],
  )

  volumes = concat(
    [for name, path in local.scratch : { name = name }],
    [for state in var.state[*] : {
      name = "state"
      efsVolumeConfiguration = {
        fileSystemId      = state.file_system_id
        transitEncryption = "ENABLED"
        authorizationConfig = {
          accessPointId = state.access_point_id
          iam           = "ENABLED"
        }
      }
    }],
  )

  health_check = { for key, value in {
    command     = var.health_check.command
    interval    = var.health_check.interval
    timeout     = var.health_check.timeout
    retries     = var.health_check.retries
    startPeriod = var.health_check.start_period
  } : key => value if value != null }

  container = merge(
    {
      name                   = var.container_name
      image                  = var.image
      cpu                    = var.cpu
      memory                 = var.memory
      essential              = true
      portMappings           = [for port in var.ports : { containerPort = port, protocol = "tcp" }]
      environment            = [for name in sort(keys(var.environment)) : { name = name, value = var.environment[name] }]
      secrets                = [for name in sort(keys(var.secrets)) : { name = name, valueFrom = var.secrets[name] }]
      healthCheck            = local.health_check
      readonlyRootFilesystem = var.readonly_root_filesystem
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = var.log_group
          awslogs-region        = var.region
          awslogs-stream-prefix = var.container_name
          # No line is dropped: alarms go by them. A CloudWatch that stands still holds a thread of the
          # proxy's that does nothing else, and no request.
          mode = "blocking"
        }
      }
      # A zombie of a health check that was killed has to be reaped.
      linuxParameters = { initProcessEnabled = true }
    },
    length(var.command) == 0 ? {} : { command = var.command },
    var.user == "" ? {} : { user = var.user },
    var.stop_timeout == null ? {} : { stopTimeout = var.stop_timeout },
    var.open_files == null ? {} : { ulimits = [{ name = "nofile", softLimit = var.open_files, hardLimit = var.open_files }] },
    length(local.mount_points) == 0 ? {} : { mountPoints = local.mount_points },
  )

  task_definition = merge(
    {
      family                  = var.family
      networkMode             = "awsvpc"
      requiresCompatibilities = ["FARGATE"]
      cpu                     = tostring(var.cpu)
      memory                  = tostring(var.memory)
      runtimePlatform         = { cpuArchitecture = var.cpu_architecture, operatingSystemFamily = "LINUX" }
      executionRoleArn        = var.execution_role_arn
      taskRoleArn             = var.task_role_arn
      containerDefinitions    = [local.container]
    },
    length(local.volumes) == 0 ? {} : { volumes = local.volumes },
  )
}
