package com.huntaze.rollout.outcome;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What the judge must know of an event's JSON, read in one pass that keeps nothing else. */
final class EventFacts {
  /** The top-level {@code type}, or null. */
  private String type;

  /** A top-level {@code error} that is an object, or a string that is not empty. */
  private boolean error;

  /** It has the shape of an OpenAI chunk. */
  private boolean openAi;

  /** A choice says something, so that the answer has begun. */
  private boolean speaks;

  /** A choice, or the event itself, has a finish reason. */
  private boolean finished;

  private EventFacts() {}

  /** Reads what can be read: of JSON that is cut off or broken, what stands before the break. */
  static EventFacts of(byte[] data, int from, int to) {
    EventFacts facts = new EventFacts();
    try (JsonParser json = HostileJson.parser(data, from, to)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          facts.field(json.currentName(), json.nextToken(), json);
          json.skipChildren();
        }
      }
    } catch (IOException broken) {
      return facts;
    }
    return facts;
  }

  String type() {
    return type;
  }

  boolean error() {
    return error;
  }

  boolean openAi() {
    return openAi;
  }

  boolean speaks() {
    return speaks;
  }

  boolean finished() {
    return finished;
  }

  private void field(String name, JsonToken value, JsonParser json) throws IOException {
    switch (name) {
      case "type" -> type = value == JsonToken.VALUE_STRING ? json.getText() : type;
      case "error" -> error |= value == JsonToken.START_OBJECT || isText(value, json);
      case "object" -> openAi |= isText(value, json) && isChunk(json.getText());
      case "prompt_filter_results" -> openAi = true;
      case "finish_reason" -> finished |= isText(value, json);
      case "choices" -> choices(value, json);
      default -> {}
    }
  }

  private static boolean isChunk(String object) {
    return object.startsWith("chat.completion") || object.equals("text_completion");
  }

  private static boolean isText(JsonToken value, JsonParser json) throws IOException {
    return value == JsonToken.VALUE_STRING && json.getTextLength() > 0;
  }

  private void choices(JsonToken value, JsonParser json) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      return;
    }
    openAi = true;
    while (json.nextToken() == JsonToken.START_OBJECT) {
      choice(json);
    }
    // Elements that are no objects are nothing that we know: taken for content.
    while (json.currentToken() != JsonToken.END_ARRAY) {
      speaks = true;
      json.skipChildren();
      requireMore(json.nextToken());
    }
  }

  private void choice(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "finish_reason" -> finished |= isText(value, json);
        case "delta", "message" -> delta(value, json);
        case "text" -> speaks |= isText(value, json);
        default -> {}
      }
      json.skipChildren();
    }
  }

  /** Whether a delta has anything but its role: content, tool calls, a refusal, reasoning. */
  private void delta(JsonToken value, JsonParser json) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean role = json.currentName().equals("role");
      boolean something = hasValue(json.nextToken(), json);
      speaks |= something && !role;
    }
  }

  /** Reads a value whole and tells whether anything is in it. */
  private static boolean hasValue(JsonToken value, JsonParser json) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return json.getTextLength() > 0;
    }
    if (!value.isStructStart()) {
      return value != JsonToken.VALUE_NULL;
    }
    boolean something = false;
    int depth = 1;
    while (depth > 0) {
      JsonToken token = requireMore(json.nextToken());
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      something |= token.isScalarValue();
    }
    return something;
  }

  private static JsonToken requireMore(JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("cut off");
    }
    return token;
  }
}
