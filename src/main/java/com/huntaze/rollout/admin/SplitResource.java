package com.huntaze.rollout.admin;

import com.huntaze.rollout.traffic.TrafficMetrics;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.function.Supplier;

/** {@code GET /api/v1/split}: what the splitters were told and did (the seed's getMetrics). */
final class SplitResource {
  private final Supplier<TrafficMetrics> split;

  SplitResource(Supplier<TrafficMetrics> split) {
    this.split = split;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/split", context -> JsonAnswer.send(context, json(split.get())));
  }

  private static JsonObject json(TrafficMetrics metrics) {
    return new JsonObject()
        .put("percentage", metrics.percentage())
        .put("foundry", metrics.foundry())
        .put("legacy", metrics.legacy())
        .put("total", metrics.total())
        .put("foundryShare", metrics.foundryShare());
  }
}
