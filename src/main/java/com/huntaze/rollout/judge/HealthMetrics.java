package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.Freshness;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.segment.SegmentFigures;
import com.huntaze.rollout.judge.sequential.Comparison;
import com.huntaze.rollout.judge.sequential.SequentialFigures;
import com.huntaze.rollout.judge.sequential.SharedCause;
import com.huntaze.rollout.judge.served.ServedShare;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.ProviderMetrics;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.Standout;
import com.huntaze.rollout.judge.window.WindowCounts;
import com.huntaze.rollout.provider.Provider;
import java.util.Map;

/**
 * The figures that a verdict is made of: both providers in the current stage, at one tick.
 *
 * @param epoch the rollout, {@code n-creatorId}
 * @param stage the stage's tag
 * @param tick its number; it grows over restarts
 * @param foundryWindow Foundry's counts in the windows of the rules
 * @param legacyWindow legacy's
 * @param foundry Foundry's figures, for display
 * @param legacy legacy's
 * @param p95 Foundry's 95th percentiles of the metrics that are times, milliseconds, for display
 * @param foundryTotals Foundry's counts since the stage began
 * @param legacyTotals legacy's
 * @param freshness how recent all this is
 * @param sequential the evidence against the limits
 * @param breaker what is known of Foundry's breaker
 * @param comparison both side by side
 * @param shared whether both fail alike
 * @param standouts whoever made most of what is over a metric's limit in its window
 * @param warmMillis for how long the stage still warms up, 0 = it does not
 * @param differences Foundry's users beside legacy's, by trait
 * @param segments the same in each part of the traffic
 * @param served the share of the users whom Foundry serves, beside the share that is set
 */
public record HealthMetrics(
    String epoch,
    int stage,
    long tick,
    WindowCounts foundryWindow,
    WindowCounts legacyWindow,
    ProviderMetrics foundry,
    ProviderMetrics legacy,
    Map<Metric, Double> p95,
    StageTotals foundryTotals,
    StageTotals legacyTotals,
    Freshness freshness,
    SequentialFigures sequential,
    BreakerFacts breaker,
    Comparison comparison,
    SharedCause shared,
    Map<Metric, Standout> standouts,
    long warmMillis,
    Map<Trait, Difference> differences,
    SegmentFigures segments,
    ServedShare served) {

  /** Returns the comparison of the users by a metric's trait. */
  Difference difference(Metric metric) {
    return differences.get(metric.trait());
  }

  /** One provider's figures. */
  public ProviderMetrics of(Provider provider) {
    return provider == Provider.FOUNDRY ? foundry : legacy;
  }

  /** One provider's window. */
  public WindowCounts window(Provider provider) {
    return provider == Provider.FOUNDRY ? foundryWindow : legacyWindow;
  }
}
