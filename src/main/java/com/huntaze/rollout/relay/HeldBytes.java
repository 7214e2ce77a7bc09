package com.huntaze.rollout.relay;

import com.huntaze.rollout.admission.BufferMemory;
import io.vertx.core.buffer.Buffer;

/**
 * The part of one response that is here and not with its client yet, as the process's memory counts
 * it, and the bytes themselves where a body is held until it is whole.
 */
final class HeldBytes {
  private final BufferMemory memory;
  private long counted;

  /** The body is held until it is whole. */
  private boolean whole;

  /** {@code null} = nothing of it is here. */
  private Buffer body;

  private boolean copied;

  HeldBytes(BufferMemory memory) {
    this.memory = memory;
  }

  /** The body is held until it is whole. */
  void begin() {
    whole = true;
  }

  /** Tells whether the body is held until it is whole. */
  boolean isWhole() {
    return whole;
  }

  /** The body as far as it is here; {@code null} = it is not held whole. */
  Buffer body() {
    return whole && body == null ? Buffer.buffer() : body;
  }

  /** Takes the next piece of a body that is held whole. */
  void append(Buffer piece) {
    count(piece.length());
    if (body == null || body.length() == 0) {
      // Most answers come in one piece, which need not be copied.
      body = piece;
    } else {
      // The memory of a piece belongs to somebody else, and may not grow.
      body = copied ? body : Buffer.buffer(2 * body.length()).appendBuffer(body);
      copied = true;
      body.appendBuffer(piece);
    }
  }

  /** Hands over the body that was held whole, which is held no longer. */
  Buffer take() {
    Buffer all = body();
    whole = false;
    body = null;
    return all;
  }

  /** So many bytes are held, here or elsewhere. */
  void count(int bytes) {
    counted += bytes;
    memory.take(bytes);
  }

  /** So many are held by now. */
  void become(int bytes) {
    if (bytes != counted) {
      memory.take(bytes - counted);
      counted = bytes;
    }
  }

  /** Nothing counts as held any more. */
  void letGo() {
    memory.release(counted);
    counted = 0;
  }

  /** Tells whether what is held is needed elsewhere: holding back is a favour. */
  boolean isWanted() {
    return counted > 0 && memory.scarce();
  }
}
