package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["city", "days", "unit", "exact", "hours", "place"],
       "properties": {"city": {"type": "string"}, "days": {"type": "integer"},
        "unit": {"type": "string", "enum": ["metric", "imperial"]}, "exact": {"type": "boolean"},
        "hours": {"type": "array"}, "optional": {"type": "string"},
        "place": {"type": "object", "required": ["zip"], "properties": {"zip": {"type": "number"}}}}}
      """;

  private static JsonObject request(Object choice) {
    JsonObject other = tool("clock");
    return new JsonObject()
        .put("tools", new JsonArray().add(other).add(tool("weather")))
        .put("tool_choice", choice);
  }

  private static JsonObject tool(String name) {
    JsonObject function =
        new JsonObject().put("name", name).put("parameters", new JsonObject(SCHEMA));
    return new JsonObject().put("type", "function").put("function", function);
  }

  private static Optional<String> called(JsonObject request, String prompt, boolean answered) {
    return Tool.called(request, prompt, answered).map(Tool::name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"required", "any"})
  void aChoiceThatDemandsOneCallsTheFirst(String choice) {
    assertThat(called(request(choice), "hello", false)).contains("clock");
    assertThat(called(request(new JsonObject().put("type", choice)), "hello", false))
        .contains("clock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}",
        "{\"type\":\"function\",\"name\":\"weather\"}",
        "{\"type\":\"tool\",\"name\":\"weather\"}"
      })
  void aNamedToolIsCalledInEachOfTheShapes(String choice) {
    assertThat(called(request(new JsonObject(choice)), "hello", false)).contains("weather");
  }

  @ParameterizedTest
  @CsvSource({"how is the weather?,false,weather", "how are you?,false,", "weather?,true,"})
  void leftToTheModelThePromptDecides(String prompt, boolean answered, String tool) {
    assertThat(called(request("auto"), prompt, answered)).isEqualTo(Optional.ofNullable(tool));
    assertThat(called(request(null), prompt, answered)).isEqualTo(Optional.ofNullable(tool));
  }

  @Test
  void noneCallsNone() {
    assertThat(called(request("none"), "weather", false)).isEmpty();
    assertThat(called(request(new JsonObject().put("type", "none")), "weather", false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"tools\":7}",
        "{\"tools\":[7,{},{\"name\":7},{\"name\":\"\"},null]}",
        "{\"tools\":[],\"tool_choice\":{\"name\":7}}"
      })
  void whatIsNoToolIsPassedOver(String request) {
    JsonObject body = new JsonObject(request);
    assertThat(Tool.called(body, "weather", false)).isEmpty();
    assertThat(Tool.called(body.put("tool_choice", "required"), "weather", false)).isEmpty();
  }

  @Test
  void argumentsFitTheSchema() {
    Tool tool = new Tool("weather", new JsonObject(SCHEMA));
    assertThat(tool.arguments())
        .isEqualTo(
            new JsonObject(
                """
                {"city": "simulated", "days": 1, "unit": "metric", "exact": true, "hours": [],
                 "place": {"zip": 1}}
                """));
    assertThat(new Tool("clock", new JsonObject()).arguments()).isEqualTo(new JsonObject());
  }

  @Test
  void aSchemaWithoutAnEndIsCutOff() {
    JsonObject schema = new JsonObject().put("type", "object");
    for (int i = 0; i < 1_000; i++) {
      schema =
          new JsonObject()
              .put("type", "object")
              .put("required", new JsonArray().add("a"))
              .put("properties", new JsonObject().put("a", schema));
    }
    assertThat(new Tool("deep", schema).arguments().encode()).hasSizeLessThan(100);
  }
}
