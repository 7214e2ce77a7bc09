package com.huntaze.rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdict of a state and its evaluation. */
class ExitCodeTest {
  @ParameterizedTest
  @CsvSource({
    "initial, 0, false, hold, 0",
    "canary_10, 10, false, healthy, 0",
    "canary_10, 10, true, healthy, 3",
    "canary_10, 10, false, hold, 3",
    "canary_10, 10, false, alert, 4",
    "rollback, 0, false, rollback, 5",
    "rollback, 0, false, hold, 5",
    // Mode foundry alerts only: the share stays, and nothing was rolled back.
    "initial, 0, false, rollback, 4"
  })
  void tellsWhatHasHappened(
      String phase, int percentage, boolean paused, String verdict, int code) {
    JsonObject state =
        new JsonObject().put("phase", phase).put("percentage", percentage).put("paused", paused);
    JsonObject health = new JsonObject().put("verdict", verdict);
    assertThat(ExitCode.of(state, health).code()).isEqualTo(code);
  }
}
