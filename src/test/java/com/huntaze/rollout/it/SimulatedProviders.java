package com.huntaze.rollout.it;

import com.huntaze.rollout.simulate.BackendProfile;
import com.huntaze.rollout.simulate.Fault;
import com.huntaze.rollout.simulate.SimulatedBackend;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** Both providers, simulated and twenty times as fast, and proxies before them. */
final class SimulatedProviders implements AutoCloseable {
  private static final double PACE = 0.05;

  private final Vertx vertx = Vertx.vertx();
  private final SimulatedBackend foundry = start(BackendProfile.foundry(0));
  private final SimulatedBackend legacy = start(BackendProfile.legacy(0));

  private SimulatedBackend start(BackendProfile profile) {
    return RunningProxy.await(SimulatedBackend.start(vertx, profile.withPace(PACE)));
  }

  SimulatedBackend foundry() {
    return foundry;
  }

  SimulatedBackend legacy() {
    return legacy;
  }

  /** The address at which a client asks a provider itself. */
  static String direct(SimulatedBackend backend) {
    return "http://127.0.0.1:" + backend.port();
  }

  /** The address at which it asks the proxy. */
  static String through(Wire wire, RunningProxy proxy) {
    return wire.scheme() + "://127.0.0.1:" + proxy.port();
  }

  /**
   * A proxy in mode foundry.
   *
   * @param provider the settings of each provider
   */
  RunningProxy proxy(Wire wire, JsonObject provider) {
    JsonObject both = new JsonObject().put("foundry", provider).put("legacy", provider.copy());
    return RunningProxy.start(
        wire,
        RunningProxy.before("foundry", direct(foundry), direct(legacy))
            .mergeIn(new JsonObject().put("providers", both), true));
  }

  /** Ends what went wrong on purpose. */
  void repair() {
    foundry.fault(Fault.none());
    legacy.fault(Fault.none());
  }

  @Override
  public void close() {
    RunningProxy.await(vertx.close());
  }
}
