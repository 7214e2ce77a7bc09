package com.huntaze.rollout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * More spans than wait for the collector are dropped, counted, and told in the proxy's own words.
 */
class SpanQueueTest {
  private static final int MORE = 1_000;

  /** A collector that takes each batch, and ends none until it is let go. */
  private static final class Held implements SpanExporter {
    private final List<CompletableResultCode> open = new ArrayList<>();
    private final AtomicInteger taken = new AtomicInteger();
    private boolean released;

    @Override
    public synchronized CompletableResultCode export(Collection<SpanData> spans) {
      taken.addAndGet(spans.size());
      CompletableResultCode result = new CompletableResultCode();
      if (released) {
        return result.succeed();
      }
      open.add(result);
      return result;
    }

    synchronized void release() {
      released = true;
      open.forEach(CompletableResultCode::succeed);
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      release();
      return CompletableResultCode.ofSuccess();
    }
  }

  private static double count(MeterRegistry registry, String result) {
    return registry.get("rollout.tracing.spans").tag("result", result).counter().count();
  }

  private static Handler marking(AtomicBoolean spoke) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        spoke.set(true);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void spansThatFindTheQueueFullAreCountedAndTheSdkSaysNothingByItself() throws Exception {
    AtomicBoolean sdkSpoke = new AtomicBoolean();
    Logger sdk = Logger.getLogger("io.opentelemetry");
    Handler handler = marking(sdkSpoke);
    sdk.addHandler(handler);
    MeterRegistry registry = new SimpleMeterRegistry();
    Held held = new Held();
    int ended = OtlpTracing.QUEUE + OtlpTracing.BATCH + MORE;
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(OtlpTracing.batches(held, "http://collector", registry))
            .build()) {
      for (int i = 0; i < ended; i++) {
        provider.get("test").spanBuilder("one").startSpan().end();
      }
      assertThat(count(registry, "dropped"))
          .isBetween((double) MORE, (double) MORE + OtlpTracing.BATCH);
      held.release();
      int kept = ended - (int) count(registry, "dropped");
      Waits.until(() -> held.taken.get() >= kept);
      assertThat(held.taken).hasValue(kept);
      assertThat(count(registry, "exported") + count(registry, "dropped")).isEqualTo(ended);
      double before = count(registry, "dropped");
      provider.get("test").spanBuilder("one more").startSpan().end();
      assertThat(count(registry, "dropped")).isEqualTo(before);
    } finally {
      sdk.removeHandler(handler);
    }
    assertThat(sdkSpoke).isFalse();
  }

  @Test
  void aSpanThatIsNotSampledTakesNoPlace() {
    MeterRegistry registry = new SimpleMeterRegistry();
    Held held = new Held();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setSampler(Sampler.alwaysOff())
            .addSpanProcessor(OtlpTracing.batches(held, "http://collector", registry))
            .build()) {
      for (int i = 0; i < OtlpTracing.QUEUE + MORE; i++) {
        provider.get("test").spanBuilder("one").startSpan().end();
      }
    }
    assertThat(count(registry, "dropped")).isZero();
    assertThat(held.taken).hasValue(0);
  }
}
