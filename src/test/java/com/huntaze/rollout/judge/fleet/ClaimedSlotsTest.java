package com.huntaze.rollout.judge.fleet;

import static com.huntaze.rollout.judge.fleet.ClaimedSlots.LONGEST_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimedSlotsTest {
  private final ObservationCounter counter =
      new ObservationCounter("loop", Thresholds.of(Health.DEFAULTS));
  private final ClaimedSlots slots = new ClaimedSlots();

  ClaimedSlotsTest() {
    counter.began("1-a", 0);
  }

  private SlotClaim claim(long user) {
    SlotClaim claim = new SlotClaim(user, 7);
    Observation exchange = counter.open(Provider.FOUNDRY, "1-a", 0, new Requester(user, 0), false);
    slots.claim(claim, exchange);
    exchange.settle(false, 10, 1_000, "m");
    return claim;
  }

  private long samples() {
    return counter.rows().get(0).foundry().totals().sampled().get(Counter.SETTLED);
  }

  /** A loop that stood still for ten seconds has asked nobody yet. */
  @Test
  void aClaimWaitsForItsAnswerFromWhenItWasTold() {
    claim(1);
    slots.sweep(60_000);
    assertThat(samples()).isZero();
    assertThat(slots.take(60_000)).isPresent();
    assertThat(slots.take(60_001)).isEmpty();
    claim(2);
    slots.sweep(60_000 + LONGEST_MILLIS - 1);
    assertThat(samples()).isZero();
    slots.sweep(60_000 + LONGEST_MILLIS);
    assertThat(samples()).as("the one that was told").isEqualTo(1);
  }

  @Test
  void whatIsAnsweredIsSampledOrNotAndWaitsNoMore() {
    SlotClaim granted = claim(1);
    SlotClaim refused = claim(2);
    assertThat(slots.take(0)).contains(new SlotClaims(List.of(granted, refused)));
    slots.answered(new SlotAnswers(List.of(granted), List.of(refused)));
    assertThat(samples()).isEqualTo(1);
    slots.sweep(LONGEST_MILLIS);
    assertThat(samples()).isEqualTo(1);
  }
}
