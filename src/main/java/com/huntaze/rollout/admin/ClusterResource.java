package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /api/v1/cluster}: the replicas that are one rollout, as this one sees them. */
final class ClusterResource {
  private static final long SOON_MILLIS = 5_000;

  private final Bus bus;

  ClusterResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/cluster", this::get);
  }

  private void get(RoutingContext context) {
    bus.<JsonObject>ask(FleetAddresses.GET, null, SOON_MILLIS)
        .onComplete(
            body -> JsonAnswer.send(context, body),
            failure -> {
              if (isAlone(failure)) {
                Problem.send(context, 404, "no cluster is configured: this replica is by itself");
              } else {
                Problem.send(context, 503, "the cluster does not answer");
              }
            });
  }

  private static boolean isAlone(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }
}
