package com.huntaze.rollout.lease;

/**
 * The sign of life that a holder leaves for the others. It has no time: a reader's own clock says
 * for how long it has stayed the same.
 *
 * @param term counts the leads; a later one wins over an earlier
 * @param holder who leads, another for each start of a process
 * @param beat grows with each sign of life
 * @param ended whether the holder has given the lease back
 */
public record LeaseRecord(long term, String holder, long beat, boolean ended) {
  /** The first of a term. */
  static LeaseRecord first(long term, String holder) {
    return new LeaseRecord(term, holder, 1, false);
  }

  /** The next sign of life. */
  public LeaseRecord next() {
    return new LeaseRecord(term, holder, beat + 1, false);
  }

  /** The last sign: anybody may lead now. */
  public LeaseRecord end() {
    return new LeaseRecord(term, holder, beat + 1, true);
  }

  /**
   * Returns whether it tells more than another: a later term, or a later beat. A replica that was
   * paused may write a lower one over a higher one; that is none.
   */
  boolean isNews(LeaseRecord known) {
    return term > known.term || term == known.term && (beat > known.beat || !isOf(known));
  }

  /** Returns whether both are of one lead. */
  public boolean isOf(LeaseRecord other) {
    return term == other.term && holder.equals(other.holder);
  }
}
