package com.huntaze.rollout.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy of each method and path. */
class RouteTableTest {
  private static final RouteTable BUILT_IN = new RouteTable(List.of());

  private static RouteTable of(String... matches) {
    return new RouteTable(
        List.of(matches).stream()
            .map(match -> new RouteSettings(match, Replay.UNSENT, false))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/route",
        "/route/stream",
        "/multimodal/analyze",
        "/v1/agents/fan_message",
        "/v1/chat/completions",
        "/v1/chat/completions/",
        "/v1/chat/complet%69ons",
        "/chat/completions",
        "/openai/deployments/gpt-4o/chat/completions",
        "/openai/deployments/gpt%204o%2Fx/chat/completions",
        "/openai/deployments/gpt-4o/completions",
        "/openai/deployments/gpt-4o/embeddings",
        "/openai/deployments/whisper/audio/transcriptions",
        "/openai/deployments/dall-e-3/images/generations",
        "/openai/deployments/gpt-4o/extensions/chat/completions",
        "/openai/v1/chat/completions",
        "/openai/v1/responses",
        "/openai/responses",
        "/v1/responses/compact",
        "/openai/v1/responses/compact/",
        "/models/chat/completions",
        "/models/embeddings",
        "/models/images/embeddings",
        "/api/projects/sales/openai/v1/responses",
        "/api/projects/sales/openai/v1/chat/completions",
        "/v1/messages",
        "/anthropic/v1/messages",
        "/anthropic/v1/messages/",
        "/v1/completions",
        "/v1/engines/davinci/completions",
        "/engines/davinci/completions",
        "/v1/responses",
        "/v1/embeddings",
        "/v1/moderations",
        "/v1/audio/speech",
        "/v1/audio/transcriptions",
        "/v1/audio/translations",
        "/v1/images/generations",
        "/v1/images/edits",
        "/v1/images/variations",
        "/v1/rerank",
        "/v2/rerank",
        "/rerank",
        "/v1beta/models/gemini-2.0-flash:generateContent",
        "/v1beta/models/gemini-2.0-flash%3AstreamGenerateContent",
        "/v1/projects/p/locations/l/publishers/google/models/gemini:streamGenerateContent",
        "/v1beta/models/embedding-001:embedContent",
        "/api/chat",
        "/api/generate",
        "/ollama/api/chat",
        "/gateway/team-7/v1/chat/completions",
        "/gateway//v1/responses",
        "/gateway/v1/messages",
        "/v1//embeddings",
        "/v1//messages",
        "//responses",
        "/openai/deployments/gpt-4o//completions"
      })
  void inferenceIsJudgedAndMayBeRepeated(String path) {
    Route route = BUILT_IN.find("POST", path);
    assertThat(route.judged()).isTrue();
    assertThat(route.replay()).isEqualTo(Replay.SAFE);
    assertThat(route.isUnlisted()).isFalse();
    assertThat(route.label()).doesNotContain("gpt", "gateway", "sales", "gemini");
    assertThat(BUILT_IN.find("GET", path).judged()).isFalse();
    assertThat(BUILT_IN.find("PUT", path).replay()).isEqualTo(Replay.UNSENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/x",
        "/forms/7/responses",
        "/forms/7/responses/compact",
        "/api/messages",
        "/messages",
        "/v1/threads/thread_1/messages",
        "/v1/threads/thread_1/runs",
        "/v1/files",
        "/v1/batches",
        "/v1/messages/batches",
        "/audio/transcribe",
        "/v1/chat/completionsx",
        "/v1/xchat/completions",
        "/word/embeddings",
        "/V1/CHAT/COMPLETIONS",
        "/v1/chat%2Fcompletions"
      })
  void whatOnlyResemblesInferenceIsSentOnce(String path) {
    Route route = BUILT_IN.find("POST", path);
    assertThat(route.judged()).isFalse();
    assertThat(route.replay()).isEqualTo(Replay.UNSENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/messages/count_tokens",
        "/v1/responses/input_tokens",
        "/v1beta/models/gemini-pro:countTokens"
      })
  void countsOfTokensAreRepeatedAndNotJudged(String path) {
    Route route = BUILT_IN.find("POST", path);
    assertThat(route.judged()).isFalse();
    assertThat(route.replay()).isEqualTo(Replay.SAFE);
  }

  @ParameterizedTest
  @CsvSource({
    "POST /teams/*/chat, /teams/7/chat, true",
    "POST /teams/*/chat, /teams//chat, false",
    "POST /teams/*/chat, /teams/7/8/chat, false",
    "POST /teams/*/chat, /teams/7/chat/more, false",
    "POST /*/chat, /7/chat, true",
    "POST /x/*, /x/1, true",
    "POST /x/*, /x/1/2, false",
    "POST /x/*, /x, false",
    "POST /x/**, /x, true",
    "POST /x/**, /x/1/2, true",
    "POST /x/**, /xy, false",
    "POST /**, /x/1, true",
    "POST /a/*/b/**, /a/1/b/2/3, true",
    "POST /a/*/b/**, /a/1/c/2/3, false",
    "POST /v1/x*, /v1/xyz/1, true",
    "POST /v1/x*, /v1/x, true",
    "POST /v1/x*, /v1/y, false",
    "POST /x, /x/, true",
    "POST /x, /%78, true",
    "* /x, /x, true",
    "GET /x, /x, false"
  })
  void patternsMatchSegments(String match, String path, boolean matches) {
    assertThat(of(match).find("POST", path).label().equals(match)).isEqualTo(matches);
  }

  @Test
  void ofTwoThatMatchTheNearerOneHolds() {
    RouteTable table =
        of("POST /**", "POST /v1/**", "POST /v1/*/x", "POST /v1/a/*", "POST /v1/a/x", "* /v1/a/y");
    assertThat(table.find("POST", "/v1/a/x").label()).isEqualTo("POST /v1/a/x");
    assertThat(table.find("POST", "/v1/a/y").label()).isEqualTo("* /v1/a/y");
    assertThat(table.find("POST", "/v1/a/z").label()).isEqualTo("POST /v1/a/*");
    assertThat(table.find("POST", "/v1/b/x").label()).isEqualTo("POST /v1/*/x");
    assertThat(table.find("POST", "/v1/b/y").label()).isEqualTo("POST /v1/**");
    assertThat(table.find("POST", "/b").label()).isEqualTo("POST /**");
  }

  @Test
  void theConfigurationComesBeforeWhatIsBuiltIn() {
    RouteTable table = of("POST /v1/**");
    assertThat(table.find("POST", "/v1/chat/completions").judged()).isFalse();
    assertThat(table.find("POST", "/v1/messages").replay()).isEqualTo(Replay.UNSENT);
    assertThat(table.find("POST", "/openai/v1/responses").judged()).isTrue();
  }

  @Test
  void aRequestWithoutAPathIsUnlisted() {
    assertThat(BUILT_IN.find("OPTIONS", null).isUnlisted()).isTrue();
    assertThat(BUILT_IN.find("GET", "/health").isHealth()).isTrue();
  }
}
