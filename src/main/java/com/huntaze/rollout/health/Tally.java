package com.huntaze.rollout.health;

/**
 * Counts of one provider's exchanges: of one source since it began, of one tick, or of a stage.
 *
 * @param observed exchanges of which anything counts: their fate, or that they were slow
 * @param settled those whose fate is known, a success or the provider's error
 * @param errors of the settled ones, those that failed
 * @param slow of the observed ones, those that passed the latency limit
 * @param costKnown exchanges whose cost is known
 * @param unpriced successes whose cost stayed unknown
 * @param costNano the sum of the known costs, nano-USD; stops at the largest long
 * @param neutral exchanges that are in none of the above denominators, such as a content filter's
 * @param throttled of the neutral ones, those that the provider refused by its own limit
 */
public record Tally(
    long observed,
    long settled,
    long errors,
    long slow,
    long costKnown,
    long unpriced,
    long costNano,
    long neutral,
    long throttled) {

  /** Nothing counted. */
  public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Both together. */
  Tally plus(Tally other) {
    return new Tally(
        observed + other.observed,
        settled + other.settled,
        errors + other.errors,
        slow + other.slow,
        costKnown + other.costKnown,
        unpriced + other.unpriced,
        saturated(costNano, other.costNano),
        neutral + other.neutral,
        throttled + other.throttled);
  }

  /** What came on top of an earlier count of the same exchanges. */
  Tally minus(Tally earlier) {
    return new Tally(
        observed - earlier.observed,
        settled - earlier.settled,
        errors - earlier.errors,
        slow - earlier.slow,
        costKnown - earlier.costKnown,
        unpriced - earlier.unpriced,
        costNano - earlier.costNano,
        neutral - earlier.neutral,
        throttled - earlier.throttled);
  }

  /** The sum of two amounts of 0 or more, or the largest long when it does not fit. */
  static long saturated(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
