output "secret_arns" {
  description = "The secrets in Secrets Manager that a task reads, as a policy names them: without a JSON key, stage and version."
  value       = [for arn in values(var.secrets) : join(":", slice(split(":", arn), 0, 7)) if split(":", arn)[2] == "secretsmanager"]
}

output "parameter_arns" {
  description = "The parameters of the Parameter Store that a task reads."
  value       = [for arn in values(var.secrets) : arn if split(":", arn)[2] == "ssm"]
}

output "alert_ports" {
  description = "The ports to which alerts go that are sent as mail."
  value       = distinct([for channel in var.channels : coalesce(try(tonumber(channel.port), null), 587) if channel.type == "email"])
}

output "environment" {
  description = "ROLLOUT_CONFIG with the document; nothing where nothing differs."
  value       = length(local.document) == 0 ? {} : { ROLLOUT_CONFIG = jsonencode(local.document) }
}
