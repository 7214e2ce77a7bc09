package com.huntaze.rollout.canary;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The health of the share in force, as far as it is known.
 *
 * @param healthyMillis how long it has been healthy
 * @param judgedAt when it was judged last, monotonic; {@link #NEVER}
 * @param holdSince since when nothing may be promoted for want of data or proof, monotonic; {@link
 *     #NEVER}
 * @param told what people have been told of it, and is not over
 * @param assessment the newest
 */
public record StageHealth(
    long healthyMillis, long judgedAt, long holdSince, Told told, Assessment assessment) {

  /** No moment. */
  static final long NEVER = Long.MIN_VALUE;

  /**
   * The things that people have been told, and that are not over.
   *
   * @param hold whether they have been told of the hold
   * @param limits all that they have been told is over its limit, and when each was so last,
   *     monotonic
   * @param sure whether it is known what was told: not by a process that has just begun to lead
   */
  record Told(boolean hold, Map<String, Long> limits, boolean sure) {
    static final Told UNKNOWN = new Told(false, Map.of(), false);
    static final Told NOTHING = new Told(false, Map.of(), true);

    /** Returns whether people need not be told of the end of anything. */
    boolean nothing() {
      return !hold && limits.isEmpty();
    }

    Told {
      limits = Map.copyOf(limits);
    }

    Told hold(boolean now) {
      return new Told(now, limits, sure);
    }

    Told sure(boolean now) {
      return new Told(hold, limits, now);
    }

    Told exceeding(Set<String> topics, long nowMillis) {
      Map<String, Long> all = new TreeMap<>(limits);
      topics.forEach(each -> all.put(each, nowMillis));
      return new Told(hold, all, sure);
    }

    /** Without what has not been over its limit for a time. */
    Told within(long millis, long nowMillis) {
      Map<String, Long> left = new TreeMap<>(limits);
      left.values().removeIf(at -> nowMillis - at >= millis);
      return new Told(hold, left, sure);
    }
  }

  /** The same of which nobody need be told any more. */
  StageHealth silent() {
    return with(Told.NOTHING);
  }

  StageHealth with(Told now) {
    return new StageHealth(healthyMillis, judgedAt, holdSince, now, assessment);
  }

  /** Of another share of the same epoch, which has not been judged yet. */
  StageHealth carriedOver() {
    return assessment.raisable()
        ? anotherEpoch()
        : new StageHealth(0, NEVER, NEVER, told.hold(false), assessment);
  }

  /** Of a share of which nothing is known yet. */
  StageHealth anotherEpoch() {
    return of(0).with(Told.UNKNOWN.sure(told.sure()));
  }

  /** Of a share that was healthy for a time, before a restart. */
  static StageHealth of(long healthyMillis) {
    return new StageHealth(healthyMillis, NEVER, NEVER, Told.UNKNOWN, Assessment.NONE);
  }
}
