package com.huntaze.rollout.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.huntaze.rollout.route.PlainPath;
import com.huntaze.rollout.upstream.ModelNames;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Gemini's batch of embeddings: each of its requests names the model of the path once more, and the
 * whole is refused if one of them names another.
 */
final class EmbeddingBatch {
  private static final String ENDING = ":batchEmbedContents";
  private static final String REQUESTS = "requests";

  private final Buffer body;
  private final ModelNames models;
  private final Buffer renamed;

  /** The end of what has been copied. */
  private int copied;

  private EmbeddingBatch(Buffer body, ModelNames models) {
    this.body = body;
    this.models = models;
    this.renamed = Buffer.buffer(body.length());
  }

  /**
   * Tells whether a target asks for one.
   *
   * @param target in origin form
   */
  static boolean isFor(String target) {
    int query = target.indexOf('?');
    return PlainPath.of(query < 0 ? target : target.substring(0, query)).endsWith(ENDING);
  }

  /** The body with the provider's names in each of its requests; as it is if it is no JSON. */
  static Buffer rename(Buffer body, ModelNames models) {
    EmbeddingBatch batch = new EmbeddingBatch(body, models);
    try (JsonParser json = BodyPeek.parser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        batch.root(json);
      }
    } catch (IOException notJson) {
      return body;
    }
    return batch.copied == 0 ? body : batch.copyTo(body.length()).renamed;
  }

  private void root(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean requests = json.currentName().equals(REQUESTS);
      if (json.nextToken() == JsonToken.START_ARRAY && requests) {
        requests(json);
      } else {
        json.skipChildren();
      }
    }
  }

  private void requests(JsonParser json) throws IOException {
    for (JsonToken value = json.nextToken();
        value != null && value != JsonToken.END_ARRAY;
        value = json.nextToken()) {
      if (value == JsonToken.START_OBJECT) {
        request(json);
      } else {
        json.skipChildren();
      }
    }
  }

  private void request(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean model = json.currentName().equals(RequestClassifier.MODEL);
      if (json.nextToken() == JsonToken.VALUE_STRING && model) {
        model(json);
      } else {
        json.skipChildren();
      }
    }
  }

  private void model(JsonParser json) throws IOException {
    String own = models.ofBody(json.getText());
    // Before the first byte, where the text is not UTF-8.
    int from = (int) json.currentTokenLocation().getByteOffset();
    int to = (int) json.currentLocation().getByteOffset();
    if (own != null && from >= 0 && to > from + 1) {
      copyTo(from).renamed.appendString("\"" + own + "\"");
      copied = to;
    }
  }

  private EmbeddingBatch copyTo(int end) {
    renamed.appendBuffer(body, copied, end - copied);
    return this;
  }
}
