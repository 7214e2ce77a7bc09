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
    "POST, /openai/deployments/gpt-4o/chat/completions, chat",
    "POST, /openai/deployments/gpt-4o/completions, text_completion",
    "POST, /openai/v1/embeddings, embeddings",
    "POST, /anthropic/v1/messages, chat",
    "POST, /models/chat/completions/, chat",
    "POST, /v1beta/models/gemini-2.0-flash:streamGenerateContent, generate_content",
    "POST, /v1beta/models/embedding-001:embedContent, embeddings",
    "POST, /api/chat, chat",
    "POST, /v1/messages/count_tokens,",
    "POST, /v1/responses/resp_1/cancel,",
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
