package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * An inflated copy of a body that is compressed with gzip (RFC 1952, members one after another) or
 * deflate (RFC 1950, or bare as some send it), made while the body passes in pieces cut anywhere.
 * Checksums are not looked at: that is for whoever gets the bytes.
 *
 * <p>It keeps {@value #BUFFER_BYTES} bytes and the window of the inflater. It stops at what is too
 * large, and at what is not compressed as it should be; no input makes it throw. Not thread-safe:
 * one per body, to be closed.
 */
public final class Inflation implements AutoCloseable {
  /** The most that is inflated of one body, in bytes. */
  static final long MOST_BYTES = 64L << 20;

  /** The largest ratio of the copy to its compressed bytes, once it is over a MiB. */
  static final int MOST_RATIO = 100;

  /** Up to here any ratio passes: a small body that repeats itself is no attack. */
  static final long FREE_BYTES = 1L << 20;

  private static final int BUFFER_BYTES = 8_192;
  private static final int TRAILER_BYTES = 8;

  /** The bytes that are inflated between two looks at the length, of a body that is here whole. */
  private static final int STEP_BYTES = 1_024;

  /** Method deflate with a window that exists; a bare block cannot begin so. */
  private static final int ZLIB_MASK = 0x8F;

  private static final int ZLIB = 0x08;

  private enum State {
    /** The head of a gzip member. */
    HEAD,
    /** The first byte of deflate, which tells the two forms apart. */
    FORM,
    DATA,
    TRAILER,
    /** All is here; what follows is nobody's. */
    ENDED,
    BROKEN,
    TOO_LARGE
  }

  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final boolean gzip;
  private GzipHeader head = new GzipHeader();
  private Inflater inflater;
  private State state;
  private boolean memberRead;
  private int trailerBytes;
  private long came;
  private long made;

  /** Reads the copy. */
  public interface Reader {
    /** The next bytes; the array is used again. */
    void read(byte[] data, int from, int to);
  }

  private Inflation(boolean gzip) {
    this.gzip = gzip;
    this.state = gzip ? State.HEAD : State.FORM;
  }

  /** The inflation that a coding needs; {@code null} = none, or it cannot be read. */
  public static Inflation of(ContentCoding coding) {
    return switch (coding) {
      case GZIP -> new Inflation(true);
      case DEFLATE -> new Inflation(false);
      case IDENTITY, BR, ZSTD, OTHER -> null;
    };
  }

  /**
   * A body as it is without its coding.
   *
   * @param whole {@code null} stays {@code null}
   * @param most the largest that is inflated, in bytes
   * @return {@code null} if it cannot be read, is too large or not compressed as it should be
   */
  public static Buffer plain(MultiMap headers, Buffer whole, int most) {
    ContentCoding coding = ContentCoding.of(headers);
    if (whole == null || coding == ContentCoding.IDENTITY) {
      return whole;
    } else if (!coding.isReadable()) {
      return null;
    }
    Buffer plain = Buffer.buffer();
    byte[] bytes = whole.getBytes();
    try (Inflation inflation = of(coding)) {
      for (int at = 0; at < bytes.length && plain.length() <= most; at += STEP_BYTES) {
        int to = Math.min(bytes.length, at + STEP_BYTES);
        inflation.feed(
            bytes, at, to, (data, from, end) -> plain.appendBytes(data, from, end - from));
      }
      boolean read = !inflation.isBroken() && !inflation.isTooLarge() && plain.length() <= most;
      return read ? plain : null;
    }
  }

  /** Tells whether the copy ends before the body does, because it became too large. */
  public boolean isTooLarge() {
    return state == State.TOO_LARGE;
  }

  /** Tells whether the body is not compressed as it should be. */
  public boolean isBroken() {
    return state == State.BROKEN;
  }

  /** Inflates the next piece. The array is neither kept nor changed. */
  public void feed(byte[] data, int from, int to, Reader reader) {
    came += to - from;
    int at = from;
    while (at < to) {
      at =
          switch (state) {
            case HEAD -> head(data[at] & 0xFF, at);
            case FORM -> form(data[at] & 0xFF, at);
            case DATA -> inflate(data, at, to, reader);
            case TRAILER -> trailer(at);
            case ENDED, BROKEN, TOO_LARGE -> to;
          };
    }
  }

  private int head(int b, int at) {
    head.read(b);
    if (head.isWrong()) {
      // Behind a member whatever is no other one is padding, as gzip itself has it.
      end(memberRead ? State.ENDED : State.BROKEN);
    } else if (head.isDone()) {
      begin(true);
    }
    return at + 1;
  }

  private int form(int b, int at) {
    begin((b & ZLIB_MASK) != ZLIB);
    return at;
  }

  private void begin(boolean bare) {
    if (inflater == null) {
      inflater = new Inflater(bare);
    } else {
      inflater.reset();
    }
    state = State.DATA;
  }

  private int inflate(byte[] data, int from, int to, Reader reader) {
    inflater.setInput(data, from, to - from);
    try {
      while (state == State.DATA) {
        int length = inflater.inflate(buffer);
        made += length;
        if (made > MOST_BYTES || made > FREE_BYTES && made > MOST_RATIO * came) {
          end(State.TOO_LARGE);
        } else if (length > 0) {
          reader.read(buffer, 0, length);
        } else if (inflater.finished()) {
          return endData(to - inflater.getRemaining());
        } else if (inflater.needsDictionary()) {
          end(State.BROKEN);
        } else {
          return to;
        }
      }
    } catch (DataFormatException notDeflated) {
      end(State.BROKEN);
    }
    return to;
  }

  private int endData(int at) {
    memberRead = true;
    if (gzip) {
      state = State.TRAILER;
      trailerBytes = 0;
    } else {
      end(State.ENDED);
    }
    return at;
  }

  private int trailer(int at) {
    if (++trailerBytes == TRAILER_BYTES) {
      head = new GzipHeader();
      state = State.HEAD;
    }
    return at + 1;
  }

  private void end(State how) {
    state = how;
    close();
  }

  /** Gives up the inflater's memory, which the heap does not see; nothing is read any more. */
  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
    state = state == State.BROKEN || state == State.TOO_LARGE ? state : State.ENDED;
  }
}
