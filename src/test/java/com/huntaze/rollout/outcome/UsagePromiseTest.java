package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsagePromiseTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,true",
    "/v1/embeddings,true",
    "/models/images/embeddings,true",
    "/v1/messages,true",
    "/v2/rerank,false",
    "/api/chat,true",
    "/route,true",
    "/anything,true",
    "/v1/moderations,false",
    "/openai/deployments/tts/audio/speech,false",
    "/v1/audio/transcriptions,false",
    "/v1/images/generations,false",
    "/v1beta/models/embedding-001:embedContent,false",
    "/api/embeddings,false"
  })
  void knowsWhichPathsTellTheirUsage(String path, boolean tells) {
    assertThat(UsagePromise.isMadeOn(path)).isEqualTo(tells);
  }

  @ParameterizedTest
  @CsvSource({"MODERATION", "SPEECH", "TRANSCRIPTION", "EMBEDDING", "RANKING"})
  void aDialectThatPromisesNoneDoesSoAtEachOfItsPaths(Dialect dialect) {
    for (String ending : dialect.endings()) {
      assertThat(UsagePromise.isMadeOn("/v1" + ending)).as(ending).isFalse();
    }
  }
}
