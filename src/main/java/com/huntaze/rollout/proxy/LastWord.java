package com.huntaze.rollout.proxy;

import com.huntaze.rollout.client.ClientSink;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** The end of an answer that is not whole: an error within it, and then no clean end. */
final class LastWord {
  private static final long LAST_WORD_MILLIS = 1_000;

  /** A reset overtakes what a browser has not read: one at once hid the error in 9 of 10 runs. */
  private static final long READ_MILLIS = 100;

  private LastWord() {}

  /**
   * Says it, and cuts the answer off.
   *
   * @param error the error in the answer's form, {@code null} = that has none
   */
  static void say(Vertx vertx, HttpServerResponse response, ClientSink sink, Buffer error) {
    if (error == null || response.closed()) {
      sink.cut();
    } else {
      response.write(error).onSuccess(written -> vertx.setTimer(READ_MILLIS, read -> sink.cut()));
    }
    // A client that does not read cannot be told, and must not hold its connection.
    vertx.setTimer(LAST_WORD_MILLIS, late -> sink.sever());
  }
}
