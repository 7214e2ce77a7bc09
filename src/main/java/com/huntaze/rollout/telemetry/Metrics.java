package com.huntaze.rollout.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The process's meters and their Prometheus text. Every name begins with {@code rollout_}. */
public final class Metrics implements AutoCloseable {
  private static final String PREFIX = "rollout.";

  /** Nanoseconds, and a gauge named as a count: promtool refuses both. CPU time is counted here. */
  private static final Set<String> ILL_NAMED =
      Set.of("rollout.process.cpu.time", "rollout.system.cpu.count");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();

  /**
   * @param version the proxy's version, for {@code rollout_build_info}
   */
  public Metrics(String version) {
    registry.config().meterFilter(prefixed());
    registry.config().meterFilter(MeterFilter.deny(id -> ILL_NAMED.contains(id.getName())));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    FunctionCounter.builder("rollout.process.cpu", ProcessHandle.current(), Metrics::cpuSeconds)
        .baseUnit("seconds")
        .description("CPU time that the process has used.")
        .register(registry);
    Gauge.builder("rollout.build.info", () -> 1)
        .description("Always 1; the version is a label.")
        .tag("version", version)
        .register(registry);
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  private static MeterFilter prefixed() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return id.getName().startsWith(PREFIX) ? id : id.withName(PREFIX + id.getName());
      }
    };
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Makes the Vert.x factory that reports pools here; HTTP is measured by meters of our own. */
  public MicrometerMetricsFactory vertxFactory() {
    return new MicrometerMetricsFactory(registry);
  }

  /** The Vert.x options that go with {@link #vertxFactory()}. */
  public VertxOptions vertxOptions() {
    MicrometerMetricsOptions options =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME));
    // Its HTTP meters cost look-ups a request, and their method label is whatever clients send.
    EnumSet.of(
            MetricsDomain.HTTP_SERVER,
            MetricsDomain.HTTP_CLIENT,
            MetricsDomain.NET_SERVER,
            MetricsDomain.NET_CLIENT,
            MetricsDomain.EVENT_BUS)
        .forEach(options::addDisabledMetricsCategory);
    return new VertxOptions().setMetricsOptions(options);
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
