package com.huntaze.rollout.relay;

import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.outcome.ErrorShape;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * An error of ours in the shape that the callers of its path read. Our own fields are in each of
 * them; where a shape has a {@code code} of its own, ours is the {@code reason}.
 *
 * <p>Sources: the API references of OpenAI and Anthropic ("Errors"), and Google's AIP-193.
 *
 * <p>Decision 100 in {@code docs/decisions.md}.
 *
 * @param message one sentence for the caller
 * @param fallbackUsed whether legacy was asked in Foundry's stead
 */
record ErrorBody(
    ErrorShape shape, ErrorCode code, String message, String correlationId, boolean fallbackUsed) {

  /** The body of an answer. */
  Buffer whole() {
    JsonObject told = told();
    return (shape == ErrorShape.OPENAI
            ? new JsonObject().put("success", false).mergeIn(told)
            : told)
        .toBuffer();
  }

  /** A part of a stream that has begun; {@link ErrorForm#NONE} is not asked for. */
  Buffer within(ErrorForm form) {
    String text = told().encode();
    return Buffer.buffer(
        switch (form) {
          case EVENT ->
              (shape == ErrorShape.ANTHROPIC ? "event: error\n" : "") + "data: " + text + "\n\n";
          case LINE -> text + "\n";
          case RECORD -> "\u001e" + text + "\n";
          case NONE -> throw new AssertionError("form: NONE (expected: one that can be told)");
        });
  }

  private JsonObject told() {
    return switch (shape) {
      case OPENAI ->
          new JsonObject()
              .put(
                  "error",
                  new JsonObject()
                      .put("code", code.name())
                      .put("type", code.type())
                      .putNull("param")
                      .put("message", message)
                      .mergeIn(ours()));
      case ANTHROPIC ->
          new JsonObject()
              .put("type", "error")
              .put(
                  "error",
                  new JsonObject()
                      .put("type", anthropics())
                      .put("message", message)
                      .put("code", code.name())
                      .mergeIn(ours()))
              .put("request_id", correlationId);
      case GOOGLE ->
          new JsonObject()
              .put(
                  "error",
                  new JsonObject()
                      .put("code", code.status())
                      .put("message", message)
                      .put("status", googles())
                      .put("details", new JsonArray())
                      .put("reason", code.name())
                      .mergeIn(ours()));
    };
  }

  private JsonObject ours() {
    return new JsonObject()
        .put("retryable", code.retryable())
        .put("fallbackUsed", fallbackUsed)
        .put("correlationId", correlationId);
  }

  private String anthropics() {
    return switch (code) {
      case UNAUTHORIZED -> "authentication_error";
      case RATE_LIMITED -> "rate_limit_error";
      case OVERLOADED, SHUTTING_DOWN -> "overloaded_error";
      case NOT_FOUND, LEFT_BEHIND -> "not_found_error";
      case PAYLOAD_TOO_LARGE -> "request_too_large";
      case TIMEOUT -> "timeout_error";
      case FOUNDRY_UNAVAILABLE, FALLBACK_FAILED -> "api_error";
      case BAD_REQUEST, METHOD_NOT_ALLOWED, EXPECTATION_FAILED, URI_TOO_LONG, HEADERS_TOO_LARGE ->
          "invalid_request_error";
    };
  }

  private String googles() {
    return switch (code) {
      case UNAUTHORIZED -> "UNAUTHENTICATED";
      case RATE_LIMITED -> "RESOURCE_EXHAUSTED";
      case NOT_FOUND, LEFT_BEHIND -> "NOT_FOUND";
      case TIMEOUT -> "DEADLINE_EXCEEDED";
      case OVERLOADED, SHUTTING_DOWN, FOUNDRY_UNAVAILABLE, FALLBACK_FAILED -> "UNAVAILABLE";
      case BAD_REQUEST,
          METHOD_NOT_ALLOWED,
          PAYLOAD_TOO_LARGE,
          EXPECTATION_FAILED,
          URI_TOO_LONG,
          HEADERS_TOO_LARGE ->
          "INVALID_ARGUMENT";
    };
  }
}
