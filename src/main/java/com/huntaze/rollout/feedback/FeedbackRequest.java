package com.huntaze.rollout.feedback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.http.CorrelationId;
import com.huntaze.rollout.quality.Rating;
import com.huntaze.rollout.route.PlainPath;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * A caller's rating of an answer: {@code {"correlationId": "…", "score": 0..1, "label": "…"}}. Read
 * strictly: a key that is misspelt or stands twice is told, and not left out.
 *
 * @param correlationId of the answer
 */
public record FeedbackRequest(String correlationId, Rating rating) {
  /** The largest body, far more than the longest that makes sense. */
  public static final int MAX_BYTES = 4_096;

  private static final int LONGEST_LABEL = 64;
  private static final int SHOWN = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNameLength(MAX_BYTES)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();

  /** Returns whether a request is one. */
  public static boolean isFor(String method, String path) {
    return "POST".equals(method) && "/v1/feedback".equals(PlainPath.of(path));
  }

  /**
   * Reads a body.
   *
   * @throws Refusal 400 with what is wrong
   */
  static FeedbackRequest read(Buffer body) throws Refusal {
    try (JsonParser parser = JSON.createParser(body.getBytes())) {
      Fields fields = new Fields();
      fields.read(parser);
      return fields.checked();
    } catch (IOException notJson) {
      throw malformed();
    }
  }

  private static Refusal malformed() {
    return refusal(
        "body: not a JSON object (expected: {\"correlationId\": \"…\", \"score\": 0..1, \"label\":"
            + " \"…\"})");
  }

  private static Refusal refusal(String message) {
    return new Refusal(ErrorCode.BAD_REQUEST, message);
  }

  /** A caller's text as it can stand in a sentence. */
  static String shown(String text) {
    String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    return cut.replaceAll("[^ -~]", "?");
  }

  /** The fields as they come. */
  private static final class Fields {
    private final Set<String> seen = new HashSet<>();
    private String correlationId;
    private Double score;
    private String label;

    private void read(JsonParser parser) throws IOException, Refusal {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (!seen.add(name)) {
          throw refusal(shown(name) + ": set twice (expected: once)");
        }
        field(name, parser.nextToken(), parser);
      }
      if (parser.nextToken() != null) {
        throw malformed();
      }
    }

    private void field(String name, JsonToken value, JsonParser parser)
        throws IOException, Refusal {
      switch (name) {
        case "correlationId" -> correlationId = correlationId(value, parser);
        case "score" -> score = score(value, parser);
        case "label" -> label = label(value, parser);
        default ->
            throw refusal(shown(name) + ": unknown key (expected: correlationId, score or label)");
      }
    }

    private static String correlationId(JsonToken value, JsonParser parser)
        throws IOException, Refusal {
      if (value != JsonToken.VALUE_STRING || !CorrelationId.valid(parser.getText())) {
        throw refusal(
            "correlationId: %s (expected: the X-Correlation-ID of an answer)"
                .formatted(shown(text(value, parser))));
      }
      return parser.getText();
    }

    private static Double score(JsonToken value, JsonParser parser) throws IOException, Refusal {
      boolean number = value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_NUMBER_FLOAT;
      // From the text: a number of any size is either a double or far out of bounds.
      double score = number ? Double.parseDouble(parser.getText()) : -1;
      if (!(score >= 0 && score <= 1)) {
        throw refusal(
            "score: %s (expected: a number from 0 to 1)".formatted(shown(text(value, parser))));
      }
      return score;
    }

    private static String label(JsonToken value, JsonParser parser) throws IOException, Refusal {
      if (value == JsonToken.VALUE_NULL) {
        return null;
      }
      String label = value == JsonToken.VALUE_STRING ? parser.getText() : "";
      boolean fits = !label.isBlank() && label.length() <= LONGEST_LABEL;
      if (!fits || label.codePoints().anyMatch(Fields::unprintable)) {
        throw refusal(
            "label: %s (expected: a text of 1 to %d characters without control characters)"
                .formatted(shown(text(value, parser)), LONGEST_LABEL));
      }
      return label;
    }

    /** Control characters, what turns the direction of text, and halves of characters. */
    private static boolean unprintable(int character) {
      int type = Character.getType(character);
      return type == Character.CONTROL
          || type == Character.FORMAT
          || type == Character.SURROGATE
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static String text(JsonToken value, JsonParser parser) throws IOException {
      if (value == null) {
        throw new IOException("ends too early");
      }
      return value == JsonToken.VALUE_STRING ? "\"" + parser.getText() + "\"" : parser.getText();
    }

    private FeedbackRequest checked() throws Refusal {
      if (correlationId == null) {
        throw refusal("correlationId: missing (expected: the X-Correlation-ID of an answer)");
      }
      if (score == null) {
        throw refusal("score: missing (expected: a number from 0 to 1)");
      }
      return new FeedbackRequest(correlationId, Rating.of(score, label));
    }
  }
}
