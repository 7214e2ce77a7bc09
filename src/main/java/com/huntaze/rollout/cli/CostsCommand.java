package com.huntaze.rollout.cli;

import com.huntaze.rollout.cost.Dimension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code costs}: what was charged since the books were begun. */
@Command(
    name = "costs",
    description = "Tells what was charged.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rollout-proxy costs --by agent"})
final class CostsCommand extends ApiCommand {
  @Option(
      names = "--by",
      paramLabel = "WHAT",
      defaultValue = "model",
      description =
          "model, agent, tier, provider, key, deployment or region. Default: ${DEFAULT-VALUE}.")
  private String by;

  @Override
  ExitCode run(AdminApi api) throws AdminApi.Refused {
    if (Dimension.of(by).isEmpty()) {
      throw usage("--by: %s (expected: %s)".formatted(by, Dimension.words()));
    }
    JsonObject costs = api.costs(by);
    if (json()) {
      out().println(costs.encode());
      return ExitCode.GOOD;
    }
    JsonArray rows = costs.getJsonArray("rows");
    for (int i = 0; i < rows.size(); i++) {
      out().println(StatusText.cost(rows.getJsonObject(i), by));
    }
    out().println(StatusText.cost(costs.getJsonObject("total").copy().put(by, "total"), by));
    StatusText.fleet(costs).ifPresent(out()::println);
    return ExitCode.GOOD;
  }
}
