resource "aws_lb" "this" {
  name               = "${var.name}-ai"
  internal           = true
  load_balancer_type = "application"
  subnets            = var.private_subnet_ids
  security_groups    = [aws_security_group.alb.id]
  # Longer than the proxy's own providers.*.idle (60 s): who thinks is cut by the proxy, with an honest error, or not at all.
  idle_timeout               = 120
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = true
  dynamic "access_logs" {
    for_each = var.access_log_bucket == "" ? [] : [var.access_log_bucket]
    content {
      bucket  = access_logs.value
      prefix  = "${var.name}-ai"
      enabled = true
    }
  }
}

resource "aws_lb_target_group" "proxy" {
  name        = "${var.name}-rollout-proxy"
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = 8080
  # Answers differ in length a thousandfold: what is open counts, not whose turn it is. The proxy keeps users on their side.
  load_balancing_algorithm_type = "least_outstanding_requests"
  # The drain: drain.delay (5 s) and drain.timeout (110 s), and some room.
  deregistration_delay = 120
  health_check {
    path                = "/readyz"
    port                = "traffic-port"
    protocol            = "HTTP"
    matcher             = "200"
    interval            = 5
    timeout             = 3
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
  stickiness {
    type    = "lb_cookie"
    enabled = false
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.proxy.arn
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count        = var.web_acl_arn == "" ? 0 : 1
  resource_arn = aws_lb.this.arn
  web_acl_arn  = var.web_acl_arn
}
