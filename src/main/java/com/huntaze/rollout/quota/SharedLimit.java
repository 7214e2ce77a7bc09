package com.huntaze.rollout.quota;

/** A limit of this process that is the whole fleet's where there are other replicas. */
public interface SharedLimit {
  /** Limits are lent in thousandths of a request. */
  long REQUEST = 1_000;

  /** The ways in which it is divided. */
  enum Rule {
    /** Each gets what is asked of it, at most the limit; what is left is divided equally. */
    BY_NEED,
    /** Each gets as much as it has of the requests. */
    BY_TRAFFIC
  }

  /** Its name among replicas; it does not tell whose limit it is. */
  String name();

  /** Its name in this process's own metrics: {@code retries}, or {@code key:} and a key's id. */
  String label();

  /** The part of it that is this process's now, 0..1. */
  double share();

  /** The whole of it, of all replicas. */
  long perSecond();

  /** The requests that all replicas together let through at once. */
  long atOnce();

  Rule rule();

  /**
   * Counts how often this process has been asked, whatever came of it, since the limit is there.
   */
  long asked();

  /** Tells whether what is not used of this process's part may be another's. */
  default boolean lends() {
    return false;
  }

  /** The rest of this process's part now, in thousandths of a request. */
  default long free() {
    return 0;
  }

  /** As much as this process's part could hold beside that, in thousandths of a request. */
  default long room() {
    return 0;
  }

  /** Gives up so many thousandths of a request to another process, if there are so many. */
  default boolean give(long thousandths) {
    return false;
  }

  /** Takes up what another process has given up; what finds no room is lost. */
  default void receive(long thousandths) {
    throw new UnsupportedOperationException(name() + " borrows nothing");
  }

  /** From now on this part of it is this process's. */
  void part(Part part);
}
