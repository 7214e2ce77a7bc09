package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A provider may answer before it has read the request, and close (RFC 9112 §9.3, §9.6): as Azure's
 * gateway does with what is too large, has no key or comes too often.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class EarlyAnswerIT {
  private static final int REQUESTS = 6;
  private static final String SAID = "{\"error\":{\"message\":\"told early\"}}";

  @Parameter Wire wire;

  private static void answer(RawOrigin.Call call, int status) throws IOException {
    call.send(text(status));
    call.close();
  }

  private static String text(int status) {
    return ("HTTP/1.1 %d Early\r\ncontent-type: application/json\r\nconnection: close\r\n"
            + "content-length: %d\r\n\r\n%s")
        .formatted(status, SAID.length(), SAID);
  }

  private static JsonObject settings(String foundry) {
    JsonObject settings =
        RunningProxy.before("foundry", foundry, "http://127.0.0.1:1")
            .put("fallback", new JsonObject().put("enabled", false));
    JsonObject provider = settings.getJsonObject("providers").getJsonObject("foundry");
    provider.put("retry", new JsonObject().put("max", 0));
    return settings;
  }

  private static String upload(int bytes, boolean declared) {
    String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: p\r\nConnection: close\r\n";
    String body = "x".repeat(bytes);
    return declared
        ? head + "Content-Length: %d\r\n\r\n%s".formatted(bytes, body)
        : head + "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n".formatted(bytes, body);
  }

  /** Kept bodies and streamed ones; each is more than the sockets between take. */
  @ParameterizedTest
  @CsvSource({
    "413, 900000, true",
    "413, 5000000, true",
    "413, 5000000, false",
    "401, 5000000, true",
    "415, 900000, true",
    "415, 5000000, true",
    "429, 5000000, true"
  })
  void reachesTheClientAndIsNoFailureOfTheProvider(int status, int bytes, boolean declared)
      throws Exception {
    try (RawOrigin foundry = RawOrigin.hasty(call -> answer(call, status))) {
      reachesTheClient(settings(foundry.url()), status, upload(bytes, declared));
    }
  }

  /** As Azure's gateway is reached. */
  @ParameterizedTest
  @ValueSource(ints = {900_000, 5_000_000})
  void soItDoesOverTls(int bytes, @TempDir Path folder) throws Exception {
    Certificates certificates = new Certificates(folder);
    Certificates.Pem authority = certificates.authority("authority");
    Certificates.Pem own = certificates.signed(authority, "own", "IP:127.0.0.1");
    Vertx vertx = Vertx.vertx();
    NetServer foundry =
        vertx
            .createNetServer(
                new NetServerOptions()
                    .setHost("127.0.0.1")
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .setCertPath(own.certificate().toString())
                            .setKeyPath(own.key().toString())))
            .connectHandler(
                socket ->
                    socket.handler(
                        head -> {
                          socket.handler(null).pause();
                          socket.write(text(413)).onComplete(written -> socket.close());
                        }));
    RunningProxy.await(foundry.listen());
    JsonObject settings = settings("https://127.0.0.1:" + foundry.actualPort());
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("tls", new JsonObject().put("ca", authority.certificate().toString()));
    try {
      reachesTheClient(settings, 413, upload(bytes, true));
    } finally {
      RunningProxy.await(vertx.close());
    }
  }

  private void reachesTheClient(JsonObject settings, int status, String upload) throws Exception {
    try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
      for (int i = 0; i < REQUESTS; i++) {
        try (TextClient client = proxy.client()) {
          client.send(upload);
          RawAnswer answer = RawAnswer.of(client.readToEnd());
          assertThat(answer.status()).as("request %d: %s", i, answer.body()).isEqualTo(status);
          assertThat(answer.body()).isEqualTo(SAID);
        }
      }
      assertThat(proxy.admin("GET", "/api/v1/providers", null).body())
          .as("the breakers")
          .doesNotContain("\"open\"");
      new Metered(proxy.adminPort()).awaitValue("rollout_requests_in_flight", 0);
      new Metered(proxy.adminPort()).awaitValue("rollout_buffered_bytes", 0);
    }
  }
}
