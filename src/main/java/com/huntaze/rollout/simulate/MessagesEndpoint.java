package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Anthropic's {@code POST /v1/messages}, whole or, with {@code "stream": true}, as events: one
 * content block, a text or the use of a tool.
 */
final class MessagesEndpoint {
  private MessagesEndpoint() {}

  static void create(SimulatedExchange exchange, JsonObject body) {
    for (String required : List.of("model", "max_tokens", "messages")) {
      if (!body.containsKey(required)) {
        exchange.reject(Rejection.missing(required));
        return;
      }
    }
    Prompt prompt = Prompt.of(body.getValue("messages"));
    if (prompt.text().isBlank()) {
      exchange.reject(Rejection.of(400, "messages: at least one message is required"));
      return;
    }
    Answer answer = ChatEndpoint.answer(exchange, body, prompt);
    if (Boolean.TRUE.equals(body.getValue("stream"))) {
      stream(exchange, answer);
    } else {
      JsonObject whole =
          message(answer, answer.completionTokens())
              .put("content", new JsonArray().add(block(answer, answer.text())))
              .put("stop_reason", stopReason(answer));
      exchange.after(exchange.tempo().answerMillis(), () -> exchange.json(200, whole));
    }
  }

  private static void stream(SimulatedExchange exchange, Answer answer) {
    // The first event counts the first token, as Anthropic's does; the last counts all.
    JsonObject start =
        new JsonObject().put("type", "message_start").put("message", message(answer, 1));
    List<StreamEvent> preamble =
        List.of(
            StreamEvent.typed(start),
            block("content_block_start", "content_block", block(answer, "")),
            StreamEvent.typed(new JsonObject().put("type", "ping")));
    List<StreamEvent> contents = new ArrayList<>();
    for (String piece : answer.pieces()) {
      JsonObject delta =
          answer.tool() == null
              ? new JsonObject().put("type", "text_delta").put("text", piece)
              : new JsonObject().put("type", "input_json_delta").put("partial_json", piece);
      contents.add(block("content_block_delta", "delta", delta));
    }
    JsonObject stop =
        new JsonObject().put("stop_reason", stopReason(answer)).putNull("stop_sequence");
    JsonObject messageDelta =
        new JsonObject()
            .put("type", "message_delta")
            .put("delta", stop)
            .put("usage", new JsonObject().put("output_tokens", answer.completionTokens()));
    List<StreamEvent> ending =
        List.of(
            StreamEvent.typed(new JsonObject().put("type", "content_block_stop").put("index", 0)),
            StreamEvent.typed(messageDelta),
            StreamEvent.typed(new JsonObject().put("type", "message_stop")));
    EventStream.start(exchange, preamble, contents, ending);
  }

  private static StreamEvent block(String type, String name, JsonObject value) {
    return StreamEvent.typed(new JsonObject().put("type", type).put("index", 0).put(name, value));
  }

  private static JsonObject block(Answer answer, String text) {
    if (answer.tool() == null) {
      return new JsonObject().put("type", "text").put("text", text);
    }
    return new JsonObject()
        .put("type", "tool_use")
        .put("id", "toolu_" + answer.id())
        .put("name", answer.tool().name())
        .put("input", text.isEmpty() ? new JsonObject() : answer.tool().arguments());
  }

  private static String stopReason(Answer answer) {
    return answer.tool() == null ? "end_turn" : "tool_use";
  }

  /** The message without content and without a reason for its end. */
  private static JsonObject message(Answer answer, int outputTokens) {
    JsonObject usage =
        answer
            .inputAndOutput()
            .put("output_tokens", outputTokens)
            .put("cache_creation_input_tokens", 0)
            .put("cache_read_input_tokens", 0);
    return new JsonObject()
        .put("id", "msg_" + answer.id())
        .put("type", "message")
        .put("role", "assistant")
        .put("model", answer.model().label())
        .put("content", new JsonArray())
        .putNull("stop_reason")
        .putNull("stop_sequence")
        .put("usage", usage);
  }
}
