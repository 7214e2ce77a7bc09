package com.huntaze.rollout.app;

import com.huntaze.rollout.cli.Cli;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: {@code rollout-proxy demo | run | check}, and those for one that runs. */
@Command(
    name = "rollout-proxy",
    description =
        "Moves AI traffic from a legacy backend to Azure AI Foundry: splits, watches, rolls back.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    synopsisSubcommandLabel = "demo | run | check | config | doctor | status | …",
    footer = {
      "",
      "Examples:",
      "  rollout-proxy demo",
      "      Two simulated backends and a little traffic; nothing leaves this machine.",
      "  rollout-proxy run --config conf/proxy.json",
      "      The proxy before your router. AI_ROUTER_URL, AI_LEGACY_URL, AI_PROVIDER,",
      "      AI_CANARY_PERCENTAGE and AI_ROUTER_API_KEY are read from the environment.",
      "  rollout-proxy check --config conf/proxy.json",
      "      Tells everything that is wrong with a configuration.",
      "  rollout-proxy doctor --config conf/proxy.json",
      "      Looks at ports, providers, certificates, clocks, keys, disk and limits from here.",
      "  rollout-proxy status --watch --timeout 10m",
      "      Where the rollout of a running proxy stands; the exit code is the verdict.",
      "",
      "Exit codes: 0 good, 1 failed, 2 wrong usage or configuration."
    })
public final class Main implements Runnable {
  /** All is well. */
  static final int OK = 0;

  /** It was asked for rightly and failed. */
  static final int FAILED = 1;

  /** The flags or the configuration are wrong. */
  static final int USAGE = 2;

  @Spec private CommandSpec spec;

  /** The entry point of every JVM. */
  public static void main(String[] arguments) {
    LogFormat.configure();
    int code = commandLine(arguments).execute(arguments);
    if (code != OK) {
      System.exit(code);
    }
  }

  /**
   * With the one command that is named first, if it is one, else with all of them. Each is read by
   * reflection, and a start need not wait for the others.
   */
  static CommandLine commandLine(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    Map<String, Supplier<Object>> commands = commands();
    if (arguments.length > 0 && commands.containsKey(arguments[0])) {
      line.addSubcommand(arguments[0], commands.get(arguments[0]).get());
    } else {
      commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
    }
    return line;
  }

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", DemoCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("config", ConfigCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("state", StateCommand::new);
    commands.putAll(Cli.commands());
    return commands;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Missing command (expected: demo, run or check)");
  }

  /** Prints the build's version. */
  static final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"rollout-proxy " + Version.text()};
    }
  }
}
