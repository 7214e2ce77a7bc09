package com.huntaze.rollout.it;

import io.vertx.core.json.JsonObject;
import java.io.IOException;

/**
 * A client library that others wrote, driven by tasks; {@code src/test/js/clients/drive.mjs} says
 * what an order and its result are.
 */
interface ForeignClient extends AutoCloseable {
  /** The order to run a task against an address. */
  static JsonObject order(String task, String url) {
    return new JsonObject()
        .put("task", task)
        .put("url", url)
        .put("http2", url.startsWith("https:"));
  }

  /** Runs a task, and tells what a program sees that uses the library. */
  JsonObject run(JsonObject order) throws IOException;

  @Override
  void close() throws IOException;
}
