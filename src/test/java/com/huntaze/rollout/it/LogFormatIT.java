package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A log that machines read: a JSON object on every line that the process writes. */
@Tag("heavy")
class LogFormatIT {
  @Test
  void writesAnObjectALine() throws Exception {
    JsonObject settings =
        RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1")
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("state", new JsonObject().put("dir", ""));
    Path file = ProxyProcess.configuration(settings.encode());
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            System.getProperty("rollout.jar"),
            "run",
            "--config",
            file.toString());
    builder.environment().put("LOG_FORMAT", "json");
    Process process = builder.redirectErrorStream(true).start();
    List<JsonObject> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(new JsonObject(line));
        if (line.contains(" listens: ")) {
          process.toHandle().destroy();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line.fieldNames())
                    .contains("@timestamp", "log.level", "message", "ecs.version", "service.name"));
    assertThat(lines)
        .extracting(line -> line.getString("message"))
        .anyMatch(message -> message.startsWith("rollout-proxy 0.2.0 listens: proxy http://"))
        .anyMatch(message -> message.startsWith("Draining: "));
  }

  @Test
  void refusesAFormatThatThereIsNot() throws Exception {
    ProxyProcess.Ended ended = ProxyProcess.run(Map.of("LOG_FORMAT", "xml"), "demo");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.output()).endsWith("LOG_FORMAT: xml (expected: text or json)");
    ProxyProcess.Ended empty = ProxyProcess.run(Map.of("LOG_FORMAT", ""), "demo");
    assertThat(empty.code()).isEqualTo(2);
    assertThat(empty.output()).endsWith("LOG_FORMAT: empty (expected: text or json)");
  }
}
