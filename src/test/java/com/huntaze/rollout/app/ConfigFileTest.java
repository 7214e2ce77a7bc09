package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Commands find the configuration where it is shipped. */
class ConfigFileTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    CommandLine line = Main.commandLine(arguments);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  @Test
  void takesTheUsualFileWithoutAnArgument() {
    assertThat(execute("check")).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("conf/proxy.json: valid");
  }

  @Test
  void takesTheFileThatIsNamed() {
    assertThat(execute("check", "--config", "conf/none.json")).isEqualTo(2);
    assertThat(err.toString()).contains("conf/none.json: no such file");
    assertThat(execute("check", "--config", "conf/demo.json")).as(err.toString()).isZero();
  }

  @Test
  void everyCommandThatReadsItSaysSo() {
    for (String command : new String[] {"run", "check", "doctor"}) {
      assertThat(Main.commandLine(command).getSubcommands().get(command).getUsageMessage())
          .contains("Default: conf/proxy.json.");
    }
  }
}
