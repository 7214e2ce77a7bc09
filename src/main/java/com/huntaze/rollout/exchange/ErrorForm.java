package com.huntaze.rollout.exchange;

/** The form in which an error can still be told to a client that has a part of a response. */
public enum ErrorForm {
  /** An event of an event stream. */
  EVENT,
  /** A line of a stream of JSON lines. */
  LINE,
  /** A record of a JSON text sequence, RFC 7464. */
  RECORD,
  /** None: what would be put in between would not be read as an error. */
  NONE
}
