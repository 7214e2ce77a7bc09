package com.huntaze.rollout.health;

import com.huntaze.rollout.provider.Provider;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One provider's figures of the current stage, while they are being gathered. */
final class StageFigures {
  private final SlidingWindow window;
  private final AdaptiveWindow answers;
  private final LatencyWindow latencies;
  private StageTotals totals = StageTotals.NONE;

  StageFigures(long windowMillis, long minRequests) {
    // A window of a fraction of a second more is one whole bucket more.
    long seconds = Math.floorDiv(windowMillis + 999, 1_000);
    window = new SlidingWindow(seconds, minRequests);
    answers = new AdaptiveWindow(seconds, NotFoundRule.LEAST);
    latencies = new LatencyWindow(windowMillis);
  }

  /** A stage begins, or goes on after a restart: the windows are empty. */
  void clear(StageTotals from) {
    window.clear();
    answers.clear();
    latencies.clear();
    totals = from;
  }

  void add(long nowMillis, Tally all, SampledTally sampled) {
    window.add(second(nowMillis), all);
    answers.add(second(nowMillis), sampled.answered(), sampled.notFound(), 0);
    totals = totals.plus(all, sampled);
  }

  void latencies(long nowMillis, LatencySnapshot before, LatencySnapshot after) {
    latencies.add(nowMillis, before, after);
  }

  WindowCounts window(long nowMillis) {
    return window.counts(second(nowMillis));
  }

  /** The 404s of the last W, or of the newest seconds that hold enough answers to tell. */
  ShareCounts notFound(long nowMillis) {
    answers.expire(second(nowMillis));
    return new ShareCounts(answers.numerator(), answers.denominator());
  }

  StageTotals totals() {
    return totals;
  }

  /**
   * The seed's figures: counts, rates and costs of the window that the verdict looks at,
   * percentiles of the last W, and the models of the whole stage.
   */
  ProviderMetrics metrics(
      Provider provider, WindowCounts counts, long nowMillis, Map<String, ModelTally> models) {
    Histogram shown = latencies.shown(nowMillis);
    Map<String, ModelMetrics> byModel = new HashMap<>();
    models.forEach((model, tally) -> byModel.put(model, tally.metrics(model)));
    return new ProviderMetrics(
        provider,
        counts.observed(),
        counts.errors(),
        counts.errorRate(),
        percentile(shown, 50),
        percentile(shown, 95),
        percentile(shown, 99),
        counts.costNano() / Thresholds.NANO,
        counts.meanCostNano() / Thresholds.NANO,
        counts.costKnown() > 0,
        byModel);
  }

  private static long second(long nowMillis) {
    return Math.floorDiv(nowMillis, 1_000);
  }

  private static double percentile(Histogram latencies, double percentile) {
    return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(percentile);
  }
}
