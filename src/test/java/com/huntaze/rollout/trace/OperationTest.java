package com.huntaze.rollout.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationTest {
  @ParameterizedTest
  @CsvSource({
    "POST, /route, chat",
    "POST, /route/stream, chat",
    "POST, /v1/chat/completions, chat",
    "POST, /v1/responses, chat",
    "POST, /v1/agents/fan_message, chat",
    "POST, /v1/completions, text_completion",
    "POST, /v1/embeddings, embeddings",
    "GET, /v1/chat/completions,",
    "POST, /audio/transcribe,",
    "POST, /route/,",
    "POST, ,",
  })
  void isKnownByThePath(String method, String path, String label) {
    Operation operation = Operation.of(method, path);
    assertThat(operation == null ? null : operation.label()).isEqualTo(label);
  }
}
