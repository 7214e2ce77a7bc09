package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.BooleanSupplier;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of the statistics of the canary, section 4. */
class PromotionEvidenceTest {
  private static final PromotionEvidence AT_5_PERCENT = new PromotionEvidence(0.05);

  @Test
  void a74thSuccessInARowProvesIt() {
    assertThat(AT_5_PERCENT.lnE(73, 0)).isLessThan(PromotionEvidence.THRESHOLD);
    assertThat(AT_5_PERCENT.lnE(74, 0)).isGreaterThanOrEqualTo(PromotionEvidence.THRESHOLD);
  }

  @ParameterizedTest
  @CsvSource({"5, 74", "20, 245", "30, 646"})
  void aGoodCanaryIsProvenAsSoonAsTheTextSays(int scenario, double median) {
    Runs runs = Runs.of(300, rep -> proven(Detectors.errors(scenario, rep)));
    assertThat(runs.median()).isCloseTo(median, Percentage.withPercentage(15));
  }

  /** The text's median of 74 lies on the edge of this atom: 0.99^74 is 48 %. */
  @Test
  void halfOfTheCanariesWithOnePercentAreProvenAtTheir74th() {
    Runs runs = Runs.of(300, rep -> proven(Detectors.errors(10, rep)) == 74 ? 1 : -1);
    assertThat(runs.percent()).isCloseTo(47.5, within(6.0));
  }

  @ParameterizedTest
  @CsvSource({"50, 5", "60, 1"})
  void aCanaryAtOrOverTheLimitIsHardlyEverProven(int scenario, double mostPercent) {
    Runs runs = Runs.of(150, rep -> proven(Detectors.errors(scenario, rep)));
    assertThat(runs.percent()).isLessThanOrEqualTo(mostPercent + 2);
  }

  @ParameterizedTest
  @CsvSource({"0.01, 372", "0.1, 36"})
  void otherLimitsAreProvenAccordingly(double limit, long about) {
    PromotionEvidence evidence = new PromotionEvidence(limit);
    long n = 1;
    while (evidence.lnE(n, 0) < PromotionEvidence.THRESHOLD) {
      n++;
    }
    assertThat((double) n).isCloseTo(about, within(0.05 * about));
  }

  @Test
  void nothingIsUnderZeroAndAnythingElseIsUnderOne() {
    assertThat(new PromotionEvidence(0).lnE(1_000_000, 0)).isZero();
    assertThat(new PromotionEvidence(1).lnE(1, 0)).isGreaterThan(100);
    assertThat(new PromotionEvidence(1).lnE(10, 10)).isNegative();
    assertThat(new PromotionEvidence(0.05).lnE(0, 0)).isCloseTo(0, within(1e-12));
    assertThat(new PromotionEvidence(0.05).lnE(2_000_000_000L, 40_000_000)).isFinite();
  }

  private static int proven(BooleanSupplier errors) {
    long hits = 0;
    for (int n = 1; n <= Detectors.REQUESTS; n++) {
      hits += errors.getAsBoolean() ? 1 : 0;
      if (AT_5_PERCENT.lnE(n, hits) >= PromotionEvidence.THRESHOLD) {
        return n;
      }
    }
    return -1;
  }
}
