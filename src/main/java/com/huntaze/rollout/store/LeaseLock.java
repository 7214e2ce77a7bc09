package com.huntaze.rollout.store;

import java.io.IOException;

/**
 * The file lock beside the lease: it keeps processes out that know no lease, and shows at once that
 * a holder's process has ended. It decides nothing between processes that know the lease.
 */
interface LeaseLock {
  /**
   * Takes what a holder keeps for its term.
   *
   * @return false if a process that knows no lease leads, or another one tries for the same term
   */
  boolean take(long term) throws IOException;

  /** Returns whether what was taken is held, on the file that the others look at. */
  boolean kept() throws IOException;

  /** Returns whether nobody keeps a term's part: its holder has ended, or given it back. */
  boolean isGone(long term) throws IOException;

  /** Gives back what was taken. */
  void release() throws IOException;

  /** Gives everything back, and closes the file. */
  void close() throws IOException;
}
