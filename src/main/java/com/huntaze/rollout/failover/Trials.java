package com.huntaze.rollout.failover;

/**
 * The attempts that a breaker lets through while it is not closed.
 *
 * <p>Decision 75 in {@code docs/decisions.md}.
 *
 * @param underWay those that have begun and not ended
 * @param share how many may be under way at once at a last resort, 1..{@link #FULL_SHARE}: halved
 *     by each that fails, doubled when one closes the breaker and by each success after that
 * @param lastMillis when the latest of them began, monotonic; {@link #NEVER} = none has
 */
public record Trials(int underWay, int share, long lastMillis) {
  /** The share of a provider that has not failed at a trial yet. */
  public static final int FULL_SHARE = 16;

  /** The time of a trial that never was. */
  public static final long NEVER = Long.MIN_VALUE;

  /**
   * The wait after which a last resort is asked once more although its share is under way: else
   * some that hang would lock out all others until their deadlines.
   */
  static final long LAST_RESORT_MILLIS = 1_000;

  /** The least time between two trials of a second chance, so that not each request makes one. */
  static final long SECOND_CHANCE_MILLIS = 100;

  /** None under way. */
  static Trials none(int share) {
    return new Trials(0, share, NEVER);
  }

  /** Returns whether one more may begin at an open breaker. */
  boolean whileOpen(Standing standing, long nowMillis) {
    return switch (standing) {
      case REPLACEABLE -> false;
      case SECOND_CHANCE -> underWay == 0 && restedFor(SECOND_CHANCE_MILLIS, nowMillis);
      case LAST_RESORT -> underWay < share || restedFor(LAST_RESORT_MILLIS, nowMillis);
    };
  }

  /** Returns whether one more may begin at a half-open breaker. */
  boolean whileHalfOpen(Standing standing, long nowMillis) {
    return standing == Standing.LAST_RESORT ? whileOpen(standing, nowMillis) : underWay == 0;
  }

  Trials begun(long nowMillis) {
    return new Trials(underWay + 1, share, nowMillis);
  }

  /** One has ended without a success. */
  Trials ended(boolean failed) {
    return new Trials(Math.max(0, underWay - 1), failed ? halved() : share, lastMillis);
  }

  private int halved() {
    return Math.max(1, share / 2);
  }

  int doubled() {
    return doubled(share);
  }

  static int doubled(int share) {
    return Math.min(FULL_SHARE, 2 * share);
  }

  private boolean restedFor(long millis, long nowMillis) {
    return lastMillis == NEVER || nowMillis - lastMillis >= millis;
  }
}
