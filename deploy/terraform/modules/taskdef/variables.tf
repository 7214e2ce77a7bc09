variable "family" {
  description = "The task definition's name."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.family))
    error_message = "family: ${var.family} (expected: 1 to 255 letters, digits, _ and -)."
  }
}

variable "container_name" {
  description = "The container's name."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.container_name))
    error_message = "container_name: ${var.container_name} (expected: 1 to 255 letters, digits, _ and -)."
  }
}

variable "image" {
  description = "The image, with a tag or a digest."
  type        = string
  validation {
    condition     = can(regex("^[^\\s@]+(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "image: ${var.image} (expected: a name with a tag or a sha256 digest)."
  }
}

variable "cpu" {
  description = "The task's processor units; 1024 are one processor."
  type        = number
  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "cpu: ${var.cpu} (expected: 256, 512, 1024, 2048, 4096, 8192 or 16384, which Fargate has)."
  }
}

variable "memory" {
  description = "The task's memory in MiB."
  type        = number
  validation {
    condition = anytrue([
      var.cpu == 256 && contains([512, 1024, 2048], var.memory),
      var.cpu >= 512 && var.cpu <= 4096 && var.memory % 1024 == 0 && var.memory >= var.cpu * 2 && var.memory <= min(var.cpu * 8, 30720),
      var.cpu == 8192 && var.memory % 4096 == 0 && var.memory >= 16384 && var.memory <= 61440,
      var.cpu == 16384 && var.memory % 8192 == 0 && var.memory >= 32768 && var.memory <= 122880,
    ])
    error_message = "memory: ${var.memory} with cpu ${var.cpu} (expected: a pair that Fargate has: 2 to 8 MiB per processor unit, whole GiB)."
  }
}

variable "cpu_architecture" {
  description = "X86_64 or ARM64; the image has to be of it."
  type        = string
  default     = "X86_64"
  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "cpu_architecture: ${var.cpu_architecture} (expected: X86_64 or ARM64)."
  }
}

variable "ports" {
  description = "The container's ports."
  type        = list(number)
  validation {
    condition     = length(var.ports) > 0 && length(distinct(var.ports)) == length(var.ports) && alltrue([for port in var.ports : port >= 1 && port <= 65535])
    error_message = "ports: ${jsonencode(var.ports)} (expected: at least one, each once, 1 to 65535)."
  }
}

variable "environment" {
  description = "Variables that anybody may read."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("(?i)(key|token|secret|password)", name))])
    error_message = "environment: ${join(", ", [for name in keys(var.environment) : name if can(regex("(?i)(key|token|secret|password)", name))])} (expected: in secrets, since a task definition can be read by many)."
  }
}

variable "secrets" {
  description = "Variables whose values come from Secrets Manager or the Parameter Store: name to ARN."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter/)[^\\s]+$", arn))])
    error_message = "secrets: of ${join(", ", [for name, arn in var.secrets : name if !can(regex("^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter/)[^\\s]+$", arn))])} the value is no ARN of Secrets Manager or the Parameter Store (expected: the ARN, never the secret)."
  }
}

variable "health_check" {
  description = "The container's check. command begins with CMD or CMD-SHELL; times are in seconds."
  type = object({
    command      = list(string)
    interval     = optional(number)
    timeout      = optional(number)
    retries      = optional(number)
    start_period = optional(number)
  })
  validation {
    condition     = length(var.health_check.command) > 1 && contains(["CMD", "CMD-SHELL"], var.health_check.command[0])
    error_message = "health_check.command: ${jsonencode(var.health_check.command)} (expected: CMD or CMD-SHELL, and what to run)."
  }
  validation {
    condition     = coalesce(var.health_check.interval, 30) >= 5 && coalesce(var.health_check.interval, 30) <= 300
    error_message = "health_check.interval: ${coalesce(var.health_check.interval, 30)} (expected: 5 to 300)."
  }
  validation {
    condition     = coalesce(var.health_check.timeout, 5) >= 2 && coalesce(var.health_check.timeout, 5) <= 60
    error_message = "health_check.timeout: ${coalesce(var.health_check.timeout, 5)} (expected: 2 to 60)."
  }
  validation {
    condition     = coalesce(var.health_check.retries, 3) >= 1 && coalesce(var.health_check.retries, 3) <= 10
    error_message = "health_check.retries: ${coalesce(var.health_check.retries, 3)} (expected: 1 to 10)."
  }
}

variable "command" {
  description = "What the image is told to do; empty leaves it to the image."
  type        = list(string)
  default     = []
}

