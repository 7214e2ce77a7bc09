package com.huntaze.rollout.request;

import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.trace.AttemptSpan;
import io.vertx.core.MultiMap;

/**
 * The part that an attempt has in a trace.
 *
 * @param state what other vendors have the trace carry, {@code null} = nothing
 */
public record AttemptTrace(AttemptSpan span, String state) {
  /** Names the attempt's span to the provider as its parent, in place of the client's. */
  void propagate(MultiMap headers) {
    headers.set(HeaderNames.TRACEPARENT, span.context().header());
    if (state == null) {
      headers.remove(HeaderNames.TRACESTATE);
    } else {
      headers.set(HeaderNames.TRACESTATE, state);
    }
  }

  /**
   * The attempt has ended.
   *
   * @param status the status of its answer, 0 = none came
   * @param charge what it cost, {@code null} = nothing
   */
  public void end(Outcome outcome, int status, ExchangeRecord.Served served, Charge charge) {
    span.end(outcome, status, served, charge);
  }
}
