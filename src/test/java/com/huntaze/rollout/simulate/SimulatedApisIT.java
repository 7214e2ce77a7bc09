package com.huntaze.rollout.simulate;

import static com.huntaze.rollout.simulate.BackendClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.BackendClient.Event;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The APIs of others that a simulated backend speaks: answers, streams, tools and errors. */
@ExtendWith(VertxExtension.class)
class SimulatedApisIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String DEPLOYMENT = "/openai/deployments/phi-4-mini-prod/chat/completions";

  private SimulatedBackend backend;
  private BackendClient client;

  @BeforeEach
  void start(Vertx vertx) {
    backend = await(SimulatedBackend.start(vertx, BackendProfile.foundry(0).withPace(0.01)));
    client = new BackendClient(backend.port());
  }

  /** A request that each of the APIs understands. */
  private static JsonObject request() {
    JsonArray messages =
        new JsonArray().add(new JsonObject().put("role", "user").put("content", "who are you?"));
    return new JsonObject()
        .put("model", "Llama-3.3-70B")
        .put("max_tokens", 100)
        .put("messages", messages)
        .put("input", messages);
  }

  private static JsonObject withTool(JsonObject request) {
    JsonObject schema =
        new JsonObject()
            .put("type", "object")
            .put("properties", new JsonObject().put("city", new JsonObject().put("type", "string")))
            .put("required", new JsonArray().add("city"));
    JsonObject tool =
        new JsonObject()
            .put("name", "weather")
            .put("parameters", schema)
            .put("input_schema", schema);
    return request
        .put("tools", new JsonArray().add(tool))
        .put("tool_choice", new JsonObject().put("type", "any"));
  }

  private JsonObject answer(String path, JsonObject request) {
    HttpResponse<String> response = client.post(path, request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private List<JsonObject> events(String path, JsonObject request) {
    return client.stream(path, request.put("stream", true)).stream()
        .filter(event -> !event.data().equals("[DONE]"))
        .map(Event::json)
        .toList();
  }

  private static JsonObject first(JsonObject object, String array) {
    return object.getJsonArray(array).getJsonObject(0);
  }

  private static String joined(List<JsonObject> events, Function<JsonObject, String> piece) {
    return events.stream().map(piece).collect(Collectors.joining());
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/openai/v1/chat/completions", "/v1/responses", "/v1/messages"})
  void theSameQuestionHasTheSameAnswer(String path) {
    JsonObject one = answer(path, request());
    JsonObject another = request();
    first(another, "messages").put("content", "who else?");
    assertThat(answer(path, another).getString("id")).isNotEqualTo(one.getString("id"));
    JsonObject two = answer(path, request());
    for (String time : List.of("created", "created_at")) {
      one.remove(time);
      two.remove(time);
    }
    assertThat(two).isEqualTo(one);
  }

  @Test
  void aCalledToolTakesThePlaceOfTheContentInChat() {
    JsonObject choice = first(answer(CHAT, withTool(request())), "choices");
    assertThat(choice.getString("finish_reason")).isEqualTo("tool_calls");
    assertThat(choice.getJsonObject("message").getValue("content")).isNull();
    JsonObject function =
        first(choice.getJsonObject("message"), "tool_calls").getJsonObject("function");
    assertThat(function.getString("name")).isEqualTo("weather");
    assertThat(function.getString("arguments")).isEqualTo("{\"city\":\"simulated\"}");
  }

  @Test
  void aCalledToolComesInPiecesInChat() {
    List<JsonObject> events = events(CHAT, withTool(request()));
    JsonObject start = first(first(events.get(0), "choices").getJsonObject("delta"), "tool_calls");
    assertThat(start.getString("id")).startsWith("call_");
    assertThat(start.getJsonObject("function").getString("name")).isEqualTo("weather");
    String arguments =
        joined(
            events.subList(1, events.size() - 1),
            event ->
                first(first(event, "choices").getJsonObject("delta"), "tool_calls")
                    .getJsonObject("function")
                    .getString("arguments"));
    assertThat(arguments).isEqualTo("{\"city\":\"simulated\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/responses", "/openai/v1/responses"})
  void aResponseHasOneMessage(String path) {
    JsonObject response = answer(path, request());
    assertThat(response.getString("object")).isEqualTo("response");
    assertThat(response.getString("status")).isEqualTo("completed");
    JsonObject item = first(response, "output");
    assertThat(item.getString("type")).isEqualTo("message");
    String text = first(item, "content").getString("text");
    assertThat(text).startsWith("I am foundry (simulated), model Llama-3.3-70B");
    assertThat(response.getJsonObject("usage").getInteger("output_tokens"))
        .isEqualTo(Answer.tokens(text));
  }

  @Test
  void aResponsesStreamGoesFromCreatedToCompleted() {
    List<Event> raw = client.stream("/v1/responses", request().put("stream", true));
    List<JsonObject> events = raw.stream().map(Event::json).toList();
    assertThat(events.get(0).getString("type")).isEqualTo("response.created");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).getInteger("sequence_number")).isEqualTo(i);
    }
    String text =
        joined(
            events,
            event ->
                event.getString("type").equals("response.output_text.delta")
                    ? event.getString("delta")
                    : "");
    JsonObject last = events.get(events.size() - 1);
    assertThat(last.getString("type")).isEqualTo("response.completed");
    JsonObject response = last.getJsonObject("response");
    assertThat(first(first(response, "output"), "content").getString("text")).isEqualTo(text);
    assertThat(response.getJsonObject("usage").getInteger("total_tokens")).isPositive();
  }

  @Test
  void aCalledToolIsAnItemOfAResponse() {
    JsonObject item = first(answer("/v1/responses", withTool(request())), "output");
    assertThat(item.getString("type")).isEqualTo("function_call");
    assertThat(item.getString("arguments")).isEqualTo("{\"city\":\"simulated\"}");
    List<JsonObject> events = events("/v1/responses", withTool(request()));
    JsonObject completed = events.get(events.size() - 1).getJsonObject("response");
    assertThat(first(completed, "output")).isEqualTo(item);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/messages", "/anthropic/v1/messages"})
  void aMessageHasOneTextAndItsUsage(String path) {
    JsonObject message = answer(path, request());
    String text = first(message, "content").getString("text");
    assertThat(text).startsWith("I am foundry (simulated), model Llama-3.3-70B");
    assertThat(message.getString("stop_reason")).isEqualTo("end_turn");
    assertThat(message.getJsonObject("usage").getInteger("input_tokens")).isEqualTo(4);
    assertThat(message.getJsonObject("usage").getInteger("output_tokens"))
        .isEqualTo(Answer.tokens(text));
  }

  @Test
  void aMessagesStreamCountsItsOutputAtTheEnd() {
    List<JsonObject> events = events("/v1/messages", request());
    assertThat(events.get(0).getString("type")).isEqualTo("message_start");
    JsonObject start = events.get(0).getJsonObject("message").getJsonObject("usage");
    assertThat(start.getInteger("output_tokens")).isEqualTo(1);
    assertThat(events.get(events.size() - 1).getString("type")).isEqualTo("message_stop");
    JsonObject delta = events.get(events.size() - 2);
    assertThat(delta.getJsonObject("delta").getString("stop_reason")).isEqualTo("end_turn");
    assertThat(delta.getJsonObject("usage").getInteger("output_tokens")).isGreaterThan(20);
  }

  @Test
  void aUsedToolIsABlockOfAMessage() {
    JsonObject message = answer("/v1/messages", withTool(request()));
    assertThat(message.getString("stop_reason")).isEqualTo("tool_use");
    JsonObject block = first(message, "content");
    assertThat(block.getString("type")).isEqualTo("tool_use");
    assertThat(block.getJsonObject("input").getString("city")).isEqualTo("simulated");
  }

  @Test
  void aDeploymentAnswersWithItsModelAndAsksForAVersion() {
    JsonObject answer = answer(DEPLOYMENT + "?api-version=2024-10-21", request());
    assertThat(answer.getString("model")).isEqualTo("Phi-4-mini");
    HttpResponse<String> without = client.post(DEPLOYMENT, request());
    assertThat(without.statusCode()).isEqualTo(404);
    assertThat(new JsonObject(without.body()).getJsonObject("error")).isNotNull();
  }

  @Test
  void embeddingsComeAsNumbersOrAsBytes() {
    JsonObject tokens = new JsonObject().put("input", new JsonArray().add(1).add(2));
    assertThat(first(answer("/v1/embeddings", tokens), "data").getJsonArray("embedding"))
        .hasSize(64);
    String bytes =
        first(answer("/v1/embeddings", tokens.put("encoding_format", "base64")), "data")
            .getString("embedding");
    assertThat(Base64.getDecoder().decode(bytes)).hasSize(64 * Float.BYTES);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,error",
    "/v1/responses,error",
    "/v1/messages,error",
    "/route,detail"
  })
  void eachApiTellsErrorsInItsOwnShape(String path, String member) {
    HttpResponse<String> response = client.post(path, "{}");
    assertThat(response.statusCode()).isEqualTo(path.equals("/route") ? 422 : 400);
    assertThat(new JsonObject(response.body()).containsKey(member)).as(response.body()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/v1/responses", "/v1/messages"})
  void aStreamThatFailsHasSomeWordsAndThenAnError(String path) {
    backend.fault(Fault.failStreams());
    List<Event> events = client.stream(path, request().put("stream", true));
    assertThat(events).hasSize(SimulatedExchange.EVENTS_BEFORE_FAULT + 1);
    assertThat(events.get(events.size() - 1).data()).contains("error");
    assertThat(events.get(events.size() - 2).data()).doesNotContain("\"error\":{");
  }

  @Test
  void aThrottledBackendMayTellWhenToComeAgain() {
    backend.fault(Fault.throttle(1, 7));
    assertThat(client.post(CHAT, request()).headers().firstValue("retry-after")).contains("7");
    backend.fault(Fault.throttle(1));
    assertThat(client.post(CHAT, request()).headers().firstValue("retry-after")).isEmpty();
  }
}
