package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A breaker outlives the verticle that tripped it: the timer of a Vert.x breaker dies with the
 * context that opened it, and it would stay open for ever.
 */
class BreakerRedeploymentTest {
  private static final CircuitBreakerSettings SETTINGS =
      new CircuitBreakerSettings(5, Duration.ofMillis(200));

  private Vertx vertx;
  private ProviderBreaker breaker;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    BreakerVerticle home =
        new BreakerVerticle(
            new Bus(vertx, ""), Map.of(Provider.FOUNDRY, SETTINGS), new SimpleMeterRegistry());
    await(vertx.deployVerticle(home));
    breaker = home.breakers().get(Provider.FOUNDRY);
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Does it on the context of a verticle that is undeployed at once. */
  private void inAVerticleThatGoes(ThreadingModel model, Runnable work) throws Exception {
    String id =
        await(
            vertx.deployVerticle(
                context -> {
                  work.run();
                  return Future.succeededFuture();
                },
                new DeploymentOptions().setThreadingModel(model)));
    await(vertx.undeploy(id));
  }

  private Future<Void> next(String state) {
    Promise<Void> seen = Promise.promise();
    vertx
        .eventBus()
        .<JsonObject>consumer(
            ProviderAddresses.BREAKER_STATE,
            message -> {
              if (message.body().getString("state").equals(state)) {
                seen.tryComplete();
              }
            });
    return seen.future();
  }

  private void results(BreakerResult result, int count) {
    for (int i = 0; i < count; i++) {
      BreakerPermit permit = breaker.admit(Standing.REPLACEABLE, 1, false);
      assertThat(permit).isNotNull();
      permit.end(result);
    }
  }

  @Test
  void opensHalfOpensAndClosesThoughEveryVerticleThatUsedItHasGone() throws Exception {
    for (ThreadingModel model :
        new ThreadingModel[] {ThreadingModel.EVENT_LOOP, ThreadingModel.WORKER}) {
      Future<Void> halfOpen = next("half_open");
      inAVerticleThatGoes(model, () -> results(BreakerResult.FAILURE, 5));
      await(halfOpen);
      assertThat(breaker.state()).isInstanceOf(BreakerState.HalfOpen.class);
      Future<Void> reopened = next("open");
      Future<Void> again = next("half_open");
      inAVerticleThatGoes(model, () -> results(BreakerResult.FAILURE, 1));
      await(reopened);
      await(again);
      Future<Void> closed = next("closed");
      inAVerticleThatGoes(model, () -> results(BreakerResult.SUCCESS, 1));
      await(closed);
      assertThat(breaker.state()).isInstanceOf(BreakerState.Closed.class);
    }
  }

  @Test
  void aTrialWhoseVerticleGoesFreesItsPlaceWithANeutralResult() throws Exception {
    Future<Void> halfOpen = next("half_open");
    inAVerticleThatGoes(ThreadingModel.EVENT_LOOP, () -> results(BreakerResult.FAILURE, 5));
    await(halfOpen);
    inAVerticleThatGoes(ThreadingModel.EVENT_LOOP, () -> results(BreakerResult.NEUTRAL, 1));
    assertThat(breaker.admit(Standing.REPLACEABLE, 1, false)).isNotNull();
    assertThat(breaker.admit(Standing.REPLACEABLE, 1, false)).as("a second trial at once").isNull();
  }
}
