package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar with a configuration from a variable, a directory and an address. */
@Tag("heavy")
class ConfigPlacesIT {
  private static final String SMALL = "-Xmx128m";

  @TempDir Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** The present way in which the address answers. */
  private volatile RawOrigin.Script script;

  /** Valid, with the time after which streams are cut. */
  private static String document(String stream) {
    return new JsonObject()
        .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
        .put("admin", new JsonObject().put("port", 0))
        .put("state", new JsonObject().put("dir", ""))
        .put("timeouts", new JsonObject().put("stream", stream))
        .encode();
  }

  private static String timeout(String key, String value) {
    return new JsonObject().put("timeouts", new JsonObject().put(key, value)).encode();
  }

  private static RawOrigin.Script whole(String body) {
    return call ->
        call.send("HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(body.length(), body));
  }

  private String get(ProxyProcess proxy, String path) throws IOException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
                  .timeout(Duration.ofSeconds(60))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  /** A value in force and its source, with a blank between. */
  private String effective(ProxyProcess proxy, String path) throws IOException {
    return new JsonObject(get(proxy, "/api/v1/config"))
        .getJsonArray("values").stream()
            .map(JsonObject.class::cast)
            .filter(value -> value.getString("path").equals(path))
            .map(value -> value.getValue("value") + " " + value.getString("source"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void aDirectoryIsReadAgainWhenItsLinkIsSwappedAndTheVariableGoesOnWinning() throws Exception {
    Path first = Files.createDirectories(folder.resolve("..1"));
    Files.writeString(first.resolve("10-base.json"), document("3m"));
    Files.writeString(first.resolve("20-more.json"), timeout("fallbackReserve", "2s"));
    Path second = Files.createDirectories(folder.resolve("..2"));
    Files.writeString(second.resolve("10-base.json"), document("4m"));
    Files.writeString(second.resolve("20-more.json"), timeout("fallbackReserve", "3s"));
    Path data = Files.createSymbolicLink(folder.resolve("..data"), first.getFileName());
    for (String name : List.of("10-base.json", "20-more.json")) {
      Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
    }
    Map<String, String> environment =
        Map.of("ROLLOUT_CONFIG", timeout("toFirstContent", "31s"), "LOG_FORMAT", "json");
    try (ProxyProcess proxy =
        ProxyProcess.start(List.of(SMALL), environment, "run", "--config", folder.toString())) {
      assertThat(effective(proxy, "timeouts.stream"))
          .isEqualTo("3m file " + folder + "/10-base.json");
      assertThat(effective(proxy, "timeouts.fallbackReserve"))
          .isEqualTo("2s file " + folder + "/20-more.json");
      assertThat(effective(proxy, "timeouts.toFirstContent"))
          .isEqualTo("31s environment ROLLOUT_CONFIG");

      Path swapped = Files.createSymbolicLink(folder.resolve("..swap"), second.getFileName());
      Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE);
      Waits.until(() -> effective(proxy, "timeouts.stream").startsWith("4m "));
      Waits.until(() -> effective(proxy, "timeouts.fallbackReserve").startsWith("3s "));

      // A file more, broken and then mended in its place.
      Path third = Files.writeString(folder.resolve("30-last.json"), timeout("stream", "5x"));
      proxy.awaitOutput(folder + "/30-last.json: timeouts.stream: \\\"5x\\\"");
      Files.writeString(third, timeout("stream", "5m"));
      Waits.until(
          () -> effective(proxy, "timeouts.stream").equals("5m file " + folder + "/30-last.json"));
      assertThat(effective(proxy, "timeouts.toFirstContent")).startsWith("31s ");
    }
  }

  @Test
  void anAddressIsAskedAgainAndWhateverIsWrongWithItsAnswerLeavesTheLastInForce() throws Exception {
    script = whole(document("3m"));
    try (RawOrigin origin = new RawOrigin(call -> script.answer(call))) {
      String address = origin.url().replace("//", "//user:hunter2@") + "/proxy.json?sig=hunter3";
      String shown = origin.url().replace("//", "//***@") + "/proxy.json?sig=***";
      try (ProxyProcess proxy =
          ProxyProcess.start(
              List.of(SMALL), Map.of(), "run", "--config", address, "--config-interval", "1s")) {
        assertThat(origin.nextHead())
            .startsWith("GET /proxy.json?sig=hunter3 HTTP/1.1")
            .containsIgnoringCase("authorization: Basic dXNlcjpodW50ZXIy");
        assertThat(effective(proxy, "timeouts.stream")).isEqualTo("3m address " + shown);
        script = whole(document("4m"));
        Waits.until(() -> effective(proxy, "timeouts.stream").startsWith("4m "));

        script = call -> call.send("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n");
        proxy.awaitOutput(shown + ": answered 500 (expected: 200 with a JSON object)");
        // It is asked again and again, and stays wrong: told once.
        Waits.until(
            () ->
                get(proxy, "/metrics")
                    .contains("rollout_config_reloads_total{result=\"refused\"} 3"));
        assertThat(proxy.output().split("Configuration refused", -1)).hasSize(2);
        script =
            call -> call.send("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n");
        proxy.awaitOutput(shown + ": answered 302");
        script =
            call -> {
              call.send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{");
              call.close();
            };
        proxy.awaitOutput(shown + ": the answer broke off (expected: a whole one)");
        script =
            call -> {
              call.send("HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n");
              for (int i = 0; i < 50; i++) {
                call.send(" ".repeat(1 << 20));
              }
            };
        proxy.awaitOutput(shown + ": the answer is larger than 1 MiB");
        script = whole("{\"server\": ");
        proxy.awaitOutput(shown + ": line 1, column 12: the document ends too early");
        script = whole("{\"server\": {\"prot\": 1}}");
        proxy.awaitOutput("server.prot: unknown key (did you mean");
        script =
            call -> {
              call.send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{");
              call.awaitClose();
            };
        proxy.awaitOutput(shown + ": no whole answer within 10 s");
        assertThat(effective(proxy, "timeouts.stream")).startsWith("4m ");
        assertThat(get(proxy, "/metrics")).contains("rollout_config_last_reload_successful 0.0");
        assertThat(get(proxy, "/api/v1/alerts")).contains("configuration_refused");

        script = whole(document("5m"));
        Waits.until(() -> effective(proxy, "timeouts.stream").startsWith("5m "));
        Waits.until(
            () -> get(proxy, "/metrics").contains("rollout_config_last_reload_successful 1.0"));
        assertThat(proxy.output() + get(proxy, "/api/v1/config") + get(proxy, "/api/v1/alerts"))
            .doesNotContain("hunter");
      }
    }
  }

  @Test
  void aCertificateOfAStrangerIsNotBelieved() throws Exception {
    Certificates certificates = new Certificates(folder);
    Certificates.Pem authority = certificates.authority("ca");
    Certificates.Pem own = certificates.signed(authority, "config", "IP:127.0.0.1");
    Vertx vertx = Vertx.vertx();
    try {
      HttpServer server =
          vertx
              .createHttpServer(
                  new HttpServerOptions()
                      .setSsl(true)
                      .setKeyCertOptions(
                          new PemKeyCertOptions()
                              .setCertPath(own.certificate().toString())
                              .setKeyPath(own.key().toString())))
              .requestHandler(request -> request.response().end(document("3m")))
              .listen(0, "127.0.0.1")
              .await();
      String address = "https://user:hunter2@127.0.0.1:%d/x.json".formatted(server.actualPort());
      ProxyProcess.Ended stranger = ProxyProcess.run(Map.of(), "run", "--config", address);
      assertThat(stranger.code()).isEqualTo(2);
      assertThat(stranger.output())
          .contains(
              "https://***@127.0.0.1:%d/x.json: its certificate is not trusted"
                  .formatted(server.actualPort()))
          .doesNotContain("hunter2");
      ProxyProcess.Ended known =
          ProxyProcess.run(
              List.of(
                  "-Djavax.net.ssl.trustStore=" + trusting(authority),
                  "-Djavax.net.ssl.trustStorePassword=changeit"),
              Map.of(),
              "check",
              "--config",
              address);
      assertThat(known.output()).contains("/x.json: valid").doesNotContain("hunter2");
      assertThat(known.code()).isZero();
    } finally {
      vertx.close().await();
    }
  }

  private Path trusting(Certificates.Pem authority) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority.certificate())) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    Path file = folder.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "changeit".toCharArray());
    }
    return file;
  }

  @Test
  void anAddressThatCannotBeHadAtTheStartIsAnErrorThatNamesIt() throws Exception {
    int port;
    try (RawOrigin origin = new RawOrigin(call -> call.close())) {
      port = origin.port();
    }
    ProxyProcess.Ended gone =
        ProxyProcess.run(
            Map.of(), "doctor", "--config", "http://me:hunter2@127.0.0.1:%d/x".formatted(port));
    assertThat(gone.code()).isEqualTo(2);
    assertThat(gone.output())
        .contains("http://***@127.0.0.1:%d/x: no connection".formatted(port))
        .doesNotContain("hunter2");
  }

  @Test
  void aBrokenVariableEndsTheStart() throws Exception {
    ProxyProcess.Ended ended =
        ProxyProcess.run(Map.of("ROLLOUT_CONFIG", "{\"server\": {\"port\": \"many\"}}"), "config");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.output())
        .contains("ROLLOUT_CONFIG: server.port: \"many\" (expected: a whole number, 0..65535)");
  }
}
