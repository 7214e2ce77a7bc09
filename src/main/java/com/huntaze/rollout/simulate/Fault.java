package com.huntaze.rollout.simulate;

/**
 * What is wrong with a simulated backend at the moment. It is read once per request, so a request
 * lives under one fault from its first byte to its last. {@code GET /health} and {@code GET
 * /__simulator} always answer as if nothing were wrong.
 *
 * <p>A new fault is a record here plus the one question that {@link SimulatedExchange} asks it.
 */
public sealed interface Fault {
  /** Nothing is wrong. */
  static Fault none() {
    return None.INSTANCE;
  }

  /** That share of the requests, 0..1, is answered with a 500. */
  static Fault errorRate(double share) {
    return new ErrorRate(share);
  }

  /** Every time is multiplied by {@code factor}, 1 or more. */
  static Fault slow(double factor) {
    return new Slow(factor);
  }

  /**
   * Whether the request fails with a 500.
   *
   * @param draw a uniform random number of this request, 0 (inclusive) to 1 (exclusive)
   */
  default boolean fails(double draw) {
    return false;
  }

  /** The factor on all times. */
  default double delayFactor() {
    return 1;
  }

  /** See {@link #none()}. */
  enum None implements Fault {
    /** The only one. */
    INSTANCE
  }

  /** See {@link #errorRate(double)}. */
  record ErrorRate(double share) implements Fault {
    /** Throws {@link IllegalArgumentException} when the share is not within 0..1. */
    public ErrorRate {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("share: " + share + " (expected: 0..1)");
      }
    }

    @Override
    public boolean fails(double draw) {
      return draw < share;
    }
  }

  /** See {@link #slow(double)}. */
  record Slow(double factor) implements Fault {
    /** Throws {@link IllegalArgumentException} when the factor is below 1 or not finite. */
    public Slow {
      if (!(factor >= 1) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException("factor: " + factor + " (expected: 1 or more)");
      }
    }

    @Override
    public double delayFactor() {
      return factor;
    }
  }
}
