package com.huntaze.rollout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.client.ClientTime;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.LatencySettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ComparedExchanges;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.ServedExchanges;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExchangeWatchTest {
  private static final long LIMIT = 5_000;
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private static final HealthSettings SETTINGS =
      Health.with(Health.DEFAULTS, new LatencySettings(Duration.ofMillis(LIMIT), Action.ROLLBACK));

  private final ObservationCounter counter =
      new ObservationCounter("loop-1", Thresholds.of(SETTINGS));
  private final ClientTime clientTime = new ClientTime();
  private static final Compared.Origin ORIGIN =
      new Compared.Origin(Provider.FOUNDRY, "1-a", 0, 7, 0, ExchangeKind.UNKNOWN);

  private final ComparedExchanges compared = new ComparedExchanges();
  private static final Share SHARE = new Share("1-a", 0, 10, 1);

  private final ServedExchanges served = new ServedExchanges();
  private final ExchangeWatch watch;

  ExchangeWatchTest() {
    counter.began("1-a", 0);
    clientWaited();
    watch =
        new ExchangeWatch(
            counter.open(Provider.FOUNDRY, "1-a", 0),
            LIMIT,
            clientTime,
            ORIGIN,
            compared,
            new SplitWatch(SHARE, served));
    watch.attempt(true, System.nanoTime());
  }

  @Test
  void theTimeThatTheClientTookIsNotTheProviders() {
    long later = System.nanoTime() + HOUR;
    clientWaited();
    assertThat(watch.sweep(later)).isFalse();
    assertThat(watch.sweep(later + TimeUnit.MILLISECONDS.toNanos(LIMIT) / 2)).isFalse();
    assertThat(foundry().all().get(Counter.SLOW)).isZero();
    assertThat(watch.sweep(later + 2 * TimeUnit.MILLISECONDS.toNanos(LIMIT))).isTrue();
    assertThat(foundry().all().get(Counter.SLOW)).isEqualTo(1);
  }

  @Test
  void whatTheClientTookBeforeTheAttemptDoesNotCountForIt() {
    assertThat(watch.sweep(System.nanoTime() + HOUR)).isTrue();
    assertThat(foundry().all().get(Counter.SLOW)).isEqualTo(1);
  }

  @Test
  void a404IsNoObservationAndIsCountedBesideThem() {
    watch.settled(Meaning.NOT_FOUND.outcome(), null);
    assertThat(watch.isOver()).isTrue();
    assertThat(foundry().all().get(Counter.OBSERVED)).isZero();
    assertThat(foundry().sampled().get(Counter.NOT_FOUND)).isEqualTo(1);
    assertThat(foundry().sampled().get(Counter.OBSERVED)).isZero();
  }

  @Test
  void anotherErrorOfTheCallersIsCountedNowhere() {
    watch.settled(Meaning.CALLER_ERROR.outcome(422), null);
    assertThat(watch.isOver()).isTrue();
    assertThat(foundry().sampled().get(Counter.NOT_FOUND)).isZero();
  }

  @Test
  void whatNeedNotTellItsUsageIsUnpricedOnlyIfItTellsOne() {
    watch.at("/v1/moderations");
    watch.settled(Meaning.COMPLETE.outcome(), charge(null));
    assertThat(foundry().all().get(Counter.SETTLED)).isEqualTo(1);
    assertThat(foundry().all().get(Counter.UNPRICED)).isZero();
    ExchangeWatch telling = watch(ORIGIN);
    telling.attempt(true, System.nanoTime());
    telling.at("/v1/moderations");
    telling.settled(Meaning.COMPLETE.outcome(), charge(Usage.of(1, 1)));
    assertThat(foundry().all().get(Counter.UNPRICED)).isEqualTo(1);
    ExchangeWatch chat = watch(ORIGIN);
    chat.attempt(true, System.nanoTime());
    chat.settled(Meaning.COMPLETE.outcome(), charge(null));
    assertThat(foundry().all().get(Counter.UNPRICED)).isEqualTo(2);
  }

  private static Charge charge(Usage usage) {
    return new Charge(Provider.FOUNDRY, "m", usage, Cost.UNKNOWN);
  }

  @Test
  void whoHasServedIsToldAtTheEnd() {
    watch.settled(Meaning.COMPLETE.outcome(), null);
    assertThat(served.take()).isEmpty();
    watch.ended();
    assertThat(served.take()).containsExactly(new ServedExchange(SHARE, 7, Serving.FOUNDRY));
  }

  @Test
  void whatLegacyServesInFoundrysSteadIsToldApart() {
    watch.attempt(false, System.nanoTime());
    watch.ended();
    ExchangeWatch refused = watch(ORIGIN);
    refused.attempt(false, System.nanoTime());
    refused.ended();
    Compared.Origin legacy =
        new Compared.Origin(Provider.LEGACY, "1-a", 0, 7, 0, ExchangeKind.UNKNOWN);
    ExchangeWatch ofLegacy = watch(legacy);
    ofLegacy.attempt(true, System.nanoTime());
    ofLegacy.ended();
    assertThat(served.take().stream().map(ServedExchange::serving))
        .containsExactly(Serving.FAILED_OVER, Serving.NOT_ASKED, Serving.LEGACY);
  }

  /** A client that leaves before anybody was asked. */
  @Test
  void whereNobodyWasAskedNobodyServes() {
    watch(ORIGIN).ended();
    assertThat(served.take()).isEmpty();
  }

  private ExchangeWatch watch(Compared.Origin origin) {
    return new ExchangeWatch(
        counter.open(origin.provider(), "1-a", 0),
        LIMIT,
        clientTime,
        origin,
        compared,
        new SplitWatch(SHARE, served));
  }

  /** A client feels also what the judge counts nowhere. */
  @Test
  void everyEndIsComparedWithLegacys() {
    watch.settled(Meaning.CALLER_ERROR.outcome(422), null);
    assertThat(compared.take())
        .containsExactly(
            new Compared(ORIGIN, Meaning.CALLER_ERROR.outcome(422), -1, false, -1, -1));
    assertThat(compared.take()).isEmpty();
  }

  /** Those share one fate, and would be many users' witness of one event. */
  @Test
  void whatWasUnderWayWhenTheBreakerOpenedIsNotCompared() {
    watch.dependent();
    watch.settled(Meaning.RESET.outcome(), null);
    assertThat(compared.take()).isEmpty();
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
