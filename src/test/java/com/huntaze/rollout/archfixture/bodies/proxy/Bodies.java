package com.huntaze.rollout.archfixture.bodies.proxy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;

/** Does everything that holds a body whole, or ends a truncated one cleanly. */
final class Bodies {
  final Function<HttpClientResponse, Future<Buffer>> reference = HttpClientResponse::body;
  final BodyHandler handler = BodyHandler.create();
  WebClient client;

  void read(HttpServerRequest request, HttpServerResponse response) {
    request.body();
    request.bodyHandler(body -> {});
    request.pipe().to(response);
    request.pipeTo(response);
  }
}
