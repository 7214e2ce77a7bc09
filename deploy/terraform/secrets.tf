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

# Without a value the proxy does not start: it adds the router's key to every request, and must know whose they are.
#   aws secretsmanager put-secret-value --secret-id rollout-proxy/client-key --secret-string "$(printf %s "$KEY" | sha256sum | cut -c1-64)"
resource "aws_secretsmanager_secret" "client_key" {
  name        = "rollout-proxy/client-key"
  description = "The SHA-256 of the key that clients send in X-API-Key, 64 hexadecimal digits."
}

# By these the proxy's tasks know each other: one authority, and one certificate with the name rollout-proxy. Without values no
# task starts.
#   aws secretsmanager put-secret-value --secret-id rollout-proxy/members-key --secret-string file://tls.key
resource "aws_secretsmanager_secret" "members_authority" {
  name        = "rollout-proxy/members-authority"
  description = "ca.crt: the authority that signs the certificates of the proxy's tasks, PEM."
}

resource "aws_secretsmanager_secret" "members_certificate" {
  name        = "rollout-proxy/members-certificate"
  description = "tls.crt: the certificate of the proxy's tasks, with the DNS name rollout-proxy, PEM."
}

resource "aws_secretsmanager_secret" "members_key" {
  name        = "rollout-proxy/members-key"
  description = "tls.key: the private key of members-certificate, PEM."
}
