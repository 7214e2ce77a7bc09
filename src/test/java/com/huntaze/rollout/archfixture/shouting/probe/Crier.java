package com.huntaze.rollout.archfixture.shouting.probe;

import io.vertx.core.Vertx;

/** Tells the whole cluster. */
final class Crier {
  void cry(Vertx vertx) {
    vertx.eventBus().publish("news", "all of you");
  }
}
