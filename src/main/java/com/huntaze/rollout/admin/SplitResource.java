package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.traffic.TrafficMetrics;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.function.Supplier;

/** {@code GET /api/v1/split}: what the splitters were told and did (the seed's getMetrics). */
final class SplitResource {
  private final Bus bus;
  private final Supplier<TrafficMetrics> split;

  SplitResource(Bus bus, Supplier<TrafficMetrics> split) {
    this.bus = bus;
    this.split = split;
  }

  void mount(Router router) {
    Methods.get(
        router,
        "/api/v1/split",
        context ->
            FleetFigures.own(bus)
                .onSuccess(own -> JsonAnswer.send(context, own.tell(json(split.get())))));
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
