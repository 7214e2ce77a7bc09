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
}
