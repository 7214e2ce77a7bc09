package com.huntaze.rollout.simulate;

/**
 * The fault of a simulated backend at the moment. It is read once per request, so a request lives
 * under one fault from its first byte to its last. {@code GET /health} and {@code GET /__simulator}
 * always answer as if nothing were wrong.
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

  /** That share of the requests, 0..1, is answered with a 429 that tells no time to come again. */
  static Fault throttle(double share) {
    return new Throttle(share, 0);
  }

  /** The same, and the 429 asks to come again after that many seconds; 0 = it tells no time. */
  static Fault throttle(double share, int retryAfterSeconds) {
    return new Throttle(share, retryAfterSeconds);
  }

  /** The first token of a stream and every whole answer come that many milliseconds later. */
  static Fault slowStart(long millis) {
    return new SlowStart(millis);
  }

  /** Event streams are cut off after some content, without their end. */
  static Fault cutStreams() {
    return Broken.STREAMS_CUT;
  }

  /** Event streams fall silent after some content, and their connection stays open. */
  static Fault stallStreams() {
    return Broken.STREAMS_STALL;
  }

  /** Event streams tell an error after some content, and end there. */
  static Fault failStreams() {
    return Broken.STREAMS_FAIL;
  }

  /** That share of the answers, 0..1, is no whole JSON, or a stream whose event is an error. */
  static Fault junk(double share) {
    return new Junk(share);
  }

  /** Requests are read and never answered. */
  static Fault hang() {
    return Broken.HANGS;
  }

  /**
   * Returns whether the request fails, with {@link #rejection}.
   *
   * @param draw a uniform random number of this request, 0 (inclusive) to 1 (exclusive)
   */
  default boolean fails(double draw) {
    return false;
  }

  /** Returns the answer to a request that fails. */
  default Rejection rejection() {
    return Rejection.FAILED;
  }

  /**
   * Returns the time that is added to the time to first token, and to that of a whole answer;
   * milliseconds.
   */
  default long startMillis() {
    return 0;
  }

  /** Returns whether streams are cut off. */
  default boolean cutsStreams() {
    return false;
  }

  /** Tells whether streams fall silent. */
  default boolean stallsStreams() {
    return false;
  }

  /** Tells whether streams end with an error. */
  default boolean failsStreams() {
    return false;
  }

  /**
   * Returns whether the answer is broken.
   *
   * @param draw as in {@link #fails}
   */
  default boolean spoils(double draw) {
    return false;
  }

  /** Returns whether nothing is answered. */
  default boolean hangs() {
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
      requireShare(share);
    }

    @Override
    public boolean fails(double draw) {
      return draw < share;
    }
  }

  /** Faults without parameters. */
  enum Broken implements Fault {
    /** See {@link #cutStreams()}. */
    STREAMS_CUT {
      @Override
      public boolean cutsStreams() {
        return true;
      }
    },
    /** See {@link #stallStreams()}. */
    STREAMS_STALL {
      @Override
      public boolean stallsStreams() {
        return true;
      }
    },
    /** See {@link #failStreams()}. */
    STREAMS_FAIL {
      @Override
      public boolean failsStreams() {
        return true;
      }
    },
    /** See {@link #hang()}. */
    HANGS {
      @Override
      public boolean hangs() {
        return true;
      }
    }
  }

  /** See {@link #throttle(double, int)}. */
  record Throttle(double share, int retryAfterSeconds) implements Fault {
    /** Throws {@link IllegalArgumentException} when a value is out of its range. */
    public Throttle {
      requireShare(share);
      if (retryAfterSeconds < 0) {
        throw new IllegalArgumentException(
            "retryAfterSeconds: " + retryAfterSeconds + " (expected: 0 or more)");
      }
    }

    @Override
    public boolean fails(double draw) {
      return draw < share;
    }

    @Override
    public Rejection rejection() {
      return Rejection.THROTTLED.retryAfter(retryAfterSeconds);
    }
  }

  /** See {@link #slowStart(long)}. */
  record SlowStart(long startMillis) implements Fault {
    /** Throws {@link IllegalArgumentException} when the time is below 0. */
    public SlowStart {
      if (startMillis < 0) {
        throw new IllegalArgumentException(
            "startMillis: " + startMillis + " (expected: 0 or more)");
      }
    }
  }

  /** See {@link #junk(double)}. */
  record Junk(double share) implements Fault {
    /** Throws {@link IllegalArgumentException} when the share is not within 0..1. */
    public Junk {
      requireShare(share);
    }

    @Override
    public boolean spoils(double draw) {
      return draw < share;
    }
  }

  private static void requireShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: 0..1)");
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
