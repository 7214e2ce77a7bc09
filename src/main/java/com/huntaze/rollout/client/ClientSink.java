package com.huntaze.rollout.client;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes one response's body to its client, and knows how much of it the client has not taken. The
 * count is of bytes: Vert.x says stop by the number of buffers, whatever their size, and a client
 * that takes nothing on many streams would cost half a megabyte on each.
 *
 * <p>Decision 83 in {@code docs/decisions.md}.
 */
public final class ClientSink {
  /** The most that waits for one stream before its provider is made to wait. */
  static final int STREAM_BYTES = 65_536;

  /** The cost of each buffer beside its bytes. */
  private static final int OVERHEAD_BYTES = 256;

  private static final long INTERNAL_ERROR = 2;

  private final HttpServerResponse response;
  private final ClientConnection connection;
  private final BufferMemory memory;
  private final boolean http2;
  private final Runnable stalled;
  private long pending;
  private long progressNanos;
  private Runnable drained;
  private boolean ended;
  private boolean headForgotten;

  /** The provider that a response is coming from; {@code null} = none, or all of it is here. */
  private Provider source;

  /**
   * @param stalled called when the client is to be given up
   */
  public ClientSink(
      HttpServerResponse response,
      ClientConnection connection,
      BufferMemory memory,
      Runnable stalled) {
    this.response = response;
    this.connection = connection;
    this.memory = memory;
    this.http2 = response.streamId() >= 0;
    this.stalled = stalled;
  }

  /** A response begins to come from a provider, on a connection of its own. */
  public void from(Provider provider) {
    source = provider;
  }

  /** Tells whether the response holds a connection to the provider. */
  boolean holds(Provider provider) {
    return source == provider;
  }

  /** Writes a part. */
  public void write(Buffer piece) {
    int bytes = piece.length() + OVERHEAD_BYTES;
    waits(bytes);
    connection.join(() -> write(piece, bytes));
  }

  private void write(Buffer piece, int bytes) {
    try {
      response.write(piece).onComplete(done -> taken(bytes));
    } catch (IllegalStateException refused) {
      // Nothing was written, so that nobody would give it back.
      taken(bytes);
      throw refused;
    }
  }

  /**
   * Writes the last part.
   *
   * @param last {@code null} = there is none
   * @return when the client's connection has taken all of it, or is lost
   */
  public Future<Void> end(Buffer last) {
    ended = true;
    source = null;
    if (last == null || last.length() == 0) {
      return response.end();
    }
    int bytes = last.length() + OVERHEAD_BYTES;
    waits(bytes);
    return connection.together(() -> response.end(last)).onComplete(done -> taken(bytes));
  }

  /** The end of the answer is that of its connection, and its head is to say so. */
  public void endsByClosing() {
    connection.lastAnswer();
  }

  /** Returns whether no more should be written before the client has taken some. */
  public boolean full() {
    return pending > 0
        && (pending >= STREAM_BYTES
            || connection.full()
            || memory.tight()
            || !ended && response.writeQueueFull());
  }

  /** Has something run, once, when it is not {@link #full} any more. */
  public void whenDrained(Runnable handler) {
    drained = handler;
  }

  /** The bytes that the client has not taken. */
  long pending() {
    return pending;
  }

  /** The client took something, though no whole part of what was written. */
  void progress(long nowNanos) {
    progressNanos = nowNanos;
  }

  /** The same, if it was of this HTTP/2 stream. */
  void progressOf(int streamId, long nowNanos) {
    if (response.streamId() == streamId) {
      progressNanos = nowNanos;
    }
  }

  /** For how long the client has taken nothing of what waits for it. */
  long stalledNanos(long nowNanos) {
    return pending == 0 ? 0 : nowNanos - progressNanos;
  }

  /** Gives the client up: it has taken nothing for too long, or its memory is needed. */
  void giveUp() {
    stalled.run();
    sever();
  }

  /** Ends the stream as an error, which no client can take for the end of the answer. */
  public void cut() {
    response.reset(INTERNAL_ERROR);
  }

  /** The same at once, whatever the client has not taken yet. */
  public void sever() {
    cut();
    if (!http2) {
      connection.sever();
    }
  }

  private void waits(int bytes) {
    if (pending == 0) {
      progressNanos = System.nanoTime();
    }
    pending += bytes;
    memory.take(bytes);
    connection.waits(this, bytes);
  }

  private void taken(int bytes) {
    if (!headForgotten && !ended) {
      // It has gone before the first part, and a long answer need not keep it.
      headForgotten = true;
      response.headers().clear();
    }
    pending -= bytes;
    progressNanos = System.nanoTime();
    memory.release(bytes);
    connection.taken(this, bytes);
    Runnable handler = drained;
    if (handler != null && pending <= STREAM_BYTES / 2 && !full()) {
      drained = null;
      handler.run();
    }
  }
}
