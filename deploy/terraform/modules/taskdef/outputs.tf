output "task_definition" {
  description = "What RegisterTaskDefinition takes, as JSON."
  value       = jsonencode(local.task_definition)
}

output "container_definitions" {
  description = "The list of containers, as JSON."
  value       = jsonencode(local.task_definition.containerDefinitions)
}

output "volumes" {
  description = "The scratch volumes' names; the state's volume is called state."
  value       = keys(local.scratch)
}
