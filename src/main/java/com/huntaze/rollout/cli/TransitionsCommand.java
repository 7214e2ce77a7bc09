package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonArray;
import picocli.CommandLine.Command;

/** {@code transitions}: the audit, oldest first. */
@Command(
    name = "transitions",
    description = "Tells who changed what, when and why, oldest first.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rollout-proxy transitions --json"})
final class TransitionsCommand extends ApiCommand {
  @Override
  ExitCode run(AdminApi api) throws AdminApi.Refused {
    JsonArray transitions = api.list("/api/v1/transitions");
    if (json()) {
      out().println(transitions.encode());
      return ExitCode.GOOD;
    }
    for (int i = 0; i < transitions.size(); i++) {
      out().println(StatusText.transition(transitions.getJsonObject(i)));
    }
    return ExitCode.GOOD;
  }
}
