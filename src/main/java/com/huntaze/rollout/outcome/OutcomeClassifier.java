package com.huntaze.rollout.outcome;

/** From a status to an {@link Outcome}: the rows of the design's table that a head decides. */
public final class OutcomeClassifier {
  private OutcomeClassifier() {}

  /**
   * Returns the meaning of an answer's head. 2xx is {@link Meaning#COMPLETE} until its body proves
   * otherwise; a 400 may still be a content filter's, see {@link #isContentFilter}.
   *
   * @param status the final status; one outside 200..599 is {@link Meaning#JUNK}
   * @param ownCredentials whether the credential on the request is one that the proxy set, so that
   *     its refusal is not the caller's fault
   */
  public static Outcome ofStatus(int status, boolean ownCredentials) {
    return switch (status) {
      case 408, 425, 500, 502, 503, 504, 529 -> Meaning.TRANSIENT_STATUS.outcome(status);
      case 401, 403 ->
          ownCredentials
              ? Meaning.CREDENTIAL_REFUSED.outcome(status)
              : Meaning.CALLER_ERROR.outcome(status);
      case 404 -> Meaning.NOT_FOUND.outcome();
      case 429 -> Meaning.THROTTLED.outcome();
      default -> ofClass(status);
    };
  }

  /**
   * Returns whether the body of a 400 says {@code content_filter}: as {@code code}, {@code
   * error.code} or {@code error.innererror.code}. A body that is cut off, hostile or not JSON is
   * none.
   *
   * @param body holds the body from 0 to {@code length}
   */
  public static boolean isContentFilter(byte[] body, int length) {
    return ContentFilterBody.is(body, length);
  }

  private static Outcome ofClass(int status) {
    return switch (status / 100) {
      case 2, 3 -> Meaning.COMPLETE.outcome();
      case 4 -> Meaning.CALLER_ERROR.outcome(status);
      case 5 -> Meaning.SERVER_ERROR.outcome(status);
      default -> Meaning.JUNK.outcome();
    };
  }
}
