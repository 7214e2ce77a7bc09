package com.huntaze.rollout.outcome;

import java.util.OptionalLong;
import java.util.function.Function;

/** How long a provider asks to wait before the next attempt. */
public final class RetryHint {
  /** The longest wait that is believed: one hour, in milliseconds. */
  public static final long MAX_MILLIS = 3_600_000;

  private RetryHint() {}

  /**
   * The hint of an answer: {@code retry-after-ms}, {@code x-ms-retry-after-ms}, {@code retry-after}
   * (seconds or an HTTP date), the first of them that can be read.
   *
   * @param header gives a header's value by its lower-case name, or null
   * @param nowEpochMillis the wall clock, for dates
   * @return milliseconds, 0 to {@link #MAX_MILLIS}
   */
  public static OptionalLong of(Function<String, String> header, long nowEpochMillis) {
    throw new UnsupportedOperationException();
  }
}
