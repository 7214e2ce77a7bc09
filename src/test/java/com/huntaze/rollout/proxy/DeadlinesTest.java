package com.huntaze.rollout.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final FakedClock clock = new FakedClock();
  private final Deadlines deadlines = new Deadlines(clock);
  private final List<String> told = new ArrayList<>();

  /** Time that the test moves; like the real timer it never comes early. */
  private static final class FakedClock implements Deadlines.Clock {
    private long now = 1_000;
    private long due = Long.MAX_VALUE;
    private Runnable work;
    private int set;

    @Override
    public long millis() {
      return now;
    }

    @Override
    public void run(long afterMillis, Runnable next) {
      assertThat(afterMillis).isPositive();
      due = now + afterMillis;
      work = next;
      set++;
    }

    void until(long millis) {
      while (due <= millis) {
        now = due;
        due = Long.MAX_VALUE;
        work.run();
      }
      now = millis;
    }
  }

  private class Owner implements ExchangeTimer.Owner {
    private final String name;
    private long next;

    Owner(String name, long next) {
      this.name = name;
      this.next = next;
    }

    @Override
    public long nextDeadline() {
      return next;
    }

    @Override
    public void deadline() {
      told.add(name + "@" + clock.now);
      next = Long.MAX_VALUE;
    }
  }

  private ExchangeTimer timer(Owner owner) {
    ExchangeTimer timer = new ExchangeTimer(deadlines, owner);
    timer.arm();
    return timer;
  }

  @Test
  void eachIsToldAtItsTime() {
    timer(new Owner("b", 1_200));
    timer(new Owner("a", 1_100));
    timer(new Owner("c", 1_300));
    clock.until(1_099);
    assertThat(told).isEmpty();
    clock.until(1_250);
    assertThat(told).containsExactly("a@1100", "b@1200");
    clock.until(5_000);
    assertThat(told).containsExactly("a@1100", "b@1200", "c@1300");
    assertThat(deadlines.size()).isZero();
  }

  @Test
  void oneThatHasEndedIsNotTold() {
    ExchangeTimer first = timer(new Owner("a", 1_100));
    timer(new Owner("b", 1_200));
    first.cancel();
    first.arm();
    clock.until(5_000);
    assertThat(told).containsExactly("b@1200");
  }

  @Test
  void oneThatMovedAwayIsAskedAnewAndOneThatCameNearerIsSetAgain() {
    Owner away = new Owner("a", 1_100);
    timer(away);
    away.next = 1_400;
    Owner nearer = new Owner("b", 1_500);
    ExchangeTimer timer = timer(nearer);
    nearer.next = 1_050;
    timer.arm();
    clock.until(5_000);
    assertThat(told).containsExactly("b@1050", "a@1400");
  }

  @Test
  void whoeverHasNoDeadlineHasNoPlace() {
    timer(new Owner("a", Long.MAX_VALUE));
    assertThat(deadlines.size()).isZero();
    assertThat(clock.set).isZero();
  }

  @Test
  void aThousandExchangesThatEndInTimeSetOneTimer() {
    for (int i = 0; i < 1_000; i++) {
      timer(new Owner("x", clock.now + 25_000 + i)).cancel();
      assertThat(deadlines.size()).isZero();
    }
    assertThat(clock.set).isEqualTo(1);
  }

  @Test
  void oneThatFailsDoesNotTakeTheOthersWithIt() {
    Owner bad =
        new Owner("bad", 1_100) {
          @Override
          public void deadline() {
            throw new IllegalStateException("defect");
          }
        };
    timer(bad);
    timer(new Owner("b", 1_100));
    assertThatThrownBy(() -> clock.until(1_100)).hasMessage("defect");
    clock.until(1_200);
    assertThat(told).containsExactly("b@1101");
  }

  @Test
  void whateverComesAndGoesAllAreToldInOrder() {
    Random random = new Random(7);
    List<ExchangeTimer> open = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      if (!open.isEmpty() && random.nextInt(3) == 0) {
        ExchangeTimer gone = open.remove(random.nextInt(open.size()));
        expected.remove(gone.at);
        gone.cancel();
      } else {
        long at = 2_000 + random.nextInt(5_000);
        open.add(timer(new Owner("x", at)));
        expected.add(at);
      }
      assertThat(deadlines.size()).isEqualTo(expected.size());
    }
    clock.until(10_000);
    assertThat(told.stream().map(each -> Long.valueOf(each.substring(2))).toList())
        .containsExactlyElementsOf(expected.stream().sorted().toList());
  }
}
