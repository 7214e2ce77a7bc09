package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CostLedgerTest {
  private static final long NOON = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();
  private static final PriceBook NO_PRICES = PriceBook.of(PriceListSettings.EMPTY);

  private static CostLedger ledger(int room) {
    return new CostLedger(NO_PRICES, Map.of(Dimension.TIER, Set.of("vip")), room);
  }

  private static void add(CostLedger ledger, long at, String tier, Charge... charges) {
    ledger.add(at, new Caller("web", tier, null), List.of(charges));
  }

  private static Charge charge(Provider provider, String model, long nano) {
    return new Charge(provider, model, Usage.of(1, 2), Cost.exact(nano));
  }

  @Test
  void entersEachChargeInEveryDimensionHourAndDay() {
    CostLedger ledger = ledger(10);
    add(
        ledger,
        NOON,
        "vip",
        charge(Provider.FOUNDRY, "a", 5),
        new Charge(Provider.LEGACY, null, null, Cost.UNKNOWN));
    add(ledger, NOON + TimeUnit.HOURS.toMillis(13), null, charge(Provider.LEGACY, "b", 7));
    LedgerSnapshot all = ledger.snapshot();
    assertThat(all.total().total()).isEqualTo(new LedgerTotals(2, 0, 1, 12, 2, 4, 0, 0));
    assertThat(all.total().by().get(Dimension.MODEL)).containsOnlyKeys("a", "b", "none");
    assertThat(all.total().by().get(Dimension.TIER).get("vip").requests()).isEqualTo(2);
    assertThat(all.total().by().get(Dimension.KEY).get("web").nanoUsd()).isEqualTo(12);
    assertThat(all.total().by().get(Dimension.AGENT).get("none").nanoUsd()).isEqualTo(12);
    assertThat(all.hours()).extracting(hour -> hour.total().nanoUsd()).containsExactly(5L, 7L);
    assertThat(all.days()).hasSize(2);
    assertThat(all.days().get(0).from())
        .isEqualTo(Instant.parse("2026-11-24T00:00:00Z").toEpochMilli());
  }

  @Test
  void givesValuesThatNobodyConfiguredALimitedRoom() {
    CostLedger ledger = ledger(3);
    for (int i = 0; i < 1_000; i++) {
      add(ledger, NOON, "tier-" + i, charge(Provider.FOUNDRY, "model-" + i, 1));
    }
    add(ledger, NOON, "vip", charge(Provider.FOUNDRY, "x", 1));
    LedgerPeriod total = ledger.snapshot().total();
    assertThat(total.by().get(Dimension.TIER)).hasSizeLessThan(8).containsKeys("vip", "other");
    assertThat(total.by().get(Dimension.MODEL)).hasSizeLessThan(8);
    for (Dimension dimension : Dimension.values()) {
      assertThat(total.by().get(dimension).values())
          .extracting(LedgerTotals::nanoUsd)
          .satisfies(
              sums -> assertThat(sums.stream().mapToLong(Long::longValue).sum()).isEqualTo(1_001));
    }
  }

  @Test
  void keepsABoundedNumberOfHours() {
    CostLedger ledger = ledger(3);
    for (int hour = 0; hour < 500; hour++) {
      add(ledger, NOON + TimeUnit.HOURS.toMillis(hour), "t", charge(Provider.FOUNDRY, "m", 1));
    }
    assertThat(ledger.snapshot().hours()).hasSize(72);
    assertThat(ledger.snapshot().total().total().nanoUsd()).isEqualTo(500);
  }

  @Test
  void goesOnWhereAnotherProcessStopped() {
    CostLedger first = ledger(3);
    add(first, NOON, "t", charge(Provider.FOUNDRY, "m", 4));
    CostLedger second = ledger(3);
    second.restore(first.snapshot());
    add(second, NOON, "t", charge(Provider.FOUNDRY, "m", 5));
    assertThat(second.snapshot().hours()).hasSize(1);
    assertThat(second.snapshot().hours().get(0).total().nanoUsd()).isEqualTo(9);
    assertThat(second.snapshot().total().total().nanoUsd()).isEqualTo(9);
    assertThat(first.snapshot().total().total().nanoUsd()).isEqualTo(4);
  }

  @Test
  void reconcilesAMillionRequestsOfManyThreadsToTheNanoDollar() throws InterruptedException {
    CostLedger ledger = ledger(50);
    int threads = 8;
    int each = 125_000;
    long[] expected = new long[threads];
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Runnable> work = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int number = thread;
      work.add(
          () -> {
            Random random = new Random(number);
            for (int i = 0; i < each; i++) {
              long nano = random.nextInt(1_000_000_000);
              expected[number] += nano;
              Provider provider = random.nextBoolean() ? Provider.FOUNDRY : Provider.LEGACY;
              add(ledger, NOON + i, "t" + i % 7, charge(provider, "m" + i % 11, nano));
            }
          });
    }
    work.forEach(pool::execute);
    pool.shutdown();
    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    long sum = java.util.Arrays.stream(expected).sum();
    LedgerPeriod total = ledger.snapshot().total();
    for (Dimension dimension : Dimension.values()) {
      assertThat(total.by().get(dimension).values().stream().mapToLong(LedgerTotals::nanoUsd).sum())
          .isEqualTo(sum);
    }
    assertThat(total.total().requests()).isEqualTo(1_000_000);
  }

  @Test
  void neverOverflows() {
    LedgerTotals most = LedgerTotals.of(charge(Provider.FOUNDRY, "m", Long.MAX_VALUE));
    assertThat(most.plus(LedgerTotals.of(charge(Provider.FOUNDRY, "m", 1))).nanoUsd())
        .isEqualTo(Long.MAX_VALUE);
  }
}
