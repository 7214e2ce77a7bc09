package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class UserSamplerTest {
  private final UserSampler once = new UserSampler();

  @Property(tries = 500)
  void grantsAKeyOnceInEachSlot(
      @ForAll long key, @ForAll @LongRange(min = -1_000_000, max = 4_000_000_000_000L) long at) {
    UserSampler fresh = new UserSampler();
    long slot = Math.floorDiv(at, 10_000L) * 10_000;
    assertThat(fresh.first(key, at)).isTrue();
    assertThat(fresh.first(key, slot)).isFalse();
    assertThat(fresh.first(key, slot + 9_999)).isFalse();
    assertThat(fresh.first(key, slot + 10_000)).isTrue();
    assertThat(fresh.first(key, slot + 19_999)).isFalse();
  }

  @Example
  void grantsThousandsOfKeysEach() {
    long granted =
        IntStream.range(0, 10_000)
            .filter(i -> once.first(UserSampler.hash("user-" + i), 5))
            .count();
    assertThat(granted).isEqualTo(10_000);
  }

  @Example
  void grantsNoKeyTwiceHoweverManyThereAre() {
    long granted = IntStream.range(0, 300_000).filter(i -> once.first(i, 5)).count();
    long again = IntStream.range(0, 300_000).filter(i -> once.first(i, 5)).count();
    assertThat(granted).isBetween(50_000L, 65_536L);
    assertThat(again).isZero();
  }

  @Example
  void aThreadWhoseClockIsOfTheSlotBeforeIsNotGrantedAgain() {
    assertThat(once.first(42, 9_999)).isTrue();
    for (int i = 0; i < 300_000; i++) {
      once.first(i, 10_000);
    }
    assertThat(once.first(42, 9_999)).isFalse();
  }

  @Example
  void threadsThatAskAtOnceAreGrantedOnce() throws Exception {
    int threads = 4;
    int keys = 5_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      Callable<Long> asker =
          () -> {
            start.await();
            return IntStream.range(0, keys).filter(i -> once.first(i, 1)).count();
          };
      long granted = 0;
      for (Future<Long> each : pool.invokeAll(List.of(asker, asker, asker, asker))) {
        granted += each.get();
      }
      assertThat(granted).isEqualTo(keys);
    } finally {
      pool.shutdownNow();
    }
  }

  @Example
  void hashesSpread() {
    assertThat(IntStream.range(0, 10_000).mapToObj(i -> UserSampler.hash("u" + i)).distinct())
        .hasSize(10_000);
  }
}
