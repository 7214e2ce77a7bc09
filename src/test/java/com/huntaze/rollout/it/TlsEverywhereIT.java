package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.it.Certificates.Pem;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS on every leg, with authorities of our own: clients and operators towards the proxy, the proxy
 * and its probes towards a provider; with certificates of clients, and with files that change.
 */
@Tag("heavy")
class TlsEverywhereIT {
  @TempDir private static Path folder;
  private static Certificates certificates;
  private static Pem authority;
  private static Pem stranger;
  private static Pem listener;
  private static Pem client;
  private final Vertx vertx = Vertx.vertx();
  private RunningProxy proxy;

  @BeforeAll
  static void make() throws Exception {
    certificates = new Certificates(folder);
    authority = certificates.authority("authority");
    stranger = certificates.authority("stranger");
    listener = certificates.signed(authority, "listener", "IP:127.0.0.1,DNS:localhost");
    client = certificates.signed(authority, "client", "DNS:client");
  }

  @AfterEach
  void stop() {
    if (proxy != null) {
      proxy.close();
    }
    RunningProxy.await(vertx.close());
  }

  /** A provider that asks for a client's certificate; what it answers is the client's name. */
  private int provider(Pem own, ClientAuth asks) {
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setKeyCertOptions(keys(own))
                .setClientAuth(asks)
                .setTrustOptions(trust(authority)));
    server.requestHandler(request -> request.response().end(name(request.connection())));
    return RunningProxy.await(server.listen()).actualPort();
  }

  private static String name(HttpConnection connection) {
    try {
      return connection.peerCertificates().get(0).toString().contains("CN=client")
          ? "client"
          : "somebody";
    } catch (Exception none) {
      return "nobody";
    }
  }

  private static PemKeyCertOptions keys(Pem pem) {
    return new PemKeyCertOptions()
        .setCertPath(pem.certificate().toString())
        .setKeyPath(pem.key().toString());
  }

  private static PemTrustOptions trust(Pem by) {
    return new PemTrustOptions().addCertPath(by.certificate().toString());
  }

  private static JsonObject before(int port, JsonObject tls) {
    JsonObject settings =
        RunningProxy.before("foundry", "https://127.0.0.1:" + port, "http://127.0.0.1:1")
            .put("fallback", new JsonObject().put("enabled", false));
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("tls", tls)
        .put("retry", new JsonObject().put("max", 0))
        .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000))
        .put("probe", new JsonObject().put("interval", "100ms"));
    return settings;
  }

  private static JsonObject trusting(Pem by) {
    return new JsonObject().put("ca", by.certificate().toString());
  }

  private String asked() throws IOException {
    var answer = proxy.post("/route", "{\"prompt\":\"hi\"}");
    return answer.statusCode() == 200 ? answer.body() : Integer.toString(answer.statusCode());
  }

  private boolean up() throws IOException {
    return proxy
        .admin("GET", "/metrics", null)
        .body()
        .contains("rollout_provider_up{provider=\"foundry\"} 1.0");
  }

  @Test
  void trustsTheConfiguredAuthorityAndNoOther() throws Exception {
    int port = provider(listener, ClientAuth.NONE);
    proxy = RunningProxy.start(before(port, trusting(authority)));
    assertThat(asked()).isEqualTo("nobody");
    Waits.until(this::up);
    // Another authority: the provider is not who it says, for requests and for the probe.
    assertThat(proxy.reload(before(port, trusting(stranger))).getString("result"))
        .isEqualTo("applied");
    assertThat(asked()).isEqualTo("503");
    Waits.until(() -> !up());
    proxy.reload(before(port, trusting(authority)));
    Waits.until(() -> asked().equals("nobody"));
    Waits.until(this::up);
  }

  @Test
  void verifiesTheNameOfTheProvider() throws Exception {
    Pem wrong = certificates.signed(authority, "elsewhere", "DNS:elsewhere.example");
    proxy = RunningProxy.start(before(provider(wrong, ClientAuth.NONE), trusting(authority)));
    assertThat(asked()).isEqualTo("503");
  }

  @Test
  void showsItsOwnCertificateToAProviderThatAsks() throws Exception {
    int port = provider(listener, ClientAuth.REQUIRED);
    proxy = RunningProxy.start(before(port, trusting(authority)));
    assertThat(asked()).isEqualTo("503");
    proxy.reload(before(port, trusting(authority).mergeIn(client.tls())));
    Waits.until(() -> asked().equals("client"));
    Waits.until(this::up);
  }

  /** Files of the same names with other contents: connections that are made now see them. */
  @Test
  void takesUpANewAuthorityFile() throws Exception {
    Path file = folder.resolve("ca-in-use.pem");
    Files.copy(stranger.certificate(), file, StandardCopyOption.REPLACE_EXISTING);
    int port = provider(listener, ClientAuth.NONE);
    proxy = RunningProxy.start(before(port, new JsonObject().put("ca", file.toString())));
    assertThat(asked()).isEqualTo("503");
    Files.copy(authority.certificate(), file, StandardCopyOption.REPLACE_EXISTING);
    Waits.until(() -> asked().equals("nobody"));
    Waits.until(this::up);
  }

  private String over(int port, HttpClientOptions options) {
    HttpClient asking = vertx.createHttpClient(options.setSsl(true).setVerifyHost(true));
    return RunningProxy.await(
        asking
            .request(
                new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setHost("localhost")
                    .setPort(port)
                    .setURI("/readyz"))
            .compose(request -> request.send())
            .compose(answer -> answer.body())
            .map(body -> body.toString())
            .onComplete(answered -> asking.close()));
  }

  private static HttpClientOptions trusting() {
    return new HttpClientOptions().setTrustOptions(trust(authority));
  }

  @Test
  void bothPortsSpeakTlsAndMayAskForCertificates() {
    JsonObject tls =
        listener.tls().put("ca", authority.certificate().toString()).put("clientAuth", true);
    proxy =
        RunningProxy.start(
            RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1")
                .put("server", new JsonObject().put("tls", tls))
                .put("admin", new JsonObject().put("port", 0).put("tls", tls)));
    for (int port : List.of(proxy.port(), proxy.adminPort())) {
      assertThat(over(port, trusting().setKeyCertOptions(keys(client)))).startsWith("ready");
      assertThat(catchThrowable(() -> over(port, trusting()))).isNotNull();
      assertThat(
              catchThrowable(
                  () ->
                      over(
                          port,
                          trusting()
                              .setKeyCertOptions(keys(client))
                              .setEnabledSecureTransportProtocols(Set.of("TLSv1.1")))))
          .hasRootCauseInstanceOf(SSLHandshakeException.class);
      for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
        assertThat(
                over(
                    port,
                    trusting()
                        .setKeyCertOptions(keys(client))
                        .setEnabledSecureTransportProtocols(Set.of(protocol))))
            .startsWith("ready");
      }
    }
  }

  @Test
  void commandsReachAProxyBehindTls() throws Exception {
    proxy =
        RunningProxy.start(
            RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1")
                .put("server", new JsonObject().put("tls", listener.tls()))
                .put("admin", new JsonObject().put("port", 0).put("tls", listener.tls())));
    String admin = "https://localhost:" + proxy.adminPort();
    String ca = authority.certificate().toString();
    ProxyProcess.Ended known =
        ProxyProcess.run(Map.of(), "transitions", "--json", "--admin", admin, "--ca", ca);
    assertThat(known.output()).isEqualTo("[]");
    assertThat(known.code()).isZero();
    ProxyProcess.Ended unknown = ProxyProcess.run(Map.of(), "transitions", "--admin", admin);
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.output()).contains("--ca names its file");
    String port = Integer.toString(proxy.port());
    assertThat(ProxyProcess.run(Map.of(), "healthcheck", "--port", port, "--tls").code()).isZero();
    assertThat(ProxyProcess.run(Map.of(), "healthcheck", "--port", port).code()).isEqualTo(1);
  }

  /** Half a rotation is none: the new certificate waits for its key. */
  @Test
  void swapsCertificatesUnderLoad() throws Exception {
    Pem used = new Pem(folder.resolve("used.pem"), folder.resolve("used.key"));
    put(listener, used);
    proxy =
        RunningProxy.start(
            RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1")
                .put("server", new JsonObject().put("tls", used.tls()))
                .put("admin", new JsonObject().put("port", 0).put("tls", used.tls())));
    List<String> failed = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger asked = new AtomicInteger();
    // Held, because a client that nobody holds is closed; each request has its own connection.
    HttpClient callers = vertx.createHttpClient(unkept());
    long timer =
        vertx.setPeriodic(
            5,
            tick ->
                callers
                    .request(HttpMethod.GET, proxy.port(), "localhost", "/readyz")
                    .compose(request -> request.send())
                    .onComplete(
                        answer -> asked.incrementAndGet(), error -> failed.add(error.toString())));
    for (int i = 0; i < 3; i++) {
      Pem next = certificates.signed(authority, "next" + i, "IP:127.0.0.1,DNS:localhost");
      Files.copy(next.certificate(), used.certificate(), StandardCopyOption.REPLACE_EXISTING);
      Waits.pause(Duration.ofMillis(1_500));
      Files.copy(next.key(), used.key(), StandardCopyOption.REPLACE_EXISTING);
      String name = "CN=next" + i;
      Waits.until(() -> subject(proxy.port()).contains(name));
      Waits.until(() -> subject(proxy.adminPort()).contains(name));
    }
    vertx.cancelTimer(timer);
    assertThat(asked.get()).isGreaterThan(100);
    assertThat(failed).isEmpty();
  }

  /** A key that is another certificate's, and no right one follows. */
  @Test
  void tellsOfFilesThatStayUnusable() throws Exception {
    Pem used = new Pem(folder.resolve("misfit.pem"), folder.resolve("misfit.key"));
    put(listener, used);
    proxy =
        RunningProxy.start(
            RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1")
                .put("server", new JsonObject().put("tls", used.tls()))
                .put("admin", new JsonObject().put("port", 0)));
    String before = subject(proxy.port());
    long began = System.nanoTime();
    Files.copy(client.key(), used.key(), StandardCopyOption.REPLACE_EXISTING);
    Waits.until(() -> alerts().contains("certificate_refused"));
    Duration after = Duration.ofNanos(System.nanoTime() - began);
    assertThat(after).isBetween(Duration.ofSeconds(9), Waits.bound(Duration.ofSeconds(13)));
    Waits.untilAsserted(
        () ->
            assertThat(admin("/metrics"))
                .as("each event loop sees it, and one tells")
                .containsPattern(
                    "rollout_alerts_total\\{kind=\"certificate_refused\"[^}]*} 1\\.0"));
    assertThat(alerts())
        .contains("New certificates of the data port cannot be used, the old ones stay in force: ");
    assertThat(subject(proxy.port())).isEqualTo(before);
  }

  private String alerts() {
    return admin("/api/v1/alerts");
  }

  private String admin(String path) {
    HttpClient asking = vertx.createHttpClient();
    return RunningProxy.await(
        asking
            .request(HttpMethod.GET, proxy.adminPort(), "127.0.0.1", path)
            .compose(request -> request.send())
            .compose(answer -> answer.body())
            .map(body -> body.toString())
            .onComplete(answered -> asking.close()));
  }

  private static void put(Pem from, Pem to) throws IOException {
    Files.copy(from.certificate(), to.certificate(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(from.key(), to.key(), StandardCopyOption.REPLACE_EXISTING);
  }

  private String subject(int port) {
    HttpClient looking = vertx.createHttpClient(unkept());
    String seen =
        RunningProxy.await(
            looking
                .request(HttpMethod.GET, port, "localhost", "/readyz")
                .compose(
                    request ->
                        request
                            .send()
                            .map(
                                answer -> {
                                  try {
                                    return request
                                        .connection()
                                        .peerCertificates()
                                        .get(0)
                                        .toString();
                                  } catch (Exception none) {
                                    return none.toString();
                                  }
                                })));
    looking.close();
    return seen;
  }

  private static HttpClientOptions unkept() {
    return trusting().setSsl(true).setVerifyHost(true).setKeepAlive(false);
  }

  @Test
  void refusesToStartWithFilesThatDoNotFit() throws Exception {
    JsonObject mixed = listener.tls().put("key", client.key().toString());
    Throwable refused =
        catchThrowable(
            () ->
                RunningProxy.start(
                    RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1")
                        .put("server", new JsonObject().put("tls", mixed))));
    assertThat(refused)
        .hasMessageContaining("server.tls.key: ")
        .hasMessageContaining("the private key of the certificate in ");
  }
}
