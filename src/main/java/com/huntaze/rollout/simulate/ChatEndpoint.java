package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * OpenAI's {@code POST /v1/chat/completions}, whole or, with {@code "stream": true}, as events. A
 * tool is called where {@link Tool#called} says so.
 */
final class ChatEndpoint {
  private ChatEndpoint() {}

  static void complete(SimulatedExchange exchange, JsonObject body) {
    if (!(body.getValue("messages") instanceof JsonArray messages)) {
      exchange.reject(
          body.containsKey("messages")
              ? Rejection.invalid("messages", "value is not a valid list", "type_error.list")
              : Rejection.missing("messages"));
      return;
    }
    Prompt prompt = Prompt.of(messages);
    if (prompt.text().isBlank()) {
      exchange.reject(Rejection.of(400, "Messages must not be empty"));
      return;
    }
    Answer answer = answer(exchange, body, prompt);
    if (Boolean.TRUE.equals(body.getValue("stream"))) {
      stream(exchange, answer, includesUsage(body));
    } else {
      JsonObject whole = whole(answer);
      exchange.after(exchange.tempo().answerMillis(), () -> exchange.json(200, whole));
    }
  }

  /** The answer of the model that the client names, or of the backend's choice. */
  static Answer answer(SimulatedExchange exchange, JsonObject body, Prompt prompt) {
    BackendProfile profile = exchange.profile();
    String name = body.getValue("model") instanceof String text ? text : null;
    String tier = body.getValue("client_tier") instanceof String text ? text : null;
    Model model =
        Model.named(name).orElseGet(() -> Model.choose(profile.provider(), null, null, tier));
    Optional<Tool> tool = Tool.called(body, prompt.text(), prompt.answersTool());
    return tool.map(called -> Answer.call(profile, model, prompt.text(), called))
        .orElseGet(() -> Answer.compose(profile, model, prompt.text()));
  }

  private static JsonObject whole(Answer answer) {
    JsonObject message = new JsonObject().put("role", "assistant");
    if (answer.tool() == null) {
      message.put("content", answer.text());
    } else {
      JsonObject call = call(answer, answer.text());
      message.putNull("content").put("tool_calls", new JsonArray().add(call));
    }
    JsonObject choice =
        new JsonObject()
            .put("index", 0)
            .put("message", message)
            .put("finish_reason", finishReason(answer));
    return envelope(answer, "chat.completion")
        .put("choices", new JsonArray().add(choice))
        .put("usage", answer.usage());
  }

  private static void stream(SimulatedExchange exchange, Answer answer, boolean withUsage) {
    JsonObject envelope = envelope(answer, "chat.completion.chunk");
    JsonObject role = new JsonObject().put("role", "assistant").put("content", "");
    if (answer.tool() != null) {
      JsonObject call = call(answer, "").put("index", 0);
      role.putNull("content").put("tool_calls", new JsonArray().add(call));
    }
    List<StreamEvent> contents = new ArrayList<>();
    for (String piece : answer.pieces()) {
      contents.add(chunk(envelope, delta(answer, piece), null, withUsage));
    }
    List<StreamEvent> ending = new ArrayList<>();
    ending.add(chunk(envelope, new JsonObject(), finishReason(answer), withUsage));
    if (withUsage) {
      ending.add(
          StreamEvent.of(
              envelope.copy().put("choices", new JsonArray()).put("usage", answer.usage())));
    }
    ending.add(StreamEvent.DONE);
    EventStream.start(exchange, List.of(chunk(envelope, role, null, withUsage)), contents, ending);
  }

  private static JsonObject delta(Answer answer, String piece) {
    if (answer.tool() == null) {
      return new JsonObject().put("content", piece);
    }
    JsonObject call =
        new JsonObject().put("index", 0).put("function", new JsonObject().put("arguments", piece));
    return new JsonObject().put("tool_calls", new JsonArray().add(call));
  }

  private static JsonObject call(Answer answer, String arguments) {
    JsonObject function =
        new JsonObject().put("name", answer.tool().name()).put("arguments", arguments);
    return new JsonObject()
        .put("id", "call_" + answer.id())
        .put("type", "function")
        .put("function", function);
  }

  private static String finishReason(Answer answer) {
    return answer.tool() == null ? "stop" : "tool_calls";
  }

  /** One chunk. When usage was asked for, every chunk but the last says that it has none. */
  private static StreamEvent chunk(
      JsonObject envelope, JsonObject delta, String finishReason, boolean withUsage) {
    JsonObject choice =
        new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finishReason);
    JsonObject chunk = envelope.copy().put("choices", new JsonArray().add(choice));
    if (withUsage) {
      chunk.putNull("usage");
    }
    return StreamEvent.of(chunk);
  }

  private static JsonObject envelope(Answer answer, String object) {
    return new JsonObject()
        .put("id", "chatcmpl-" + answer.id())
        .put("object", object)
        .put("created", System.currentTimeMillis() / 1_000)
        .put("model", answer.model().label());
  }

  private static boolean includesUsage(JsonObject body) {
    return body.getValue("stream_options") instanceof JsonObject options
        && Boolean.TRUE.equals(options.getValue("include_usage"));
  }
}
