package com.huntaze.rollout.it;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A proxy before two providers that answer with their own names, and a client with many connections
 * to it. Who served a request is read from the answer's body, not from the proxy's headers.
 */
final class TwoProviders implements AutoCloseable {
  /** Enough that each of the proxy's event loops has some. */
  static final int CONNECTIONS = 24;

  private static final int LOOPS = 3;

  private final RawOrigin foundry = naming("foundry");
  private final RawOrigin legacy = naming("legacy");
  private final RunningProxy proxy;
  private final Vertx clients = Vertx.vertx();
  private final HttpClient client;

  TwoProviders(String mode) {
    proxy =
        RunningProxy.start(
            RunningProxy.before(mode, foundry.url(), legacy.url())
                .put("server", new JsonObject().put("eventLoops", LOOPS)));
    client =
        clients.httpClientBuilder().with(new PoolOptions().setHttp1MaxSize(CONNECTIONS)).build();
  }

  private static RawOrigin naming(String name) {
    String answer = "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s";
    return new RawOrigin(call -> call.send(answer.formatted(name.length(), name)));
  }

  RunningProxy proxy() {
    return proxy;
  }

  /** Returns the number of connections to each provider. */
  int connections() {
    return foundry.connections() + legacy.connections();
  }

  /** Forgets the requests that Foundry has had. */
  void forget() throws InterruptedException {
    while (foundry.nextHead(0) != null) {
      // thrown away
    }
  }

  /** Returns whether Foundry had a request since {@link #forget()}. */
  boolean foundryWasAsked() throws InterruptedException {
    return foundry.nextHead(0) != null;
  }

  /** The names of those who served as many requests without a user key, over all connections. */
  List<String> keyless(int requests) {
    List<Future<String>> served = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      served.add(post(MultiMap.caseInsensitiveMultiMap()));
    }
    return await(served);
  }

  /** The names of those who served the users, in their order. */
  List<String> users(List<String> users) {
    return await(
        users.stream()
            .map(user -> post(MultiMap.caseInsensitiveMultiMap().add("X-User-ID", user)))
            .toList());
  }

  private Future<String> post(MultiMap headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(proxy.port())
            .setURI("/route")
            .setHeaders(headers);
    // Nested, so that each step is taken on the event loop, in the turn in which it can be: chained
    // from the test's thread the body may have gone by before anybody asks for it.
    return client
        .request(options)
        .compose(
            request ->
                request
                    .send("{}")
                    .compose(
                        answer -> answer.body().map(body -> answer.statusCode() + " " + body)));
  }

  private static List<String> await(List<Future<String>> served) {
    return RunningProxy.await(Future.all(served)).<String>list().stream()
        .map(answer -> answer.replace("200 ", ""))
        .toList();
  }

  @Override
  public void close() throws IOException {
    RunningProxy.await(clients.close());
    proxy.close();
    foundry.close();
    legacy.close();
  }
}
