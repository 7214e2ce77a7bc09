package com.huntaze.rollout.store;

import java.io.IOException;

/** The lead in a state directory. Blocking: for the store's own thread. */
interface Lead {
  /** Returns whether it is held since it was taken. */
  boolean kept() throws IOException;

  /** Returns whether it is held, or could be taken now. */
  boolean hold() throws IOException;

  /**
   * Returns the term of the lead that was taken.
   *
   * @param next the term after the largest one known
   */
  long term(long next);

  /** Makes sure, immediately before a write becomes visible, that it may. */
  void confirm(long term) throws IOException;

  /** Returns, from memory and the clock alone, whether the lead of a term may still be used. */
  boolean lasts(long term);

  /** Returns the term of the present lead, where leads can change hands while they are in use. */
  long present();

  /** Returns whether a state of a lower term is known to have been written too late. */
  boolean fences();

  /** Ends the lead: of a write it is not known whether others will see it. */
  void giveUp();

  /** Hears when that may have changed, on any thread. */
  void onChange(Runnable heard);

  void release() throws IOException;
}
