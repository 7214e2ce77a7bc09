package com.huntaze.rollout.history;

import java.util.List;

/**
 * One side of the rollout at a moment; NaN = not known.
 *
 * @param rate requests a second
 * @param success the share of the judged window that succeeded
 * @param p95 the latency of the judged window in milliseconds
 * @param firstContent p95 of the time to the first content in milliseconds
 * @param errors errors a second that clients saw
 * @param cost USD a request
 */
public record Figures(
    double rate, double success, double p95, double firstContent, double errors, double cost) {
  static final int COUNT = 6;

  /** A side of which nothing is known. */
  public static final Figures UNKNOWN =
      new Figures(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  List<Double> values() {
    return List.of(rate, success, p95, firstContent, errors, cost);
  }

  static Figures of(List<Double> values) {
    return new Figures(
        values.get(0), values.get(1), values.get(2), values.get(3), values.get(4), values.get(5));
  }
}