variable "user" {
  description = "The user and group by number; empty leaves it to the image."
  type        = string
  default     = ""
  validation {
    condition     = var.user == "" || can(regex("^[1-9][0-9]*:[1-9][0-9]*$", var.user))
    error_message = "user: ${var.user} (expected: two numbers such as 10001:10001, none of them 0)."
  }
}

variable "readonly_root_filesystem" {
  description = "Whether nothing but volumes can be written."
  type        = bool
  default     = false
}

variable "stop_timeout" {
  description = "Seconds from SIGTERM to SIGKILL; null leaves ECS its 30."
  type        = number
  default     = null
  validation {
    condition     = coalesce(var.stop_timeout, 30) >= 2 && coalesce(var.stop_timeout, 30) <= 120
    error_message = "stop_timeout: ${coalesce(var.stop_timeout, 30)} (expected: 2 to 120, which is Fargate's most)."
  }
}

variable "open_files" {
  description = "How many files and sockets the process may have open; null leaves it to Fargate."
  type        = number
  default     = null
  validation {
    condition     = coalesce(var.open_files, 65536) >= 1024 && coalesce(var.open_files, 65536) <= 1048576
    error_message = "open_files: ${coalesce(var.open_files, 65536)} (expected: 1024 to 1048576)."
  }
}

variable "scratch" {
  description = "Paths that can be written and are forgotten with the task."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for path in var.scratch : startswith(path, "/") && path != "/"])
    error_message = "scratch: ${jsonencode(var.scratch)} (expected: absolute paths, not the root)."
  }
}

variable "files" {
  description = "Files that are made of secrets before the container starts, which reads them: name to ARN; null has none. image has a shell and printenv."
  type = object({
    image   = string
    path    = string
    secrets = map(string)
  })
  default = null
  validation {
    condition     = var.files == null ? true : can(regex("^/[A-Za-z0-9_./-]+$", var.files.path))
    error_message = "files.path: ${var.files == null ? "" : var.files.path} (expected: an absolute path, not the root, of letters, digits and _ . / -)."
  }
  validation {
    condition     = var.files == null ? true : length(var.files.secrets) > 0 && alltrue([for name in keys(var.files.secrets) : can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]*$", name))])
    error_message = "files.secrets: ${var.files == null ? "" : join(", ", keys(var.files.secrets))} (expected: at least one, names of letters, digits and _ . -)."
  }
  validation {
    condition     = var.files == null ? true : alltrue([for arn in values(var.files.secrets) : can(regex("^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter/)[^\\s]+$", arn))])
    error_message = "files.secrets: a value is no ARN of Secrets Manager or the Parameter Store (expected: the ARN, never the secret)."
  }
  validation {
    condition     = var.files == null ? true : can(regex("^[^\\s@]+(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$", var.files.image))
    error_message = "files.image: ${var.files == null ? "" : var.files.image} (expected: a name with a tag or a sha256 digest)."
  }
}

variable "state" {
  description = "An EFS access point for what must outlive the task; null has none."
  type = object({
    path            = string
    file_system_id  = string
    access_point_id = string
  })
  default = null
  validation {
    condition     = var.state == null ? true : startswith(var.state.path, "/") && var.state.path != "/"
    error_message = "state.path: ${var.state == null ? "" : var.state.path} (expected: an absolute path, not the root)."
  }
  validation {
    condition     = var.state == null ? true : can(regex("^fs-[0-9a-f]{8,40}$", var.state.file_system_id)) && can(regex("^fsap-[0-9a-f]{8,40}$", var.state.access_point_id))
    error_message = "state: ${var.state == null ? "" : "${var.state.file_system_id}, ${var.state.access_point_id}"} (expected: fs-… and fsap-…)."
  }
}

variable "log_group" {
  description = "The CloudWatch log group."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9_./#-]{1,512}$", var.log_group))
    error_message = "log_group: ${var.log_group} (expected: letters, digits and _ . / # -)."
  }
}

variable "region" {
  description = "The log group's region."
  type        = string
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: ${var.region} (expected: such as eu-west-1)."
  }
}

variable "execution_role_arn" {
  description = "The role that pulls the image, reads the secrets and writes the log."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^\\s]+$", var.execution_role_arn))
    error_message = "execution_role_arn: ${var.execution_role_arn} (expected: a role's ARN)."
  }
}

variable "task_role_arn" {
  description = "The role of what runs in the container."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^\\s]+$", var.task_role_arn))
    error_message = "task_role_arn: ${var.task_role_arn} (expected: a role's ARN)."
  }
}
