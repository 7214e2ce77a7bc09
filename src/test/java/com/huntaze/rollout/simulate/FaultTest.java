package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void noneChangesNothing() {
    assertThat(Fault.none().fails(0)).isFalse();
    assertThat(Fault.none().delayFactor()).isEqualTo(1);
  }

  @Test
  void anErrorRateFailsTheDrawsBelowIt() {
    assertThat(Fault.errorRate(0.3).fails(0.29)).isTrue();
    assertThat(Fault.errorRate(0.3).fails(0.3)).isFalse();
    assertThat(Fault.errorRate(0).fails(0)).isFalse();
    assertThat(Fault.errorRate(1).fails(Math.nextDown(1.0))).isTrue();
  }

  @Test
  void slowMultipliesTimes() {
    assertThat(Fault.slow(3).delayFactor()).isEqualTo(3);
    assertThat(Fault.slow(3).fails(0)).isFalse();
  }

  @Test
  void valuesOutOfRangeAreNamedWithWhatIsExpected() {
    assertThatThrownBy(() -> Fault.errorRate(1.5)).hasMessage("share: 1.5 (expected: 0..1)");
    assertThatThrownBy(() -> Fault.errorRate(Double.NaN)).hasMessageContaining("share");
    assertThatThrownBy(() -> Fault.slow(0.5)).hasMessage("factor: 0.5 (expected: 1 or more)");
  }

  @Test
  void everyFaultChangesOneThing() {
    assertThat(Fault.throttle(1).fails(0.5)).isTrue();
    assertThat(Fault.throttle(1).rejection().status()).isEqualTo(429);
    assertThat(Fault.errorRate(1).rejection().status()).isEqualTo(500);
    assertThat(Fault.slowStart(7).startMillis()).isEqualTo(7);
    assertThat(Fault.cutStreams().cutsStreams()).isTrue();
    assertThat(Fault.junk(0.5).spoils(0.4)).isTrue();
    assertThat(Fault.junk(0.5).fails(0.4)).isFalse();
    assertThat(Fault.throttle(1).rejection().retryAfterSeconds()).isZero();
    assertThat(Fault.throttle(1, 7).rejection().retryAfterSeconds()).isEqualTo(7);
    assertThat(Fault.stallStreams().stallsStreams()).isTrue();
    assertThat(Fault.stallStreams().cutsStreams()).isFalse();
    assertThat(Fault.failStreams().failsStreams()).isTrue();
    assertThat(Fault.failStreams().stallsStreams()).isFalse();
    assertThat(Fault.hang().hangs()).isTrue();
    assertThat(Fault.hang().cutsStreams()).isFalse();
  }

  @Test
  void theNewFaultsNameWhatTheyExpect() {
    assertThatThrownBy(() -> Fault.throttle(2)).hasMessage("share: 2.0 (expected: 0..1)");
    assertThatThrownBy(() -> Fault.junk(-1)).hasMessage("share: -1.0 (expected: 0..1)");
    assertThatThrownBy(() -> Fault.throttle(1, -1))
        .hasMessage("retryAfterSeconds: -1 (expected: 0 or more)");
    assertThatThrownBy(() -> Fault.slowStart(-1))
        .hasMessage("startMillis: -1 (expected: 0 or more)");
  }
}
