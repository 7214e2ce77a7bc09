package com.huntaze.rollout.probe;

import com.huntaze.rollout.dns.Dialer;
import com.huntaze.rollout.dns.Name;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.tls.TlsOptions;
import com.huntaze.rollout.token.Token;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks one provider for its health, each time on a connection of its own to one of the addresses
 * that its name has by then. Confined to its verticle's event loop.
 */
final class ProbeClient {
  private static final int FIRST_FAILURE_STATUS = 500;

  private final String provider;
  private final ProbeTarget target;
  private final Token token;
  private final Name name;
  private final WebClient client;
  private final Dialer<Asked> dialer;

  /** The questions whose connection is not there yet, by address. */
  private final Map<String, Connecting> connecting = new HashMap<>();

  /** A question on its connection; {@code null} = it is not known which one that is. */
  private record Asked(HttpConnection connection, Future<HttpResponse<Void>> answer) {
    void giveUp() {
      if (connection != null) {
        connection.close();
      }
    }
  }

  private record Connecting(Promise<Asked> asked, Future<HttpResponse<Void>> answer) {
    void succeed(HttpConnection connection) {
      asked.tryComplete(new Asked(connection, answer));
    }
  }

  /**
   * @param provider the label of whose health is asked for
   * @param token the provider's, {@code null} = it gets none
   */
  ProbeClient(Vertx vertx, String provider, ProbeTarget target, Token token, Name name) {
    this.provider = provider;
    this.target = target;
    this.token = token;
    this.name = name;
    client =
        WebClient.wrap(
            vertx
                .httpClientBuilder()
                .with(TlsOptions.verify(options(), target.tls()))
                .withConnectHandler(this::connected)
                .build(),
            new WebClientOptions().setFollowRedirects(false));
    dialer = new Dialer<>(vertx, name, timeoutMillis(), Asked::giveUp);
  }

  private int timeoutMillis() {
    return (int) target.settings().timeout().toMillis();
  }

  private HttpClientOptions options() {
    return new HttpClientOptions()
        .setKeepAlive(false)
        .setConnectTimeout(timeoutMillis())
        // A request's own time-out ends with the head; a body may fall silent, too.
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout(timeoutMillis());
  }

  /**
   * Asks once.
   *
   * @return what was wrong, when the answer is here whole or is not in time; empty = nothing was
   */
  Future<Optional<ProbeFailure>> ask() {
    long began = System.nanoTime();
    Future<Asked> asked = dialer.dial(this::ask);
    return asked
        .compose(Asked::answer)
        .map(HttpResponse::statusCode)
        .timeout(timeoutMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> asked.onSuccess(Asked::giveUp))
        .map(this::judged)
        .otherwise(failure -> Optional.of(unanswered(asked, began, failure)));
  }

  private Optional<ProbeFailure> judged(int status) {
    return status < FIRST_FAILURE_STATUS
        ? Optional.empty()
        : Optional.of(ProbeFailure.status(target, status));
  }

  private ProbeFailure unanswered(Future<Asked> asked, long began, Throwable failure) {
    if (!asked.succeeded()) {
      Throwable cause = asked.failed() ? asked.cause() : failure;
      return ProbeFailure.unreachable(target, provider, cause);
    }
    // The connection's own time-out closes it, and may be the first to notice.
    boolean late = System.nanoTime() - began >= target.settings().timeout().toNanos();
    return late ? ProbeFailure.silent(target) : ProbeFailure.closed(target);
  }

  /** Asks at one address. The future tells of the connection alone: by it the address is judged. */
  private Future<Asked> ask(String address) {
    Promise<Asked> asked = Promise.promise();
    Future<HttpResponse<Void>> answer = send(address);
    Connecting waits = new Connecting(asked, answer);
    connecting.put(address, waits);
    answer.onComplete(
        done -> {
          connecting.remove(address, waits);
          if (done.failed()) {
            // Too late for an address that has taken its connection.
            asked.tryFail(done.cause());
          } else {
            waits.succeed(null);
          }
        });
    return asked.future();
  }

  private void connected(HttpConnection connection) {
    Connecting waits = connecting.remove(connection.remoteAddress().hostAddress());
    if (waits != null) {
      waits.succeed(connection);
    }
  }

  private Future<HttpResponse<Void>> send(String address) {
    HttpUrl url = target.url();
    String uri = url.path() + target.settings().path();
    HttpRequest<Buffer> request =
        name.isLiteral()
            ? client.request(HttpMethod.GET, url.port(), url.host(), uri)
            : client.request(
                HttpMethod.GET, Name.server(address, url.port()), url.port(), url.host(), uri);
    request.ssl(url.secure()).putHeader(HttpHeaders.USER_AGENT.toString(), "rollout-proxy");
    target
        .headers()
        .forEach(
            (header, value) -> {
              if (!value.isEmpty()) {
                request.putHeader(header, value);
              }
            });
    String bearer = token == null ? null : token.current();
    if (bearer != null) {
      request.putHeader(HttpHeaders.AUTHORIZATION.toString(), "Bearer " + bearer);
    }
    try {
      return request.as(BodyCodec.none()).send();
    } catch (IllegalStateException closed) {
      // The probe has been stopped while it looked for an address.
      return Future.failedFuture(closed);
    }
  }

  void close() {
    client.close();
  }
}
