package com.huntaze.rollout.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The process's meters and their Prometheus text. Every name begins with {@code rollout_}, but for
 * those of {@link GenAiMeters}, which others have chosen.
 */
public final class Metrics implements AutoCloseable {
  private static final String PREFIX = "rollout.";

  /** Metrics that cost look-ups at every request, and are off unless asked for. */
  private static final Map<String, MetricsDomain> ON_THE_DATA_PATH =
      Map.of(
          "http_server", MetricsDomain.HTTP_SERVER,
          "http_client", MetricsDomain.HTTP_CLIENT,
          "net_server", MetricsDomain.NET_SERVER,
          "net_client", MetricsDomain.NET_CLIENT,
          "event_bus", MetricsDomain.EVENT_BUS);

  /** Nanoseconds, and a gauge named as a count: promtool refuses both. CPU time is counted here. */
  private static final Set<String> ILL_NAMED =
      Set.of("rollout.process.cpu.time", "rollout.system.cpu.count");

  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(
          PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, new ExemplarSpan());
  private final MeterRegistry host;
  private final MeterRegistry registry;
  private final JvmGcMetrics gc = new JvmGcMetrics();

  /**
   * @param version the proxy's version, for {@code rollout_build_info}
   */
  public Metrics(String version) {
    this(version, null, "");
  }

  /**
   * @param version the proxy's version, for {@code rollout_build_info}
   * @param host gets every meter, too, until {@link #close}; {@code null} = none
   * @param name of this proxy among several in the process, the label {@code proxy} of every meter;
   *     empty = no label
   */
  public Metrics(String version, MeterRegistry host, String name) {
    this.host = host;
    this.registry =
        host == null
            ? prometheus
            : new CompositeMeterRegistry(Clock.SYSTEM, List.of(prometheus, host));
    if (!name.isEmpty()) {
      registry.config().commonTags("proxy", name);
    }
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
        boolean named =
            id.getName().startsWith(PREFIX) || id.getName().startsWith(GenAiMeters.PREFIX);
        return named ? id : id.withName(PREFIX + id.getName());
      }
    };
  }

  /** Takes the meters. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Tells them as text. */
  public PrometheusMeterRegistry prometheus() {
    return prometheus;
  }

  /** Makes the Vert.x factory that reports pools here; HTTP is measured by meters of our own. */
  public MicrometerMetricsFactory vertxFactory() {
    return new MicrometerMetricsFactory(registry);
  }

  /**
   * The Vert.x options that go with {@link #vertxFactory()}.
   *
   * @param settings what is measured beside the pools
   */
  public VertxOptions vertxOptions(MetricsSettings settings) {
    MicrometerMetricsOptions options =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            // Of these alone the values are few: paths, methods and peers are whatever clients
            // send.
            .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME, Label.HTTP_CODE));
    ON_THE_DATA_PATH.forEach(
        (name, domain) -> {
          if (!settings.vertx().contains(name)) {
            options.addDisabledMetricsCategory(domain);
          }
        });
    return new VertxOptions().setMetricsOptions(options);
  }

  @Override
  public void close() {
    gc.close();
    if (host != null) {
      // Meters that stay in a registry that lives on would tell of a proxy that has ended.
      registry.getMeters().forEach(meter -> host.removeByPreFilterId(meter.getId()));
    }
    registry.close();
    prometheus.close();
  }
}
