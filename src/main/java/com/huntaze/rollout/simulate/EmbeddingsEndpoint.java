package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * OpenAI's {@code POST /v1/embeddings}, for one text or a list of texts, or of lists of tokens. The
 * vectors are arrays of numbers or, with {@code "encoding_format": "base64"}, as most SDKs ask for
 * them, little-endian floats.
 */
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
    boolean base64 = "base64".equals(body.getValue("encoding_format"));
    JsonArray data = new JsonArray();
    int tokens = 0;
    for (String text : texts) {
      float[] vector = vector(Chance.of(exchange.profile().seed(), text));
      data.add(
          new JsonObject()
              .put("object", "embedding")
              .put("index", data.size())
              .put("embedding", base64 ? encoded(vector) : numbers(vector)));
      tokens += Answer.tokens(text);
    }
    JsonObject answer =
        new JsonObject()
            .put("object", "list")
            .put("data", data)
            .put("model", body.getValue("model", "text-embedding-3-small"))
            .put(
                "usage", new JsonObject().put("prompt_tokens", tokens).put("total_tokens", tokens));
    exchange.after(exchange.tempo().quickMillis(), () -> exchange.json(200, answer));
  }

  /** The texts of the input, lists of tokens as text; empty when it is none of these. */
  private static List<String> texts(Object input) {
    if (input instanceof String text) {
      return List.of(text);
    }
    if (!(input instanceof JsonArray array)) {
      return List.of();
    }
    if (isTokens(array)) {
      return List.of(array.encode());
    }
    List<String> texts = new ArrayList<>();
    for (Object element : array) {
      if (element instanceof String text) {
        texts.add(text);
      } else if (element instanceof JsonArray tokens && isTokens(tokens)) {
        texts.add(tokens.encode());
      } else {
        return List.of();
      }
    }
    return texts;
  }

  private static boolean isTokens(JsonArray array) {
    return !array.isEmpty() && array.stream().allMatch(Integer.class::isInstance);
  }

  private static float[] vector(Chance chance) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = Math.round((chance.uniform() * 2 - 1) * 1e6) / 1e6f;
    }
    return vector;
  }

  private static JsonArray numbers(float[] vector) {
    JsonArray numbers = new JsonArray();
    for (float number : vector) {
      numbers.add(number);
    }
    return numbers;
  }

  private static String encoded(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : vector) {
      bytes.putFloat(number);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
