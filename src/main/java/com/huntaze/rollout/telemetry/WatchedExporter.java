package com.huntaze.rollout.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what reaches the collector, and says once when nothing does any more and once when it does
 * again, in the same minute at most one of each.
 */
final class WatchedExporter implements SpanExporter {
  private static final Logger log = LoggerFactory.getLogger(OtlpTracing.class);

  private final SpanExporter exporter;
  private final String url;
  private final Counter exported;
  private final Counter failed;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final QuietMinute quiet = new QuietMinute();
  private final AtomicInteger waiting;

  /**
   * @param waiting how many spans wait: what is sent waits no longer
   */
  WatchedExporter(
      SpanExporter exporter, String url, AtomicInteger waiting, MeterRegistry registry) {
    this.exporter = exporter;
    this.url = url;
    this.waiting = waiting;
    this.exported = counter(registry, "exported");
    this.failed = counter(registry, "failed");
  }

  static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("rollout.tracing.spans")
        .description(
            "Spans that ended: taken by the collector, not taken, or dropped because too many waited.")
        .tag("result", result)
        .register(registry);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    waiting.addAndGet(-count);
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> ended(result, count));
  }

  private void ended(CompletableResultCode result, int count) {
    if (result.isSuccess()) {
      exported.increment(count);
      if (failing.compareAndSet(true, false)) {
        log.info("Spans reach {} again", url);
      }
      return;
    }
    failed.increment(count);
    if (failing.compareAndSet(false, true) && quiet.speak()) {
      log.warn(
          "Spans do not reach {} and are dropped: {} (expected: an OTLP collector for"
              + " http/protobuf); requests are not affected",
          url,
          cause(result.getFailureThrowable()));
    }
  }

  /** The SDK wraps what happened; a refusal's status is in the wrapper's message. */
  private static String cause(Throwable wrapped) {
    if (wrapped == null) {
      return "not taken in time";
    }
    return wrapped.getCause() == null ? wrapped.getMessage() : wrapped.getCause().toString();
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
