package com.huntaze.rollout.health;

/**
 * One provider's counts since the stage began, kept over restarts.
 *
 * @param all every exchange
 * @param sampled at most one exchange per user key and 10 s
 */
public record StageTotals(Tally all, SampledTally sampled) {
  /** Nothing counted. */
  public static final StageTotals NONE = new StageTotals(Tally.NONE, SampledTally.NONE);

  /** A damaged file may lack one. */
  public StageTotals {
    JudgeCheckpoint.required("all", all);
    JudgeCheckpoint.required("sampled", sampled);
  }

  StageTotals plus(Tally moreOfAll, SampledTally moreSampled) {
    return new StageTotals(all.plus(moreOfAll), sampled.plus(moreSampled));
  }
}
