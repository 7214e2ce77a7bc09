package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.judge.fleet.ClaimedSlots;
import com.huntaze.rollout.judge.fleet.SlotClaim;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.judge.window.UserSampler;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.UserKey;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the outcomes that other verticles send to {@code rollout.outcome}: one, or a list. A list
 * counts whole or not at all.
 */
final class OutcomeIntake {
  private static final int MOST = 1_000;

  private final String source;
  private final ObservationCounter counter;
  private final Sampling sampling;

  /** {@code null} = there is no fleet. */
  private final ClaimedSlots slots;

  private String epoch = "";
  private int stage;

  /**
   * @param source this incarnation's id
   */
  OutcomeIntake(String source, Thresholds thresholds, Sampling sampling) {
    this.source = source;
    this.counter = new ObservationCounter(source, thresholds);
    this.sampling = sampling;
    this.slots = sampling.isShared() ? new ClaimedSlots() : null;
  }

  /**
   * The result of a message.
   *
   * @param counted how many outcomes were counted
   * @param notCounted how many are history: of another epoch or stage than the present one
   * @param why one sentence; empty when all were counted
   */
  record Taken(int counted, int notCounted, String why) {}

  void follow(CanarySnapshot snapshot) {
    epoch = snapshot.epoch().toString();
    stage = snapshot.stage();
    counter.began(epoch, stage);
  }

  /**
   * Counts what a message tells of the present epoch and stage.
   *
   * @throws IllegalArgumentException with a sentence for the sender; nothing is counted then
   */
  Taken take(Object message, long nowMillis) {
    List<OutcomeMessage> outcomes = read(message);
    List<OutcomeMessage> past = outcomes.stream().filter(each -> !isPresent(each)).toList();
    outcomes.stream().filter(this::isPresent).forEach(outcome -> count(outcome, nowMillis));
    return new Taken(outcomes.size() - past.size(), past.size(), why(past));
  }

  private static List<OutcomeMessage> read(Object message) {
    if (!(message instanceof JsonArray list)) {
      return List.of(OutcomeMessage.read(message));
    }
    if (list.size() > MOST) {
      throw new IllegalArgumentException(
          "body: %d outcomes (expected: at most %d)".formatted(list.size(), MOST));
    }
    List<OutcomeMessage> outcomes = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      outcomes.add(OutcomeMessage.read(list.getValue(i)));
    }
    return outcomes;
  }

  private boolean isPresent(OutcomeMessage outcome) {
    return outcome.epoch().equals(epoch) && outcome.stage() == stage;
  }

  private String why(List<OutcomeMessage> past) {
    if (past.isEmpty()) {
      return "";
    }
    OutcomeMessage first = past.get(0);
    return "epoch %s, stage %d is history (present: epoch %s, stage %d)"
        .formatted(CommandReader.clean(first.epoch()), first.stage(), epoch, stage);
  }

  private void count(OutcomeMessage outcome, long nowMillis) {
    open(outcome, nowMillis)
        .settle(outcome.success(), outcome.latencyMillis(), outcome.costNanoUsd(), outcome.model());
  }

  private Observation open(OutcomeMessage outcome, long nowMillis) {
    Provider provider = outcome.provider();
    String key = UserKey.normalise(outcome.key());
    if (key == null) {
      return counter.open(provider, outcome.epoch(), outcome.stage());
    }
    long hash = UserSampler.hash(key);
    boolean sampled = sampling.first(hash, nowMillis);
    Observation opened =
        counter.open(
            provider,
            outcome.epoch(),
            outcome.stage(),
            Requester.of(hash),
            sampled && slots == null);
    if (sampled && slots != null) {
      slots.claim(new SlotClaim(hash, sampling.slot(nowMillis)), opened);
    }
    return opened;
  }

  /** The slots of users that its exchanges wait for; only in a fleet. */
  ClaimedSlots slots() {
    return slots;
  }

  SourceReport report() {
    return new SourceReport(source, counter.rows(), List.of(), List.of(), false);
  }
}
