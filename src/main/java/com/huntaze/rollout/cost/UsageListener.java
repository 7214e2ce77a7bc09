package com.huntaze.rollout.cost;

import java.util.Set;

/** Told, while an answer passes, where it speaks of its usage. Offsets count its bytes from 0. */
public interface UsageListener {
  /** Names in a usage object that an enriched one has. */
  enum Detail {
    MODEL,
    DEPLOYMENT,
    REGION,
    COST_USD
  }

  /**
   * A usage object ends that describes the answer so far: in the answer itself, or in the response
   * that an event repeats. What the scanner has read is up to date.
   *
   * @param closesAt the offset of its closing brace
   * @param empty whether it has no member
   * @param present which details it has
   */
  default void usage(long closesAt, boolean empty, Set<Detail> present) {}

  /** {@code null} stands where the answer's usage object would. */
  default void noUsage(long from, long to) {}

  /**
   * An event that spoke of usage has ended.
   *
   * @param from the offset of its first byte
   * @param to the offset after its blank line
   * @param alone whether it says nothing else: it has no choices
   */
  default void event(long from, long to, boolean alone) {}

  /**
   * The event has ended by which streams of OpenAI's kind say that they are over, {@code [DONE]}.
   *
   * @param from the offset of its first byte
   */
  default void done(long from) {}

  /**
   * The LF of the CRLF that ended the event last told of, which came in the next piece.
   *
   * @param at its offset
   */
  default void lineFeed(long at) {}

  /** A listener that wants to know nothing. */
  UsageListener NONE = new UsageListener() {};
}
