package com.huntaze.rollout.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The meters of the configuration, by the names that Prometheus has for its own. */
final class ReloadMeters {
  private final Counter applied;
  private final Counter refused;
  private final Counter unchanged;
  private volatile boolean successful = true;
  private volatile long successAt;

  /**
   * @param now wall clock in milliseconds
   */
  ReloadMeters(MeterRegistry registry, LongSupplier now) {
    successAt = now.getAsLong();
    Gauge.builder("rollout.config.last.reload.successful", this, m -> m.successful ? 1 : 0)
        .description("1 while the files of the configuration are what runs, 0 once refused.")
        .register(registry);
    TimeGauge.builder(
            "rollout.config.last.reload.success.timestamp",
            this,
            TimeUnit.MILLISECONDS,
            m -> m.successAt)
        .description("When the configuration in force was read, since 1970.")
        .register(registry);
    applied = counter(registry, "applied");
    refused = counter(registry, "refused");
    unchanged = counter(registry, "unchanged");
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("rollout.config.reloads")
        .description("What became of the configuration's files when they were read again.")
        .tag("result", result)
        .register(registry);
  }

  /**
   * @param at wall clock in milliseconds
   */
  void applied(long at) {
    successAt = at;
    successful = true;
    applied.increment();
  }

  void unchanged() {
    successful = true;
    unchanged.increment();
  }

  void refused() {
    successful = false;
    refused.increment();
  }
}
