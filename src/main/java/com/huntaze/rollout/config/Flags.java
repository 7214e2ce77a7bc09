package com.huntaze.rollout.config;

/**
 * The flags of the command line that set values, as typed: they are validated together with
 * everything else, so that all problems are reported at once. Null is a flag that was not given.
 *
 * @param port {@code --port}: {@code server.port}
 * @param adminPort {@code --admin-port}: {@code admin.port}
 * @param provider {@code --provider}: {@code provider}
 * @param canary {@code --canary}: the explicit start percentage
 */
public record Flags(String port, String adminPort, String provider, String canary) {
  /** No flag was given. */
  public static final Flags NONE = new Flags(null, null, null, null);
}
