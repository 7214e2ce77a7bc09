package com.huntaze.rollout.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Promise P4: one budget, 20 % of the requests or 10 a second. */
class RetryBudgetTest {
  private final RetryBudget budget = new RetryBudget(new RetryBudgetSettings(0.2, 10));

  /** Requests at even distances, each of which fails three times and asks for a retry each time. */
  private long granted(int perSecond, int seconds, long startMillis) {
    long granted = 0;
    for (int i = 0; i < perSecond * seconds; i++) {
      long now = startMillis + 1_000L * i / perSecond;
      budget.request(now);
      granted += IntStream.range(0, 3).filter(retry -> budget.tryRetry(now)).count();
    }
    return granted;
  }

  @Test
  void allowsAFifthOfTheRequestsOverAMinute() {
    assertThat(granted(1_000, 60, 0)).isBetween(11_500L, 12_200L);
  }

  @Test
  void allowsTenASecondWhenRequestsAreFew() {
    assertThat(granted(1, 60, 0)).isEqualTo(180);
    long more = IntStream.range(0, 100).filter(i -> budget.tryRetry(60_000)).count();
    assertThat(more).isEqualTo(10);
  }

  @Test
  void worksWithAClockBelowZero() {
    assertThat(granted(1_000, 60, -30_000)).isBetween(11_500L, 12_200L);
  }

  @Test
  void forgetsASecondLater() {
    assertThat(granted(100, 1, 0)).isEqualTo(20);
    assertThat(budget.tryRetry(999)).isFalse();
    assertThat(budget.tryRetry(5_000)).isTrue();
  }

  @Test
  void allowsNothingWhenBothAreZero() {
    RetryBudget none = new RetryBudget(new RetryBudgetSettings(0, 0));
    none.request(0);
    assertThat(none.tryRetry(0)).isFalse();
  }

  @Property(tries = 100)
  void neverGrantsMoreThanItsLimitInAnyAlignedSecond(
      @ForAll @IntRange(min = 1, max = 3_000) int perSecond, @ForAll int startMillis) {
    RetryBudget any = new RetryBudget(new RetryBudgetSettings(0.2, 10));
    long start = 1_000L * startMillis;
    for (int second = 0; second < 3; second++) {
      int granted = 0;
      for (int i = 0; i < perSecond; i++) {
        long now = start + 1_000L * second + 1_000L * i / perSecond;
        any.request(now);
        granted += any.tryRetry(now) ? 1 : 0;
      }
      assertThat(granted).isLessThanOrEqualTo((int) Math.max(10, 0.2 * perSecond));
    }
  }

  @Test
  void grantsExactlyItsLimitToManyThreads() throws InterruptedException {
    AtomicInteger granted = new AtomicInteger();
    inThreads(8, thread -> repeat(5_000, () -> budget.request(100)));
    inThreads(8, thread -> repeat(5_000, () -> count(granted, budget.tryRetry(100 + thread))));
    assertThat(granted).hasValue(8_000);
  }

  @Test
  void neverExceedsItsLimitWhileRequestsComeIn() throws InterruptedException {
    AtomicInteger granted = new AtomicInteger();
    Runnable both =
        () -> {
          budget.request(100);
          count(granted, budget.tryRetry(100));
        };
    inThreads(8, thread -> repeat(5_000, both));
    assertThat(granted.get()).isBetween(10, 8_000);
    assertThat(IntStream.range(0, 9_000).filter(i -> budget.tryRetry(100)).count())
        .isEqualTo(8_000 - granted.get());
  }

  private static void count(AtomicInteger counter, boolean one) {
    if (one) {
      counter.incrementAndGet();
    }
  }

  private static void repeat(int times, Runnable action) {
    for (int i = 0; i < times; i++) {
      action.run();
    }
  }

  private static void inThreads(int count, IntConsumer work) throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    Thread[] threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      int number = i;
      threads[i] =
          new Thread(
              () -> {
                awaitQuietly(start);
                work.accept(number);
              });
      threads[i].start();
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
