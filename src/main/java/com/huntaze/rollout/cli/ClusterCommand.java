package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;

/** {@code cluster}: the replicas that are one rollout. */
@Command(
    name = "cluster",
    description = {
      "Tells the members of the cluster, as the replica that is asked sees them.",
      "Exit code: 0 all are alike and heard, 1 not reachable or no cluster, 2 wrong usage, 3 no"
          + " leader is heard, or a member is silent or has another configuration."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rollout-proxy cluster --admin http://10.0.0.5:9090"})
final class ClusterCommand extends ApiCommand {
  @Override
  ExitCode run(AdminApi api) throws AdminApi.Refused {
    JsonObject cluster = api.cluster();
    out().println(json() ? cluster.encode() : ClusterText.of(cluster));
    return ClusterText.verdict(cluster);
  }
}
