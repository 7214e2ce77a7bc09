package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Exchanges of which it is known late whether they are samples. */
class LateSlotTest {
  private static final Thresholds LIMITS = Thresholds.of(Health.DEFAULTS);
  private static final long LATE = LIMITS.of(Metric.LATENCY_P95) + 1;

  private static final List<Consumer<Observation>> FACTS =
      List.of(
          Observation::slow,
          Observation::streams,
          each -> each.settle(true, 10, 1_000_000, "m"),
          each -> each.settle(true, Observation.UNKNOWN, Observation.UNKNOWN, "m"),
          each -> each.settle(false, LATE, Observation.UNKNOWN, null),
          each -> each.latency(20),
          each -> each.cost(900_000_000_000L),
          each -> each.neutral(true),
          Observation::notFound);

  private static ObservationCounter counter(FailureStreaks streaks) {
    ObservationCounter counter = new ObservationCounter("one", LIMITS, streaks);
    counter.began("1-a", 0);
    return counter;
  }

  private static ProviderFigures figures(ObservationCounter counter) {
    counter.sweep(1_000_000, 1, true);
    counter.sweep(1_010_000, 1, true);
    return counter.rows().get(0).foundry();
  }

  private static void assertSame(ProviderFigures late, ProviderFigures early) {
    assertThat(late.totals()).isEqualTo(early.totals());
    assertThat(late.keys()).isEqualTo(early.keys());
    assertThat(late.models()).isEqualTo(early.models());
  }

  @Property(tries = 500)
  void aSlotThatIsGrantedLateIsTheSameInTheEnd(@ForAll long seed, @ForAll boolean granted) {
    Random random = new Random(seed);
    ObservationCounter early = counter(new FailureStreaks());
    ObservationCounter late = counter(new FailureStreaks());
    Observation known = early.open(Provider.FOUNDRY, "1-a", 0, new Requester(7, 8), granted);
    Observation waits = late.open(Provider.FOUNDRY, "1-a", 0, new Requester(7, 8), false);
    waits.awaitSlot();
    if (random.nextInt(10) == 0) {
      known.dependent();
      waits.dependent();
    }
    int facts = random.nextInt(6);
    int at = random.nextInt(facts + 1);
    for (int i = 0; i <= facts; i++) {
      if (i == at) {
        waits.slot(granted);
      }
      Consumer<Observation> fact = FACTS.get(random.nextInt(FACTS.size()));
      fact.accept(known);
      fact.accept(waits);
    }
    assertSame(figures(late), figures(early));
  }

  @Example
  void untilItIsGrantedTheSequentialTestsSeeNothing() {
    ObservationCounter counter = counter(new FailureStreaks());
    Observation waits = counter.open(Provider.FOUNDRY, "1-a", 0, new Requester(7, 8), false);
    waits.awaitSlot();
    waits.settle(true, 10, 1_000_000, "m");
    assertThat(figures(counter).totals().all()).isNotEqualTo(Counts.NONE);
    assertThat(figures(counter).totals().sampled()).isEqualTo(Counts.NONE);
    assertThat(figures(counter).keys()).isEqualTo(KeySketch.EMPTY);
    waits.slot(true);
    waits.slot(true);
    assertThat(figures(counter).totals().sampled()).isEqualTo(figures(counter).totals().all());
  }

  /** Of failures in a row three count: those that turn out to be no samples are none of them. */
  @Example
  void aFailureThatIsRefusedTakesNoPlaceInItsRow() {
    ObservationCounter counter = counter(new FailureStreaks());
    for (int i = 0; i < 9; i++) {
      Observation waits = counter.open(Provider.FOUNDRY, "1-a", 0, new Requester(i, 8), false);
      waits.awaitSlot();
      waits.settle(false, 10, Observation.UNKNOWN, null);
      waits.slot(i >= 6);
    }
    counter.open(Provider.FOUNDRY, "1-a", 0, new Requester(9, 8), true).settle(true, 10, 1, "m");
    assertThat(figures(counter).totals().sampled().get(Metric.Counter.SEEN_ERRORS)).isEqualTo(3);
  }
}
