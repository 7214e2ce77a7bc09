package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A provider behind TLS, as hosted ones are: connections are kept, and one that has seen junk is
 * not. The proxy is a process of its own, whose authorities the test chooses.
 */
class TlsUpstreamIT {
  private static final String PASSWORD = "changeit";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger connections = new AtomicInteger();
  @TempDir private Path folder;
  private ProxyProcess proxy;

  @BeforeEach
  void start() throws Exception {
    String store = certificate().toString();
    NetServer origin =
        vertx
            .createNetServer(
                new NetServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setSsl(true)
                    .setKeyCertOptions(new PfxOptions().setPath(store).setPassword(PASSWORD)))
            .connectHandler(this::serve);
    int port = RunningProxy.await(origin.listen()).actualPort();
    proxy =
        ProxyProcess.start(
            List.of(
                "-Xmx256m",
                "-Djavax.net.ssl.trustStore=" + store,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD),
            Map.of(),
            "run",
            "--config",
            ProxyProcess.configuration(settings("https://127.0.0.1:" + port)).toString());
  }

  @AfterEach
  void stop() {
    proxy.close();
    RunningProxy.await(vertx.close());
  }

  private static String settings(String foundry) {
    // One event loop, so that one pool; no probes, whose connections would be counted.
    JsonObject quiet =
        new JsonObject().put("probe", new JsonObject().put("interval", "1h").put("timeout", "1s"));
    return RunningProxy.before("foundry", foundry, "http://127.0.0.1:1")
        .put(
            "server", new JsonObject().put("host", "127.0.0.1").put("port", 0).put("eventLoops", 1))
        .put("admin", new JsonObject().put("port", 0))
        .mergeIn(new JsonObject().put("providers", new JsonObject().put("foundry", quiet)), true)
        .encode();
  }

  private void serve(NetSocket socket) {
    int number = connections.incrementAndGet();
    socket.exceptionHandler(ignored -> {});
    socket.handler(
        request -> {
          String junk = request.toString().startsWith("GET /junk") ? "hello" : "";
          String said = "connection " + number;
          socket.write(
              Buffer.buffer(
                  "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s%s"
                      .formatted(said.length(), said, junk)));
        });
  }

  /** Makes a key and a certificate for the loopback address, which is its own authority. */
  private Path certificate() throws Exception {
    Path store = folder.resolve("store.p12");
    Path log = folder.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "provider",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=provider",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(keytool.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(log)).isZero();
    return store;
  }

  private String ask(String path) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";
      RawAnswer answer = RawAnswer.of(client.send(request).readToEnd());
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      return answer.body();
    }
  }

  @Test
  void keepsGoodConnectionsAndGivesBrokenOnesUp() throws Exception {
    assertThat(ask("/good")).isEqualTo("connection 1");
    assertThat(ask("/good")).isEqualTo("connection 1");
    assertThat(ask("/junk")).isEqualTo("connection 1");
    assertThat(ask("/good")).isEqualTo("connection 2");
    assertThat(ask("/good")).isEqualTo("connection 2");
  }
}
