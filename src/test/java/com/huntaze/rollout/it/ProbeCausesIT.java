package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider that is down says why: in the API, and in the alert. */
class ProbeCausesIT {
  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
  }

  private static JsonObject before(String foundry) {
    JsonObject settings = RunningProxy.before("legacy", foundry, "http://127.0.0.1:1");
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("probe", new JsonObject().put("interval", "50ms").put("timeout", "500ms"));
    return settings;
  }

  private static void assertDown(String foundry, String cause, String why) throws IOException {
    assertDown(before(foundry), cause, why);
  }

  private static void assertDown(JsonObject settings, String cause, String why) throws IOException {
    try (RunningProxy proxy = RunningProxy.start(settings)) {
      Waits.until(() -> !foundry(proxy).getBoolean("up"));
      assertThat(foundry(proxy).getString("cause")).isEqualTo(cause);
      assertThat(foundry(proxy).getString("why")).isEqualTo(why);
      Waits.untilAsserted(
          () ->
              assertThat(proxy.admin("GET", "/api/v1/alerts", null).body())
                  .contains(
                      "Provider foundry is down, after 2 failed probes in a row: %s; legacy "
                          .formatted(why)));
    }
  }

  private static JsonObject foundry(RunningProxy proxy) throws IOException {
    JsonObject foundry =
        new JsonArray(proxy.admin("GET", "/api/v1/providers", null).body()).getJsonObject(0);
    assertThat(foundry.getString("provider")).isEqualTo("foundry");
    return foundry;
  }

  private String listening(HttpServerOptions options, int status) {
    HttpServer server = vertx.createHttpServer(options.setHost("127.0.0.1").setPort(0));
    server.requestHandler(request -> request.response().setStatusCode(status).end());
    return "127.0.0.1:" + RunningProxy.await(server.listen()).actualPort();
  }

  @Test
  void nobodyListens() throws Exception {
    assertDown(
        "http://127.0.0.1:1",
        "connect_refused",
        "127.0.0.1:1 refuses connections, nobody listens there");
  }

  @Test
  void theNameIsUnknown() throws Exception {
    assertDown(
        "http://no.such.name.invalid:8000",
        "unknown_host",
        "no name server knows an address of no.such.name.invalid");
  }

  @Test
  void itAnswersThatItIsIll() throws Exception {
    assertDown(
        "http://" + listening(new HttpServerOptions(), 503) + "/base",
        "status_503",
        "GET /base/health is answered 503");
  }

  @Test
  void itIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertDown(
          "http://127.0.0.1:" + silent.getLocalPort(),
          "timeout",
          "GET /health has no answer within 500ms");
    }
  }

  @Test
  void itHangsUp() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.close())) {
      assertDown(origin.url(), "closed", "GET /health is hung up on without an answer");
    }
  }

  @Test
  void itSpeaksPlainHttp() throws Exception {
    String where = listening(new HttpServerOptions(), 200);
    assertDown("https://" + where, "tls", where + " speaks plain HTTP, and the URL says https");
  }

  @Test
  void itsAuthorityIsNotTrusted() throws Exception {
    Certificates certificates = new Certificates(folder);
    Certificates.Pem own =
        certificates.signed(certificates.authority("mine"), "provider", "IP:127.0.0.1");
    String where =
        listening(
            new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(own.certificate().toString())
                        .setKeyPath(own.key().toString())),
            200);
    assertDown(
        "https://" + where,
        "tls",
        "the certificate of %s is of an authority that is not trusted (providers.foundry.tls.ca)"
            .formatted(where));
  }

  @Test
  void whoIsUpHasNoReason() throws Exception {
    String where = listening(new HttpServerOptions(), 404);
    try (RunningProxy proxy = RunningProxy.start(before("http://" + where))) {
      assertThat(foundry(proxy).fieldNames())
          .containsExactly("provider", "breaker", "up", "addresses");
    }
  }
}
