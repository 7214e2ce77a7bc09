package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code status}: where the rollout stands; the exit code is the verdict. */
@Command(
    name = "status",
    description = "Tells where the rollout stands; the exit code is the verdict.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  rollout-proxy status --watch --timeout 10m",
      "",
      "Exit codes: 0 all is well, 1 not reachable, 2 wrong usage, 3 it waits for data,",
      "proof or a person, 4 a limit is exceeded, 5 rolled back."
    })
final class StatusCommand extends ApiCommand {
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  @Option(
      names = "--watch",
      description = "Print each change, until all traffic is at Foundry, or none any more.")
  private boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60s",
      converter = SecondsConverter.class,
      description = "How long to watch, such as 60s or 10m. Default: ${DEFAULT-VALUE}.")
  private Duration timeout;

  @Override
  ExitCode run(AdminApi api) throws AdminApi.Refused {
    long until = System.nanoTime() + timeout.toNanos();
    String shown = "";
    while (true) {
      JsonObject state = api.state();
      JsonObject health = api.health();
      ExitCode verdict = ExitCode.of(state, health);
      String changes =
          state.getString("phase") + state.getString("reason") + state.getInteger("percentage");
      if (!changes.equals(shown)) {
        show(api, state, health, verdict);
        shown = changes;
      }
      if (!watch || ExitCode.isFinal(state, verdict) || System.nanoTime() - until >= 0) {
        return verdict;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void show(AdminApi api, JsonObject state, JsonObject health, ExitCode verdict)
      throws AdminApi.Refused {
    if (json()) {
      out().println(state.copy().put("verdict", verdict.name().toLowerCase(Locale.ROOT)).encode());
    } else {
      JsonArray providers = api.list("/api/v1/providers");
      out().println(StatusText.of(state, health, providers));
    }
    out().flush();
  }
}
