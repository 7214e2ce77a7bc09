package com.huntaze.rollout.outcome;

/**
 * The outcome of an attempt. Its meaning is a row of {@link Meaning}, the design's table "What a
 * provider's answer means"; a new variant is a record here and a row there.
 */
public sealed interface Outcome {
  /** The row of the table. */
  Meaning meaning();

  /** Returns its count for the judge of the canary. */
  default Judgement judge() {
    return meaning().judge();
  }

  /** Returns its result for the provider's circuit breaker. */
  default BreakerResult breaker() {
    return meaning().breaker();
  }

  /** Returns the steps that may follow while nothing has been sent to the client. */
  default Next next() {
    return meaning().next();
  }

  /** Short, stable and of few values, for metrics and logs: {@code status_503}. */
  default String label() {
    return meaning().label();
  }

  /** Returns whether the attempt counts as slow whatever its latency was. */
  default boolean slow() {
    return meaning() == Meaning.FIRST_CONTENT;
  }

  /** The status of the answer, where that is what decided; 0 = it was something else. */
  default int status() {
    return 0;
  }

  /** Tells whether the answer is here to its end, so that the usage that it told is all. */
  default boolean whole() {
    return false;
  }

  /** Answered whole: 2xx, or a redirect, which is the caller's to follow. */
  record Complete() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.COMPLETE;
    }

    @Override
    public boolean whole() {
      return true;
    }
  }

  /**
   * Answered whole and without text: finished with nothing said, a refusal, tool calls alone. A
   * success; it has a label of its own so that both providers' shares can be compared.
   */
  record Wordless() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.WORDLESS;
    }

    @Override
    public boolean whole() {
      return true;
    }
  }

  /** A 2xx of a known shape that has neither content nor a reason for its end. */
  record EmptyAnswer() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.EMPTY_ANSWER;
    }

    @Override
    public boolean whole() {
      return true;
    }
  }

  /** A 2xx whose body is not JSON, or half of it, where JSON is the answer. */
  record MalformedAnswer() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.MALFORMED_ANSWER;
    }
  }

  /** 408, 425, 500, 502, 503, 504 or 529: another attempt may succeed. */
  record TransientStatus(int status) implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.TRANSIENT_STATUS;
    }

    @Override
    public String label() {
      return "status_" + status;
    }
  }

  /** Any other 5xx, such as 501: a failure that a repetition does not mend. */
  record ServerError(int status) implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.SERVER_ERROR;
    }
  }

  /** 401 or 403 to the credential that the proxy itself set. */
  record CredentialRefused(int status) implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.CREDENTIAL_REFUSED;
    }
  }

  /** 429: the provider's own limit. */
  record Throttled() implements Outcome {
    @Override
    public int status() {
      return 429;
    }

    @Override
    public Meaning meaning() {
      return Meaning.THROTTLED;
    }
  }

  /** 400 {@code content_filter}, see {@link OutcomeClassifier#isContentFilter}. */
  record ContentFiltered() implements Outcome {
    @Override
    public int status() {
      return 400;
    }

    @Override
    public Meaning meaning() {
      return Meaning.CONTENT_FILTERED;
    }
  }

  /** 404: apart from other callers' errors, because a wrong deployment looks like this. */
  record NotFound() implements Outcome {
    @Override
    public int status() {
      return 404;
    }

    @Override
    public Meaning meaning() {
      return Meaning.NOT_FOUND;
    }
  }

  /** Any other 4xx. */
  record CallerError(int status) implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.CALLER_ERROR;
    }
  }

  /** No connection could be had; nothing was sent. A full pool is our own bound: neutral. */
  record Unreachable(UnreachableCause cause) implements Outcome {
    @Override
    public Meaning meaning() {
      return cause == UnreachableCause.POOL_FULL ? Meaning.POOL_FULL : Meaning.UNREACHABLE;
    }

    @Override
    public String label() {
      return cause.label();
    }
  }

  /** The connection ended before the head of the answer. */
  record Reset() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.RESET;
    }
  }

  /** The connection ended within the answer. */
  record Truncated() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.TRUNCATED;
    }
  }

  /** A stream with status 200 told of an error. */
  record ErrorEvent() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.ERROR_EVENT;
    }
  }

  /**
   * A stream ended cleanly without a terminal event: an error only if it had an event of a known
   * protocol ({@code recognised}), which must end with one.
   */
  record Incomplete(boolean recognised) implements Outcome {
    @Override
    public Meaning meaning() {
      return recognised ? Meaning.INCOMPLETE : Meaning.COMPLETE;
    }
  }

  /** An answer that was no HTTP. */
  record UpstreamJunk() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.JUNK;
    }
  }

  /** The provider's part of {@code timeouts.toFirstContent} passed without content. */
  record FirstContentTimeout() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.FIRST_CONTENT;
    }
  }

  /** An answer that had begun fell silent for {@code idle}. Silence is not waited for twice. */
  record IdleTimeout() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.IDLE;
    }
  }

  /**
   * A stream outlived {@code timeouts.stream}. The provider did answer: its breaker learns nothing.
   */
  record StreamTimeout() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.STREAM;
    }
  }

  /** The attempt had no byte yet when the provider's probe found it down. */
  record ProbeDown() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.PROBE_DOWN;
    }
  }

  /** The provider's breaker refused the attempt: nothing was sent, and it is no observation. */
  record BreakerOpen() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.BREAKER_OPEN;
    }
  }

  /**
   * A 400 or 422 to a request to which we had added an option: it is sent once more without that,
   * and what this attempt found is nobody's fault.
   */
  record OptionRefused() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.OPTION_REFUSED;
    }
  }

  /** The client left first. */
  record ClientGone() implements Outcome {
    @Override
    public Meaning meaning() {
      return Meaning.CLIENT_GONE;
    }
  }
}
