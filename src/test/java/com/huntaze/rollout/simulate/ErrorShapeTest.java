package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ErrorShapeTest {
  @Test
  void theRoutersIsFastApis() {
    Rejection missing = Rejection.missing("prompt");
    assertThat(ErrorShape.ROUTER.status(missing)).isEqualTo(422);
    assertThat(ErrorShape.ROUTER.body(missing)).isEqualTo(missing.detail());
  }

  @Test
  void openAisHasCodeAndType() {
    assertThat(ErrorShape.OPENAI.body(Rejection.THROTTLED))
        .isEqualTo(
            new JsonObject(
                """
                {"error": {"message": "Too many requests (simulated)", "type": "rate_limit_error",
                 "param": null, "code": "rate_limit_exceeded"}}
                """));
    Rejection missing = Rejection.missing("messages");
    assertThat(ErrorShape.OPENAI.status(missing)).isEqualTo(400);
    assertThat(ErrorShape.OPENAI.body(missing).getJsonObject("error").getString("message"))
        .isEqualTo("[body, messages]: field required");
    assertThat(ErrorShape.RESPONSES.body(missing)).isEqualTo(ErrorShape.OPENAI.body(missing));
  }

  @Test
  void anthropicsSaysTwiceThatItIsOne() {
    assertThat(ErrorShape.ANTHROPIC.body(Rejection.FAILED))
        .isEqualTo(
            new JsonObject(
                """
                {"type": "error", "error": {"type": "api_error",
                 "message": "Model invocation failed (simulated)"}}
                """));
    assertThat(ErrorShape.ANTHROPIC.body(Rejection.NOT_FOUND).getJsonObject("error"))
        .isEqualTo(new JsonObject().put("type", "not_found_error").put("message", "Not Found"));
  }

  @Test
  void theEventsOfAnErrorAreNamedWhereTheApiNamesEvents() {
    assertThat(ErrorShape.ROUTER.event()).isEqualTo(ErrorShape.OPENAI.event());
    assertThat(ErrorShape.OPENAI.event().name()).isNull();
    assertThat(ErrorShape.RESPONSES.event().name()).isEqualTo("error");
    assertThat(ErrorShape.ANTHROPIC.event().frame().toString())
        .startsWith("event: error\ndata: {\"type\":\"error\",")
        .endsWith("}\n\n");
  }
}
