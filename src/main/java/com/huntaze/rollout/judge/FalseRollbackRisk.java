package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.HealthSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The cost of a small {@code health.minRequests}: the plain rule looks at every moment, so among
 * few observations chance alone exceeds the limit sooner or later. A warning for the start,
 * honouring the setting all the same.
 *
 * <p>The probabilities are simulated: 24 h, 1,000 requests an hour, a limit of 5 %; the statistics
 * of the canary, Table A and section 5. Between two simulated sizes the smaller one's holds, as
 * fewer observations are never quieter. At a true 4 % the rule stays jumpy whatever its size: 51 of
 * 100 rollouts at 2,000 observations. That is the rule's, and no reason for another size.
 */
public final class FalseRollbackRisk {
  private static final int SIMULATED_LIMIT = 500;
  private static final long QUIET = 2_000;

  private static final List<Row> TABLE =
      List.of(
          new Row(1, new double[] {0, 100, 100, 38, 160, 2.7, 200, 0.7, 300, 0}),
          new Row(2, new double[] {0, 100, 300, 18, 500, 0.7, 700, 0}),
          new Row(3, new double[] {0, 100, 500, 77.8, 700, 33, 1000, 5.8, 1800, 0}),
          new Row(4, new double[] {0, 100, 1000, 99.3, 1800, 64.7}));

  private FalseRollbackRisk() {}

  /** The warning, or empty when {@code minRequests} is large enough to be quiet. */
  public static Optional<String> of(HealthSettings settings) {
    long n = settings.minRequests();
    List<String> risks = new ArrayList<>();
    for (Row row : TABLE) {
      double risk = row.risk(n);
      if (n < QUIET && risk > 0) {
        risks.add(
            "up to %s %% at a true error rate of %d %%".formatted(number(risk), row.errorPercent));
      }
    }
    if (risks.isEmpty()) {
      return Optional.empty();
    }
    boolean rollsBack = settings.errorRate().action() == Action.ROLLBACK;
    String scope =
        settings.errorRate().limitBasisPoints() == SIMULATED_LIMIT
            ? ""
            : ", simulated for a limit of 5 %";
    return Optional.of(
        "health.minRequests: %d (expected: %d or more) costs false %s a day: %s (at 1,000 requests/h%s)"
            .formatted(
                n, QUIET, rollsBack ? "rollbacks" : "alerts", String.join(", ", risks), scope));
  }

  private static String number(double percent) {
    return percent == Math.rint(percent)
        ? Long.toString((long) percent)
        : String.format(Locale.ROOT, "%.1f", percent);
  }

  /** The simulated probabilities at one true error rate, by the observations of the window. */
  private static final class Row {
    private final int errorPercent;
    private final NavigableMap<Long, Double> risks = new TreeMap<>();

    Row(int errorPercent, double[] pairs) {
      this.errorPercent = errorPercent;
      for (int i = 0; i < pairs.length; i += 2) {
        risks.put((long) pairs[i], pairs[i + 1]);
      }
    }

    double risk(long observations) {
      return risks.floorEntry(observations).getValue();
    }
  }
}
