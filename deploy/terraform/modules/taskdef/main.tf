# A Fargate task of one container, and of one before it that writes its files where it has any, as the object that ECS's RegisterTaskDefinition takes. It has no provider, so that it can
# be tested anywhere: terraform test.
terraform {
  required_version = ">= 1.9"
}

locals {
  # Volumes have names; a path such as /var/tmp becomes var-tmp.
  scratch = { for path in var.scratch : replace(trim(path, "/"), "/", "-") => path }

  mount_points = concat(
    [for name, path in local.scratch : { sourceVolume = name, containerPath = path, readOnly = false }],
    [for files in var.files[*] : { sourceVolume = "files", containerPath = files.path, readOnly = true }],
    var.state == null ? [] : [{ sourceVolume = "state", containerPath = var.state.path, readOnly = false }],
  )

  volumes = concat(
    [for name, path in local.scratch : { name = name }],
    [for files in var.files[*] : { name = "files" }],
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

  log_configuration = { for name in [var.container_name, "files"] : name => {
    logDriver = "awslogs"
    options = {
      awslogs-group         = var.log_group
      awslogs-region        = var.region
      awslogs-stream-prefix = name
      # No line is dropped: alarms go by them. A CloudWatch that stands still holds a thread of the
      # proxy's that does nothing else, and no request.
      mode = "blocking"
    }
  } }

  # ECS hands secrets over as variables alone. This container writes them to files and ends; it is root, because a volume of
  # Fargate is, and gives them to the user that reads them.
  files = [for files in var.files[*] : {
    name      = "files"
    image     = files.image
    essential = false
    command = ["sh", "-c", join(" && ", concat(
      ["umask 077"],
      [for name in sort(keys(files.secrets)) : "printenv ${upper(replace(name, "/[^A-Za-z0-9]/", "_"))} > ${files.path}/${name}"],
      ["chown -R ${var.user == "" ? "0:0" : var.user} ${files.path}"],
    ))]
    secrets                = [for name in sort(keys(files.secrets)) : { name = upper(replace(name, "/[^A-Za-z0-9]/", "_")), valueFrom = files.secrets[name] }]
    mountPoints            = [{ sourceVolume = "files", containerPath = files.path, readOnly = false }]
    readonlyRootFilesystem = true
    logConfiguration       = local.log_configuration["files"]
  }]

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
      logConfiguration       = local.log_configuration[var.container_name]
      # A zombie of a health check that was killed has to be reaped.
      linuxParameters = { initProcessEnabled = true }
    },
    length(var.command) == 0 ? {} : { command = var.command },
    var.user == "" ? {} : { user = var.user },
    var.stop_timeout == null ? {} : { stopTimeout = var.stop_timeout },
    var.open_files == null ? {} : { ulimits = [{ name = "nofile", softLimit = var.open_files, hardLimit = var.open_files }] },
    length(local.files) == 0 ? {} : { dependsOn = [{ containerName = "files", condition = "SUCCESS" }] },
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
      containerDefinitions    = concat([local.container], local.files)
    },
    length(local.volumes) == 0 ? {} : { volumes = local.volumes },
  )
}
