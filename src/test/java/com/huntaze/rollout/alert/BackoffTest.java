package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void doublesUpToAMinute() {
    assertThat(IntStream.rangeClosed(1, 9).mapToLong(failed -> Backoff.STANDARD.millis(failed, 0)))
        .containsExactly(
            1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L, 60_000L);
    assertThat(Backoff.STANDARD.millis(Integer.MAX_VALUE, 0)).isEqualTo(60_000);
  }

  /** Those are the attempts that the documents promise. */
  @Test
  void triesEightTimesInTwoMinutes() {
    assertThat(Backoff.STANDARD.attempts()).isEqualTo(8);
    long waits =
        IntStream.range(1, Backoff.STANDARD.attempts())
            .mapToLong(failed -> Backoff.STANDARD.millis(failed, 0))
            .sum();
    assertThat(waits).isEqualTo(123_000);
  }

  @Test
  void waitsAsLongAsTheReceiverAsksForWithinFiveMinutes() {
    assertThat(Backoff.STANDARD.millis(1, 7_000)).isEqualTo(7_000);
    assertThat(Backoff.STANDARD.millis(4, 7_000)).isEqualTo(8_000);
    assertThat(Backoff.STANDARD.millis(1, 3_600_000)).isEqualTo(300_000);
  }
}
