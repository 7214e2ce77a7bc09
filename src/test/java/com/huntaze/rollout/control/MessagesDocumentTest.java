package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of {@code docs/event-bus.md} are bodies of the types, with all their fields. */
class MessagesDocumentTest {
  private static final MessageReader STRICT = new MessageReader(true);

  /** The type of the last example of each section, which is a reply. */
  private static final Map<String, Class<?>> REPLIES =
      Map.of(
          "rollout.canary.decide", CanaryClient.Decision.class,
          "rollout.canary.get", Messages.State.class,
          "rollout.canary.transitions", Messages.Transition.class,
          "rollout.outcome", Messages.Counted.class,
          "rollout.breaker.get", Messages.Breaker.class,
          "rollout.alerts.get", Messages.Alerts.class,
          "rollout.config.get", Messages.Configuration.class,
          "rollout.config.reload", Messages.Reload.class,
          "rollout.costs.get", Messages.Costs.class);

  /** Fields that are there at times only. */
  private static final Set<String> AT_TIMES =
      Set.of("revision", "changes", "problems", "addresses");

  private static String section(String address) throws Exception {
    String page = Files.readString(Path.of("docs/event-bus.md"));
    Matcher section =
        Pattern.compile("### `" + Pattern.quote(address) + "`.*?(?=\n##|\\z)", Pattern.DOTALL)
            .matcher(page);
    assertThat(section.find()).as(address).isTrue();
    return section.group();
  }

  private static Object lastExample(String address) throws Exception {
    Matcher example =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(section(address));
    String last = null;
    while (example.find()) {
      last = example.group(1);
    }
    assertThat(last).as(address).isNotNull();
    return Json.decodeValue(last.replace("…", ""));
  }

  static Stream<String> addresses() {
    return REPLIES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void anExampleIsOfItsType(String address) throws Exception {
    Object example = lastExample(address);
    List<JsonObject> bodies =
        example instanceof JsonArray list
            ? list.stream().map(JsonObject.class::cast).toList()
            : List.of((JsonObject) example);
    assertThat(bodies).isNotEmpty();
    Class<?> type = REPLIES.get(address);
    for (JsonObject body : bodies) {
      STRICT.read(body, type);
      assertThat(body.fieldNames())
          .as("fields of %s", type.getSimpleName())
          .containsAll(
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getName)
                  .filter(field -> !AT_TIMES.contains(field))
                  .toList());
    }
  }

  @Test
  void aFieldThatTheTypesDoNotHaveIsFound() {
    JsonObject body =
        new JsonObject()
            .put("provider", "foundry")
            .put("stat", "open")
            .put("users", 0)
            .put("usersLately", 0)
            .put("earlier", 0);
    assertThatThrownBy(() -> STRICT.read(body, Messages.Breaker.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Unrecognized field \"stat\"");
  }
}
