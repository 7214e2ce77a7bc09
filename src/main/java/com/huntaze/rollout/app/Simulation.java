package com.huntaze.rollout.app;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.simulate.BackendProfile;
import com.huntaze.rollout.simulate.DemoTraffic;
import com.huntaze.rollout.simulate.FaultSwitch;
import com.huntaze.rollout.simulate.SimulateSettings;
import com.huntaze.rollout.simulate.SimulatedBackend;
import com.huntaze.rollout.simulate.TrafficPlan;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The simulated backends and traffic that {@code simulate} asks for. */
final class Simulation {
  private static final Logger log = LoggerFactory.getLogger(Simulation.class);

  private final Vertx vertx;
  private final SimulateSettings settings;
  private final Map<Provider, SimulatedBackend> backends;
  private final FaultSwitch faults;
  private DemoTraffic traffic;

  private Simulation(
      Vertx vertx, Bus bus, SimulateSettings settings, Map<Provider, SimulatedBackend> backends) {
    this.vertx = vertx;
    this.settings = settings;
    this.backends = backends;
    this.faults = FaultSwitch.of(bus, backends.get(Provider.FOUNDRY));
  }

  static Future<Simulation> start(Vertx vertx, Bus bus, SimulateSettings settings) {
    return backend(vertx, BackendProfile.foundry(settings.foundryPort()), "simulate.foundryPort")
        .compose(
            foundry ->
                backend(vertx, BackendProfile.legacy(settings.legacyPort()), "simulate.legacyPort")
                    .map(legacy -> Map.of(Provider.FOUNDRY, foundry, Provider.LEGACY, legacy)))
        .map(backends -> new Simulation(vertx, bus, settings, backends));
  }

  private static Future<SimulatedBackend> backend(
      Vertx vertx, BackendProfile profile, String setting) {
    return SimulatedBackend.start(vertx, profile)
        .recover(
            failure ->
                Future.failedFuture(
                    BindFailure.describe(setting, profile.host(), profile.port(), failure)));
  }

  /** Returns the port of a simulated provider. */
  int port(Provider provider) {
    return backends.get(provider).port();
  }

  /** Begins to send requests to the proxy, and logs what becomes of them. */
  Future<Void> sendTraffic(int proxyPort) {
    if (settings.requestsPerSecond() == 0) {
      return Future.succeededFuture();
    }
    TrafficPlan plan =
        TrafficPlan.of("http://127.0.0.1:" + proxyPort, settings.requestsPerSecond());
    return DemoTraffic.start(vertx, plan, summary -> log.info("{}", summary.sentence()))
        .onSuccess(started -> traffic = started)
        .mapEmpty();
  }

  /** The proxy begins to drain: nobody sends it requests any more that it would refuse. */
  void finishTraffic() {
    if (traffic != null) {
      traffic.finish();
    }
  }

  /** Hangs up, then closes the backends, which nobody calls any more. */
  Future<Void> close() {
    faults.close();
    Future<Void> ended = traffic == null ? Future.succeededFuture() : traffic.stop();
    for (SimulatedBackend backend : backends.values()) {
      ended = ended.transform(before -> backend.close());
    }
    return ended;
  }
}
