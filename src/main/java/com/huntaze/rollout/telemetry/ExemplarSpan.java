package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.exchange.ExchangeRecord;
import io.prometheus.metrics.tracer.common.SpanContext;

/**
 * Leads from a bucket of a histogram to a trace: while a request is entered into the meters, its
 * span is the one that they may keep as an exemplar (OpenMetrics 1.0). Only recorded spans are.
 */
final class ExemplarSpan implements SpanContext {
  private static final ThreadLocal<ExchangeRecord> entered = new ThreadLocal<>();

  /** The request that this thread enters from now on, {@code null} = none. */
  static void enter(ExchangeRecord record) {
    if (record == null) {
      entered.remove();
    } else if (record.sampled()) {
      entered.set(record);
    }
  }

  @Override
  public String getCurrentTraceId() {
    ExchangeRecord record = entered.get();
    return record == null ? null : record.trace();
  }

  @Override
  public String getCurrentSpanId() {
    ExchangeRecord record = entered.get();
    return record == null ? null : record.span();
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return entered.get() != null;
  }

  @Override
  public void markCurrentSpanAsExemplar() {
    // It has ended already.
  }
}
