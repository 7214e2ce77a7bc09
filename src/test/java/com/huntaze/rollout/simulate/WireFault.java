package com.huntaze.rollout.simulate;

import java.util.Map;

/**
 * The fault of an upstream on the wire. Each request lives under one fault; {@link FaultyUpstream}
 * says which.
 */
public sealed interface WireFault {

  /** Faults without parameters. */
  enum Plain implements WireFault {
    /** Nothing is wrong. */
    NONE,
    /** Nobody listens: connections are refused. For the upstream as a whole only. */
    REFUSE,
    /** The request is read, and never answered. */
    ACCEPT_AND_HANG,
    /** From the request's head on nothing is read any more, and nothing is said. */
    BLACKHOLE_AFTER_HEAD,
    /** The connection is reset when the request has been read. */
    RESET_BEFORE_HEAD,
    /** The connection is closed when the request has been read. */
    CLOSE_BEFORE_HEAD,
    /** The answer's head comes, and nothing after it. */
    HEAD_THEN_STALL,
    /** An event stream whose only event is an error. */
    ERROR_EVENT_FIRST,
    /** An event stream that tells of an error after its preamble. */
    PREAMBLE_THEN_ERROR,
    /** An event stream that falls silent after its preamble. */
    PREAMBLE_THEN_STALL,
    /** An event stream whose connection is closed after some content. */
    CONTENT_THEN_CUT,
    /** An event stream that falls silent after some content. */
    CONTENT_THEN_STALL,
    /** An event stream that ends as HTTP wants it, but without its terminal events. */
    CLEAN_END_WITHOUT_DONE,
    /** A good answer that comes byte by byte. */
    ONE_BYTE_SLICES,
    /** Something that is not HTTP. */
    JUNK,
    /** A good answer with bytes after its end. */
    EXTRA_BYTES,
    /** An interim answer that no client waits for, then a good one. */
    INTERIM_102,
    /** A kept connection is closed at the very moment at which its next request comes. */
    CONNECTION_CLOSE_RACE
  }

  /** A whole answer with this status, these headers and this body. */
  record Status(int code, Map<String, String> headers, String body) implements WireFault {
    /** Keeps a copy of the headers. */
    public Status {
      headers = Map.copyOf(headers);
    }
  }

  /** A good answer that begins late. */
  record DelayHead(long millis) implements WireFault {}

  /**
   * The connection is closed within the answer's body.
   *
   * @param bytes of the body that come
   * @param size of the whole body, which is padded to it; for JSON only
   * @param chunked whether the length is not declared; event streams are always chunked
   */
  record CutAfterBytes(int bytes, int size, boolean chunked) implements WireFault {}

  /** As {@link CutAfterBytes}, by a reset. */
  record ResetAfterBytes(int bytes, int size, boolean chunked) implements WireFault {}
}
