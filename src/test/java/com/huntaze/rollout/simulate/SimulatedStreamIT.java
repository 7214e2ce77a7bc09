package com.huntaze.rollout.simulate;

import static com.huntaze.rollout.simulate.BackendClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.BackendClient.Event;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The event streams: their order, their end and their times. */
@ExtendWith(VertxExtension.class)
class SimulatedStreamIT {
  private SimulatedBackend backend;
  private BackendClient client;

  @BeforeEach
  void start(Vertx vertx) {
    backend = await(SimulatedBackend.start(vertx, BackendProfile.foundry(0).withPace(0.1)));
    client = new BackendClient(backend.port());
  }

  @Test
  void aChatStreamGoesFromRoleToContentToFinishToDone() {
    List<Event> events = client.stream("/v1/chat/completions", chat());

    assertThat(delta(events.get(0)).getString("role")).isEqualTo("assistant");
    assertThat(delta(events.get(0)).getString("content")).isEmpty();
    List<Event> contents = events.subList(1, events.size() - 2);
    assertThat(contents).hasSizeBetween(20, 60);
    assertThat(text(contents)).startsWith("I am foundry (simulated), model Phi-4-mini");
    assertThat(choice(events.get(events.size() - 2)).getString("finish_reason")).isEqualTo("stop");
    assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
    assertThat(events.subList(0, events.size() - 1))
        .extracting(event -> event.json().getString("object"))
        .containsOnly("chat.completion.chunk");
  }

  @Test
  void usageComesInAChunkOfItsOwnBeforeTheEndWhenAskedFor() {
    JsonObject request = chat().put("stream_options", new JsonObject().put("include_usage", true));

    List<Event> events = client.stream("/v1/chat/completions", request);

    JsonObject last = events.get(events.size() - 2).json();
    assertThat(last.getJsonArray("choices")).isEmpty();
    assertThat(last.getJsonObject("usage").getInteger("total_tokens")).isPositive();
    assertThat(events.get(0).json().containsKey("usage")).isTrue();
    assertThat(events.get(0).json().getValue("usage")).isNull();
  }

  @Test
  void aRouteStreamCarriesPiecesAndThenItsUsage() {
    List<Event> events = client.stream("/route/stream", new JsonObject().put("prompt", "hello"));

    assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
    JsonObject last = events.get(events.size() - 2).json();
    StringBuilder output = new StringBuilder();
    for (Event event : events.subList(0, events.size() - 1)) {
      output.append(event.json().getString("output"));
    }
    assertThat(output.toString()).startsWith("I am foundry (simulated)");
    assertThat(last.getJsonObject("usage").getInteger("completion_tokens"))
        .isEqualTo(Answer.tokens(output.toString()));
  }

  @Test
  void eventsArriveOneByOne() {
    List<Event> events = client.stream("/v1/chat/completions", chat());

    long first = events.get(1).nanos();
    long last = events.get(events.size() - 1).nanos();
    // At a tenth of the pace, 20 pieces or more are 2 to 6 ms apart; at once would be under 10 ms.
    assertThat(TimeUnit.NANOSECONDS.toMillis(last - first)).isGreaterThanOrEqualTo(30);
  }

  private static JsonObject chat() {
    JsonObject message = new JsonObject().put("role", "user").put("content", "who are you?");
    return new JsonObject().put("stream", true).put("messages", new JsonArray().add(message));
  }

  private static JsonObject choice(Event event) {
    return event.json().getJsonArray("choices").getJsonObject(0);
  }

  private static JsonObject delta(Event event) {
    return choice(event).getJsonObject("delta");
  }

  private static String text(List<Event> events) {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(delta(event).getString("content")));
    return text.toString();
  }
}
