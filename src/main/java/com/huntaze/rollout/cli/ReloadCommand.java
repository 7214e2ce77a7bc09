package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;

/** {@code reload}: has a running proxy read its configuration again. */
@Command(
    name = "reload",
    description = "Has the running proxy read its configuration's files again.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  rollout-proxy reload --admin http://proxy:9090",
      "",
      "Exit codes: 0 in force, 1 refused or not reached, 2 wrong usage."
    })
final class ReloadCommand extends ApiCommand {
  @Override
  ExitCode run(AdminApi api) throws AdminApi.Refused {
    JsonObject result = api.reload();
    if (json()) {
      out().println(result.encode());
      return ExitCode.GOOD;
    }
    JsonArray changes = result.getJsonArray("changes");
    out()
        .println(
            changes.isEmpty()
                ? "unchanged: it is as it runs"
                : "in force, revision %d:".formatted(result.getInteger("revision")));
    for (int i = 0; i < changes.size(); i++) {
      JsonObject change = changes.getJsonObject(i);
      out()
          .printf(
              "  %s: %s -> %s%n",
              change.getString("path"), shown(change, "before"), shown(change, "after"));
    }
    return ExitCode.GOOD;
  }

  private static String shown(JsonObject change, String side) {
    String value = change.getString(side);
    return value.isEmpty() ? "none" : value;
  }
}
