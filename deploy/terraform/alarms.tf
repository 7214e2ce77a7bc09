# What the proxy itself alerts of, from its log: it is there even where no Prometheus is. By the field
# event.action, which is the kind of the alert (docs/alerts.md); AlarmLinesIT provokes each one.
locals {
  log_alarms = {
    rollback          = { pattern = "{ $.['event.action'] = \"rollback\" }", text = "The canary was rolled back: everything goes to legacy." }
    state-not-durable = { pattern = "{ $.['event.action'] = \"state_not_durable\" }", text = "The state cannot be written: nothing is promoted, a restart could forget a rollback." }
    state-damaged     = { pattern = "{ $.['event.action'] = \"state_damaged\" }", text = "The state cannot be read: everything goes to legacy until a person starts anew." }
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each       = local.log_alarms
  name           = "rollout-proxy-${each.key}"
  log_group_name = aws_cloudwatch_log_group.this["rollout-proxy"].name
  pattern        = each.value.pattern
  metric_transformation {
    namespace     = "RolloutProxy"
    name          = each.key
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "log" {
  for_each            = local.log_alarms
  alarm_name          = "rollout-proxy-${each.key}"
  alarm_description   = "${each.value.text} docs/alerts.md"
  namespace           = "RolloutProxy"
  metric_name         = aws_cloudwatch_log_metric_filter.this[each.key].metric_transformation[0].name
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  alarm_name          = "rollout-proxy-unhealthy"
  alarm_description   = "A proxy does not say that it is ready, for three minutes: longer than a drain."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.proxy.arn_suffix }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "none" {
  alarm_name          = "rollout-proxy-none-healthy"
  alarm_description   = "No proxy is ready: nobody is served."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HealthyHostCount"
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.proxy.arn_suffix }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "rollout-proxy-errors"
  alarm_description   = "More than 5 % of the answers to clients are 5xx, of the proxy or passed through."
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  metric_query {
    id          = "percent"
    label       = "5xx, %"
    expression  = "IF(requests > 20, 100 * errors / requests, 0)"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = { errors = "HTTPCode_Target_5XX_Count", requests = "RequestCount" }
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        dimensions  = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.proxy.arn_suffix }
        stat        = "Sum"
        period      = 60
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "balancer" {
  alarm_name          = "rollout-proxy-balancer-errors"
  alarm_description   = "The load balancer itself answered more than ten requests in a minute with 5xx: it reached no proxy, or waited too long for one."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  for_each            = local.scaled
  alarm_name          = "${each.key}-cpu"
  alarm_description   = "Over 85 % of the processors for ten minutes: autoscaling, at 70 %, does not keep up or has reached its most."
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions          = { ClusterName = aws_ecs_cluster.this.name, ServiceName = each.value.service }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 10
  comparison_operator = "GreaterThanThreshold"
  threshold           = 85
  treat_missing_data  = "missing"
  alarm_actions       = var.alarm_topic_arns
}
