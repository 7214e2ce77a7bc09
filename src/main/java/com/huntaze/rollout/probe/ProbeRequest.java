package com.huntaze.rollout.probe;

import com.huntaze.rollout.dns.Dialer;
import com.huntaze.rollout.dns.Name;
import com.huntaze.rollout.settings.HttpUrl;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;

/** One question for a provider's health, from the connection to the end of the answer. */
final class ProbeRequest {
  private final HttpClient client;
  private final Name name;
  private final ProbeTarget target;
  private HttpClientRequest request;
  private boolean over;

  ProbeRequest(HttpClient client, Name name, ProbeTarget target) {
    this.client = client;
    this.name = name;
    this.target = target;
  }

  /**
   * Sends it.
   *
   * @return the status of the answer, when that is here whole; fails when it is not in time
   */
  Future<Integer> send(Dialer<HttpClientRequest> dialer) {
    return dialer
        .dial(this::open)
        .compose(this::ask)
        .timeout(target.settings().timeout().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> giveUp());
  }

  private Future<HttpClientRequest> open(String address) {
    HttpUrl url = target.url();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(url.host())
            .setPort(url.port())
            .setSsl(url.secure())
            .setURI(url.path() + target.settings().path());
    if (!name.isLiteral()) {
      options.setServer(Name.server(address, url.port()));
    }
    try {
      return client.request(options);
    } catch (IllegalStateException closed) {
      // The probe has been stopped while it looked for an address.
      return Future.failedFuture(closed);
    }
  }

  private Future<Integer> ask(HttpClientRequest opened) {
    request = opened;
    if (over) {
      giveUp();
      return Future.failedFuture("too late");
    }
    request.exceptionHandler(ignored -> {});
    request.putHeader(HttpHeaders.USER_AGENT, "rollout-proxy");
    target
        .headers()
        .forEach(
            (header, value) -> {
              if (!value.isEmpty()) {
                request.putHeader(header, value);
              }
            });
    return request
        .send()
        .compose(
            answer -> {
              answer.handler(ignored -> {});
              return answer.end().map(answer.statusCode());
            });
  }

  private void giveUp() {
    over = true;
    if (request != null) {
      request.reset();
    }
  }
}
