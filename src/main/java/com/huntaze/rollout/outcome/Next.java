package com.huntaze.rollout.outcome;

/** The steps that may follow on an outcome while nothing has been sent to the client. */
public enum Next {
  /** The answer passes to the client as it is. */
  RELAY,
  /** Another attempt at the same provider if the request may be replayed, then failover. */
  RETRY,
  /** Another attempt when the provider's hint fits in, else failover. */
  RETRY_ON_HINT,
  /** Failover without another attempt. */
  FAIL_OVER,
  /** Nothing more is attempted. */
  STOP
}
