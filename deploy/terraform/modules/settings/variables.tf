variable "limits" {
  description = "How fast a client may call: per_key_per_second and burst, null leaves the proxy's own."
  type        = object({ per_key_per_second = optional(number), burst = optional(number) })
  default     = {}
}

variable "stages" {
  description = "The rollout's stages, each with a larger percentage than the one before, the last with 100; empty leaves the proxy's own. bake is a time such as 24h."
  type        = list(object({ phase = string, percentage = number, bake = optional(string) }))
  default     = []
  validation {
    condition     = length(var.stages) == 0 ? true : var.stages[length(var.stages) - 1].percentage == 100 && alltrue([for i in range(1, length(var.stages)) : var.stages[i].percentage > var.stages[i - 1].percentage])
    error_message = "stages: ${jsonencode([for stage in var.stages : stage.percentage])} (expected: percentages that rise, to 100)."
  }
}

variable "channels" {
  description = "The channels of alerts, as in alerts.channels of docs/configuration.md. What is secret in them is a placeholder such as $${SLACK_URL}, whose value comes from a secret."
  type        = any
  default     = []
  validation {
    condition     = alltrue(flatten([for channel in var.channels : [for key, value in channel : can(regex("\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}", value)) if contains(["url", "key", "secret", "password"], key)]]))
    error_message = "channels: ${join(", ", distinct(flatten([for channel in var.channels : [for key in keys(channel) : key if contains(["url", "key", "secret", "password"], key)]])))} (expected: a placeholder such as $${SLACK_URL}, since a task definition can be read by many)."
  }
}

variable "environment" {
  description = "The name of this installation in each alert; incidents are told apart by it. Empty has none."
  type        = string
  default     = ""
}

variable "links" {
  description = "The addresses in alerts, as in alerts.links of docs/configuration.md; null leaves one out."
  type        = object({ dashboard = optional(string), runbook = optional(string), trace = optional(string) })
  default     = {}
}

variable "prices" {
  description = "The price file, where it lies in the container; null leaves the image's."
  type        = string
  default     = null
}

variable "keys" {
  description = "The keys of clients, by the SHA-256 of each; empty leaves the one of the image's file."
  type        = list(object({ id = string, sha256 = string, tier = optional(string), per_second = optional(number) }))
  default     = []
  validation {
    condition     = alltrue([for key in var.keys : can(regex("^[0-9a-fA-F]{64}$", key.sha256))])
    error_message = "keys: of ${join(", ", [for key in var.keys : key.id if !can(regex("^[0-9a-fA-F]{64}$", key.sha256))])} sha256 is none (expected: 64 hexadecimal digits, never the key)."
  }
}

variable "cluster" {
  description = "Replicas that are one rollout: the name in their certificates, the network in which each has one address, its port, the name of all of them, and the folder of tls.crt, tls.key and ca.crt; null has none."
  type        = object({ name = string, network = string, port = number, dns = string, files = string })
  default     = null
  validation {
    condition     = var.cluster == null ? true : can(cidrhost(var.cluster.network, 0))
    error_message = "cluster.network: ${var.cluster == null ? "" : var.cluster.network} (expected: a network such as 10.0.0.0/16)."
  }
}

variable "secrets" {
  description = "The secrets that placeholders of channels name: variable to ARN in Secrets Manager or the Parameter Store."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter/)[^\\s]+$", arn))])
    error_message = "settings_secrets: of ${join(", ", [for name, arn in var.secrets : name if !can(regex("^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter/)[^\\s]+$", arn))])} the value is no ARN of Secrets Manager or the Parameter Store (expected: the ARN, never the secret)."
  }
}
