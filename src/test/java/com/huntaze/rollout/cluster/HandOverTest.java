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

  /** As after a parting: the leader is heard, and the log tells nothing of its term. */
  @Test
  void whoseLogTellsNothingOfTheLeadersTermJoinsAgain() {
    long behind = HandOver.BEHIND_MILLIS;
    assertThat(handOver.isBehind(3, 5, 0)).isFalse();
    assertThat(handOver.isBehind(3, 5, behind - 1)).isFalse();
    assertThat(handOver.isBehind(5, 5, behind)).as("it has caught up").isFalse();
    assertThat(handOver.isBehind(5, 6, behind + 1)).isFalse();
    assertThat(handOver.isBehind(5, 0, behind + 2)).as("nobody is heard").isFalse();
    assertThat(handOver.isBehind(5, 6, behind + 3)).isFalse();
    assertThat(handOver.isBehind(5, 6, 2 * behind + 3)).isTrue();
    assertThat(handOver.isBehind(5, 6, 3 * behind + 3)).as("not without end").isFalse();
    assertThat(handOver.isBehind(5, 6, 2 * behind + 3 + HandOver.BETWEEN_MILLIS)).isTrue();
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
