package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order in which the verticles of a proxy end, whoever ends them. */
class VerticlesTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final Promise<Void> idle = Promise.promise();
  private final Verticles verticles =
      new Verticles(vertx, () -> event("drain", idle.future()), () -> event("release", done()));

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  private Future<Void> event(String name, Future<Void> until) {
    events.add(name);
    return until;
  }

  private void deploy(String name, int instances) throws Exception {
    await(
        verticles.deploy(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> stop() {
                    return event(name, done());
                  }
                },
            instances));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @AfterEach
  void end() throws Exception {
    idle.tryComplete();
    await(vertx.close());
  }

  private void deployed() throws Exception {
    deploy("first", 1);
    deploy("second", 2);
    verticles.opened();
  }

  @Test
  void aCloseWaitsForNobodyAndGoesInTheOppositeOrder() throws Exception {
    deployed();
    await(verticles.close());
    assertThat(events).containsExactly("second", "second", "first", "release");
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  void aDrainIsBegunOnceAndComesFirst() throws Exception {
    deployed();
    Future<Void> one = verticles.drain();
    Future<Void> two = verticles.drain();
    assertThat(events).containsExactly("drain");
    idle.complete();
    await(one);
    await(two);
    assertThat(events).containsExactly("drain", "second", "second", "first", "release");
  }

  @Test
  void aCloseEndsADrainThatHasBegun() throws Exception {
    deployed();
    Future<Void> drain = verticles.drain();
    await(verticles.close());
    await(drain);
    assertThat(events).containsExactly("drain", "second", "second", "first", "release");
  }

  @Test
  void aVertxThatClosesEndsThemInTheSameOrder() throws Exception {
    deployed();
    idle.complete();
    await(vertx.close());
    assertThat(events).containsExactly("drain", "second", "second", "first", "release");
  }

  @Test
  void withoutAnyThereIsSomethingToReleaseAllTheSame() throws Exception {
    await(verticles.close());
    assertThat(events).containsExactly("release");
  }
}
