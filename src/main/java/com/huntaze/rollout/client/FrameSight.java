package com.huntaze.rollout.client;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.HashSet;
import java.util.Set;

/**
 * Follows the frames that a client sends over one HTTP/2 connection (RFC 9113 §3.4, §4.1, §6), in
 * whichever pieces their bytes come. It keeps no more than a frame's nine bytes of head and the
 * numbers of the streams whose requests have not ended, and tells what Vert.x and Netty do not: a
 * block of header fields that has begun and does not end, the credit that a client gives to a
 * stream, and a request on a stream that had one (§5.1, §5.1.1).
 *
 * <p>Decision 82 in {@code docs/decisions.md}.
 */
final class FrameSight {
  private static final int PREFACE_BYTES = 24;
  private static final int HEAD_BYTES = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /** Ten times as many as may be open: those beyond were refused, and are left by their client. */
  private static final int MAX_OPEN = 1_000;

  private final Listener listener;
  private final byte[] head = new byte[HEAD_BYTES];
  private final Set<Integer> open = new HashSet<>();
  private int prefaceLeft = PREFACE_BYTES;
  private int have;
  private int payloadLeft;
  private boolean inPayload;
  private boolean block;
  private int newest;
  private long bytes;
  private Http2Error violation;

  /** Told of credit. */
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
      begun();
    }
    if (inPayload && payloadLeft == 0) {
      inPayload = false;
      ended();
    }
  }

  private void begun() {
    int stream = stream();
    switch (type()) {
      case HEADERS -> {
        block = true;
        request(stream);
      }
      case DATA -> endsRequest(stream);
      case RST_STREAM -> open.remove(stream);
      default -> {
        // Of no concern here.
      }
    }
  }

  /** The head of a request, or the trailers of one that has not ended. */
  private void request(int stream) {
    if (stream > newest) {
      newest = stream;
      open.add(stream);
    } else if (!open.contains(stream)) {
      violation = Http2Error.STREAM_CLOSED;
    }
    if (open.size() > MAX_OPEN) {
      violation = Http2Error.ENHANCE_YOUR_CALM;
    }
    endsRequest(stream);
  }

  private void endsRequest(int stream) {
    if ((head[4] & END_STREAM) != 0) {
      open.remove(stream);
    }
  }

  private void ended() {
    if ((type() == HEADERS || type() == CONTINUATION) && (head[4] & END_HEADERS) != 0) {
      block = false;
    } else if (type() == WINDOW_UPDATE) {
      listener.credit(stream());
    }
  }

  private int type() {
    return head[3];
  }

  private int stream() {
    return (head[5] & 0x7F) << 24 | (head[6] & 0xFF) << 16 | (head[7] & 0xFF) << 8 | head[8] & 0xFF;
  }

  /** Returns whether a head has begun, of a frame or of a request, of which there must be more. */
  boolean unfinished() {
    return block || have > 0;
  }

  /** All bytes so far, which is what its requests have cost the client. */
  long bytes() {
    return bytes;
  }

  /** Returns the client's offence for which its connection must end; {@code null} = none. */
  Http2Error violation() {
    return violation;
  }
}
