package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint, written each second, stays small, whoever sends what. */
class CheckpointSizeTest {
  private static final int LIMIT = 256 * 1_024;

  @ParameterizedTest
  @CsvSource({"300, 0", "3_000, 0", "200_000, 300"})
  void aFullCheckpointFitsInto256Kib(String users, int lengthOfNames) {
    BusyJudge judge =
        new BusyJudge(Integer.parseInt(users.replace("_", "")), "n".repeat(lengthOfNames));
    for (int i = 0; i < 100; i++) {
      judge.second(200);
      judge.tick();
    }
    String text = judge.checkpoint();
    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(10_000, LIMIT);
    assertThat(judge.tick().getJsonObject("segments").getJsonArray("rows")).hasSize(33);
  }
}
