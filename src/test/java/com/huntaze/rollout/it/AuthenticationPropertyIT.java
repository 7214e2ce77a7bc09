package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Validates: Requirements 2.3. On real sockets: what has no valid key is 401, and no provider hears
 * of it.
 */
class AuthenticationPropertyIT {
  private static final String KEY = "k-0123456789abcdef0123456789abcdef";
  private static TwoSilent providers;
  private static RunningProxy proxy;

  /** Both providers, which answer everything. */
  private record TwoSilent(RawOrigin foundry, RawOrigin legacy) {
    private static RawOrigin answering() {
      return new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
    }

    int connections() {
      return foundry.connections() + legacy.connections();
    }
  }

  @BeforeContainer
  static void start() throws Exception {
    providers = new TwoSilent(TwoSilent.answering(), TwoSilent.answering());
    String hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8)));
    JsonObject key = new JsonObject().put("id", "web").put("sha256", hash);
    proxy =
        RunningProxy.start(
            RunningProxy.before("foundry", providers.foundry.url(), providers.legacy.url())
                .put(
                    "auth",
                    new JsonObject().put("required", true).put("keys", new JsonArray().add(key))));
  }

  @AfterContainer
  static void stop() throws IOException {
    proxy.close();
    providers.foundry.close();
    providers.legacy.close();
  }

  @Property(tries = 300)
  @Tag("azure-foundry-production-rollout-property-10")
  @Label("**Feature: azure-foundry-production-rollout, Property 10: Authentication enforcement**")
  void whatHasNoValidKeyIsRefusedAndReachesNoProvider(
      @ForAll("lines") String line, @ForAll("credentials") String credentials) throws IOException {
    int before = providers.connections();
    RawAnswer answer = ask(line, credentials);
    assertThat(answer.status()).as(line + credentials).isEqualTo(401);
    assertThat(answer.body()).contains("\"code\":\"UNAUTHORIZED\"");
    assertThat(answer.header("www-authenticate")).isEqualTo("ApiKey");
    assertThat(providers.connections()).isEqualTo(before);
  }

  @Property(tries = 100)
  @Tag("azure-foundry-production-rollout-property-10")
  @Label("**Feature: azure-foundry-production-rollout, Property 10: Authentication enforcement**")
  void whatHasAValidKeyIsAnswered(@ForAll("lines") String line, @ForAll("places") String place)
      throws IOException {
    assertThat(ask(line, field(place, KEY)).status()).isEqualTo(200);
  }

  private static RawAnswer ask(String line, String credentials) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          line
              + " HTTP/1.1\r\nHost: p\r\nConnection: close\r\n"
              + credentials
              + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      return RawAnswer.of(client.readToEnd());
    }
  }

  private static String field(String place, String key) {
    return place.equals("Authorization")
        ? "Authorization: Bearer " + key + "\r\n"
        : place + ": " + key + "\r\n";
  }

  @Provide
  Arbitrary<String> lines() {
    return Combinators.combine(
            Arbitraries.of("POST", "PUT", "PATCH", "DELETE"),
            Arbitraries.of(
                "/route", "/v1/chat/completions", "/v1/agents/fan_message", "/jobs", "/any/thing"))
        .as((method, path) -> method + " " + path)
        .filter(line -> !line.contains("/v1/agents") || line.startsWith("POST"));
  }

  @Provide
  Arbitrary<String> places() {
    return Arbitraries.of("X-API-Key", "api-key", "Authorization");
  }

  /** None at all in every third try, else one that is wrong. */
  @Provide
  Arbitrary<String> credentials() {
    Arbitrary<String> any =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(64);
    Arbitrary<String> near =
        Arbitraries.of(KEY + "0", KEY.substring(1), KEY.toUpperCase(java.util.Locale.ROOT), "null");
    Arbitrary<String> wrong =
        Combinators.combine(places(), Arbitraries.oneOf(any, near).filter(key -> !key.equals(KEY)))
            .as(AuthenticationPropertyIT::field);
    return Arbitraries.oneOf(Arbitraries.just(""), wrong, wrong);
  }
}
