package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedPathTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,/v1/chat/completions,OPENAI",
    "/openai/v1/chat/completions,/v1/chat/completions,OPENAI",
    "/openai/v1/embeddings,/v1/embeddings,OPENAI",
    "/v1/responses,/v1/responses,RESPONSES",
    "/openai/v1/responses,/v1/responses,RESPONSES",
    "/v1/messages,/v1/messages,ANTHROPIC",
    "/anthropic/v1/messages,/v1/messages,ANTHROPIC",
    "/route,/route,ROUTER",
    "/openai/deployments/d/images,/openai/deployments/d/images,ROUTER",
    "'','',ROUTER"
  })
  void azuresPathsAreThoseOfOpenAiAndAnthropic(String path, String plain, ErrorShape errors) {
    assertThat(SimulatedPath.of(path, null)).isEqualTo(new SimulatedPath(plain, null, errors));
  }

  @Test
  void aDeploymentIsNamedByItsPath() {
    SimulatedPath path =
        SimulatedPath.of("/openai/deployments/phi-4/chat/completions", "api-version=2024-10-21");
    assertThat(path)
        .isEqualTo(new SimulatedPath("/v1/chat/completions", "phi-4", ErrorShape.OPENAI));
  }

  @ParameterizedTest
  @CsvSource({
    "api-version=1,true",
    "a=b&api-version=1&c=d,true",
    "api-version=,false",
    "no-api-version=1,false",
    ",false"
  })
  void aDeploymentWithoutAVersionIsNowhere(String query, boolean found) {
    String plain = SimulatedPath.of("/openai/deployments/d/embeddings", query).plain();
    assertThat(plain.equals("/v1/embeddings")).isEqualTo(found);
  }
}
