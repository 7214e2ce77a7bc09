# The proxies' shared state directory: one leads, the others follow, and a rolling deployment hands over.
resource "aws_efs_file_system" "state" {
  creation_token   = "rollout-proxy-state"
  encrypted        = true
  performance_mode = "generalPurpose"
  throughput_mode  = "elastic"
}

resource "aws_efs_mount_target" "state" {
  for_each        = toset(var.private_subnet_ids)
  file_system_id  = aws_efs_file_system.state.id
  subnet_id       = each.key
  security_groups = [aws_security_group.state.id]
}

resource "aws_efs_access_point" "state" {
  file_system_id = aws_efs_file_system.state.id
  posix_user {
    uid = 10001
    gid = 10001
  }
  root_directory {
    path = "/rollout-proxy"
    creation_info {
      owner_uid   = 10001
      owner_gid   = 10001
      permissions = "0700"
    }
  }
}

# Nobody mounts it but the proxy's role, through the access point, encrypted.
resource "aws_efs_file_system_policy" "state" {
  file_system_id = aws_efs_file_system.state.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ProxyOnly"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.task["rollout-proxy"].arn }
      Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource  = aws_efs_file_system.state.arn
      Condition = {
        Bool         = { "aws:SecureTransport" = "true" }
        StringEquals = { "elasticfilesystem:AccessPointArn" = aws_efs_access_point.state.arn }
      }
    }]
  })
}

resource "aws_efs_backup_policy" "state" {
  file_system_id = aws_efs_file_system.state.id
  backup_policy {
    # Restoring an old state could undo a rollback: it is never wanted.
    status = "DISABLED"
  }
}
