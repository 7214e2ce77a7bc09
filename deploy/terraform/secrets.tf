# Only the names: the values are put in by a person, so that they stand neither here nor in Terraform's state.
#   aws secretsmanager put-secret-value --secret-id rollout-proxy/admin-token --secret-string "$(openssl rand -hex 32)"
resource "aws_secretsmanager_secret" "admin_token" {
  name        = "rollout-proxy/admin-token"
  description = "The bearer token of the proxy's admin port, at least 32 characters."
}

resource "aws_secretsmanager_secret" "router_api_key" {
  name        = "ai-router/api-key"
  description = "The key that the router compares with X-API-Key."
}
