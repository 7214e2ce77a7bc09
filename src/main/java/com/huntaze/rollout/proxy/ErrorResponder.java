package com.huntaze.rollout.proxy;

import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.failover.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** Writes the errors of our own, in the one body that all the clients read. */
final class ErrorResponder {
  private ErrorResponder() {}

  /**
   * Ends the response with an error.
   *
   * @param message one sentence for the caller: what happened and what is expected, no internals
   * @param fallbackUsed whether legacy was asked in Foundry's stead
   */
  static Future<Void> send(
      HttpServerResponse response,
      ErrorCode code,
      String message,
      String correlationId,
      boolean fallbackUsed) {
    head(response, code, correlationId);
    return response.end(body(code, message, correlationId, fallbackUsed).toBuffer());
  }

  /** Ends the response with the error of a request that no provider was called for. */
  static Future<Void> send(HttpServerResponse response, Refusal refusal, String correlationId) {
    head(response, refusal.code(), correlationId);
    refusal.headers().forEach(response::putHeader);
    boolean http1 = response.streamId() < 0;
    if (refusal.closes() && http1) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    return response.end(
        body(refusal.code(), refusal.getMessage(), correlationId, false).toBuffer());
  }

  /** Ends the response, whose head is a provider's, with our own error in place of its body. */
  static Future<Void> replace(
      HttpServerResponse response, AgentError error, String correlationId, boolean fallbackUsed) {
    error.strip(response.headers());
    response
        .setStatusMessage(HttpResponseStatus.valueOf(error.status()).reasonPhrase())
        .setStatusCode(error.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HeaderNames.SHOULD_RETRY, "false");
    return response.end(
        body(error.code(), error.message(), correlationId, fallbackUsed).toBuffer());
  }

  /** The error as a part of a stream that has begun, {@link ErrorForm#NONE} is not asked for. */
  static Buffer within(
      ErrorForm form, ErrorCode code, String message, String correlationId, boolean fallbackUsed) {
    JsonObject error = error(code, message, correlationId, fallbackUsed);
    String text = new JsonObject().put("error", error).encode();
    return Buffer.buffer(
        switch (form) {
          case EVENT -> "data: " + text + "\n\n";
          case LINE -> text + "\n";
          case RECORD -> "\u001e" + text + "\n";
          case NONE -> throw new AssertionError("form: NONE (expected: one that can be told)");
        });
  }

  private static void head(HttpServerResponse response, ErrorCode code, String correlationId) {
    // A head that was prepared for an upstream's answer must leave no trace in ours.
    response.headers().clear();
    response
        .setChunked(false)
        .setStatusMessage(HttpResponseStatus.valueOf(code.status()).reasonPhrase())
        .setStatusCode(code.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.DATE, HttpDate.now())
        .putHeader(HeaderNames.CORRELATION_ID, correlationId)
        .putHeader(HeaderNames.SHOULD_RETRY, "false");
    if (code == ErrorCode.OVERLOADED) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
  }

  private static JsonObject body(
      ErrorCode code, String message, String correlationId, boolean fallbackUsed) {
    return new JsonObject()
        .put("success", false)
        .put("error", error(code, message, correlationId, fallbackUsed));
  }

  private static JsonObject error(
      ErrorCode code, String message, String correlationId, boolean fallbackUsed) {
    return new JsonObject()
        .put("code", code.name())
        .put("type", code.type())
        .putNull("param")
        .put("message", message)
        .put("retryable", code.retryable())
        .put("fallbackUsed", fallbackUsed)
        .put("correlationId", correlationId);
  }
}
