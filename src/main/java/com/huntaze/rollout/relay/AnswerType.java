package com.huntaze.rollout.relay;

import com.huntaze.rollout.exchange.ErrorForm;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;

/** The forms of a response's body that matter, by its {@code Content-Type}. */
public enum AnswerType {
  /** Server-sent events. */
  EVENTS(ErrorForm.EVENT),
  /** JSON lines, each of which is whole for itself. */
  LINES(ErrorForm.LINE),
  /** A JSON text sequence, RFC 7464. */
  RECORDS(ErrorForm.RECORD),
  /** JSON. */
  JSON(ErrorForm.NONE),
  /** A page for people. */
  HTML(ErrorForm.NONE),
  /** Anything else, or nothing is said of it. */
  OTHER(ErrorForm.NONE);

  private static final String EVENT_STREAM = "text/event-stream";
  private static final String SEQUENCE = "application/json-seq";
  private static final Set<String> LINE_TYPES =
      Set.of(
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonl",
          "application/jsonlines",
          "application/x-jsonlines",
          "application/stream+json");

  private final ErrorForm errorForm;

  AnswerType(ErrorForm errorForm) {
    this.errorForm = errorForm;
  }

  /** The form that the fields of an answer tell. */
  public static AnswerType of(MultiMap headers) {
    String declared = headers.get(HttpHeaders.CONTENT_TYPE);
    if (declared == null) {
      return OTHER;
    }
    String type = declared.toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    if (media.startsWith(EVENT_STREAM)) {
      return EVENTS;
    } else if (LINE_TYPES.contains(media)) {
      return LINES;
    } else if (media.equals(SEQUENCE)) {
      return RECORDS;
    } else if (type.contains("json")) {
      return JSON;
    }
    return type.contains("html") ? HTML : OTHER;
  }

  /** Tells whether it is a stream of JSON texts, as lines or as a sequence. */
  boolean isLines() {
    return this == LINES || this == RECORDS;
  }

  /** Tells whether it comes part after part, and each part is read as soon as it is there. */
  public boolean isStream() {
    return this == EVENTS || isLines();
  }

  /** The form in which an error can be told within it. */
  ErrorForm errorForm() {
    return errorForm;
  }
}
