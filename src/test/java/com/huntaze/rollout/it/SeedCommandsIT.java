package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests of {@code docs/seed.md}, as they stand there, to the demo of the packaged jar. */
@Tag("heavy")
class SeedCommandsIT {
  private static final Pattern COMMAND = Pattern.compile("`(curl [^`]+:(?:8080|9090)/[^`]+)`");

  private static LinkedHashSet<String> commands() throws Exception {
    LinkedHashSet<String> commands = new LinkedHashSet<>();
    COMMAND
        .matcher(Files.readString(Path.of("docs/seed.md")))
        .results()
        .forEach(found -> commands.add(found.group(1)));
    return commands;
  }

  private static int status(String command, ProxyProcess proxy) throws Exception {
    String line =
        command
                .replace("127.0.0.1:8080/", "127.0.0.1:" + proxy.port() + "/")
                .replace("127.0.0.1:9090/", "127.0.0.1:" + proxy.adminPort() + "/")
            + " -o /dev/null -w '%{http_code}'";
    Process process = new ProcessBuilder("sh", "-c", line).start();
    String code = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(line).isTrue();
    return Integer.parseInt(code);
  }

  /** A demo on a slow machine may be unhealthy by then, and refuses a larger share. */
  private static List<Integer> expected(String command) {
    return command.contains("PUT") ? List.of(200, 409) : List.of(200);
  }

  @Test
  void everyRequestIsAnsweredAsThePageSays() throws Exception {
    assertThat(commands()).hasSizeGreaterThan(10);
    try (ProxyProcess proxy =
        ProxyProcess.start(List.of(), Map.of(), "demo", "--port", "0", "--admin-port", "0")) {
      for (String command : commands()) {
        assertThat(status(command, proxy)).as(command).isIn(expected(command));
      }
    }
  }
}
