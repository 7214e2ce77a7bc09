package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.outcome.Judgement;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.trace.AttemptSpan;
import com.huntaze.rollout.trace.TraceParent;
import io.opentelemetry.api.trace.Span;

/** An attempt's span. */
final class ClientSpan implements AttemptSpan {
  private final Span span;
  private final TraceParent context;

  ClientSpan(Span span) {
    this.span = span;
    this.context = OtlpTracing.context(span);
  }

  @Override
  public TraceParent context() {
    return context;
  }

  @Override
  public void end(Outcome outcome, int status, ExchangeRecord.Served served, Charge charge) {
    if (span.isRecording()) {
      span.setAttribute(SpanNames.OUTCOME, outcome.label());
      if (status > 0) {
        span.setAttribute(SpanNames.STATUS, (long) status);
      }
      // To a client every 4xx is an error as well (HTTP conventions, status).
      if (status >= 400) {
        ServerSpan.failed(span, Integer.toString(status));
      } else if (outcome.judge() == Judgement.ERROR) {
        ServerSpan.failed(span, outcome.label());
      }
      ServerSpan.served(span, served);
      if (charge != null) {
        ServerSpan.consumption(span, charge.usage(), charge.cost());
      }
    }
    span.end();
  }
}
