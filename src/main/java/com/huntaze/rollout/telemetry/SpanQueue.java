package com.huntaze.rollout.telemetry;

import io.micrometer.core.instrument.Counter;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets as many spans wait for the collector as there is room for, and counts those that find none.
 * The SDK's queue behind it is as long, and therefore never full: it would say so by itself, in
 * lines of its own and as often as it likes.
 */
final class SpanQueue implements SpanProcessor {
  private static final Logger log = LoggerFactory.getLogger(OtlpTracing.class);

  private final SpanProcessor batches;
  private final int room;
  private final AtomicInteger waiting;
  private final Counter dropped;
  private final QuietMinute quiet = new QuietMinute();
  private final String url;

  /**
   * @param batches where spans go that found room
   * @param waiting how many wait; whoever sends them takes them off
   * @param room so many may wait
   * @param dropped counts those that found no room
   * @param url the collector's, for the log
   */
  SpanQueue(SpanProcessor batches, AtomicInteger waiting, int room, Counter dropped, String url) {
    this.batches = batches;
    this.waiting = waiting;
    this.room = room;
    this.dropped = dropped;
    this.url = url;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    batches.onStart(parent, span);
  }

  @Override
  public boolean isStartRequired() {
    return batches.isStartRequired();
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (waiting.incrementAndGet() > room) {
      waiting.decrementAndGet();
      dropped.increment();
      tell();
    } else {
      batches.onEnd(span);
    }
  }

  private void tell() {
    if (quiet.speak()) {
      log.warn(
          "More spans end than {} takes: those that find {} waiting are dropped, and counted in"
              + " rollout_tracing_spans_total; requests are not affected",
          url,
          room);
    }
  }

  @Override
  public boolean isEndRequired() {
    return batches.isEndRequired();
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }
}
