package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.it.Certificates.Pem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections go to an address; what TLS asks for and verifies stays the name. */
@Tag("heavy")
class AddressesTlsIT {
  private static final String FIRST = "127.0.0.2";
  private static final String SECOND = "127.0.0.3";
  private static final int LOOPS = 2;

  @TempDir private static Path folder;
  private static Pem authority;
  private static Pem right;
  private static Pem wrong;
  private final Vertx vertx = Vertx.vertx();
  private RawOrigin legacy;
  private NameServer names;
  private RunningProxy proxy;
  private int port;

  @BeforeAll
  static void make() throws Exception {
    Certificates certificates = new Certificates(folder);
    authority = certificates.authority("authority");
    right = certificates.signed(authority, "right", "DNS:router.test");
    wrong = certificates.signed(authority, "wrong", "DNS:other.test,IP:127.0.0.2");
  }

  @BeforeEach
  void begin() {
    legacy = new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nlegacy"));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    names.close();
    legacy.close();
    RunningProxy.await(vertx.close());
  }

  /** Answers with the address, the name that TLS asked for, and the Host header. */
  private void serve(String address, Pem certificate) {
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(address)
                    .setPort(port)
                    .setSsl(true)
                    .setSni(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .setCertPath(certificate.certificate().toString())
                            .setKeyPath(certificate.key().toString())))
            .requestHandler(
                request ->
                    request
                        .response()
                        .end(
                            "%s %s %s"
                                .formatted(
                                    address,
                                    request.connection().indicatedServerName(),
                                    request.getHeader("Host"))));
    port = RunningProxy.await(server.listen()).actualPort();
  }

  private void start(String... addresses) {
    names = new NameServer(60, addresses);
    JsonObject settings =
        RunningProxy.before("foundry", "https://router.test:" + port, legacy.url())
            .put("dns", names.settings())
            .put("server", new JsonObject().put("eventLoops", LOOPS));
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("tls", new JsonObject().put("ca", authority.certificate().toString()));
    proxy = RunningProxy.start(settings);
  }

  @Test
  void theNameIsAskedForAndVerified() throws Exception {
    serve(FIRST, right);
    start(FIRST);
    assertThat(proxy.post("/route", "{}").body())
        .isEqualTo(FIRST + " router.test router.test:" + port);
  }

  @Test
  void anAddressWithAnotherNamesCertificateGetsNothing() throws Exception {
    serve(FIRST, wrong);
    start(FIRST);
    assertThat(proxy.post("/route", "{}").body()).isEqualTo("legacy");
    proxy.close();
    names.close();
    serve(SECOND, right);
    start(FIRST, SECOND);
    for (int i = 0; i < 10; i++) {
      assertThat(proxy.post("/route", "{}").body()).startsWith(SECOND);
    }
  }

  @Test
  void anAddressThatFailsIsTriedOnceInTenSecondsByEachLoop() throws Exception {
    serve(SECOND, right);
    try (RawOrigin broken = new RawOrigin(FIRST, port, RawOrigin.Call::close)) {
      start(FIRST, SECOND);
      long begun = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        assertThat(proxy.post("/route", "{}").body()).startsWith(SECOND);
      }
      int tens = 1 + (int) (Duration.ofNanos(System.nanoTime() - begun).toSeconds() / 10);
      assertThat(broken.connections()).isBetween(1, LOOPS * tens);
    }
  }
}
