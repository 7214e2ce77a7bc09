package com.huntaze.rollout.config;

import java.util.List;
import java.util.Set;

/**
 * The list of the texts that may be shown to those who ask for the configuration in force. What is
 * not listed is masked, so that a new setting is a secret until somebody has thought about it.
 * Numbers, durations, switches and words of a closed set are no secrets.
 */
final class ShownSettings {
  /** Paths without list indices; {@code *} stands for a key that the file chooses. */
  private static final Set<String> TEXTS =
      Set.of(
          "server.host",
          "server.trustedPeers",
          "server.cors.origins",
          "server.tls.certificate",
          "server.tls.key",
          "server.tls.ca",
          "admin.host",
          "admin.tokens.name",
          "admin.identity.header",
          "admin.identity.peers",
          "admin.allowedHosts",
          "admin.tls.certificate",
          "admin.tls.key",
          "admin.tls.ca",
          "providers.foundry.url",
          "providers.foundry.models.*",
          "providers.foundry.deployments.*.deployment",
          "providers.foundry.deployments.*.region",
          "providers.foundry.rewrites.from",
          "providers.foundry.rewrites.to",
          "providers.foundry.tls.certificate",
          "providers.foundry.tls.key",
          "providers.foundry.tls.ca",
          "providers.foundry.token.file",
          "providers.foundry.token.resource",
          "providers.foundry.token.clientId",
          "providers.foundry.token.tenantId",
          "providers.foundry.token.authority",
          "providers.foundry.token.endpoint",
          "providers.foundry.probe.path",
          "providers.legacy.url",
          "providers.legacy.models.*",
          "providers.legacy.deployments.*.deployment",
          "providers.legacy.deployments.*.region",
          "providers.legacy.rewrites.from",
          "providers.legacy.rewrites.to",
          "providers.legacy.tls.certificate",
          "providers.legacy.tls.key",
          "providers.legacy.tls.ca",
          "providers.legacy.token.file",
          "providers.legacy.token.resource",
          "providers.legacy.token.clientId",
          "providers.legacy.token.tenantId",
          "providers.legacy.token.authority",
          "providers.legacy.token.endpoint",
          "providers.legacy.probe.path",
          "dns.servers",
          "routes.match",
          "userKeyFields",
          "canary.salt",
          "canary.stages.phase",
          "agents.*.requestTypes",
          "agents.*.path",
          "agents.*.typeHint",
          "agents.*.legacy.path",
          "agents.*.legacy.typeHint",
          "prices",
          "auth.keys.id",
          "auth.keys.tier",
          "credentials.foundry",
          "credentials.legacy",
          "credentials.query",
          "credentials.dropped",
          "alerts.channels.host",
          "alerts.channels.from",
          "alerts.channels.to",
          "alerts.environment",
          "alerts.links.dashboard",
          "alerts.links.runbook",
          "alerts.links.trace",
          "tracing.otlpEndpoint",
          "eventBus.prefix",
          "metrics.vertx",
          "metrics.listener.host",
          "state.dir",
          "cluster.name",
          "cluster.bind",
          "cluster.discovery.static",
          "cluster.discovery.dns",
          "cluster.tls.certificate",
          "cluster.tls.key",
          "cluster.tls.ca",
          "cluster.lease",
          "cluster.voters",
          "cluster.member");

  private ShownSettings() {}

  /**
   * Returns whether a text may be shown.
   *
   * @param form the path without indices, {@code *} for keys that the file chooses
   */
  static boolean text(String form) {
    return TEXTS.contains(form);
  }

  /** All that may be shown, for the test that compares them with the settings that there are. */
  static List<String> texts() {
    return TEXTS.stream().sorted().toList();
  }
}
