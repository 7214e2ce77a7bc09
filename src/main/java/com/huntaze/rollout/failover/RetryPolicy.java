package com.huntaze.rollout.failover;

import java.util.OptionalLong;

/** The wait before a retry (requirement 6.2). */
public final class RetryPolicy {
  private final RetrySettings settings;

  /** The policy of one provider's {@code retry} settings. */
  public RetryPolicy(RetrySettings settings) {
    this.settings = settings;
  }

  /** The most retries after a provider's first attempt. */
  public int max() {
    return settings.max();
  }

  /**
   * The wait before a retry: {@code delay · factor^retry · (1 ± jitter)}, or the provider's hint,
   * to which jitter only adds, when that is longer. A hint of 0, or a date that has passed, is no
   * wish for three attempts at once.
   *
   * @param retry 0 before the first retry
   * @param hint the provider's own wish, in milliseconds
   * @param chance a uniform random number, 0..1
   * @return milliseconds, 0 or more, rounded
   */
  public long delayMillis(int retry, OptionalLong hint, double chance) {
    double share = Math.min(1, Math.max(0, chance));
    double usual = backOff(retry) * (1 + settings.jitter() * (2 * share - 1));
    double hinted = hint.orElse(0) * (1 + settings.jitter() * share);
    return Math.max(0, Math.round(Math.max(usual, hinted)));
  }

  private double backOff(int retry) {
    return settings.delay().toMillis() * Math.pow(settings.factor(), Math.max(0, retry));
  }
}
