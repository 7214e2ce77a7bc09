package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of other origins: what providers say passes, what we say follows the setting. */
@ParameterizedClass
@EnumSource(Wire.class)
class CorsIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String PAGE = "https://app.example";
  private static final String ALLOW = "Access-Control-Allow-Origin";

  @Parameter Wire wire;

  private RunningProxy proxy(RawOrigin legacy, String... origins) {
    JsonArray list = new JsonArray();
    for (String origin : origins) {
      list.add(origin);
    }
    JsonObject key = new JsonObject().put("id", "web").put("sha256", "0".repeat(64));
    return RunningProxy.start(
        wire,
        RunningProxy.before("legacy", UNUSED, legacy == null ? UNUSED : legacy.url())
            .put("server", new JsonObject().put("cors", new JsonObject().put("origins", list)))
            .put(
                "auth",
                new JsonObject()
                    .put("required", legacy == null)
                    .put("keys", new JsonArray().add(key)))
            .mergeIn(
                new JsonObject()
                    .put("server", wire.server().put("host", "127.0.0.1").put("port", 0)),
                true));
  }

  private HttpResponse<String> preflight(RunningProxy proxy, String origin) throws Exception {
    return proxy.send(
        HttpRequest.newBuilder(
                URI.create(wire.scheme() + "://127.0.0.1:" + proxy.port() + "/v1/messages"))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .headers(
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "authorization,x-api-key"));
  }

  private static RawOrigin saying(String fields) {
    return new RawOrigin(
        call -> call.send("HTTP/1.1 200 OK\r\n" + fields + "content-length: 2\r\n\r\n{}"));
  }

  @Test
  void anAllowedPageIsAnsweredBeforeAKeyIsAskedFor() throws Exception {
    try (RunningProxy proxy = proxy(null, PAGE)) {
      HttpResponse<String> answer = preflight(proxy, PAGE);
      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().allValues(ALLOW)).containsExactly(PAGE);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
          .contains("authorization,x-api-key");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
      HttpResponse<String> error = proxy.post("/v1/messages", "{}", "Origin", PAGE);
      assertThat(error.statusCode()).isEqualTo(401);
      assertThat(error.headers().allValues(ALLOW)).containsExactly(PAGE);
      assertThat(error.headers().allValues("Vary")).containsExactly("origin");
    }
  }

  @Test
  void anotherPageIsNot() throws Exception {
    try (RunningProxy proxy = proxy(null, PAGE)) {
      for (String other : new String[] {"https://app.example.org", "http://app.example", "null"}) {
        assertThat(preflight(proxy, other).headers().firstValue(ALLOW)).as(other).isEmpty();
        HttpResponse<String> error = proxy.post("/route", "{}", "Origin", other);
        assertThat(error.headers().firstValue(ALLOW)).as(other).isEmpty();
      }
    }
  }

  @Test
  void withoutASettingTheProviderIsAsked() throws Exception {
    try (RawOrigin legacy = saying(ALLOW + ": https://of.the.provider\r\n");
        RunningProxy proxy = proxy(legacy)) {
      assertThat(preflight(proxy, PAGE).headers().allValues(ALLOW))
          .containsExactly("https://of.the.provider");
      assertThat(legacy.nextHead()).startsWith("OPTIONS /v1/messages");
    }
    try (RunningProxy proxy = proxy(null)) {
      HttpResponse<String> error = proxy.post("/route", "{}", "Origin", PAGE);
      assertThat(error.headers().firstValue(ALLOW)).isEmpty();
      assertThat(error.headers().firstValue("Vary")).isEmpty();
    }
  }

  @Test
  void whatAProviderSaysPassesAndSilenceIsFilled() throws Exception {
    try (RawOrigin legacy = saying(ALLOW + ": https://of.the.provider\r\n");
        RunningProxy proxy = proxy(legacy, PAGE)) {
      assertThat(proxy.post("/route", "{}", "Origin", PAGE).headers().allValues(ALLOW))
          .containsExactly("https://of.the.provider");
    }
    try (RawOrigin legacy = saying("");
        RunningProxy proxy = proxy(legacy, "*")) {
      assertThat(proxy.post("/route", "{}", "Origin", PAGE).headers().allValues(ALLOW))
          .containsExactly("*");
    }
  }
}
