package com.huntaze.rollout.health;

import com.huntaze.rollout.provider.Provider;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The default settings, variants of them, and figures to judge. */
public final class Health {
  static final HealthSettings DEFAULTS = settings(2_000, Action.ROLLBACK);

  public static final RolloutPlan PLAN = new RolloutPlan(3, Duration.ofHours(96), 300, true);

  /** No stage needs evidence or a number of observations. */
  static final RolloutPlan UNDEMANDING = new RolloutPlan(3, Duration.ofHours(96), 0, false);

  private Health() {}

  static HealthSettings settings(long minRequests, Action action) {
    return settings(minRequests, 0.05, new BigDecimal("0.10"), action, true);
  }

  static HealthSettings settings(
      long minRequests, double errors, BigDecimal cost, Action action, boolean sequential) {
    return new HealthSettings(
        Duration.ofMinutes(5),
        minRequests,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        new ErrorRateSettings(errors, action),
        new LatencySettings(Duration.ofSeconds(5), action),
        new CostSettings(cost, action),
        new SequentialSettings(sequential, 0.01, new FloorSettings(10, 3)),
        new BaselineSettings(Action.ALERT, 1.5, 0.01));
  }

  /** Evidence that is about everything that was seen. */
  static EvidenceFigures evidence(
      EvidenceStatus status, double lnE, double threshold, long samples, long hits) {
    return new EvidenceFigures(
        status, lnE, threshold, samples, hits, new CusumRun(lnE, samples, hits, 0, 0));
  }

  /** Fresh figures of a stage that holds nothing but this window, without sequential evidence. */
  public static HealthMetrics metrics(WindowCounts window) {
    Tally all =
        new Tally(
            window.observed(),
            window.settled(),
            window.errors(),
            window.slow(),
            window.costKnown(),
            window.unpriced(),
            window.costNano(),
            0,
            0);
    EvidenceFigures none = evidence(EvidenceStatus.WATCHING, 0, 5.8, 0, 0);
    return new HealthMetrics(
        "1-a",
        0,
        1,
        window,
        WindowCounts.NONE,
        ProviderMetrics.none(Provider.FOUNDRY),
        ProviderMetrics.none(Provider.LEGACY),
        new StageTotals(all, SampledTally.NONE),
        StageTotals.NONE,
        new Freshness(1, List.of(), 0),
        new SequentialFigures(none, none, none, none, ArmCounts.NONE, 0),
        BreakerFacts.CLOSED,
        NotFoundCounts.NONE,
        Comparison.of(all, Tally.NONE));
  }

  static HealthMetrics with(HealthMetrics metrics, Freshness freshness) {
    return changed(metrics, freshness, metrics.sequential(), metrics.breaker());
  }

  static HealthMetrics with(HealthMetrics metrics, BreakerFacts breaker) {
    return changed(metrics, metrics.freshness(), metrics.sequential(), breaker);
  }

  static HealthMetrics with(HealthMetrics metrics, SequentialFigures sequential) {
    return changed(metrics, metrics.freshness(), sequential, metrics.breaker());
  }

  static HealthMetrics with(HealthMetrics metrics, NotFoundCounts notFound) {
    return new HealthMetrics(
        metrics.epoch(),
        metrics.stage(),
        metrics.tick(),
        metrics.foundryWindow(),
        metrics.legacyWindow(),
        metrics.foundry(),
        metrics.legacy(),
        metrics.foundryTotals(),
        metrics.legacyTotals(),
        metrics.freshness(),
        metrics.sequential(),
        metrics.breaker(),
        notFound,
        metrics.comparison());
  }

  /** A row with these counts of Foundry; every exchange is keyless and sampled. */
  static MetricsRow row(String source, long version, String epoch, int stage, Tally counts) {
    SampledTally sampled =
        new SampledTally(
            counts.observed(),
            counts.settled(),
            counts.errors(),
            counts.slow(),
            counts.costKnown(),
            counts.unpriced(),
            counts.costNano(),
            0,
            counts.observed(),
            SampledTally.NONE.costWealth());
    ProviderFigures foundry =
        new ProviderFigures(counts, sampled, KeySketch.EMPTY, LatencySnapshot.EMPTY, Map.of());
    return new MetricsRow(source, version, epoch, stage, 1, foundry, ProviderFigures.NONE);
  }

  private static HealthMetrics changed(
      HealthMetrics metrics,
      Freshness freshness,
      SequentialFigures sequential,
      BreakerFacts breaker) {
    return new HealthMetrics(
        metrics.epoch(),
        metrics.stage(),
        metrics.tick(),
        metrics.foundryWindow(),
        metrics.legacyWindow(),
        metrics.foundry(),
        metrics.legacy(),
        metrics.foundryTotals(),
        metrics.legacyTotals(),
        freshness,
        sequential,
        breaker,
        metrics.notFound(),
        metrics.comparison());
  }
}
