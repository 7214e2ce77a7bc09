package com.huntaze.rollout.judge.window;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Foundry's failures of one source that the sequential tests do not see yet: it is not known
 * whether they are failures among successes or an outage that begins. Single-threaded, but for the
 * {@link FailureStreaks}.
 */
final class WaitingFailures {
  /** More at once than these are seen at once. */
  private static final int MOST = 4_096;

  /** An outage that lasts as long, while the breaker stays closed, is no blip. */
  private static final long LONGEST_MILLIS = 5_000;

  private final FailureStreaks streaks;
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  WaitingFailures(FailureStreaks streaks) {
    this.streaks = streaks;
  }

  /** An exchange begins; returns its place in the order. */
  long begin() {
    return streaks.begin();
  }

  /** A sample has failed: it is seen now, or waits. */
  void failed(Observation failure) {
    if (waiting.size() >= MOST) {
      failure.confirm();
    } else {
      waiting.addLast(new Waiting(failure));
      settle();
    }
  }

  void succeeded(Observation success) {
    streaks.succeeded(success.order());
    settle();
  }

  /**
   * Looks through them a few times a second: another source may have had the success.
   *
   * @param nowMillis monotonic
   * @param generation the circuit breaker's present one
   * @param closed whether it is closed
   */
  void sweep(long nowMillis, long generation, boolean closed) {
    waiting.forEach(each -> each.firstSeen(nowMillis, generation));
    settle();
    if (closed) {
      // The breaker has opened and closed since: its trial has answered for all of them.
      end(each -> each.generation != generation, each -> false);
      end(each -> nowMillis - each.sinceMillis >= LONGEST_MILLIS, each -> true);
    }
  }

  private void settle() {
    if (!waiting.isEmpty()) {
      end(
          each -> streaks.isFollowedBySuccess(each.failure.order()),
          each -> streaks.counts(each.failure.order()));
    }
  }

  private void end(Predicate<Waiting> ends, Predicate<Waiting> counts) {
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting each = all.next();
      if (ends.test(each)) {
        all.remove();
        if (counts.test(each)) {
          each.failure.confirm();
        }
      }
    }
  }

  /** A failure, and the breaker's generation in which it was found. */
  private static final class Waiting {
    private final Observation failure;
    private long sinceMillis;
    private long generation;
    private boolean seen;

    private Waiting(Observation failure) {
      this.failure = failure;
    }

    private void firstSeen(long nowMillis, long now) {
      if (!seen) {
        seen = true;
        sinceMillis = nowMillis;
        generation = now;
      }
    }
  }
}
