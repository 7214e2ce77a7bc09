package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.trace.ExchangeSpan;
import com.huntaze.rollout.trace.TraceParent;
import com.huntaze.rollout.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends spans to an OTLP collector, in batches and from a thread of its own. A span that ends is
 * put into a bounded queue; if the collector is slow or away, spans are dropped and requests notice
 * nothing. The only class that has the OpenTelemetry SDK loaded: while tracing is off it is not
 * touched.
 *
 * <p>Decision 36 in {@code docs/decisions.md}.
 */
public final class OtlpTracing implements Tracing, AutoCloseable {
  private static final String PATH = "/v1/traces";
  private static final String SERVICE = "rollout-proxy";
  static final int QUEUE = 8_192;
  static final int BATCH = 512;
  private static final int LONGEST_VALUE = 512;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration EXPORT = Duration.ofSeconds(5);
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final long FLUSH_SECONDS = 2;

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final BoundedLabels models;

  /**
   * @param settings with an endpoint
   * @param version the proxy's version
   * @param models the models that have a price: those, and the first few others, may stand in a
   *     span's name
   */
  public OtlpTracing(
      TracingSettings settings, String version, Set<String> models, MeterRegistry registry) {
    Resource resource =
        Resource.create(
            Attributes.of(
                SpanNames.SERVICE_NAME,
                SERVICE,
                SpanNames.SERVICE_VERSION,
                version,
                SpanNames.SERVICE_INSTANCE,
                UUID.randomUUID().toString()));
    provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampleRatio())))
            .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(LONGEST_VALUE).build())
            .addSpanProcessor(batches(exporter(settings), settings.otlpEndpoint() + PATH, registry))
            .build();
    tracer = provider.tracerBuilder(SERVICE).setInstrumentationVersion(version).build();
    this.models = new BoundedLabels(models, 50);
  }

  /** Other models have a price. */
  public void configure(Set<String> priced) {
    models.configure(priced);
  }

  private static SpanExporter exporter(TracingSettings settings) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.otlpEndpoint() + PATH)
            .setConnectTimeout(CONNECT)
            .setTimeout(EXPORT)
            // The next batch is tried anyway; a repetition would only keep the queue from draining.
            .setRetryPolicy(null);
    settings
        .headers()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                exporter.addHeader(name, value);
              }
            });
    return exporter.build();
  }

  /**
   * Returns what takes spans that end: a bounded queue, and a thread that sends it in batches.
   *
   * @param url the collector's, for the log
   */
  static SpanProcessor batches(SpanExporter exporter, String url, MeterRegistry registry) {
    AtomicInteger waiting = new AtomicInteger();
    SpanProcessor batches =
        BatchSpanProcessor.builder(new WatchedExporter(exporter, url, waiting, registry))
            .setMaxQueueSize(QUEUE)
            .setMaxExportBatchSize(BATCH)
            .setScheduleDelay(DELAY)
            .setExporterTimeout(EXPORT)
            .build();
    return new SpanQueue(
        batches, waiting, QUEUE, WatchedExporter.counter(registry, "dropped"), url);
  }

  @Override
  public ExchangeSpan exchange(String method, String path, String scheme, TraceParent parent) {
    Context context = Context.root();
    if (parent != null) {
      context = context.with(Span.wrap(remote(parent)));
    }
    Span span =
        tracer
            .spanBuilder(SpanNames.inName(method))
            .setSpanKind(SpanKind.SERVER)
            .setParent(context)
            .startSpan();
    return new ServerSpan(tracer, span, method, path, scheme, models);
  }

  /**
   * Returns the parent without its trace state: nobody knows what others have put in there, so it
   * stays out of the spans.
   */
  private static SpanContext remote(TraceParent parent) {
    TraceFlags flags = parent.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
    return SpanContext.createFromRemoteParent(
        parent.traceId(), parent.spanId(), flags, TraceState.getDefault());
  }

  static TraceParent context(Span span) {
    SpanContext context = span.getSpanContext();
    return new TraceParent(context.getTraceId(), context.getSpanId(), context.isSampled());
  }

  /** Sends what waits, for two seconds at most. Blocks. */
  @Override
  public void close() {
    provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
  }
}
