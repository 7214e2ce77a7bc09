package com.huntaze.rollout.canary;

import java.util.Set;
import java.util.TreeSet;

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
   * @param limits what is over its limit, of all that they have been told
   * @param sure whether it is known what was told: not by a process that has just begun, nor of a
   *     share that has
   * @param exceededAt when something was over its limit last, monotonic; {@link #NEVER}
   */
  record Told(boolean hold, Set<String> limits, boolean sure, long exceededAt) {
    static final Told UNKNOWN = new Told(false, Set.of(), false, NEVER);
    static final Told NOTHING = new Told(false, Set.of(), true, NEVER);

    /** Returns whether people need not be told of the end of anything. */
    boolean nothing() {
      return !hold && limits.isEmpty();
    }

    Told {
      limits = Set.copyOf(limits);
    }

    Told hold(boolean now) {
      return new Told(now, limits, sure, exceededAt);
    }

    Told exceeding(Set<String> topics, long nowMillis) {
      Set<String> all = new TreeSet<>(limits);
      all.addAll(topics);
      return new Told(hold, all, sure, nowMillis);
    }

    Told withinLimits() {
      return new Told(hold, Set.of(), sure, NEVER);
    }
  }

  /** The same of which nobody need be told any more. */
  StageHealth silent() {
    return new StageHealth(healthyMillis, judgedAt, holdSince, Told.NOTHING, assessment);
  }

  /** Of another share of the same epoch, which has not been judged yet. */
  StageHealth carriedOver() {
    return assessment.raisable()
        ? of(0)
        : new StageHealth(0, NEVER, NEVER, told.hold(false), assessment);
  }

  /** Of a share that was healthy for a time, before a restart. */
  static StageHealth of(long healthyMillis) {
    return new StageHealth(healthyMillis, NEVER, NEVER, Told.UNKNOWN, Assessment.NONE);
  }
}
