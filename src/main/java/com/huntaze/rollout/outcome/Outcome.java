package com.huntaze.rollout.outcome;

/**
 * The outcome of an attempt: its row of the table {@link Meaning}, and what of it differs from one
 * attempt to the next.
 *
 * @param status the status of the answer, where that is what decided; 0 = it was something else
 * @param cause the reason why there was no connection, {@code null} = there was one
 */
public record Outcome(Meaning meaning, int status, UnreachableCause cause) {
  /** No connection could be had; nothing was sent. A full pool is our own bound: neutral. */
  public static Outcome unreachable(UnreachableCause cause) {
    Meaning meaning = cause == UnreachableCause.POOL_FULL ? Meaning.POOL_FULL : Meaning.UNREACHABLE;
    return new Outcome(meaning, 0, cause);
  }

  /** Returns its count for the judge of the canary. */
  public Judgement judge() {
    return meaning.judge();
  }

  /** Returns its result for the provider's circuit breaker. */
  public BreakerResult breaker() {
    return meaning.breaker();
  }

  /** Returns the steps that may follow while nothing has been sent to the client. */
  public Next next() {
    return meaning.next();
  }

  /** Short, stable and of few values, for metrics and logs: {@code status_503}. */
  public String label() {
    if (cause != null) {
      return cause.label();
    }
    return meaning == Meaning.TRANSIENT_STATUS ? "status_" + status : meaning.label();
  }

  /** Returns whether the attempt counts as slow whatever its latency was. */
  public boolean slow() {
    return meaning == Meaning.FIRST_CONTENT;
  }

  /** Tells whether the answer is here to its end, so that the usage that it told is all. */
  public boolean whole() {
    return meaning == Meaning.COMPLETE
        || meaning == Meaning.WORDLESS
        || meaning == Meaning.EMPTY_ANSWER;
  }
}
