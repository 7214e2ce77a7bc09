package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.TrialPace;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerAlertsTest {
  private static final CircuitBreakerSettings BACKOFF =
      new CircuitBreakerSettings(5, Duration.ofSeconds(30), TrialPace.BACKOFF);

  private static String sentence(Provider provider, BreakerState before, BreakerState now) {
    return BreakerAlerts.of(provider, before, now, BACKOFF).map(Alert::sentence).orElse("");
  }

  @Test
  void tellsTheWaitOfThisOpeningAndNotTheLongest() {
    Open open = new Open(1, 100, 1_100);
    assertThat(sentence(Provider.FOUNDRY, new Closed(0, 4), open))
        .isEqualTo(
            "Circuit breaker of foundry is open, 5 requests in a row have failed: nothing is sent"
                + " to it for 1 s while legacy can answer");
  }

  @Test
  void tellsTheLongerWaitAfterAFailedTrial() {
    Open open = new Open(3, 1_200, 3_200);
    assertThat(sentence(Provider.FOUNDRY, new HalfOpen(2, true), open))
        .isEqualTo(
            "Circuit breaker of foundry is open, its trial has failed: nothing is sent to it for"
                + " 2 s while legacy can answer");
  }

  @Test
  void tellsOfNoWaitWhereNobodyElseCanAnswer() {
    assertThat(sentence(Provider.LEGACY, new Closed(0, 4), new Open(1, 100, 1_100)))
        .endsWith("only a few requests at a time are sent to it until one succeeds");
  }

  @Test
  void aStateThatIsToldTwiceIsOneAlert() {
    assertThat(sentence(Provider.FOUNDRY, new Open(1, 100, 1_100), new Open(3, 200, 1_200)))
        .isEmpty();
  }
}
