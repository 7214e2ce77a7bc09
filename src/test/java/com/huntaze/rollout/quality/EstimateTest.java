package com.huntaze.rollout.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.judge.sequential.Interval;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Golden numbers from SciPy 1.17.1:
 *
 * <pre>
 * stats.t.ppf(0.975, degrees)
 * stats.binomtest(k, n).proportion_ci(0.95, method='wilson')
 * stats.t.interval(0.95, len(x) - 1, loc=x.mean(), scale=stats.sem(x))
 * stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
 * </pre>
 */
class EstimateTest {
  private static final Offset<Double> CLOSE = within(1e-9);
  private static final double[] FOUNDRY = {0.9, 0.8, 1.0, 0.7, 0.95, 0.6, 0.85};
  private static final double[] LEGACY = {0.5, 0.75, 0.4, 0.65};

  private static Scores scores(double... scores) {
    Scores sum = Scores.NONE;
    for (double score : scores) {
      sum = sum.plus(Scores.of(Rating.of(score, null)));
    }
    return sum;
  }

  /** So many ones among so many. */
  private static Scores ones(int hits, int count) {
    return new Scores(count, 1_000L * hits, 1_000_000L * hits);
  }

  private static void assertInterval(Interval interval, double low, double high) {
    assertThat(interval.low()).isCloseTo(low, CLOSE);
    assertThat(interval.high()).isCloseTo(high, CLOSE);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 12.706204736174694",
    "2, 4.302652729749462",
    "3.5, 2.9400886379827282",
    "10, 2.228138851986274",
    "29, 2.045229642132703",
    "100, 1.9839715185235518",
    "10000, 1.960201239890626",
    "1000000, 1.959966356814107"
  })
  void studentsQuantileIsSciPys(double degrees, double expected) {
    assertThat(Estimate.studentQuantile(degrees)).isCloseTo(expected, within(1e-12 * expected));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, 0.7934506856227626",
    "1, 1, 0.20654931437723745, 1",
    "0, 10, 0, 0.27753279986288926",
    "7, 10, 0.39677814746114526, 0.892208732593699",
    "50, 60, 0.7196838683638547, 0.9068682302080855",
    "999, 1000, 0.9943574414020421, 0.9998234536293739"
  })
  void yesAndNoHaveWilsonsInterval(int hits, int count, double low, double high) {
    Estimate estimate = ones(hits, count).estimate();
    assertThat(estimate.method()).isEqualTo(Estimate.Method.WILSON);
    assertThat(estimate.mean()).isCloseTo((double) hits / count, CLOSE);
    assertInterval(estimate.interval(), low, high);
  }

  @Test
  void gradesHaveStudentsInterval() {
    Estimate foundry = scores(FOUNDRY).estimate();
    assertThat(foundry.method()).isEqualTo(Estimate.Method.STUDENT);
    assertThat(foundry.count()).isEqualTo(7);
    assertThat(foundry.mean()).isCloseTo(0.8285714285714285, CLOSE);
    assertThat(foundry.variance()).isCloseTo(0.019880952380952385, CLOSE);
    assertInterval(foundry.interval(), 0.6981683342298612, 0.9589745229129958);
    Estimate legacy = scores(LEGACY).estimate();
    assertThat(legacy.variance()).isCloseTo(0.024166666666666666, CLOSE);
    assertInterval(legacy.interval(), 0.3276343082876404, 0.8223656917123595);
  }

  @Test
  void gradesAreComparedByWelch() {
    Difference difference = Difference.of(scores(FOUNDRY).estimate(), scores(LEGACY).estimate());
    assertThat(difference.method()).isEqualTo("welch");
    assertThat(difference.mean()).isCloseTo(0.25357142857142856, CLOSE);
    assertInterval(difference.interval(), 0.02141028247726262, 0.4857325746655945);
  }

  /** Newcombe's own example, 56 of 70 and 48 of 80, is 0.0524 to 0.3339 in his table II. */
  @Test
  void yesAndNoAreComparedByNewcombe() {
    Difference difference = Difference.of(ones(56, 70).estimate(), ones(48, 80).estimate());
    assertThat(difference.method()).isEqualTo("newcombe");
    assertThat(difference.mean()).isCloseTo(0.2, CLOSE);
    assertInterval(difference.interval(), 0.052431472402364815, 0.3338726540369059);
  }

  @Test
  void withoutScoresNothingIsKnown() {
    Estimate none = Scores.NONE.estimate();
    assertThat(none).isEqualTo(new Estimate(0, 0, 0, new Interval(0, 1), Estimate.Method.NONE));
    Difference difference = Difference.of(none, scores(LEGACY).estimate());
    assertThat(difference).isEqualTo(new Difference(0, new Interval(-1, 1), "none"));
  }

  @Test
  void scoresThatDoNotVaryAreNotTakenForCertain() {
    Estimate same = scores(0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7).estimate();
    assertThat(same.variance()).isZero();
    assertThat(same.method()).isEqualTo(Estimate.Method.WILSON);
    assertInterval(same.interval(), 0.39677814746114526, 0.892208732593699);
    Estimate one = scores(0.4).estimate();
    assertThat(one.interval().high() - one.interval().low()).isGreaterThan(0.7);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1000", "0.5, 500", "0.0004, 0", "0.0005, 1", "0.33333333, 333"})
  void scoresAreRoundedToThousandths(double score, int thousandths) {
    assertThat(Rating.of(score, null).thousandths()).isEqualTo(thousandths);
  }

  @ParameterizedTest
  @CsvSource({"-0.001", "1.001", "NaN", "Infinity", "-Infinity"})
  void otherScoresAreRefused(double score) {
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> Rating.of(score, null))
        .withMessageContaining("expected: 0..1");
  }
}
