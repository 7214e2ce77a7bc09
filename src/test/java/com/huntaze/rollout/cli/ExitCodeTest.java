package com.huntaze.rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

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

  @ParameterizedTest
  @CsvSource({"10, false, 3", "10, true, 0", "0, false, 0", "100, false, 0"})
  void aHealthyRolloutWaitsForProofUntilItServesAll(int percentage, boolean ready, int code) {
    JsonObject state =
        new JsonObject().put("phase", "x").put("percentage", percentage).put("paused", false);
    JsonObject health =
        new JsonObject()
            .put("verdict", "healthy")
            .put("promotion", new JsonObject().put("ready", ready));
    assertThat(ExitCode.of(state, health).code()).isEqualTo(code);
  }

  /** A share that a person has set goes nowhere by itself, and neither does one of a full disk. */
  @ParameterizedTest
  @CsvSource({
    "10, true, true, 3",
    "10, false, false, 3",
    "0, false, false, 3",
    "0, true, true, 0",
    "100, true, true, 0",
    "100, false, false, 3"
  })
  void whateverWaitsForAPersonIsNotWell(int percentage, boolean manual, boolean durable, int code) {
    JsonObject state =
        new JsonObject()
            .put("phase", "x")
            .put("percentage", percentage)
            .put("paused", false)
            .put("manual", manual)
            .put("durable", durable);
    JsonObject health =
        new JsonObject()
            .put("verdict", "healthy")
            .put("promotion", new JsonObject().put("ready", true));
    assertThat(ExitCode.of(state, health).code()).isEqualTo(code);
  }

  @Test
  void withoutDataARolloutWaits() {
    JsonObject state =
        new JsonObject().put("phase", "canary_10").put("percentage", 10).put("paused", false);
    assertThat(ExitCode.of(state, new JsonObject())).isEqualTo(ExitCode.WAITS);
  }

  @Test
  void theReadmeAndTheHelpHaveEachCode() throws IOException {
    String sentence =
        "0 all is well, 1 not reachable, 2 wrong usage, 3 it waits for data, proof or a person,"
            + " 4 a limit is exceeded, 5 rolled back";
    assertThat(Files.readString(Path.of("README.md"))).contains(sentence);
    assertThat(Files.readString(Path.of("docs/operations.md"))).contains(sentence);
    String help = new CommandLine(new StatusCommand()).getUsageMessage();
    assertThat(help.replaceAll("\\s+", " ")).contains(sentence);
    for (ExitCode code : ExitCode.values()) {
      assertThat(" " + sentence).contains(" " + code.code() + " ");
    }
  }
}
