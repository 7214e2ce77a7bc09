package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Members;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Collections;
import java.util.List;

/**
 * The newest observations that speak for a bet: those since a bet that begins with them would have
 * won most. Where the evidence of a {@link Mixture} is of a late regression, this is what has come
 * since the change, while the figures of the whole rollout may still be under the limit.
 *
 * <p>Kept by Page's cumulative sum (Continuous inspection schemes, 1954), which starts anew
 * whenever it falls to zero: no history is needed. A stretch of one test with nats above 0 has a
 * rate above the limit, because at or below the limit every bet loses in the mean.
 *
 * @param nats the logarithm of what the bet would have won in it, 0 or more
 * @param counts its observations
 * @param beside legacy's sampled outcomes of the same time
 * @param begunMillis when its first one came, in milliseconds of the rollout's judged time
 */
public record CusumRun(double nats, Counts counts, Counts beside, long begunMillis) {
  /** Nothing speaks for the bet. */
  public static final CusumRun NONE = new CusumRun(0, Counts.NONE, Counts.NONE, 0);

  /** A damaged file may lack one. */
  public CusumRun {
    Members.required("counts", counts);
    Members.required("beside", beside);
  }

  /** Returns the growth of a run by one tick, with no bet made on it. */
  public static CusumRun of(Metric metric, Counts tick, Counts legacy, long elapsed) {
    return new CusumRun(
        0, tick.only(metric.counters()), legacy.only(Metric.BASELINE.counters()), elapsed);
  }

  public static CusumRun of(ArmCounts batch, long elapsed) {
    return new CusumRun(0, batch.foundry(), batch.legacy(), elapsed);
  }

  static List<CusumRun> none(int bets) {
    return Collections.nCopies(bets, NONE);
  }

  /**
   * The run after one tick.
   *
   * @param logFactor what the bet wins in it, nats
   */
  CusumRun then(double logFactor, CusumRun more) {
    double after = nats + logFactor;
    if (after <= 0) {
      return NONE;
    }
    long begun = nats > 0 ? begunMillis : more.begunMillis;
    return new CusumRun(after, counts.plus(more.counts), beside.plus(more.beside), begun);
  }
}
