package com.huntaze.rollout.quality;

import java.math.BigInteger;

/**
 * The sums of a set of scores. Whole numbers, so that adding is exact, in any order and grouping,
 * and a score can be taken out again.
 *
 * @param count how many there are
 * @param sum of the thousandths
 * @param squares sum of the squares of the thousandths; fits for 9e12 scores
 */
public record Scores(long count, long sum, long squares) {
  public static final Scores NONE = new Scores(0, 0, 0);

  static Scores of(Rating rating) {
    long x = rating.thousandths();
    return new Scores(1, x, x * x);
  }

  Scores plus(Scores other) {
    return new Scores(count + other.count, sum + other.sum, squares + other.squares);
  }

  Scores minus(Scores other) {
    return new Scores(count - other.count, sum - other.sum, squares - other.squares);
  }

  /** The mean, 0..1; 0 without scores. */
  public double mean() {
    return count == 0 ? 0 : (double) sum / count / Rating.BEST;
  }

  /** The unbiased variance of a single score; 0 with fewer than two. */
  public double variance() {
    if (count < 2) {
      return 0;
    }
    // In whole numbers: of scores that do not vary it must be 0, and not almost.
    BigInteger spread =
        BigInteger.valueOf(count)
            .multiply(BigInteger.valueOf(squares))
            .subtract(BigInteger.valueOf(sum).pow(2));
    return spread.doubleValue() / count / (count - 1) / Rating.BEST / Rating.BEST;
  }

  /**
   * Returns whether every score is 0 or 1: only then x² = 1000·x holds for the sums of the
   * thousandths.
   */
  boolean binary() {
    return squares == sum * Rating.BEST;
  }

  /** Mean and variance with the interval that the true mean lies in. */
  public Estimate estimate() {
    return Estimate.of(this);
  }
}
