package com.huntaze.rollout.relay;

import com.huntaze.rollout.outcome.EventKind;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.StreamJudge;
import com.huntaze.rollout.sse.LineFramer;
import com.huntaze.rollout.sse.SseFramer;
import com.huntaze.rollout.sse.SseListener;
import com.huntaze.rollout.sse.StreamFramer;
import io.vertx.core.buffer.Buffer;

/**
 * Decides how much of a stream of events or lines goes to the client now. Before the first content
 * nothing does, so that another provider can still answer; after it every event that is whole does,
 * byte for byte. The beginning of an event waits for its end, for which clients would wait anyway:
 * so an error event can always be put in between.
 */
final class StreamGate implements SseListener {
  private final StreamJudge judge;
  private final StreamFramer framer;
  private final boolean coded;
  private final int holdBytes;
  private Buffer held;

  /** Within what is held, where the last whole event ends. */
  private int boundary;

  /** Within what was read last, where the last whole event ends. */
  private int wholeTo;

  private boolean open;
  private boolean opening;
  private boolean failedFirst;
  private boolean contentSeen;

  /**
   * @param type what comes
   * @param coded whether it is compressed, so that nothing can be told of where its events end
   * @param holdBytes the most that is held back, of preamble and of one event's beginning
   */
  StreamGate(AnswerType type, boolean coded, int holdBytes) {
    this.coded = coded;
    boolean lines = type.isLines();
    this.judge =
        switch (type) {
          case LINES -> StreamJudge.ofLines();
          case RECORDS -> StreamJudge.ofRecords();
          case EVENTS -> new StreamJudge();
          case JSON, HTML, OTHER ->
              throw new AssertionError("type: " + type + " (expected: a stream)");
        };
    this.framer = lines ? new LineFramer(this) : new SseFramer(this);
    this.holdBytes = holdBytes;
  }

  /** Reads the next bytes, not compressed, before they, or what they came in, are accepted. */
  void read(byte[] data, int from, int to) {
    wholeTo = framer.feed(data, from, to) - from;
  }

  /** Lets all that follows pass, for it cannot be read. */
  void letPass() {
    opening = !failedFirst;
  }

  /** Takes a piece, and tells what goes to the client now; {@code null} = nothing. */
  Buffer accept(Buffer piece) {
    int found = coded ? piece.length() : wholeTo;
    if (open && held == null) {
      return pass(piece, found);
    }
    int before = held == null ? 0 : held.length();
    hold(piece);
    boundary = found == 0 ? boundary : before + found;
    if (open || opening || held.length() > holdBytes) {
      return release();
    }
    return null;
  }

  /**
   * Opens the gate if it was not: what is held up to the last whole event; {@code null} = nothing.
   */
  Buffer release() {
    open = true;
    Buffer all = take();
    if (all != null && boundary == 0 && all.length() <= holdBytes) {
      // No event has ended: the buffer is ours, and need not be copied for each piece of one.
      held = all;
      return null;
    }
    return all == null ? null : pass(all, boundary);
  }

  /** The bytes that are here and not with the client. */
  int heldBytes() {
    return held == null ? 0 : held.length();
  }

  /** The stream has ended: all that was held. */
  Buffer end() {
    framer.end();
    open = true;
    return take();
  }

  /** Returns whether the first thing that the stream said was an error. */
  boolean failedFirst() {
    return failedFirst;
  }

  /** Returns whether the gate is open: something of the answer has gone or may go. */
  boolean isOpen() {
    return open;
  }

  /**
   * The outcome of a stream that has ended cleanly.
   *
   * @param answerExpected whether a stream without content is no answer to what was asked
   */
  Outcome outcome(boolean answerExpected) {
    return judge.outcome(answerExpected);
  }

  @Override
  public void event(String type, byte[] data, int from, int to) {
    judged(judge.event(type, data, from, to));
  }

  @Override
  public void oversized(String type, byte[] head, int from, int to) {
    judged(judge.oversized(type, head, from, to));
  }

  /** Returns whether the answer itself has begun. */
  boolean contentSeen() {
    return contentSeen;
  }

  private void judged(EventKind kind) {
    contentSeen |= kind.commits();
    if (open || opening) {
      return;
    }
    if (kind == EventKind.ERROR) {
      failedFirst = true;
    }
    opening = !failedFirst && kind.commits();
  }

  private Buffer pass(Buffer all, int boundary) {
    int rest = all.length() - boundary;
    if (rest == 0 || rest > holdBytes) {
      return all;
    }
    held = all.getBuffer(boundary, all.length());
    this.boundary = 0;
    return boundary == 0 ? null : all.slice(0, boundary);
  }

  private void hold(Buffer piece) {
    held =
        held == null ? Buffer.buffer(piece.length()).appendBuffer(piece) : held.appendBuffer(piece);
  }

  private Buffer take() {
    Buffer all = held;
    held = null;
    return all;
  }
}
