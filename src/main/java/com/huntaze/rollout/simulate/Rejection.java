package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * An error answer. FastAPI's {@code detail} is its origin; {@link ErrorShape} has it told as the
 * API of the path tells errors.
 *
 * @param status the HTTP status
 * @param detail the whole body in FastAPI's shape: {@code {"detail": …}}
 * @param retryAfterSeconds when to come again, in seconds; 0 = it is not told
 */
record Rejection(int status, JsonObject detail, int retryAfterSeconds) {
  static final Rejection NOT_FOUND = of(404, "Not Found");
  static final Rejection TOO_LARGE = of(413, "Request body is too large");
  static final Rejection FAILED = of(500, "Model invocation failed (simulated)");
  static final Rejection THROTTLED = of(429, "Too many requests (simulated)");

  static Rejection of(int status, String detail) {
    return new Rejection(status, new JsonObject().put("detail", detail), 0);
  }

  /** A 422 about one field of the body, or about the body itself when {@code field} is null. */
  static Rejection invalid(Object field, String message, String type) {
    JsonArray location = new JsonArray().add("body");
    if (field != null) {
      location.add(field);
    }
    JsonObject problem =
        new JsonObject().put("loc", location).put("msg", message).put("type", type);
    return new Rejection(422, new JsonObject().put("detail", new JsonArray().add(problem)), 0);
  }

  static Rejection missing(String field) {
    return invalid(field, "field required", "value_error.missing");
  }

  static Rejection notAString(String field) {
    return invalid(field, "str type expected", "type_error.str");
  }

  /** The same with a time to come again. */
  Rejection retryAfter(int seconds) {
    return new Rejection(status, detail, seconds);
  }

  /** The fault, as one sentence. */
  String message() {
    if (detail.getValue("detail") instanceof JsonArray problems) {
      JsonObject problem = problems.getJsonObject(0);
      return problem.getJsonArray("loc").stream().map(String::valueOf).toList()
          + ": "
          + problem.getString("msg");
    }
    return detail.getString("detail");
  }
}
