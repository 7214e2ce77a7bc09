package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.fleet.ClaimedSlots;
import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.fleet.SlotClaim;
import com.huntaze.rollout.judge.window.FailureStreaks;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.judge.window.UserSampler;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * Replicas in virtual time that take the slots of users from the first of them, over a line that
 * takes its time. Their clocks may differ.
 */
final class FleetOfReplicas {
  private static final long TICK_MILLIS = 250;
  private static final long LINE_MILLIS = 40;

  private final List<Replica> replicas = new ArrayList<>();
  private final Deque<Due> due = new ArrayDeque<>();
  private long now;
  private long bytes;

  private record Due(long atMillis, Runnable run) {}

  /**
   * @param skewMillis how far each clock is ahead of the one before
   */
  FleetOfReplicas(int count, long skewMillis) {
    for (int i = 0; i < count; i++) {
      replicas.add(new Replica(i * skewMillis));
    }
  }

  /** A replica; its event loop is one. */
  private final class Replica {
    private final Sampling sampling;
    private final ObservationCounter counter;
    private final ClaimedSlots slots = new ClaimedSlots();
    private final SlotDesk desk = new SlotDesk();

    private Replica(long skew) {
      sampling = new Sampling(new UserSampler(), new FailureStreaks(), OptionalLong.of(skew));
      counter = new ObservationCounter("loop", Thresholds.of(Health.DEFAULTS));
      counter.began("1-a", 0);
    }

    private void asked(long user, boolean success) {
      boolean first = sampling.first(user, now);
      Observation exchange =
          counter.open(Provider.FOUNDRY, "1-a", 0, new Requester(user, 0), false);
      if (first) {
        slots.claim(new SlotClaim(user, sampling.slot(now)), exchange);
      }
      exchange.settle(success, 10, 1_000, "m");
    }

    private void tick() {
      slots.take(now).ifPresent(claims -> slots.answered(desk.take(claims)));
      slots.sweep(now);
      if (this == replicas.get(0)) {
        slots.answered(desk.decide(now));
        return;
      }
      desk.next(replicas.size())
          .ifPresent(
              asked -> {
                bytes += Frame.of(Frame.Kind.SLOTS, asked).encode().length;
                after(() -> leaderAnswers(asked));
              });
    }

    private void leaderAnswers(JsonObject asked) {
      JsonObject answer = replicas.get(0).desk.answer(asked, now);
      bytes += Frame.of(Frame.Kind.SLOTS_ANSWER, answer).encode().length;
      after(
          () -> {
            SlotAnswers answers = desk.answered(answer);
            slots.answered(answers);
          });
    }
  }

  private void after(Runnable run) {
    due.addLast(new Due(now + LINE_MILLIS, run));
  }

  /** A user asks one of them. */
  void asked(int replica, long user, boolean success) {
    replicas.get(replica).asked(user, success);
  }

  /** Time goes by. */
  void pass(long millis) {
    for (long end = now + millis; now < end; now++) {
      while (!due.isEmpty() && due.peekFirst().atMillis() <= now) {
        due.removeFirst().run().run();
      }
      for (int i = 0; i < replicas.size(); i++) {
        // Not all at once.
        if ((now + 7L * i) % TICK_MILLIS == 0) {
          replicas.get(i).tick();
        }
      }
    }
  }

  /** The samples of all of them together. */
  long samples() {
    return sum(Counter.SETTLED);
  }

  long failures() {
    return sum(Counter.ERRORS);
  }

  private long sum(Counter counter) {
    return replicas.stream()
        .mapToLong(each -> each.counter.rows().get(0).foundry().totals().sampled().get(counter))
        .sum();
  }

  /** The bytes that have gone over the leader's line, without the headers of TCP and TLS. */
  long bytes() {
    return bytes;
  }
}
