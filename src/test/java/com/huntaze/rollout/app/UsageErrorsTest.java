package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A command that is given wrongly ends with 2 and its usage, before anybody is asked. */
class UsageErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | Missing command",
        "rnu | Unmatched argument",
        "run extra | Unmatched argument",
        "set | Missing required parameter",
        "set much | Invalid value",
        "set 130 | PERCENT: 130 (expected: a whole number, 0..100)",
        "set -- -1 | PERCENT: -1 (expected: a whole number, 0..100)",
        "costs --by colour | --by: colour (expected: model, agent, tier,",
        "costs --by | Missing required parameter",
        "status --timeout soon | soon (expected: such as 60s)",
        "status --admin localhost:9090 | --admin: localhost:9090 (expected: a URL such as",
        "status --ca no/such.pem | --ca: no/such.pem (expected: a PEM file",
        "healthcheck --port 70000 | --port: 70000 (expected: 1..65535)",
        "healthcheck --port x | Invalid value",
        "doctor --timeout 0s | --timeout: 0s (expected: such as 10s)",
        "state | Missing command (expected: init)",
        "state init | Missing required option",
        "rollback --because x | Unknown option",
      })
  void endsWithTwoAndTheUsage(String command, String sentence) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] arguments = command == null ? new String[0] : command.split(" ");
    CommandLine line = Main.commandLine(arguments);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertThat(line.execute(arguments)).as(err.toString()).isEqualTo(2);
    assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }
}
