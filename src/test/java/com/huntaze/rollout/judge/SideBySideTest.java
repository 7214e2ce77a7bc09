package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.sequential.ConfidenceSequence;
import com.huntaze.rollout.judge.sequential.Interval;
import com.huntaze.rollout.judge.sequential.MeanSequence;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SideBySideTest {
  private static final Outcome FINE = Meaning.COMPLETE.outcome();
  private static final Outcome REFUSED = Meaning.CALLER_ERROR.outcome(422);

  private final HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);

  SideBySideTest() {
    judge.stageBegan("1-a", 0, 0, 0);
  }

  private void ask(Provider provider, int user, Outcome outcome) {
    ask(provider, user, outcome, 100);
  }

  private void ask(Provider provider, int user, Outcome outcome, long millis) {
    judge.compare(
        new Compared(
            new Compared.Origin(provider, "1-a", 0, user, 0, ExchangeKind.UNKNOWN),
            outcome,
            millis,
            false,
            10,
            1_000));
  }

  private Interval unprocessable() {
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    return new SideBySide().of(metrics).get(Metric.USER_UNPROCESSABLE);
  }

  @Test
  void withoutBothSidesThereIsNoDifference() {
    assertThat(new SideBySide().of(Health.metrics(Counts.NONE))).isEmpty();
    for (int user = 0; user < 40; user++) {
      ask(Provider.FOUNDRY, user, FINE);
    }
    assertThat(unprocessable()).isNull();
  }

  @Test
  void ofAmountsItIsHowManyTimesLegacysFoundrysIs() {
    SplittableRandom random = new SplittableRandom(7);
    for (int user = 0; user < 300; user++) {
      Provider provider = user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      long millis = Math.round((provider == Provider.FOUNDRY ? 200 : 100) * own(random, 0.5));
      ask(provider, user, FINE, millis);
    }
    Map<Metric, Interval> found = new SideBySide().of(judge.tick(1_000, BreakerFacts.CLOSED));
    assertThat(found).containsKeys(Metric.USER_ERRORS, Metric.USER_EMPTY, Metric.USER_COST);
    assertThat(found).doesNotContainKeys(Metric.LATENCY_P95);
    Interval latency = found.get(Metric.USER_LATENCY);
    assertThat(latency.low()).isBetween(1.3, 2.0);
    assertThat(latency.high()).isBetween(2.0, 2.9);
    assertThat(found.get(Metric.USER_COST)).isEqualTo(new Interval(1, 1));
  }

  @Test
  void ofAmountsOfFewUsersThereIsNone() {
    for (int user = 0; user < 14; user++) {
      ask(user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY, user, FINE);
    }
    for (int i = 0; i < 20; i++) {
      ask(Provider.FOUNDRY, 0, FINE);
    }
    Map<Metric, Interval> found = new SideBySide().of(judge.tick(1_000, BreakerFacts.CLOSED));
    assertThat(found).doesNotContainKeys(Metric.USER_LATENCY, Metric.USER_COST);
  }

  /** A user's own times are around a mean of his own: e to the power of a normal variable. */
  private static double own(SplittableRandom random, double spread) {
    return Math.exp(spread * random.nextGaussian());
  }

  /**
   * Users come one after the other, half of them to each side, and it is looked at after each
   * quarter more: the truth is outside at any of the looks in fewer than 5 of 100 runs.
   */
  @ParameterizedTest
  @CsvSource({"normal, 0.3", "normal, 1.2", "exponential, 0.8", "two kinds, 1.0"})
  void theTrueRatioIsWithinItAtEveryLook(String kind, double spread) {
    int outside = 0;
    int runs = 400;
    MeanSequence ofTwo = new MeanSequence(0.025);
    for (int run = 0; run < runs; run++) {
      SplittableRandom random = new SplittableRandom(9_000L + run);
      double[][] sides = new double[2][600];
      for (double[] side : sides) {
        for (int i = 0; i < side.length; i++) {
          side[i] = spread * figure(kind, random);
        }
      }
      outside += isEverOutside(ofTwo, sides) ? 1 : 0;
    }
    assertThat(outside).isLessThanOrEqualTo(runs * 5 / 100);
  }

  /** Of mean 0 and variance 1. */
  private static double figure(String kind, SplittableRandom random) {
    return switch (kind) {
      case "normal" -> random.nextGaussian();
      case "exponential" -> -Math.log(1 - random.nextDouble()) - 1;
      default -> random.nextInt(10) == 0 ? 3 : -1.0 / 3;
    };
  }

  private static boolean isEverOutside(MeanSequence ofTwo, double[]... sides) {
    for (int n = 8; n <= sides[0].length; n += Math.max(1, n / 4)) {
      double width = 0;
      double difference = 0;
      for (double[] side : sides) {
        double[] seen = Arrays.copyOf(side, n);
        double mean = Arrays.stream(seen).sum() / n;
        double variance = Arrays.stream(seen).map(x -> (x - mean) * (x - mean)).sum() / (n - 1);
        width += ofTwo.halfWidth(n, variance);
        difference = mean - difference;
      }
      if (Math.abs(difference) > width) {
        return true;
      }
    }
    return false;
  }

  /** His 2,000 requests are one witness: 40 users, one of whom is refused. */
  @Test
  void theUnitIsTheUser() {
    for (int user = 0; user < 40; user++) {
      for (int i = 0; i < (user == 0 ? 2_000 : 1); i++) {
        ask(Provider.FOUNDRY, user, user == 0 ? REFUSED : FINE);
      }
      ask(Provider.LEGACY, 1_000 + user, FINE);
    }
    Interval interval = unprocessable();
    ConfidenceSequence ofTwo = new ConfidenceSequence(0.025);
    assertThat(interval.low()).isEqualTo(ofTwo.of(40, 1).low() - ofTwo.of(40, 0).high());
    assertThat(interval.high()).isEqualTo(ofTwo.of(40, 1).high() - ofTwo.of(40, 0).low());
    assertThat(interval.low()).isNegative();
    assertThat(interval.high()).isBetween(0.1, 0.3);
  }

  /** Users whose own shares vary: the true difference is outside in fewer than 5 of 100. */
  @ParameterizedTest
  @CsvSource({"30, 0.3", "150, 0.3", "150, 0.05"})
  void theTrueDifferenceIsWithinIt(int users, double worse) {
    int outside = 0;
    int runs = 300;
    ConfidenceSequence ofTwo = new ConfidenceSequence(0.025);
    for (int run = 0; run < runs; run++) {
      SplittableRandom random = new SplittableRandom(4_000L + run);
      double foundry = 0;
      double legacy = 0;
      for (int i = 0; i < users; i++) {
        // A user's own share is anything up to twice the mean.
        foundry += 2 * worse * random.nextDouble();
        legacy += 0.02 * random.nextDouble();
      }
      Interval ofFoundry = ofTwo.of(users, foundry);
      Interval ofLegacy = ofTwo.of(users, legacy);
      double truth = worse - 0.01;
      boolean inside =
          ofFoundry.low() - ofLegacy.high() <= truth && truth <= ofFoundry.high() - ofLegacy.low();
      outside += inside ? 0 : 1;
    }
    assertThat(outside).isLessThanOrEqualTo(runs * 5 / 100);
  }

  @Test
  void whatHasNotChangedIsNotComputedAgain() {
    for (int i = 0; i < 80; i++) {
      ask(i % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY, i, FINE);
    }
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    SideBySide beside = new SideBySide();
    Interval first = beside.of(metrics).get(Metric.USER_ERRORS);
    assertThat(beside.of(metrics).get(Metric.USER_ERRORS)).isSameAs(first);
  }
}
