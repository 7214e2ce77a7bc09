package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.health.KeyOnce;
import com.huntaze.rollout.health.Observation;
import com.huntaze.rollout.health.ObservationCounter;
import com.huntaze.rollout.health.SourceReport;
import com.huntaze.rollout.health.Thresholds;
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
  private final KeyOnce once;

  /**
   * @param source this incarnation's id
   */
  OutcomeIntake(String source, Thresholds thresholds, KeyOnce once) {
    this.source = source;
    this.counter = new ObservationCounter(source, thresholds);
    this.once = once;
  }

  void follow(CanarySnapshot snapshot) {
    counter.began(snapshot.epoch().toString(), snapshot.stage());
  }

  /**
   * Counts what a message tells.
   *
   * @return how many outcomes those were
   * @throws IllegalArgumentException with a sentence for the sender; nothing is counted then
   */
  int take(Object message, long nowMillis) {
    List<OutcomeMessage> outcomes = new ArrayList<>();
    if (message instanceof JsonArray list) {
      if (list.size() > MOST) {
        throw new IllegalArgumentException(
            "body: %d outcomes (expected: at most %d)".formatted(list.size(), MOST));
      }
      for (int i = 0; i < list.size(); i++) {
        outcomes.add(OutcomeMessage.read(list.getValue(i)));
      }
    } else {
      outcomes.add(OutcomeMessage.read(message));
    }
    outcomes.forEach(outcome -> count(outcome, nowMillis));
    return outcomes.size();
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
    long hash = KeyOnce.hash(key);
    boolean sampled = once.first(hash, nowMillis);
    return counter.open(provider, outcome.epoch(), outcome.stage(), hash, sampled);
  }

  SourceReport report() {
    return new SourceReport(source, counter.rows(), false);
  }
}
