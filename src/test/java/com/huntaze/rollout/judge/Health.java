package com.huntaze.rollout.judge;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.CostSettings;
import com.huntaze.rollout.health.ErrorRateSettings;
import com.huntaze.rollout.health.Freshness;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.LatencySettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.health.SequentialSettings;
import com.huntaze.rollout.judge.difference.DifferenceScope;
import com.huntaze.rollout.judge.difference.DifferenceTests;
import com.huntaze.rollout.judge.segment.SegmentFigures;
import com.huntaze.rollout.judge.sequential.ArmCounts;
import com.huntaze.rollout.judge.sequential.Comparison;
import com.huntaze.rollout.judge.sequential.CusumRun;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.sequential.SequentialFigures;
import com.huntaze.rollout.judge.sequential.SharedCause;
import com.huntaze.rollout.judge.served.ServedShare;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.ProviderFigures;
import com.huntaze.rollout.judge.window.ProviderMetrics;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.WindowCounts;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The default settings, variants of them, and figures to judge. */
public final class Health {
  /** The settings of a configuration without a file. */
  public static final HealthSettings DEFAULTS =
      ConfigLoader.parse(new JsonObject(), Map.of()).settings().health();

  public static final RolloutPlan PLAN = new RolloutPlan(3, Duration.ofHours(96), 300, true);

  /** No stage needs evidence or a number of observations. */
  static final RolloutPlan UNDEMANDING = new RolloutPlan(3, Duration.ofHours(96), 0, false);

  private Health() {}

  public static HealthSettings settings(long minRequests, Action action) {
    return settings(minRequests, 0.05, new BigDecimal("0.10"), action, true);
  }

  public static HealthSettings settings(
      long minRequests, double errors, BigDecimal cost, Action action, boolean sequential) {
    HealthSettings settings = Records.with(DEFAULTS, "minRequests", minRequests);
    settings = Records.with(settings, "errorRate", new ErrorRateSettings(errors, action));
    settings = with(settings, new LatencySettings(DEFAULTS.latencyP95().limit(), action));
    settings = with(settings, new CostSettings(cost, action));
    return with(settings, Records.with(DEFAULTS.sequential(), "enabled", sequential));
  }

  public static HealthSettings with(HealthSettings settings, LatencySettings latency) {
    return Records.with(settings, "latencyP95", latency);
  }

  public static HealthSettings with(HealthSettings settings, CostSettings cost) {
    return Records.with(settings, "costPerRequestUsd", cost);
  }

  static HealthSettings with(HealthSettings settings, SequentialSettings sequential) {
    return Records.with(settings, "sequential", sequential);
  }

  /** Evidence that is about everything that was seen. */
  static EvidenceFigures evidence(
      Metric metric, EvidenceStatus status, double lnE, double threshold, Counts seen) {
    return new EvidenceFigures(
        metric, status, lnE, threshold, lnE, seen, new CusumRun(lnE, seen, Counts.NONE, 0));
  }

  /** So many observations of a metric, and what they add to its numerator. */
  public static Counts counts(Metric metric, long samples, long hits) {
    return Counts.of(metric.denominator(), samples).with(metric.numerator(), hits);
  }

  /** The sequential tests without evidence. */
  static SequentialFigures noEvidence() {
    Map<Metric, EvidenceFigures> none = new EnumMap<>(Metric.class);
    Metric.judgedBy(Rule.SEQ)
        .forEach(
            metric ->
                none.put(metric, evidence(metric, EvidenceStatus.WATCHING, 0, 5.8, Counts.NONE)));
    return new SequentialFigures(none, ArmCounts.NONE, 0);
  }

  /** Fresh figures of a stage that holds nothing but this window, without sequential evidence. */
  public static HealthMetrics metrics(Counts window) {
    return new HealthMetrics(
        "1-a",
        0,
        1,
        WindowCounts.of(window),
        WindowCounts.NONE,
        ProviderMetrics.none(Provider.FOUNDRY),
        ProviderMetrics.none(Provider.LEGACY),
        Map.of(),
        StageTotals.of(window, Counts.NONE),
        StageTotals.NONE,
        new Freshness(1, List.of(), 0, false),
        noEvidence(),
        BreakerFacts.CLOSED,
        Comparison.of(window, Counts.NONE),
        SharedCause.NONE,
        Map.of(),
        0,
        new DifferenceTests(DifferenceScope.WHOLE, 0.01, 1.5, 0.01).tick(),
        SegmentFigures.NONE,
        ServedShare.NONE);
  }

  static HealthMetrics with(HealthMetrics metrics, Freshness freshness) {
    return Records.with(metrics, "freshness", freshness);
  }

  static HealthMetrics with(HealthMetrics metrics, BreakerFacts breaker) {
    return Records.with(metrics, "breaker", breaker);
  }

  static HealthMetrics with(HealthMetrics metrics, EvidenceFigures... evidence) {
    SequentialFigures all = metrics.sequential();
    for (EvidenceFigures each : evidence) {
      all = all.with(each);
    }
    return Records.with(metrics, "sequential", all);
  }

  /** A row with these counts of Foundry; every exchange is keyless and sampled. */
  public static MetricsRow row(
      String source, long version, String epoch, int stage, Counts counts) {
    Counts sampled = counts.with(Counter.KEYLESS, counts.get(Counter.OBSERVED));
    ProviderFigures foundry = ProviderFigures.of(StageTotals.of(counts, sampled));
    return new MetricsRow(source, version, epoch, stage, 1, foundry, ProviderFigures.NONE);
  }
}
