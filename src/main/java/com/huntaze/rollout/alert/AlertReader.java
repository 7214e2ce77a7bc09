package com.huntaze.rollout.alert;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.canary.Alert;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;

/** Reads an alert as anybody on the event bus may send it. */
final class AlertReader {
  private static final Set<String> FIELDS =
      Set.of("kind", "severity", "at", "subject", "occasion", "sentence");

  private static final int SHOWN = 40;

  private AlertReader() {}

  /**
   * The alert of a message's body.
   *
   * @param nowMillis wall clock, for alerts that do not tell their time
   * @throws IllegalArgumentException if it is none; the message names the field, what stands there
   *     and what is expected
   */
  static Alert read(Object body, long nowMillis) {
    if (!(body instanceof JsonObject fields)) {
      throw wrong("body", body, "a JSON object");
    }
    Bodies.known(fields, FIELDS);
    Alert.Kind kind = kind(fields);
    String severity = text(fields, "severity", kind.severity().label());
    if (!severity.equals(kind.severity().label())) {
      throw wrong("severity", severity, kind.severity().label() + ", that of " + kind.label());
    }
    String sentence = text(fields, "sentence", "");
    Alert alert =
        new Alert(
            kind,
            text(fields, "subject", ""),
            text(fields, "occasion", ""),
            sentence,
            at(fields, nowMillis));
    if (alert.sentence().isEmpty()) {
      throw wrong("sentence", sentence, "a sentence");
    }
    return alert;
  }

  private static Alert.Kind kind(JsonObject fields) {
    String kind = text(fields, "kind", "");
    return Alert.Kind.of(kind)
        .orElseThrow(() -> wrong("kind", kind, "a kind of docs/event-bus.md"));
  }

  private static String text(JsonObject fields, String name, String byDefault) {
    Object value = fields.getValue(name);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, value, "text");
  }

  private static long at(JsonObject fields, long nowMillis) {
    String text = text(fields, "at", "");
    if (text.isEmpty()) {
      return nowMillis;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException strange) {
      throw wrong("at", text, "an instant such as 2026-11-24T07:12:00Z");
    }
  }

  private static IllegalArgumentException wrong(String field, Object value, String expected) {
    String text = value instanceof String given ? given : kindOf(value);
    String shown = text.substring(0, Math.min(text.length(), SHOWN)).replaceAll("[^ -~]", "?");
    return new IllegalArgumentException(
        "alert.%s: %s (expected: %s)".formatted(field, shown, expected));
  }

  private static String kindOf(Object value) {
    return value == null ? "null" : value.getClass().getSimpleName();
  }
}
