package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import java.util.Locale;

/**
 * A figure beside what it is held to, as people read it. Dashboard, command line and events print
 * it; none of them computes.
 *
 * @param metric short and stable, such as {@code error_rate}
 * @param title its name for people
 * @param action what follows over the limit; {@code null} = it is no limit, but waited for
 * @param actual the figure, such as {@code 1.3 %}
 * @param limit what it is held to, such as {@code <= 5.0 %}
 * @param legacy legacy's figure beside it, such as {@code 0.2 %}; {@code null} = it is not compared
 * @param samples the observations that it is of
 * @param sentence all that in one sentence
 * @param value the figure as a number: a share 0..1, or USD; NaN without data
 * @param bound the limit in the same unit; NaN = it has none
 */
public record MetricRow(
    String metric,
    String title,
    Action action,
    String actual,
    String limit,
    String legacy,
    long samples,
    State state,
    String sentence,
    double value,
    double bound) {

  /** The standing of the figure. */
  public enum State {
    /** It is as it should be. */
    OK,
    /** It is over its limit. */
    OVER,
    /** There is not enough of it yet. */
    WAITING,
    /** Nothing was observed. */
    NO_DATA;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Short and stable, for JSON. */
    public String label() {
      return label;
    }
  }

  /** The row of something that is no number. */
  public static MetricRow of(
      String metric,
      String title,
      String actual,
      String limit,
      long samples,
      State state,
      String sentence) {
    return new MetricRow(
        metric, title, null, actual, limit, null, samples, state, sentence, Double.NaN, Double.NaN);
  }
}
