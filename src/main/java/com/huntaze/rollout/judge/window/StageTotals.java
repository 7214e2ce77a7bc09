package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One provider's counts of a source, of a tick, or since the stage began.
 *
 * @param all every exchange
 * @param sampled at most one exchange per user key and 10 s, so that one user's retry storm is one
 *     observation: what the sequential tests look at
 * @param costWealth of the sampled ones, the sum of {@link CostBets#logFactor}s for each bet, nats
 */
public record StageTotals(Counts all, Counts sampled, List<Double> costWealth) {
  private static final List<Counter> FATES =
      List.of(
          Counter.SETTLED,
          Counter.ERRORS,
          Counter.SEEN,
          Counter.SEEN_ERRORS,
          Counter.NEUTRAL,
          Counter.THROTTLED,
          Counter.NOT_FOUND,
          Counter.ANSWERED,
          Counter.KEYLESS);

  /** Nothing counted. */
  public static final StageTotals NONE =
      new StageTotals(Counts.NONE, Counts.NONE, Collections.nCopies(CostBets.COUNT, 0.0));

  /**
   * Copies the list, so that the record never changes.
   *
   * @throws IllegalArgumentException naming what is missing, as in a damaged file
   */
  public StageTotals {
    Members.required("all", all);
    Members.required("sampled", sampled);
    costWealth = List.copyOf(Members.required("costWealth", costWealth));
    if (costWealth.size() != CostBets.COUNT) {
      throw new IllegalArgumentException(
          "costWealth: %d values (expected: %d)".formatted(costWealth.size(), CostBets.COUNT));
    }
  }

  /** Counts of exchanges of which none was bet on. */
  public static StageTotals of(Counts all, Counts sampled) {
    return new StageTotals(all, sampled, NONE.costWealth);
  }

  /** Both together. */
  public StageTotals plus(StageTotals other) {
    return new StageTotals(
        all.plus(other.all), sampled.plus(other.sampled), wealth(1, other.costWealth));
  }

  /** Returns the growth since an earlier count of the same exchanges. */
  StageTotals minus(StageTotals earlier) {
    return new StageTotals(
        all.minus(earlier.all), sampled.minus(earlier.sampled), wealth(-1, earlier.costWealth));
  }

  /** Returns the rest without a part of the same exchanges; see {@link Counts#without}. */
  public StageTotals without(StageTotals part) {
    return new StageTotals(
        all.without(part.all), sampled.without(part.sampled), wealth(-1, part.costWealth));
  }

  /** Returns what of it a stage's warm-up counts: the fate of exchanges, no times and no costs. */
  StageTotals onlyFates() {
    return of(all.only(FATES), sampled.only(FATES));
  }

  private List<Double> wealth(int sign, List<Double> other) {
    return IntStream.range(0, CostBets.COUNT)
        .mapToObj(i -> costWealth.get(i) + sign * other.get(i))
        .toList();
  }
}
