package com.huntaze.rollout.judge.window;

/**
 * The counts of one user or API key that a source keeps apart, since it began to.
 *
 * @param maker whose counts they are
 * @param born grows with every one that a source begins to keep apart: the same one with another
 *     number began from zero again
 * @param totals the counts
 */
public record RequesterTotals(Maker maker, long born, StageTotals totals) {
  /** A frame may lack them. */
  public RequesterTotals {
    Members.required("maker", maker);
    Members.required("totals", totals);
  }

  /**
   * Returns the growth since an earlier figure of the same source. One that is not among its makers
   * tells all that it has.
   */
  public StageTotals grownSince(ProviderFigures before) {
    return before.apart().stream()
        .filter(this::continues)
        .findFirst()
        .map(earlier -> totals.minus(earlier.totals()))
        .orElse(totals);
  }

  /** Tells whether the other one is of the same maker, and has not begun anew. */
  boolean continues(RequesterTotals earlier) {
    return maker.equals(earlier.maker) && born == earlier.born;
  }
}
