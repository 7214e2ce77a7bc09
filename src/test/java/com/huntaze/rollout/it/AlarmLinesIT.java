package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.stages;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each alarm of the Terraform that goes by the log, provoked: the packaged jar writes a line that
 * the alarm's own filter matches, and none before.
 */
@Tag("heavy")
class AlarmLinesIT {
  private static final Path ALARMS = Path.of("deploy", "terraform", "alarms.tf");
  private static final Pattern ALARM =
      Pattern.compile("(?m)^ +([a-z-]+) += \\{ pattern = \"((?:[^\"\\\\]|\\\\.)*)\"");

  /** The one form of a filter that is used: a field of the line has a value. */
  private static final Pattern FILTER =
      Pattern.compile("\\{ \\$\\.\\['([a-z.]+)'\\] = \"([a-z_]+)\" \\}");

  private static final Map<String, String> JSON = Map.of("LOG_FORMAT", "json");
  private static final String UNUSED = "http://127.0.0.1:1";

  @TempDir private Path temporary;

  /** The names of all alarms, with their filters. */
  private static Map<String, String> filters() throws IOException {
    Map<String, String> filters = new LinkedHashMap<>();
    Matcher alarm = ALARM.matcher(Files.readString(ALARMS));
    while (alarm.find()) {
      filters.put(alarm.group(1), alarm.group(2).replace("\\\"", "\""));
    }
    return filters;
  }

  static Stream<String> alarms() throws IOException {
    return filters().keySet().stream();
  }

  private static long matches(String filter, String output) {
    Matcher parts = FILTER.matcher(filter);
    assertThat(parts.matches()).as(filter).isTrue();
    return output
        .lines()
        .map(JsonObject::new)
        .filter(line -> parts.group(2).equals(line.getValue(parts.group(1))))
        .count();
  }

  private Path dir() {
    return temporary.resolve("state");
  }

  private RolloutProcess proxy() throws Exception {
    // What tells of an exchange is another log, with lines of its own.
    JsonObject quiet = stages("1h").put("accessLog", new JsonObject().put("enabled", false));
    return RolloutProcess.start(JSON, UNUSED, UNUSED, dir(), quiet);
  }

  @Test
  void thereAreThree() throws IOException {
    assertThat(filters()).containsOnlyKeys("rollback", "state-not-durable", "state-damaged");
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void isRaisedByItsLine(String name) throws Exception {
    String filter = filters().get(name);
    try (RolloutProcess proxy = proxy()) {
      proxy.done("start");
      assertThat(matches(filter, proxy.process().output())).as("before").isZero();
      switch (name) {
        case "rollback" -> proxy.done("rollback");
        case "state-not-durable" -> {
          Files.move(dir(), temporary.resolve("gone"));
          assertThat(proxy.command("rollback").body())
              .contains("the rollback is in force, but could not be made durable");
        }
        case "state-damaged" -> {
          proxy.kill();
          Files.writeString(dir().resolve("state.json"), "nonsense");
        }
        default -> throw new AssertionError(name + " is provoked by nothing here");
      }
      if (!name.equals("state-damaged")) {
        Waits.until(proxy.process()::output, output -> matches(filter, output) > 0);
        return;
      }
    }
    try (RolloutProcess again = proxy()) {
      Waits.until(again.process()::output, output -> matches(filter, output) > 0);
    }
  }
}
