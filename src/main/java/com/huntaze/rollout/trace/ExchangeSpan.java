package com.huntaze.rollout.trace;

import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.provider.Provider;

/** The span of one exchange with a client. Used by one thread at a time. */
public interface ExchangeSpan {
  /** The trace and this span in it; it has ids also when it is not recorded. */
  TraceParent context();

  /**
   * An attempt at a provider begins.
   *
   * @param host the provider's host name or address
   * @param model the model that the request asks for, {@code null} = not told
   * @param resent how many attempts were made before this one
   */
  AttemptSpan attempt(Provider provider, String host, int port, String model, int resent);

  /** The exchange has ended; called once, after all its attempts have. */
  void end(ExchangeRecord record);
}
