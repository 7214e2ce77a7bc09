package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A number for each {@link Counter}: of one source since it began, of one tick, of a window, of a
 * stage or of a rollout. Immutable.
 */
public final class Counts {
  /** Nothing counted. */
  public static final Counts NONE = new Counts(new long[Counter.ALL.size()]);

  private final long[] values;

  private Counts(long[] values) {
    this.values = values;
  }

  /** So many of one. */
  public static Counts of(Counter counter, long count) {
    return NONE.with(counter, count);
  }

  /** The counts that {@link #named} told of; names that are unknown are passed over. */
  public static Counts ofNamed(Map<String, ? extends Number> named) {
    Sum sum = new Sum();
    for (Counter counter : Counter.ALL) {
      Number count = named.get(counter.label());
      sum.add(counter, count == null ? 0 : count.longValue());
    }
    return sum.now();
  }

  /** The same with so many of one. */
  public Counts with(Counter counter, long count) {
    long[] changed = values.clone();
    changed[counter.ordinal()] = count;
    return new Counts(changed);
  }

  /** Returns the number of one. */
  public long get(Counter counter) {
    return values[counter.ordinal()];
  }

  /** Numerator per denominator; without data 0. */
  public double rate(Metric metric) {
    return rate(metric.numerator(), metric.denominator());
  }

  public double rate(Counter numerator, Counter denominator) {
    return Rate.of(get(numerator), get(denominator));
  }

  /** Both together. */
  public Counts plus(Counts other) {
    long[] sum = new long[values.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = saturated(values[i], other.values[i]);
    }
    return new Counts(sum);
  }

  /** Returns the growth since an earlier count of the same exchanges. */
  Counts minus(Counts earlier) {
    long[] more = new long[values.length];
    for (int i = 0; i < more.length; i++) {
      more[i] = values[i] - earlier.values[i];
    }
    return new Counts(more);
  }

  /**
   * Returns the rest without a part, never less than nothing: after a restart a source tells more
   * of a part than of the whole.
   */
  public Counts without(Counts part) {
    long[] rest = new long[values.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = Math.max(0, values[i] - part.values[i]);
    }
    return new Counts(rest);
  }

  /** Some of the counters, and nothing of the others. */
  public Counts only(Collection<Counter> counters) {
    Sum some = new Sum();
    counters.forEach(counter -> some.add(counter, get(counter)));
    return some.now();
  }

  /** All that is counted by its name; counters of nothing are left out. */
  public Map<String, Long> named() {
    Map<String, Long> named = new LinkedHashMap<>();
    for (Counter counter : Counter.ALL) {
      if (get(counter) != 0) {
        named.put(counter.label(), get(counter));
      }
    }
    return named;
  }

  /** Every counter by its name, those of nothing included. */
  public Map<String, Long> told() {
    Map<String, Long> told = new LinkedHashMap<>();
    Counter.ALL.forEach(counter -> told.put(counter.label(), get(counter)));
    return told;
  }

  /** The sum of two amounts, or the largest long when it does not fit. */
  static long saturated(long one, long other) {
    long sum = one + other;
    boolean tooMuch = one > 0 && other > 0 && sum < 0;
    return tooMuch ? Long.MAX_VALUE : sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counts counts && Arrays.equals(values, counts.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return named().toString();
  }

  /** Counts while they are being gathered. Single-threaded. */
  static final class Sum {
    private final long[] values = new long[Counter.ALL.size()];

    void add(Counter counter, long more) {
      values[counter.ordinal()] = saturated(values[counter.ordinal()], more);
    }

    Counts now() {
      return new Counts(values.clone());
    }
  }
}
