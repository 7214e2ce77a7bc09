package com.huntaze.rollout.canary;

/** The event-bus addresses of the rollout; bodies are in {@code docs/event-bus.md}. */
public final class CanaryAddresses {
  /** Request: which provider for this request? */
  public static final String DECIDE = "rollout.canary.decide";

  /** Request: the rollout's state. */
  public static final String GET = "rollout.canary.get";

  /** Request: carry out a command. */
  public static final String COMMAND = "rollout.canary.command";

  /** Published: the rollout's state as JSON, on every change. */
  public static final String STATE = "rollout.canary.state";

  /** Published within the process: the {@link CanarySnapshot} itself, on every change. */
  public static final String SNAPSHOT = "rollout.canary.snapshot";

  /** Request: the newest {@link CanarySnapshot}, for those that start later. */
  public static final String SNAPSHOT_GET = "rollout.canary.snapshot.get";

  private CanaryAddresses() {}
}
