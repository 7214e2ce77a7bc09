package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Callers of {@code /v1/agents/…} read one shape of error, whoever made it; the faults themselves
 * are cells of {@link FailoverMatrixIT}.
 */
class AgentErrorsIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String AGENT = "/v1/agents/fan_message";

  private static RawOrigin saying(int status, String fields, String body) {
    return new RawOrigin(
        call ->
            call.send(
                "HTTP/1.1 %d Said\r\n%scontent-length: %d\r\n\r\n%s"
                    .formatted(status, fields, body.length(), body)));
  }

  private static JsonObject alone(RawOrigin foundry) {
    return RunningProxy.before("foundry", foundry.url(), UNUSED)
        .put("fallback", new JsonObject().put("enabled", false));
  }

  private static JsonObject error(HttpResponse<String> answer) {
    JsonObject body = new JsonObject(answer.body());
    assertThat(body.getBoolean("success")).isFalse();
    JsonObject error = body.getJsonObject("error");
    assertThat(error.getString("correlationId"))
        .isEqualTo(answer.headers().firstValue("X-Correlation-ID").orElseThrow());
    return error;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"detail\":\"prompt is blank\"}        | BAD_REQUEST       | prompt is blank",
        "400 | {\"error\":{\"code\":\"content_filter\"}} | BAD_REQUEST     | content_filter",
        "401 | {\"detail\":\"who are you\"}            | UNAUTHORIZED      | who are you",
        "403 | no                                      | UNAUTHORIZED      | no",
        "404 | {\"detail\":\"Not Found\"}              | NOT_FOUND         | Not Found",
        "409 | ''                                      | BAD_REQUEST       | 409",
        "413 | {\"message\":\"too much\"}              | PAYLOAD_TOO_LARGE | too much",
        "422 | {\"detail\":[{\"loc\":[\"prompt\"]}]}   | BAD_REQUEST       | prompt",
        "429 | {\"detail\":\"slow down\"}              | RATE_LIMITED      | too often: slow down",
        "429 | <html>slow down</html>                  | RATE_LIMITED      | it is asked too often"
      })
  void whatAProviderRefusesKeepsItsStatusAndIsTold(
      int status, String body, String code, String told) throws Exception {
    try (RawOrigin foundry = saying(status, "", body);
        RunningProxy proxy = RunningProxy.start(alone(foundry))) {
      HttpResponse<String> answer = proxy.post(AGENT, "{\"prompt\":\"\"}");
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(error(answer).getString("code")).isEqualTo(code);
      assertThat(error(answer).getString("message")).startsWith("foundry: ").contains(told);
      assertThat(error(answer).getBoolean("fallbackUsed")).isFalse();
    }
  }

  /** A body that is small enough is not at fault when there is no room for it. */
  @Test
  void withoutRoomForBodiesAnAgentIsBusyAndALargeBodyIsTooLarge() throws Exception {
    try (RawOrigin foundry = saying(200, "", "{}");
        RunningProxy proxy =
            RunningProxy.start(
                alone(foundry)
                    .put(
                        "server",
                        new JsonObject()
                            .put("host", "127.0.0.1")
                            .put("port", 0)
                            .put("bufferBytesTotal", 1 << 20)))) {
      // Half of the memory is for bodies.
      HttpResponse<String> busy =
          proxy.post(AGENT, "{\"prompt\":\"%s\"}".formatted("x".repeat(700_000)));
      assertThat(busy.statusCode()).isEqualTo(503);
      assertThat(error(busy).getString("code")).isEqualTo("OVERLOADED");
      assertThat(error(busy).getBoolean("retryable")).isTrue();
      HttpResponse<String> large =
          proxy.post(AGENT, "{\"prompt\":\"%s\"}".formatted("x".repeat(1_200_000)));
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(proxy.post(AGENT, "{\"prompt\":\"x\"}").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 503, 529})
  void ofAFailureALongTextStaysHere(int status) throws Exception {
    String large = "{\"detail\":\"secret" + "!".repeat(300_000) + "\"}";
    try (RawOrigin foundry = saying(status, "", large);
        RunningProxy proxy =
            RunningProxy.start(
                alone(foundry).put("retryBudget", new JsonObject().put("perSecond", 0)))) {
      HttpResponse<String> answer = proxy.post(AGENT, "{}");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(error(answer).getString("code")).isEqualTo("FOUNDRY_UNAVAILABLE");
      assertThat(error(answer).getString("message"))
          .isEqualTo("foundry: it answered " + status + " (expected: 2xx)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | {\"error\":{\"message\":\"out of cards\"}} | : out of cards",
        "503 | {\"detail\":\"key=PLANTED is spent\"} | : key=*** is spent",
        "502 | {\"message\":\"two\\nlines\"} | : two\\u000alines",
        "500 | {\"detail\":{\"key\":\"PLANTED\"}} | ''",
        "502 | <html>PLANTED</html> | ''",
        "500 | Traceback: PLANTED | ''"
      })
  void ofAFailureTheProvidersSentenceAloneIsTold(int status, String body, String told)
      throws Exception {
    try (RawOrigin foundry = saying(status, "", body);
        RunningProxy proxy =
            RunningProxy.start(
                alone(foundry).put("retryBudget", new JsonObject().put("perSecond", 0)))) {
      HttpResponse<String> answer = proxy.post(AGENT, "{}");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(error(answer).getString("message"))
          .isEqualTo("foundry: it answered " + status + " (expected: 2xx)" + told);
    }
  }

  @Test
  void whatSpeaksOfTheProvidersBodyGoesAndTheRestStays() throws Exception {
    String fields =
        "content-type: text/html\r\ncontent-encoding: gzip\r\netag: \"1\"\r\n"
            + "retry-after: 7\r\nx-ms-region: eastus2\r\n";
    try (RawOrigin foundry = saying(429, fields, "x".repeat(20));
        RunningProxy proxy =
            RunningProxy.start(
                alone(foundry).put("retryBudget", new JsonObject().put("perSecond", 0)))) {
      HttpResponse<String> answer = proxy.post(AGENT, "{}");
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).contains("7");
      assertThat(answer.headers().firstValue("x-ms-region")).contains("eastus2");
      assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
      assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
      assertThat(answer.headers().firstValue("ETag")).isEmpty();
      assertThat(error(answer).getBoolean("retryable")).isTrue();
    }
  }

  @Test
  void aRefusalOfOurOwnCredentialIsNotTheCallers() throws Exception {
    JsonObject settings;
    try (RawOrigin foundry = saying(401, "www-authenticate: ApiKey\r\n", "bad key")) {
      settings = alone(foundry);
      settings
          .getJsonObject("providers")
          .getJsonObject("foundry")
          .put("headers", new JsonObject().put("X-API-Key", "ours"));
      try (RunningProxy proxy = RunningProxy.start(settings)) {
        HttpResponse<String> answer = proxy.post(AGENT, "{}");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(error(answer).getString("code")).isEqualTo("FOUNDRY_UNAVAILABLE");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
      }
    }
  }
}
