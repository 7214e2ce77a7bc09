package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's {@code POST /v1/chat/completions}, whole or, with {@code "stream": true}, as events. */
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
    String prompt = text(messages);
    if (prompt.isBlank()) {
      exchange.reject(Rejection.of(400, "Messages must not be empty"));
      return;
    }
    Answer answer =
        Answer.compose(exchange.profile(), model(exchange, body), prompt, exchange.chance());
    String id = "chatcmpl-" + exchange.chance().hex();
    if (Boolean.TRUE.equals(body.getValue("stream"))) {
      stream(exchange, answer, id, includesUsage(body));
    } else {
      JsonObject whole = whole(answer, id);
      exchange.after(exchange.tempo().answerMillis(), () -> exchange.json(200, whole));
    }
  }

  private static JsonObject whole(Answer answer, String id) {
    JsonObject message = new JsonObject().put("role", "assistant").put("content", answer.text());
    JsonObject choice =
        new JsonObject().put("index", 0).put("message", message).put("finish_reason", "stop");
    return envelope(answer, id, "chat.completion")
        .put("choices", new JsonArray().add(choice))
        .put("usage", answer.usage());
  }

  private static void stream(
      SimulatedExchange exchange, Answer answer, String id, boolean withUsage) {
    JsonObject envelope = envelope(answer, id, "chat.completion.chunk");
    JsonObject role = new JsonObject().put("role", "assistant").put("content", "");
    List<String> contents = new ArrayList<>();
    for (String piece : answer.pieces()) {
      contents.add(chunk(envelope, new JsonObject().put("content", piece), null, withUsage));
    }
    List<String> ending = new ArrayList<>();
    ending.add(chunk(envelope, new JsonObject(), "stop", withUsage));
    if (withUsage) {
      ending.add(
          envelope.copy().put("choices", new JsonArray()).put("usage", answer.usage()).encode());
    }
    EventStream.start(exchange, List.of(chunk(envelope, role, null, withUsage)), contents, ending);
  }

  /** One chunk. When usage was asked for, every chunk but the last says that it has none. */
  private static String chunk(
      JsonObject envelope, JsonObject delta, String finishReason, boolean withUsage) {
    JsonObject choice =
        new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finishReason);
    JsonObject chunk = envelope.copy().put("choices", new JsonArray().add(choice));
    if (withUsage) {
      chunk.putNull("usage");
    }
    return chunk.encode();
  }

  private static JsonObject envelope(Answer answer, String id, String object) {
    return new JsonObject()
        .put("id", id)
        .put("object", object)
        .put("created", System.currentTimeMillis() / 1_000)
        .put("model", answer.model().label());
  }

  /** The model that the client names, if there is one of that name, else the backend's choice. */
  private static Model model(SimulatedExchange exchange, JsonObject body) {
    String tier = body.getString("client_tier");
    return Model.named(body.getString("model"))
        .orElseGet(() -> Model.choose(exchange.profile().provider(), null, null, tier));
  }

  private static boolean includesUsage(JsonObject body) {
    return body.getValue("stream_options") instanceof JsonObject options
        && Boolean.TRUE.equals(options.getValue("include_usage"));
  }

  /** The text of all messages, whether their content is a string or a list of parts. */
  private static String text(JsonArray messages) {
    StringBuilder text = new StringBuilder();
    for (Object message : messages) {
      if (message instanceof JsonObject object) {
        append(text, object.getValue("content"));
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Object content) {
    if (content instanceof String string) {
      text.append(string).append('\n');
    } else if (content instanceof JsonArray parts) {
      for (Object part : parts) {
        if (part instanceof JsonObject object && object.getValue("text") instanceof String string) {
          text.append(string).append('\n');
        }
      }
    }
  }
}
