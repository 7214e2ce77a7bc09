package com.huntaze.rollout.canary;

/** The event-bus addresses of the rollout; bodies are in {@code docs/event-bus.md}. */
public final class CanaryAddresses {
  /** Request: which provider for this request? */
  public static final String DECIDE = "rollout.canary.decide";

  /** Request: the rollout's state. */
  public static final String GET = "rollout.canary.get";

  /** Request: carry out a command. */
  public static final String COMMAND = "rollout.canary.command";

  /** Request: the latest transitions, oldest first, with their evidence. */
  public static final String TRANSITIONS = "rollout.canary.transitions";

  /** Request or send: outcomes that a verticle has seen itself. */
  public static final String OUTCOME = "rollout.outcome";

  /** Sent within the process: a source's cumulative figures. */
  public static final String ROWS = "rollout.outcome.rows";

  /** Published at every evaluation: the figures of both providers and the decision. */
  public static final String HEALTH = "rollout.health";

  /** Request: the same, as of the latest evaluation. */
  public static final String HEALTH_GET = "rollout.health.get";

  /** Request, sent or published: what people should be told. */
  public static final String ALERT = "rollout.alert";

  /** Published: an alert that was taken, complete; those on {@link #ALERT} may be malformed. */
  public static final String ALERT_TAKEN = "rollout.alert.taken";

  /**
   * Published: a process that has begun, or has begun to lead, has seen to be well what one before
   * it may have told of. It ends incidents, and is told to nobody else.
   */
  public static final String ALERT_WELL = "rollout.alert.well";

  /** Request: the latest alerts, newest first, and what became of them on each channel. */
  public static final String ALERTS_GET = "rollout.alerts.get";

  /** Published: the rollout's state as JSON, on every change. */
  public static final String STATE = "rollout.canary.state";

  /** Published: every transition, as in {@link #TRANSITIONS}. */
  public static final String TRANSITION = "rollout.canary.transition";

  /** Published within the process: the {@link CanarySnapshot} itself, on every change. */
  public static final String SNAPSHOT = "rollout.canary.snapshot";

  /** Request: the newest {@link CanarySnapshot}, for those that start later. */
  public static final String SNAPSHOT_GET = "rollout.canary.snapshot.get";

  private CanaryAddresses() {}
}
