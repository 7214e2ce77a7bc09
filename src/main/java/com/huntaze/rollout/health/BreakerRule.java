package com.huntaze.rollout.health;

import java.util.Optional;

/** The breaker's rule: it is open, and a probe, a trial or the last observations confirm it. */
final class BreakerRule implements RuleJudge {
  /** As many as open a breaker by default, but of observations instead of attempts. */
  private static final int LEAST_ERRORS = 5;

  private final HealthSettings settings;

  BreakerRule(HealthSettings settings) {
    this.settings = settings;
  }

  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    BreakerFacts breaker = metrics.breaker();
    boolean told = breaker.probeDown() || breaker.firstTrialFailed();
    if (!breaker.open() || !told && !failsLately(metric, breaker.lately())) {
      return Optional.empty();
    }
    String why = breaker.probeDown() ? "its probe is down" : "its first trial failed";
    String sentence =
        "circuit breaker of foundry open and " + (told ? why : lately(metric, breaker.lately()));
    return Optional.of(
        new Finding(metric, Rule.BREAKER, metric.action(settings), 0, 0, 0, 0, 0, sentence));
  }

  /**
   * An open breaker starves the other rules of observations: the last ones decide with it, if they
   * are enough, and their errors are not of one client alone.
   */
  private boolean failsLately(Metric metric, Counts lately) {
    FloorSettings floor = settings.sequential().floor();
    long failed = lately.get(metric.numerator());
    long all = lately.get(metric.denominator());
    return all >= floor.requests()
        && failed >= Math.max(LEAST_ERRORS, floor.keys())
        && metric.measure().exceeds(settings.errorRate().limitBasisPoints(), failed, all);
  }

  private static String lately(Metric metric, Counts lately) {
    return "%d of the last %d observations failed"
        .formatted(lately.get(metric.numerator()), lately.get(metric.denominator()));
  }
}
