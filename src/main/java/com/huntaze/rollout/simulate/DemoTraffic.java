package com.huntaze.rollout.simulate;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A steady, bounded load on a proxy, of the kinds that its clients send: {@code /route} and chat
 * completions, whole and as streams, most of them from a user who returns. It is an open loop: a
 * slow proxy is not sent less, and what exceeds the limit on open requests is dropped and counted.
 */
public final class DemoTraffic {
  private final Vertx vertx;
  private final TrafficGenerator generator;

  private DemoTraffic(Vertx vertx, TrafficGenerator generator) {
    this.vertx = vertx;
    this.generator = generator;
  }

  /**
   * Starts the load.
   *
   * @param listener gets a summary at each interval of the plan, on an event loop: it must not
   *     block
   */
  public static Future<DemoTraffic> start(
      Vertx vertx, TrafficPlan plan, Consumer<TrafficSummary> listener) {
    Objects.requireNonNull(listener, "listener");
    TrafficGenerator generator = new TrafficGenerator(plan, listener);
    return vertx.deployVerticle(generator).map(deployed -> new DemoTraffic(vertx, generator));
  }

  /**
   * Begins nothing more, and lets what is open come to its end. The listener hears nothing more.
   * Any thread may call this.
   */
  public void finish() {
    generator.finish();
  }

  /** Stops the load and hangs up on what is open. The listener hears nothing more. */
  public Future<Void> stop() {
    return vertx.undeploy(generator.deploymentID());
  }
}
