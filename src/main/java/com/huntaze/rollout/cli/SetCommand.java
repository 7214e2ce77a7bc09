package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code set}: Foundry's share, by hand. */
@Command(
    name = "set",
    description = "Sets Foundry's share by hand; nothing is promoted until start or advance.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rollout-proxy set 25 --reason \"a quarter over the weekend\""})
final class SetCommand extends ApiCommand {
  private static final int MOST = 100;

  @Parameters(paramLabel = "PERCENT", description = "0..100")
  private int percentage;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the audit.")
  private String reason;

  @Override
  ExitCode run(AdminApi api) throws AdminApi.Refused {
    if (percentage < 0 || percentage > MOST) {
      throw usage("PERCENT: %d (expected: a whole number, 0..%d)".formatted(percentage, MOST));
    }
    JsonObject body = new JsonObject().put("percentage", percentage).put("reason", reason);
    JsonObject state = api.put("/api/v1/canary/percentage", body);
    out()
        .println(
            json()
                ? state.encode()
                : "%s at %d %%"
                    .formatted(state.getString("phase"), state.getInteger("percentage")));
    return ExitCode.GOOD;
  }
}
