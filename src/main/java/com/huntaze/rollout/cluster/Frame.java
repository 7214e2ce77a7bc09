package com.huntaze.rollout.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A message between members: {@code RLPF}, major, minor, kind, the length of the body, and the body
 * as deflated JSON. A kind or a field that is not known is passed over, so that minor versions go
 * together; another major is refused.
 *
 * @param minor of its sender
 */
record Frame(int minor, Kind kind, JsonObject body) {
  static final int MAJOR = 1;
  static final int MINOR = 6;

  /** The first minor version that knows the kinds about slots. */
  static final int SLOTS_SINCE = 1;

  /** The first minor version that knows the kinds about judgements of answers. */
  static final int RATINGS_SINCE = 3;

  /** The first minor version that knows the kinds about exchanges. */
  static final int EXCHANGES_SINCE = 4;

  /** The first minor version that knows the kinds about what is lent of a limit. */
  static final int LENDING_SINCE = 5;

  /** The first minor version that knows the kinds about sides and deputies. */
  static final int SIDES_SINCE = 6;

  /** The first minor version that knows the kinds about figures of other replicas. */
  static final int FIGURES_SINCE = 6;

  /** Deflated. */
  static final int MOST_BYTES = 1 << 20;

  /** A body that is larger when it is unpacked is none of ours. */
  static final int MOST_UNPACKED = 8 << 20;

  private static final int MAGIC = 0x524c_5046;
  private static final int HEAD = 4 + 3 + 4;
  private static final int PIECE = 16_384;

  /** The kinds; their numbers are on the wire. */
  enum Kind {
    STATUS(1),
    ROWS(2),
    NEWS(3),
    ORDER(4),
    REPLY(5),
    /** Slots of users that a follower claims of the leader. */
    SLOTS(6),
    SLOTS_ANSWER(7),
    /** The demands of a member's limits; since minor version 2. */
    DEMANDS(8),
    /** A judgement of an answer that the receiver may have given; since minor version 3. */
    RATE(9),
    RATED(10),
    /** Exchanges of a follower's, for the leader's judge; since minor version 4. */
    EXCHANGES(11),
    EXCHANGES_TAKEN(12),
    /** A question for the rest of a limit that another member may have; since minor version 5. */
    BORROW(13),
    LENT(14),
    /** The findings of a side's judge for another judge; since minor version 6. */
    SIDE(18),
    SIDE_TAKEN(19),
    /** The rows of a leader, for and of its deputies; since minor version 6. */
    KEPT(20),
    /** A question for figures that the receiver has of its own; since minor version 6. */
    ASK(21),
    TOLD(22);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    private static Optional<Kind> of(int number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /** The reason for which bytes are no frame to us. */
  static final class StrangeFrameException extends Exception {
    private static final long serialVersionUID = 1;

    private final int major;

    private StrangeFrameException(String why, int major) {
      super(why);
      this.major = major;
    }

    /** The major version of a frame of another one, 0 = it is none at all. */
    int major() {
      return major;
    }
  }

  static Frame of(Kind kind, JsonObject body) {
    return new Frame(MINOR, kind, body);
  }

  /**
   * The bytes to send.
   *
   * @throws IllegalArgumentException if they would be more than anybody reads
   */
  byte[] encode() {
    byte[] unpacked = body.toBuffer().getBytes();
    if (unpacked.length > MOST_UNPACKED) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: at most %d)".formatted(kind, unpacked.length, MOST_UNPACKED));
    }
    byte[] packed = pack(unpacked);
    if (packed.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: at most %d)".formatted(kind, packed.length, MOST_BYTES));
    }
    return ByteBuffer.allocate(HEAD + packed.length)
        .putInt(MAGIC)
        .put((byte) MAJOR)
        .put((byte) minor)
        .put((byte) kind.number)
        .putInt(packed.length)
        .put(packed)
        .array();
  }

  /**
   * The frame that came; empty = one of a kind that a later minor version has.
   *
   * @throws StrangeFrameException if it is none, or of another major version
   */
  static Optional<Frame> decode(byte[] bytes) throws StrangeFrameException {
    ByteBuffer read = ByteBuffer.wrap(bytes);
    if (bytes.length < HEAD || read.getInt() != MAGIC) {
      throw new StrangeFrameException("no frame", 0);
    }
    int major = Byte.toUnsignedInt(read.get());
    if (major != MAJOR) {
      throw new StrangeFrameException(
          "major version %d (expected: %d)".formatted(major, MAJOR), major);
    }
    int minor = Byte.toUnsignedInt(read.get());
    int number = Byte.toUnsignedInt(read.get());
    int length = read.getInt();
    if (length != read.remaining() || length > MOST_BYTES) {
      throw new StrangeFrameException("a length of " + length, 0);
    }
    Optional<Kind> kind = Kind.of(number);
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Frame(minor, kind.get(), body(bytes)));
  }

  private static JsonObject body(byte[] bytes) throws StrangeFrameException {
    try {
      return new JsonObject(Buffer.buffer(unpack(bytes, HEAD, bytes.length - HEAD)));
    } catch (DecodeException | DataFormatException | ClassCastException strange) {
      throw new StrangeFrameException("a body that is no JSON object", 0);
    }
  }

  private static byte[] pack(byte[] unpacked) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
    try {
      deflater.setInput(unpacked);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream(unpacked.length / 4 + 64);
      byte[] piece = new byte[PIECE];
      while (!deflater.finished()) {
        packed.write(piece, 0, deflater.deflate(piece));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] unpack(byte[] bytes, int from, int length) throws DataFormatException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes, from, length);
      ByteArrayOutputStream unpacked = new ByteArrayOutputStream(4 * length);
      byte[] piece = new byte[PIECE];
      while (!inflater.finished()) {
        int more = inflater.inflate(piece);
        if (more == 0 || unpacked.size() + more > MOST_UNPACKED) {
          throw new DataFormatException("cut off, or too long");
        }
        unpacked.write(piece, 0, more);
      }
      return unpacked.toByteArray();
    } finally {
      inflater.end();
    }
  }
}
