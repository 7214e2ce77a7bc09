package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitsTest {
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void aConditionThatThrowsIsNotTrueYet() {
    Waits.until(
        () -> {
          switch (looks.incrementAndGet()) {
            case 1 -> throw new IOException("refused");
            case 2 -> throw new NullPointerException("no verdict");
            case 3 -> throw new AssertionError("404");
            default -> {
              return looks.get() == 5;
            }
          }
        });
    assertThat(looks).hasValue(5);
  }

  @Test
  void theLastThingThrownIsTheCauseOfAWaitInVain() {
    // An interrupted thread has no time left.
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                Waits.until(
                    () -> "phase canary_10",
                    () -> {
                      throw new IOException("refused");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("phase canary_10", "refused")
        .hasCauseInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aStepThatFailsEndsTheWait() {
    assertThatThrownBy(
            () ->
                Waits.until(
                    looks::incrementAndGet,
                    seen -> false,
                    () -> {
                      throw new IOException("no answer");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(looks).hasValue(1);
  }

  @Test
  void whatIsSeenIsReturnedAndAssertionsAreRepeated() {
    List<Integer> steps = new ArrayList<>();
    assertThat(Waits.until(looks::incrementAndGet, seen -> seen == 3, () -> steps.add(1)))
        .isEqualTo(3);
    assertThat(steps).hasSize(2);
    Waits.untilAsserted(() -> assertThat(looks.incrementAndGet()).isEqualTo(6));
  }
}
