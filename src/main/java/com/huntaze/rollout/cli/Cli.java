package com.huntaze.rollout.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The commands for a proxy that runs. */
public final class Cli {
  private Cli() {}

  /** Returns the makers of the commands, by name, in the order in which the help lists them. */
  public static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("status", StatusCommand::new);
    for (OrderCommand.Order order : OrderCommand.Order.values()) {
      commands.put(order.label(), () -> OrderCommand.of(order));
    }
    commands.put("set", SetCommand::new);
    commands.put("reload", ReloadCommand::new);
    commands.put("costs", CostsCommand::new);
    commands.put("transitions", TransitionsCommand::new);
    commands.put("cluster", ClusterCommand::new);
    commands.put("healthcheck", HealthcheckCommand::new);
    return commands;
  }
}
