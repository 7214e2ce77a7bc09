package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.traffic.StickyBuckets;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Validates: Requirements 3.1, 3.2. The packaged jar, told its mode by {@code AI_PROVIDER}. */
class ModeRoutingPropertyIT {
  private static final int SHARE = 50;
  private static final Map<ProviderMode, ProxyProcess> PROXIES = new EnumMap<>(ProviderMode.class);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static Vertx vertx;

  @BeforeContainer
  static void start() throws Exception {
    vertx = Vertx.vertx();
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    FaultyUpstream legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
    Map<ProviderMode, CompletableFuture<ProxyProcess>> starting = new EnumMap<>(ProviderMode.class);
    for (ProviderMode mode : ProviderMode.values()) {
      starting.put(
          mode, CompletableFuture.supplyAsync(() -> proxy(mode, foundry.url(), legacy.url())));
    }
    starting.forEach((mode, proxy) -> PROXIES.put(mode, proxy.join()));
    order("POST", "/start", "{}");
    order("PUT", "/percentage", "{\"percentage\":" + SHARE + "}");
  }

  /** The file names none of the two other modes, so that only the environment can have told it. */
  private static ProxyProcess proxy(ProviderMode mode, String foundry, String legacy) {
    JsonObject settings =
        new JsonObject()
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("provider", mode == ProviderMode.CANARY ? "legacy" : "canary");
    Map<String, String> environment =
        Map.of(
            "AI_PROVIDER",
            mode.name().toLowerCase(Locale.ROOT),
            "AI_ROUTER_URL",
            foundry,
            "AI_LEGACY_URL",
            legacy);
    try {
      String file = ProxyProcess.configuration(settings.encode()).toString();
      return ProxyProcess.start(List.of("-Xmx192m"), environment, "run", "--config", file);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void order(String method, String path, String body) {
    int port = PROXIES.get(ProviderMode.CANARY).adminPort();
    HttpResponse<String> answer = send(method, port, "/api/v1/canary" + path, body, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @AfterContainer
  static void stop() {
    PROXIES.values().forEach(ProxyProcess::close);
    RunningProxy.await(vertx.close());
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  @Tag("azure-foundry-production-rollout-property-1")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 1: Feature flag routing correctness**")
  void anyRequestGoesWhereItsModeSays(
      @ForAll ProviderMode mode, @ForAll("users") String user, @ForAll("prompts") String body) {
    HttpResponse<String> answer = send("POST", PROXIES.get(mode).port(), "/route", body, user);
    assertThat(answer.statusCode()).isEqualTo(200);
    String expected = expected(mode, user);
    assertThat(new JsonObject(answer.body()).getString("served_by")).isEqualTo(expected);
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains(expected);
    assertThat(answer.headers().firstValue("X-AI-Reason"))
        .contains(mode == ProviderMode.CANARY ? "sticky" : "mode");
  }

  private static String expected(ProviderMode mode, String user) {
    boolean inShare = StickyBuckets.bucket("rollout", user) < SHARE * StickyBuckets.BUCKETS / 100;
    return switch (mode) {
      case FOUNDRY -> "foundry";
      case LEGACY -> "legacy";
      case CANARY -> inShare ? "foundry" : "legacy";
    };
  }

  private static HttpResponse<String> send(
      String method, int port, String path, String body, String user) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (user != null) {
      request.header("X-User-ID", user);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Provide
  Arbitrary<String> users() {
    return Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(30);
  }

  @Provide
  Arbitrary<String> prompts() {
    return Arbitraries.strings()
        .alpha()
        .ofMaxLength(200)
        .map(text -> new JsonObject().put("prompt", text).encode());
  }
}
