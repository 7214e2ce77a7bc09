package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.HealthSettings;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FalseRollbackRiskTest {

  @ParameterizedTest
  @ValueSource(longs = {2_000, 1_000_000_000})
  void enoughObservationsAreQuiet(long minRequests) {
    assertThat(FalseRollbackRisk.of(Health.settings(minRequests, Action.ROLLBACK))).isEmpty();
  }

  @Test
  void aHundredObservationsAreToldWithTheirPrice() {
    assertThat(FalseRollbackRisk.of(Health.settings(100, Action.ROLLBACK)))
        .contains(
            "health.minRequests: 100 (expected: 2000 or more) costs false rollbacks a day: up to"
                + " 38 % at a true error rate of 1 %, up to 100 % at a true error rate of 2 %, up"
                + " to 100 % at a true error rate of 3 %, up to 100 % at a true error rate of 4 % (at"
                + " 1,000 requests/h)");
  }

  @Test
  void aThousandAreQuietAtOneAndTwoPercentOnly() {
    assertThat(FalseRollbackRisk.of(Health.settings(1_000, Action.ALERT)))
        .contains(
            "health.minRequests: 1000 (expected: 2000 or more) costs false alerts a day: up to"
                + " 5.8 % at a true error rate of 3 %, up to 99.3 % at a true error rate of 4 % (at"
                + " 1,000 requests/h)");
  }

  @Test
  void eighteenHundredAreQuietButNearTheLimit() {
    assertThat(FalseRollbackRisk.of(Health.settings(1_999, Action.ROLLBACK)))
        .contains(
            "health.minRequests: 1999 (expected: 2000 or more) costs false rollbacks a day: up to"
                + " 64.7 % at a true error rate of 4 % (at 1,000 requests/h)");
  }

  @Test
  void anotherLimitThanTheSimulatedOneIsSaid() {
    HealthSettings settings = Health.settings(1, 0.1, new BigDecimal("0.1"), Action.ROLLBACK, true);
    assertThat(FalseRollbackRisk.of(settings).orElseThrow())
        .endsWith("(at 1,000 requests/h, simulated for a limit of 5 %)");
  }
}
