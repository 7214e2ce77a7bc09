package com.huntaze.rollout.admission;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.http.ServerSettings;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;

/**
 * The size that a request's head may have, the same over both versions (431, RFC 6585 §5): its
 * bytes as HTTP/1.1 would write them, and the number of its fields. Over HTTP/1 the decoder has
 * refused what has too many bytes; over HTTP/2 a head is refused here, on its stream alone.
 */
final class HeadLimits {
  /** Colon, blank and the end of the line. */
  private static final int FIELD_BYTES = 4;

  private final int maxBytes;
  private final int maxFields;

  HeadLimits(ServerSettings settings) {
    maxBytes = settings.maxHeaderBytes();
    maxFields = settings.maxHeaderFields();
  }

  /**
   * Lets a head pass.
   *
   * @throws Refusal 431 if it is too large, or out of proportion to what its client has sent
   */
  void check(HttpServerRequest request, ArrivingClient client) throws Refusal {
    Sum sum = new Sum();
    request.headers().forEach(sum);
    int fields = sum.fields;
    long bytes = request.uri().length() + sum.bytes;
    if (fields > maxFields) {
      throw refusal("headers: %d fields (expected: at most %d)".formatted(fields, maxFields));
    }
    if (request.response().streamId() < 0) {
      return;
    }
    if (bytes > maxBytes) {
      throw refusal("headers: %d bytes (expected: at most %d)".formatted(bytes, maxBytes));
    }
    if (!client.allowsHead(bytes)) {
      throw refusal(
          "headers: %d bytes by reference to earlier ones (expected: in proportion to what was sent)"
              .formatted(bytes));
    }
  }

  /** The fields of a head and their bytes, without an entry being made for each. */
  private static final class Sum implements BiConsumer<String, String> {
    private int fields;
    private long bytes;

    @Override
    public void accept(String name, String value) {
      fields++;
      bytes += name.length() + value.length() + FIELD_BYTES;
    }
  }

  private static Refusal refusal(String message) {
    return new Refusal(ErrorCode.HEADERS_TOO_LARGE, message);
  }
}
