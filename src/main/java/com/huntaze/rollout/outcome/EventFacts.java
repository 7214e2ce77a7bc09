package com.huntaze.rollout.outcome;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** The facts in an event's JSON that the judge needs, read in one pass that keeps nothing else. */
final class EventFacts {
  /** The top-level {@code type}, or null. */
  private String type;

  /** A top-level {@code error} that is an object with a member, or a string that is not empty. */
  private boolean error;

  /** A top-level {@code error} that is an object without a member. */
  private boolean emptyError;

  /** It has the shape of an OpenAI or a Gemini chunk. */
  private boolean openAi;

  /** A choice says something, so that the answer has begun. */
  private boolean speaks;

  /** It has text of the answer. */
  private boolean says;

  /** Its delta is text, which is the answer's if its type says so. */
  private boolean deltaText;

  /** Its delta has a stop reason, after which the event that ends the answer follows. */
  private boolean stopReason;

  /** A choice, or the event itself, has a finish reason. */
  private boolean finished;

  /** Ollama's {@code done} is in it, beside a message or a response. */
  private boolean done;

  /** It is no JSON, or half of one. */
  private boolean broken;

  private boolean undone;
  private boolean doneReason;
  private boolean turn;
  private boolean turnSpeaks;
  private boolean turnSays;

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
      facts.broken = true;
      return facts;
    }
    return facts;
  }

  String type() {
    return type;
  }

  /** An empty error beside choices is none: some servers have it in each of their chunks. */
  boolean error() {
    return error || emptyError && !openAi;
  }

  boolean openAi() {
    return openAi;
  }

  boolean speaks() {
    return speaks;
  }

  boolean says() {
    return says;
  }

  boolean deltaText() {
    return deltaText;
  }

  boolean stopReason() {
    return stopReason;
  }

  boolean finished() {
    return finished;
  }

  boolean broken() {
    return broken;
  }

  /** It has the shape of a line of Ollama's. */
  boolean ollama() {
    return turn && (done || undone);
  }

  /** Ollama says that this line is the last. */
  boolean done() {
    return done;
  }

  /** Ollama says why. */
  boolean doneReason() {
    return doneReason;
  }

  /** A line of Ollama's has a part of an answer: text, thoughts, calls of tools. */
  boolean turnSpeaks() {
    return turnSpeaks;
  }

  /** A line of Ollama's has text of the answer. */
  boolean turnSays() {
    return turnSays;
  }

  private void field(String name, JsonToken value, JsonParser json) throws IOException {
    switch (name) {
      case "done" -> {
        done |= value == JsonToken.VALUE_TRUE;
        undone |= value == JsonToken.VALUE_FALSE;
      }
      case "done_reason" -> doneReason |= isText(value, json);
      case "message" -> turn(value, json);
      case "response" -> {
        turn |= value == JsonToken.VALUE_STRING;
        turnSays |= isText(value, json);
        turnSpeaks |= turnSays;
      }
      case "thinking" -> turnSpeaks |= isText(value, json);
      case "type" -> type = value == JsonToken.VALUE_STRING ? json.getText() : type;
      case "error" -> error(value, json);
      case "object" -> openAi |= isText(value, json) && isChunk(json.getText());
      case "prompt_filter_results" -> openAi = true;
      case "finish_reason" -> finished |= isText(value, json);
      case "choices" -> choices(value, json);
      case "candidates" -> candidates(value, json);
      case "promptFeedback" -> promptFeedback(value, json);
      case "delta" -> typedDelta(value, json);
      default -> {}
    }
  }

  /** Reads which of both kinds of error it is; one that breaks off before that counts as empty. */
  private void error(JsonToken value, JsonParser json) throws IOException {
    error |= isText(value, json);
    if (value != JsonToken.START_OBJECT) {
      return;
    }
    emptyError = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      error = true;
      requireMore(json.nextToken());
      json.skipChildren();
    }
  }

  /** The delta of an event that has a type: Anthropic's are objects, those of Responses text. */
  private void typedDelta(JsonToken value, JsonParser json) throws IOException {
    deltaText |= isText(value, json);
    if (value != JsonToken.START_OBJECT) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken inner = json.nextToken();
      says |= name.equals("text") && isText(inner, json);
      stopReason |= name.equals("stop_reason") && isText(inner, json);
      json.skipChildren();
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
        case "text" -> says |= isText(value, json);
        default -> {}
      }
      json.skipChildren();
    }
    speaks |= says;
  }

  /** Gemini's choices. */
  private void candidates(JsonToken value, JsonParser json) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      return;
    }
    openAi = true;
    while (json.nextToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken inner = json.nextToken();
        finished |= name.equals("finishReason") && isText(inner, json);
        if (name.equals("content") && inner == JsonToken.START_OBJECT) {
          candidate(json);
        }
        json.skipChildren();
      }
    }
  }

  private void candidate(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean parts = json.currentName().equals("parts");
      if (json.nextToken() != JsonToken.START_ARRAY || !parts) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() == JsonToken.START_OBJECT) {
        part(json);
      }
    }
  }

  /** A part is text, a thought, a call, or data. */
  private void part(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      boolean something = hasValue(json.nextToken(), json);
      speaks |= something && !name.equals("thought");
      says |= something && name.equals("text");
    }
  }

  /** Gemini's word on a prompt that it does not answer. */
  private void promptFeedback(JsonToken value, JsonParser json) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean reason = json.currentName().equals("blockReason");
      boolean blocked = reason && isText(json.nextToken(), json);
      if (!reason) {
        json.nextToken();
      }
      openAi |= blocked;
      finished |= blocked;
      json.skipChildren();
    }
  }

  /** The message of a line of Ollama's. */
  private void turn(JsonToken value, JsonParser json) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      return;
    }
    turn = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      boolean something = hasValue(json.nextToken(), json);
      turnSpeaks |= something && !name.equals("role");
      turnSays |= something && name.equals("content");
    }
  }

  /** Reads whether a delta has anything but its role: content, tool calls, a refusal, reasoning. */
  private void delta(JsonToken value, JsonParser json) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      boolean something = hasValue(json.nextToken(), json);
      speaks |= something && !name.equals("role");
      says |= something && name.equals("content");
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
