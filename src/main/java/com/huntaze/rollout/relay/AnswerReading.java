package com.huntaze.rollout.relay;

import com.huntaze.rollout.http.ContentCoding;
import com.huntaze.rollout.http.Inflation;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * All that read the body of one response while it passes: who judges it, who reads its usage, who
 * decides how much of it may go. What is compressed they read as an inflated copy.
 */
final class AnswerReading {
  private final UsageTap tap;
  private final AnswerCheck check;
  private final StreamGate gate;
  private final ContentCoding coding;
  private final Inflation inflation;
  private final ProxyMeters meters;
  private final AnswerBeginning beginning;
  private boolean unreadable;

  /**
   * @param tap reads the usage, {@code null} = nobody does
   * @param gate holds a stream back, {@code null} = it is none
   * @param meters count what cannot be read
   * @param beginning keeps the first bytes, {@code null} = they tell nothing
   */
  AnswerReading(
      UsageTap tap,
      AnswerCheck check,
      StreamGate gate,
      ContentCoding coding,
      ProxyMeters meters,
      AnswerBeginning beginning) {
    this.tap = tap;
    this.check = check;
    this.gate = gate;
    this.coding = coding;
    this.inflation = Inflation.of(coding);
    this.meters = meters;
    this.beginning = beginning;
  }

  /** Reads a piece, before it is given to the gate. */
  void read(Buffer piece) {
    if (unreadable) {
      return;
    }
    ByteBuf bytes = ((BufferInternal) piece).getByteBuf();
    if (bytes.hasArray()) {
      int from = bytes.arrayOffset() + bytes.readerIndex();
      came(bytes.array(), from, from + piece.length());
    } else {
      came(piece.getBytes(), 0, piece.length());
    }
  }

  private void came(byte[] data, int from, int to) {
    if (inflation == null) {
      plain(data, from, to);
      return;
    }
    inflation.feed(data, from, to, this::plain);
    if (inflation.isTooLarge()) {
      unreadable = true;
      meters.unreadable(coding);
      if (gate != null) {
        gate.letPass();
      }
    }
  }

  private void plain(byte[] data, int from, int to) {
    check.read(data, from, to);
    if (beginning != null) {
      beginning.read(data, from, to);
    }
    if (gate != null) {
      gate.read(data, from, to);
    }
    // Last, because what it writes into a stream depends on how that has gone so far.
    if (tap != null) {
      tap.read(data, from, to);
    }
  }

  /** All of the body has been read: its outcome. */
  Outcome outcome() {
    if (unreadable) {
      return Meaning.COMPLETE.outcome();
    } else if (gate != null) {
      return gate.outcome(check.expected());
    }
    boolean broken = inflation != null && inflation.isBroken() && check.expected();
    return broken ? Meaning.MALFORMED_ANSWER.outcome() : check.end();
  }

  /** Nothing more is read. */
  void close() {
    if (inflation != null) {
      inflation.close();
    }
  }
}
