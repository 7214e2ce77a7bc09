package com.huntaze.rollout.proxy;

import com.huntaze.rollout.traffic.ProviderChoice;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;

/**
 * Takes in a failing answer whole, while it is open whether another attempt makes up for it. One
 * that is too large or breaks off is given up: then there is no answer to pass on.
 */
final class AnswerCollector {
  private final ProviderChoice from;
  private final HttpClientResponse answer;
  private final int limit;
  private final Consumer<HeldAnswer> listener;
  private final Buffer body = Buffer.buffer();
  private boolean finished;

  /**
   * @param from whose answer it is
   * @param listener told once: the answer, or {@code null} when it cannot be kept
   */
  AnswerCollector(
      ProviderChoice from, HttpClientResponse answer, int limit, Consumer<HeldAnswer> listener) {
    this.from = from;
    this.answer = answer;
    this.limit = limit;
    this.listener = listener;
  }

  /** Must be called in the same turn in which the head arrived. */
  void start() {
    answer.handler(this::received);
    answer.endHandler(end -> finish(HeldAnswer.of(from, answer, body)));
    answer.exceptionHandler(cause -> finish(null));
  }

  /** Nobody wants it any more: the listener hears nothing. */
  void cancel() {
    finished = true;
  }

  /** It has taken long enough. */
  void giveUp() {
    finish(null);
  }

  private void received(Buffer piece) {
    if (finished) {
      return;
    }
    body.appendBuffer(piece);
    if (body.length() > limit) {
      finish(null);
    }
  }

  private void finish(HeldAnswer held) {
    if (!finished) {
      finished = true;
      listener.accept(held);
    }
  }
}
