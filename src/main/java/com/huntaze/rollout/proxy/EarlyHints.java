package com.huntaze.rollout.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Passes an upstream's 103 on (RFC 8297; RFC 9110 §15.2: a proxy forwards interim answers that it
 * did not cause itself). Its fields obey the rules of an answer's. A 100 is not passed: clients who
 * wait for one have had it from us, and providers are never told that they wait.
 */
final class EarlyHints {
  private EarlyHints() {}

  /** Writes them, unless the client cannot understand them or has the answer's head. */
  static void pass(MultiMap hints, HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_0 || request.response().headWritten()) {
      return;
    }
    MultiMap fields = HttpHeaders.headers();
    HeaderRules.copyResponse(hints, fields);
    fields.remove(HttpHeaders.CONTENT_LENGTH);
    if (!fields.isEmpty()) {
      request.response().writeEarlyHints(fields);
    }
  }
}
