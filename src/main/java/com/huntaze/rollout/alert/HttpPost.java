package com.huntaze.rollout.alert;

import com.huntaze.rollout.outcome.RetryHint;
import com.huntaze.rollout.settings.HttpUrl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Posts JSON to one URL, each time on a connection of its own. Certificates and host names are
 * verified, redirects are not followed, and of an answer only its status and its hint when to come
 * back are read.
 */
final class HttpPost {
  /** The form of a URL, for messages. */
  static final String WORDS = "an http:// or https:// URL with a host and without user info";

  private static final int MOST_ANSWER_BYTES = 65_536;

  private final Vertx vertx;
  private final HttpClient client;
  private final HttpUrl base;
  private final String target;

  HttpPost(Vertx vertx, String url) {
    this.vertx = vertx;
    this.base = base(url);
    this.target = target(url);
    HttpClientOptions options =
        new HttpClientOptions()
            .setKeepAlive(false)
            .setVerifyHost(true)
            .setTrustAll(false)
            .setConnectTimeout(AlertChannel.ATTEMPT_MILLIS);
    client = vertx.createHttpClient(options);
  }

  void close() {
    client.close();
  }

  /**
   * Scheme, host and port of a URL that may have a query.
   *
   * @throws IllegalArgumentException if it has no host, or has user info; the message does not show
   *     the URL
   */
  static HttpUrl base(String url) {
    return HttpUrl.parse(url.split("[?#]", 2)[0])
        .orElseThrow(() -> new IllegalArgumentException("url: *** (expected: " + WORDS + ")"));
  }

  /** Path and query as they stand in the URL. */
  private static String target(String url) {
    String afterScheme = url.substring(url.indexOf("://") + 3).split("#", 2)[0];
    int path = afterScheme.indexOf('/');
    int query = afterScheme.indexOf('?');
    if (query >= 0 && (path < 0 || query < path)) {
      return "/" + afterScheme.substring(query);
    }
    return path < 0 ? "/" : afterScheme.substring(path);
  }

  /** Posts once; ends within {@link AlertChannel#ATTEMPT_MILLIS}. */
  Future<Attempted> post(Map<String, String> headers, Buffer body) {
    return send(target, headers, body);
  }

  /**
   * The same, to a path below the URL's.
   *
   * @param below begins with a slash
   */
  Future<Attempted> post(String below, Map<String, String> headers, Buffer body) {
    return send(target.replaceAll("/+$", "") + below, headers, body);
  }

  private Future<Attempted> send(String target, Map<String, String> headers, Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setSsl(base.secure())
            .setHost(base.host())
            .setPort(base.port())
            .setURI(target)
            .setFollowRedirects(false)
            .putHeader("Content-Type", "application/json")
            .putHeader("User-Agent", "rollout-proxy");
    headers.forEach(options::putHeader);
    Promise<Attempted> result = Promise.promise();
    Future<HttpClientRequest> connected = client.request(options);
    long deadline =
        vertx.setTimer(
            AlertChannel.ATTEMPT_MILLIS,
            late -> {
              result.tryComplete(failed(new TimeoutException()));
              connected.onSuccess(request -> request.connection().close());
            });
    connected.onComplete(
        request -> exchange(request, body, deadline, result),
        failure -> {
          vertx.cancelTimer(deadline);
          result.tryComplete(failed(failure));
        });
    return result.future();
  }

  private void exchange(
      HttpClientRequest request, Buffer body, long deadline, Promise<Attempted> result) {
    if (result.future().isComplete()) {
      return;
    }
    request.exceptionHandler(ignored -> {});
    request
        .send(body)
        .onComplete(
            answer -> {
              result.tryComplete(judged(answer));
              discard(request, answer, deadline);
            },
            failure -> {
              vertx.cancelTimer(deadline);
              result.tryComplete(failed(failure));
            });
  }

  /** The rest of an answer is of no use; until the deadline it may come, up to a bound. */
  private void discard(HttpClientRequest request, HttpClientResponse answer, long deadline) {
    int[] left = {MOST_ANSWER_BYTES};
    answer.exceptionHandler(ignored -> {});
    answer.handler(
        bytes -> {
          left[0] -= bytes.length();
          if (left[0] < 0) {
            request.connection().close();
          }
        });
    answer.endHandler(
        end -> {
          vertx.cancelTimer(deadline);
          request.connection().close();
        });
  }

  private static Attempted judged(HttpClientResponse answer) {
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return new Attempted.Delivered();
    }
    String why = "answered " + status;
    boolean passes = status == 408 || status == 425 || status == 429 || status >= 500;
    return passes
        ? new Attempted.Failed(
            why,
            RetryHint.of(answer, HttpClientResponse::getHeader, System.currentTimeMillis())
                .orElse(0))
        : new Attempted.Refused(why);
  }

  private static Attempted failed(Throwable failure) {
    return new Attempted.Failed(FailureWords.of(failure), 0);
  }
}
