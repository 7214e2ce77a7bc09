package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;

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

class SlidingWindowPropertyTest {

  /**
   * What comes after some seconds.
   *
   * @param pause since the entry before, seconds
   */
  record Entry(int pause, Tally counted) {}

  @Property(tries = 1_000)
  void holdsExactlyTheLastSecondsOrTheShortestRunOfThemThatHoldsN(
      @ForAll @Size(max = 60) List<@From("entries") Entry> entries,
      @ForAll @IntRange(min = 1, max = 30) int seconds,
      @ForAll @IntRange(min = 1, max = 40) int least) {
    SlidingWindow window = new SlidingWindow(seconds, least);
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
    Arbitrary<Tally> counts =
        Combinators.combine(few, few, few, few, few, few)
            .as(
                (observed, settled, errors, slow, known, nano) ->
                    new Tally(
                        observed,
                        settled,
                        Math.min(errors, settled),
                        slow,
                        known,
                        settled - Math.min(known, settled),
                        nano * 3_000_000_000_000_000L,
                        errors,
                        0));
    Arbitrary<Integer> pauses =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.integers().between(0, 2)),
            Tuple.of(1, Arbitraries.integers().between(3, 50)));
    return Combinators.combine(pauses, counts).as(Entry::new);
  }

  @Example
  void keepsBoundedMemoryAndExactYoungSecondsWhenNIsNeverReached() {
    SlidingWindow window = new SlidingWindow(300, 1_000_000_000);
    Tally one = new Tally(1, 1, 0, 0, 0, 1, 0, 0, 0);
    for (long second = 0; second < 200_000; second++) {
      window.add(second, one);
      window.counts(second);
    }
    assertThat(window.counts(199_999).observed()).isEqualTo(200_000);
    assertThat(window.size()).isLessThan(3 * (2 * AdaptiveWindow.EXACT + 301));
  }

  @Example
  void anExactWindowFarBackStaysExactWhileOlderSecondsAreCoalesced() {
    int least = AdaptiveWindow.EXACT;
    SlidingWindow window = new SlidingWindow(1, least);
    // The costs never suffice, so their window keeps everything that it can.
    for (long second = 0; second < 60_000; second++) {
      window.add(second, new Tally(1, 1, second % 7 == 0 ? 1 : 0, 0, 0, 1, 0, 0, 0));
      WindowCounts counts = window.counts(second);
      assertThat(counts.observed()).isEqualTo(Math.min(second + 1, least));
      assertThat(counts.unpriced()).isEqualTo(second + 1);
    }
  }

  @Example
  void sumsOfCostsThatNoLongHoldSaturateAndShrinkAgain() {
    SlidingWindow window = new SlidingWindow(2, 1);
    Tally huge = new Tally(0, 0, 0, 0, 1, 0, Long.MAX_VALUE, 0, 0);
    window.add(0, huge);
    window.add(1, huge);
    assertThat(window.counts(1).costNano()).isEqualTo(Long.MAX_VALUE);
    window.add(2, new Tally(0, 0, 0, 0, 1, 0, 5, 0, 0));
    window.add(3, new Tally(0, 0, 0, 0, 1, 0, 6, 0, 0));
    assertThat(window.counts(3).costNano()).isEqualTo(11);
  }
}
