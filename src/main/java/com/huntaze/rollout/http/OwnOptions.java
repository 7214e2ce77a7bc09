package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * {@code OPTIONS} that the proxy answers itself: of {@code *}, which asks about a server and not
 * about anything on it (RFC 9110 §9.3.7), and one that says that it may be forwarded no further
 * (§7.6.2).
 */
public final class OwnOptions {
  static final String ASTERISK = "*";

  private static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final int MAX_DIGITS = 9;

  private OwnOptions() {}

  /**
   * Returns whether a request is for the proxy, and without fault: a faulty one is refused like
   * others.
   */
  public static boolean asked(HttpServerRequest request) {
    return request.method() == HttpMethod.OPTIONS
        && (ASTERISK.equals(request.uri()) || forwards(request.headers()) == 0)
        && StrictHttp.problem(request) == null;
  }

  /** Answers it as the proxy itself: the methods that it takes. */
  public static void answer(HttpServerRequest request) {
    CorrelationId.tell(request.response().headers(), CorrelationId.of(request.headers()));
    request
        .response()
        .setStatusCode(204)
        .putHeader(HttpHeaders.ALLOW, ALLOW)
        .putHeader(HttpHeaders.DATE, HttpDate.now())
        .end();
  }

  /** Counts the proxy itself among those that a request is forwarded by. */
  public static void countDown(HttpMethod method, MultiMap headers) {
    int forwards = method == HttpMethod.OPTIONS ? forwards(headers) : -1;
    if (forwards > 0) {
      headers.set(HeaderNames.MAX_FORWARDS, Integer.toString(forwards - 1));
    }
  }

  /**
   * Returns the number of times that a request may be forwarded; -1 where nothing that can be read
   * says so.
   */
  private static int forwards(MultiMap headers) {
    String value = headers.get(HeaderNames.MAX_FORWARDS);
    boolean number =
        value != null
            && !value.isEmpty()
            && value.length() <= MAX_DIGITS
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(value) : -1;
  }
}
