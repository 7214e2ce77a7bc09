package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Each provider gets the model by its own name for it, also the one that steps in. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class ModelsIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  @Parameter Wire wire;

  private static RawOrigin answering(String status) {
    return new RawOrigin(
        call -> {
          String text =
              new JsonObject("{\"choices\":[{\"text\":\"x\"}]}")
                  .put("target", call.head().split(" ")[1])
                  .put("asked", call.body())
                  .encode();
          call.send(
              "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(status, text.length(), text));
        });
  }

  private static JsonObject before(RawOrigin foundry, RawOrigin legacy) {
    JsonObject settings = RunningProxy.before("foundry", foundry.url(), legacy.url());
    JsonObject providers = settings.getJsonObject("providers");
    providers
        .getJsonObject("foundry")
        .put("models", new JsonObject().put("gpt-4o", "prod-4o"))
        .put("retry", new JsonObject().put("max", 0));
    providers
        .getJsonObject("legacy")
        .put("models", new JsonObject().put("gpt-4o", "old-4o").put("x", "y"));
    return settings;
  }

  private static void asked(HttpResponse<String> answer, String by, String target, String body) {
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains(by);
    JsonObject seen = new JsonObject(answer.body());
    assertThat(seen.getString("target")).isEqualTo(target);
    assertThat(seen.getString("asked")).isEqualTo(body);
  }

  @Test
  void itIsCalledAsItsProviderCallsIt() throws Exception {
    try (RawOrigin foundry = answering("200 OK");
        RawOrigin legacy = answering("200 OK");
        RunningProxy proxy = RunningProxy.start(wire, before(foundry, legacy))) {
      asked(
          proxy.post("/openai/deployments/gpt-4o/x?a=b", "{\"model\":\"gpt-4o\"}", JSON),
          "foundry",
          "/openai/deployments/prod-4o/x?a=b",
          "{\"model\":\"prod-4o\"}");
      asked(
          proxy.post("/v1/chat/completions", "{\"model\":\"x\"}", JSON),
          "foundry",
          "/v1/chat/completions",
          "{\"model\":\"x\"}");
    }
  }

  @Test
  void whoStepsInGetsItsOwnName() throws Exception {
    try (RawOrigin foundry = answering("500 Broken");
        RawOrigin legacy = answering("200 OK");
        RunningProxy proxy = RunningProxy.start(wire, before(foundry, legacy))) {
      asked(
          proxy.post(
              "/openai/deployments/gpt-4o/chat/completions",
              "{\"model\":\"gpt-4o\",\"stream\":true}",
              JSON),
          "legacy",
          "/openai/deployments/old-4o/chat/completions",
          "{\"stream_options\":{\"include_usage\":true},\"model\":\"old-4o\",\"stream\":true}");
    }
  }
}
