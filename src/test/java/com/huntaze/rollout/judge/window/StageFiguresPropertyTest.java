package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class StageFiguresPropertyTest {

  /**
   * The counts that come after some seconds.
   *
   * @param pause since the entry before, seconds
   */
  record Entry(int pause, Counts counted) {}

  @Property(tries = 1_000)
  void holdsExactlyTheLastSecondsOrTheShortestRunOfThemThatHoldsN(
      @ForAll @Size(max = 60) List<@From("entries") Entry> entries,
      @ForAll @IntRange(min = 1, max = 30) int seconds,
      @ForAll @IntRange(min = 1, max = 40) int least) {
    Windows window = new Windows(seconds, least);
    List<WindowModel.Second> all = new ArrayList<>();
    long now = -100;
    for (Entry entry : entries) {
      now += entry.pause();
      window.add(now, entry.counted());
      all.add(new WindowModel.Second(now, entry.counted()));
      assertThat(window.counts(now)).isEqualTo(WindowModel.counts(all, now, seconds, least));
    }
    assertThat(window.counts(now + 500))
        .isEqualTo(WindowModel.counts(all, now + 500, seconds, least));
  }

  @Provide
  Arbitrary<Entry> entries() {
    Arbitrary<Long> few = Arbitraries.longs().between(0, 5);
    Arbitrary<Counts> counts =
        Combinators.combine(few, few, few, few, few, few)
            .as(
                (observed, settled, errors, slow, known, nano) ->
                    Counts.of(Counter.OBSERVED, observed)
                        .with(Counter.SETTLED, settled)
                        .with(Counter.ERRORS, Math.min(errors, settled))
                        .with(Counter.SLOW, slow)
                        .with(Counter.COST_KNOWN, known)
                        .with(Counter.UNPRICED, settled - Math.min(known, settled))
                        .with(Counter.COST_NANO, nano * 3_000_000_000_000_000L)
                        .with(Counter.NEUTRAL, errors));
    Arbitrary<Integer> pauses =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.integers().between(0, 2)),
            Tuple.of(1, Arbitraries.integers().between(3, 50)));
    return Combinators.combine(pauses, counts).as(Entry::new);
  }

  @Example
  void keepsBoundedMemoryAndExactYoungSecondsWhenNIsNeverReached() {
    Windows window = new Windows(300, 1_000_000_000);
    Counts one = Counts.of(Counter.OBSERVED, 1).with(Counter.SETTLED, 1).with(Counter.UNPRICED, 1);
    for (long second = 0; second < 200_000; second++) {
      window.add(second, one);
      window.counts(second);
    }
    assertThat(window.counts(199_999).of(Metric.LATENCY_P95).get(Counter.OBSERVED))
        .isEqualTo(200_000);
    assertThat(window.size())
        .isLessThan((int) Metric.windowed().count() * (2 * AdaptiveWindow.EXACT + 301));
  }

  @Example
  void anExactWindowFarBackStaysExactWhileOlderSecondsAreCoalesced() {
    int least = AdaptiveWindow.EXACT;
    Windows window = new Windows(1, least);
    // The costs never suffice, so their window keeps everything that it can.
    for (long second = 0; second < 60_000; second++) {
      window.add(
          second,
          Counts.of(Counter.OBSERVED, 1)
              .with(Counter.SETTLED, 1)
              .with(Counter.ERRORS, second % 7 == 0 ? 1 : 0)
              .with(Counter.UNPRICED, 1));
      WindowCounts counts = window.counts(second);
      assertThat(counts.of(Metric.LATENCY_P95).get(Counter.OBSERVED))
          .isEqualTo(Math.min(second + 1, least));
      assertThat(counts.of(Metric.COST_PER_REQUEST).get(Counter.UNPRICED)).isEqualTo(second + 1);
    }
  }

  @Example
  void sumsOfCostsThatNoLongHoldSaturateAndShrinkAgain() {
    Windows window = new Windows(2, 1);
    Counts huge = Counts.of(Counter.COST_KNOWN, 1).with(Counter.COST_NANO, Long.MAX_VALUE);
    window.add(0, huge);
    window.add(1, huge);
    assertThat(window.counts(1).of(Metric.COST_PER_REQUEST).get(Counter.COST_NANO))
        .isEqualTo(Long.MAX_VALUE);
    window.add(2, Counts.of(Counter.COST_KNOWN, 1).with(Counter.COST_NANO, 5));
    window.add(3, Counts.of(Counter.COST_KNOWN, 1).with(Counter.COST_NANO, 6));
    assertThat(window.counts(3).of(Metric.COST_PER_REQUEST).get(Counter.COST_NANO)).isEqualTo(11);
  }

  /** The windows of a provider's figures, by seconds. */
  private static final class Windows {
    private final StageFigures figures;

    Windows(int seconds, long least) {
      figures = new StageFigures(1_000L * seconds, least);
    }

    void add(long second, Counts counted) {
      figures.add(
          1_000 * second,
          StageTotals.of(counted, Counts.NONE),
          ProviderFigures.NONE,
          ProviderFigures.NONE);
    }

    WindowCounts counts(long now) {
      return figures.window(1_000 * now);
    }

    int size() {
      return figures.size();
    }
  }
}
