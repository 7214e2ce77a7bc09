package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.app.RolloutProxy;
import com.huntaze.rollout.app.StartException;
import com.huntaze.rollout.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embeddable start: it works, or it says in a sentence why not and leaves nothing behind. */
class StartIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static JsonObject configuration(int port, int adminPort, int loops) {
    return RunningProxy.before("foundry", UNUSED, UNUSED)
        .put(
            "server",
            new JsonObject().put("host", "127.0.0.1").put("port", port).put("eventLoops", loops))
        .put("admin", new JsonObject().put("port", adminPort));
  }

  private static ServerSocket bind(int port) throws IOException {
    return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
  }

  private Throwable refused(JsonObject configuration) {
    return catchThrowable(() -> RolloutProxy.start(vertx, configuration).await());
  }

  private void assertNothingLeft(int port) throws IOException {
    bind(port).close();
    Throwable asked =
        catchThrowable(() -> vertx.eventBus().request("rollout.canary.get", null).await());
    assertThat(asked).isInstanceOf(ReplyException.class);
    assertThat(((ReplyException) asked).failureType()).isEqualTo(ReplyFailure.NO_HANDLERS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void servesOnAnyNumberOfEventLoopsAndAFreePort(int loops) throws Exception {
    JsonObject server = new JsonObject().put("eventLoops", loops);
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", origin.url(), UNUSED).put("server", server))) {
      assertThat(proxy.port()).isPositive().isNotEqualTo(proxy.adminPort());
      for (int connection = 0; connection < 9; connection++) {
        try (RawClient client = new RawClient(proxy.port())) {
          String request = "GET /x HTTP/1.1\r\nHost: proxy\r\n\r\n";
          assertThat(client.send(request).readUntil("ok")).startsWith("HTTP/1.1 200 ");
        }
      }
      if (loops > 0) {
        assertThat(origin.connections()).isBetween(1, loops);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void saysThatTheDataPortIsTaken(int loops) throws Exception {
    try (RunningProxy first = RunningProxy.start(configuration(0, 0, loops))) {
      int adminPort = FreePorts.next();
      assertThat(refused(configuration(first.port(), adminPort, loops)))
          .isInstanceOf(StartException.class)
          .hasMessage(
              "server.port: %d is already in use on 127.0.0.1 (expected: a free port; --port takes"
                  + " another, 0 takes any)",
              first.port());
      assertNothingLeft(adminPort);
      assertThat(first.get("/readyz").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void saysThatTheAdminPortIsTakenAndFreesTheDataPort(int loops) throws Exception {
    try (ServerSocket taken = bind(0)) {
      int port = FreePorts.next();
      assertThat(refused(configuration(port, taken.getLocalPort(), loops)))
          .isInstanceOf(StartException.class)
          .hasMessage(
              "admin.port: %d is already in use on 127.0.0.1 (expected: a free port; --admin-port"
                  + " takes another, 0 takes any)",
              taken.getLocalPort());
      assertNothingLeft(port);
      RolloutProxy second = await(RolloutProxy.start(vertx, configuration(port, 0, loops)));
      assertThat(second.port()).isEqualTo(port);
      await(second.close());
    }
  }

  @Test
  void startsAgainOnTheSamePortAfterItWasClosed() throws Exception {
    int port = FreePorts.next();
    for (int time = 0; time < 3; time++) {
      RolloutProxy proxy = await(RolloutProxy.start(vertx, configuration(port, 0, 3)));
      try (RawClient client = new RawClient(port)) {
        client.send("GET /readyz HTTP/1.1\r\nHost: p\r\n\r\n").readUntil("ready\n");
      }
      await(proxy.close());
      assertNothingLeft(port);
    }
  }

  @Test
  void saysThatAnAddressIsNotOfThisMachine() throws Exception {
    JsonObject elsewhere = configuration(0, 0, 1);
    // TEST-NET-1 of RFC 5737 belongs to nobody.
    elsewhere.getJsonObject("server").put("host", "192.0.2.1");
    assertThat(refused(elsewhere))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("server.port: 192.0.2.1:0 cannot be listened on: ")
        .hasMessageEndingWith("(expected: an address of this machine)");
  }

  @Test
  void tellsEverythingThatIsWrongWithADocument() {
    JsonObject wrong =
        configuration(70_000, 0, 1)
            .put("provider", "azure")
            .put("userKeyFeilds", "user")
            .put("canary", new JsonObject().put("salt", ""));
    Throwable refused = refused(wrong);
    assertThat(refused)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("The configuration is refused, 4 problems:")
        .hasMessageContaining("server.port: 70000")
        .hasMessageContaining("provider: \"azure\"")
        .hasMessageContaining("userKeyFeilds")
        .hasMessageContaining("canary.salt");
    assertThat(((ConfigException) refused).problems()).hasSize(4);
  }

  @Test
  void refusesToRunOnNio() {
    Assumptions.assumeTrue(System.getProperty("os.name").startsWith("Linux"), "only on Linux");
    Vertx nio = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
    Throwable refused =
        catchThrowable(() -> RolloutProxy.start(nio, configuration(0, 0, 1)).await());
    assertThat(refused)
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("transport: nio (expected: native epoll");
    await(nio.close());
  }

  @Test
  void refusesASecondProxyOnOneVertx() {
    try (RunningProxy proxy =
        RunningProxy.start(
            RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1"))) {
      Throwable failure =
          RunningProxy.await(
              RolloutProxy.start(proxy.vertx(), new JsonObject())
                  .<Throwable>map(started -> null)
                  .otherwise(refused -> refused));
      assertThat(failure)
          .hasMessage(
              "start: a proxy with eventBus.prefix \"\" runs on this Vert.x (expected: another prefix for each)");
    }
  }
}
