package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code start}, {@code advance}, {@code pause}, {@code resume}, {@code rollback}, {@code reset}.
 */
@Command(mixinStandardHelpOptions = true)
class OrderCommand extends ApiCommand {
  /** The orders that people can give, with their effects. */
  enum Order {
    START("Begins the rollout, or a new attempt after a rollback.", "the new router is ready"),
    ADVANCE("Goes to the next stage now.", "looked at it for a day"),
    PAUSE("Stops promotion; the share stays as it is.", "no changes over the weekend"),
    RESUME("Lets promotion go on.", "back on Monday"),
    ROLLBACK("Sends everything to legacy at once.", "answers are cut short"),
    RESET("Begins a new epoch at 0 %.", "the quota was raised");

    private final String description;
    private final String example;

    Order(String description, String reason) {
      this.description = description;
      this.example = "--reason \"%s\"".formatted(reason);
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Order order;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the audit.")
  private String reason;

  OrderCommand(Order order) {
    this.order = order;
  }

  /** As a command of the command line. */
  static CommandLine of(Order order) {
    CommandLine command = new CommandLine(new OrderCommand(order));
    // Picocli takes a description for a format.
    String description = order.description.replace("%", "%%");
    command
        .getCommandSpec()
        .name(order.label())
        .usageMessage()
        .description(description)
        .footer("", "Example:", "  rollout-proxy %s %s".formatted(order.label(), order.example));
    return command;
  }

  @Override
  ExitCode run(AdminApi api) throws AdminApi.Refused {
    show(api.post("/api/v1/canary/" + order.label(), new JsonObject().put("reason", reason)));
    return ExitCode.GOOD;
  }

  private void show(JsonObject state) {
    out()
        .println(
            json()
                ? state.encode()
                : "%s at %d %%: %s"
                    .formatted(
                        state.getString("phase"),
                        state.getInteger("percentage"),
                        state.getString("reason")));
  }
}
