package com.huntaze.rollout.health;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts of one provider's exchanges that the sequential tests look at: at most one per user key
 * and 10 s, so that one user's retry storm is one observation.
 *
 * @param observed as in {@link Tally}, and so the next six
 * @param notFound exchanges that were answered 404; they are in none of the above
 * @param keyless of the observed ones, those without a user key; each is its own key
 * @param costWealth the sum of {@link CostBets#logFactor}s for each bet, in nats
 */
public record SampledTally(
    long observed,
    long settled,
    long errors,
    long slow,
    long costKnown,
    long unpriced,
    long costNano,
    long notFound,
    long keyless,
    List<Double> costWealth) {

  /** Nothing counted. */
  public static final SampledTally NONE =
      new SampledTally(0, 0, 0, 0, 0, 0, 0, 0, 0, Collections.nCopies(CostBets.COUNT, 0.0));

  /** Copies the list, so that the record never changes. */
  public SampledTally {
    costWealth = List.copyOf(JudgeCheckpoint.required("costWealth", costWealth));
    if (costWealth.size() != CostBets.COUNT) {
      throw new IllegalArgumentException(
          "costWealth: %d values (expected: %d)".formatted(costWealth.size(), CostBets.COUNT));
    }
  }

  /** Those whose answer shows whether it knew the request's path. */
  long answered() {
    return settled + notFound;
  }

  /** Both together. */
  SampledTally plus(SampledTally other) {
    return combined(other, 1, Tally.saturated(costNano, other.costNano));
  }

  /** What came on top of an earlier count of the same exchanges. */
  SampledTally minus(SampledTally earlier) {
    return combined(earlier, -1, costNano - earlier.costNano);
  }

  private SampledTally combined(SampledTally other, int sign, long cost) {
    return new SampledTally(
        observed + sign * other.observed,
        settled + sign * other.settled,
        errors + sign * other.errors,
        slow + sign * other.slow,
        costKnown + sign * other.costKnown,
        unpriced + sign * other.unpriced,
        cost,
        notFound + sign * other.notFound,
        keyless + sign * other.keyless,
        IntStream.range(0, CostBets.COUNT)
            .mapToObj(i -> costWealth.get(i) + sign * other.costWealth.get(i))
            .toList());
  }
}
