package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;

/**
 * What a client is told when a provider gave no answer: enough to act on, no addresses and no
 * exception texts.
 */
record UpstreamFault(ErrorCode code, String message) {

  static UpstreamFault of(Throwable cause, Provider provider) {
    if (cause instanceof ConnectionPoolTooBusyException) {
      return new UpstreamFault(
          ErrorCode.OVERLOADED, provider.label() + ": all connections are in use");
    }
    ErrorCode code =
        provider == Provider.FOUNDRY ? ErrorCode.FOUNDRY_UNAVAILABLE : ErrorCode.FALLBACK_FAILED;
    return new UpstreamFault(code, provider.label() + " gave no answer: " + describe(cause));
  }

  private static String describe(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "its host name is not known";
    } else if (cause instanceof ConnectException) {
      return "it could not be connected to";
    } else if (cause instanceof UnexpectedInterim) {
      return "it sent an interim answer out of place";
    }
    return "the connection was lost before the answer was whole";
  }
}
