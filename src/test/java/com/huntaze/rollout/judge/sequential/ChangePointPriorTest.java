package com.huntaze.rollout.judge.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ChangePointPriorTest {
  private static final ChangePointPrior THREE = ChangePointPrior.of(3, Duration.ofHours(96), 0.01);

  @Example
  void threeStagesGetTheRecommendedMasses() {
    assertThat(THREE.atStart(0).planned()).isCloseTo(0.30, within(1e-12));
    assertThat(THREE.atStart(1).planned()).isCloseTo(0.15, within(1e-12));
    assertThat(THREE.atStart(2).planned()).isCloseTo(0.10, within(1e-12));
    assertThat(THREE.atStart(3)).isEqualTo(Mixture.Mass.NONE);
    assertThat(THREE.atStart(-1)).isEqualTo(Mixture.Mass.NONE);
    assertThat(THREE.steps(-1, 0).planned()).isCloseTo(0.45 / 345_600, within(1e-15));
  }

  @Property(tries = 300)
  void theWholePlannedMassIsOneWhateverTheSteps(
      @ForAll @IntRange(min = 1, max = 40) int stages,
      @ForAll @IntRange(min = 0, max = 10_000) int seconds,
      @ForAll @IntRange(min = 1, max = 700) int step) {
    ChangePointPrior masses = ChangePointPrior.of(stages, Duration.ofSeconds(seconds), 0.01);
    double sum = 0;
    for (int stage = 0; stage < stages; stage++) {
      assertThat(masses.atStart(stage).planned()).isPositive();
      sum += masses.atStart(stage).planned();
    }
    for (long paid = -1; paid < 20_000; paid += step) {
      sum += masses.steps(paid, paid + step).planned();
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
  }

  @Example
  void afterThePlanADayAddsATenthOfAPercentOfFalseRollbacks() {
    Mixture.Mass day = THREE.steps(345_599, 345_599 + 86_400);
    assertThat(day.planned()).isZero();
    assertThat(day.renewed() * 0.01).isCloseTo(0.001, within(1e-12));
    ChangePointPrior generous = ChangePointPrior.of(3, Duration.ofHours(96), 0.2);
    assertThat(generous.steps(345_599, 431_999).renewed() * 0.2).isCloseTo(0.001, within(1e-12));
    ChangePointPrior strict = ChangePointPrior.of(3, Duration.ofHours(96), 0.0001);
    assertThat(strict.steps(345_599, 431_999).renewed()).isCloseTo(0.1, within(1e-12));
  }

  @Example
  void aPaidStepEntersNoMore() {
    assertThat(THREE.steps(7, 7)).isEqualTo(Mixture.Mass.NONE);
    assertThat(THREE.steps(900_000, 900_000)).isEqualTo(Mixture.Mass.NONE);
  }

  @Example
  void moreThanOneIsRefused() {
    assertThatThrownBy(() -> new ChangePointPrior(new double[] {0.6}, 0.5, 10, 0))
        .hasMessage("mass: 1.1 (expected: at most 1)");
  }
}
