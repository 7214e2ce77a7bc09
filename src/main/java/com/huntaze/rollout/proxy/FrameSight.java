package com.huntaze.rollout.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames that a client sends over one HTTP/2 connection (RFC 9113 §3.4, §4.1, §6), in
 * whichever pieces their bytes come. It keeps no more than a frame's nine bytes of head, and tells
 * what Vert.x does not: a block of header fields that has begun and does not end, and the credit
 * that a client gives to a stream.
 */
final class FrameSight {
  private static final int PREFACE_BYTES = 24;
  private static final int HEAD_BYTES = 9;
  private static final int HEADERS = 1;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  private final Listener listener;
  private final byte[] head = new byte[HEAD_BYTES];
  private int prefaceLeft = PREFACE_BYTES;
  private int have;
  private int payloadLeft;
  private boolean inPayload;
  private boolean block;
  private long bytes;

  /** Told of frames whose head is here. */
  @FunctionalInterface
  interface Listener {
    /** The client lets a stream, or with 0 the connection, have more. */
    void credit(int streamId);
  }

  /** Of a connection of which nothing has been seen yet. */
  FrameSight(Listener listener) {
    this.listener = listener;
  }

  /** Looks at bytes, and leaves them as they are. */
  void read(ByteBuf piece) {
    int at = piece.readerIndex();
    int end = piece.writerIndex();
    bytes += end - at;
    int skipped = Math.min(prefaceLeft, end - at);
    prefaceLeft -= skipped;
    at += skipped;
    while (at < end) {
      if (inPayload) {
        int part = Math.min(payloadLeft, end - at);
        payloadLeft -= part;
        at += part;
      } else {
        head[have++] = piece.getByte(at++);
      }
      advance();
    }
  }

  private void advance() {
    if (!inPayload && have == HEAD_BYTES) {
      have = 0;
      inPayload = true;
      payloadLeft = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
      block |= type() == HEADERS;
    }
    if (inPayload && payloadLeft == 0) {
      inPayload = false;
      ended();
    }
  }

  private void ended() {
    if ((type() == HEADERS || type() == CONTINUATION) && (head[4] & END_HEADERS) != 0) {
      block = false;
    } else if (type() == WINDOW_UPDATE) {
      listener.credit(
          (head[5] & 0x7F) << 24 | (head[6] & 0xFF) << 16 | (head[7] & 0xFF) << 8 | head[8] & 0xFF);
    }
  }

  private int type() {
    return head[3];
  }

  /** Whether a head has begun, of a frame or of a request, of which there must be more. */
  boolean unfinished() {
    return block || have > 0;
  }

  /** All bytes so far, which is what its requests have cost the client. */
  long bytes() {
    return bytes;
  }
}
