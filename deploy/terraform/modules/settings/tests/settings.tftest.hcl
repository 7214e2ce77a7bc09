# terraform test: needs neither a provider nor an account.

run "nothing" {
  command = plan
  assert {
    condition     = length(output.environment) == 0
    error_message = "environment: ${jsonencode(output.environment)} (expected: no variable where nothing differs)."
  }
}

run "all" {
  command = plan
  variables {
    limits      = { per_key_per_second = 20, burst = 40 }
    stages      = [{ phase = "small", percentage = 5, bake = "2h" }, { phase = "full", percentage = 100 }]
    channels    = [{ type = "slack", minSeverity = "critical", url = "$${SLACK_URL}" }, { type = "log" }]
    prices      = "/data/prices.json"
    environment = "staging"
    links       = { dashboard = "http://proxy.huntaze.internal:9090", runbook = "https://wiki.example/#{kind}" }
    keys        = [{ id = "app", sha256 = "0000000000000000000000000000000000000000000000000000000000000000", tier = "vip" }]
  }
  assert {
    condition = output.environment.ROLLOUT_CONFIG == jsonencode({
      limits = { perKeyPerSecond = 20, burst = 40 }
      canary = { stages = [{ phase = "small", percentage = 5, bake = "2h" }, { phase = "full", percentage = 100 }] }
      alerts = { channels = [{ type = "slack", minSeverity = "critical", url = "$${SLACK_URL}" }, { type = "log" }], environment = "staging", links = { dashboard = "http://proxy.huntaze.internal:9090", runbook = "https://wiki.example/#{kind}" } }
      auth   = { keys = [{ id = "app", sha256 = "0000000000000000000000000000000000000000000000000000000000000000", tier = "vip" }] }
      prices = "/data/prices.json"
    })
    error_message = "ROLLOUT_CONFIG: ${output.environment.ROLLOUT_CONFIG}."
  }
}

run "a_part" {
  command = plan
  variables {
    limits = { burst = 3 }
  }
  assert {
    condition     = output.environment.ROLLOUT_CONFIG == jsonencode({ limits = { burst = 3 } })
    error_message = "ROLLOUT_CONFIG: ${output.environment.ROLLOUT_CONFIG} (expected: what is given, and no null)."
  }
}

run "members" {
  command = plan
  variables {
    cluster = { name = "rollout-proxy", network = "10.0.0.0/16", port = 7800, dns = "proxy.huntaze.internal", files = "/run/members" }
  }
  assert {
    condition = output.environment.ROLLOUT_CONFIG == jsonencode({ cluster = {
      name      = "rollout-proxy", bind = "10.0.0.0/16", port = 7800, lease = "directory"
      discovery = { dns = "proxy.huntaze.internal" }
      tls       = { certificate = "/run/members/tls.crt", key = "/run/members/tls.key", ca = "/run/members/ca.crt" }
    } })
    error_message = "ROLLOUT_CONFIG: ${output.environment.ROLLOUT_CONFIG}."
  }
}

run "an_address_instead_of_the_network" {
  command = plan
  variables {
    cluster = { name = "rollout-proxy", network = "10.0.0.7", port = 7800, dns = "proxy.huntaze.internal", files = "/run/members" }
  }
  expect_failures = [var.cluster]
}

run "stages_that_fall" {
  command = plan
  variables {
    stages = [{ phase = "a", percentage = 50 }, { phase = "b", percentage = 20 }, { phase = "c", percentage = 100 }]
  }
  expect_failures = [var.stages]
}

run "a_secret_in_a_channel" {
  command = plan
  variables {
    channels = [{ type = "slack", url = "https://hooks.slack.example/services/T0/B0/x" }]
  }
  expect_failures = [var.channels]
}

run "a_key_instead_of_its_hash" {
  command = plan
  variables {
    keys = [{ id = "app", sha256 = "the-key-itself" }]
  }
  expect_failures = [var.keys]
}

run "where_alerts_and_secrets_are" {
  command = plan
  variables {
    channels = [{ type = "email", host = "mail.example" }, { type = "email", host = "other.example", port = 465 }, { type = "log" }]
    secrets = {
      SLACK_URL     = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:alerts-AbCdEf:slack::"
      PAGER_KEY     = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pager-AbCdEf"
      MAIL_PASSWORD = "arn:aws:ssm:eu-west-1:123456789012:parameter/mail/password"
    }
  }
  assert {
    condition     = output.alert_ports == tolist([587, 465])
    error_message = "alert_ports: ${jsonencode(output.alert_ports)}."
  }
  assert {
    condition     = toset(output.secret_arns) == toset(["arn:aws:secretsmanager:eu-west-1:123456789012:secret:alerts-AbCdEf", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pager-AbCdEf"])
    error_message = "secret_arns: ${jsonencode(output.secret_arns)} (expected: what IAM compares with, which is the secret alone)."
  }
  assert {
    condition     = output.parameter_arns == ["arn:aws:ssm:eu-west-1:123456789012:parameter/mail/password"]
    error_message = "parameter_arns: ${jsonencode(output.parameter_arns)}."
  }
}

run "a_secret_instead_of_its_arn" {
  command = plan
  variables {
    secrets = { SLACK_URL = "https://hooks.slack.com/services/x" }
  }
  expect_failures = [var.secrets]
}
