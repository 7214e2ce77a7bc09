package com.huntaze.rollout.lease;

import java.io.IOException;

/** The authority on who leads: a replica that holds it may write, the others follow. */
public interface Lease {
  /**
   * The lease as one replica sees it.
   *
   * @param holds whether this replica leads now, by its own clock
   * @param term of its lead, 0 = it does not lead
   * @param holder who leads as far as is known, empty = nobody is known to
   */
  record Standing(boolean holds, long term, String holder) {}

  /**
   * Begins to take part; a free lease is this replica's when it returns. May block. A second time
   * it does nothing.
   *
   * @throws IOException if the lease's place cannot be used: to be tried again
   */
  void begin() throws IOException;

  /** Returns how it stands, from memory and the clock alone. */
  Standing standing();

  /**
   * Makes sure, immediately before a write is made visible, that it is still this replica's to
   * make. May block.
   *
   * @throws IOException if the term is over, or it cannot be known
   */
  void confirm(long term) throws IOException;

  /**
   * Leads by that term no more: of a write it is not known whether others will see it. May block.
   */
  default void giveUp(long term) {}

  /** Hears of every change of the standing, on any thread. */
  void onChange(Runnable heard);

  /** Takes part no more; a lease that is held is free at once. May block. */
  void close();
}
