output "url" {
  description = "The stable base URL for clients (AI_ROUTER_URL of RouterClient)."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "load_balancer" {
  description = "The name that load_balancer_name has to point to."
  value       = aws_lb.this.dns_name
}

output "admin" {
  description = "The admin port, for operator_security_group_ids; one task of several answers."
  value       = "http://proxy.${aws_service_discovery_private_dns_namespace.this.name}:9090"
}

output "repositories" {
  description = "Where images are pushed to."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}
