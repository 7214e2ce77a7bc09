package com.huntaze.rollout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Agent;
import com.huntaze.rollout.request.RequestInfo;
import com.huntaze.rollout.route.Replay;
import com.huntaze.rollout.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The properties by which the judge parts the traffic. */
class ExchangeKindsTest {
  private static final Route ROUTE = new Route("POST /v1/chat/completions", Replay.SAFE, true);
  private static final Agent AGENT = new Agent("chatbot", "/agents/chatbot", "chat");

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "/v1/chat/completions, gpt-4o, gpt-4o",
        "/v1/chat/completions, none, none",
        "/openai/deployments/prod-4o/chat/completions?api-version=1, none, prod-4o",
        "/openai/deployments/prod-4o/chat/completions, gpt-4o, gpt-4o",
      })
  void theModelIsTheBodysElseThePaths(String target, String inBody, String model) {
    RequestInfo asked =
        new RequestInfo(
            "c", ROUTE, null, null, AGENT, target, false, null, "gold", inBody, null, null, null);
    assertThat(Observations.kind(asked).model()).isEqualTo(model);
    assertThat(Observations.kind(asked).agent()).isEqualTo("chatbot");
    assertThat(Observations.kind(asked).tier()).isEqualTo("gold");
    assertThat(Observations.kind(asked).route()).isEqualTo("POST /v1/chat/completions");
  }
}
