package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** Validates: Requirements 6.4, 6.5. The breaker of a deployed verticle, with real timers. */
class BreakerVerticlePropertyTest {
  private static final Duration RESET = Duration.ofMillis(25);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int FAILURES = 5;
  private static Vertx vertx;
  private ProviderBreaker breaker;
  private String deployed;

  @BeforeContainer
  static void begin() {
    vertx = Vertx.vertx();
  }

  @AfterContainer
  static void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @BeforeTry
  void start() throws Exception {
    BreakerVerticle home =
        new BreakerVerticle(
            new Bus(vertx, ""),
            Map.of(Provider.FOUNDRY, new CircuitBreakerSettings(FAILURES, RESET)),
            new SimpleMeterRegistry());
    deployed =
        vertx
            .deployVerticle(home)
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    breaker = home.breakers().get(Provider.FOUNDRY);
  }

  @AfterTry
  void stop() throws Exception {
    vertx.undeploy(deployed).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void ends(BreakerResult result) {
    BreakerPermit permit = breaker.admit(Standing.REPLACEABLE, 1, false);
    assertThat(permit).isNotNull();
    permit.end(result);
  }

  @Property(tries = 120)
  @Tag("azure-foundry-production-rollout-property-8")
  @Label("**Feature: azure-foundry-production-rollout, Property 8: Circuit breaker state machine**")
  void opensThenHalfOpensThenClosesOrOpensAgain(
      @ForAll("quiet") List<BreakerResult> before,
      @ForAll @IntRange(min = 0, max = 2) int failedTrials,
      @ForAll boolean neutralTrial) {
    before.forEach(this::ends);
    for (int i = 0; i < FAILURES; i++) {
      assertThat(breaker.state()).isInstanceOf(BreakerState.Closed.class);
      ends(BreakerResult.FAILURE);
    }
    isOpenThenHalfOpen();
    for (int i = 0; i < failedTrials; i++) {
      ends(BreakerResult.FAILURE);
      isOpenThenHalfOpen();
    }
    if (neutralTrial) {
      ends(BreakerResult.NEUTRAL);
      assertThat(breaker.state()).isInstanceOf(BreakerState.HalfOpen.class);
    }
    ends(BreakerResult.SUCCESS);
    assertThat(breaker.state()).isInstanceOf(BreakerState.Closed.class);
    ends(BreakerResult.SUCCESS);
  }

  private void isOpenThenHalfOpen() {
    BreakerState.Open open = (BreakerState.Open) breaker.state();
    assertThat(open.trialsFromMillis() - open.sinceMillis()).isEqualTo(RESET.toMillis());
    Waits.until(() -> breaker.state() instanceof BreakerState.HalfOpen);
    long openMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) - open.sinceMillis();
    assertThat(openMillis).as("open for").isGreaterThanOrEqualTo(RESET.toMillis() - 1);
  }

  /** Results that never fail five times in a row, and end with a success. */
  @Provide
  Arbitrary<List<BreakerResult>> quiet() {
    return Arbitraries.of(
            List.of(BreakerResult.SUCCESS),
            List.of(BreakerResult.NEUTRAL, BreakerResult.SUCCESS),
            List.of(
                BreakerResult.FAILURE,
                BreakerResult.FAILURE,
                BreakerResult.FAILURE,
                BreakerResult.FAILURE,
                BreakerResult.SUCCESS))
        .list()
        .ofMaxSize(6)
        .map(parts -> parts.stream().flatMap(List::stream).toList());
  }
}
