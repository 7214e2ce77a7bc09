data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    # Only tasks of this account: the service acts for nobody else through these roles.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

locals {
  task_secrets = {
    ai-router     = [aws_secretsmanager_secret.router_api_key.arn]
    rollout-proxy = concat([aws_secretsmanager_secret.router_api_key.arn, aws_secretsmanager_secret.admin_token.arn, aws_secretsmanager_secret.client_key.arn, aws_secretsmanager_secret.members_authority.arn, aws_secretsmanager_secret.members_certificate.arn, aws_secretsmanager_secret.members_key.arn], module.settings.secret_arns)
  }
}

# What ECS does before the container runs: pull its image, read its secrets, write its log.
resource "aws_iam_role" "execution" {
  for_each           = local.task_secrets
  name               = "${each.key}-execution"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "execution" {
  for_each = local.task_secrets
  statement {
    sid       = "Login"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
  statement {
    sid       = "Pull"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [aws_ecr_repository.this[each.key].arn]
  }
  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this[each.key].arn}:*"]
  }
  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = each.value
  }
}

resource "aws_iam_role_policy" "execution" {
  for_each = local.task_secrets
  name     = "execution"
  role     = aws_iam_role.execution[each.key].id
  policy   = data.aws_iam_policy_document.execution[each.key].json
}

# The same of the Parameter Store, where settings_secrets names some of it.
data "aws_iam_policy_document" "parameters" {
  count = length(module.settings.parameter_arns) == 0 ? 0 : 1
  statement {
    sid       = "Parameters"
    actions   = ["ssm:GetParameters"]
    resources = module.settings.parameter_arns
  }
}

resource "aws_iam_role_policy" "parameters" {
  count  = length(module.settings.parameter_arns) == 0 ? 0 : 1
  name   = "parameters"
  role   = aws_iam_role.execution["rollout-proxy"].id
  policy = data.aws_iam_policy_document.parameters[0].json
}

# What the containers may do themselves: nothing, but that the proxy mounts its state.
resource "aws_iam_role" "task" {
  for_each           = local.task_secrets
  name               = "${each.key}-task"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "state" {
  statement {
    sid       = "State"
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.state.arn]
    condition {
      test     = "StringEquals"
      variable = "elasticfilesystem:AccessPointArn"
      values   = [aws_efs_access_point.state.arn]
    }
  }
}

resource "aws_iam_role_policy" "state" {
  name   = "state"
  role   = aws_iam_role.task["rollout-proxy"].id
  policy = data.aws_iam_policy_document.state.json
}
