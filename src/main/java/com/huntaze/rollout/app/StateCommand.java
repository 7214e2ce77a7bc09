package com.huntaze.rollout.app;

import com.huntaze.rollout.store.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code state}: prepares a state directory. */
@Command(
    name = "state",
    description = "Prepares a state directory.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "init",
    footer = {"", "Example:", "  rollout-proxy state init --dir data"})
final class StateCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command (expected: init)");
  }

  @Command(
      name = "init",
      description =
          "Makes a state directory, if need be, and marks it as new: canary.autoStart begins a"
              + " rollout in it, once. A directory that was lost has no mark, so that a rollback"
              + " that was lost with it is not followed by a start.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Example:",
        "  rollout-proxy state init --dir data",
        "",
        "Exit codes: 0 marked, 1 it cannot be, 2 wrong usage."
      })
  int init(
      @Option(
              names = "--dir",
              required = true,
              paramLabel = "DIR",
              description = "The directory, as in state.dir.")
          Path dir) {
    try {
      FileStore.init(dir.toAbsolutePath());
      spec.commandLine().getOut().println(dir + ": marked as new");
      return Main.OK;
    } catch (IOException refused) {
      spec.commandLine().getErr().println(refused.getMessage());
      return Main.FAILED;
    }
  }
}
