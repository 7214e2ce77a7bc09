package com.huntaze.rollout.http;

/** The head of one member of a gzip file, byte after byte: RFC 1952, section 2.3. */
final class GzipHeader {
  private static final int FIXED_BYTES = 10;
  private static final int FLAGS_AT = 3;
  private static final int[] MAGIC = {0x1F, 0x8B, 8};
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    CHECKSUM,
    DONE,
    WRONG
  }

  private Part part = Part.FIXED;
  private int flags;
  private int at;
  private int extra;

  boolean isDone() {
    return part == Part.DONE;
  }

  /** Tells whether what was read is no gzip. */
  boolean isWrong() {
    return part == Part.WRONG;
  }

  /** Reads the next byte, 0 to 255; not called when it is done or wrong. */
  void read(int b) {
    switch (part) {
      case FIXED -> fixed(b);
      case EXTRA_LENGTH -> {
        extra |= b << 8 * at;
        if (++at == 2) {
          begin(extra == 0 ? after(Part.EXTRA) : Part.EXTRA);
        }
      }
      case EXTRA -> {
        if (++at == extra) {
          begin(after(Part.EXTRA));
        }
      }
      case NAME, COMMENT -> {
        if (b == 0) {
          begin(after(part));
        }
      }
      case CHECKSUM -> {
        if (++at == 2) {
          begin(Part.DONE);
        }
      }
      case DONE, WRONG -> throw new AssertionError("part: " + part + " (expected: within it)");
      default -> throw new AssertionError("part: " + part + " (expected: a known one)");
    }
  }

  private void fixed(int b) {
    flags = at == FLAGS_AT ? b : flags;
    boolean wrong = at < MAGIC.length ? b != MAGIC[at] : (flags & RESERVED) != 0;
    if (wrong) {
      part = Part.WRONG;
    } else if (++at == FIXED_BYTES) {
      begin((flags & HAS_EXTRA) != 0 ? Part.EXTRA_LENGTH : after(Part.EXTRA));
    }
  }

  private void begin(Part next) {
    part = next;
    at = 0;
  }

  /** The next part that is there, after one of those that need not be. */
  private Part after(Part before) {
    if (before == Part.EXTRA && (flags & HAS_NAME) != 0) {
      return Part.NAME;
    } else if (before != Part.COMMENT && (flags & HAS_COMMENT) != 0) {
      return Part.COMMENT;
    }
    return (flags & HAS_CHECKSUM) != 0 ? Part.CHECKSUM : Part.DONE;
  }
}
