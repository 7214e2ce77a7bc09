package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private static final List<String> ALL =
      List.of(
          "demo",
          "run",
          "check",
          "config",
          "doctor",
          "state",
          "status",
          "start",
          "advance",
          "pause",
          "resume",
          "rollback",
          "reset",
          "set",
          "reload",
          "costs",
          "transitions",
          "cluster",
          "healthcheck");

  @Test
  void hasAllCommandsWhenNoneIsNamed() {
    for (String[] arguments : new String[][] {{}, {"--help"}, {"rnu"}, {"--version", "run"}}) {
      assertThat(Main.commandLine(arguments).getSubcommands().keySet())
          .containsExactlyElementsOf(ALL);
    }
  }

  @Test
  void hasOnlyTheOneThatIsNamed() {
    for (String name : ALL) {
      assertThat(Main.commandLine(name, "--help").getSubcommands()).containsOnlyKeys(name);
    }
  }

  @Test
  void callsEachByTheNameThatItHasItself() {
    CommandLine all = Main.commandLine();
    all.getSubcommands().forEach((name, line) -> assertThat(line.getCommandName()).isEqualTo(name));
    for (String name : ALL) {
      String usage = Main.commandLine(name).getSubcommands().get(name).getUsageMessage();
      assertThat(usage).isEqualTo(all.getSubcommands().get(name).getUsageMessage());
      assertThat(usage).contains("Usage: rollout-proxy " + name);
      assertThat(usage.substring(usage.indexOf("Example:"))).contains("  rollout-proxy " + name);
      assertThat(usage.lines()).allMatch(line -> line.length() <= 80);
    }
  }
}
