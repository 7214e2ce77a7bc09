package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Validates: Requirements 3.3, 3.4, 3.5, 3.6. On real sockets, with the agents that a proxy has by
 * default.
 */
class AgentRoutingPropertyIT {
  /** The seed's request types, and the hint by which the router knows the agent. */
  private static final Map<String, String> HINTS =
      Map.of(
          "fan_message", "chat",
          "analyze_performance", "math",
          "optimize_sales", "creative",
          "compliance_check", "chat");

  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

  private static RawOrigin foundry;
  private static RunningProxy proxy;

  @BeforeContainer
  static void start() {
    foundry = new RawOrigin(call -> call.send(OK));
    proxy = RunningProxy.start(RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1"));
  }

  @AfterContainer
  static void stop() throws IOException {
    proxy.close();
    foundry.close();
  }

  @Property(tries = 200)
  @Tag("azure-foundry-production-rollout-property-2")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 2: Agent type routing correctness**")
  void foundryIsAskedForTheAgentOfTheType(
      @ForAll("types") String type, @ForAll("bodies") JsonObject body) throws Exception {
    HttpResponse<String> answer =
        proxy.post("/v1/agents/" + type, body.encode(), "Content-Type", "application/json");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(foundry.nextHead()).startsWith("POST /route HTTP/1.1\n");
    JsonObject asked = new JsonObject(foundry.nextBody());
    assertThat(asked.remove("type_hint")).as(type).isEqualTo(HINTS.get(type));
    assertThat(asked).as("the rest of the body").isEqualTo(body);
  }

  @Property(tries = 100)
  @Tag("azure-foundry-production-rollout-property-2")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 2: Agent type routing correctness**")
  void aTypeThatNoAgentHasReachesNobody(@ForAll("others") String type) throws Exception {
    assertThat(proxy.post("/v1/agents/" + type, "{}").statusCode()).isEqualTo(404);
    assertThat(foundry.nextHead(0)).isNull();
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of(HINTS.keySet());
  }

  @Provide
  Arbitrary<String> others() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars('_')
        .ofMinLength(1)
        .ofMaxLength(20)
        .filter(type -> !HINTS.containsKey(type));
  }

  @Provide
  Arbitrary<JsonObject> bodies() {
    Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(10);
    return Arbitraries.maps(names, Arbitraries.strings().alpha().ofMaxLength(100))
        .ofMaxSize(5)
        .map(fields -> new JsonObject(Map.copyOf(fields)));
  }
}
