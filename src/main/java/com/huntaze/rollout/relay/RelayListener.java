package com.huntaze.rollout.relay;

import com.huntaze.rollout.outcome.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Hears what becomes of an answer that a {@link ResponseRelay} carries. */
public interface RelayListener {
  /** The first byte of a body that is held whole is here. */
  void arrives();

  /**
   * The first bytes are about to go: the head must be written now.
   *
   * @param ended whether they are all of a body that was held whole
   */
  void commits(boolean ended);

  /** Of a stream the first content is here. */
  void content();

  /**
   * All of it is here, and its end is about to be written. Over HTTP/2 the client's stream may
   * close within that write, so what the answer was is settled before.
   *
   * @param whole its body if it was held whole, else {@code null}
   */
  void relayed(Outcome outcome, Buffer whole);

  /**
   * All of it is here, nothing of it with the client, and it is no answer to what was asked.
   *
   * @param whole its body as it was sent
   */
  void unfit(Outcome outcome, Buffer whole);

  /** It broke off, began with an error, or ended before it was finished. */
  void broken(Outcome outcome);

  /**
   * All of it has been handed to the client's connection.
   *
   * @param taken when that has taken it
   */
  void handedOver(Future<Void> taken);

  /** The client reads again what it had left lying: the provider's silence counts again. */
  void deadlineMoved();
}
