package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each time that a breaker opens has a timer of its own; what is left of an older one is void. */
class BreakerTimerTest {
  private static final Duration RESET = Duration.ofMillis(1_500);
  private static final CircuitBreakerSettings SETTINGS = new CircuitBreakerSettings(1, RESET);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Vertx vertx;
  private BreakerVerticle home;
  private ProviderBreaker breaker;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    home =
        new BreakerVerticle(
            new Bus(vertx, ""), Map.of(Provider.FOUNDRY, SETTINGS), new SimpleMeterRegistry());
    done(vertx.deployVerticle(home));
    breaker = home.breakers().get(Provider.FOUNDRY);
  }

  @AfterEach
  void stop() throws Exception {
    done(vertx.close());
  }

  private static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private long open() {
    breaker.admit(Standing.REPLACEABLE, 1, false).failed();
    assertThat(breaker.state()).isInstanceOf(BreakerState.Open.class);
    return System.nanoTime();
  }

  private void moves() throws Exception {
    done(home.configure(Map.of(Provider.FOUNDRY, SETTINGS), Set.of(Provider.FOUNDRY)));
    Waits.until(() -> breaker.state() instanceof BreakerState.Closed);
  }

  private void awaitHalfOpen() {
    Waits.until(() -> breaker.state() instanceof BreakerState.HalfOpen);
  }

  @Test
  void aTimerFromBeforeAnotherAddressDoesNotTouchTheNewerBreaker() throws Exception {
    open();
    Waits.pause(RESET.dividedBy(2));
    moves();
    long opened = open();
    awaitHalfOpen();
    assertThat(System.nanoTime() - opened).isGreaterThanOrEqualTo(RESET.toNanos() * 9 / 10);
  }

  @Test
  void itHalfOpensHoweverOftenTheAddressChangedWhileItWasOpen() throws Exception {
    for (int i = 0; i < 3; i++) {
      open();
      moves();
    }
    open();
    awaitHalfOpen();
    breaker.admit(Standing.REPLACEABLE, 1, false).succeeded();
    assertThat(breaker.state()).isInstanceOf(BreakerState.Closed.class);
  }
}
