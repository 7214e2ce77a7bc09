package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.DurationText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Everything that is wrong in one tick's figures. Pure. */
final class Findings {
  /** As many as open a breaker by default, but of observations instead of attempts. */
  private static final int LEAST_ERRORS = 5;

  private final HealthSettings settings;
  private final Thresholds limits;
  private final PlainRule plain;

  Findings(HealthSettings settings) {
    this.settings = settings;
    limits = Thresholds.of(settings);
    plain = new PlainRule(limits);
  }

  /** What is wrong by each rule, what rolls back first. */
  List<Finding> of(HealthMetrics metrics) {
    List<Finding> found = new ArrayList<>();
    addBreaker(metrics.breaker(), found);
    addPlain(metrics.foundryWindow(), metrics.sequential(), found);
    addSequential(metrics, found);
    found.sort(Comparator.comparing(Finding::action));
    return found;
  }

  /** The same at a replica that follows: its sequential tests only alert. */
  List<Finding> ofFollower(HealthMetrics metrics) {
    return of(metrics).stream()
        .map(finding -> finding.rule() == Rule.SEQ ? finding.alerting() : finding)
        .sorted(Comparator.comparing(Finding::action))
        .toList();
  }

  /** What is over its limit in the window, whatever its size; empty if nothing is. */
  List<String> overLimit(HealthMetrics metrics) {
    WindowCounts window = metrics.foundryWindow();
    List<String> over = new ArrayList<>();
    if (plain.errorsExceed(window)) {
      over.add(errors(window));
    }
    if (plain.latencyExceeds(window)) {
      over.add(latency(window));
    }
    if (plain.costExceeds(window)) {
      over.add(cost(window));
    }
    return over;
  }

  /** The sentence of a window in which nothing is over its limit. */
  String healthy(WindowCounts window) {
    return "healthy: error rate %s <= %s, %d of %d; slower than %s %s <= %s, %d of %d"
        .formatted(
            Figure.percent(window.errorRate()),
            Figure.percent(limit(Metric.ERROR_RATE)),
            window.errors(),
            window.settled(),
            DurationText.format(settings.latencyP95().limit()),
            Figure.percent(window.slowRate()),
            Figure.percent(limit(Metric.LATENCY_P95)),
            window.slow(),
            window.observed());
  }

  private void addPlain(WindowCounts window, SequentialFigures evidence, List<Finding> found) {
    if (plain.isEnough(window.settled()) && plain.errorsExceed(window)) {
      Action action = settings.errorRate().action();
      double rate = window.errorRate();
      found.add(
          plain(
              Metric.ERROR_RATE, action, rate, window.settled(), evidence.error(), errors(window)));
    }
    if (plain.isEnough(window.observed()) && plain.latencyExceeds(window)) {
      Action action = settings.latencyP95().action();
      double rate = window.slowRate();
      found.add(
          plain(
              Metric.LATENCY_P95,
              action,
              rate,
              window.observed(),
              evidence.latency(),
              latency(window)));
    }
    if (plain.isEnough(window.costKnown()) && plain.costExceeds(window)) {
      Action action = settings.costPerRequestUsd().action();
      double mean = window.meanCostNano() / Thresholds.NANO;
      found.add(
          plain(
              Metric.COST_PER_REQUEST,
              action,
              mean,
              window.costKnown(),
              evidence.cost(),
              cost(window)));
    }
  }

  private void addSequential(HealthMetrics metrics, List<Finding> found) {
    SequentialFigures evidence = metrics.sequential();
    if (exceeded(evidence.error())) {
      Action action = settings.errorRate().action();
      found.add(sequential(Metric.ERROR_RATE, action, evidence.error(), "error rate"));
    }
    if (exceeded(evidence.latency())) {
      Action action = settings.latencyP95().action();
      String name = "slower than " + DurationText.format(settings.latencyP95().limit());
      found.add(sequential(Metric.LATENCY_P95, action, evidence.latency(), name));
    }
    if (exceeded(evidence.cost())) {
      found.add(sequentialCost(metrics.foundryTotals().all(), evidence.cost()));
    }
    if (exceeded(evidence.baseline())) {
      found.add(baseline(evidence.arms(), evidence.baseline()));
    }
  }

  private void addBreaker(BreakerFacts breaker, List<Finding> found) {
    boolean failing = failsLately(breaker.lately());
    if (breaker.open() && (breaker.probeDown() || breaker.firstTrialFailed() || failing)) {
      String why = breaker.probeDown() ? "its probe is down" : "its first trial failed";
      why = breaker.probeDown() || breaker.firstTrialFailed() ? why : lately(breaker.lately());
      String sentence = "circuit breaker of foundry open and " + why;
      found.add(
          new Finding(Metric.BREAKER, Rule.BREAKER, Action.ROLLBACK, 0, 0, 0, 0, 0, sentence));
    }
  }

