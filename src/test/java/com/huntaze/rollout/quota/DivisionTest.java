package com.huntaze.rollout.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.quota.SharedLimit.Rule;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The parts are the limit together, whatever is asked. */
class DivisionTest {
  /** A limit that is only divided. */
  private record Limit(long perSecond, long atOnce, Rule rule) implements SharedLimit {
    @Override
    public String name() {
      return "limit";
    }

    @Override
    public String label() {
      return "limit";
    }

    @Override
    public double share() {
      throw new AssertionError("not divided");
    }

    @Override
    public long asked() {
      return 0;
    }

    @Override
    public void part(Part part) {
      throw new AssertionError(part);
    }
  }

  private static Demand[] demands(List<Integer> perSecond) {
    return perSecond.stream().map(each -> new Demand(3L * each, each)).toArray(Demand[]::new);
  }

  private static List<Part> parts(SharedLimit limit, List<Integer> perSecond) {
    // The first ones have told nothing yet, not even their names.
    List<String> names =
        IntStream.range(0, perSecond.size()).mapToObj(i -> i < 2 ? "" : "replica-" + i).toList();
    Division division = new Division(limit, demands(perSecond), names);
    return IntStream.range(0, perSecond.size()).mapToObj(division::of).toList();
  }

  @Property(tries = 500)
  void aRatesPartsAreTheRate(
      @ForAll @IntRange(min = 1, max = 1_000) int perSecond,
      @ForAll @IntRange(min = 1, max = 1_000) int burst,
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 300) Integer> asked) {
    List<Part> parts = parts(new Limit(perSecond, burst, Rule.BY_NEED), asked);
    // Those who have almost nothing have nothing: at most half a percent each.
    assertThat(parts.stream().mapToDouble(Part::share).sum())
        .isBetween(1 - 0.005 * asked.size(), 1 + 1e-9);
    // An odd one may go to both of two whose names are not known yet.
    assertThat(parts.stream().mapToLong(Part::atOnce).sum())
        .isLessThanOrEqualTo(Math.max(burst, asked.size()) + 1);
    assertThat(parts).allMatch(each -> each.share() == 0 == (each.atOnce() == 0));
  }

  @Property(tries = 500)
  void aBudgetsPartsAreTheBudget(
      @ForAll @IntRange(max = 100) int budget,
      @ForAll @Size(min = 3, max = 12) List<@IntRange(max = 300) Integer> asked) {
    List<Part> parts = parts(new Limit(budget, budget, Rule.BY_TRAFFIC), asked);
    assertThat(parts.stream().mapToLong(Part::atOnce).sum()).isBetween(budget - 1L, budget + 1L);
  }

  @Test
  void partsAreEqualWhileAnEqualPartIsEnough() {
    assertThat(parts(new Limit(90, 90, Rule.BY_NEED), List.of(0, 29, 12)))
        .containsOnly(new Part(1.0 / 3, 30));
  }

  @Test
  void whoNeedsMoreGetsItFromThoseWhoNeedTheLeast() {
    List<Part> parts = parts(new Limit(100, 100, Rule.BY_NEED), List.of(0, 35, 60));
    assertThat(parts.stream().map(Part::share)).containsExactly(0.05, 0.35, 0.6);
  }

  @Test
  void underOverloadEachRequestHasTheSameChance() {
    List<Part> parts = parts(new Limit(10, 10, Rule.BY_NEED), List.of(0, 30, 90));
    assertThat(parts.get(0)).isEqualTo(new Part(0, 0));
    assertThat(parts.get(1).share()).isCloseTo(0.25, within(1e-9));
    assertThat(parts.get(2).share()).isCloseTo(0.75, within(1e-9));
  }

  @Test
  void whoIsAloneHasTheWhole() {
    for (int asked : List.of(0, 5, 500)) {
      assertThat(parts(new Limit(10, 20, Rule.BY_NEED), Collections.singletonList(asked)))
          .containsExactly(new Part(1, 20));
    }
  }
}
