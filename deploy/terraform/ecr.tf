resource "aws_ecr_repository" "this" {
  for_each = toset(["ai-router", "rollout-proxy"])
  name     = each.key
  # The seed deploys the router by the tag latest, which moves; the proxy's tags never do.
  image_tag_mutability = each.key == "ai-router" ? "MUTABLE" : "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each   = aws_ecr_repository.this
  repository = each.value.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "The latest 20 images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 20 }
      action       = { type = "expire" }
    }]
  })
}
