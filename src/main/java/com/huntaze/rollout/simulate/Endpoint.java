package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonObject;

/** Answers the requests of one path. */
@FunctionalInterface
interface Endpoint {
  /** Starts the answer and returns at once; the exchange carries it to its end. */
  void serve(SimulatedExchange exchange, JsonObject body);
}
