package com.huntaze.rollout.trace;

import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.outcome.Outcome;

/** The span of one attempt at a provider. Used by one thread at a time. */
public interface AttemptSpan {
  /** Returns the parent that the provider is told. */
  TraceParent context();

  /**
   * The attempt has ended; called once.
   *
   * @param status the status of the provider's answer, 0 = none came
   * @param served what the answer tells of itself
   * @param charge what it cost, {@code null} = nothing
   */
  void end(Outcome outcome, int status, ExchangeRecord.Served served, Charge charge);
}
