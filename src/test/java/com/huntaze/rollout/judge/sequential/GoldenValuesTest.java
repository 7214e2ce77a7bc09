package com.huntaze.rollout.judge.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.numbers.gamma.LogBeta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values of the statistics of the canary, sections 4 and 7. */
class GoldenValuesTest {
  private static final SequentialTest AT_5_PERCENT = new SequentialTest(0.05);

  @ParameterizedTest
  @CsvSource({
    "3, 3, 6.9369624417",
    "10, 3, 2.1797240701",
    "20, 2, -0.3423717574",
    "100, 5, -1.5442611266",
    "100, 15, 5.2756620684",
    "1000, 60, -0.9244441981",
    "24000, 1200, -24.5656661252"
  })
  void theGridOfEightGivesTheGoldenEvidence(long n, long s, double lnE) {
    Mixture all = AT_5_PERCENT.start().bet(Mixture.Mass.ALL, AT_5_PERCENT.logFactors(n, s));
    assertThat(all.lnE()).isCloseTo(lnE, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "20, 0, 0, .224006",
    "100, 0, 0, .057029",
    "100, 5, .007149, .155794",
    "1000, 20, .007819, .040635",
    "24000, 240, .007609, .012840"
  })
  void theConfidenceSequenceGivesTheGoldenBounds(long n, long s, double low, double high) {
    Interval interval = new ConfidenceSequence(0.05).of(n, s);
    assertThat(interval.low()).isCloseTo(low, within(5.1e-7));
    assertThat(interval.high()).isCloseTo(high, within(5.1e-7));
  }

  @Test
  void withoutObservationsAShareMayBeAnything() {
    assertThat(new ConfidenceSequence(0.05).of(0, 0)).isEqualTo(new Interval(0, 1));
  }

  @Test
  void theBoundsMirrorWhenHitsAndMissesChangePlaces() {
    Interval some = new ConfidenceSequence(0.05).of(100, 5);
    Interval others = new ConfidenceSequence(0.05).of(100, 95);
    assertThat(others.low()).isCloseTo(1 - some.high(), within(1e-12));
    assertThat(others.high()).isCloseTo(1 - some.low(), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5, 1.1447298858494002",
    "1, 1, 0",
    "2, 3, -2.4849066497880004",
    "0.5, 24000.5, -4.470544820073674",
    "1, 1e9, -20.72326583694641",
    "2, 1e6, -27.631022115928047",
    "20, 1, -2.995732273553991",
    "16, 17, -22.986827966193473",
    "240.5, 23760.5, -1348.1609693746016",
    "5.5, 1000000000.5, -110.02014815071154"
  })
  void theLibrarysLnBetaDoesNotLoseWhatCancels(double a, double b, double expected) {
    assertThat(LogBeta.value(a, b)).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
  }
}