  /**
   * An open breaker starves the other rules of observations: the last ones decide with it, if they
   * are enough, and their errors are not of one client alone.
   */
  private boolean failsLately(ShareCounts lately) {
    return lately.n() >= settings.sequential().floor().requests()
        && lately.hits() >= Math.max(LEAST_ERRORS, settings.sequential().floor().keys())
        && lately.exceeds(limits.errorBasisPoints());
  }

  private static String lately(ShareCounts lately) {
    return "%d of the last %d observations failed".formatted(lately.hits(), lately.n());
  }

  private Finding plain(
      Metric metric,
      Action action,
      double observed,
      long samples,
      EvidenceFigures evidence,
      String sentence) {
    boolean beside =
        evidence.status() != EvidenceStatus.DISABLED
            && evidence.status() != EvidenceStatus.INCONCLUSIVE;
    return new Finding(
        metric,
        Rule.PLAIN,
        action,
        observed,
        limit(metric),
        samples,
        beside ? evidence.lnE() : 0,
        beside ? evidence.threshold() : 0,
        beside ? sentence + "; " + Figure.evidence(evidence) : sentence);
  }

  private Finding sequential(Metric metric, Action action, EvidenceFigures evidence, String name) {
    double observed = Rate.of(evidence.hits(), evidence.samples());
    String sentence =
        "%s %s of %d against a limit of %s: %s"
            .formatted(
                name,
                Figure.percent(observed, limit(metric)),
                evidence.samples(),
                Figure.percent(limit(metric)),
                Figure.evidence(evidence));
    return sequential(metric, action, observed, evidence, sentence);
  }

  private Finding sequentialCost(Tally stage, EvidenceFigures evidence) {
    double mean = Rate.of(stage.costNano(), stage.costKnown());
    String sentence =
        "cost per request %s, mean of this stage, against a limit of %s: %s"
            .formatted(
                Figure.usd(mean, limits.costNano()),
                Figure.usd(limits.costNano()),
                Figure.evidence(evidence));
    Action action = settings.costPerRequestUsd().action();
    return sequential(Metric.COST_PER_REQUEST, action, mean / Thresholds.NANO, evidence, sentence);
  }

  private Finding baseline(ArmCounts arms, EvidenceFigures evidence) {
    double observed = Rate.of(arms.canaryErrors(), arms.canary());
    double legacy = Rate.of(arms.baselineErrors(), arms.baseline());
    BaselineSettings allowed = settings.baseline();
    double limit = Math.min(1, allowed.ratio() * legacy + allowed.margin());
    String sentence =
        "error rate %s of %d against legacy's %s of %d (allowed: %s): %s"
            .formatted(
                Figure.percent(observed, limit),
                arms.canary(),
                Figure.percent(legacy),
                arms.baseline(),
                Figure.percent(limit),
                Figure.evidence(evidence));
    return new Finding(
        Metric.BASELINE,
        Rule.SEQ,
        allowed.action(),
        observed,
        limit,
        evidence.samples(),
        evidence.lnE(),
        evidence.threshold(),
        sentence);
  }

  private Finding sequential(
      Metric metric, Action action, double observed, EvidenceFigures evidence, String sentence) {
    return new Finding(
        metric,
        Rule.SEQ,
        action,
        observed,
        limit(metric),
        evidence.samples(),
        evidence.lnE(),
        evidence.threshold(),
        sentence);
  }

  private String errors(WindowCounts window) {
    double limit = limit(Metric.ERROR_RATE);
    return "error rate %s > %s, %d of %d"
        .formatted(
            Figure.percent(window.errorRate(), limit),
            Figure.percent(limit),
            window.errors(),
            window.settled());
  }

  private String latency(WindowCounts window) {
    double limit = limit(Metric.LATENCY_P95);
    return "latency p95 > %s: slower %s > %s, %d of %d"
        .formatted(
            DurationText.format(settings.latencyP95().limit()),
            Figure.percent(window.slowRate(), limit),
            Figure.percent(limit),
            window.slow(),
            window.observed());
  }

  private String cost(WindowCounts window) {
    return "cost per request %s > %s, mean of %d"
        .formatted(
            Figure.usd(window.meanCostNano(), limits.costNano()),
            Figure.usd(limits.costNano()),
            window.costKnown());
  }

  private double limit(Metric metric) {
    return switch (metric) {
      case ERROR_RATE -> limits.errorBasisPoints() / 10_000.0;
      case LATENCY_P95 -> limits.slowBasisPoints() / 10_000.0;
      case COST_PER_REQUEST -> limits.costNano() / Thresholds.NANO;
      case BASELINE, BREAKER -> 0;
    };
  }

  private static boolean exceeded(EvidenceFigures evidence) {
    return evidence.status() == EvidenceStatus.EXCEEDED;
  }
}
