package com.huntaze.rollout.simulate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * One event of a stream of server-sent events.
 *
 * @param name its type; {@code null} = none, as OpenAI's chat has it
 * @param data one line
 */
record StreamEvent(String name, String data) {
  /** The end of OpenAI's chat streams and of the router's. */
  static final StreamEvent DONE = new StreamEvent(null, "[DONE]");

  /** An event without a type. */
  static StreamEvent of(JsonObject data) {
    return new StreamEvent(null, data.encode());
  }

  /** An event that repeats the {@code type} of its data, as Responses and Messages have it. */
  static StreamEvent typed(JsonObject data) {
    return new StreamEvent(data.getString("type"), data.encode());
  }

  /** Its bytes, the empty line included. */
  Buffer frame() {
    String type = name == null ? "" : "event: " + name + "\n";
    return Buffer.buffer(type + "data: " + data + "\n\n");
  }
}
