package com.huntaze.rollout.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks a running proxy. What the proxy refuses goes to the error stream. */
abstract class ApiCommand implements Callable<Integer> {
  @Mixin private AdminOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      return run(options.api()).code();
    } catch (AdminApi.Refused refused) {
      spec.commandLine().getErr().println(StatusText.printable(refused.getMessage()));
      return refused.exitCode().code();
    }
  }

  /** The failure of a command that was given wrongly; it ends with the command's usage. */
  ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  /** Does it; what is thrown is one sentence for people. */
  abstract ExitCode run(AdminApi api) throws AdminApi.Refused;

  boolean json() {
    return options.json();
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
