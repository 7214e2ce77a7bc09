package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import org.junit.jupiter.api.Test;

/**
 * The judge where all traffic is one user's, as in a loop of curl on the first evening: at most one
 * of his exchanges in ten seconds is a sample, and yet a Foundry that is gone has to be left.
 */
class OnlyUserTest {
  private static final String EPOCH = "1-a";
  private static final Requester HIM = new Requester(7, 0);

  /** Open on the failures of the only user there is; nobody listens where Foundry was. */
  private static final BreakerFacts GONE = new BreakerFacts(true, true, false, 1, 1, 0, 0);

  private final ObservationCounter source =
      new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
  private final RollbackController controller =
      new RollbackController(Health.DEFAULTS, Health.PLAN);
  private final HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
  private long now;

  OnlyUserTest() {
    judge.stageBegan(EPOCH, 0, 0, now);
    source.began(EPOCH, 0);
  }

  private void sample(Provider provider) {
    source.open(provider, EPOCH, 0, HIM, true).settle(true, 10, 1_000, "gpt");
  }

  private void observe(Provider provider, boolean success, int times) {
    for (int i = 0; i < times; i++) {
      source.open(provider, EPOCH, 0, HIM, false).settle(success, 10, 1_000, "gpt");
    }
  }

  private RollbackDecision tick(BreakerFacts breaker) {
    now += 1_000;
    source.rows().forEach(row -> judge.take(row, now));
    return controller.checkHealth(judge.tick(now, breaker));
  }

  /** Both have had their sample of these ten seconds, and Foundry's failures come after it. */
  private void foundryGoes() {
    sample(Provider.FOUNDRY);
    sample(Provider.LEGACY);
    tick(BreakerFacts.CLOSED);
    observe(Provider.FOUNDRY, false, 5);
  }

  @Test
  void legacysAnswersToHimTellThatItIsWell() {
    foundryGoes();
    observe(Provider.LEGACY, true, 40);
    tick(BreakerFacts.CLOSED);
    RollbackDecision decision = tick(GONE);
    assertThat(decision.sentence()).contains("the only user there is");
    assertThat(decision.isRollback()).isTrue();
  }

  @Test
  void aFewOfLegacysAnswersAreNotEnough() {
    foundryGoes();
    observe(Provider.LEGACY, true, 5);
    tick(BreakerFacts.CLOSED);
    RollbackDecision decision = tick(GONE);
    assertThat(decision.hold()).isEqualTo(HoldReason.BOTH_FAIL);
    assertThat(decision.sentence()).contains("foundry failed 5 of 5; legacy failed 0 of 5 in");
  }

  @Test
  void whereLegacyFailsHimTooNothingIsDecided() {
    foundryGoes();
    observe(Provider.LEGACY, true, 40);
    observe(Provider.LEGACY, false, 8);
    tick(BreakerFacts.CLOSED);
    assertThat(tick(GONE).hold()).isEqualTo(HoldReason.BOTH_FAIL);
  }
}
