package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;

/**
 * What a client is told when a provider gave no answer: enough to act on, no addresses and no
 * exception texts.
 */
final class UpstreamFault {
  /** For a client that has not sent its body in time. */
  static final String BODY_LATE = "body: not here in time (expected: all of it)";

  private UpstreamFault() {}

  /**
   * The code for a provider that failed.
   *
   * @param fellBack whether legacy was asked in Foundry's stead
   */
  static ErrorCode code(boolean fellBack) {
    return fellBack ? ErrorCode.FALLBACK_FAILED : ErrorCode.FOUNDRY_UNAVAILABLE;
  }

  /**
   * The code for an answer that broke off.
   *
   * @param fellBack whether legacy was asked in Foundry's stead
   */
  static ErrorCode code(boolean fellBack, Outcome outcome) {
    boolean late =
        outcome instanceof Outcome.StreamTimeout
            || outcome instanceof Outcome.IdleTimeout
            || outcome instanceof Outcome.FirstContentTimeout
            || outcome instanceof Outcome.ClientGone;
    return late ? ErrorCode.TIMEOUT : code(fellBack);
  }

  static String sentence(Provider provider, Outcome outcome) {
    if (outcome instanceof Outcome.ClientGone) {
      return BODY_LATE;
    }
    return provider.label() + ": " + what(outcome);
  }

  private static String what(Outcome outcome) {
    if (outcome instanceof Outcome.Unreachable unreachable) {
      return unreachable(unreachable);
    } else if (outcome instanceof Outcome.BreakerOpen) {
      return "its circuit breaker is open";
    } else if (outcome instanceof Outcome.FirstContentTimeout) {
      return "no content came in time (timeouts.toFirstContent)";
    } else if (outcome instanceof Outcome.IdleTimeout) {
      return "the answer fell silent (providers.*.idle)";
    } else if (outcome instanceof Outcome.StreamTimeout) {
      return "the stream lasted too long (timeouts.stream)";
    } else if (outcome instanceof Outcome.UpstreamJunk) {
      return "what it sent is not HTTP";
    } else if (outcome instanceof Outcome.ErrorEvent) {
      return "its stream told of an error";
    } else if (outcome instanceof Outcome.ProbeDown) {
      return "it does not answer its probe";
    }
    return "the connection was lost before the answer was whole";
  }

  private static String unreachable(Outcome.Unreachable outcome) {
    return switch (outcome.cause()) {
      case CONNECT_REFUSED -> "it refused the connection";
      case CONNECT_TIMEOUT -> "it could not be connected to in time (providers.*.connect)";
      case UNKNOWN_HOST -> "its host name is not known";
      case TLS -> "the TLS handshake failed";
      case POOL_FULL -> "all connections to it are in use (providers.*.pool)";
      case OTHER -> "it could not be connected to";
    };
  }
}
