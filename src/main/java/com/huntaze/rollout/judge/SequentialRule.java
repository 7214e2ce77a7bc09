package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.sequential.CusumRun;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.sequential.SequentialTests;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Measure;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Optional;

/** The sequential tests' rule: the evidence since the rollout began is overwhelming. */
final class SequentialRule implements RuleJudge {
  private final HealthSettings settings;

  SequentialRule(HealthSettings settings) {
    this.settings = settings;
  }

  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    EvidenceFigures evidence = metrics.sequential().of(metric);
    return evidence.status() == EvidenceStatus.EXCEEDED
        ? Optional.of(found(metric, evidence))
        : Optional.empty();
  }

  /** The same where the tests are off: they are computed all the same. */
  Optional<Finding> whetherEnabledOrNot(Metric metric, HealthMetrics metrics) {
    if (settings.sequential().enabled()) {
      return judge(metric, metrics);
    }
    EvidenceFigures evidence = metrics.sequential().of(metric);
    boolean unpriced =
        metric.measure() == Measure.MEAN_COST
            && SequentialTests.isUnpriced(metrics.foundryWindow().of(metric));
    boolean exceeded =
        evidence.passes(settings.sequential().floor(), metrics.sequential().keys()) && !unpriced;
    return exceeded ? Optional.of(found(metric, evidence)) : Optional.empty();
  }

  private Finding found(Metric metric, EvidenceFigures evidence) {
    return metric == Metric.BASELINE ? againstLegacy(evidence) : againstLimit(metric, evidence);
  }

  private Finding againstLimit(Metric metric, EvidenceFigures evidence) {
    Measure measure = metric.measure();
    long limit = metric.limit(settings);
    double observed = evidence.run().counts().rate(metric);
    String all = measure.text(evidence.seen().rate(metric), limit);
    String sentence =
        measure.evidence(
                measure.subject(metric.inSentence(), limit),
                measure.text(observed, limit),
                of(evidence, all),
                limit)
            + beside(metric, evidence.run().beside());
    return finding(evidence, measure.told(observed), measure.bound(limit), sentence);
  }

  /** Legacy's errors in the same time, as sampled as Foundry's. */
  private static String beside(Metric metric, Counts legacy) {
    long n = legacy.get(Metric.BASELINE.denominator());
    return metric == Metric.ERROR_RATE && n > 0
        ? " (legacy in the same time: %s of %d)"
            .formatted(Figure.percent(legacy.rate(Metric.BASELINE)), n)
        : "";
  }

  private Finding againstLegacy(EvidenceFigures evidence) {
    CusumRun run = evidence.run();
    double observed = run.counts().rate(Metric.BASELINE);
    double legacy = run.beside().rate(Metric.BASELINE);
    double limit = settings.baseline().allowed(legacy);
    String sentence =
        "error rate %s of %s against legacy's %s of %d (allowed: %s)"
            .formatted(
                Figure.percent(observed, limit),
                of(evidence, Figure.percent(evidence.seen().rate(Metric.BASELINE))),
                Figure.percent(legacy),
                run.beside().get(Metric.BASELINE.denominator()),
                Figure.percent(limit));
    return finding(evidence, observed, limit, sentence);
  }

  private Finding finding(
      EvidenceFigures evidence, double observed, double limit, String sentence) {
    return new Finding(
        evidence.metric(),
        Rule.SEQ,
        evidence.metric().action(settings),
        observed,
        limit,
        evidence.runSamples(),
        evidence.lnE(),
        evidence.threshold(),
        sentence + ": " + evidence.rarityAndNeed());
  }

  /**
   * The observations that the evidence is about; where they are not all, those with their figure
   * beside them. The rollout as a whole may be under a limit that a late change is far over.
   */
  private static String of(EvidenceFigures evidence, String all) {
    return evidence.isOfAll()
        ? Long.toString(evidence.samples())
        : "the last %d (of all %d: %s)".formatted(evidence.runSamples(), evidence.samples(), all);
  }
}
