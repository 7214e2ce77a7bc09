package com.huntaze.rollout.judge.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Apart;
import com.huntaze.rollout.judge.window.Maker;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.ProviderFigures;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.RequesterTotals;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProcessRowsTest {
  private static final Thresholds LIMITS = Thresholds.of(Health.DEFAULTS);
  private static final String EPOCH = "1-a";

  private final ProcessRows sums = new ProcessRows("replica-x");
  private final List<ObservationCounter> loops =
      List.of(new ObservationCounter("one", LIMITS), new ObservationCounter("two", LIMITS));

  ProcessRowsTest() {
    loops.forEach(loop -> loop.began(EPOCH, 0));
  }

  private static void ask(ObservationCounter loop, int count, int everyFails) {
    for (int i = 1; i <= count; i++) {
      loop.open(Provider.FOUNDRY, EPOCH, 0, new Requester(i % 40, 7), true)
          .settle(i % everyFails != 0, 10 * i, 1_000_000, i % 2 == 0 ? "small" : "large");
    }
  }

  private void takeAll() {
    loops.forEach(loop -> loop.rows().forEach(sums::take));
  }

  private static MetricsCollector collector() {
    MetricsCollector collector =
        new MetricsCollector(Duration.ofMinutes(5), 2_000, Duration.ofSeconds(5));
    collector.stageBegan(EPOCH, 0, 0);
    return collector;
  }

  @Test
  void theSumSaysWhatItsSourcesSay() {
    MetricsCollector direct = collector();
    MetricsCollector summed = collector();
    for (int second = 1; second <= 20; second++) {
      ask(loops.get(second % 2), 17 * second, 5);
      for (ObservationCounter loop : loops) {
        for (MetricsRow row : loop.rows()) {
          direct.take(row, 1_000L * second);
          sums.take(row);
        }
      }
      for (MetricsRow row : sums.rows()) {
        summed.take(row, 1_000L * second);
      }
      MetricsCollector.Tick expected = direct.tick(1_000L * second, false);
      MetricsCollector.Tick found = summed.tick(1_000L * second, false);
      assertThat(found.of(Provider.FOUNDRY).all()).isEqualTo(expected.of(Provider.FOUNDRY).all());
      assertThat(found.of(Provider.FOUNDRY).sampled())
          .isEqualTo(expected.of(Provider.FOUNDRY).sampled());
      assertThat(found.foundryKeys()).isEqualTo(expected.foundryKeys());
      assertThat(found.apart(Provider.FOUNDRY).keySet())
          .isEqualTo(expected.apart(Provider.FOUNDRY).keySet());
      found
          .apart(Provider.FOUNDRY)
          .forEach(
              (maker, totals) ->
                  assertThat(totals.all())
                      .isEqualTo(expected.apart(Provider.FOUNDRY).get(maker).all()));
    }
    assertThat(summed.p95(Provider.FOUNDRY)).isEqualTo(direct.p95(Provider.FOUNDRY));
    assertThat(summed.metrics(Provider.FOUNDRY, summed.window(Provider.FOUNDRY)))
        .isEqualTo(direct.metrics(Provider.FOUNDRY, direct.window(Provider.FOUNDRY)));
  }

  @Test
  void doubledAndLateRowsChangeNothing() {
    List<MetricsRow> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ask(loops.get(i % 2), 10, 4);
      loops.forEach(loop -> all.addAll(loop.rows()));
    }
    all.addAll(List.copyOf(all));
    Collections.shuffle(all, new Random(1));
    all.forEach(sums::take);
    assertThat(observed()).isEqualTo(100);
  }

  @Test
  void aSourceThatForgotTheStageAndBeginsFromZeroTakesNothingAway() {
    ask(loops.get(0), 30, 3);
    takeAll();
    ObservationCounter again = new ObservationCounter("one", LIMITS);
    again.began("1-b", 3);
    again.began(EPOCH, 0);
    ask(again, 5, 3);
    again.rows().forEach(sums::take);
    assertThat(observed()).isEqualTo(35);
  }

  @Test
  void sourcesWithoutEndAreFoldedAndStayCounted() {
    for (int i = 0; i < 2 * FiguresSum.MOST_PARTS + 20; i++) {
      ObservationCounter loop = new ObservationCounter("loop-" + i, LIMITS);
      loop.began(EPOCH, 0);
      ask(loop, 2, 5);
      loop.rows().forEach(sums::take);
    }
    assertThat(observed()).isEqualTo(2 * (2 * FiguresSum.MOST_PARTS + 20));
  }

  @Test
  void usersAndKeysOfAllSourcesAreEachKeptApartOnce() {
    ask(loops.get(0), 80, 2);
    ask(loops.get(1), 80, 2);
    takeAll();
    List<RequesterTotals> apart = foundry().apart();
    assertThat(apart.stream().map(RequesterTotals::maker)).doesNotHaveDuplicates();
    RequesterTotals key =
        apart.stream()
            .filter(each -> each.maker().equals(new Maker(Apart.API_KEY, 7)))
            .findFirst()
            .orElseThrow();
    assertThat(key.totals().all().get(Counter.OBSERVED)).isEqualTo(160);
    IntStream.range(0, 1_000)
        .forEach(
            user ->
                loops
                    .get(0)
                    .open(Provider.FOUNDRY, EPOCH, 0, new Requester(1_000 + user, 7), true)
                    .settle(false, 1, 1, "m"));
    takeAll();
    assertThat(foundry().apart()).hasSizeLessThanOrEqualTo(ApartSums.MOST);
  }

  @Test
  void ofStagesOnlyTheLatestAreKept() {
    for (int stage = 0; stage < 3 * ProcessRows.MOST_STAGES; stage++) {
      loops.get(0).began(EPOCH, stage);
      loops.get(0).rows().forEach(sums::take);
    }
    assertThat(sums.rows()).hasSize(ProcessRows.MOST_STAGES);
    assertThat(sums.rows())
        .singleElement()
        .satisfies(row -> assertThat(row.stage()).isEqualTo(3 * ProcessRows.MOST_STAGES - 1));
  }

  private ProviderFigures foundry() {
    List<MetricsRow> rows = sums.rows();
    return rows.get(rows.size() - 1).of(Provider.FOUNDRY);
  }

  private long observed() {
    return foundry().totals().all().get(Counter.OBSERVED);
  }
}
