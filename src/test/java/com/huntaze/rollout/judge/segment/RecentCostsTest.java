package com.huntaze.rollout.judge.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.difference.Compared;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The dearest and the median of what Foundry's last answers cost. */
class RecentCostsTest {
  private static RecentCosts of(LongStream nanos) {
    RecentCosts costs = new RecentCosts();
    nanos.forEach(costs::add);
    return costs;
  }

  @Test
  void oneDearAnswerIsToldBesideTheMedian() {
    LongStream cheap = LongStream.range(0, 1_999).map(i -> 4_000_000);
    CostFigures figures =
        of(LongStream.concat(cheap, LongStream.of(201_000_000_000L))).figures().orElseThrow();
    assertThat(figures).isEqualTo(new CostFigures(2_000, 201_000_000_000L, 4_000_000));
    assertThat(figures.sentence())
        .isEqualTo("the dearest of the last 2000 cost 201 USD, the median is 0.004 USD");
  }

  @Test
  void onlyTheLastTwoThousandCount() {
    LongStream then = LongStream.range(0, 2_000).map(i -> 1 + i);
    CostFigures figures =
        of(LongStream.concat(LongStream.of(900_000_000_000L), then)).figures().orElseThrow();
    assertThat(figures).isEqualTo(new CostFigures(2_000, 2_000, 1_000));
  }

  @Test
  void costsThatAreNotKnownAreNone() {
    assertThat(of(LongStream.of(Compared.UNKNOWN, Compared.UNKNOWN)).figures()).isEmpty();
    assertThat(of(LongStream.of(7, Compared.UNKNOWN)).figures()).contains(new CostFigures(1, 7, 7));
  }

  @Test
  void oneOfOneReadsAsOne() {
    assertThat(new CostFigures(1, 7_000_000, 7_000_000).sentence())
        .isEqualTo("the dearest of the last 1 cost 0.007 USD, the median is 0.007 USD");
  }
}
