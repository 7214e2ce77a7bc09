package com.huntaze.rollout.cli;

import picocli.CommandLine;

/** The commands for a proxy that runs. */
public final class Cli {
  private Cli() {}

  /** Adds them to the command line. */
  public static void addTo(CommandLine line) {
    line.addSubcommand(new StatusCommand());
    for (OrderCommand.Order order : OrderCommand.Order.values()) {
      line.addSubcommand(order.label(), OrderCommand.of(order));
    }
    line.addSubcommand(new SetCommand());
    line.addSubcommand(new ReloadCommand());
    line.addSubcommand(new CostsCommand());
    line.addSubcommand(new TransitionsCommand());
    line.addSubcommand(new HealthcheckCommand());
  }
}
