package com.huntaze.rollout.relay;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import com.huntaze.rollout.provider.Provider;

/**
 * The words for a client when a provider gave no answer: enough to act on, no addresses and no
 * exception texts.
 */
public final class UpstreamFault {
  /** For a client that has not sent its body in time. */
  public static final String BODY_LATE = "body: not here in time (expected: all of it)";

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
  public static ErrorCode code(boolean fellBack, Outcome outcome) {
    return isLate(outcome.meaning()) ? ErrorCode.TIMEOUT : code(fellBack);
  }

  private static boolean isLate(Meaning meaning) {
    return switch (meaning) {
      case STREAM, IDLE, FIRST_CONTENT, CLIENT_GONE -> true;
      case COMPLETE,
          WORDLESS,
          EMPTY_ANSWER,
          MALFORMED_ANSWER,
          TRANSIENT_STATUS,
          SERVER_ERROR,
          CREDENTIAL_REFUSED,
          THROTTLED,
          CONTENT_FILTERED,
          NOT_FOUND,
          CALLER_ERROR,
          UNREACHABLE,
          POOL_FULL,
          RESET,
          TRUNCATED,
          ERROR_EVENT,
          INCOMPLETE,
          JUNK,
          PROBE_DOWN,
          BREAKER_OPEN,
          OPTION_REFUSED ->
          false;
    };
  }

  /** One sentence for the client on what became of the attempt. */
  public static String sentence(Provider provider, Outcome outcome) {
    if (Meaning.CLIENT_GONE.isOf(outcome)) {
      return BODY_LATE;
    }
    return provider.label() + ": " + what(outcome);
  }

  private static String what(Outcome outcome) {
    return switch (outcome.meaning()) {
      case UNREACHABLE, POOL_FULL -> unreachable(outcome.cause());
      case BREAKER_OPEN -> "its circuit breaker is open";
      case FIRST_CONTENT -> "no content came in time (timeouts.toFirstContent)";
      case IDLE -> "the answer fell silent (providers.*.idle)";
      case STREAM -> "the stream lasted too long (timeouts.stream)";
      case JUNK -> "what it sent is not HTTP";
      case ERROR_EVENT -> "its stream told of an error";
      case EMPTY_ANSWER -> "its answer holds nothing";
      case MALFORMED_ANSWER -> "its answer is not what was asked for (expected: whole JSON)";
      case PROBE_DOWN -> "it does not answer its probe";
      case INCOMPLETE -> "the answer ended before it was finished";
      case RESET,
          TRUNCATED,
          COMPLETE,
          WORDLESS,
          TRANSIENT_STATUS,
          SERVER_ERROR,
          CREDENTIAL_REFUSED,
          THROTTLED,
          CONTENT_FILTERED,
          NOT_FOUND,
          CALLER_ERROR,
          OPTION_REFUSED,
          CLIENT_GONE ->
          "the connection was lost before the answer was whole";
    };
  }

  private static String unreachable(UnreachableCause cause) {
    return switch (cause) {
      case CONNECT_REFUSED -> "it refused the connection";
      case CONNECT_TIMEOUT -> "it could not be connected to in time (providers.*.connect)";
      case UNKNOWN_HOST -> "its host name is not known";
      case TLS -> "the TLS handshake failed";
      case POOL_FULL -> "all connections to it are in use (providers.*.pool)";
      case OTHER -> "it could not be connected to";
    };
  }
}
