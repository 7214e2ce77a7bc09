package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.errors;
import static com.huntaze.rollout.it.JudgedProxy.requests;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each path on which a client of OpenAI's, Azure's, Foundry's, Anthropic's, Google's or Ollama's
 * asks a model is judged, and legacy steps in on it. The paths are those that the clients send:
 * openai 4 and 5, AzureOpenAI, azure-ai-inference, Anthropic's, google-genai, ollama.
 */
@ParameterizedClass
@EnumSource(Wire.class)
class PathsIT {
  private static final List<String> PATHS =
      List.of(
          "/v1/chat/completions",
          "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
          "/openai/deployments/gpt-4o/completions?api-version=2024-10-21",
          "/openai/deployments/ada/embeddings?api-version=2024-10-21",
          "/openai/deployments/whisper/audio/transcriptions?api-version=2024-10-21",
          "/openai/v1/chat/completions?api-version=preview",
          "/openai/v1/responses",
          "/openai/responses?api-version=2025-03-01-preview",
          "/models/chat/completions?api-version=2024-05-01-preview",
          "/models/embeddings?api-version=2024-05-01-preview",
          "/chat/completions?api-version=2024-05-01-preview",
          "/api/projects/sales/openai/v1/responses",
          "/v1/messages?beta=true",
          "/anthropic/v1/messages",
          "/v1/completions",
          "/v1/responses",
          "/v1/embeddings",
          "/v1/moderations",
          "/v1/audio/speech",
          "/v1/images/generations",
          "/v1/rerank",
          "/v1beta/models/gemini-2.0-flash:generateContent",
          "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse",
          "/v1beta/models/gemini%2D2.0-flash%3AgenerateContent",
          "/api/chat",
          "/api/generate",
          "/team-7/gateway/v1/chat/completions",
          "/team-7/gateway/anthropic/v1/messages");

  @Parameter Wire wire;

  /** Without repeats, and with a breaker that stays closed: each request is told once. */
  private static JsonObject onceEach() {
    JsonObject foundry =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    return JudgedProxy.plain(1_000_000).put("providers", new JsonObject().put("foundry", foundry));
  }

  @Test
  void legacyStepsInAndTheJudgeSeesItOnEachOfThem() throws Exception {
    try (JudgedProxy canary = new JudgedProxy(wire, "10m", onceEach())) {
      canary.set(100);
      RunningProxy.await(canary.foundry().become(new Status(500, Map.of(), "no")));
      for (String path : PATHS) {
        HttpResponse<String> answer =
            canary.proxy().post(path, "{}", "Content-Type", "application/json");
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-AI-Provider")).as(path).contains("legacy");
        assertThat(answer.headers().firstValue("X-AI-Fallback")).as(path).contains("true");
      }
      JsonObject state = canary.waitUntil(each -> errors(each, "foundry") >= PATHS.size());
      assertThat(requests(state, "foundry")).isEqualTo(PATHS.size());
      assertThat(canary.atFoundry()).isEqualTo(PATHS.size());
    }
  }

  @Test
  void whatOnlyResemblesInferenceIsSentOnceAndNotJudged() throws Exception {
    try (JudgedProxy canary = new JudgedProxy(wire, "10m", onceEach())) {
      canary.set(100);
      RunningProxy.await(canary.foundry().become(new Status(500, Map.of(), "no")));
      for (String path : List.of("/forms/7/responses", "/api/messages", "/v1/files")) {
        assertThat(canary.proxy().post(path, "{}").statusCode()).as(path).isEqualTo(500);
      }
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      canary.posts(3);
      JsonObject state = canary.waitUntil(each -> requests(each, "foundry") >= 3);
      assertThat(errors(state, "foundry")).isZero();
    }
  }
}
