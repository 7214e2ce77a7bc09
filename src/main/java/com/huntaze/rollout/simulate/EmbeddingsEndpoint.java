package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's {@code POST /v1/embeddings}, for one text or a list of texts. */
final class EmbeddingsEndpoint {
  private static final int DIMENSIONS = 64;

  private EmbeddingsEndpoint() {}

  static void embed(SimulatedExchange exchange, JsonObject body) {
    if (!body.containsKey("input")) {
      exchange.reject(Rejection.missing("input"));
      return;
    }
    List<String> texts = texts(body.getValue("input"));
    if (texts.isEmpty()) {
      exchange.reject(Rejection.notAString("input"));
      return;
    }
    JsonArray data = new JsonArray();
    int tokens = 0;
    for (String text : texts) {
      data.add(
          new JsonObject()
              .put("object", "embedding")
              .put("index", data.size())
              .put("embedding", vector(exchange.chance())));
      tokens += Answer.tokens(text);
    }
    JsonObject answer =
        new JsonObject()
            .put("object", "list")
            .put("data", data)
            .put("model", body.getString("model", "text-embedding-3-small"))
            .put(
                "usage", new JsonObject().put("prompt_tokens", tokens).put("total_tokens", tokens));
    exchange.after(exchange.tempo().quickMillis(), () -> exchange.json(200, answer));
  }

  /** The texts of the input; empty when it is neither a string nor a list of strings. */
  private static List<String> texts(Object input) {
    if (input instanceof String text) {
      return List.of(text);
    }
    List<String> texts = new ArrayList<>();
    if (input instanceof JsonArray array) {
      for (Object element : array) {
        if (!(element instanceof String text)) {
          return List.of();
        }
        texts.add(text);
      }
    }
    return texts;
  }

  private static JsonArray vector(Chance chance) {
    JsonArray vector = new JsonArray();
    for (int i = 0; i < DIMENSIONS; i++) {
      vector.add(Math.round((chance.uniform() * 2 - 1) * 1e6) / 1e6);
    }
    return vector;
  }
}
