package com.huntaze.rollout.route;

/**
 * A route's policy.
 *
 * @param label its name in metrics and logs, never taken from a request
 * @param replay when its requests may be sent again
 * @param judged whether its outcomes count for the canary
 */
public record Route(String label, Replay replay, boolean judged) {
  static final Route HEALTH = new Route("GET /health", Replay.SAFE, false);

  private static final Route READING = new Route("other", Replay.SAFE, false);
  private static final Route WRITING = new Route("other", Replay.UNSENT, false);

  /** The policy of a path that nobody listed. */
  static Route unlisted(String method) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS" -> READING;
      default -> WRITING;
    };
  }

  /** Tells whether it is the providers' own health check. */
  public boolean isHealth() {
    return this == HEALTH;
  }

  /** Tells whether nobody has listed it. */
  public boolean isUnlisted() {
    return this == READING || this == WRITING;
  }

  /** The policy of those of its requests that make something, which is not to be made twice. */
  public Route once() {
    return new Route(label, Replay.UNSENT, judged);
  }

  /**
   * The policy of those of its requests that one provider alone can answer: they tell nothing about
   * a split that has not chosen their provider, and what might change something is not repeated.
   */
  public Route bound(String method) {
    return new Route(label, unlisted(method).replay(), false);
  }
}
