package com.huntaze.rollout.lease;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A thing that the voters agree upon, and its bytes in their log: a version, a kind, the fields,
 * and the CRC-32 of all these, for a disk that is full may take a part of an entry. A later version
 * must not write a kind until all voters know it, for those who do not pass it over and would
 * remember another thing than the others.
 */
public sealed interface AgreedEntry {
  /** The version of the entries that are written. */
  byte VERSION = 2;

  /** The version of entries that have no checksum, which are read. */
  byte UNCHECKED = 1;

  /** Larger than any text of ours. */
  int MOST_BYTES = 16 << 20;

  /** Of the CRC-32 behind the fields. */
  int CHECKSUM_BYTES = 4;

  /** A term is taken by the holder of that record. */
  record Claim(LeaseRecord first) implements AgreedEntry {}

  /** A holder's sign of life. */
  record Show(LeaseRecord record) implements AgreedEntry {}

  /** The rollout's state, as the holder of a term has decided it. */
  record Decide(long term, String state) implements AgreedEntry {}

  /** The state that a replica has kept from before these voters had a log. */
  record Offer(long term, String state) implements AgreedEntry {}

  /** A rollback's marker, by its file's name. */
  record Mark(String name, String marker) implements AgreedEntry {}

  /** A question, answered behind all that was agreed upon before: whether a term is the latest. */
  record Confirm(long term) implements AgreedEntry {}

  /** The bytes in the log. */
  default byte[] encode() {
    byte[] fields = fields();
    return ByteBuffer.allocate(fields.length + CHECKSUM_BYTES)
        .put(fields)
        .putInt(checksum(fields, fields.length))
        .array();
  }

  private byte[] fields() {
    if (this instanceof Claim claim) {
      return record(1, claim.first());
    } else if (this instanceof Show show) {
      return record(2, show.record());
    } else if (this instanceof Decide decide) {
      return text(3, decide.term(), "", decide.state());
    } else if (this instanceof Offer offer) {
      return text(4, offer.term(), "", offer.state());
    } else if (this instanceof Mark mark) {
      return text(5, 0, mark.name(), mark.marker());
    } else if (this instanceof Confirm confirm) {
      return text(6, confirm.term(), "", "");
    }
    throw new AssertionError(this);
  }

  /** Returns whether bytes are those of an entry to their end, of this version or a later one. */
  static boolean isWhole(byte[] bytes) {
    int fields = bytes.length - CHECKSUM_BYTES;
    return fields > 0
        && (bytes[0] == UNCHECKED
            || ByteBuffer.wrap(bytes).getInt(fields) == checksum(bytes, fields));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** The entry that bytes are; empty = of a later version, or none. */
  static Optional<AgreedEntry> decode(byte[] bytes) {
    if (!isWhole(bytes)) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION && version != UNCHECKED) {
        return Optional.empty();
      }
      return Optional.ofNullable(read(in.get(), in));
    } catch (BufferUnderflowException | IllegalArgumentException strange) {
      return Optional.empty();
    }
  }

  private static AgreedEntry read(byte kind, ByteBuffer in) {
    return switch (kind) {
      case 1 -> new Claim(readRecord(in));
      case 2 -> new Show(readRecord(in));
      case 3 -> {
        long term = in.getLong();
        readText(in);
        yield new Decide(term, readText(in));
      }
      case 4 -> {
        long term = in.getLong();
        readText(in);
        yield new Offer(term, readText(in));
      }
      case 5 -> {
        in.getLong();
        yield new Mark(readText(in), readText(in));
      }
      case 6 -> new Confirm(in.getLong());
      default -> null;
    };
  }

  private static byte[] record(int kind, LeaseRecord record) {
    byte[] bytes = record(record);
    return ByteBuffer.allocate(2 + bytes.length).put(VERSION).put((byte) kind).put(bytes).array();
  }

  private static byte[] text(int kind, long term, String name, String text) {
    byte[] first = name.getBytes(StandardCharsets.UTF_8);
    byte[] second = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + 8 + 4 + first.length + 4 + second.length)
        .put(VERSION)
        .put((byte) kind)
        .putLong(term)
        .putInt(first.length)
        .put(first)
        .putInt(second.length)
        .put(second)
        .array();
  }

  /** The bytes of a record. */
  static byte[] record(LeaseRecord record) {
    byte[] holder = record.holder().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + 8 + 1 + 4 + holder.length)
        .putLong(record.term())
        .putLong(record.beat())
        .put((byte) (record.ended() ? 1 : 0))
        .putInt(holder.length)
        .put(holder)
        .array();
  }

  /**
   * The record that comes next.
   *
   * @throws BufferUnderflowException if there is none
   */
  static LeaseRecord readRecord(ByteBuffer in) {
    long term = in.getLong();
    long beat = in.getLong();
    boolean ended = in.get() != 0;
    return new LeaseRecord(term, readText(in), beat, ended);
  }

  /**
   * The text that comes next.
   *
   * @throws BufferUnderflowException if there is none
   */
  static String readText(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "a length of %d bytes (expected: 0..%d)".formatted(length, MOST_BYTES));
    }
    byte[] bytes = new byte[Math.min(length, in.remaining())];
    in.get(bytes);
    if (bytes.length < length) {
      throw new BufferUnderflowException();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
