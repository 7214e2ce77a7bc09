output "task_definition" {
  description = "What RegisterTaskDefinition takes, as JSON."
  value       = jsonencode(local.task_definition)
}

output "container_definitions" {
  description = "The list of containers, as JSON."
  value       = jsonencode(local.task_definition.containerDefinitions)
}

output "volumes" {
  description = "The names of the volumes that end with the task; the state's volume is called state."
  value       = concat(keys(local.scratch), [for files in var.files[*] : "files"])
}
