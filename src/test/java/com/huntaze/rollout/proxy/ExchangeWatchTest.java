package com.huntaze.rollout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BaselineSettings;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.CostSettings;
import com.huntaze.rollout.health.ErrorRateSettings;
import com.huntaze.rollout.health.FloorSettings;
import com.huntaze.rollout.health.HealthJudge;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.LatencySettings;
import com.huntaze.rollout.health.ObservationCounter;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.SequentialSettings;
import com.huntaze.rollout.health.StageTotals;
import com.huntaze.rollout.health.Tally;
import com.huntaze.rollout.health.Thresholds;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExchangeWatchTest {
  private static final long LIMIT = 5_000;
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private static final HealthSettings SETTINGS =
      new HealthSettings(
          Duration.ofMinutes(5),
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          new ErrorRateSettings(0.05, Action.ROLLBACK),
          new LatencySettings(Duration.ofMillis(LIMIT), Action.ROLLBACK),
          new CostSettings(BigDecimal.ONE, Action.ROLLBACK),
          new SequentialSettings(true, 0.01, new FloorSettings(10, 3)),
          new BaselineSettings(Action.ALERT, 1.5, 0.01));

  private final ObservationCounter counter =
      new ObservationCounter("loop-1", Thresholds.of(SETTINGS));
  private final ClientTime clientTime = new ClientTime();
  private final ExchangeWatch watch;

  ExchangeWatchTest() {
    counter.began("1-a", 0);
    clientWaited();
    watch = new ExchangeWatch(counter.open(Provider.FOUNDRY, "1-a", 0), LIMIT, clientTime);
    watch.attempt(true, System.nanoTime());
  }

  @Test
  void theTimeThatTheClientTookIsNotTheProviders() {
    long later = System.nanoTime() + HOUR;
    clientWaited();
    assertThat(watch.sweep(later)).isFalse();
    assertThat(watch.sweep(later + TimeUnit.MILLISECONDS.toNanos(LIMIT) / 2)).isFalse();
    assertThat(foundry().all().slow()).isZero();
    assertThat(watch.sweep(later + 2 * TimeUnit.MILLISECONDS.toNanos(LIMIT))).isTrue();
    assertThat(foundry().all().slow()).isEqualTo(1);
  }

  @Test
  void whatTheClientTookBeforeTheAttemptDoesNotCountForIt() {
    assertThat(watch.sweep(System.nanoTime() + HOUR)).isTrue();
    assertThat(foundry().all().slow()).isEqualTo(1);
  }

  @Test
  void a404IsNoObservationAndIsCountedBesideThem() {
    watch.settled(new Outcome.NotFound(), null);
    assertThat(watch.isOver()).isTrue();
    assertThat(foundry().all()).isEqualTo(Tally.NONE);
    assertThat(foundry().sampled().notFound()).isEqualTo(1);
    assertThat(foundry().sampled().observed()).isZero();
  }

  @Test
  void anotherErrorOfTheCallersIsCountedNowhere() {
    watch.settled(new Outcome.CallerError(422), null);
    assertThat(watch.isOver()).isTrue();
    assertThat(foundry().sampled().notFound()).isZero();
  }

  @Test
  void twoReasonsToWaitAtOnceAreOneTime() {
    clientTime.begin(0);
    clientTime.begin(HOUR / 4);
    clientTime.end(HOUR / 2);
    clientTime.end(HOUR);
    assertThat(clientTime.nanos(2 * HOUR)).isEqualTo(2 * HOUR);
    clientTime.begin(2 * HOUR);
    assertThat(clientTime.nanos(3 * HOUR)).isEqualTo(3 * HOUR);
  }

  private void clientWaited() {
    clientTime.begin(0);
    clientTime.end(HOUR);
  }

  private StageTotals foundry() {
    HealthJudge judge = new HealthJudge(SETTINGS, new RolloutPlan(1, Duration.ofDays(1), 1, false));
    judge.stageBegan("1-a", 0, 0, 0);
    counter.rows().forEach(row -> judge.take(row, 0));
    return judge.tick(1, BreakerFacts.CLOSED).foundryTotals();
  }
}
