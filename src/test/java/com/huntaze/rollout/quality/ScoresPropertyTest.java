package com.huntaze.rollout.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ScoresPropertyTest {
  @Provide
  Arbitrary<List<Integer>> thousandths() {
    Arbitrary<Integer> any = Arbitraries.integers().between(0, 1_000);
    Arbitrary<Integer> binary = Arbitraries.of(0, 1_000);
    return Arbitraries.oneOf(any.list().ofMaxSize(60), binary.list().ofMaxSize(60));
  }

  private static Scores sum(List<Integer> thousandths) {
    return thousandths.stream()
        .map(x -> Scores.of(new Rating(x, null)))
        .reduce(Scores.NONE, Scores::plus);
  }

  @Property
  void addingIsCommutativeAndAssociativeAndHasANone(
      @ForAll("thousandths") List<Integer> a,
      @ForAll("thousandths") List<Integer> b,
      @ForAll("thousandths") List<Integer> c) {
    Scores x = sum(a);
    Scores y = sum(b);
    Scores z = sum(c);
    assertThat(x.plus(y)).isEqualTo(y.plus(x));
    assertThat(x.plus(y).plus(z)).isEqualTo(x.plus(y.plus(z)));
    assertThat(x.plus(Scores.NONE)).isEqualTo(x);
    assertThat(x.plus(y).minus(y)).isEqualTo(x);
  }

  @Property
  void meanAndVarianceAreThoseOfTwoPasses(@ForAll("thousandths") List<Integer> all) {
    Scores scores = sum(all);
    double mean = all.stream().mapToDouble(x -> x / 1_000.0).average().orElse(0);
    double squares = all.stream().mapToDouble(x -> Math.pow(x / 1_000.0 - mean, 2)).sum();
    assertThat(scores.mean()).isCloseTo(mean, within(1e-12));
    assertThat(scores.variance())
        .isCloseTo(all.size() < 2 ? 0 : squares / (all.size() - 1), within(1e-12));
    assertThat(scores.binary()).isEqualTo(all.stream().allMatch(x -> x == 0 || x == 1_000));
  }

  @Property
  void intervalsHoldTheirMeanAndStayWithinTheScale(
      @ForAll("thousandths") List<Integer> a, @ForAll("thousandths") List<Integer> b) {
    Estimate one = sum(a).estimate();
    Estimate other = sum(b).estimate();
    for (Estimate estimate : List.of(one, other)) {
      assertThat(estimate.interval().low()).isBetween(0.0, 1.0);
      assertThat(estimate.interval().high()).isBetween(estimate.interval().low(), 1.0);
      assertThat(estimate.mean())
          .isBetween(estimate.interval().low() - 1e-12, estimate.interval().high() + 1e-12);
    }
    Difference difference = Difference.of(one, other);
    Difference turned = Difference.of(other, one);
    assertThat(difference.mean())
        .isBetween(difference.interval().low() - 1e-12, difference.interval().high() + 1e-12);
    assertThat(turned.mean()).isCloseTo(-difference.mean(), within(1e-12));
    assertThat(turned.interval().low()).isCloseTo(-difference.interval().high(), within(1e-9));
  }

  @Property
  void moreOfTheSameNarrowsTheInterval(@ForAll("thousandths") List<Integer> all) {
    Scores once = sum(all);
    Scores fourfold = once.plus(once).plus(once).plus(once);
    assertThat(width(fourfold)).isLessThanOrEqualTo(width(once) + 1e-12);
  }

  private static double width(Scores scores) {
    Estimate estimate = scores.estimate();
    return estimate.interval().high() - estimate.interval().low();
  }
}
