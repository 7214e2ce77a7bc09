package com.huntaze.rollout.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.outcome.ErrorShape;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorBodyTest {
  private static JsonObject error(ErrorShape shape, ErrorCode code) {
    return new JsonObject(body(shape, code).whole()).getJsonObject("error");
  }

  private static ErrorBody body(ErrorShape shape, ErrorCode code) {
    return new ErrorBody(shape, code, "what happened", "id-1", true);
  }

  @ParameterizedTest
  @EnumSource
  void eachShapeHasEachErrorWithOurFields(ErrorShape shape) {
    for (ErrorCode code : ErrorCode.values()) {
      JsonObject error = error(shape, code);
      assertThat(error.getString("message")).isEqualTo("what happened");
      assertThat(error.getBoolean("retryable")).isEqualTo(code.retryable());
      assertThat(error.getBoolean("fallbackUsed")).isTrue();
      assertThat(error.getString("correlationId")).isEqualTo("id-1");
      String ours = shape == ErrorShape.GOOGLE ? "reason" : "code";
      assertThat(error.getString(ours)).isEqualTo(code.name());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OVERLOADED, overloaded_error, UNAVAILABLE",
    "UNAUTHORIZED, authentication_error, UNAUTHENTICATED",
    "RATE_LIMITED, rate_limit_error, RESOURCE_EXHAUSTED",
    "BAD_REQUEST, invalid_request_error, INVALID_ARGUMENT",
    "FALLBACK_FAILED, api_error, UNAVAILABLE",
    "NOT_FOUND, not_found_error, NOT_FOUND",
    "PAYLOAD_TOO_LARGE, request_too_large, INVALID_ARGUMENT",
    "TIMEOUT, timeout_error, DEADLINE_EXCEEDED"
  })
  void theWordsAreTheirs(ErrorCode code, String anthropics, String googles) {
    assertThat(error(ErrorShape.ANTHROPIC, code).getString("type")).isEqualTo(anthropics);
    assertThat(error(ErrorShape.GOOGLE, code).getString("status")).isEqualTo(googles);
    assertThat(error(ErrorShape.GOOGLE, code).getInteger("code")).isEqualTo(code.status());
  }

  @Test
  void withinAStreamItIsAnEventOfTheProtocol() {
    assertThat(body(ErrorShape.ANTHROPIC, ErrorCode.TIMEOUT).within(ErrorForm.EVENT).toString())
        .startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{")
        .endsWith("}\n\n");
    for (ErrorShape shape : new ErrorShape[] {ErrorShape.OPENAI, ErrorShape.GOOGLE}) {
      assertThat(body(shape, ErrorCode.TIMEOUT).within(ErrorForm.EVENT).toString())
          .startsWith("data: {\"error\":{")
          .doesNotContain("success");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages, ANTHROPIC",
    "/v1/messages/, ANTHROPIC",
    "/v1/messages/count_tokens, ANTHROPIC",
    "/anthropic/v1/messages, ANTHROPIC",
    "/anthropic/v1/models, ANTHROPIC",
    "/gw/anthropic/messages, ANTHROPIC",
    "/v2/messages, ANTHROPIC",
    "/messages, ANTHROPIC",
    "/team/v1/messages, ANTHROPIC",
    "/v1/threads/t-1/messages, OPENAI",
    "/api/messages, OPENAI",
    "/rooms/7/messages, OPENAI",
    "/v1%2Fmessages, OPENAI",
    "/v1/m%65ssages, ANTHROPIC",
    "/v1beta/models/gemini%2D2.0-flash%3AgenerateContent, GOOGLE",
    "/v1beta/models/gemini-2.5:generate%43ontent/, GOOGLE",
    "/v1/agents/messages, OPENAI",
    "/v1beta/models/gemini-2.5:generateContent, GOOGLE",
    "/v1beta/models/gemini-2.5:streamGenerateContent, GOOGLE",
    "/v1/chat/completions, OPENAI",
    "/v1/xmessages, OPENAI",
    "/route, OPENAI",
    ", OPENAI"
  })
  void theShapeIsThePaths(String path, ErrorShape shape) {
    assertThat(ErrorResponder.shapeOf(path)).isEqualTo(shape);
  }
}
