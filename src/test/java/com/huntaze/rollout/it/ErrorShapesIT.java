package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of ours as the SDK of each path reads them, and the ids of a request. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class ErrorShapesIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String AGENT = "/v1/agents/fan_message";

  @Parameter Wire wire;

  private RunningProxy unanswered() {
    return RunningProxy.start(
        wire,
        RunningProxy.before("legacy", UNUSED, UNUSED)
            .put("retryBudget", new JsonObject().put("ratio", 0).put("perSecond", 0)));
  }

  private RunningProxy before(RawOrigin legacy) {
    return RunningProxy.start(wire, RunningProxy.before("legacy", UNUSED, legacy.url()));
  }

  private static void hasOurs(JsonObject error, HttpResponse<String> answer) {
    assertThat(error.getBoolean("retryable")).isTrue();
    assertThat(error.getBoolean("fallbackUsed")).isFalse();
    assertThat(error.getString("correlationId")).isEqualTo("id-1");
    assertThat(answer.headers().firstValue("request-id")).contains("id-1");
    assertThat(answer.headers().firstValue("x-request-id")).contains("id-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/messages", "/anthropic/v1/messages", "/team/v1/messages?beta=true"})
  void anthropics(String path) throws Exception {
    try (RunningProxy proxy = unanswered()) {
      HttpResponse<String> answer = proxy.post(path, "{}", "X-Correlation-ID", "id-1");
      JsonObject body = new JsonObject(answer.body());
      assertThat(body.getString("type")).isEqualTo("error");
      assertThat(body.getString("request_id")).isEqualTo("id-1");
      JsonObject error = body.getJsonObject("error");
      assertThat(error.getString("type")).isEqualTo("api_error");
      assertThat(error.getString("code")).isEqualTo("FOUNDRY_UNAVAILABLE");
      hasOurs(error, answer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"generateContent", "streamGenerateContent?alt=sse"})
  void googles(String method) throws Exception {
    try (RunningProxy proxy = unanswered()) {
      HttpResponse<String> answer =
          proxy.post("/v1beta/models/gemini:" + method, "{}", "X-Correlation-ID", "id-1");
      JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
      assertThat(error.getInteger("code")).isEqualTo(503);
      assertThat(error.getString("status")).isEqualTo("UNAVAILABLE");
      assertThat(error.getJsonArray("details")).isEqualTo(new JsonArray());
      assertThat(error.getString("reason")).isEqualTo("FOUNDRY_UNAVAILABLE");
      hasOurs(error, answer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/threads/t/messages", "/anything"})
  void allOthers(String path) throws Exception {
    try (RunningProxy proxy = unanswered()) {
      HttpResponse<String> answer = proxy.post(path, "{}", "X-Correlation-ID", "id-1");
      JsonObject body = new JsonObject(answer.body());
      assertThat(body.getBoolean("success")).isFalse();
      hasOurs(body.getJsonObject("error"), answer);
    }
  }

  @Test
  void aRefusalBeforeAnybodyIsAsked() throws Exception {
    JsonObject key = new JsonObject().put("id", "web").put("sha256", "0".repeat(64));
    JsonObject auth = new JsonObject().put("required", true).put("keys", new JsonArray().add(key));
    try (RunningProxy proxy =
        RunningProxy.start(wire, RunningProxy.before("legacy", UNUSED, UNUSED).put("auth", auth))) {
      HttpResponse<String> answer = proxy.post("/v1/messages", "{}");
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("type"))
          .isEqualTo("authentication_error");
      answer = proxy.post("/v1beta/models/g:generateContent", "{}");
      assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("status"))
          .isEqualTo("UNAUTHENTICATED");
    }
  }

  @Test
  void anErrorWithinAStreamIsAnEventOfItsProtocol() throws Exception {
    String event = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",";
    String data = event + "\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n";
    try (RawOrigin legacy =
            new RawOrigin(
                call -> {
                  call.send(
                      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                          + "transfer-encoding: chunked\r\n\r\n"
                          + Integer.toHexString(data.length())
                          + "\r\n"
                          + data
                          + "\r\n");
                  call.close();
                });
        RunningProxy proxy = before(legacy);
        TextClient client = proxy.client()) {
      client.send("POST /v1/messages HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");
      String seen = client.readToEnd();
      assertThat(seen).contains("\"text\":\"hi\"", "event: error\ndata: {\"type\":\"error\",");
    }
  }

  @Test
  void aProvidersOwnIdWins() throws Exception {
    try (RawOrigin legacy =
            new RawOrigin(
                call ->
                    call.send(
                        "HTTP/1.1 200 OK\r\nx-request-id: theirs\r\n"
                            + "content-length: 2\r\n\r\n{}"));
        RunningProxy proxy = before(legacy)) {
      HttpResponse<String> answer = proxy.post("/route", "{}", "X-Correlation-ID", "id-1");
      assertThat(answer.headers().allValues("x-request-id")).containsExactly("theirs");
      assertThat(answer.headers().allValues("request-id")).containsExactly("id-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "HEAD"})
  void anAgentTakesPostAlone(String method) throws Exception {
    try (RunningProxy proxy = unanswered()) {
      HttpResponse<String> answer = proxy.send(to(proxy, method));
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).contains("POST, OPTIONS");
      assertThat(answer.headers().firstValue("x-should-retry")).isEmpty();
    }
  }

  @Test
  void aBrowsersQuestionReachesTheProvider() throws Exception {
    String allowed = "HTTP/1.1 204 No\r\nAccess-Control-Allow-Origin: https://a.example\r\n\r\n";
    try (RawOrigin legacy = new RawOrigin(call -> call.send(allowed));
        RunningProxy proxy = before(legacy)) {
      HttpResponse<String> answer = proxy.send(to(proxy, "OPTIONS"));
      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
          .contains("https://a.example");
    }
  }

  private HttpRequest.Builder to(RunningProxy proxy, String method) {
    return HttpRequest.newBuilder(
            URI.create(wire.scheme() + "://127.0.0.1:" + proxy.port() + AGENT))
        .method(method, HttpRequest.BodyPublishers.noBody());
  }

  @Test
  void anAgentsCallerReadsTheSentenceOfTheProvider() throws Exception {
    String said =
        "{\"id\":1,\"error\":{\"message\":\"too\\u001b[31m long\\u202e\",\"param\":\"x\"}}";
    try (RawOrigin legacy =
            new RawOrigin(
                call ->
                    call.send(
                        "HTTP/1.1 400 Bad\r\ncontent-length: %d\r\n\r\n%s"
                            .formatted(said.length(), said)));
        RunningProxy proxy = before(legacy)) {
      HttpResponse<String> answer = proxy.post(AGENT, "{\"prompt\": \"x\"}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("message"))
          .isEqualTo("legacy: too\\u001b[31m long\\u202e");
    }
  }
}
