package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.client.LingeringClose;
import com.huntaze.rollout.client.ListenOptions;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.exchange.ExchangeState;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.http.CorrelationId;
import com.huntaze.rollout.http.CorsSettings;
import com.huntaze.rollout.http.OwnFields;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.meters.ProxyMeters.Ending;
import com.huntaze.rollout.relay.ErrorResponder;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers what the decoder could not read as a request, in our own error body, and closes the
 * connection: nothing that follows on it can be told from the broken part.
 */
final class InvalidRequests implements Handler<HttpServerRequest> {
  /** A message that could not be read has no origin. */
  private static final CorsSettings NO_PAGES = new CorsSettings(List.of());

  private final ProxyMeters meters;
  private final Consumer<ExchangeRecord> records;

  InvalidRequests(ProxyMeters meters, Consumer<ExchangeRecord> records) {
    this.meters = meters;
    this.records = records;
  }

  @Override
  public void handle(HttpServerRequest request) {
    meters.refused();
    Throwable cause = request.decoderResult().cause();
    ErrorCode code = code(cause);
    request.response().exceptionHandler(ignored -> {});
    request.exceptionHandler(ignored -> {});
    String correlationId = CorrelationId.of(request.headers());
    ExchangeRecorder recorder = new ExchangeRecorder(request, correlationId, null);
    OwnFields own = new OwnFields(correlationId, NO_PAGES, request.headers());
    Refusal refusal = Refusal.unreadable(code, message(code));
    LingeringClose.closeLate(request);
    new ErrorResponder(request.response(), request.path(), own, ExchangeState.none())
        .refuse(refusal);
    request.connection().close();
    records.accept(
        recorder.endUnasked(
            Ending.REFUSED, code.status(), null, 0, request.remoteAddress().hostAddress()));
  }

  private static ErrorCode code(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ErrorCode.URI_TOO_LONG;
    } else if (cause instanceof TooLongHttpHeaderException
        || cause instanceof TooLongFrameException) {
      return ErrorCode.HEADERS_TOO_LARGE;
    }
    return ErrorCode.BAD_REQUEST;
  }

  private static String message(ErrorCode code) {
    return switch (code) {
      case URI_TOO_LONG ->
          "request line: over %d bytes (expected: at most that)"
              .formatted(ListenOptions.MAX_INITIAL_LINE_BYTES);
      case HEADERS_TOO_LARGE -> "headers: too large (expected: at most server.maxHeaderBytes)";
      case BAD_REQUEST -> "request: malformed (expected: one as RFC 9112 has it)";
      default -> throw new AssertionError(code);
    };
  }
}
