package com.huntaze.rollout.relay;

import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.exchange.ExchangeState;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.http.HttpDate;
import com.huntaze.rollout.http.OwnFields;
import com.huntaze.rollout.outcome.Dialect;
import com.huntaze.rollout.outcome.ErrorShape;
import com.huntaze.rollout.route.PlainPath;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Writes the errors of our own to one request, in the shape that the callers of its path read. */
public final class ErrorResponder {
  private final HttpServerResponse response;
  private final ErrorShape shape;
  private final OwnFields own;
  private final ExchangeState state;

  /**
   * @param path of the request, {@code null} = none that could be read
   * @param state of the request's attempts, which may have none yet
   */
  public ErrorResponder(
      HttpServerResponse response, String path, OwnFields own, ExchangeState state) {
    this.response = response;
    this.shape = shapeOf(path);
    this.own = own;
    this.state = state;
  }

  static ErrorShape shapeOf(String path) {
    return Dialect.errorsOf(path == null ? null : PlainPath.of(path));
  }

  /**
   * Ends the response with an error, for no attempt has brought an answer.
   *
   * @param message one sentence for the caller: what happened and what is expected, no internals
   */
  public Future<Void> giveUp(ErrorCode code, String message) {
    head(code);
    RetryFields.ofGivenUp(response.headers(), code.status(), state);
    return response.end(body(code, message).whole());
  }

  /** Ends the response with the error of a request that is carried no further. */
  public Future<Void> refuse(Refusal refusal) {
    head(refusal.code());
    RetryFields.ofRefusal(response.headers(), refusal.code().status(), state);
    refusal.headers().forEach(response::putHeader);
    boolean http1 = response.streamId() < 0;
    if (refusal.closes() && http1) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    return response.end(body(refusal.code(), refusal.getMessage()).whole());
  }

  /** Ends the response, whose head is a provider's, with our own error in place of its body. */
  public Future<Void> replace(AgentError error, HeldAnswer answer) {
    error.strip(response.headers());
    response
        .setStatusMessage(HttpResponseStatus.valueOf(error.status()).reasonPhrase())
        .setStatusCode(error.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    RetryFields.describe(
        response.headers(), error.status(), answer.from().provider(), answer.hint(), state);
    return response.end(body(error.code(), error.message()).whole());
  }

  /** The error as a part of a stream that has begun, {@link ErrorForm#NONE} is not asked for. */
  public Buffer within(ErrorForm form, ErrorCode code, String message) {
    return body(code, message).within(form);
  }

  private void head(ErrorCode code) {
    // A head that was prepared for an upstream's answer must leave no trace in ours.
    response.headers().clear();
    response
        .setChunked(false)
        .setStatusMessage(HttpResponseStatus.valueOf(code.status()).reasonPhrase())
        .setStatusCode(code.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.DATE, HttpDate.now());
    own.tell(response.headers());
  }

  private ErrorBody body(ErrorCode code, String message) {
    return new ErrorBody(shape, code, message, own.correlationId(), state.fellBack());
  }
}
