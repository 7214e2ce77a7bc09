package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.OutcomeClassifier;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The incidents of a process that is gone are ended by its successor, once it has shown it. */
class BreakerEndsTest {
  private static final CircuitBreakerSettings SETTINGS =
      new CircuitBreakerSettings(1, Duration.ofMillis(50));

  private final List<String> ended = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private Map<Provider, ProviderBreaker> breakers;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    vertx
        .eventBus()
        .<JsonObject>consumer(
            CanaryAddresses.ALERT_WELL, end -> ended.add(end.body().getString("subject")));
    BreakerVerticle home =
        new BreakerVerticle(
            new Bus(vertx, ""),
            Map.of(Provider.FOUNDRY, SETTINGS, Provider.LEGACY, SETTINGS),
            new SimpleMeterRegistry(),
            20);
    await(vertx.deployVerticle(home));
    breakers = home.breakers();
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void answers(Provider provider, int status) {
    BreakerPermit permit = breakers.get(provider).admit(Standing.REPLACEABLE, 1, false);
    Outcome outcome = OutcomeClassifier.ofStatus(status, false);
    permit.heard(outcome);
    permit.end(outcome.breaker());
  }

  @Test
  void aBreakerIsFoundClosedOnlyOnceItsProviderHasAnswered() {
    Waits.pause(Duration.ofMillis(200));
    assertThat(ended).as("nothing has been asked: nothing is known").isEmpty();
    answers(Provider.LEGACY, 200);
    Waits.until(() -> ended.size() == 1);
    assertThat(ended).containsExactly("breaker legacy");
    answers(Provider.FOUNDRY, 503);
    Waits.until(() -> breakers.get(Provider.FOUNDRY).state() instanceof BreakerState.HalfOpen);
    answers(Provider.FOUNDRY, 200);
    Waits.pause(Duration.ofMillis(200));
    assertThat(ended).as("one that it has told of itself ends itself, and each once").hasSize(1);
  }
}
