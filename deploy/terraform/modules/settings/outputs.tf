output "environment" {
  description = "ROLLOUT_CONFIG with the document; nothing where nothing differs."
  value       = length(local.document) == 0 ? {} : { ROLLOUT_CONFIG = jsonencode(local.document) }
}
