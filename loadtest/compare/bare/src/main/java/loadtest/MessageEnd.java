package loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Finds the end of HTTP/1.1 messages, one after the other: by their length, or their chunks. */
final class MessageEnd implements ByteProcessor {
  private enum Part {
    HEAD,
    BODY,
    SIZE,
    CHUNK,
    AFTER_CHUNK,
    TRAILER
  }

  private static final int LONGEST_LINE = 8_192;

  private final byte[] line = new byte[LONGEST_LINE];
  private Part part = Part.HEAD;
  private int length;
  private boolean chunked;
  private boolean empty = true;
  private long left;
  private boolean over;

  /** Reads what has come; returns whether a message ends with it. */
  boolean ends(ByteBuf bytes) {
    over = false;
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (part == Part.BODY || part == Part.CHUNK) {
        long taken = Math.min(left, end - at);
        left -= taken;
        at += (int) taken;
        if (left == 0) {
          next(part == Part.BODY ? Part.HEAD : Part.AFTER_CHUNK);
        }
      } else {
        int stopped = bytes.forEachByte(at, end - at, this);
        at = stopped < 0 ? end : stopped + 1;
      }
    }
    return over;
  }

  private void next(Part next) {
    part = next;
    length = 0;
    if (next == Part.HEAD) {
      over = true;
      empty = true;
      chunked = false;
      left = 0;
    }
  }

  /** Stops behind each line. */
  @Override
  public boolean process(byte value) {
    if (value != '\n') {
      if (value != '\r' && length < LONGEST_LINE) {
        line[length++] = value;
      }
      return true;
    }
    line();
    return false;
  }

  private void line() {
    switch (part) {
      case HEAD -> head();
      case SIZE -> {
        left = Long.parseLong(new String(line, 0, length, StandardCharsets.US_ASCII), 16);
        next(left == 0 ? Part.TRAILER : Part.CHUNK);
      }
      case AFTER_CHUNK -> next(Part.SIZE);
      case TRAILER -> next(length == 0 ? Part.HEAD : Part.TRAILER);
      default -> throw new IllegalStateException(part.name());
    }
  }

  private void head() {
    if (length > 0) {
      empty = false;
      int name = line[0] | 0x20;
      if (name == 'c' || name == 't') {
        field(new String(line, 0, length, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
      }
      length = 0;
    } else if (!empty) {
      next(chunked ? Part.SIZE : left > 0 ? Part.BODY : Part.HEAD);
    }
  }

  private void field(String field) {
    if (field.startsWith("content-length:")) {
      left = Long.parseLong(field.substring("content-length:".length()).strip());
    } else if (field.startsWith("transfer-encoding:")) {
      chunked = field.endsWith("chunked");
    }
  }
}
