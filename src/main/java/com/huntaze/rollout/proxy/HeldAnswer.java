package com.huntaze.rollout.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * An answer that is here whole and was not passed on yet: a failure that another attempt may make
 * up for. If none does, it passes as it is.
 */
record HeldAnswer(int status, String reason, MultiMap headers, Buffer body) {

  static HeldAnswer of(HttpClientResponse answer, Buffer body) {
    return new HeldAnswer(answer.statusCode(), answer.statusMessage(), answer.headers(), body);
  }
}
