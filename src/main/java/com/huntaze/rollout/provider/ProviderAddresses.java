package com.huntaze.rollout.provider;

/** The event-bus addresses on which the state of the providers is told. */
public final class ProviderAddresses {
  /**
   * Published on change: {@code {"provider": "foundry", "up": false, "cause": "status_503", "why":
   * "…"}}; the last two only of a provider that is down.
   */
  public static final String PROBE_STATE = "rollout.probe.state";

  /** Request: the same of every provider, in an array. */
  public static final String PROBE_GET = "rollout.probe.get";

  /**
   * Published within the process at each failed probe of a provider that is down: {@code
   * {"provider": "foundry", "since": n}}, where {@code n} is the {@code System.nanoTime()} at which
   * the first of the probes began that show it.
   */
  public static final String PROBE_DOWN = "rollout.probe.down";

  /**
   * Published within the process at each answered probe: {@code {"provider": "foundry", "since":
   * n}}, where {@code n} is the {@code System.nanoTime()} at which that probe began.
   */
  public static final String PROBE_UP = "rollout.probe.up";

  /** Published on change: {@code {"provider": "foundry", "state": "open"}}. */
  public static final String BREAKER_STATE = "rollout.breaker.state";

  /** Request: the same of every provider, in an array. */
  public static final String BREAKER_GET = "rollout.breaker.get";

  private ProviderAddresses() {}
}
