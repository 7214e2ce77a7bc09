package com.huntaze.rollout.settings;

/** The event-bus addresses of the configuration; bodies are in {@code docs/event-bus.md}. */
public final class ConfigAddresses {
  /** Request: the configuration in force, secrets masked. */
  public static final String GET = "rollout.config.get";

  /** Request: read the configuration's files again, now. */
  public static final String RELOAD = "rollout.config.reload";

  /** Published: what has changed in the configuration in force, secrets masked. */
  public static final String CHANGED = "rollout.config.changed";

  /** Published: why a changed configuration is refused, secrets masked; the running one stays. */
  public static final String REFUSED = "rollout.config.refused";

  private ConfigAddresses() {}
}
