package com.huntaze.rollout.history;

/** The addresses of the history on the event bus. */
public final class HistoryAddresses {
  /** Published once a second: the traffic of both sides in the last ten seconds. */
  public static final String TRAFFIC = "rollout.traffic";

  /** Request with a span of time; the reply is what {@code GET /api/v1/history} answers. */
  public static final String GET = "rollout.history.get";

  private HistoryAddresses() {}
}
