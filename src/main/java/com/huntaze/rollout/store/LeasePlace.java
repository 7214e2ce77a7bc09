package com.huntaze.rollout.store;

import com.huntaze.rollout.lease.LeaseRecord;
import java.io.IOException;

/** The place where the replicas see each other's signs of life. Blocking. */
interface LeasePlace {
  /** The latest record, {@code null} = there is none. */
  LeaseRecord read() throws IOException;

  /**
   * Takes a term: of all who try, one does.
   *
   * @return false if it has been taken
   */
  boolean claim(LeaseRecord first) throws IOException;

  /** Puts a record in the latest one's place, whole or not at all. */
  void show(LeaseRecord record, boolean durable) throws IOException;

  /** Returns whether a try to take a term could succeed now. */
  boolean mayTry();

  /**
   * The latest record, as it is for all: for the holder of a term, before what it has written is
   * seen.
   *
   * @return a record of a later term, or none, if that term is over
   */
  LeaseRecord confirmed(long term) throws IOException;

  /** The largest term that was taken, 0 = none. */
  long highestClaim() throws IOException;

  /** Deletes what leads long gone, and writes that were interrupted, have left. */
  void tidy(LeaseRecord present);
}
