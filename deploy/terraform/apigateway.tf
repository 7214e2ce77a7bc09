# The stable address that RouterClient calls. An HTTP API gives an answer 30 s and does not stream it: what takes longer, and
# streams, call the load balancer (client_security_group_ids).
resource "aws_apigatewayv2_api" "this" {
  name          = "${var.name}-ai"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_vpc_link" "this" {
  name               = "${var.name}-ai"
  subnet_ids         = var.private_subnet_ids
  security_group_ids = [aws_security_group.api_gateway.id]
}

resource "aws_apigatewayv2_integration" "proxy" {
  api_id               = aws_apigatewayv2_api.this.id
  integration_type     = "HTTP_PROXY"
  integration_method   = "ANY"
  integration_uri      = aws_lb_listener.https.arn
  connection_type      = "VPC_LINK"
  connection_id        = aws_apigatewayv2_vpc_link.this.id
  timeout_milliseconds = 30000
  tls_config {
    server_name_to_verify = var.load_balancer_name
  }
}

resource "aws_apigatewayv2_route" "all" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.proxy.id}"
  # The proxy asks for a key in any case; an authoriser keeps strangers from reaching it at all.
  authorization_type = var.api_authorizer.type
  authorizer_id      = var.api_authorizer.id
}

resource "aws_cloudwatch_log_group" "api_gateway" {
  name              = "/apigateway/${var.name}-ai"
  retention_in_days = var.log_retention_days
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api_gateway.arn
    format = jsonencode({
      requestId = "$context.requestId"
      method    = "$context.httpMethod"
      path      = "$context.path"
      status    = "$context.status"
      latency   = "$context.responseLatency"
      error     = "$context.integrationErrorMessage"
    })
  }
}
