package com.huntaze.rollout.quota;

/** A limit of this process that is the whole fleet's where there are other replicas. */
public interface SharedLimit {
  /** The ways in which it is divided. */
  enum Rule {
    /** Each gets what is asked of it, at most the limit; what is left is divided equally. */
    BY_NEED,
    /** Each gets as much as it has of the requests. */
    BY_TRAFFIC
  }

  /** Its name among replicas; it does not tell whose limit it is. */
  String name();

  /** The whole of it, of all replicas. */
  long perSecond();

  /** The requests that all replicas together let through at once. */
  long atOnce();

  Rule rule();

  /**
   * Counts how often this process has been asked, whatever came of it, since the limit is there.
   */
  long asked();

  /** From now on this part of it is this process's. */
  void part(Part part);
}
