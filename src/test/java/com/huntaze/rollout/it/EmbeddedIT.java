package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.app.RolloutProxy;
import com.huntaze.rollout.app.RolloutVerticle;
import com.huntaze.rollout.app.StartException;
import com.huntaze.rollout.config.ConfigException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The proxy in a program of somebody else's: a verticle of theirs, ours, several, a registry. */
class EmbeddedIT {
  private static final String ASK = "GET /x HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final RawOrigin slow =
      new RawOrigin(
          call -> {
            asked.countDown();
            mayAnswer.await();
            call.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate");
          });
  private final RawOrigin quick =
      new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));

  @AfterEach
  void close() throws Exception {
    mayAnswer.countDown();
    await(vertx.close());
    slow.close();
    quick.close();
  }

  private static JsonObject configuration(RawOrigin origin) {
    // A probe would be taken for the request that a test waits for.
    return new JsonObject()
        .put("providers", RunningProxy.withoutProbes())
        .mergeIn(RunningProxy.before("legacy", "http://127.0.0.1:1", origin.url()), true)
        .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
        .put("admin", new JsonObject().put("port", 0))
        .put("state", new JsonObject().put("dir", ""))
        .put("drain", new JsonObject().put("delay", "0s").put("timeout", "60s"));
  }

  private static JsonObject prefixed(RawOrigin origin, String prefix) {
    return configuration(origin).put("eventBus", new JsonObject().put("prefix", prefix));
  }

  private static String ask(int port) throws Exception {
    try (RawClient client = new RawClient(port)) {
      return client.send(ASK).readToEnd();
    }
  }

  /** A verticle of somebody who starts the proxy in it. */
  private static final class Host extends VerticleBase {
    private final Function<RolloutProxy, Future<Void>> end;
    private RolloutProxy proxy;

    Host(Function<RolloutProxy, Future<Void>> end) {
      this.end = end;
    }

    @Override
    public Future<?> start() {
      return RolloutProxy.start(vertx, config()).onSuccess(started -> proxy = started);
    }

    @Override
    public Future<?> stop() {
      return end.apply(proxy);
    }
  }

  static Stream<Function<RolloutProxy, Future<Void>>> endings() {
    return Stream.of(
        RolloutProxy::close, RolloutProxy::drain, forgotten -> Future.succeededFuture());
  }

  private String deploy(Deployable verticle, ThreadingModel model) {
    return await(
        vertx.deployVerticle(
            verticle,
            new DeploymentOptions().setThreadingModel(model).setConfig(configuration(slow))));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void whatAVerticleHasStartedDrainsWhenThatIsUndeployed(
      Function<RolloutProxy, Future<Void>> ending) throws Exception {
    Host host = new Host(ending);
    String id = deploy(host, ThreadingModel.EVENT_LOOP);
    ends(host.proxy, id);
  }

  @ParameterizedTest
  @EnumSource(names = {"EVENT_LOOP", "WORKER"})
  void theVerticleOfOursDrainsWhenItIsUndeployed(ThreadingModel model) throws Exception {
    RolloutVerticle verticle = new RolloutVerticle();
    String id = deploy(verticle, model);
    ends(verticle.proxy(), id);
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  private void ends(RolloutProxy proxy, String id) throws Exception {
    int port = proxy.port();
    int adminPort = proxy.adminPort();
    try (RawClient client = new RawClient(port)) {
      client.send(ASK);
      asked.await();
      Future<Void> ended = vertx.undeploy(id);
      Waits.until(() -> refused(port));
      assertThat(ended.isComplete()).isFalse();
      mayAnswer.countDown();
      assertThat(client.readToEnd()).endsWith("late");
      await(ended);
    }
    assertGone(port, adminPort);
  }

  @Test
  void aVertxThatClosesDrainsIt() throws Exception {
    RolloutVerticle verticle = new RolloutVerticle();
    deploy(verticle, ThreadingModel.EVENT_LOOP);
    int port = verticle.proxy().port();
    int adminPort = verticle.proxy().adminPort();
    try (RawClient client = new RawClient(port)) {
      client.send(ASK);
      asked.await();
      Future<Void> ended = vertx.close();
      Waits.until(() -> refused(port));
      mayAnswer.countDown();
      assertThat(client.readToEnd()).endsWith("late");
      await(ended);
    }
    assertGone(port, adminPort);
  }

  /** A proxy that drains says so, and then does not listen any more. */
  private static boolean refused(int port) {
    try (RawClient client = new RawClient(port)) {
      String ready = "GET /readyz HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";
      return client.send(ready).readToEnd().startsWith("HTTP/1.1 503");
    } catch (IOException closed) {
      return true;
    }
  }

  private static void assertGone(int port, int adminPort) {
    assertThat(catchThrowable(() -> ask(port))).as("the data port").isNotNull();
    assertThat(catchThrowable(() -> ask(adminPort))).as("the admin port").isNotNull();
  }

  @Test
  void closingCutsWhatIsInFlightAndAnsweringTwiceIsNoFault() throws Exception {
    RolloutProxy proxy = await(RolloutProxy.start(vertx, configuration(slow)));
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(ASK);
      asked.await();
      Future<Void> drained = proxy.drain();
      await(proxy.close());
      await(drained);
      await(proxy.close());
      assertThat(client.readToEnd()).doesNotContain("late");
    }
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  void aConfigurationThatIsRefusedFailsTheDeploymentAndLeavesNothing() {
    DeploymentOptions wrong =
        new DeploymentOptions().setConfig(configuration(quick).put("provider", "azure"));
    assertThat(catchThrowable(() -> vertx.deployVerticle(new RolloutVerticle(), wrong).await()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("provider: \"azure\" (expected: foundry, legacy or canary)");
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  void twoOnOneVertxDoNotDisturbEachOther() throws Exception {
    RolloutProxy one =
        await(RolloutProxy.start(vertx, prefixed(quick, "").put("provider", "canary")));
    RolloutProxy two =
        await(RolloutProxy.start(vertx, prefixed(slow, "eu.").put("provider", "canary")));
    assertThat(one.port()).isNotEqualTo(two.port());
    assertThat(one.adminPort()).isNotEqualTo(two.adminPort());
    JsonObject start = new JsonObject().put("command", "start");
    await(vertx.eventBus().request("eu.rollout.canary.command", start));
    assertThat(phase("rollout.canary.get")).isEqualTo("initial");
    assertThat(phase("eu.rollout.canary.get")).isEqualTo("canary_10");
    for (int time = 0; time < 20; time++) {
      assertThat(ask(one.port())).endsWith("ok");
    }
    mayAnswer.countDown();
    assertThat(ask(two.port())).endsWith("late");
    await(two.close());
    assertThat(ask(one.port())).endsWith("ok");
    assertThat(phase("rollout.canary.get")).isEqualTo("initial");
    await(await(RolloutProxy.start(vertx, prefixed(quick, "eu."))).close());
    await(one.close());
  }

  private String phase(String address) {
    return await(vertx.eventBus().<JsonObject>request(address, null)).body().getString("phase");
  }

  @Test
  void aPortOfAnotherServerOfTheSameVertxIsTaken() {
    HttpServer theirs =
        await(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end("theirs"))
                .listen(0, "127.0.0.1"));
    for (String server : new String[] {"server", "admin"}) {
      JsonObject taken = configuration(quick);
      taken.getJsonObject(server).put("host", "127.0.0.1").put("port", theirs.actualPort());
      assertThat(catchThrowable(() -> RolloutProxy.start(vertx, taken).await()))
          .isInstanceOf(StartException.class)
          .hasMessageStartingWith(
              "%s.port: %d is already in use".formatted(server, theirs.actualPort()));
    }
  }

  @Test
  void theRegistryOfTheHostHasEveryMeterUntilItEnds() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    registry.counter("theirs").increment();
    RolloutProxy one = await(RolloutProxy.start(vertx, configuration(quick), registry));
    RolloutProxy two = await(RolloutProxy.start(vertx, prefixed(quick, "eu."), registry));
    ask(one.port());
    ask(two.port());
    ask(two.port());
    Waits.until(() -> requests(registry, "eu.") == 2);
    assertThat(requests(registry, null)).isEqualTo(1);
    try (RawClient client = new RawClient(one.adminPort())) {
      String head = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      assertThat(client.send(head).readToEnd()).contains("rollout_requests_total", "rollout_jvm_");
    }
    await(two.close());
    assertThat(requests(registry, "eu.")).isZero();
    assertThat(requests(registry, null)).isEqualTo(1);
    await(one.close());
    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getName())
        .containsExactly("theirs");
  }

  /** Requests of the proxy with this name; {@code null} = the one without. */
  private static double requests(SimpleMeterRegistry registry, String proxy) {
    return registry.find("rollout.requests").counters().stream()
        .filter(counter -> Objects.equals(counter.getId().getTag("proxy"), proxy))
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
