package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * An error answer in FastAPI's shape: {@code {"detail": …}}.
 *
 * @param status the HTTP status
 * @param body the whole body
 */
record Rejection(int status, JsonObject body) {
  static final Rejection NOT_FOUND = of(404, "Not Found");
  static final Rejection TOO_LARGE = of(413, "Request body is too large");
  static final Rejection FAILED = of(500, "Model invocation failed (simulated)");

  static final Rejection THROTTLED = of(429, "Too many requests (simulated)");

  static Rejection of(int status, String detail) {
    return new Rejection(status, new JsonObject().put("detail", detail));
  }

  /** A 422 about one field of the body, or about the body itself when {@code field} is null. */
  static Rejection invalid(Object field, String message, String type) {
    JsonArray location = new JsonArray().add("body");
    if (field != null) {
      location.add(field);
    }
    JsonObject problem =
        new JsonObject().put("loc", location).put("msg", message).put("type", type);
    return new Rejection(422, new JsonObject().put("detail", new JsonArray().add(problem)));
  }

  static Rejection missing(String field) {
    return invalid(field, "field required", "value_error.missing");
  }

  static Rejection notAString(String field) {
    return invalid(field, "str type expected", "type_error.str");
  }
}
