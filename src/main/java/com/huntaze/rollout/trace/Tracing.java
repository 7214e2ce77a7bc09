package com.huntaze.rollout.trace;

/** Records spans. Called on event loops, and never waits. */
public interface Tracing {
  /**
   * A request's head is here.
   *
   * @param method as it was sent, any token
   * @param path the target's path without its query
   * @param scheme {@code http} or {@code https}
   * @param parent the caller's span, {@code null} = the trace begins here
   */
  ExchangeSpan exchange(String method, String path, String scheme, TraceParent parent);
}
