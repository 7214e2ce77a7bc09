package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Assessment;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.judge.MetricRow;
import com.huntaze.rollout.judge.window.Metric;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The rollout's own meters. Every label has a fixed set of values. */
final class RolloutMeters {
  private RolloutMeters() {}

  static void register(MeterRegistry registry, Supplier<Rollout> rollout) {
    gauge(
        registry,
        rollout,
        "percentage",
        "Foundry's share that is in force, 0..100.",
        r -> r.snapshot().percentage());
    gauge(
        registry,
        rollout,
        "stage",
        "The stage, zero-based; -1 outside the stages.",
        r -> r.snapshot().stage());
    gauge(
        registry,
        rollout,
        "rolled.back",
        "1 while the rollout is rolled back.",
        r -> r.snapshot().rolledBack() ? 1 : 0);
    gauge(
        registry,
        rollout,
        "healthy.seconds",
        "How long the share in force has been healthy.",
        r -> r.health().healthyMillis() / 1_000.0);
    gauge(registry, rollout, "leads", "1 while this replica leads.", r -> r.lead().leads() ? 1 : 0);
    gauge(
        registry,
        rollout,
        "durable",
        "1 while the state can be written.",
        r -> r.writing().durable() ? 1 : 0);
    for (Assessment.Kind kind : Assessment.Kind.values()) {
      Gauge.builder(
              "rollout.canary.verdict",
              rollout,
              r -> r.get().health().assessment().kind() == kind ? 1 : 0)
          .description("1 for what the latest evaluation found.")
          .tag("verdict", kind.name().toLowerCase(Locale.ROOT))
          .strongReference(true)
          .register(registry);
    }
  }

  /** Each metric's figure and limit. */
  static void registerMetrics(MeterRegistry registry, Supplier<List<MetricRow>> rows) {
    for (Metric metric : Metric.values()) {
      metric(
          registry,
          "rollout.canary.metric",
          "What is judged of Foundry, in the judged window: a share 0..1 (of a p95: the exchanges"
              + " over its limit), USD, milliseconds or tokens, or 1 for an open breaker. NaN without"
              + " data.",
          metric,
          () -> figure(rows.get(), metric, MetricRow::value));
      metric(
          registry,
          "rollout.canary.metric.limit",
          "The largest healthy figure.",
          metric,
          () -> figure(rows.get(), metric, MetricRow::bound));
    }
  }

  private static void metric(
      MeterRegistry registry,
      String name,
      String description,
      Metric metric,
      Supplier<Number> figure) {
    Gauge.builder(name, figure)
        .description(description)
        .tag("metric", metric.label())
        .strongReference(true)
        .register(registry);
  }

  private static double figure(
      List<MetricRow> rows, Metric metric, ToDoubleFunction<MetricRow> figure) {
    return rows.stream()
        .filter(row -> row.metric().equals(metric.label()))
        .mapToDouble(figure)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static void gauge(
      MeterRegistry registry,
      Supplier<Rollout> rollout,
      String name,
      String description,
      ToDoubleFunction<Rollout> value) {
    Gauge.builder("rollout.canary." + name, rollout, r -> value.applyAsDouble(r.get()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
