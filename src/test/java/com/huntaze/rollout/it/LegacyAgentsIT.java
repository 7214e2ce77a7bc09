package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A legacy whose agents have paths and hints of their own. */
@ParameterizedClass
@EnumSource(Wire.class)
class LegacyAgentsIT {
  private static final String BODY = "{\"prompt\":\"hi\"}";
  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
          + "{\"output\":\"hi\"}";

  @Parameter Wire wire;

  private RawOrigin foundry;
  private RawOrigin legacy;
  private RunningProxy proxy;

  @BeforeEach
  void listen() {
    foundry = new RawOrigin(call -> call.send(OK));
    legacy = new RawOrigin(call -> call.send(OK));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    foundry.close();
    legacy.close();
  }

  /** One agent, with what is different at legacy. */
  private static JsonObject agents(JsonObject ofLegacy) {
    JsonObject agent =
        new JsonObject()
            .put("requestTypes", new JsonArray().add("fan_message"))
            .put("path", "/route")
            .put("typeHint", "chat")
            .put("legacy", ofLegacy);
    return new JsonObject().put("messaging", agent);
  }

  private static JsonObject own(String path, String hint) {
    return new JsonObject().put("path", path).put("typeHint", hint);
  }

  private void start(String mode, String foundryUrl, JsonObject ofLegacy) {
    proxy =
        RunningProxy.start(
            wire,
            RunningProxy.before(mode, foundryUrl, legacy.url()).put("agents", agents(ofLegacy)));
  }

  private void ask(String provider) throws IOException {
    HttpResponse<String> answer = proxy.post("/v1/agents/fan_message?trace=1", BODY);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ai-provider")).hasValue(provider);
  }

  private static void asked(RawOrigin origin, String path, String hint) throws Exception {
    assertThat(origin.nextHead()).startsWith("POST " + path + "?trace=1 HTTP/1.1\n");
    assertThat(new JsonObject(origin.nextBody()).getString("type_hint")).isEqualTo(hint);
  }

  /**
   * A path is compared without a slash at its end, and without percent-encoding that says nothing.
   */
  @Test
  void anAgentIsFoundUnderEachSpellingOfItsPath() throws Exception {
    start("foundry", foundry.url(), own("/team/messages", "talk"));
    for (String path : List.of("/v1/agents/fan_message/", "/v1/%61gents/fan%5Fmessage")) {
      HttpResponse<String> answer = proxy.post(path + "?trace=1", BODY);
      assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
      asked(foundry, "/route", "chat");
    }
    assertThat(proxy.get("/v1/agents/fan_message/").statusCode()).isEqualTo(405);
  }

  @Test
  void legacyIsAskedInItsOwnWayWhereItIsChosen() throws Exception {
    start("legacy", foundry.url(), own("/team/messages", "talk"));
    ask("legacy");
    asked(legacy, "/team/messages", "talk");
  }

  @Test
  void foundryIsAskedInTheAgentsWay() throws Exception {
    start("foundry", foundry.url(), own("/team/messages", "talk"));
    ask("foundry");
    asked(foundry, "/route", "chat");
  }

  @Test
  void legacyIsAskedInItsOwnWayInFoundrysStead() throws Exception {
    start("foundry", "http://127.0.0.1:1", own("/team/messages", ""));
    ask("legacy");
    asked(legacy, "/team/messages", null);
  }

  @Test
  void whatIsNotSetIsTheAgentsAndChangesHot() throws Exception {
    start("legacy", foundry.url(), own(null, "talk"));
    ask("legacy");
    asked(legacy, "/route", "talk");
    JsonObject changed =
        RunningProxy.before("legacy", foundry.url(), legacy.url())
            .put("agents", agents(own("/other", null)));
    proxy.reload(changed);
    ask("legacy");
    asked(legacy, "/other", "chat");
    proxy.reload(changed.copy().put("agents", agents(null)));
  }
}
