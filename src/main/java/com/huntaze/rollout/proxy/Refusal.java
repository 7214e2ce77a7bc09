package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;

/** A request that is answered by an error of ours before any provider is called. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  Refusal(ErrorCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
