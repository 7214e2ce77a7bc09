package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client stays below the provider's base path, and a provider gets no credential of the other.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class BasePathIT {
  private static final String FAILING =
      "HTTP/1.1 501 Not Implemented\r\ncontent-length: 2\r\n\r\nno";
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  @Parameter Wire wire;
  private RawOrigin foundry;
  private RawOrigin legacy;
  private RunningProxy proxy;

  @BeforeEach
  void start() {
    foundry = new RawOrigin(call -> call.send(FAILING));
    legacy = new RawOrigin(call -> call.send(OK));
    JsonObject settings =
        RunningProxy.before("foundry", foundry.url() + "/openai", legacy.url() + "/old");
    proxy = RunningProxy.start(wire, settings);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    foundry.close();
    legacy.close();
  }

  private String ask(String target, String... fields) throws Exception {
    try (TextClient client = proxy.client()) {
      client.send(
          "POST %s HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n%s\r\n{}"
              .formatted(target, String.join("", fields)));
      return client.readUntil("\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../admin",
        "/..",
        "/.",
        "/%2e%2e/admin",
        "/%2E./admin",
        "/..%2fadmin",
        "/..%2Fadmin",
        "/x/../../admin",
        "/x/%2e/y",
        "/..%5cadmin",
        "/x%5Cy",
        "/x\\y",
        "/%252e%252e/admin",
        "/%25252e%25252e%25252fadmin",
        "/..;/admin",
        "/..;a=b/admin",
        "/x%00y",
        "/x%2500y",
        "/v1/chat/..",
        "/../admin?x=1"
      })
  void noTargetLeadsOutOfIt(String target) throws Exception {
    assertThat(ask(target)).startsWith("HTTP/1.1 400 ");
    assertThat(foundry.nextHead(100)).isNull();
    assertThat(legacy.nextHead(0)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//x//y/",
        "/a..b/...",
        "/.well-known/x",
        "/a%2Fb",
        "/caf%C3%A9",
        "/100%25",
        "/a;v=1/b",
        "/x?back=../..&file=a\\b"
      })
  void everyOtherTargetPassesAsItIs(String target) throws Exception {
    ask(target);
    assertThat(foundry.nextHead()).startsWith("POST /openai" + target + " HTTP/1.1\n");
  }

  @ParameterizedTest
  @CsvSource({
    "Cookie: session=1, false, true",
    "Ocp-Apim-Subscription-Key: k, true, false",
    "x-goog-api-key: k, true, false",
    "anthropic-api-key: k, true, false",
    "x-ms-some-key: k, true, false",
    "Authorization: Bearer k, true, false",
    "X-Original-URL: /admin, false, false",
    "X-Rewrite-URL: /admin, false, false",
    "X-HTTP-Method-Override: DELETE, false, false",
    "X-Other: 1, true, true"
  })
  void aCredentialReachesItsProviderAlone(String field, boolean atFoundry, boolean atLegacy)
      throws Exception {
    assertThat(ask("/route", field + "\r\n")).startsWith("HTTP/1.1 200 ");
    assertReached(foundry, field, atFoundry);
    assertReached(legacy, field, atLegacy);
  }

  private static void assertReached(RawOrigin origin, String part, boolean reached)
      throws Exception {
    String head = origin.nextHead();
    assertThat(
            head.toLowerCase(java.util.Locale.ROOT)
                .contains(part.toLowerCase(java.util.Locale.ROOT)))
        .as(head)
        .isEqualTo(reached);
  }

  @ParameterizedTest
  @CsvSource({"key=secret", "api-key=secret", "API-KEY=secret"})
  void aCredentialInTheQueryReachesFoundryAlone(String parameter) throws Exception {
    ask("/route?a=1&" + parameter + "&b=%20");
    assertReached(foundry, "/openai/route?a=1&" + parameter + "&b=%20 ", true);
    assertReached(legacy, "/old/route?a=1&b=%20 ", true);
  }
}
