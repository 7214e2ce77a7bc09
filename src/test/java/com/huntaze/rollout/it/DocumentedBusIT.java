package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends the examples of docs/event-bus.md and compares what comes back with what it shows. */
class DocumentedBusIT {
  private static final Path PAGE = Path.of("docs/event-bus.md");
  private static final Pattern SECTION = Pattern.compile("(?ms)^### `([^`]+)`.*?(?=^##|\\z)");
  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```json\n(.*?)^```");

  @TempDir private Path folder;
  private JudgedProxy canary;

  @BeforeEach
  void start() throws IOException {
    canary = new JudgedProxy("1h", Fleet.alone(folder));
    canary.command("start");
    canary
        .proxy()
        .vertx()
        .eventBus()
        .publish(
            "rollout.alert",
            new JsonObject()
                .put("kind", "price_unknown")
                .put("subject", "model m")
                .put("sentence", "No price for model m"));
    Waits.until(() -> !canary.ask("rollout.alerts.get", null).getJsonArray("alerts").isEmpty());
  }

  @AfterEach
  void stop() {
    canary.close();
  }

  private static Map<String, List<Object>> examples() throws Exception {
    Map<String, List<Object>> examples = new LinkedHashMap<>();
    Matcher section = SECTION.matcher(Files.readString(PAGE));
    while (section.find()) {
      List<Object> found = new ArrayList<>();
      Matcher example = EXAMPLE.matcher(section.group());
      while (example.find()) {
        found.add(Json.decodeValue(example.group(1)));
      }
      examples.put(section.group(1), found);
    }
    return examples;
  }

  private Object request(String address, Object body) {
    return RunningProxy.await(canary.proxy().vertx().eventBus().request(address, body)).body();
  }

  private static void assertSameShape(Object shown, Object real, String where) {
    if (shown instanceof JsonObject example) {
      JsonObject answer = (JsonObject) real;
      assertThat(answer.fieldNames()).as(where).containsAll(example.fieldNames());
      for (String field : example.fieldNames()) {
        assertSameShape(example.getValue(field), answer.getValue(field), where + "." + field);
      }
    } else if (shown instanceof JsonArray example && !example.isEmpty()) {
      JsonArray answer = (JsonArray) real;
      assertThat(answer.isEmpty()).as(where).isFalse();
      assertSameShape(example.getValue(0), answer.getValue(answer.size() - 1), where + "[]");
    } else if (shown instanceof Number) {
      assertThat(real).as(where).isInstanceOf(Number.class);
    } else if (real != null) {
      assertThat(real).as(where).isInstanceOf(shown.getClass());
    }
  }

  @Test
  void everyRequestOfThePageIsAnsweredAsThePageShows() throws Exception {
    Map<String, List<Object>> examples = examples();
    assertThat(examples)
        .containsKeys(
            "rollout.canary.decide",
            "rollout.canary.get",
            "rollout.canary.command",
            "rollout.canary.transitions",
            "rollout.outcome",
            "rollout.health.get",
            "rollout.breaker.get",
            "rollout.alerts.get",
            "rollout.config.get",
            "rollout.config.reload",
            "rollout.cluster.get");
    Object state = examples.get("rollout.canary.get").get(0);
    examples.forEach(
        (address, shown) -> {
          boolean bodyless = shown.size() < 2 && address.matches(".*\\.(get|transitions|reload)");
          Object reply = request(address, bodyless ? null : shown.get(0));
          int expected = bodyless ? 0 : 1;
          if (shown.size() > expected) {
            assertSameShape(shown.get(expected), reply, address);
          } else if (address.equals("rollout.canary.command")) {
            assertSameShape(state, reply, address);
          }
        });
  }

  @Test
  void thePagesListOfWhatIsPublishedIsWhatIsPublished() throws Exception {
    List<JsonObject> health = new CopyOnWriteArrayList<>();
    canary
        .proxy()
        .vertx()
        .eventBus()
        .<JsonObject>consumer("rollout.health", message -> health.add(message.body()));
    Waits.until(() -> !health.isEmpty());
    String page = Files.readString(PAGE);
    for (String field :
        List.of(
            "verdict",
            "hold",
            "findings",
            "promotion",
            "foundry",
            "legacy",
            "foundryWindow",
            "foundryTotals",
            "sequential",
            "comparison",
            "limits")) {
      assertThat(page).contains("`" + field + "`");
      assertThat(health.get(0).fieldNames()).contains(field);
    }
    canary.command("rollback");
    Waits.until(() -> canary.alerts().stream().anyMatch(alert -> alert.startsWith("rollback: ")));
    assertThat(canary.states()).isNotEmpty();
  }

  @Test
  void whatBecomesOfAChangedConfigurationIsPublishedAsThePageSays() {
    List<JsonObject> heard = new CopyOnWriteArrayList<>();
    for (String address : List.of("rollout.config.changed", "rollout.config.refused")) {
      canary
          .proxy()
          .vertx()
          .eventBus()
          .<JsonObject>consumer(address, message -> heard.add(message.body()));
    }
    canary.proxy().reload(new JsonObject().put("limits", new JsonObject().put("burst", 5)));
    Waits.until(() -> heard.size() == 1);
    assertThat(heard.get(0).fieldNames())
        .containsExactlyInAnyOrder("version", "result", "cause", "revision", "at", "changes");
    assertThat(heard.get(0).getString("result")).isEqualTo("applied");
    JsonObject change = heard.get(0).getJsonArray("changes").getJsonObject(0);
    assertThat(change.fieldNames()).containsExactlyInAnyOrder("path", "before", "after");
    assertThat(change.getString("path")).isEqualTo("limits.burst");

    canary.proxy().reload(new JsonObject().put("limits", new JsonObject().put("burst", -1)));
    Waits.until(() -> heard.size() == 2);
    assertThat(heard.get(1).fieldNames())
        .containsExactlyInAnyOrder("version", "result", "cause", "at", "problems");
    assertThat(heard.get(1).getString("result")).isEqualTo("refused");
    assertThat(heard.get(1).getJsonArray("problems").getJsonObject(0).fieldNames())
        .containsExactlyInAnyOrder("path", "value", "expected", "sentence");
  }
}
