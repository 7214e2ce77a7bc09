package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The answers of a faulty upstream without a fault; {@code served_by} tells who said it. */
enum GoodAnswer {
  /** The router's. */
  ROUTER_JSON {
    @Override
    String json(String name) {
      return new JsonObject()
          .put("model", "Phi-4-mini")
          .put("deployment", "phi-4-mini")
          .put("region", "eastus2")
          .put("routing", new JsonObject().put("type", "chat"))
          .put("output", "all is well")
          .put("usage", usage())
          .put("served_by", name)
          .encode();
    }
  },
  /** OpenAI's, whole. */
  OPENAI_JSON {
    @Override
    String json(String name) {
      JsonObject message =
          new JsonObject().put("role", "assistant").put("content", "all is well by " + name);
      JsonObject choice =
          new JsonObject().put("index", 0).put("message", message).put("finish_reason", "stop");
      return envelope("chat.completion")
          .put("choices", new JsonArray().add(choice))
          .put("usage", usage())
          .put("served_by", name)
          .encode();
    }
  },
  /** OpenAI's, as events. */
  OPENAI_EVENTS {
    @Override
    String json(String name) {
      return OPENAI_JSON.json(name);
    }
  };

  /** The stream's event that tells of an error. */
  static final String ERROR_EVENT =
      event("{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}");

  private static final String DONE = event("[DONE]");

  /** The answer that a request wants. */
  static GoodAnswer to(String path, String body) {
    if (!path.startsWith("/v1/chat/completions")) {
      return ROUTER_JSON;
    }
    return body.replace(" ", "").contains("\"stream\":true") ? OPENAI_EVENTS : OPENAI_JSON;
  }

  /** The body, if it is not a stream. */
  abstract String json(String name);

  /** The stream's events before the first content. */
  static String preamble() {
    return chunk(new JsonObject().put("role", "assistant").put("content", ""), null);
  }

  /** The stream's events with content. */
  static List<String> contents(String name) {
    return List.of(
        chunk(new JsonObject().put("content", "served by " + name), null),
        chunk(new JsonObject().put("content", ", all is well"), null));
  }

  /** The stream's last events. */
  static String ending() {
    return chunk(new JsonObject(), "stop") + DONE;
  }

  private static String chunk(JsonObject delta, String finishReason) {
    JsonObject choice =
        new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finishReason);
    return event(
        envelope("chat.completion.chunk").put("choices", new JsonArray().add(choice)).encode());
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private static JsonObject envelope(String object) {
    return new JsonObject()
        .put("id", "chatcmpl-1")
        .put("object", object)
        .put("created", 1_700_000_000)
        .put("model", "Phi-4-mini");
  }

  private static JsonObject usage() {
    return new JsonObject()
        .put("prompt_tokens", 3)
        .put("completion_tokens", 4)
        .put("total_tokens", 7);
  }
}
