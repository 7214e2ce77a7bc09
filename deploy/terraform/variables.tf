variable "name" {
  description = "The cluster's name, and the first part of what has no other name."
  type        = string
  default     = "huntaze"
}

variable "region" {
  description = "The AWS region."
  type        = string
}

variable "vpc_id" {
  description = "The VPC, with DNS names switched on."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets with a way out (Azure, ECR), in different zones: one per zone, since each gets a mount target."
  type        = list(string)
  validation {
    condition     = length(distinct(var.private_subnet_ids)) >= 2 && length(distinct(var.private_subnet_ids)) == length(var.private_subnet_ids)
    error_message = "private_subnet_ids: ${jsonencode(var.private_subnet_ids)} (expected: two or more, each once)."
  }
}

variable "certificate_arn" {
  description = "The certificate of the load balancer's name; it listens on 443 only."
  type        = string
}

variable "load_balancer_name" {
  description = "The name in certificate_arn, by which the API gateway verifies it, such as ai.internal.example.com."
  type        = string
}

variable "operator_security_group_ids" {
  description = "Who reaches the admin port (9090): Prometheus, a bastion. The token is asked for besides."
  type        = list(string)
  default     = []
}

variable "client_security_group_ids" {
  description = "Who calls the load balancer inside the VPC: streams, and answers that take over 30 s, which the API gateway cuts."
  type        = list(string)
  default     = []
}

variable "router_tag" {
  description = "The router image's tag."
  type        = string
  default     = "latest"
}

variable "proxy_tag" {
  description = "The proxy image's tag, such as 0.2.0."
  type        = string
}

variable "files_image" {
  description = "The image that writes the certificates' files at the start of a task: with a shell and printenv."
  type        = string
  default     = "public.ecr.aws/docker/library/busybox:1.37"
}

variable "azure_endpoints" {
  description = "The router's endpoints."
  type = object({
    AZURE_DEEPSEEK_ENDPOINT = string
    AZURE_LLAMA_ENDPOINT    = string
    AZURE_MISTRAL_ENDPOINT  = string
    AZURE_PHI_ENDPOINT      = string
  })
}

variable "ai_provider" {
  description = "AI_PROVIDER: foundry, legacy or canary."
  type        = string
  default     = "legacy"
  validation {
    condition     = contains(["foundry", "legacy", "canary"], var.ai_provider)
    error_message = "ai_provider: ${var.ai_provider} (expected: foundry, legacy or canary)."
  }
}

variable "ai_legacy_url" {
  description = "AI_LEGACY_URL: the legacy backend's base URL."
  type        = string
  validation {
    condition     = can(regex("^https?://[^\\s/?#]+", var.ai_legacy_url))
    error_message = "ai_legacy_url: ${var.ai_legacy_url} (expected: an http:// or https:// URL)."
  }
}

variable "proxy_count" {
  description = "The proxy's least and most tasks."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 8 }
  validation {
    condition     = var.proxy_count.min >= 2 && var.proxy_count.max >= var.proxy_count.min
    error_message = "proxy_count: ${var.proxy_count.min} to ${var.proxy_count.max} (expected: at least 2, so that a zone may fail, and max not below min)."
  }
}

variable "router_count" {
  description = "The router's least and most tasks."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 8 }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}

variable "alarm_topic_arns" {
  description = "SNS topics that alarms go to."
  type        = list(string)
  default     = []
}

variable "api_authorizer" {
  description = "Who the API gateway lets through to the proxy, which asks for a key in any case: type NONE, AWS_IAM, JWT or CUSTOM, and the authoriser's id for the last two."
  type        = object({ type = string, id = optional(string) })
  default     = { type = "NONE" }
}

variable "web_acl_arn" {
  description = "A WAF (wafv2, regional) for the load balancer; empty for none."
  type        = string
  default     = ""
}

variable "access_log_bucket" {
  description = "The S3 bucket for the load balancer's access log, whose policy lets the load balancers of the region write; empty for none."
  type        = string
  default     = ""
}

variable "limits" {
  description = "How fast a client may call."
  type        = object({ per_key_per_second = optional(number), burst = optional(number) })
  default     = {}
}

variable "stages" {
  description = "The rollout's stages, the last with 100; empty leaves the proxy's own."
  type        = list(object({ phase = string, percentage = number, bake = optional(string) }))
  default     = []
}

variable "channels" {
  description = "The channels of alerts, as in alerts.channels of docs/configuration.md; each secret is a placeholder such as $${SLACK_URL}, with its ARN in settings_secrets."
  type        = any
  default     = []
}

variable "environment" {
  description = "The name of this installation in each alert, by which incidents are told apart; null is that in name."
  type        = string
  default     = null
}

variable "links" {
  description = "The addresses in alerts, as in alerts.links of docs/configuration.md. dashboard is the admin port as people reach it, which the commands of alerts ask; null is its name in the VPC."
  type        = object({ dashboard = optional(string), runbook = optional(string), trace = optional(string) })
  default     = {}
}

variable "egress_ports" {
  description = "More ports that the proxy may reach outside the VPC, beside 443, legacy's and those of channels by mail: such as that of a webhook."
  type        = list(number)
  default     = []
}

variable "prices" {
  description = "The price file, where it lies in the container; null leaves the image's."
  type        = string
  default     = null
}

variable "keys" {
  description = "The keys of clients, by the SHA-256 of each, in place of the one in rollout-proxy/client-key."
  type        = list(object({ id = string, sha256 = string, tier = optional(string), per_second = optional(number) }))
  default     = []
}

variable "settings_secrets" {
  description = "The secrets that placeholders of channels name: variable to ARN in Secrets Manager, with a JSON key if need be, or the Parameter Store."
  type        = map(string)
  default     = {}
}
