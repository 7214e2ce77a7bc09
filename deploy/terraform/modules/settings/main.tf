# The differences from the image's configuration, as one document: the proxy lays it over its file.
locals {
  given = {
    limits = { for key, value in { perKeyPerSecond = var.limits.per_key_per_second, burst = var.limits.burst } : key => value if value != null }
    canary = { for key, value in { stages = [for stage in var.stages : { for key, value in stage : key => value if value != null }] } : key => value if length(value) > 0 }
    alerts = { for key, value in {
      channels    = var.channels
      environment = var.environment
      links       = { for name, link in var.links : name => link if link != null }
    } : key => value if length(value) > 0 }
    auth = { for key, value in { keys = [for key in var.keys : { for name, value in { id = key.id, sha256 = key.sha256, tier = key.tier, perSecond = key.per_second } : name => value if value != null }] } : key => value if length(value) > 0 }
  }
  # Replicas that are one rollout; the certificates are files that the task makes of secrets.
  members = [for cluster in var.cluster[*] : {
    name      = cluster.name
    bind      = cluster.network
    port      = cluster.port
    discovery = { dns = cluster.dns }
    tls       = { certificate = "${cluster.files}/tls.crt", key = "${cluster.files}/tls.key", ca = "${cluster.files}/ca.crt" }
    lease     = "directory"
  }]
  document = merge(
    { for key, value in local.given : key => value if length(value) > 0 },
    var.prices == null ? {} : { prices = var.prices },
    length(local.members) == 0 ? {} : { cluster = local.members[0] },
  )
}
