package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.provider.Provider;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One provider's figures of the current stage, while they are being gathered. Each metric has an
 * {@link AdaptiveWindow} of its own denominator.
 *
 * <p>With one window for all, a few exchanges that never settle, or whose cost is unknown, would
 * keep those metrics just below N for good wherever traffic is low, and the plain rule would never
 * judge them. Where the last W seconds hold N of each, the windows are the same.
 */
final class StageFigures {
  private final Map<Metric, AdaptiveWindow> windows = new EnumMap<>(Metric.class);
  private final Map<Metric, LatencyWindow> times = new EnumMap<>(Metric.class);
  private StageTotals totals = StageTotals.NONE;

  StageFigures(long windowMillis, long minRequests) {
    // A window of a fraction of a second more is one whole bucket more.
    long seconds = Math.floorDiv(windowMillis + 999, 1_000);
    Metric.windowed()
        .forEach(
            metric -> {
              long least = metric.windowLeast() > 0 ? metric.windowLeast() : minRequests;
              windows.put(metric, new AdaptiveWindow(seconds, least, metric));
            });
    Metric.timed().forEach(metric -> times.put(metric, new LatencyWindow(windowMillis)));
  }

  /** A stage begins: the windows are empty. */
  void clear(StageTotals from) {
    windows.values().forEach(AdaptiveWindow::clear);
    times.values().forEach(LatencyWindow::clear);
    totals = from;
  }

  /** A stage goes on from another judge's totals: the windows hold what was seen here. */
  void goOn(StageTotals from) {
    totals = from;
  }

  /** Adds to the totals what is no news for the windows. */
  void addKnown(StageTotals more) {
    totals = totals.plus(more);
  }

  /** Adds what came between two figures of one source. */
  void add(long nowMillis, StageTotals more, ProviderFigures before, ProviderFigures after) {
    windows.forEach(
        (metric, window) ->
            window.add(second(nowMillis), window.isOfSampled() ? more.sampled() : more.all()));
    times.forEach((metric, each) -> each.add(nowMillis, before.times(metric), after.times(metric)));
    totals = totals.plus(more);
  }

  /** The windows that end now. */
  WindowCounts window(long nowMillis) {
    Map<Metric, Counts> counts = new EnumMap<>(Metric.class);
    windows.forEach(
        (metric, window) -> {
          window.expire(second(nowMillis));
          counts.put(metric, window.counts());
        });
    return WindowCounts.of(counts);
  }

  /** Returns the length of a metric's window, milliseconds. */
  long windowMillis(Metric metric, long nowMillis) {
    long now = second(nowMillis);
    return 1_000 * (now + 1 - windows.get(metric).begins(now));
  }

  /** Returns what the windows hold, by metric. */
  Map<Metric, List<Long>> kept(long nowMillis) {
    Map<Metric, List<Long>> kept = new EnumMap<>(Metric.class);
    windows.forEach((metric, window) -> kept.put(metric, window.kept(second(nowMillis))));
    return kept;
  }

  /** Fills the windows again, where that is more than they hold; one that is new is empty. */
  void restore(Map<Metric, List<Long>> kept, long nowMillis) {
    kept.forEach(
        (metric, buckets) -> {
          AdaptiveWindow window = windows.get(metric);
          if (window != null && window.isLessThan(buckets)) {
            window.restore(buckets, second(nowMillis));
          }
        });
  }

  StageTotals totals() {
    return totals;
  }

  /** The 95th percentile of a metric's times in the last W, milliseconds; without data 0. */
  Map<Metric, Double> p95(long nowMillis) {
    Map<Metric, Double> p95 = new EnumMap<>(Metric.class);
    times.forEach((metric, each) -> p95.put(metric, percentile(each.shown(nowMillis), 95)));
    return p95;
  }

  /**
   * The seed's figures: counts, rates and costs of the window that the verdict looks at,
   * percentiles of the last W, and the models of the whole stage.
   */
  ProviderMetrics metrics(
      Provider provider, WindowCounts window, long nowMillis, Map<String, Counts> models) {
    Histogram shown = times.get(Metric.LATENCY_P95).shown(nowMillis);
    Counts errors = window.of(Metric.ERROR_RATE);
    Counts cost = window.of(Metric.COST_PER_REQUEST);
    Map<String, ModelMetrics> byModel = new HashMap<>();
    models.forEach((model, counts) -> byModel.put(model, metrics(model, counts)));
    return new ProviderMetrics(
        provider,
        window.of(Metric.LATENCY_P95).get(Counter.OBSERVED),
        errors.get(Counter.ERRORS),
        errors.rate(Metric.ERROR_RATE),
        percentile(shown, 50),
        percentile(shown, 95),
        percentile(shown, 99),
        cost.get(Counter.COST_NANO) / Thresholds.NANO,
        cost.rate(Metric.COST_PER_REQUEST) / Thresholds.NANO,
        cost.get(Counter.COST_KNOWN) > 0,
        byModel);
  }

  private static ModelMetrics metrics(String model, Counts counts) {
    return new ModelMetrics(
        model,
        counts.get(Counter.SETTLED),
        counts.rate(Counter.LATENCY_MILLIS, Counter.TIMED),
        counts.rate(Metric.COST_PER_REQUEST) / Thresholds.NANO,
        counts.get(Counter.COST_KNOWN) > 0,
        counts.rate(Metric.ERROR_RATE));
  }

  /** Returns the number of buckets that are kept. */
  int size() {
    return windows.values().stream().mapToInt(AdaptiveWindow::size).sum();
  }

  private static long second(long nowMillis) {
    return Math.floorDiv(nowMillis, 1_000);
  }

  private static double percentile(Histogram times, double percentile) {
    return times.getTotalCount() == 0 ? 0 : times.getValueAtPercentile(percentile);
  }
}
