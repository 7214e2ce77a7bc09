package com.huntaze.rollout.request;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.client.ClientTime;
import com.huntaze.rollout.http.JoinedFlushes;
import com.huntaze.rollout.http.ReadPace;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's body on its way to an upstream. Up to the replay limit it is read whole before a
 * provider is chosen: its fields tell the user key, and it can be sent again. A larger one streams
 * with back-pressure, in pieces that are let go as soon as they are written.
 */
public final class RequestBody {
  /** The most that waits for a provider before the client is made to wait. */
  private static final int STREAM_BYTES = 65_536;

  /** The cost of each buffer beside its bytes. */
  private static final int OVERHEAD_BYTES = 256;

  /** A piece that is shorter shares a buffer with those before and after it. */
  private static final int SHORT_BYTES = 2_048;

  /** A shared buffer grows by doubling. */
  private static final int GROWTH = 2;

  private final HttpServerRequest request;
  private final long replayBytes;
  private final BufferMemory memory;
  private final long maxBytes;
  private final Listener listener;
  private final ClientTime clientTime;
  private List<Buffer> pieces = List.of();

  /** The last of the pieces, where it is our own and may grow; {@code null} = it is not. */
  private Buffer shared;

  private long size;
  private long reserved;
  private boolean ready;
  private boolean complete;
  private boolean abandoned;
  private boolean streamed;
  private boolean paused;
  private boolean awaits;
  private long lastByteNanos = System.nanoTime();
  private HttpClientRequest upstream;

  /** Has the parts of a turn leave together. */
  private JoinedFlushes flushes;

  /** The bytes that the provider has not taken, with what their buffers cost. */
  private long pending;

  /** Told once that the body is ready to be sent, or at any time that it is too large. */
  public interface Listener {
    void bodyReady();

    void bodyTooLarge();
  }

  public RequestBody(
      HttpServerRequest request,
      long replayBytes,
      BufferMemory memory,
      long maxBytes,
      ClientTime clientTime,
      Listener listener) {
    this.memory = memory;
    this.request = request;
    this.replayBytes = replayBytes;
    this.maxBytes = maxBytes;
    this.listener = listener;
    this.clientTime = clientTime;
    awaits(true);
  }

  /** Notes that the client is waited for, or no longer. */
  private void awaits(boolean now) {
    if (now && !awaits) {
      clientTime.begin(System.nanoTime());
    } else if (!now && awaits) {
      clientTime.end(System.nanoTime());
    }
    awaits = now;
  }

  /** Begins to read. The listener may be called before this returns. */
  public void read() {
    long declared = declaredLength(request);
    if (declared > maxBytes) {
      pause();
      listener.bodyTooLarge();
      return;
    }
    request.handler(this::received);
    request.endHandler(end -> ended());
    if (declared > replayBytes) {
      pause();
      becomeReady();
    }
  }

