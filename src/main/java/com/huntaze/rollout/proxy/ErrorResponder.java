package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Writes the errors of our own, in the one body that all the clients read. */
final class ErrorResponder {
  private ErrorResponder() {}

  /**
   * Ends the response with an error.
   *
   * @param message one sentence for the caller: what happened and what is expected, no internals
   */
  static void send(
      HttpServerResponse response, ErrorCode code, String message, String correlationId) {
    send(response, code, message, correlationId, Map.of());
  }

  /** The same with more headers. */
  static void send(
      HttpServerResponse response,
      ErrorCode code,
      String message,
      String correlationId,
      Map<String, String> headers) {
    // A head that was prepared for an upstream's answer must leave no trace in ours.
    response.headers().clear();
    response
        .setChunked(false)
        .setStatusMessage(HttpResponseStatus.valueOf(code.status()).reasonPhrase())
        .setStatusCode(code.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HeaderNames.CORRELATION_ID, correlationId)
        .putHeader(HeaderNames.SHOULD_RETRY, "false");
    if (code == ErrorCode.OVERLOADED) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
    headers.forEach(response::putHeader);
    response.end(body(code, message, correlationId));
  }

  private static Buffer body(ErrorCode code, String message, String correlationId) {
    JsonObject error =
        new JsonObject()
            .put("code", code.name())
            .put("type", code.type())
            .putNull("param")
            .put("message", message)
            .put("retryable", code.retryable())
            .put("fallbackUsed", false)
            .put("correlationId", correlationId);
    return new JsonObject().put("success", false).put("error", error).toBuffer();
  }
}
