package com.huntaze.rollout.quality;

/**
 * A caller's rating of an answer.
 *
 * @param thousandths the score in thousandths, 0 (useless) to 1000 (as good as can be)
 * @param label the caller's word for it, {@code null} = none
 */
public record Rating(int thousandths, String label) {
  /** The best score. */
  public static final int BEST = 1000;

  /**
   * The rating of a score.
   *
   * @param score 0..1; rounded to thousandths, so that sums are exact in whatever order
   * @throws IllegalArgumentException outside that, NaN included
   */
  public static Rating of(double score, String label) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score: " + score + " (expected: 0..1)");
    }
    return new Rating((int) Math.round(score * BEST), label);
  }
}
