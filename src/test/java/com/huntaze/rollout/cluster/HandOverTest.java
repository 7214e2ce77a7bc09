package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandOverTest {
  private static final long WAITS = HandOver.WAITS_MILLIS;
  private static final int OTHERS = 2;

  private final HandOver handOver = new HandOver();

  private boolean due(boolean orders, long waits, int others, long now) {
    return handOver.due(orders, waits, others, now);
  }

  @Test
  void whoseDiskTakesNothingLeavesTheLogToAnother() {
    assertThat(due(true, 0, OTHERS, 0)).isFalse();
    assertThat(due(true, WAITS - 1, OTHERS, WAITS)).isFalse();
    assertThat(due(true, WAITS, OTHERS, WAITS + 1)).isTrue();
  }

  @Test
  void whoDoesNotOrderTheLogOrIsAloneStays() {
    assertThat(due(true, WAITS, OTHERS, 0)).isFalse();
    assertThat(due(false, WAITS, OTHERS, WAITS)).isFalse();
    assertThat(due(true, WAITS, 0, WAITS)).isFalse();
    assertThat(due(true, WAITS, 0, 2 * WAITS)).isFalse();
    assertThat(due(true, WAITS, 1, 2 * WAITS)).isTrue();
  }

  /** The one before may have had a slow link to this one. */
  @Test
  void whatWasLateBeforeItOrderedTheLogIsNotItsOwn() {
    assertThat(due(false, 60_000, OTHERS, 0)).isFalse();
    assertThat(due(true, 60_000, OTHERS, 10_000)).isFalse();
    assertThat(due(true, 60_000, OTHERS, 10_000 + WAITS - 1)).isFalse();
    assertThat(due(true, 60_000, OTHERS, 10_000 + WAITS)).isTrue();
  }

  /** The disks of all may be full: then nobody gains by it. */
  @Test
  void itIsNotPassedAroundWithoutEnd() {
    due(true, WAITS, OTHERS, 0);
    assertThat(due(true, WAITS, OTHERS, WAITS)).isTrue();
    assertThat(due(true, WAITS, OTHERS, WAITS + HandOver.BETWEEN_MILLIS - 1)).isFalse();
    assertThat(due(true, WAITS, OTHERS, WAITS + HandOver.BETWEEN_MILLIS)).isTrue();
  }
}
