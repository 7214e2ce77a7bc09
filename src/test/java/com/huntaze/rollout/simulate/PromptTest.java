package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTest {
  private static Prompt of(String json) {
    return Prompt.of(Json.decodeValue(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"hello\"",
        "[{\"role\":\"user\",\"content\":\"hello\"}]",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}]",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"hello\"}]}]"
      })
  void theTextIsFoundInEachOfTheShapes(String messages) {
    assertThat(of(messages)).isEqualTo(new Prompt("hello\n", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"role\":\"tool\",\"content\":\"sunny\"}]",
        "[{\"type\":\"function_call_output\",\"output\":\"sunny\"}]",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":\"sunny\"}]}]"
      })
  void theResultOfAToolIsSeenInEachOfTheShapes(String messages) {
    assertThat(of(messages)).isEqualTo(new Prompt("sunny\n", true));
  }

  @Test
  void whatIsNoTextIsPassedOver() {
    assertThat(of("7")).isEqualTo(new Prompt("", false));
    assertThat(of("[]")).isEqualTo(new Prompt("", false));
    assertThat(of("[null,7,{\"content\":null},{\"content\":{}}]")).isEqualTo(new Prompt("", false));
    assertThat(of("[".repeat(500) + "\"deep\"" + "]".repeat(500)).text()).isEmpty();
  }
}