  /** The {@code Content-Length}, -1 without one. The decoder has refused anything but digits. */
  public static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length);
  }

  /** Returns the number of its bytes that have been read. */
  public long size() {
    return size;
  }

  /** Returns whether all of the body has been read. */
  public boolean complete() {
    return complete;
  }

  /** Returns whether it is larger than what is kept of any body, as far as is known. */
  public boolean isLarge() {
    return size > replayBytes || declaredLength(request) > replayBytes;
  }

  /**
   * Returns whether it is the client that is waited for, and not a provider that does not take
   * more.
   */
  public boolean awaited() {
    return !complete && !paused;
  }

  /** The time in which the exchange waited for its client. */
  public ClientTime clientTime() {
    return clientTime;
  }

  /**
   * Returns the moment at which the client's last byte came, or was asked for again; {@code
   * System.nanoTime}.
   */
  public long lastByteNanos() {
    return lastByteNanos;
  }

  /** Returns whether all of the body is here, to be sent as often as need be. */
  public boolean replayable() {
    return complete && !streamed;
  }

  /** It will not be sent again: what is kept of it goes. */
  public void forget() {
    streamed = true;
    pieces = List.of();
    shared = null;
    memory.forget(reserved);
    reserved = 0;
  }

  /** The body, if it is here whole. */
  public Buffer whole() {
    if (pieces.size() == 1) {
      return pieces.get(0);
    }
    Buffer whole = Buffer.buffer((int) size);
    pieces.forEach(whole::appendBuffer);
    // It is asked for more than once.
    shared = null;
    pieces = List.of(whole);
    return whole;
  }

  /** Streams the body: what has been read so far, then the rest as it comes. */
  void streamTo(HttpClientRequest to) {
    upstream = to;
    pieces.forEach(this::write);
    forget();
    if (complete) {
      to.end();
    } else {
      flushes = JoinedFlushes.on(to.connection());
      to.drainHandler(drained -> goOn());
      if (!isFull()) {
        resume();
      }
    }
  }

  /**
   * Lets go of what was read; nothing more is sent. What still comes is thrown away: Vert.x keeps
   * what a paused connection has received for ever when that connection closes.
   */
  public void abandon() {
    abandoned = true;
    upstream = null;
    forget();
    if (!complete) {
      resume();
    }
  }

  private void received(Buffer piece) {
    if (abandoned) {
      return;
    }
    lastByteNanos = System.nanoTime();
    size += piece.length();
    if (size > maxBytes) {
      pause();
      listener.bodyTooLarge();
    } else if (upstream != null) {
      forward(piece);
    } else {
      long cost = keep(piece);
      if (size > replayBytes || !reserve(cost)) {
        pause();
        becomeReady();
      }
    }
  }

  /** Returns the memory that it takes: chunks of one byte are no reason to have an object each. */
  private long keep(Buffer piece) {
    int length = piece.length();
    if (pieces.isEmpty()) {
      pieces = new ArrayList<>(1);
    } else if (shared != null && length < SHORT_BYTES) {
      shared.appendBuffer(piece);
      return (long) GROWTH * length;
    } else if (length < SHORT_BYTES) {
      shared = Buffer.buffer(SHORT_BYTES).appendBuffer(piece);
      pieces.add(shared);
      return OVERHEAD_BYTES + SHORT_BYTES;
    }
    shared = null;
    pieces.add(piece);
    return OVERHEAD_BYTES + length;
  }

  private boolean reserve(long bytes) {
    boolean granted = memory.keep(bytes);
    reserved += granted ? bytes : 0;
    return granted;
  }

  private void forward(Buffer piece) {
    flushes.join(() -> write(piece));
    if (isFull()) {
      pause();
    }
  }

  /** The count is of bytes: Vert.x says stop by the number of buffers, whatever their size. */
  private void write(Buffer piece) {
    long bytes = piece.length() + OVERHEAD_BYTES;
    pending += bytes;
    memory.take(bytes);
    upstream.write(piece).onComplete(done -> taken(bytes));
  }

  private void taken(long bytes) {
    pending -= bytes;
    memory.release(bytes);
    if (pending <= STREAM_BYTES / 2) {
      goOn();
    }
  }

  /** Reads on where it was only the provider that was waited for. */
  private void goOn() {
    if (paused && upstream != null && !isFull()) {
      resume();
    }
  }

  private boolean isFull() {
    return pending > 0 && (pending >= STREAM_BYTES || memory.tight() || upstream.writeQueueFull());
  }

  private void pause() {
    awaits(false);
    paused = true;
    request.pause();
    if (request.streamId() < 0) {
      // At once: Vert.x would read on until 16 buffers wait.
      ReadPace.stop(request.connection());
    }
  }

  private void resume() {
    lastByteNanos = System.nanoTime();
    awaits(!complete);
    boolean stood = paused;
    paused = false;
    if (stood && request.streamId() < 0) {
      ReadPace.go(request.connection());
    }
    request.resume();
  }

  private void ended() {
    awaits(false);
    complete = true;
    if (upstream != null) {
      upstream.end();
    } else if (!abandoned) {
      becomeReady();
    }
  }

  private void becomeReady() {
    if (!ready) {
      ready = true;
      listener.bodyReady();
    }
  }
}
