package com.huntaze.rollout.breaker;

import com.huntaze.rollout.Cases;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The methods that tell the states of breakers apart. */
public final class BreakerCases {
  private static final CircuitBreakerSettings SETTINGS =
      new CircuitBreakerSettings(5, Duration.ofSeconds(30));

  private static final BreakerAlerts.Failures FAILURES =
      new BreakerAlerts.Failures(5, "", "closed");

  private BreakerCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) throws Exception {
    cases.dispatcher(
        "BreakerAlerts.of",
        BreakerState.class,
        each -> {
          BreakerState state = (BreakerState) each;
          BreakerAlerts.of(Provider.FOUNDRY, null, state, FAILURES);
          BreakerAlerts.of(Provider.FOUNDRY, new BreakerState.HalfOpen(0, false), state, FAILURES);
        });
    cases.dispatcher(
        "BreakerVerticle.kind",
        BreakerState.class,
        each -> Cases.call(BreakerVerticle.class, "kind", each));
    BreakerVerticle home =
        new BreakerVerticle(
            new Bus(cases.vertx(), ""),
            Map.of(Provider.FOUNDRY, SETTINGS),
            new SimpleMeterRegistry());
    cases
        .vertx()
        .deployVerticle(home)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    cases.dispatcher(
        "BreakerVerticle.sentence",
        BreakerState.class,
        each -> Cases.call(home, "sentence", Provider.FOUNDRY, each));
  }
}
