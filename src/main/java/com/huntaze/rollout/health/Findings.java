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
  private final NotFoundRule notFound;

  Findings(HealthSettings settings) {
    this.settings = settings;
    limits = Thresholds.of(settings);
    plain = new PlainRule(limits);
    notFound = new NotFoundRule(settings.baseline());
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

  /** What people should know of, and what decides nothing. */
  List<Finding> notices(HealthMetrics metrics) {
    NotFoundCounts counts = metrics.notFound();
    return notFound.exceeds(counts) ? List.of(notFound(counts)) : List.of();
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
      found.add(sequentialCost(evidence.cost()));
    }
    if (exceeded(evidence.baseline())) {
      found.add(baseline(evidence.baseline()));
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

  private Finding notFound(NotFoundCounts counts) {
    ShareCounts foundry = counts.foundry();
    ShareCounts legacy = counts.legacy();
    double observed = Rate.of(foundry.hits(), foundry.n());
    double limit = notFound.limit(counts);
    String against =
        notFound.compares(counts)
            ? "against legacy's %s of %d (allowed: %s)"
                .formatted(
                    Figure.percent(Rate.of(legacy.hits(), legacy.n())),
                    legacy.n(),
                    Figure.percent(limit))
            : "> %s (legacy has too few to compare with)".formatted(Figure.percent(limit));
    return new Finding(
        Metric.NOT_FOUND,
        Rule.NOTICE,
        Action.ALERT,
        observed,
        limit,
        foundry.n(),
        0,
        0,
        "answers 404 %s of %d %s".formatted(Figure.percent(observed, limit), foundry.n(), against));
  }

  private Finding sequential(Metric metric, Action action, EvidenceFigures evidence, String name) {
    CusumRun stretch = evidence.stretch();
    double observed = Rate.of(stretch.sum(), stretch.samples());
    String all = Figure.percent(Rate.of(evidence.hits(), evidence.samples()), limit(metric));
    String sentence =
        "%s %s of %s against a limit of %s: %s"
            .formatted(
                name,
                Figure.percent(observed, limit(metric)),
                of(evidence, all),
                Figure.percent(limit(metric)),
                Figure.evidence(evidence));
    return sequential(metric, action, observed, evidence, sentence);
  }

  /**
   * The observations that the evidence is about; where they are not all, those with their figure
   * beside them. The rollout as a whole may be under a limit that a late change is far over.
   */
  private static String of(EvidenceFigures evidence, String all) {
    return evidence.isOfAll()
        ? Long.toString(evidence.samples())
        : "the last %d (of all %d: %s)"
            .formatted(evidence.stretch().samples(), evidence.samples(), all);
  }

  private Finding sequentialCost(EvidenceFigures evidence) {
    CusumRun stretch = evidence.stretch();
    double mean = Rate.of(stretch.sum(), stretch.samples());
    double meanOfAll = Rate.of(evidence.hits(), evidence.samples());
    String sentence =
        "cost per request %s, mean of %s, against a limit of %s: %s"
            .formatted(
                Figure.usd(mean, limits.costNano()),
                of(evidence, Figure.usd(meanOfAll, limits.costNano())),
                Figure.usd(limits.costNano()),
                Figure.evidence(evidence));
    Action action = settings.costPerRequestUsd().action();
    return sequential(Metric.COST_PER_REQUEST, action, mean / Thresholds.NANO, evidence, sentence);
  }

  private Finding baseline(EvidenceFigures evidence) {
    CusumRun stretch = evidence.stretch();
    double observed = Rate.of(stretch.sum(), stretch.samples());
    double legacy = Rate.of(stretch.besideSum(), stretch.besideSamples());
    String all = Figure.percent(Rate.of(evidence.hits(), evidence.samples()));
    BaselineSettings allowed = settings.baseline();
    double limit = Math.min(1, allowed.ratio() * legacy + allowed.margin());
    String sentence =
        "error rate %s of %s against legacy's %s of %d (allowed: %s): %s"
            .formatted(
                Figure.percent(observed, limit),
                of(evidence, all),
                Figure.percent(legacy),
                stretch.besideSamples(),
                Figure.percent(limit),
                Figure.evidence(evidence));
    return new Finding(
        Metric.BASELINE,
        Rule.SEQ,
        allowed.action(),
        observed,
        limit,
        stretch.samples(),
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
        evidence.stretch().samples(),
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
      case BASELINE, NOT_FOUND, BREAKER -> 0;
    };
  }

  private static boolean exceeded(EvidenceFigures evidence) {
    return evidence.status() == EvidenceStatus.EXCEEDED;
  }
}
